"""The plan carried out: the stages in their order, everything that was seen noted as it comes."""

import time
from datetime import UTC, datetime

from harness.engine import Engine
from harness.errors import ServerError, ServerGone
from harness.plan.model import Plan
from harness.run import agreement
from harness.run.arrays import arrays
from harness.run.asks import asks
from harness.run.base import standing
from harness.run.bench import Bench
from harness.run.blocking import block
from harness.run.compatibility import compatible
from harness.run.data import seed
from harness.run.growth import grow
from harness.run.head import head, lists, partitions
from harness.run.ledger import reckon
from harness.run.metering import meter
from harness.run.model import Progress, Run
from harness.run.probes import probe
from harness.run.queries import queries
from harness.run.sections import declare, document
from harness.run.staircase import climb
from harness.run.trials import trials
from harness.servers.model import Server

_LOOKS = 10
_PAUSE_S = 0.05


def execute(plan: Plan, engine: Engine, server: Server, progress: Progress) -> Run:
    """Everything that the plan asks for, seen on one server.

    Raises:
        ServerGone: the server went away; the message says at what, and its last words where they are known.
    """
    started, begun = datetime.now(UTC), time.perf_counter()
    bench = Bench(plan, engine, server, progress)
    try:
        _stages(bench, started)
    except ServerError as error:  # a connection that is refused may be all that is seen of a server's death
        last = _last_words(server)
        if last is None:
            raise
        raise ServerGone(f"{error}\n{last}") from error
    return bench.ended(started, begun)


def _last_words(server: Server) -> str | None:
    """What is known of its end. Its clients see that before it has ended, which takes as long as freeing its memory."""
    for _ in range(_LOOKS):
        if said := server.died():
            return said
        time.sleep(_PAUSE_S)
    return server.died()


def _stages(bench: Bench, now: datetime) -> None:
    declare(bench)
    document(bench)
    with standing(bench) as reached:
        if reached:
            _from_there(bench, now)


def _from_there(bench: Bench, now: datetime) -> None:
    with climb(bench) as (applied, again):
        probe(bench, applied, now, again)
    compatible(bench, applied, now)
    reckon(bench, applied, now)
    with head(bench, applied) as (database, schema):
        lists(bench, database)
        partitions(bench, database)
        agreement.defaults(bench, database)
        seed(bench, database, schema, now)
        queries(bench, database, schema)
        asks(bench, database, schema)
        meter(bench, database, schema)
        arrays(bench)
        grow(bench, applied, now, database)
        trials(bench, database, schema)
        block(bench, database, applied, now)  # the last: it changes the database

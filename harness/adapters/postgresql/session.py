"""One connection to one database: what a session of the contract does, each in its own module."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager

from harness.abilities import Asking, Remain
from harness.adapters.postgresql import (
    apply,
    bulk,
    clock,
    equal,
    explain,
    filling,
    gauges,
    keeping,
    load,
    looks,
    sample,
    stepping,
    supplying,
    supposing,
    trying,
    undone,
    ways,
    working,
)
from harness.adapters.postgresql.connection import Connection
from harness.adapters.postgresql.spelling import SPELLING
from harness.bulk import Journal, Part, Range
from harness.derived import SqlDeriving
from harness.design.metrics import Metric, Place
from harness.design.model import Entity, Index, Schema, Statement
from harness.facts import Access, Batch, Effect, Refusal
from harness.keeping import Dialect
from harness.metering import Gauge, Reading
from harness.source import Source
from harness.trying import Copies, Spread, copied
from harness.watching import Look
from harness.ways import Ways


class PostgreSQLSession(SqlDeriving):
    """A session on PostgreSQL; ``version`` is the server's, short (``15.18``)."""

    spelling = SPELLING

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._looks = looks.Looks(connection)
        major, minor = divmod(connection.info.server_version, 10_000)
        self.version = f"{major}.{minor}"

    def apply(self, statements: Sequence[Statement], *, timeout_s: float) -> tuple[Effect, ...]:
        """See ``Session.apply``; ``timeout_s`` is for each statement."""
        self._looks.forget()
        return apply.apply(self._connection, statements, timeout_s)

    def replay(self, statements: Sequence[Statement], *, timeout_s: float) -> tuple[Effect, ...]:
        """See ``Replaying.replay``."""
        self._looks.forget()
        return apply.replay(self._connection, statements, timeout_s)

    def inspect(self) -> Schema:
        """See ``Session.inspect``."""
        return self._looks.schema()

    def equal(self, left: str, right: str, type_: str) -> bool | None:
        """See ``Session.equal``."""
        return equal.equal(self._connection, left, right, type_)

    def filling(self, schema: Schema) -> AbstractContextManager[None]:
        """See ``Session.filling``: one transaction, so that a failure inside leaves the database as it was."""
        return filling.filling(self._connection, schema)

    def load(self, entity: Entity, batches: Iterable[Batch]) -> int:
        """See ``Session.load``; a refused load leaves no rows, and the session usable."""
        return load.load(self._connection, entity, batches)

    def attempt(self, entity: Entity, rows: Batch) -> Refusal | None:
        """See ``Session.attempt``."""
        return load.attempt(self._connection, entity, rows)

    def explain(self, text: str, *, execute: bool, unattractive: Sequence[str] = ()) -> Access | Refusal:
        """See ``Session.explain``. The lines of a refusal are counted within ``text``, under an empty path."""
        return explain.explain(self._connection, text, execute=execute, unattractive=unattractive)

    def timings(self, texts: Sequence[str]) -> tuple[float, ...]:
        """See ``Session.timings``; NaN for a text that the server refused."""
        return explain.timings(self._connection, texts)

    def sample(self, entity: str, fields: Sequence[str], count: int, seed: int) -> tuple[tuple[str, ...], ...]:
        """See ``Session.sample``; rows with a NULL in one of the fields are left out."""
        return sample.sample(self._connection, entity, fields, count, seed)

    def count(self, entity: str) -> int:
        """See ``Session.count``."""
        return sample.count(self._connection, entity)

    def steps(self, statements: Sequence[Statement], *, timeout_s: float) -> Iterator[Effect]:
        """See ``Stepwise.steps``."""
        self._looks.forget()
        return stepping.steps(self._connection, statements, timeout_s)

    def delaying(self, statement: Statement) -> AbstractContextManager[bool]:
        """See ``Delaying.delaying``."""
        return stepping.delaying(self._connection, statement)

    def holding(self, entity: str, *, writing: bool = False) -> AbstractContextManager[None]:
        """See ``Holding.holding``."""
        return stepping.holding(self._connection, entity, writing=writing)

    def remains(self) -> tuple[Remain, ...]:
        """See ``Remaining.remains``."""
        return stepping.remains(self._connection)

    def digest(self, entity: str) -> str:
        """See ``Digesting.digest``."""
        return stepping.digest(self._connection, entity)

    def tried(self, text: str) -> Refusal | None:
        """See ``Executing.tried``."""
        return stepping.tried(self._connection, text, Statement(text, Source("", 1, 1)))

    def work(self, size: int) -> float:
        """See ``Clocked.work``."""
        return clock.work(self._connection, size)

    def round_trip(self) -> float:
        """See ``Clocked.round_trip``."""
        return clock.round_trip(self._connection)

    def samplings(self) -> int:
        """See ``Weighing.samplings``."""
        return len(ways.TARGETS)

    def sampled(self, entities: Sequence[str], number: int) -> AbstractContextManager[str]:
        """See ``Weighing.sampled``."""
        return ways.sampled(self._connection, entities, number)

    def ways(self, text: str, index: Index, *, execute: bool) -> Ways | Refusal:
        """See ``Weighing.ways``."""
        return ways.ways(self._connection, text, index, execute=execute)

    def journal(self) -> Journal | None:
        """See ``Bulk.journal``."""
        return bulk.journal(self._connection)

    def begin(self, schema: Schema, memo: str) -> None:
        """See ``Bulk.begin``."""
        bulk.begin(self._connection, schema, memo)

    def load_range(self, entity: Entity, batches: Iterable[Batch], rows: Range) -> int:
        """See ``Bulk.load_range``."""
        return bulk.load_range(self._connection, entity, batches, rows)

    def put_back(self, part: Part) -> None:
        """See ``Bulk.put_back``."""
        bulk.put_back(self._connection, part)

    def empty(self, entities: Iterable[Entity]) -> None:
        """See ``Bulk.empty``."""
        bulk.empty(self._connection, entities)

    def finish(self, schema: Schema) -> None:
        """See ``Bulk.finish``."""
        bulk.finish(self._connection, schema)

    @property
    def number(self) -> int:
        """See ``Working.number``."""
        return self._connection.info.backend_pid

    @property
    def idle(self) -> str:
        """See ``Working.idle``."""
        return "SELECT 1"

    def patient(self, timeout_s: float) -> None:
        """See ``Working.patient``."""
        working.patient(self._connection, timeout_s)

    def send(self, texts: Sequence[str]) -> Refusal | None:
        """See ``Working.send``."""
        return working.send(self._connection, texts)

    def look(self, sessions: Sequence[int], *, disk: bool) -> Look:
        """See ``Working.look``."""
        return working.look(self._connection, sessions, disk=disk)

    @property
    def dialect(self) -> Dialect:
        """See ``Keeping.dialect``."""
        return keeping.DIALECT

    def ask(self, text: str) -> Sequence[tuple[object, ...]]:
        """See ``Keeping.ask``."""
        return keeping.ask(self._connection, text)

    def undone(self) -> AbstractContextManager[Asking]:
        """See ``Transacting.undone``."""
        return undone.undone(self._connection)

    def statements(self, index: Index) -> tuple[str, str]:
        """See ``Trying.statements``."""
        return trying.statements(index)

    def analyse(self, entity: str) -> None:
        """See ``Trying.analyse``."""
        trying.analyse(self._connection, entity)

    def size(self, entity: str, index: str) -> int:
        """See ``Trying.size``."""
        return trying.size(self._connection, entity, index)

    def supposed(self, text: str, indexes: Sequence[Index]) -> tuple[bool | None, ...]:
        """See ``Supposing.supposed``."""
        return supposing.supposed(self._connection, text, indexes)

    def supplied(self, text: str) -> tuple[str, ...]:
        """See ``Supplying.supplied``."""
        return supplying.supplied(self._connection, text)

    def spread(self, entity: str, field: str) -> Spread | None:
        """See ``Trying.spread``."""
        return trying.spread(self._connection, entity, field)

    def copies(self, entity: str, without: Sequence[str], parts: int, rows: int) -> AbstractContextManager[Copies]:
        """See ``Trying.copies``."""
        return copied(trying.building(self._connection, entity), without, parts, rows)

    def gauges(self, metric: Metric) -> tuple[Gauge, ...]:
        """See ``Metering.gauges``."""
        return gauges.gauges(self._connection, metric)

    def gauge(self, place: Place) -> Gauge:
        """See ``Metering.gauge``."""
        return gauges.gauge(self._connection, place)

    def read(self, gauge: Gauge) -> Reading | Refusal:
        """See ``Metering.read``."""
        return gauges.read(self._connection, gauge)

    def reported(self) -> bool:
        """See ``Metering.reported``."""
        return gauges.reported(self._connection)

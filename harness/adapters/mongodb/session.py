"""One connection to one database: what a session of the contract does, each in its own module."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path

from harness.abilities import Offence, Remain
from harness.adapters.mongodb import (
    apply,
    bulk,
    clock,
    content,
    derived,
    equal,
    explain,
    files,
    filling,
    gauges,
    inspect,
    load,
    looking,
    offences,
    recalling,
    sample,
    stepping,
    timings,
    trying,
    ways,
    working,
)
from harness.adapters.mongodb.connection import Connection, flush
from harness.bulk import Journal, Part, Range
from harness.design.metrics import Metric, Place
from harness.design.model import Entity, Index, Schema, SchemaObject, Statement
from harness.facts import Access, Batch, Effect, Refusal
from harness.metering import Gauge, Reading
from harness.recalling import Recalled
from harness.trying import Copies, Spread, copied
from harness.watching import Look
from harness.ways import Ways


class MongoDBSession:
    """A session on MongoDB; ``version`` is the server's, short (``6.0.5``)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._patience_s: float | None = None
        self._ready: working.Ready = {}
        self.version = connection.version

    def apply(self, statements: Sequence[Statement], *, timeout_s: float) -> tuple[Effect, ...]:
        """See ``Session.apply``; ``timeout_s`` is for each command. What came before a refusal stays done."""
        return apply.apply(self._connection, statements, timeout_s)

    def inspect(self) -> Schema:
        """See ``Session.inspect``."""
        return inspect.inspect(self._connection)

    def content(self) -> tuple[SchemaObject, ...]:
        """The documents themselves, to be compared like a schema's objects: see ``content``."""
        return content.content(self._connection)

    def equal(self, left: str, right: str, type_: str) -> bool | None:  # noqa: ARG002  (the protocol's)
        """See ``Session.equal``."""
        return equal.equal(left, right)

    def filling(self, schema: Schema) -> AbstractContextManager[None]:
        """See ``Session.filling``."""
        return filling.filling(self._connection, schema)

    def load(self, entity: Entity, batches: Iterable[Batch]) -> int:
        """See ``Session.load``; a refused load leaves no documents."""
        return load.load(self._connection, entity, batches)

    def attempt(self, entity: Entity, rows: Batch) -> Refusal | None:
        """See ``Session.attempt``."""
        return load.attempt(self._connection, entity, rows)

    def offences(self, entity: Entity, row: Batch) -> Iterator[Offence]:
        """See ``Offending.offences``."""
        return offences.offences(self._connection, entity, row)

    def explain(self, text: str, *, execute: bool, unattractive: Sequence[str] = ()) -> Access | Refusal:
        """See ``Session.explain``. The lines of a refusal are counted within ``text``, under an empty path."""
        return explain.explain(self._connection, text, execute=execute, unattractive=unattractive)

    def timings(self, texts: Sequence[str]) -> tuple[float, ...]:
        """See ``Session.timings``; NaN for a text that the server refused."""
        return timings.timings(self._connection, texts)

    def sample(self, entity: str, fields: Sequence[str], count: int, seed: int) -> tuple[tuple[str, ...], ...]:
        """See ``Session.sample``; documents in which one of the fields is null or missing are left out."""
        return sample.sample(self._connection, entity, fields, count, seed)

    def count(self, entity: str) -> int:
        """See ``Session.count``."""
        return sample.count(self._connection, entity)

    def steps(self, statements: Sequence[Statement], *, timeout_s: float) -> Iterator[Effect]:
        """See ``Stepwise.steps``."""
        return apply.steps(self._connection, statements, timeout_s)

    def remains(self) -> tuple[Remain, ...]:
        """See ``Remaining.remains``."""
        return stepping.remains(self._connection)

    def digest(self, entity: str) -> str:
        """See ``Digesting.digest``."""
        return stepping.digest(self._connection, entity)

    def tried(self, text: str) -> Refusal | None:
        """See ``Executing.tried``."""
        return working.tried(self._connection, text)

    def send(self, texts: Sequence[str]) -> Refusal | None:
        """See ``Sending.send``."""
        return working.send(self._connection, texts, self._patience_s, self._ready)

    def prepare(self, texts: Sequence[str]) -> None:
        """See ``Preparing.prepare``: scripts are evaluated."""
        self._ready = working.prepared(tuple(dict.fromkeys(texts)))

    @property
    def number(self) -> int:
        """See ``Working.number``."""
        return looking.number(self._connection)

    @property
    def idle(self) -> str:
        """See ``Working.idle``."""
        return "db.runCommand({ ping: 1 })"

    def patient(self, timeout_s: float) -> None:
        """See ``Working.patient``: told with each command."""
        self._patience_s = timeout_s

    def look(self, sessions: Sequence[int], *, disk: bool) -> Look:
        """See ``Working.look``."""
        return looking.look(self._connection, sessions, self._stored, gauged=disk)

    @cached_property
    def _stored(self) -> Path | None:
        return files.directory(self._connection)

    def inserts(self, entity: Entity, rows: Batch) -> tuple[str, ...]:
        """See ``Deriving.inserts``."""
        return derived.inserts(entity, rows)

    def passing(self, entity: Entity, rows: Batch) -> tuple[tuple[str, ...], ...]:
        """See ``Deriving.passing``: without transactions, which a single server has not."""
        return derived.passing(entity, rows)

    def reads(self, entity: Entity, keys: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """See ``Deriving.reads``."""
        return derived.reads(entity, keys)

    def updates(self, entity: Entity, keys: Sequence[Sequence[str]], rows: Batch | None = None) -> tuple[str, ...]:
        """See ``Deriving.updates``."""
        return derived.updates(entity, keys, rows)

    def deletes(self, entity: Entity, keys: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """See ``Deriving.deletes``."""
        return derived.deletes(entity, keys)

    def inserted(self, entity: Entity, row: Batch, values: Mapping[str, str]) -> str:
        """See ``Repeating.inserted``."""
        return derived.inserted(entity, row, values)

    def assigned(self, entity: Entity, key: Sequence[str], values: Mapping[str, str]) -> str:
        """See ``Repeating.assigned``."""
        return derived.assigned(entity, key, values)

    def recalled(self, entity: str) -> Iterator[Recalled]:
        """See ``Recalling.recalled``."""
        return recalling.recalled(self._connection, entity)

    def imitated(self, entity: str, count: int) -> int:
        """See ``Recalling.imitated``."""
        return recalling.imitated(self._connection, entity, count)

    def work(self, size: int) -> float:
        """See ``Clocked.work``."""
        return clock.work(self._connection, size)

    def round_trip(self) -> float:
        """See ``Clocked.round_trip``."""
        return clock.round_trip(self._connection)

    def samplings(self) -> int:
        """See ``Weighing.samplings``: the planner keeps no statistics; each time it tries its candidates anew."""
        return 1

    def sampled(self, entities: Sequence[str], number: int) -> AbstractContextManager[str]:  # noqa: ARG002  (the protocol's)
        """See ``Weighing.sampled``."""
        return nullcontext("tried anew")

    def ways(self, text: str, index: Index, *, execute: bool) -> Ways | Refusal:
        """See ``Weighing.ways``."""
        return ways.ways(self._connection, text, index, execute=execute)

    def flush(self) -> None:
        """See ``Flushing.flush``: without the journal's word a change may be up to 500 ms from the disk."""
        flush(self._connection)

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

    def finish(self, schema: Schema) -> None:  # noqa: ARG002  (nothing of it is needed)
        """See ``Bulk.finish``."""
        bulk.finish(self._connection)

    def statements(self, index: Index) -> tuple[str, str]:
        """See ``Trying.statements``."""
        return trying.statements(index)

    def analyse(self, entity: str) -> None:
        """See ``Trying.analyse``."""
        trying.analyse(self._connection, entity)

    def size(self, entity: str, index: str) -> int:
        """See ``Trying.size``."""
        return trying.size(self._connection, entity, index)

    def spread(self, entity: str, field: str) -> Spread | None:
        """See ``Trying.spread``."""
        return trying.spread(self._connection, entity, field)

    def copies(self, entity: str, without: Sequence[str], parts: int, rows: int) -> AbstractContextManager[Copies]:
        """See ``Trying.copies``."""
        return copied(trying.Building(self._connection, entity), without, parts, rows)

    def gauges(self, metric: Metric) -> tuple[Gauge, ...]:
        """See ``Metering.gauges``."""
        return gauges.gauges(metric)

    def gauge(self, place: Place) -> Gauge:
        """See ``Metering.gauge``."""
        return gauges.gauge(place)

    def read(self, gauge: Gauge) -> Reading | Refusal:
        """See ``Metering.read``."""
        return gauges.read(self._connection, gauge)

    def reported(self) -> bool:
        """See ``Metering.reported``: it counts as it runs."""
        return True


class MemberSession(MongoDBSession):
    """A session on a member of a replica set, which has transactions."""

    def holding(self, entity: str, *, writing: bool = False) -> AbstractContextManager[None]:
        """See ``Holding.holding``."""
        return stepping.holding(self._connection, entity, writing=writing)

"""The schema looked at again and again: what has changed since the last look is read, the rest is known.

The session keeps, in settings of its own, the marks of what the catalog says of each relation (``marks``). Where a mark
is another one, that relation is read again, with those whose definitions speak of it (``inspect_affected.sql``): all in
one round trip. A change of what belongs to no relation (types, functions, namespaces, roles, …) may show anywhere: then
everything is read.

All marks are compared, unless it is known what was written since: a transaction left its footprint, and no other one
has begun or ended between the two looks. Then the marks of these catalogs are enough.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from psycopg.pq import TransactionStatus

from harness.adapters.postgresql import marks
from harness.adapters.postgresql.connection import Connection, results, run
from harness.adapters.postgresql.footprint import Footprint
from harness.adapters.postgresql.inspect import (
    ENTITIES,
    OBJECTS,
    PATH,
    SNAPSHOT,
    Seen,
    inspect,
    object_,
    query,
    seen,
    snapshot,
    whole,
)
from harness.adapters.postgresql.inspect_parts import Row
from harness.design.model import Schema

V = TypeVar("V")

REST = 0
"""What belongs to no single relation, among the relations."""

PREPARED = "harness_look_"

_RELATIONS = (*ENTITIES, "sequences")
_PARTS = ("affected", *_RELATIONS)

_BEGIN = f"{SNAPSHOT}; {PATH}; SET LOCAL harness.changed = '{{}}'"
_BY_INDEXES = "; ".join(
    f"SET LOCAL enable_{way} = off" for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "material", "memoize")
)
"""Planned once, while there is little, what must suit much: what is read of some relations by indexes only."""


@dataclass(frozen=True, slots=True)
class _Last:
    """The last look; ``next`` is the transaction to come then, None where others were still at work."""

    seen: Seen
    schema: Schema
    next: int | None

    def followed_by(self, footprint: Footprint | None) -> bool:
        """Whether its transaction was the first to come."""
        return footprint is not None and footprint.transaction == self.next


class Looks:
    """The looks of one connection. The first is like any other: most connections look but once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._looked = False
        self._prepared = False
        self._last: _Last | None = None

    def forget(self) -> None:
        """The connection was used for other things, which may have undone what is prepared in it."""
        self._looked, self._prepared, self._last = False, False, None

    def schema(self, footprint: Footprint | None = None) -> Schema:
        """The whole schema as it is now; ``footprint`` is of what was done since the last look, where that is known."""
        first, self._looked = not self._looked, True
        if first or self._connection.info.transaction_status is not TransactionStatus.IDLE:
            return inspect(self._connection)
        last, self._last = self._last, None
        try:
            if not self._prepared:
                self._prepare()
            self._last = self._next(last, footprint)
        finally:
            self._end()
        return self._last.schema

    def _end(self) -> None:
        if not self._connection.broken and self._connection.info.transaction_status is not TransactionStatus.IDLE:
            run(self._connection, "ROLLBACK")

    def _prepare(self) -> None:
        """Planned once: planning takes longer than answering. A plan is made when it is first executed."""
        version = self._connection.info.server_version // 10_000
        parts = ("moment", *_PARTS, *OBJECTS)
        texts = {**{part: query(part, version, some=True) for part in parts}, **marks.texts()}
        prepared = (f"PREPARE {PREPARED}{part} AS {text}" for part, text in texts.items())
        unseen = (f"SET harness.{kind}_{part} = '{{}}'" for part in marks.texts() for kind in ("relations", "marks"))
        results(self._connection, "; ".join(("DEALLOCATE ALL", *unseen, *prepared)))
        changed, others = _executed(("moment", *marks.texts())), _executed(_PARTS)
        results(self._connection, "; ".join((_BEGIN, *changed, _BY_INDEXES, *others, "COMMIT")))
        self._prepared = True

    def _next(self, last: _Last | None, footprint: Footprint | None) -> _Last:
        known = footprint if last is not None and last.followed_by(footprint) else None
        marked = marks.of(known.catalogs) if known else tuple(marks.texts())
        parts = ("moment", *marked, *_PARTS, *(OBJECTS if last is not None and last.seen.others else ()))
        found = results(self._connection, "; ".join((_BEGIN, *_executed(parts), "COMMIT")))
        answers = dict(zip(parts, found, strict=True))
        (moment,), (affected,) = answers["moment"], answers["affected"]
        changed = frozenset(relation for part in marked for relation in answers[part][0]["changed"])
        overtaken = known is not None and moment["next"] != known.transaction + 1
        anywhere = REST in changed or affected["anywhere"]
        if last is None or overtaken or anywhere or _unknown(answers["columns"], last.seen):
            with snapshot(self._connection):
                new = whole(self._connection)
        elif changed:
            new = _renewed(last.seen, frozenset(affected["affected"]), answers)
        else:
            return replace(last, next=moment["next"])
        return _Last(new, new.schema, moment["next"])


def _unknown(columns: Iterable[Row], last: Seen) -> bool:
    """Whether some are of a type that was not there."""
    return any(row["type_oid"] not in last.types for row in columns)


def _executed(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"EXECUTE {PREPARED}{part}" for part in parts)


def _renewed(last: Seen, affected: frozenset[int], answers: Mapping[str, Sequence[Row]]) -> Seen:
    """What was seen, with what was read again in its place."""
    others = [object_(row, last.user) for part in OBJECTS for row in answers.get(part, ())]
    new = seen(last.user, last.types, answers, others)
    return replace(
        new,
        entities=_merged(last.entities, new.entities, affected),
        sequences=_merged(last.sequences, new.sequences, affected),
        exclusions=_merged(last.exclusions, new.exclusions, affected),
    )


def _merged(last: Mapping[int, V], new: Mapping[int, V], affected: frozenset[int]) -> dict[int, V]:
    return {**{oid: value for oid, value in last.items() if oid not in affected}, **new}

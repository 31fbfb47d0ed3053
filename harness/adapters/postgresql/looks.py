"""The schema looked at again and again: what has changed since the last look is read, the rest is known.

The catalog is a set of row versions: (ctid, xmin) is never the same for two of them. Their hash, for each relation, is
its mark, which the session keeps in a setting of its own (``inspect_changed.sql``). Where a mark is another one, that
relation is read again, with those whose definitions speak of it (``inspect_affected.sql``): all in one round trip. A
change of what belongs to no relation (types, functions, namespaces, roles, …) may show anywhere: then everything is
read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from psycopg.pq import TransactionStatus

from harness.adapters.postgresql.connection import Connection, results, run
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
_PARTS = ("changed", "affected", *_RELATIONS)

_BEGIN = f"{SNAPSHOT}; {PATH}"
_EXECUTE = "; ".join(f"EXECUTE {PREPARED}{part}" for part in _PARTS)
_BY_INDEXES = "; ".join(
    f"SET LOCAL enable_{way} = off" for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "material", "memoize")
)
"""Planned once, while there is little, what must suit much: what is read of some relations by indexes only."""

_NOTHING_SEEN = tuple(f"SET harness.{name} = '{{}}'" for name in ("relations", "marks"))


class Looks:
    """The looks of one connection. The first is like any other: most connections look but once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._looked = False
        self._prepared = False
        self._last: tuple[Seen, Schema] | None = None

    def forget(self) -> None:
        """The connection was used for other things, which may have undone what is prepared in it."""
        self._looked, self._prepared, self._last = False, False, None

    def schema(self) -> Schema:
        """The whole schema as it is now."""
        first, self._looked = not self._looked, True
        if first or self._connection.info.transaction_status is not TransactionStatus.IDLE:
            return inspect(self._connection)
        last, self._last = self._last, None
        try:
            if not self._prepared:
                self._prepare()
            self._last = self._next(last)
        finally:
            self._end()
        return self._last[1]

    def _end(self) -> None:
        if not self._connection.broken and self._connection.info.transaction_status is not TransactionStatus.IDLE:
            run(self._connection, "ROLLBACK")

    def _prepare(self) -> None:
        """Planned once: planning takes longer than answering. A plan is made when it is first executed."""
        version = self._connection.info.server_version // 10_000
        texts = {part: query(part, version, some=True) for part in (*_PARTS, *OBJECTS)}
        prepared = (f"PREPARE {PREPARED}{part} AS {text}" for part, text in texts.items())
        results(self._connection, "; ".join(("DEALLOCATE ALL", *_NOTHING_SEEN, *prepared)))
        first, *others = (f"EXECUTE {PREPARED}{part}" for part in _PARTS)
        results(self._connection, "; ".join((_BEGIN, first, _BY_INDEXES, *others, "COMMIT")))
        self._prepared = True

    def _next(self, last: tuple[Seen, Schema] | None) -> tuple[Seen, Schema]:
        others = OBJECTS if last is not None and last[0].others else ()
        more = "".join(f"; EXECUTE {PREPARED}{part}" for part in others)
        found = results(self._connection, f"{_BEGIN}; {_EXECUTE}{more}; COMMIT")
        answers = dict(zip((*_PARTS, *others), found, strict=True))
        (changed,), (affected,) = answers["changed"], answers["affected"]
        anywhere = REST in changed["changed"] or changed["publications"] or affected["composite"]
        if last is None or anywhere or any(row["type_oid"] not in last[0].types for row in answers["columns"]):
            with snapshot(self._connection):
                new = whole(self._connection)
        elif changed["changed"]:
            new = _renewed(last[0], frozenset(affected["affected"]), answers)
        else:
            return last
        return new, new.schema


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

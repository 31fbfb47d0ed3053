"""The schema looked at again and again: what has changed since the last look is read, the rest is known.

The catalog is a set of row versions: (ctid, xmin) is never the same for two of them. Their hash, for each relation, is
its mark (``inspect_marks.sql``). Where a mark is another one, that relation is read again, with those whose definitions
speak of it. A change of what belongs to no relation (types, functions, namespaces, roles, …) may show anywhere: then
everything is read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
from harness.design.model import Schema

V = TypeVar("V")

REST = 0
"""The mark of what belongs to no single relation."""

PREPARED = "harness_look_"

_RELATIONS = (*ENTITIES, "sequences")
_LOOK = f"{SNAPSHOT}; {PATH}; SET LOCAL plan_cache_mode = force_generic_plan"

_ALL = "SET LOCAL enable_nestloop = off"
_SOME = "SET LOCAL enable_nestloop = on; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off"
"""What is planned once, while there is little, must suit much: of all relations hashes, of some their indexes."""

Marks = Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Moment:
    """What was seen, under which marks; ``beside`` stands for what has no row version (``inspect_beside.sql``)."""

    seen: Seen
    schema: Schema
    marks: Marks
    beside: tuple[int, int]


class Looks:
    """The looks of one connection. The first is like any other: most connections look but once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._looked = False
        self._prepared = False
        self._last: _Moment | None = None

    def forget(self) -> None:
        """The connection was used for other things, which may have undone what is prepared in it."""
        self._looked, self._prepared, self._last = False, False, None

    def schema(self) -> Schema:
        """The whole schema as it is now."""
        first, self._looked = not self._looked, True
        if first or self._connection.info.transaction_status is not TransactionStatus.IDLE:
            return inspect(self._connection)
        if not self._prepared:
            self._prepare()
        try:
            self._last = self._next()
        finally:
            self._end()
        return self._last.schema

    def _end(self) -> None:
        if not self._connection.broken and self._connection.info.transaction_status is not TransactionStatus.IDLE:
            run(self._connection, "ROLLBACK")

    def _prepare(self) -> None:
        """Planned once: planning takes longer than answering."""
        texts = {part: query(part, some=True) for part in ("marks", "beside", "dependents", *_RELATIONS, *OBJECTS)}
        for part, text in texts.items():
            given = " (oid[])" if "$1" in text else ""
            run(self._connection, f"PREPARE {PREPARED}{part}{given} AS {text}")
        self._prepared = True

    def _next(self) -> _Moment:
        text = f"{_LOOK}; {_ALL}; EXECUTE {PREPARED}marks; {_SOME}; EXECUTE {PREPARED}beside"
        found, beside = results(self._connection, text)
        marks = {row["relation"]: (row["mark"], row["versions"]) for row in found}
        about = (beside[0]["mark"], beside[0]["publications"])
        last = self._last
        if last is None or about[1] or about != last.beside or marks.get(REST) != last.marks.get(REST):
            return self._whole(marks, about)
        changed = {oid for oid in marks.keys() | last.marks.keys() if marks.get(oid) != last.marks.get(oid)}
        if not changed:
            return replace(last, marks=marks)
        renewed = self._renewed(last.seen, changed)
        return self._whole(marks, about) if renewed is None else _Moment(renewed, renewed.schema, marks, about)

    def _whole(self, marks: Marks, beside: tuple[int, int]) -> _Moment:
        with snapshot(self._connection):
            found = whole(self._connection)
        return _Moment(found, found.schema, marks, beside)

    def _renewed(self, last: Seen, changed: set[int]) -> Seen | None:
        """What was seen, with these relations and those that speak of them read again; None where that cannot do."""
        (dependents,) = results(self._connection, f"EXECUTE {PREPARED}dependents({_oids(changed)})")
        affected = changed | {row["relation"] for row in dependents}
        given = _oids(affected)
        parts = (*_RELATIONS, *(OBJECTS if last.others else ()))
        calls = (
            f"EXECUTE {PREPARED}{part}({given})" if part in _RELATIONS else f"EXECUTE {PREPARED}{part}"
            for part in parts
        )
        answers = dict(zip(parts, results(self._connection, "; ".join((*calls, "ROLLBACK"))), strict=True))
        if any(row["type_oid"] not in last.types for row in answers["columns"]):
            return None
        others = [object_(row, last.user) for part in OBJECTS for row in answers.get(part, ())]
        new = seen(last.user, last.types, answers, others)
        return replace(
            new,
            entities=_merged(last.entities, new.entities, affected),
            sequences=_merged(last.sequences, new.sequences, affected),
            exclusions=_merged(last.exclusions, new.exclusions, affected),
        )


def _merged(last: Mapping[int, V], new: Mapping[int, V], affected: set[int]) -> dict[int, V]:
    return {**{oid: value for oid, value in last.items() if oid not in affected}, **new}


def _oids(relations: Iterable[int]) -> str:
    return "'{" + ",".join(map(str, sorted(relations))) + "}'"

"""Indexes tried: their size, how values are spread, and copies of a collection with all indexes or all but one."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bson.raw_bson import RawBSONDocument

from harness.adapters.mongodb import define
from harness.adapters.mongodb.connection import Connection, documents, raw, run
from harness.adapters.mongodb.indexes import ID_INDEX, specifications
from harness.adapters.mongodb.literal import text
from harness.adapters.mongodb.names import collection
from harness.design.model import Index
from harness.trying import Copies, Spread

LOOKED_AT = 200_000
"""Documents that are grouped to see how values are spread."""

FREQUENT = 30


def statements(index: Index) -> tuple[str, str]:
    """What makes an index, and what takes it away again."""
    return define.statement(index), f"{collection(index.entity)}.dropIndex({text(str(index.name))})"


def analyse(connection: Connection, entity: str) -> None:
    """MongoDB tries plans out when a query comes: it keeps no statistics; plans that it has kept are forgotten."""
    run(connection, {"planCacheClear": entity})


def size(connection: Connection, entity: str, index: str) -> int:
    """Bytes of an index on disk."""
    found = run(connection, {"collStats": entity})
    return int(found.get("indexSizes", {}).get(index, 0))


def spread(connection: Connection, entity: str, field: str) -> Spread | None:
    """Of the first documents, which stand in no order that matters here; arrays count by each element."""
    path = field.replace("[]", "")
    pipeline = [
        {"$limit": LOOKED_AT},
        *([{"$unwind": f"${path}"}] if field.endswith("[]") else []),
        {"$group": {"_id": f"${path}", "n": {"$sum": 1}}},
        {"$sort": {"n": -1, "_id": 1}},
    ]
    found = list(documents(connection, {"aggregate": entity, "pipeline": pipeline, "cursor": {}}))
    frequent = tuple((str(each["_id"]), int(each["n"])) for each in found[:FREQUENT] if each["_id"] is not None)
    return Spread(sum(int(each["n"]) for each in found), len(found), frequent)


@dataclass(slots=True)
class _Copies:
    """The copies are named ``harness_copy_n``; their documents are sent as the bytes they are."""

    connection: Connection
    stored: list[RawBSONDocument]
    parts: int
    rows: int

    def write(self, copy: int, part: int) -> float:
        """See ``Copies.write``; with the way to the server, which is the same for all copies."""
        part_of = self.stored[part * self.rows : (part + 1) * self.rows]
        started = time.perf_counter()
        run(self.connection, {"insert": _copy(copy), "documents": part_of, "ordered": False})
        return time.perf_counter() - started


def _copy(number: int) -> str:
    return f"harness_copy_{number}"


@contextmanager
def copies(connection: Connection, entity: str, without: Sequence[str], parts: int, count: int) -> Iterator[Copies]:
    """Collections with the original's indexes and no validator."""
    made = range(len(without) + 1)
    specs = [spec for spec in specifications(connection, entity) if spec["name"] != ID_INDEX]
    kept = [{name: said for name, said in spec.items() if name not in {"ns", "expireAfterSeconds"}} for spec in specs]
    try:
        for number in made:
            indexes = [spec for spec in kept if not number or spec["name"] != without[number - 1]]
            run(connection, {"create": _copy(number)})
            if indexes:
                run(connection, {"createIndexes": _copy(number), "indexes": indexes})
        stored = list(raw(connection, {"find": entity, "limit": parts * count}))
        yield _Copies(connection, stored, len(stored) // count, count)
    finally:
        for number in made:
            run(connection, {"drop": _copy(number)})

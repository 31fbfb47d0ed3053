"""Indexes tried: their size, how values are spread, and copies of a collection with all indexes or all but one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bson.raw_bson import RawBSONDocument

import harness.trying
from harness.adapters.mongodb import define
from harness.adapters.mongodb.connection import Connection, documents, raw, run
from harness.adapters.mongodb.indexes import ID_INDEX, specifications
from harness.adapters.mongodb.literal import text
from harness.adapters.mongodb.names import collection
from harness.design.model import Index
from harness.trying import LOOKED_AT, Spread


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


def spread(connection: Connection, entity: str, path: str) -> Spread | None:
    """Of the first documents, which stand in no order that matters here; arrays count by each element."""
    bare = f"${path.replace('[]', '')}"
    pipeline = [
        {"$limit": LOOKED_AT},
        *([{"$unwind": bare}] if path.endswith("[]") else []),
        {"$group": {"_id": bare, "n": {"$sum": 1}}},
        {"$sort": {"n": -1, "_id": 1}},
    ]
    found = documents(connection, {"aggregate": entity, "pipeline": pipeline, "cursor": {}})
    return harness.trying.spread([(each["_id"], int(each["n"])) for each in found])


@dataclass(slots=True)
class Building:
    """Collections with the original's indexes and no validator; documents are sent as the bytes they are."""

    connection: Connection
    entity: str
    stored: list[RawBSONDocument] = field(default_factory=list)

    def stage(self, count: int) -> int:
        """See ``Building.stage``."""
        self.stored = list(raw(self.connection, {"find": self.entity, "limit": count}))
        return len(self.stored)

    def copy(self, name: str, without: str | None) -> None:
        """See ``Building.copy``."""
        specs = specifications(self.connection, self.entity)
        kept = [
            {key: said for key, said in spec.items() if key not in {"ns", "expireAfterSeconds"}}
            for spec in specs
            if spec["name"] not in {ID_INDEX, without}
        ]
        run(self.connection, {"create": name})
        if kept:
            run(self.connection, {"createIndexes": name, "indexes": kept})

    def write(self, name: str, first: int, count: int) -> None:
        """See ``Building.write``."""
        part = self.stored[first : first + count]
        run(self.connection, {"insert": name, "documents": part, "ordered": False})

    def drop(self, names: Sequence[str]) -> None:
        """See ``Building.drop``."""
        for name in names:
            run(self.connection, {"drop": name})

"""Stages of the classic engine's plans as ``Access`` nodes.

``executionStats`` repeats the plan's tree with counts; without execution the winning plan gives the same tree bare.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.adapters.mongodb.literal import literal
from harness.facts import Access, Operation

Stage = Mapping[str, Any]

OPERATIONS: Mapping[str, Operation] = {
    "COLLSCAN": "scan",
    "IXSCAN": "index scan",
    "IDHACK": "index scan",
    "CLUSTERED_IXSCAN": "index scan",
    "EXPRESS_IXSCAN": "index scan",
    "EXPRESS_CLUSTERED_IXSCAN": "index scan",
    "EXPRESS_UPDATE": "modify",
    "EXPRESS_DELETE": "modify",
    "COUNT_SCAN": "index only scan",
    "DISTINCT_SCAN": "index scan",
    "TEXT_MATCH": "other",
    "GEO_NEAR_2D": "index scan",
    "GEO_NEAR_2DSPHERE": "index scan",
    "SORT": "sort",
    "SORT_MERGE": "merge append",
    "OR": "append",
    "TEXT_OR": "append",
    "AND_HASH": "hash join",
    "AND_SORTED": "merge join",
    "LIMIT": "limit",
    "COUNT": "aggregate",
    "RECORD_STORE_FAST_COUNT": "aggregate",
    "GROUP": "aggregate",
    "EQ_LOOKUP": "nested loop",
    "EQ_LOOKUP_UNWIND": "nested loop",
    "UPDATE": "modify",
    "DELETE": "modify",
    "BATCHED_DELETE": "modify",
    "TS_MODIFY": "modify",
    "UPSERT": "modify",
    "EOF": "values",
    "WINDOW": "window",
}

ID_INDEX = "_id_"
BY_ID = frozenset({"IDHACK", "CLUSTERED_IXSCAN", "EXPRESS_CLUSTERED_IXSCAN"})
"""Stages that go by ``_id`` and name no index."""

KEYS = frozenset({"IXSCAN", "DISTINCT_SCAN"})
"""Stages that give keys of an index: the index alone answers, unless a stage above fetches the documents."""

READING = frozenset({"scan", "index scan", "index only scan"})
FETCHING = frozenset({"FETCH", "GEO_NEAR_2D", "GEO_NEAR_2DSPHERE", "TEXT_OR"})
"""Stages that bring in the documents that keys of an index point to."""

COUNTED = ("nCounted", "nMatched", "nWouldDelete", "nWouldUpsert")
"""How many documents a stage was about that gives none."""

MOST_RANGES = 5

DETAILS = (
    "keysExamined", "docsExamined", "direction", "isMultiKey", "isPartial", "isSparse", "sortPattern", "limitAmount",
    "skipAmount", "usedDisk", "spills", "totalDataSizeSorted", "memLimit", "nWouldModify", "nWouldUpsert", "strategy",
    "transformBy", "numSpills", "spilledRecords", "textIndexVersion",
)  # fmt: skip
"""Facts of a stage that are kept as they are, under the server's names."""


def inputs(stage: Stage) -> Iterator[Stage]:
    """The stages that feed one."""
    for name, said in stage.items():
        if name in {"inputStage", "outerStage", "innerStage", "thenStage", "elseStage"}:
            yield said
        elif name in {"inputStages", "shards"}:
            yield from said


def tree(stage: Stage, entity: str, *, fetched: bool = False) -> Access:
    """A stage and all below it; ``fetched``: a stage above it fetches the documents that keys point to."""
    below = fetched or fetches(stage)
    children = tuple(tree(each, entity, fetched=below) for each in inputs(stage))
    return totalled(node(stage, entity, children, fetched=below), examined(stage))


def fetches(stage: Stage) -> bool:
    """Whether a stage brings in documents."""
    return stage.get("stage") in FETCHING or bool(stage.get("isFetching"))


def node(stage: Stage, entity: str, children: tuple[Access, ...], *, fetched: bool) -> Access:
    """One stage, with what it says of itself."""
    native = str(stage.get("stage", ""))
    operation = OPERATIONS.get(native, "other")
    if native in KEYS and not fetched:
        operation = "index only scan"
    returned = returned_by(stage)
    reads = operation in READING or native in FETCHING or native.startswith("EXPRESS_")
    looked = looked_at(stage, operation)
    return Access(
        operation=operation,
        native=native,
        entity=entity if reads or operation == "modify" else None,
        index=stage.get("indexName") or (ID_INDEX if native in BY_ID else None),
        condition=_bounds(stage),
        filter=literal(stage["filter"]) if stage.get("filter") else None,
        rows_returned=returned,
        rows_read=None if returned is None else max(looked, returned) if reads else returned,
        elapsed_ms=_elapsed(stage),
        detail=tuple((name, _said(stage[name])) for name in DETAILS if stage.get(name) not in (None, 0, False)),
        children=children,
    )


def returned_by(stage: Stage) -> float | None:
    """Documents that it gave, or that it was about where it gives none; None when it was not executed."""
    if "nReturned" not in stage:
        return None
    counted = sum(stage[name] for name in COUNTED if name in stage)
    return float(stage["nReturned"] or counted)


def looked_at(stage: Stage, operation: str) -> float:
    """Documents or keys that a stage itself looked at."""
    keys, docs = stage.get("keysExamined", 0), stage.get("docsExamined", 0)
    return float(keys if operation in {"index scan", "index only scan"} and not docs else docs)


def examined(stage: Stage) -> int | None:
    """Keys and documents that a stage itself examined; None when it was not executed."""
    if "nReturned" not in stage:
        return None
    return int(stage.get("keysExamined", 0)) + int(stage.get("docsExamined", 0))


def totalled(access: Access, own: int | None) -> Access:
    """With the keys and documents of the node and those below it."""
    below = sum(child.pages_read or 0 for child in access.children)
    return replace(access, pages_read=None if own is None else own + below)


def _bounds(stage: Stage) -> str | None:
    """What is looked for in the index: ``user_id: [5, 5]``; of a count, the keys between which it counts."""
    bounds = stage.get("indexBounds")
    if stage.get("stage") in BY_ID:
        return "_id"
    if not isinstance(bounds, Mapping):
        return None
    if "startKey" in bounds:
        return f"{literal(bounds['startKey'])} to {literal(bounds['endKey'])}"
    return ", ".join(f"{path}: {_ranges(ranges)}" for path, ranges in bounds.items())


def _ranges(ranges: Sequence[object]) -> str:
    """Those of a search around a place are hundreds."""
    told = ", ".join(map(str, ranges[:MOST_RANGES]))
    return told if len(ranges) <= MOST_RANGES else f"{told} and {len(ranges) - MOST_RANGES} more"


def _elapsed(stage: Stage) -> float | None:
    found = stage.get("executionTimeMillisEstimate")
    return None if found is None else float(found)


def _said(value: object) -> str:
    return literal(value) if isinstance(value, Mapping) else str(value)

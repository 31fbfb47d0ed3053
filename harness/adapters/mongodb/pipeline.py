"""What EXPLAIN says of a command, whatever its form, as one tree: a find's plan, or a pipeline's stages in a chain."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.adapters.mongodb import slots, stages
from harness.adapters.mongodb.literal import literal
from harness.facts import Access, Operation

Document = Mapping[str, Any]

OPERATIONS: Mapping[str, Operation] = {
    "$group": "aggregate",
    "$groupByDistinctScan": "aggregate",
    "$sort": "sort",
    "$limit": "limit",
    "$skip": "limit",
    "$lookup": "nested loop",
    "$graphLookup": "nested loop",
    "$unionWith": "append",
    "$setWindowFields": "window",
    "$_internalSetWindowFields": "window",
    "$out": "modify",
    "$merge": "modify",
    "$documents": "values",
    "$queue": "values",
}

SOURCES = ("$cursor", "$geoNearCursor")
"""Stages that read the collection, with a plan of their own."""

DETAILS = ("usedDisk", "spills", "totalDataSizeSortedBytesEstimate")


def tree(explained: Document) -> Access:
    """The whole of what an explained command answered."""
    found = _chain(explained["stages"]) if "stages" in explained else plan(explained)
    total = explained.get("executionStats", {}).get("executionTimeMillis")
    return found if total is None else replace(found, elapsed_ms=float(total))


def plan(explained: Document) -> Access:
    """A plan: its winning form, with counts when it was executed."""
    return _plan(explained["queryPlanner"], explained["queryPlanner"]["winningPlan"], explained.get("executionStats"))


def alternatives(explained: Document) -> tuple[Access, ...]:
    """The plans that the planner tried and rejected, without counts; a pipeline does not tell them as a whole."""
    planner = explained.get("queryPlanner")
    if not isinstance(planner, Mapping):
        return ()
    return tuple(_plan(planner, each, None) for each in planner.get("rejectedPlans", ()))


def _plan(planner: Document, winning: Document, executed: Document | None) -> Access:
    # The documents of a time series lie in a collection of the server's own.
    entity = str(planner.get("namespace", "")).partition(".")[2].removeprefix("system.buckets.")
    steps = None if executed is None else executed.get("executionStages")
    if "queryPlan" in winning:
        return slots.tree(winning["queryPlan"], steps, entity)
    return stages.tree(winning if steps is None else steps, entity)


def _chain(listed: Sequence[Document]) -> Access:
    """Stages one above the other, the last one outermost."""
    current: Access | None = None
    for each in listed:
        current = _stage(each, current)
    return current or Access("values", "nothing")


def _stage(stage: Document, below: Access | None) -> Access:
    native = next(iter(stage))
    said = stage[native]
    if native in SOURCES:
        return plan(said)
    returned = stage.get("nReturned")
    children = (*(() if below is None else (below,)), *_joined(native, said, stage))
    made = Access(
        operation=OPERATIONS.get(native, "other"),
        native=native,
        rows_returned=None if returned is None else float(returned),
        rows_read=None if below is None else below.rows_returned,
        elapsed_ms=_elapsed(stage),
        filter=literal(said) if native == "$match" else None,
        detail=tuple(_details(native, said, stage)),
        children=children,
    )
    return stages.totalled(made, None if returned is None else 0)


def _details(native: str, said: Any, stage: Document) -> list[tuple[str, str]]:
    facts = [(name, str(stage[name])) for name in DETAILS if stage.get(name)]
    if native == "$sort":
        facts.append(("sortPattern", literal(said.get("sortKey", said))))
    return facts


def _joined(native: str, said: Any, stage: Document) -> tuple[Access, ...]:
    """What a stage reads beside what is below it."""
    if native in {"$lookup", "$graphLookup"}:
        return tuple(_foreign(native, said, stage))
    if native == "$unionWith" and isinstance(said.get("pipeline"), list):
        return (_chain(said["pipeline"]),) if said["pipeline"] else ()
    if native == "$facet":
        return tuple(_chain(each[1:]) for each in said.values() if isinstance(each, list) and each[1:])
    return ()


def _foreign(native: str, said: Document, stage: Document) -> list[Access]:
    """The other collection of a ``$lookup``: the indexes that it went through, and whether it scanned.

    Without execution nothing is known of it, and of a ``$graphLookup`` not even then (6.0).
    """
    entity = str(said.get("from", ""))
    if "indexesUsed" not in stage:
        return [Access("other", native, entity, condition=said.get("connectToField"))]
    documents, keys = int(stage.get("totalDocsExamined", 0)), int(stage.get("totalKeysExamined", 0))
    condition = f"{said['foreignField']} = {said['localField']}" if "foreignField" in said else None
    ways = [Access("index scan", native, entity, name, condition) for name in stage["indexesUsed"]]
    if stage.get("collectionScans"):
        ways.append(Access("scan", native, entity, loops=int(stage["collectionScans"])))
    if not ways:
        return [Access("other", native, entity)]
    last = replace(ways[-1], rows_returned=float(documents), rows_read=float(documents), pages_read=documents + keys)
    return [*ways[:-1], last]  # the server counts them together


def _elapsed(stage: Document) -> float | None:
    found = stage.get("executionTimeMillisEstimate")
    return None if found is None else float(found)

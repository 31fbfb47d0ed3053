"""Plans of the slot-based engine (MongoDB 6 and newer): a tree of the query's stages, and a program that ran it.

``winningPlan.queryPlan`` has the stages that people know. ``executionStages`` has the steps of the program, several
for each stage, which carry the ``planNodeId`` of the stage they were made from: their counts are summed up there.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.adapters.mongodb.stages import Stage, examined, fetches, inputs, node, totalled
from harness.facts import Access, Operation

JOINS: Mapping[str, Operation] = {"HashJoin": "hash join", "HashLookup": "hash join"}
"""Strategies of a ``$lookup`` that are no nested loop."""

BY_INDEX = frozenset({"IndexedLoopJoin", "DynamicIndexedLoopJoin"})


def tree(plan: Stage, executed: Stage | None, entity: str) -> Access:
    """The plan with the counts of its execution; without counts when there was none."""
    return _node(plan, _by_stage(executed), entity, fetched=False)


def _by_stage(executed: Stage | None) -> Mapping[int, Sequence[Stage]] | None:
    """The steps of each stage, outermost first; None when nothing was executed."""
    if executed is None:
        return None
    steps: dict[int, list[Stage]] = defaultdict(list)
    for step in _steps(executed):
        steps[int(step.get("planNodeId", -1))].append(step)
    return steps


def _steps(step: Stage) -> Iterator[Stage]:
    yield step
    for each in inputs(step):
        yield from _steps(each)


def _node(plan: Stage, steps: Mapping[int, Sequence[Stage]] | None, entity: str, *, fetched: bool) -> Access:
    own = () if steps is None else steps.get(int(plan.get("planNodeId", -1)), ())
    counted = {**plan, **_counts(own)}
    below = fetched or fetches(plan)
    children = tuple(_node(each, steps, entity, fetched=below) for each in inputs(plan))
    if "foreignCollection" in plan:
        return _lookup(plan, counted, own, children)
    return totalled(node(counted, entity, children, fetched=below), examined(counted))


def _counts(own: Sequence[Stage]) -> Mapping[str, Any]:
    """What the steps of a stage say together, in the words of the classic engine."""
    if not own:
        return {}
    first = own[0]
    facts = {name: first[name] for name in ("nReturned", "executionTimeMillisEstimate") if name in first}
    spilled = any(step.get("usedDisk") for step in own)
    return {
        **facts,
        "keysExamined": sum(int(step.get("keysExamined", 0)) for step in own),
        "docsExamined": sum(_documents(step) for step in own),
        **({"usedDisk": True} if spilled else {}),
    }


def _documents(step: Stage) -> int:
    """Documents that a step read: a scan of the collection, or a seek by record. Steps of indexes read no document."""
    return 0 if "indexName" in step else int(step.get("numReads", 0))


def _lookup(plan: Stage, counted: Mapping[str, Any], own: Sequence[Stage], children: tuple[Access, ...]) -> Access:
    """A ``$lookup`` that became part of the plan: a join of what is below with the other collection."""
    strategy = str(plan.get("strategy", ""))
    keys, read = int(counted.get("keysExamined", 0)), int(counted.get("docsExamined", 0))
    by_index = strategy in BY_INDEX
    # The steps that read the foreign collection are the join's own: the stages below it have their own ids.
    foreign = Access(
        operation="index scan" if by_index else "scan",
        native=strategy,
        entity=str(plan["foreignCollection"]).partition(".")[2],
        index=plan.get("indexName"),
        condition=f"{plan.get('foreignField')} = {plan.get('localField')}",
        rows_returned=float(read) if own else None,
        rows_read=float(read) if own else None,
        pages_read=keys + read if own else None,
    )
    bare = {name: said for name, said in counted.items() if name not in {"indexName", "keysExamined", "docsExamined"}}
    made = replace(node(bare, "", (*children, foreign), fetched=True), operation=JOINS.get(strategy, "nested loop"))
    return totalled(made, 0 if own else None)

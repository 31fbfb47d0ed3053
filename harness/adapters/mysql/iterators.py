"""MySQL's plan as a tree of ``Access`` nodes: EXPLAIN [ANALYZE] FORMAT=JSON with ``explain_json_format_version = 2``.

Each object there is one iterator of the executor, as in EXPLAIN's tree text; MySQL 8.4 has it, and counts in it. Counts
are averages per loop. A filter right above a table is one node with it, as on the other engines.

Rows that the optimizer fetches itself (by a unique key and constants) are in no iterator: version 1 of the format tells
their tables and keys, and they are put back here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.adapters.mysql.rewritten import Rewritten
from harness.facts import Access, Operation

Node = Mapping[str, Any]

OPERATIONS: dict[str, Operation] = {
    "table": "scan",
    "count_rows": "scan",
    "follow_tail": "scan",
    "join": "nested loop",
    "limit": "limit",
    "sort": "sort",
    "aggregate": "aggregate",
    "temp_table_aggregate": "aggregate",
    "window": "window",
    "materialize": "materialize",
    "append": "append",
    "rowid_union": "bitmap heap scan",
    "rowid_intersection": "bitmap heap scan",
    "index_merge": "bitmap heap scan",
    "weedout": "unique",
    "remove_duplicates_from_groups": "unique",
    "remove_duplicates_on_index": "unique",
    "table_value_constructor": "values",
    "rows_fetched_before_execution": "values",
    "zero_rows": "values",
    "materialized_table_function": "function scan",
    "insert_into": "modify",
    "update_rows": "modify",
    "delete_rows": "modify",
}
"""By ``access_type``."""

BEGINNINGS: tuple[tuple[str, Operation], ...] = (
    ("Update ", "modify"),
    ("Delete ", "modify"),
    ("Insert ", "modify"),
    ("Replace ", "modify"),
)
"""By the beginning of ``operation``, for nodes that have no ``access_type``."""

JOINS = {"inner join": "Inner", "left join": "Left", "semijoin": "Semi", "antijoin": "Anti", "full join": "Full"}

DETAILS = (
    "heading", "subquery_location", "dependent", "cacheable", "sort_fields", "per_chunk_limit", "limit_offset",
    "group_by", "functions", "deduplication", "cte", "temp_table", "zero_rows_cause", "hash_condition", "reverse",
    "covering", "pushed_index_condition", "prefix",
)  # fmt: skip
"""Facts of a node that are kept as they are, under the server's names."""

FETCHED = "rows_fetched_before_execution"


@dataclass(frozen=True, slots=True)
class Constant:
    """A table of which the optimizer fetches the one row itself.

    Attributes:
        alias: what the query calls it.
        entity: as in ``Access.entity``.
        index: the key by which it is found; None for a table that has one row.
        condition: what the key is compared with.
        join: how it is joined to the others.
    """

    alias: str
    entity: str
    index: str | None
    condition: str | None
    join: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the query besides its plan: ``constants`` by alias."""

    query: Rewritten
    constants: Mapping[str, Constant]


def tree(document: Node, query: Rewritten, constants: Sequence[Constant]) -> Access:
    """The plan as a tree, with the rows that were fetched before in the place where they come in."""
    plan = document.get("query_plan", document)  # MySQL 8.4 puts nothing around the first iterator
    root = _node(plan, _Known(query, {constant.alias: constant for constant in constants}))
    shown = set(_shown(plan))
    unseen = [constant for constant in constants if constant.alias not in shown]
    if unseen:
        leaves = tuple(_constant(constant, plan) for constant in unseen)
        holes = any(node.native == _NATIVE_FETCHED for node in root.walk())
        joined = _joined(leaves, [constant.join for constant in unseen])
        root = _replaced(root, joined) if holes else _beneath(root, leaves)
    return root if root.cost is not None else replace(root, cost=_cost(root))


def _shown(node: Node) -> Iterator[str]:
    """The aliases of constant rows that have iterators of their own."""
    if node.get("access_type") == "constant_row":
        yield str(node.get("alias", node.get("table_name")))
    for _, child in _inputs(node):
        yield from _shown(child)


def _cost(root: Access) -> float | None:
    """LIMIT and SORT have no cost of their own: that of what they work on."""
    return max((node.cost for node in root.walk() if node.cost is not None), default=None)


_NATIVE_FETCHED = "Rows fetched before execution"


def _constant(constant: Constant, node: Node) -> Access:
    """The row that is fetched once, for the plan or the iterator that it comes in."""
    once = 1.0 if "actual_rows" in node else None
    return Access(
        operation="index scan" if constant.index else "scan",
        native="Constant row",
        entity=constant.entity,
        index=constant.index,
        condition=constant.condition,
        rows_expected=1.0,
        rows_returned=once,
        rows_read=once,
        cost=0.0,
        detail=(("Parent Relationship", "fetched before execution"),),
    )


def _joined(nodes: Sequence[Access], kinds: Sequence[str]) -> Access:
    """Constant rows among each other: each is there once."""
    first, *others = nodes
    for node, kind in zip(others, kinds[1:], strict=True):
        first = replace(
            node,
            operation="nested loop",
            native="Nested loop",
            entity=None,
            index=None,
            condition=None,
            detail=(("Join Type", kind),),
            children=(first, node),
        )
    return first


def _replaced(root: Access, fetched: Access) -> Access:
    """The tree with the fetched rows at the first place that stands for them."""
    if root.native == _NATIVE_FETCHED:
        return fetched
    children = list(root.children)
    for index, child in enumerate(children):
        if any(node.native == _NATIVE_FETCHED for node in child.walk()):
            children[index] = _replaced(child, fetched)
            break
    return replace(root, children=tuple(children))


STEPS = frozenset({"limit", "sort", "aggregate", "window", "unique", "modify", "other"})
"""What works on the rows of a join and is none itself."""


def _beneath(root: Access, leaves: tuple[Access, ...]) -> Access:
    """The tree with the fetched rows joined to what is read first: the server does not show that join."""
    if len(root.children) == 1 and root.operation in STEPS:
        return replace(root, children=(_beneath(root.children[0], leaves),))
    if root.operation == "values":
        return replace(root, children=(*root.children, *leaves))
    return replace(
        root,
        operation="nested loop",
        native="Nested loop",
        entity=None,
        index=None,
        condition=None,
        filter=None,
        rows_read=None,
        detail=(("Join Type", "Inner"),),
        children=(*leaves, root),
    )


def _node(node: Node, known: _Known) -> Access:
    constant = known.constants.get(node.get("alias", node.get("table_name", "")))
    if node.get("access_type") == "constant_row" and constant is not None:
        return _constant(constant, node)
    children = tuple(_related(_node(child, known), key) for key, child in _inputs(node))
    if node.get("access_type") == "filter" and children and children[0].entity and children[0].filter is None:
        return _filtered(node, replace(children[0], children=(*children[0].children, *children[1:])))
    loops = node.get("actual_loops")
    returned = _whole(node.get("actual_rows"), loops)
    entity = _entity(node, known.query)
    return Access(
        operation=_operation(node, entity),
        native=_native(node),
        entity=entity or _merged(node, children),
        index=node.get("index_name") if entity else None,
        condition=_condition(node),
        filter=node.get("condition") if node.get("access_type") == "filter" else None,
        loops=1 if loops is None else int(loops),
        rows_expected=_total(node.get("estimated_rows"), max(loops or 1, 1)),
        rows_returned=returned,
        rows_read=returned if entity and node.get("access_type") != "count_rows" else None,
        elapsed_ms=_total(node.get("actual_last_row_ms"), loops),
        cost=node.get("estimated_total_cost"),
        detail=tuple(_detail(node)),
        children=children,
    )


def _inputs(node: Node) -> Iterator[tuple[str, Node]]:
    """The nodes below: ``inputs``, and sub-selects under names of their own (``inputs_from_select_list``)."""
    for key, value in node.items():
        if isinstance(value, list) and value and isinstance(value[0], dict) and "operation" in value[0]:
            yield from ((key, child) for child in value)


def _related(child: Access, key: str) -> Access:
    if key == "inputs":
        return child
    return replace(
        child, detail=(*child.detail, ("Parent Relationship", key.removeprefix("inputs_").replace("_", " ")))
    )


def _filtered(node: Node, table: Access) -> Access:
    """A table and the filter right above it: what passes is returned, what comes is read."""
    loops = node.get("actual_loops")
    returned = _whole(node.get("actual_rows"), loops)
    return replace(
        table,
        filter=node.get("condition"),
        rows_expected=_total(node.get("estimated_rows"), max(loops or 1, 1)) or table.rows_expected,
        rows_returned=returned,
        elapsed_ms=_total(node.get("actual_last_row_ms"), loops),
        cost=node.get("estimated_total_cost", table.cost),
        detail=(*table.detail, *(pair for pair in _detail(node) if pair not in table.detail)),
    )


def _operation(node: Node, entity: str | None) -> Operation:
    access = node.get("access_type", "")
    if access == "index" and entity:
        return "index only scan" if node.get("covering") else "index scan"
    if access in {"index", "table"} and not entity:
        return "subquery"  # a temporary table: <union temporary>, <subquery2>, a WITH query's name
    if access == "join" and "hash" in node.get("join_algorithm", ""):
        return "hash join"
    for text, operation in BEGINNINGS:
        if node["operation"].startswith(text):
            return operation
    return OPERATIONS.get(access, "other")


def _native(node: Node) -> str:
    """The server's words without names and conditions, which stand in fields of their own."""
    text = str(node["operation"])
    for border in (": ", " on ", " using ", " ("):
        text = text.partition(border)[0]
    return _NATIVE_FETCHED if node.get("access_type") == FETCHED else text.strip()


def _entity(node: Node, query: Rewritten) -> str | None:
    """The table that is read; None for the server's own temporary ones, which have no database."""
    if "table_name" not in node or node.get("access_type") not in {"table", "index", "count_rows"}:
        return None
    known = query.entities.get(node.get("alias", node["table_name"]))
    return known or (str(node["table_name"]) if "schema_name" in node else None)


def _merged(node: Node, children: Sequence[Access]) -> str | None:
    """An index merge reads the table of its parts."""
    parts = OPERATIONS.get(node.get("access_type", "")) == "bitmap heap scan"
    return children[0].entity if parts and children else None


def _condition(node: Node) -> str | None:
    """What the index answers; for a join what is hashed."""
    ranges = " OR ".join(part for part in node.get("ranges") or () if part)
    hashed = " and ".join(node.get("hash_condition") or ())
    return node.get("lookup_condition") or ranges or node.get("pushed_index_condition") or hashed or None


def _detail(node: Node) -> Iterator[tuple[str, str]]:
    if "join_type" in node:
        yield "Join Type", JOINS.get(node["join_type"], str(node["join_type"]))
    for name in DETAILS:
        value = node.get(name)
        if value is not None and value is not False:
            yield name.replace("_", " "), ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _total(each: float | None, loops: float | None) -> float | None:
    return None if each is None or loops is None else each * loops


def _whole(each: float | None, loops: float | None) -> float | None:
    """Rows in all: a whole number, of which the average per loop is a fraction."""
    total = _total(each, loops)
    return None if total is None else float(round(total))

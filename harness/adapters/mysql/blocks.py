"""A plan of query blocks as a tree of ``Access`` nodes: MariaDB's [EXPLAIN|ANALYZE] FORMAT=JSON.

MySQL's version 1 of its JSON is kin to it, and the only one that tells the plan of an UPDATE or DELETE. Counts are
averages per loop; ``r_…`` are those of the execution. What a join is stands only in the rewritten query.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.adapters.mysql.rewritten import Rewritten
from harness.facts import Access, Operation

Node = Mapping[str, Any]

CONSTANT = frozenset({"const", "system"})
"""Tables of which the optimizer fetches the one row itself, before what is counted."""

INNER: tuple[tuple[str, Operation, str], ...] = (
    ("filesort", "sort", "Filesort"),
    ("ordering_operation", "sort", "Ordering"),
    ("grouping_operation", "aggregate", "Grouping"),
    ("temporary_table", "materialize", "Temporary table"),
    ("window_functions_computation", "window", "Window functions"),
    ("windowing", "window", "Windowing"),
    ("duplicates_removal", "unique", "Duplicate removal"),
    ("duplicate_removal", "unique", "Duplicate removal"),
    ("union_result", "append", "Union"),
    ("recursive_union", "append", "Recursive union"),
    ("except_result", "append", "Except"),
    ("intersect_result", "append", "Intersect"),
    ("unit_result", "append", "Set operation"),
)
"""Objects that stand for a step, with what is inside them below it."""

PASSED = ("read_sorted_file", "query_block", "expression_cache", "insert_from", "buffer_result", "materialized")
"""Objects that only hold others."""

DETAILS = (
    "sort_key", "r_sort_mode", "r_limit", "r_buffer_size", "r_used_priority_queue", "join_type", "buffer_type",
    "first_match", "loose_scan", "start_temporary", "distinct", "not_exists", "key_length", "mrr_type",
    "using_temporary_table", "using_filesort", "message", "having_condition", "r_hit_ratio", "partitions",
)  # fmt: skip
"""Facts of a node that are kept as they are, under the server's names."""


NATIVE = {
    "ALL": "Table scan",
    "index": "Index scan",
    "range": "Index range scan",
    "ref": "Index lookup",
    "ref_or_null": "Index lookup",
    "eq_ref": "Single-row index lookup",
    "const": "Constant row",
    "system": "Constant row",
    "index_merge": "Index merge",
    "fulltext": "Full-text search",
    "index_subquery": "Index lookup",
    "unique_subquery": "Single-row index lookup",
    "hash_ALL": "Table scan",
}
"""What the words of ``access_type`` are called where a plan is a tree of steps."""

WRITES = ("update", "delete", "insert", "replace")


def tree(document: Node, query: Rewritten) -> Access:
    """The plan as a tree."""
    return _Reader(query).inside(document["query_block"])


def changing(plan: Access) -> Access:
    """The plan of a statement that changes rows, with the change on top, where the server does not say so."""
    return plan if plan.operation == "modify" else _above("modify", "Change", {}, plan)


def giving(plan: Access, sent: float | None) -> Access:
    """The plan of a query that gives so many rows; above a table that gives others stands what no plan shows."""
    shown = plan.entity is None or plan.rows_returned == sent
    return replace(plan if shown else _above("other", "Result", {}, plan), rows_returned=sent)


class _Reader:
    """One plan, and what the server made of its query."""

    def __init__(self, query: Rewritten) -> None:
        self._query = query

    def inside(self, node: Node) -> Access:
        """What an object holds, as one node: a step, a join, a table; sub-selects beside it come below it."""
        found, below = self._step(node), tuple(self._subqueries(node))
        return replace(
            found,
            filter=found.filter or node.get("having_condition"),
            cost=_number(node.get("cost") or node.get("cost_info", {}).get("query_cost")) or found.cost,
            pages_read=_pages(below, found.pages_read),
            children=(*found.children, *below),
        )

    def _subqueries(self, node: Node) -> Iterator[Access]:
        for key, value in node.items():
            if key.endswith("subqueries"):
                for part in value:
                    below = self.inside(part)
                    yield replace(below, detail=(*below.detail, ("Parent Relationship", "subquery")))

    def _step(self, node: Node) -> Access:
        if "insert_from" in node and "table" in node:
            written = self._table(node["table"])
            return _above("modify", written.native, {}, self.inside(node["insert_from"]), written.entity)
        for key, operation, native in INNER:
            if key in node:
                return self._inner(node[key], operation, native)
        for key, read in (
            ("nested_loop", self._joined),
            ("block-nl-join", self._buffered),
            ("query_specifications", lambda parts: self._appended({"query_specifications": parts})),
            ("table", self._table),
        ):
            if key in node:
                return read(node[key])
        held = next((node[key] for key in PASSED if key in node), None)
        return Access("values", str(node.get("message", "No tables used"))) if held is None else self.inside(held)

    def _inner(self, node: Node, operation: Operation, native: str) -> Access:
        if "query_specifications" in node:
            return replace(self._appended(node), native=native)
        below = self.inside(node)
        for sort in node.get("sorts", ()):
            below = _above("sort", "Filesort", sort.get("filesort", {}), below)
        return _above(operation, native, node, below)

    def _appended(self, node: Node) -> Access:
        children = tuple(self.inside(part) for part in node["query_specifications"])
        loops = node.get("r_loops")
        return Access(
            operation="append",
            native="Union",
            loops=int(loops or 1),
            rows_returned=_whole(node.get("r_rows"), loops),
            pages_read=_pages(children),
            elapsed_ms=_sum(child.elapsed_ms for child in children),
            children=children,
        )

    def _joined(self, nodes: Sequence[Node]) -> Access:
        """Tables in the order in which they are joined, each to all before it."""
        first, *others = (self.inside(node) for node in nodes)
        for node, right in zip(nodes[1:], others, strict=True):
            kind = self._kind(node)
            first = Access(
                operation="hash join" if "BNLH" in dict(right.detail).get("join type", "") else "nested loop",
                native="Join",
                rows_expected=right.rows_expected,
                rows_returned=right.rows_returned if kind == "Inner" else None,
                pages_read=_pages((first, right)),
                elapsed_ms=_sum((first.elapsed_ms, right.elapsed_ms)),
                detail=(("Join Type", kind),),
                children=(first, right),
            )
        return first

    def _kind(self, node: Node) -> str:
        """What a join to this table is: the plan itself says only of some."""
        table = _table_in(node)
        if table.get("not_exists"):
            return "Anti"
        return "Semi" if table.get("first_match") else self._query.join(table.get("table_name"))

    def _buffered(self, node: Node) -> Access:
        """A table that is read for a buffer of rows: the join's condition is tested on each pair of rows."""
        table = self._table(node["table"])
        pairs, passed = _total(node.get("r_effective_rows"), node.get("r_loops")), node.get("r_filtered")
        return replace(
            table,
            filter=node.get("attached_condition") or table.filter,
            rows_returned=None if pairs is None or passed is None else _whole(pairs * passed / 100, 1),
            detail=(*table.detail, *_detail(node)),
        )

    def _table(self, node: Node) -> Access:
        written = next((word for word in WRITES if node.get(word)), "")
        name = str(node.get("table_name", ""))
        entity = self._query.entities.get(name) or (name if name and not name.startswith("<") else None)
        if "access_type" not in node or written in {"insert", "replace"}:
            if entity is None:
                return Access("values", str(node.get("message", "No tables used")))
            return Access("modify", (written or "insert").title(), entity)
        table = self._read(node, entity)
        return _above("modify", written.title(), {}, table, entity) if written else table

    def _read(self, node: Node, entity: str | None) -> Access:
        """A table that is read. A constant row is read once, before anything is counted."""
        access = str(node["access_type"])
        constant = access in CONSTANT
        loops = 1 if constant else node.get("r_loops", 1)
        read = _whole(1.0 if constant and "r_loops" in node else node.get("r_rows"), loops)
        passed = node.get("r_filtered")
        below = tuple(self._below(node))
        return Access(
            operation=_operation(node, entity),
            native=NATIVE.get(access, access),
            entity=entity,
            index=node.get("key") if entity else None,
            condition=_condition(node),
            filter=node.get("attached_condition"),
            loops=int(loops or 1),
            rows_expected=_expected(node, max(loops or 1, 1)),
            rows_returned=None if read is None else _whole(read * (100 if passed is None else passed) / 100, 1),
            rows_read=read,
            pages_read=_pages(below, node.get("r_engine_stats", {}).get("pages_accessed")),
            elapsed_ms=_sum((node.get("r_table_time_ms"), node.get("r_other_time_ms"))),
            cost=_number(node.get("cost") or node.get("cost_info", {}).get("prefix_cost")),
            detail=tuple(_detail(node)),
            children=below,
        )

    def _below(self, node: Node) -> Iterator[Access]:
        """What a table is made of (a derived one), and further indexes that are gone through."""
        for key in ("materialized", "materialized_from_subquery"):
            if key in node:
                yield _above("materialize", "Materialize", {}, self.inside(node[key]))
        name = self._query.entities.get(node.get("table_name", ""), node.get("table_name"))
        for index, columns in _merged(node):
            yield Access("bitmap index scan", "Index range scan", name, index, f"on ({', '.join(columns)})")
        yield from self._subqueries(node)


def _above(operation: Operation, native: str, node: Node, below: Access, entity: str | None = None) -> Access:
    """A step that works on the rows of the one below it."""
    loops = node.get("r_loops")
    rows = node.get("r_output_rows")
    limit = node.get("r_limit")
    return Access(
        operation=operation,
        native=native,
        entity=entity,
        loops=int(loops or 1),
        rows_expected=below.rows_expected if operation == "sort" else None,
        rows_returned=_whole(rows if rows is None or limit is None else min(rows, limit), loops),
        pages_read=below.pages_read,
        elapsed_ms=_sum((node.get("r_total_time_ms"), below.elapsed_ms)),
        cost=below.cost,
        detail=tuple(_detail(node)),
        children=(below,),
    )


def _operation(node: Node, entity: str | None) -> Operation:
    if entity is None:
        return "subquery"  # <derived2>, <subquery2>: a temporary table of the server's own
    if "index_merge" in node:
        return "bitmap heap scan"
    if "key" not in node:
        return "scan"
    covering = node.get("using_index") or node.get("using_index_for_group_by")
    return "index only scan" if covering and node["access_type"] not in CONSTANT else "index scan"


def _condition(node: Node) -> str | None:
    """What the index answers. Of a range the columns are told, and the condition with all that is tested besides."""
    columns = node.get("used_key_parts", ())
    if node["access_type"] == "index" or not columns:
        return None
    if "ref" in node and node["access_type"] != "range":
        pairs = zip(columns, node["ref"], strict=False)
        return " and ".join(f"{column} = {other}" for column, other in pairs)
    return str(node.get("index_condition") or node.get("attached_condition") or f"on ({', '.join(columns)})")


def _merged(node: Node) -> Iterator[tuple[str, Sequence[str]]]:
    """The indexes of an index merge, or of a filter by row number, with their columns."""
    for key in ("index_merge", "rowid_filter"):
        yield from _ranges(node.get(key))


def _ranges(held: object) -> Iterator[tuple[str, Sequence[str]]]:
    if isinstance(held, Mapping):
        if "key" in held:
            yield held["key"], held.get("used_key_parts", ())
        held = list(held.values())
    for part in held if isinstance(held, list) else ():
        if isinstance(part, Mapping | list):
            yield from _ranges(part)


def _table_in(node: Node) -> Node:
    """The table that an element of a join stands for."""
    while "table" not in node:
        inner = next((v for v in node.values() if isinstance(v, Mapping)), None)
        if inner is None:
            return {}
        node = inner
    table: Node = node["table"]
    return table


def _expected(node: Node, loops: float) -> float | None:
    rows = node.get("rows", node.get("rows_examined_per_scan"))
    return None if rows is None else rows * float(node.get("filtered", 100)) / 100 * loops


def _detail(node: Node) -> Iterator[tuple[str, str]]:
    for name in DETAILS:
        value = node.get(name)
        if value is not None and value is not False:
            yield (
                name.removeprefix("r_").replace("_", " "),
                ", ".join(map(str, value)) if isinstance(value, list) else str(value),
            )


def _total(each: float | None, loops: float | None) -> float | None:
    return None if each is None or loops is None else each * loops


def _whole(each: float | None, loops: float | None) -> float | None:
    """Rows in all: an average is cut after some digits, the total is a whole number."""
    total = _total(each, loops)
    return None if total is None else float(round(total))


def _sum(parts: Iterable[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _pages(children: Iterable[Access], own: int | None = None) -> int | None:
    known = [pages for pages in (own, *(child.pages_read for child in children)) if pages is not None]
    return sum(known) if known else None


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))

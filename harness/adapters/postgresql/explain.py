"""A query under EXPLAIN, as a tree of ``Access`` nodes, and how long queries take."""

import json
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus

from harness.adapters.postgresql import grammar
from harness.adapters.postgresql.connection import Connection, gone, rows, run
from harness.adapters.postgresql.names import entity_name
from harness.adapters.postgresql.refusal import refusal, unsendable
from harness.design.model import Statement
from harness.facts import Access, Operation, Refusal
from harness.source import Source

NOWHERE = Source("", 1, 1)

LONGEST_S = 120
"""After that a query is ended: nobody waits for a join without its condition on a million rows."""

OPERATIONS: dict[str, Operation] = {
    "Seq Scan": "scan",
    "Sample Scan": "scan",
    "Foreign Scan": "scan",
    "Index Scan": "index scan",
    "Index Only Scan": "index only scan",
    "Bitmap Index Scan": "bitmap index scan",
    "Bitmap Heap Scan": "bitmap heap scan",
    "Function Scan": "function scan",
    "Table Function Scan": "function scan",
    "Values Scan": "values",
    "Subquery Scan": "subquery",
    "CTE Scan": "subquery",
    "Nested Loop": "nested loop",
    "Hash Join": "hash join",
    "Merge Join": "merge join",
    "Hash": "hash",
    "Sort": "sort",
    "Incremental Sort": "incremental sort",
    "Aggregate": "aggregate",
    "Group": "aggregate",
    "WindowAgg": "window",
    "Unique": "unique",
    "Limit": "limit",
    "Append": "append",
    "Merge Append": "merge append",
    "Materialize": "materialize",
    "Gather": "gather",
    "Gather Merge": "gather",
    "ModifyTable": "modify",
}

SWITCHES = {
    "scan": ("enable_seqscan = off",),
    "index scan": ("enable_indexscan = off",),
    "index only scan": ("enable_indexonlyscan = off",),
    "bitmap index scan": ("enable_bitmapscan = off",),
    "bitmap heap scan": ("enable_bitmapscan = off",),
    "nested loop": ("enable_nestloop = off",),
    "hash join": ("enable_hashjoin = off",),
    "merge join": ("enable_mergejoin = off",),
    "sort": ("enable_sort = off", "enable_incremental_sort = off"),
    "incremental sort": ("enable_incremental_sort = off",),
    "aggregate": ("enable_hashagg = off",),
    "materialize": ("enable_material = off",),
    "gather": ("max_parallel_workers_per_gather = 0",),
}
"""The planner's settings that make an operation unattractive."""

CONDITIONS = ("Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "TID Cond")
FILTERS = ("Filter", "Join Filter", "One-Time Filter")
REMOVED = ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")
PAGES = ("Shared Hit Blocks", "Shared Read Blocks", "Local Hit Blocks", "Local Read Blocks")

DETAILS = (
    "Join Type", "Strategy", "Partial Mode", "Scan Direction", "Parent Relationship", "Subplan Name", "Sort Key",
    "Presorted Key", "Sort Method", "Sort Space Used", "Sort Space Type", "Group Key", "Heap Fetches",
    "Exact Heap Blocks", "Lossy Heap Blocks", "Index Searches", "Hash Batches", "Peak Memory Usage",
    "Workers Planned", "Workers Launched", "Subplans Removed", "CTE Name", "Function Name", "Alias",
    "Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter",
)  # fmt: skip
"""Facts of a node that are kept as they are, under the server's names."""


def explain(connection: Connection, text: str, *, execute: bool, unattractive: Sequence[str]) -> Access | Refusal:
    """The plan of a query. A refusal's lines are counted within ``text``, under an empty path."""
    statement, skipped = bare(text)
    with undone(connection):
        for operation in unattractive:
            for switch in SWITCHES[operation]:
                run(connection, f"SET LOCAL {switch}")
        try:
            return explained(connection, statement, execute=execute)
        except psycopg.Error as error:
            whole = Statement(text, Source("", 1, text.count("\n") + 1))
            return refusal(error, whole, before=len(_before(execute=execute)) - skipped)


def explained(connection: Connection, statement: str, *, execute: bool) -> Access:
    """The plan of a statement, in the transaction that there is; raises what the driver raises."""
    answer = rows(connection, _before(execute=execute) + statement)[0]["QUERY PLAN"]
    return tree(json.loads(answer)[0] if isinstance(answer, str) else answer[0])


def _before(*, execute: bool) -> str:
    options = "ANALYZE, BUFFERS, SETTINGS" if execute else "SETTINGS"
    return f"EXPLAIN ({options}, VERBOSE, FORMAT JSON) "


def bare(text: str) -> tuple[str, int]:
    """The query without EXPLAIN and its options in front, and how many characters those were."""
    lexemes = grammar.lexemes(text)
    if not lexemes or lexemes[0].kind != "EXPLAIN":
        return text, 0
    rest = list(lexemes[1:])
    if rest and rest[0].kind == "(":
        closing = next((i for i, lexeme in enumerate(rest) if lexeme.kind == ")"), len(rest) - 1)
        rest = rest[closing + 1 :]
    while rest and rest[0].kind in {"ANALYZE", "VERBOSE"}:
        rest.pop(0)
    start = rest[0].start if rest else len(text)
    return text[start:], start


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """A transaction that is rolled back; inside another one, to a savepoint."""
    outer = connection.info.transaction_status is not TransactionStatus.IDLE
    run(connection, "SAVEPOINT harness_look" if outer else "BEGIN")
    run(connection, f"SET LOCAL statement_timeout = '{LONGEST_S}s'")
    try:
        yield
    finally:
        if not connection.broken:
            run(connection, "ROLLBACK TO SAVEPOINT harness_look" if outer else "ROLLBACK")
            if outer:
                run(connection, "RELEASE SAVEPOINT harness_look")


def tree(document: dict[str, Any]) -> Access:
    """The plan in EXPLAIN's JSON (one element of its list) as a tree."""
    root = _node(document["Plan"], heap=None)
    facts = {"planning_ms": document.get("Planning Time"), "execution_ms": document.get("Execution Time")}
    settings = document.get("Settings", {})
    extra = [(name, str(value)) for name, value in (*facts.items(), *settings.items()) if value is not None]
    return _with_detail(root, extra)


def _with_detail(node: Access, extra: Sequence[tuple[str, str]]) -> Access:
    return replace(node, detail=(*node.detail, *extra))


def _node(plan: dict[str, Any], heap: str | None) -> Access:
    """One node. ``heap`` is the table of the bitmap scan above: a bitmap index scan does not name it itself."""
    native = plan["Node Type"]
    entity = _entity(plan) or (heap if native == "Bitmap Index Scan" else None)
    loops = plan.get("Actual Loops")
    returned = _total(plan.get("Actual Rows"), loops)
    removed = sum(plan.get(name, 0) for name in REMOVED)
    passed = entity if native == "Bitmap Heap Scan" else heap
    return Access(
        operation=OPERATIONS.get(native, "other"),
        native=native,
        entity=entity,
        index=plan.get("Index Name"),
        condition=_first(plan, CONDITIONS),
        filter=_first(plan, FILTERS),
        loops=1 if loops is None else loops,
        rows_expected=_total(plan.get("Plan Rows"), 1 if loops is None else max(loops, 1)),
        rows_returned=returned,
        rows_read=None if returned is None else returned + removed * loops,
        pages_read=sum(plan.get(name, 0) for name in PAGES) if PAGES[0] in plan else None,
        elapsed_ms=_total(plan.get("Actual Total Time"), loops),
        cost=plan.get("Total Cost"),
        detail=tuple((name, _said(plan[name])) for name in DETAILS if plan.get(name) not in (None, 0)),
        children=tuple(_node(child, passed) for child in plan.get("Plans", ())),
    )


def _entity(plan: dict[str, Any]) -> str | None:
    return entity_name(plan.get("Schema", ""), plan["Relation Name"]) if "Relation Name" in plan else None


def _total(each: float | None, loops: int | None) -> float | None:
    """EXPLAIN gives averages per loop (in whole rows before PostgreSQL 18)."""
    return None if each is None or loops is None else each * loops


def _first(plan: dict[str, Any], names: Sequence[str]) -> str | None:
    return next((str(plan[name]) for name in names if name in plan), None)


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def timings(connection: Connection, texts: Sequence[str]) -> tuple[float, ...]:
    """Milliseconds from sending to the last row received; NaN for a text that the server refused."""
    return tuple(_timed(connection, text) for text in texts)


def _timed(connection: Connection, text: str) -> float:
    """The simple protocol, as the text stands; the transaction around it is not timed."""
    if unsendable(Statement(text, NOWHERE)) is not None:
        return math.nan
    sent = text.encode()
    with undone(connection):
        started = time.perf_counter()
        result = connection.pgconn.exec_(sent)
        elapsed = time.perf_counter() - started
        if failure := gone(connection):
            raise failure
    taken = result.status in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK, ExecStatus.EMPTY_QUERY}
    return elapsed * 1000 if taken else math.nan

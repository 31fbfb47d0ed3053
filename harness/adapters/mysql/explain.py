"""A query under EXPLAIN, as a tree of ``Access`` nodes.

Each engine tells a plan in JSON of its own (``iterators``, ``blocks``). Pages are read requests to InnoDB's buffer
pool. MariaDB counts them by table; MySQL only all together, so that nothing else may go on there. Nothing stays of what
is executed, but that numbers which an INSERT took from an AUTO_INCREMENT are gone.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from pymysql.constants.SERVER_STATUS import SERVER_STATUS_IN_TRANS
from pymysql.err import MySQLError

from harness.adapters.mysql import blocks, iterators
from harness.adapters.mysql.connection import Connection, rows, run
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.forced import forced
from harness.adapters.mysql.grammar import lexemes
from harness.adapters.mysql.missed import CONSTANT, missed
from harness.adapters.mysql.names import qualified
from harness.adapters.mysql.refusal import refusal
from harness.adapters.mysql.rewritten import Rewritten, rewritten
from harness.design.model import Statement
from harness.facts import Access, Refusal
from harness.source import Source

PAGES, SENT, COST = "Innodb_buffer_pool_read_requests", "Rows_sent", "Last_query_cost"
HANDLER = "Handler_read_"
COUNTERS = (
    f"SHOW SESSION STATUS WHERE Variable_name IN ('{PAGES}', '{SENT}', '{COST}') OR Variable_name LIKE '{HANDLER}%'"
)

READS = "Handler reads"
"""The detail of an executed plan with the rows and keys that this session asked the storage engine for. Pages of the
buffer pool are counted for the whole server, with what purge and flushing read; these are the statement's alone."""

QUERIES = frozenset({"SELECT", "WITH", "TABLE", "VALUES", "("})
CHANGES = frozenset({"UPDATE", "DELETE", "INSERT", "REPLACE"})


def explain(
    connection: Connection, text: str, flavour: Flavour, *, execute: bool, unattractive: Sequence[str] = ()
) -> Access | Refusal:
    """The plan of a query. A refusal's lines are counted within ``text``, under an empty path."""
    statement = _bare(text)
    tell = TOLD[flavour.name]
    with _undone(connection):
        try:
            if unattractive:
                statement = forced(statement, unattractive, lambda table: _indexes(connection, table))
            look = _Look(connection, statement)
            return look.with_missed(tell(look, execute))
        except MySQLError as error:
            return refusal(error, Statement(text, Source("", 1, text.count("\n") + 1)))


def _bare(text: str) -> str:
    """The query without EXPLAIN and its options in front, on the lines on which it stands."""
    found = lexemes(text)
    if not found or found[0].upper not in {"EXPLAIN", "DESCRIBE", "DESC", "ANALYZE"}:
        return text
    start = next((lexeme.start for lexeme in found[1:] if lexeme.upper in QUERIES | CHANGES), found[0].start)
    return "\n" * text.count("\n", 0, start) + text[start:]


def _indexes(connection: Connection, table: str) -> tuple[str, ...]:
    """The indexes of a table that a hint may name; none for what is no table."""
    try:
        found = rows(connection, f"SHOW INDEX FROM {qualified(table)}")
    except MySQLError:
        return ()
    usable = (row for row in found if row.get("Visible", "YES") == "YES" and row.get("Ignored", "NO") == "NO")
    return tuple(dict.fromkeys(str(row["Key_name"]) for row in usable if row["Index_type"] in {"BTREE", "HASH"}))


TEXT = re.compile(r"""^(\s*"\w+": )"(.*)"(,?)$""", re.MULTILINE)


def _read(text: str) -> dict[str, Any]:
    """A plan's JSON; MariaDB (10.11, 11.8) writes conditions into it as they stand, quotes and backslashes included."""
    try:
        found: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError:
        found = json.loads(TEXT.sub(lambda line: f"{line[1]}{json.dumps(line[2])}{line[3]}", text))
    return found


class _Look:
    """One statement, looked at in a transaction that is rolled back."""

    def __init__(self, connection: Connection, statement: str) -> None:
        self.connection = connection
        self.statement = statement
        self.database = str(rows(connection, "SELECT DATABASE() AS name")[0]["name"])
        words = [lexeme.upper for lexeme in lexemes(statement)]
        first = next((word for word in words if word != "("), "")
        later = words if first == "WITH" else ()
        self.changes = first in CHANGES or (bool(CHANGES & set(later)) and "FOR UPDATE" not in " ".join(later))

    def document(self, before: str) -> dict[str, Any]:
        """The JSON that an EXPLAIN answers."""
        answer = rows(self.connection, f"{before} {self.statement}")
        return _read(str(next(iter(answer[0].values()))))

    def counters(self) -> dict[str, float]:
        """The server's counters, by name."""
        return {str(row["Variable_name"]): float(row["Value"]) for row in rows(self.connection, COUNTERS)}

    def since(self, before: dict[str, float]) -> tuple[dict[str, float], tuple[tuple[str, str], ...]]:
        """The counters now, and as a detail what was read since; what asking for them reads itself does not count."""
        now = self.counters()
        again = self.counters()
        read = sum(2 * value - before[name] - again[name] for name, value in now.items() if name.startswith(HANDLER))
        return now, ((READS, f"{max(read, 0):.0f}"),)

    def noted(self) -> str:
        """What the optimizer made of the query explained last: the server's note on it."""
        warnings = rows(self.connection, "SHOW WARNINGS")
        return next((str(row["Message"]) for row in warnings if row["Code"] == 1003), "")

    def with_missed(self, plan: Access) -> Access:
        """The plan; where there is none for want of a constant row, with the keys by which rows were looked for."""
        told = (plan.native, *(value for _, value in plan.detail))
        if plan.operation != "values" or not any(CONSTANT in text for text in told):
            return plan
        return replace(plan, children=missed(self.connection, self.statement))


def _mysql(look: _Look, execute: bool) -> Access:
    """The iterators, and the tables that are in none of them. A change is planned, and run by itself if it is to be."""
    run(look.connection, "SET SESSION explain_json_format_version = 1")
    before = look.document("EXPLAIN FORMAT=JSON")
    query = rewritten(look.noted(), look.database)
    if look.changes:
        plan = blocks.changing(blocks.tree(before, query))
        return _changed(look, plan) if execute else plan
    run(look.connection, "SET SESSION explain_json_format_version = 2")
    counters = look.counters()
    document = look.document(f"EXPLAIN {'ANALYZE ' if execute else ''}FORMAT=JSON")
    tree = iterators.tree(document, query, tuple(_constants(before, query)))
    if not execute:
        return tree
    after, reads = look.since(counters)
    return replace(tree, pages_read=int(after[PAGES] - counters[PAGES]), detail=(*tree.detail, *reads))


def _changed(look: _Look, plan: Access) -> Access:
    """MySQL executes no UPDATE or DELETE of one table under EXPLAIN ANALYZE, so the statement itself is run."""
    counters, started = look.counters(), time.perf_counter()
    affected = run(look.connection, look.statement)
    elapsed = (time.perf_counter() - started) * 1000
    after, reads = look.since(counters)
    pages = int(after[PAGES] - counters[PAGES])
    detail = (*plan.detail, *reads)
    return replace(plan, rows_returned=float(affected), elapsed_ms=elapsed, pages_read=pages, detail=detail)


def _constants(document: Any, query: Rewritten) -> Iterator[iterators.Constant]:
    """The tables of which the optimizer fetches the one row itself, anywhere in a plan of version 1."""
    if isinstance(document, dict):
        if document.get("access_type") in blocks.CONSTANT and not str(document.get("table_name", "<")).startswith("<"):
            name = str(document["table_name"])
            columns = zip(document.get("used_key_parts", ()), document.get("ref", ()), strict=False)
            condition = " and ".join(f"{column} = {other}" for column, other in columns)
            entity = query.entities.get(name, name)
            yield iterators.Constant(name, entity, document.get("key"), condition or None, query.join(name))
        document = list(document.values())
    for part in document if isinstance(document, list) else ():
        yield from _constants(part, query)


def _mariadb(look: _Look, execute: bool) -> Access:
    """The blocks of the query. ANALYZE leaves no note, so EXPLAIN comes first; the plan is one more row sent."""
    rows(look.connection, f"EXPLAIN EXTENDED {look.statement}")
    query = rewritten(look.noted(), look.database)
    before = look.counters()
    document = look.document("ANALYZE FORMAT=JSON" if execute else "EXPLAIN FORMAT=JSON")
    after, reads = look.since(before)
    tree = blocks.tree(document, query)
    tree = blocks.changing(tree) if look.changes else tree
    cost = tree.cost if tree.cost is not None else after[COST]
    if not execute:
        return replace(tree, cost=cost)
    sent = tree.rows_returned if look.changes else after[SENT] - before[SENT] - 1
    tree = blocks.giving(tree, sent)
    return replace(
        tree,
        cost=cost,
        detail=(*tree.detail, *reads),
        pages_read=int(after[PAGES] - before[PAGES]) if tree.pages_read is None else tree.pages_read,
        elapsed_ms=document["query_block"].get("r_total_time_ms", tree.elapsed_ms),
    )


TOLD: dict[str, Callable[[_Look, bool], Access]] = {"mysql": _mysql, "mariadb": _mariadb}


@contextmanager
def _undone(connection: Connection) -> Iterator[None]:
    """A transaction that is rolled back; inside another one, to a savepoint."""
    outer = bool(connection.server_status & SERVER_STATUS_IN_TRANS)  # type: ignore[attr-defined]  # not in the stubs
    run(connection, "SAVEPOINT harness_look" if outer else "START TRANSACTION")
    try:
        yield
    finally:
        if connection.open:
            run(connection, "ROLLBACK TO SAVEPOINT harness_look" if outer else "ROLLBACK")

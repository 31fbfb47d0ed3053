"""A migration step by step, what brings a statement to a stop, and what is left of one that was cut off."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from time import perf_counter
from typing import Any

import psycopg
from postgast import pg_query_pb2 as pb
from postgast.walk import unwrap_node
from psycopg.pq import TransactionStatus

from harness.abilities import Remain
from harness.adapters.postgresql import grammar
from harness.adapters.postgresql.connection import Connection, rows, run
from harness.adapters.postgresql.names import qualified, quoted
from harness.adapters.postgresql.refusal import refusal
from harness.adapters.postgresql.sending import sent
from harness.adapters.postgresql.transactions import borders
from harness.design.model import Statement
from harness.errors import ServerError
from harness.facts import Effect, Refusal

REMAINS = """
SELECT 'invalid index' AS kind, c.relname AS name
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE c.relkind = 'i' AND NOT (i.indisvalid AND i.indisready AND i.indislive)
UNION ALL
SELECT 'temporary table', c.relname FROM pg_catalog.pg_class c WHERE c.relpersistence = 't' AND c.relkind = 'r'
UNION ALL
SELECT 'prepared transaction', gid FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()
UNION ALL
SELECT CASE WHEN wait_event_type = 'Lock' THEN 'waiting session' ELSE 'session' END, query
FROM pg_catalog.pg_stat_activity
WHERE datname = current_database() AND pid <> pg_catalog.pg_backend_pid() AND backend_type = 'client backend'
"""


def steps(connection: Connection, statements: Sequence[Statement], timeout_s: float) -> Iterator[Effect]:
    """See ``Stepwise.steps``."""
    run(connection, f"SET statement_timeout = {max(1, round(timeout_s * 1000))}")
    if borders(tuple(statements)).together:
        run(connection, "BEGIN")
    for statement in statements:
        started = perf_counter()
        refused = sent(connection, statement)
        yield Effect(statement, perf_counter() - started, refusal=refused)
        if refused is not None:
            break
    if connection.info.transaction_status is TransactionStatus.INTRANS:
        run(connection, "COMMIT")
    elif connection.info.transaction_status is not TransactionStatus.IDLE:
        run(connection, "ROLLBACK")
    run(connection, "DISCARD ALL")


def remains(connection: Connection) -> tuple[Remain, ...]:
    """See ``Remaining.remains``."""
    return tuple(Remain(row["kind"], row["name"]) for row in rows(connection, REMAINS))


@contextmanager
def holding(connection: Connection, entity: str, *, writing: bool) -> Iterator[None]:
    """See ``Holding.holding``. The reader has a snapshot too, as a report that runs for hours has."""
    run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ")
    if writing:
        run(connection, f"LOCK TABLE {qualified(entity)} IN ROW EXCLUSIVE MODE")
    else:
        run(connection, f"SELECT 1 FROM {qualified(entity)} LIMIT 1")
    try:
        yield
    finally:
        with suppress(ServerError, psycopg.Error):  # the server may have been killed meanwhile
            run(connection, "ROLLBACK")


@contextmanager
def delaying(connection: Connection, statement: Statement) -> Iterator[bool]:
    """What works CONCURRENTLY waits, between its transactions, for everybody who may write to the table."""
    table = _worked_on_concurrently(connection, statement)
    if table is None:
        yield False
        return
    run(connection, "BEGIN")
    run(connection, f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")
    try:
        yield True
    finally:
        with suppress(ServerError, psycopg.Error):
            run(connection, "ROLLBACK")


def _worked_on_concurrently(connection: Connection, statement: Statement) -> str | None:
    """The table of an index that is made or dropped concurrently."""
    try:
        node: Any = unwrap_node(grammar.parse(statement.text).tree.stmts[0].stmt)
    except (grammar.Unparsable, IndexError):
        return None
    if isinstance(node, pb.IndexStmt) and node.concurrent:
        return ".".join(quoted(part) for part in (node.relation.schemaname, node.relation.relname) if part)
    if isinstance(node, pb.DropStmt) and node.concurrent:
        name = ".".join(quoted(part.string.sval) for part in node.objects[0].list.items)
        found = rows(
            connection,
            "SELECT indrelid::regclass::text AS name FROM pg_catalog.pg_index "
            "WHERE indexrelid = pg_catalog.to_regclass(%s)",
            [name],
        )
        return found[0]["name"] if found else None
    return None


def digest(connection: Connection, entity: str) -> str:
    """See ``Digesting.digest``: the number of rows, and the sum of a 64-bit hash of each row's text."""
    query = f"SELECT count(*) AS n, sum(hashtextextended(t::text, 0)::numeric) AS h FROM {qualified(entity)} AS t"
    (row,) = rows(connection, query)
    return f"{row['n']} rows, {row['h'] or 0}"


def tried(connection: Connection, text: str, statement: Statement) -> Refusal | None:
    """See ``Executing.tried``."""
    run(connection, "BEGIN")
    try:
        run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
        run(connection, text)
    except psycopg.Error as error:
        return refusal(error, statement)
    finally:
        if not connection.broken:
            run(connection, "ROLLBACK")
    return None

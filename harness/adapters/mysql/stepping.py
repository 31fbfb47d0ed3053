"""A migration step by step, a table that is held, and what is left of a migration that was cut off."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from time import perf_counter

from pymysql.err import MySQLError

from harness.abilities import Remain
from harness.adapters.mysql.connection import Connection, code, opened, rows, run
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.names import qualified
from harness.adapters.mysql.refusal import refusal
from harness.adapters.mysql.sending import sent
from harness.adapters.mysql.sessions import others
from harness.design.model import Statement
from harness.errors import ServerError
from harness.facts import Effect, Refusal
from harness.servers.model import Address

DENIED = frozenset({1227, 1401, 1235})
"""The view or statement asks for a right that this account has not (PROCESS, XA_RECOVER_ADMIN)."""


def steps(database: Address, flavour: Flavour, statements: Sequence[Statement], timeout_s: float) -> Iterator[Effect]:
    """See ``Stepwise.steps``. A statement may take as long as it takes where the engine knows no limit."""
    with closing(_own(database, flavour, timeout_s)) as own:
        refused = None
        for statement in statements:
            started = perf_counter()
            refused = sent(own, statement)
            yield Effect(statement, perf_counter() - started, refusal=refused)
            if refused is not None:
                break
        run(own, "COMMIT" if refused is None else "ROLLBACK")


def _own(database: Address, flavour: Flavour, timeout_s: float) -> Connection:
    own = opened(database, flavour, limit_s=timeout_s)
    wait = max(1, round(timeout_s))
    run(own, f"SET SESSION lock_wait_timeout = {wait}, SESSION innodb_lock_wait_timeout = {wait}")
    return own


def remains(connection: Connection, flavour: Flavour, database: str) -> tuple[Remain, ...]:
    """See ``Remaining.remains``. A name that begins with ``#sql`` is a table that an ALTER was building."""
    sessions = others(connection, flavour, database)
    told = [Remain("waiting session" if "lock" in each.state.lower() else "session", each.text) for each in sessions]
    # MySQL's list of tables waits for whoever waits for one of them (9.7), and so would this look.
    waiting = any(each.kind == "waiting session" for each in told)
    tables = () if waiting else _tables_in_the_making(connection, flavour)
    prepared = _allowed(connection, "XA RECOVER")
    return (
        *(Remain("temporary table", row["name"].partition("/")[2]) for row in tables),
        *(Remain("prepared transaction", str(row["data"])) for row in prepared),
        *told,
    )


def _tables_in_the_making(connection: Connection, flavour: Flavour) -> Sequence[dict[str, str]]:
    return _allowed(
        connection,
        f"SELECT name AS name FROM information_schema.{flavour.storage_view} "
        "WHERE name LIKE CONCAT(DATABASE(), '/#sql%%')",
    )


def _allowed(connection: Connection, text: str) -> Sequence[dict[str, str]]:
    try:
        return rows(connection, text.replace("%%", "%"))
    except MySQLError as error:
        if code(error) not in DENIED:
            raise
        return ()


@contextmanager
def holding(connection: Connection, entity: str, *, writing: bool) -> Iterator[None]:
    """See ``Holding.holding``: the metadata lock of what was read or written stays until the transaction ends."""
    run(connection, "START TRANSACTION")
    if writing:
        run(connection, f"SELECT 1 FROM {qualified(entity)} LIMIT 1 FOR UPDATE")
    else:
        run(connection, f"SELECT 1 FROM {qualified(entity)} LIMIT 1")
    try:
        yield
    finally:
        with suppress(ServerError, MySQLError, OSError):  # the server may have been killed meanwhile
            run(connection, "ROLLBACK")


def tried(connection: Connection, text: str, statement: Statement) -> Refusal | None:
    """See ``Executing.tried``. Only for what changes rows: the server commits what changes the schema."""
    run(connection, "START TRANSACTION")
    try:
        run(connection, text)
    except MySQLError as error:
        return refusal(error, statement)
    finally:
        if connection.open:
            run(connection, "ROLLBACK")
    return None

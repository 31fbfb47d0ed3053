"""Sending as an application does, and looking at who waits for which lock meanwhile.

That a session waits for a metadata lock is told by its state, on every server; which lock it is, and who holds what,
only where metadata locks are instrumented (always in MySQL, in MariaDB where the performance schema is on).
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, rows, run
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.load import NOWHERE
from harness.adapters.mysql.refusal import refusal
from harness.design.model import Statement
from harness.facts import Refusal
from harness.watching import Holding, Look, Waiting

METADATA = """
SELECT t.processlist_id AS session, l.object_name AS relation, l.lock_type AS mode, l.lock_status AS status
FROM performance_schema.metadata_locks l
JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
WHERE l.object_schema = DATABASE()
  AND l.object_type = 'TABLE'
  AND t.processlist_id <> CONNECTION_ID()
  AND l.object_name NOT LIKE '#sql%'
"""

ROW_WAITS = "SELECT trx_mysql_thread_id AS session FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"

ROW = "row lock"

ROWS_EVERY_S = 0.12
"""InnoDB shows its transactions as they were until nobody has looked for a tenth of a second (trx0i_s.cc)."""


class RowWaits:
    """Who waits for a row: asked now and then, and true from then on for as long as anybody waits for one."""

    def __init__(self) -> None:
        self._asked = 0.0
        self._sessions: frozenset[int] = frozenset()

    def now(self, connection: Connection) -> frozenset[int]:
        """The numbers of the sessions."""
        waits = rows(connection, "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'")
        if not waits or not int(waits[0]["Value"]):
            self._sessions = frozenset()
        elif time.perf_counter() - self._asked > ROWS_EVERY_S:
            self._sessions = frozenset(row["session"] for row in rows(connection, ROW_WAITS))
            self._asked = time.perf_counter()
        return self._sessions


def patient(connection: Connection, timeout_s: float) -> None:
    """See ``Working.patient``: what takes long here is waiting."""
    seconds = max(1, round(timeout_s))
    run(connection, f"SET SESSION lock_wait_timeout = {seconds}, SESSION innodb_lock_wait_timeout = {seconds}")


def send(connection: Connection, texts: Sequence[str]) -> Refusal | None:
    """See ``Working.send``."""
    sent = texts[0] if texts else ""
    try:
        if len(texts) != 1:
            run(connection, "START TRANSACTION")
        for sent in texts:
            run(connection, sent)
        if len(texts) != 1:
            run(connection, "COMMIT")
    except MySQLError as error:
        run(connection, "ROLLBACK")
        return refusal(error, Statement(sent, NOWHERE))
    return None


def look(connection: Connection, flavour: Flavour, row_waits: RowWaits, sessions: Sequence[int], *, disk: bool) -> Look:
    """See ``Working.look``."""
    ours = set(sessions)
    locks = rows(connection, METADATA)
    holding = (r for r in locks if r["status"] == "GRANTED" and r["session"] not in ours)
    waiting = tuple(_waiting(connection, flavour, locks))
    return Look(
        waiting=(
            *(each for each in waiting if each.session in ours),
            *(Waiting(session, "", ROW) for session in row_waits.now(connection) if session in ours),
        ),
        holding=tuple(Holding(r["session"], r["relation"], r["mode"]) for r in holding),
        pending=tuple(each for each in waiting if each.session not in ours),
        log_bytes=_log(connection, flavour),
        disk_bytes=_disk(connection, flavour) if disk else None,
    )


def _waiting(connection: Connection, flavour: Flavour, locks: Sequence[dict[str, Any]]) -> Iterator[Waiting]:
    states = rows(
        connection,
        f"SELECT id AS session, state AS state FROM {flavour.processlist} "
        "WHERE state LIKE 'Waiting for % lock' AND db = DATABASE()",
    )
    wanted = {r["session"]: r for r in locks if r["status"] == "PENDING"}
    for row in states:
        lock = wanted.get(row["session"])
        yield Waiting(row["session"], *((lock["relation"], lock["mode"]) if lock else ("", row["state"])))


def _log(connection: Connection, flavour: Flavour) -> int | None:
    found = rows(connection, f"SHOW GLOBAL STATUS LIKE '{flavour.log_position}'")
    return int(found[0]["Value"]) if found else None


def _disk(connection: Connection, flavour: Flavour) -> int | None:
    """The files of the database, copies that are being made included; None for a user who may not see them."""
    try:
        (found,) = rows(
            connection,
            f"SELECT SUM(file_size) AS bytes FROM information_schema.{flavour.files_view} "
            "WHERE name LIKE CONCAT(DATABASE(), '/%')",
        )
    except MySQLError:
        return None
    return int(found["bytes"]) if found["bytes"] is not None else None

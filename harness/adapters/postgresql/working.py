"""Sending as an application does, and looking at who waits for which lock meanwhile."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from harness.adapters.postgresql.connection import Connection, rows, run
from harness.adapters.postgresql.load import NOWHERE
from harness.adapters.postgresql.names import entity_name
from harness.adapters.postgresql.refusal import refusal
from harness.design.model import Statement
from harness.facts import Refusal
from harness.watching import Holding, Look, Waiting

LOG = "SELECT (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint AS log"
DISK = f"{LOG}, pg_catalog.pg_database_size(pg_catalog.current_database()) AS disk"


@cache
def _look_query() -> str:
    return files(__package__).joinpath("look.sql").read_text(encoding="utf-8")


def patient(connection: Connection, timeout_s: float) -> None:
    """See ``Working.patient``."""
    run(connection, f"SET statement_timeout = {max(1, round(timeout_s * 1000))}")


def send(connection: Connection, texts: Sequence[str]) -> Refusal | None:
    """See ``Working.send``."""
    sent = texts[0] if texts else ""
    try:
        if len(texts) != 1:
            run(connection, "BEGIN")
        for sent in texts:
            run(connection, sent)
        if connection.info.transaction_status is not TransactionStatus.IDLE:
            run(connection, "COMMIT")
    except psycopg.Error as error:
        if connection.info.transaction_status is not TransactionStatus.IDLE:
            run(connection, "ROLLBACK")
        return refusal(error, Statement(sent, NOWHERE))
    return None


def look(connection: Connection, sessions: Sequence[int], *, disk: bool) -> Look:
    """See ``Working.look``. No relation is opened for it, so that it never waits itself."""
    ours = list(sessions)
    found = rows(connection, _look_query(), [ours, ours])
    (gauges,) = rows(connection, DISK if disk else LOG)
    return Look(
        waiting=tuple(_waiting(r) for r in found if r["ours"]),
        holding=tuple(
            Holding(r["session"], entity_name(r["namespace"], r["name"]), r["mode"])
            for r in found
            if r["granted"] and not r["ours"]
        ),
        pending=tuple(_waiting(r) for r in found if not r["granted"] and not r["ours"]),
        log_bytes=gauges["log"],
        disk_bytes=gauges.get("disk"),
    )


def _waiting(row: Mapping[str, Any]) -> Waiting:
    return Waiting(row["session"], entity_name(row["namespace"], row["name"]), row["mode"], tuple(row["behind"]))

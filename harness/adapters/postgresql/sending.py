"""Statements of a script sent to the server: a COPY with its rows, a long list of rows in one text."""

from dataclasses import replace

import psycopg
from psycopg.pq import TransactionStatus

from harness.adapters.postgresql.connection import Connection, run, send
from harness.adapters.postgresql.refusal import refusal, unsendable
from harness.adapters.postgresql.split import SCANNER
from harness.design.model import Statement
from harness.design.place import lines
from harness.facts import Refusal
from harness.underway import sending

POINT = "harness_list"
"""A savepoint of ours."""


def sent(connection: Connection, statement: Statement) -> Refusal | None:
    """Send a statement; what the server refused of it, if anything."""
    refused = unsendable(statement)
    if refused is not None:
        return refused
    with sending(statement):
        return _listed(connection, statement) if statement.several > 1 else _single(connection, statement)


def _single(connection: Connection, statement: Statement) -> Refusal | None:
    try:
        send(connection, statement)
    except psycopg.Error as error:
        return refusal(error, statement)
    return None


def _listed(connection: Connection, statement: Statement) -> Refusal | None:
    """Many statements in one text; after a refusal they are sent one by one, which tells the guilty one.

    Outside of a transaction the server makes one of a text's statements: what it has refused has left nothing.
    """
    inside = connection.info.transaction_status is TransactionStatus.INTRANS
    if inside:
        run(connection, f"SAVEPOINT {POINT}")
    try:
        run(connection, statement.text)
    except psycopg.Error:
        if inside:
            run(connection, f"ROLLBACK TO SAVEPOINT {POINT}; RELEASE SAVEPOINT {POINT}")
        return _one_by_one(connection, statement)
    if inside:
        run(connection, f"RELEASE SAVEPOINT {POINT}")
    return None


def _one_by_one(connection: Connection, statement: Statement) -> Refusal | None:
    place = lines(statement)
    for start, end in SCANNER.singles(statement.text):
        text = statement.text[start:end]
        single = replace(statement, text=text, source=place(start, end), first="", several=1)
        refused = _single(connection, single)
        if refused is not None:
            return refused
    return None

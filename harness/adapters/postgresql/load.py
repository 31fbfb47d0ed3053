"""Rows by COPY, in its binary format where every value has one, made while the server takes the ones before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import attrgetter

import psycopg
from psycopg.copy import QueuedLibpqWriter

from harness.adapters.postgresql import copy_binary
from harness.adapters.postgresql.connection import Connection, answering, rows
from harness.adapters.postgresql.copy_text import texts
from harness.adapters.postgresql.names import qualified, quoted
from harness.design.model import Entity
from harness.engine import Unsatisfied
from harness.facts import Batch, Refusal
from harness.source import Source

NOWHERE = Source("", 1, 1)
"""Generated rows stand on no line."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some rows in one of the two formats."""

    binary: bool
    data: bytes
    rows: int


def load(connection: Connection, entity: Entity, batches: Iterable[Batch]) -> int:
    """Rows written; all of them or, with ``Unsatisfied``, none."""
    try:
        with answering(connection), connection.transaction():
            return copied(connection, entity, batches)
    except psycopg.Error as error:
        raise unsatisfied(entity.name, error) from error


def attempt(connection: Connection, entity: Entity, batch: Batch) -> Refusal | None:
    """What the server says of rows that are taken back in any case; deferred constraints are checked at once."""
    try:
        with answering(connection), connection.transaction(force_rollback=True):
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            copied(connection, entity, [batch])
    except psycopg.Error as error:
        return unsatisfied(entity.name, error).refusal
    return None


def copied(connection: Connection, entity: Entity, batches: Iterable[Batch]) -> int:
    """Rows sent within the transaction that is open; a thread sends what is made here."""
    types = _types(connection, entity)
    written = 0
    for fields, group in groupby(batches, key=attrgetter("fields")):
        names = ", ".join(quoted(name) for name in fields)
        for binary, pieces in groupby(_pieces(entity, types, group), key=attrgetter("binary")):
            statement = f"COPY {qualified(entity.name)} ({names}) FROM STDIN" + (" (FORMAT BINARY)" if binary else "")
            with connection.cursor() as cursor, cursor.copy(statement, writer=QueuedLibpqWriter(cursor)) as copy:
                copy.write(copy_binary.HEADER if binary else b"")
                for piece in pieces:
                    copy.write(piece.data)
                    written += piece.rows
                copy.write(copy_binary.TRAILER if binary else b"")
    return written


@cache
def _types_query() -> str:
    return files(__package__).joinpath("load_types.sql").read_text(encoding="utf-8")


def _types(connection: Connection, entity: Entity) -> dict[str, str]:
    return {row["name"]: row["type"] for row in rows(connection, _types_query(), [qualified(entity.name)])}


def _pieces(entity: Entity, types: dict[str, str], batches: Iterable[Batch]) -> Iterator[_Piece]:
    for batch in batches:
        shapes = [found.shape if (found := entity.field(name)) else None for name in batch.fields]
        kinds = [types.get(name, "") for name in batch.fields]
        try:
            if not kinds or not copy_binary.ENCODERS.keys() >= set(kinds):
                raise copy_binary.Unsuited("a type without a binary form")
            data = b"".join(copy_binary.pieces(batch, kinds, shapes))
            yield _Piece(True, data, batch.rows)
        except copy_binary.Unsuited:
            data = "".join(texts(batch, shapes)).encode()
            yield _Piece(False, data, batch.rows)


def unsatisfied(entity: str, error: psycopg.Error) -> Unsatisfied:
    """The server's refusal of rows, with the constraint and the row in its detail."""
    diag = error.diag
    constraint = f"constraint {diag.constraint_name}" if diag.constraint_name else None
    detail = "; ".join(part for part in (diag.message_detail, constraint, diag.context) if part)
    message = diag.message_primary or str(error).strip()
    return Unsatisfied(entity, Refusal(message, error.sqlstate or "", NOWHERE, detail))

"""Rows by LOAD DATA LOCAL INFILE from a pipe: nothing is written to a disk, and memory does not grow with rows.

With LOCAL the server does not stop at what it cannot take: it leaves the row out, or bends the value, and warns. So it
all stands in a transaction, which is rolled back when there was any warning. Where the server forbids LOCAL, rows are
inserted, many in a statement, at about a third of the speed.
"""

import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from pymysql.err import IntegrityError, MySQLError

from harness.adapters.mysql.connection import Connection, answering, code, opened, rows, run, said
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.load_lines import lines
from harness.adapters.mysql.load_text import NULL, column, expression
from harness.adapters.mysql.names import qualified, quoted
from harness.adapters.mysql.refusal import OWN
from harness.design.model import Entity, Field, Shape
from harness.engine import Unsatisfied
from harness.facts import Batch, Refusal
from harness.servers.model import Address
from harness.source import Source

NOWHERE = Source("", 1, 1)
"""Generated rows stand on no line."""

LOADING = (
    # Strict for every storage engine, with an identity of 0 being a 0, and nothing but real warnings.
    "SET sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO', "
    "sql_notes = 0"
)

INSERTED_ROWS = 500

CONSTRAINT = re.compile(r"for key '(?:[^'.]*\.)?([^']+)'|[Cc]onstraint '([^']+)'|CONSTRAINT `((?:[^`]|``)+)`")
"""Where a message names a key, a CHECK (MySQL), a CHECK (MariaDB) or a foreign key."""


@dataclass(frozen=True, slots=True)
class Target:
    """The columns of a table that are filled."""

    entity: Entity
    names: tuple[str, ...]

    @property
    def fields(self) -> tuple[Field | None, ...]:
        """The columns; None for one that the table does not have."""
        return tuple(self.entity.field(name) for name in self.names)

    @property
    def shapes(self) -> tuple[Shape | None, ...]:
        """What values they take."""
        return tuple(field.shape if field is not None else None for field in self.fields)

    @property
    def expressions(self) -> tuple[str, ...]:
        """The value of each column, of its text ``{}``."""
        srids = (dict(field.options).get("srid") if field is not None else None for field in self.fields)
        return tuple(expression(*pair) or "{}" for pair in zip(self.shapes, srids, strict=True))


def load(database: Address, flavour: Flavour, entity: Entity, batches: Iterable[Batch]) -> int:
    """Rows written; all of them or, with ``Unsatisfied``, none.

    The connection that sends what the server asks for, even if that is a file of this machine, is open only meanwhile.
    """
    with loading(database, flavour, entity) as connection:
        return written(connection, entity, batches)


@contextmanager
def loading(database: Address, flavour: Flavour, entity: Entity, *settings: str) -> Iterator[Connection]:
    """A transaction on a connection of its own in which an entity is filled; ended when all inside went well."""
    with closing(opened(database, flavour, local_infile=True)) as connection:
        for setting in (LOADING, *settings):
            run(connection, setting)
        run(connection, "START TRANSACTION")
        try:
            yield connection
            run(connection, "COMMIT")
        except Exception as error:  # after an interrupt another thread is still at work on it: it is closed at once
            if connection.open:
                run(connection, "ROLLBACK")
            if isinstance(error, MySQLError):
                raise unsatisfied(entity.name, error) from error
            raise


def written(connection: Connection, entity: Entity, batches: Iterable[Batch]) -> int:
    """Rows sent within the transaction that is open."""
    allowed = rows(connection, "SELECT @@local_infile AS allowed")[0]["allowed"]
    write = _by_file if allowed else _by_insert
    groups = groupby(batches, key=attrgetter("fields"))
    return sum(write(connection, Target(entity, names), group) for names, group in groups)


def attempt(connection: Connection, entity: Entity, batch: Batch) -> Refusal | None:
    """What the server says of rows that are taken back in any case; None when it takes them.

    They are inserted as an application would, in the mode of the documents.
    """
    run(connection, "START TRANSACTION")
    try:
        _by_insert(connection, Target(entity, batch.fields), [batch])
    except MySQLError as error:
        return unsatisfied(entity.name, error).refusal
    finally:
        if connection.open:
            run(connection, "ROLLBACK")
    return None


def unsatisfied(entity: str, error: MySQLError) -> Unsatisfied:
    """The server's refusal of rows, with the constraint in its detail."""
    message = OWN.sub("", said(error))
    found = CONSTRAINT.search(message)
    detail = f"constraint {next(filter(None, found.groups()))}" if found else ""
    return Unsatisfied(entity, Refusal(message, str(code(error)), NOWHERE, detail))


def _by_file(connection: Connection, target: Target, batches: Iterable[Batch]) -> int:
    reading, writing = os.pipe()
    sending = _Sending(connection, _statement(target, f"/dev/fd/{reading}"), reading)
    sending.start()
    wanted = 0
    try:
        # The statement failed and nobody reads any more: what it says is raised when it is joined.
        with suppress(BrokenPipeError), os.fdopen(writing, "wb") as pipe:
            for batch in batches:
                wanted += batch.rows
                pipe.writelines(lines(batch, target.shapes))
    finally:
        sending.join()
    sending.tell(wanted)
    return wanted


def _statement(target: Target, path: str) -> str:
    """``LOAD DATA`` with the columns as they are, or through variables where an expression has to be applied."""
    columns, settings = [], []
    for number, (name, value) in enumerate(zip(target.names, target.expressions, strict=True)):
        plain = value == "{}"
        columns.append(quoted(name) if plain else f"@harness_{number}")
        if not plain:
            settings.append(f"{quoted(name)} = {value.format(f'@harness_{number}')}")
    return (
        f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE {qualified(target.entity.name)} CHARACTER SET utf8mb4 "
        f"({', '.join(columns) or '@harness_nothing'})" + (f" SET {', '.join(settings)}" if settings else "")
    )


class _Sending(threading.Thread):
    """The statement that reads from the pipe, run beside the one who fills it."""

    def __init__(self, connection: Connection, statement: str, reading: int) -> None:
        super().__init__(daemon=True)
        self._connection = connection
        self._statement = statement
        self._reading = reading
        self._written = 0
        self._failure: BaseException | None = None

    def run(self) -> None:
        try:
            self._written = run(self._connection, self._statement)
        except BaseException as error:
            self._failure = error
        finally:
            os.close(self._reading)

    def tell(self, wanted: int) -> None:
        """Raise what went wrong: a failure, or the first warning."""
        if self._failure is not None:
            raise self._failure
        warnings = rows(self._connection, "SHOW WARNINGS LIMIT 1")
        if warnings:
            raise IntegrityError(warnings[0]["Code"], warnings[0]["Message"])
        if self._written != wanted:
            raise IntegrityError(0, f"{wanted - self._written} of {wanted} rows were left out without a word")


def _by_insert(connection: Connection, target: Target, batches: Iterable[Batch]) -> int:
    columns = ", ".join(quoted(name) for name in target.names)
    head = f"INSERT INTO {qualified(target.entity.name)} ({columns}) VALUES "
    written = 0
    with answering(connection):
        for part in row_literals(target, batches):
            run(connection, head + ", ".join(f"({', '.join(row)})" for row in part))
            written += len(part)
    return written


def row_literals(target: Target, batches: Iterable[Batch]) -> Iterator[list[tuple[str, ...]]]:
    """Some rows at a time, each as the literals of its values."""
    for batch in batches:
        for start in range(0, batch.rows, INSERTED_ROWS):
            end = min(start + INSERTED_ROWS, batch.rows)
            parts = zip(batch.columns, target.shapes, target.expressions, strict=True)
            columns = [[value.format(_literal(t)) for t in column(c[start:end], shape)] for c, shape, value in parts]
            yield list(zip(*columns, strict=True)) if columns else [()] * (end - start)


def _literal(text: str) -> str:
    """A field of LOAD DATA as SQL: what is escaped for the one is escaped for the other, but for quotes."""
    return "NULL" if text == NULL else "'" + text.replace("'", "''") + "'"

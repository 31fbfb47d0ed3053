"""A database beside the one that is worked on, with empty twins of tables, in which changes of them are tried."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType
from typing import Self

from pymysql.err import MySQLError

from harness.adapters.mysql.answers import answers
from harness.adapters.mysql.connection import Connection, opened, rows, run
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.inspect import showing, text_in
from harness.adapters.mysql.names import quoted
from harness.adapters.mysql.printed import printed
from harness.adapters.mysql.sending import several
from harness.errors import ServerError
from harness.servers.databases import noted
from harness.servers.model import Address

COUNTER = "AUTO_INCREMENT"


class Aside:
    """Made when it is first needed, gone when it is closed: what a change has left is often what its way back needs."""

    def __init__(self, database: Address, flavour: Flavour) -> None:
        self.database = database
        self._flavour = flavour
        self._held = ExitStack()
        self._connection: Connection | None = None
        self._name = ""
        self._spoilt = False

    def __enter__(self) -> Self:
        """Nothing is made yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop it. A server that is gone keeps it; so does the note of it, for the next run."""
        with suppress(MySQLError, ServerError, OSError):
            self._held.close()

    def having(self, tables: Mapping[str, str]) -> Connection:
        """A connection to it with just these tables, by name with the text of each; they are empty."""
        if self._connection is None:
            self._name = f"harness_aside_{secrets.token_hex(4)}"
            self._connection = self._held.enter_context(_made(self.database, self._flavour, self._name))
        connection = self._connection
        names = [str(next(iter(row.values()))) for row in rows(connection, "SHOW TABLES")]
        there = dict.fromkeys(names, "") if self._spoilt else self._texts(connection, names)
        stale = [name for name in names if there[name] != tables.get(name)]
        run(connection, "SET foreign_key_checks = 0")
        if stale:
            run(connection, f"DROP TABLE {', '.join(map(quoted, stale))}")
        for name, text in tables.items():
            if name in stale or name not in there:
                run(connection, text)
        run(connection, "SET foreign_key_checks = 1")
        self._spoilt = False
        return connection

    def spoil(self) -> None:
        """Its tables have something now that their texts do not tell."""
        self._spoilt = True

    def _texts(self, connection: Connection, names: Sequence[str]) -> dict[str, str]:
        with several(connection):
            said = answers(connection, [showing("TABLE", name) for name in names])
        return {n: unnumbered(text_in(each, "TABLE", self._name)) for n, each in zip(names, said, strict=True)}


def unnumbered(text: str) -> str:
    """The text of a table without the next value of its counter, which rows change."""
    if f" {COUNTER}=" not in text:
        return text
    said = printed(text)
    at = next((n for n, lexeme in enumerate(said.options) if lexeme.text == COUNTER), None)
    return text if at is None else text[: said.options[at].start - 1] + text[said.options[at + 2].end :]


@contextmanager
def _made(database: Address, flavour: Flavour, name: str) -> Iterator[Connection]:
    with noted(database.of(name)):
        connection = opened(database, flavour)
        try:
            run(connection, f"CREATE DATABASE {quoted(name)}")
            connection.select_db(name)
            yield connection
        finally:
            if connection.open:
                run(connection, f"DROP DATABASE IF EXISTS {quoted(name)}")
                connection.close()

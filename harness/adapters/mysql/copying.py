"""A database made anew from what another one prints of itself, with its rows."""

import re
from collections.abc import Callable, Sequence

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, connected, rows, run, said
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.implied import unsaid
from harness.adapters.mysql.inspect import ENTITIES, SEQUENCE, TRIGGERS, VIEW, entities, query, shown
from harness.adapters.mysql.names import literal, quoted
from harness.adapters.mysql.printed import printed
from harness.adapters.mysql.statistics import share
from harness.adapters.mysql.tablespaces import Beside, Tablespaces
from harness.errors import ServerError
from harness.servers.model import Address

TABLE = "BASE TABLE"

STARTS = re.compile(r" STARTS '[^']*'")

COPYING = "SET foreign_key_checks = 0, unique_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'"
"""Nothing is judged while it is copied: children may come before parents, and what is there was once taken."""


def copy(template: Address, database: Address, flavour: Flavour, beside: Beside | None = None) -> None:
    """Fill an empty database with all that is in another one of the same server. ``beside``: see ``Tablespaces``."""
    with connected(template, flavour) as source, connected(database, flavour) as target:
        try:
            run(target, COPYING)
            spaces = Tablespaces(source, target, template, flavour, beside)
            _Copying(source, target, template.database, spaces, flavour).all()
        except MySQLError as error:
            raise ServerError(f"{database}: cannot copy {template.database}: {said(error)}") from error


class _Copying:
    """From one connection to another, in an order in which everything finds what it needs."""

    def __init__(
        self, source: Connection, target: Connection, name: str, spaces: Tablespaces, flavour: Flavour
    ) -> None:
        self._source = source
        self._target = target
        self._name = name
        self._spaces = spaces
        self._flavour = flavour

    def all(self) -> None:
        """Sequences, which defaults ask for; tables; routines, which views may call; views; triggers; events."""
        found = entities(rows(self._source, ENTITIES))
        for name in (name for name, kind in found if kind == SEQUENCE):
            self._sequence(name)
        for name in (name for name, kind in found if kind not in {SEQUENCE, VIEW}):
            self._table(name)
        self._share([name for name, kind in found if kind == TABLE])
        self._moded(query("routines"), lambda row: shown(self._source, row["kind"], row["name"]))
        self._views([name for name, kind in found if kind == VIEW])
        self._moded(TRIGGERS, lambda row: shown(self._source, "TRIGGER", row["Trigger"]))
        self._moded(query("events"), lambda row: _event(shown(self._source, "EVENT", row["name"]), row["definition"]))

    def _sequence(self, name: str) -> None:
        run(self._target, shown(self._source, "SEQUENCE", name))
        (state,) = rows(self._source, f"SELECT next_not_cached_value AS value FROM {quoted(name)}")
        rows(self._target, f"SELECT SETVAL({quoted(name)}, {state['value']}, 0)")

    def _table(self, name: str) -> None:
        text = unsaid(printed(shown(self._source, "TABLE", name)), name, self._flavour)
        if self._spaces.carried(name, text):
            return
        run(self._target, text)
        columns = ", ".join(quoted(row["name"]) for row in rows(self._source, query("stored"), [name]))
        if columns:
            run(
                self._target,
                f"INSERT INTO {quoted(name)} ({columns}) SELECT {columns} FROM {quoted(self._name)}.{quoted(name)}",
            )

    def _share(self, tables: Sequence[str]) -> None:
        copied = [name for name in tables if name not in self._spaces.done]
        share(self._target, self._flavour, self._name, tables, copied)

    def _views(self, names: Sequence[str]) -> None:
        """Views may read views: those that can be made, until all are."""
        waiting = {name: shown(self._source, "VIEW", name) for name in names}
        while waiting:
            made = [name for name, text in waiting.items() if self._taken(text)]
            if not made:
                run(self._target, next(iter(waiting.values())))
            for name in made:
                del waiting[name]

    def _taken(self, text: str) -> bool:
        try:
            run(self._target, text)
        except MySQLError:
            return False
        return True

    def _moded(self, listing: str, text: Callable[[dict[str, str]], str]) -> None:
        """Things that remember the mode in which they were made."""
        for row in rows(self._source, listing):
            run(self._target, f"SET sql_mode = {literal(row['sql_mode'])}")
            run(self._target, text(row))


def _event(text: str, definition: str) -> str:
    """The text of an event. One that starts when it is made does so again."""
    return text if " STARTS " in definition.partition("\nDO ")[0] else STARTS.sub("", text, count=1)

"""Large tables carried from one database of a server to another one as files: InnoDB's transportable tablespaces.

The server exports a table's file, with a description of it (``.cfg``), keeps writers away meanwhile, and removes the
description when the lock goes, as it does with the session. What it imports it checks page by page, and refuses what
does not fit: then nothing is carried, and the rows are copied. A file is copied, never linked: it is written in place.

MySQL: https://dev.mysql.com/doc/refman/8.4/en/innodb-table-import.html
MariaDB: https://mariadb.com/kb/en/innodb-file-per-table-tablespaces/
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, opened, rows, run
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.inspect import query
from harness.adapters.mysql.names import quoted
from harness.servers.model import Address

LEAST_BYTES = 2 << 20
"""The rows of a smaller table are copied in no more time than its file."""

WAIT_S = 5
"""How long an export waits for those who write the table."""

COPY = """
cd "$1" || exit 1
for file in "$3.ibd" "$3.cfg" "$3"#[Pp]#*; do
    ! test -e "$file" || cp -p "$file" "$2/" || exit 1
done
"""
"""From a directory (1) into another one (2) the files of a table (3): one, or one for each partition."""

REMOVE = 'cd "$1" && rm -f "$2.cfg" "$2"#[Pp]#*.cfg'
"""From a directory (1) the descriptions of a table (2), which nobody needs any more."""

REMOVE_ALL = 'cd "$1" && rm -f "$2.cfg" "$2.ibd" "$2"#[Pp]#*'
"""From a directory (1) all files of a table (2) that the server does not know of."""

Beside = Callable[[Sequence[str]], bool]


class Tablespaces:
    """The tables of one database that are worth it; the session of ``target`` takes them into another one.

    ``done``: those that were.
    ``beside`` runs programs where the server's files are (see ``Server.beside``). Nothing is carried without it, nor
    for a user who may not see which files there are.
    """

    def __init__(
        self, source: Connection, target: Connection, template: Address, flavour: Flavour, beside: Beside | None
    ) -> None:
        self._target = target
        self._template = template
        self._flavour = flavour
        self._beside = beside
        self.done: set[str] = set()
        self._large = _large(source, flavour) if beside is not None else frozenset()
        if self._large:
            (found,) = rows(source, "SELECT @@datadir AS place")
            (into,) = rows(target, "SELECT DATABASE() AS name")
            place = PurePosixPath(found["place"])
            self._from, self._into = str(place / template.database), str(place / into["name"])

    def carried(self, name: str, text: str) -> bool:
        """Make a table of its ``text`` and fill it; False when there is none, for its rows must be copied."""
        if name not in self._large:
            return False
        run(self._target, text)
        try:
            self._carry(name)
        except (MySQLError, OSError):
            run(self._target, f"DROP TABLE {quoted(name)}")
            self._sh(REMOVE_ALL, self._into, name)
            return False
        self.done.add(name)
        return True

    def _carry(self, name: str) -> None:
        """MySQLError when the server will not have it, OSError when its files are not to be had."""
        run(self._target, f"ALTER TABLE {quoted(name)} DISCARD TABLESPACE")
        with self._exported(name):
            if not self._sh(COPY, self._from, self._into, name):
                raise OSError(f"the files of {name} could not be copied")
        run(self._target, f"ALTER TABLE {quoted(name)} IMPORT TABLESPACE")
        self._sh(REMOVE, self._into, name)

    @contextmanager
    def _exported(self, name: str) -> Iterator[None]:
        """While inside, the files of a table are whole, and nobody writes them."""
        exporting = opened(self._template, self._flavour)
        try:
            run(exporting, f"SET lock_wait_timeout = {WAIT_S}")
            run(exporting, f"FLUSH TABLES {quoted(name)} FOR EXPORT")
            yield
            run(exporting, "UNLOCK TABLES")
        finally:
            if exporting.open:
                exporting.close()

    def _sh(self, script: str, *words: str) -> bool:
        return self._beside is not None and self._beside(("/bin/sh", "-c", script, "sh", *words))


def _large(source: Connection, flavour: Flavour) -> frozenset[str]:
    """The large tables that can be carried, as far as their catalog tells."""
    sizes: dict[str, int] = {}
    files = (
        f"SELECT name AS name, file_size AS size FROM information_schema.{flavour.files_view} "
        "WHERE SUBSTRING_INDEX(name, '/', 1) = DATABASE()"
    )
    try:
        found = rows(source, files)
    except MySQLError:  # it takes the right PROCESS
        return frozenset()
    for row in found:
        table = row["name"].partition("/")[2].partition("#")[0]
        sizes[table] = sizes.get(table, 0) + int(row["size"])
    if max(sizes.values(), default=0) < LEAST_BYTES:
        return frozenset()
    return frozenset(row["name"] for row in rows(source, query("spaces")) if sizes.get(row["name"], 0) >= LEAST_BYTES)

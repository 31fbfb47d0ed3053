"""How the server carries out a change of a table: INSTANT, INPLACE or COPY, and who has to wait meanwhile.

It is asked, not guessed: the statement is tried on empty twins of the tables, in a database of their own, with the best
``ALGORITHM=…, LOCK=…`` first; the server refuses what it cannot do, and does not fall back. Only this trial has words
added to it; what is applied is the text as written.
"""

import re
from dataclasses import dataclass

from pymysql.err import MySQLError

from harness.adapters.mysql.answers import answered, answers
from harness.adapters.mysql.aside import Aside, unnumbered
from harness.adapters.mysql.connection import Connection, run, server_version
from harness.adapters.mysql.grammar import NAMES, Cursor, code
from harness.adapters.mysql.inspect import query, showing, text_in
from harness.adapters.mysql.inspect_parts import KINDS
from harness.adapters.mysql.names import literal, quoted
from harness.adapters.mysql.printed import Printed, cut, printed
from harness.adapters.mysql.sending import several
from harness.errors import ServerError

TRIALS = (
    ("INSTANT", ""),
    ("INPLACE", "NONE"),
    ("INPLACE", "SHARED"),
    ("INPLACE", "EXCLUSIVE"),
    ("COPY", "SHARED"),
    ("COPY", "EXCLUSIVE"),
)
"""From the best to the worst. ``LOCK=NONE`` lets others write meanwhile, ``SHARED`` lets them read.

MariaDB's NOCOPY is an INPLACE that does not build the table anew; whether it was, the effect tells by its rewrites.
"""


SAID = re.compile(r"\b(ALGORITHM|LOCK)\s*=?\s*(INSTANT|INPLACE|NOCOPY|COPY|NONE|SHARED|EXCLUSIVE)\b", re.IGNORECASE)

_KNOWN: dict[tuple[tuple[str, str], tuple[tuple[str, str], ...], "Change"], str] = {}
"""By the server's version, the tables and the statement, which decide it: a run applies a migration many times."""


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that changes a table that is there.

    Attributes:
        entity: the table.
        references: other tables it names.
        before: its text up to the place where the words are added.
        after: the rest.
        said: the algorithm that it asks for itself.
    """

    entity: str
    references: tuple[str, ...]
    before: str
    after: str
    said: str

    def with_(self, algorithm: str, lock: str) -> str:
        """The statement with that algorithm and lock."""
        words = [f"ALGORITHM={algorithm}", *([f"LOCK={lock}"] if lock else [])]
        if not self.after:
            return " ".join((self.before, *words))
        # The partitioning of a whole table is said last, after no comma.
        separator = " " if self.after.upper().startswith(("PARTITION BY", "REMOVE PARTITIONING")) else ", "
        return f"{self.before} {', '.join(words)}{separator}{self.after}"


def change(text: str) -> Change | None:
    """What a statement changes; None for any other statement, and for tables of another database."""
    found = code(text)
    cursor = Cursor(found)
    verb = cursor.take("ALTER", "CREATE", "DROP")
    said = ", ".join(f"{word}={value}".upper() for word, value in SAID.findall(text))
    if verb == "ALTER":
        return _of_table(text, cursor, said)
    while verb and cursor.take("OR REPLACE", "UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR"):
        pass
    if not verb or not cursor.take("INDEX"):
        return None
    return _of_index(text, cursor, said, drop=verb == "DROP")


def _of_index(text: str, cursor: Cursor, said: str, *, drop: bool) -> Change | None:
    start = cursor.position
    while cursor.here is not None and cursor.words(1) != "ON":
        cursor.skip()
    name = cut(text, cursor.found[start : cursor.position])
    cursor.take("ON")
    path = cursor.path()
    if len(path) != 1:
        return None
    if drop:  # MariaDB takes no algorithm in DROP INDEX, which is but another way to write this
        return Change(path[0], (), f"ALTER TABLE {quoted(path[0])}", f"DROP INDEX {name}", said)
    return Change(path[0], (), text, "", said)


def _of_table(text: str, cursor: Cursor, said: str) -> Change | None:
    while cursor.take("ONLINE", "IGNORE"):
        pass
    if not cursor.take("TABLE"):
        return None
    cursor.take("IF EXISTS")
    path = cursor.path()
    here = cursor.here
    if len(path) != 1 or here is None:
        return None
    following = zip(cursor.rest, cursor.rest[1:], strict=False)
    references = tuple(b.name for a, b in following if a.upper == "REFERENCES" and b.kind in NAMES)
    return Change(path[0], references, text[: here.start].rstrip(), text[here.start :], said)


def algorithm(connection: Connection, aside: Aside, wanted: Change) -> str:
    """``INSTANT``, ``INPLACE, LOCK=NONE``, ``COPY, LOCK=SHARED`` …; empty when the server would not tell."""
    if wanted.said:
        return wanted.said.removeprefix("ALGORITHM=")
    try:
        with several(connection):
            twins = _twins(connection, aside.database.database, wanted)
        known = server_version(connection), tuple(twins.items()), wanted
        if known not in _KNOWN:
            _KNOWN[known] = _best(aside.having(twins), wanted)
            if any("FULLTEXT" in text.upper() for text in (twins[wanted.entity], wanted.after, wanted.before)):
                aside.spoil()  # a first full-text index adds a hidden column, which stays when the index goes
        return _KNOWN[known]
    except (MySQLError, ServerError):
        return ""  # no right to make databases, or a statement that will be refused as it stands


def _twins(connection: Connection, database: str, wanted: Change) -> dict[str, str]:
    """The tables that the statement needs, with their texts: its own, those it names, those that foreign keys join."""
    related = query("related").replace("%s", literal(wanted.entity))
    own, joined = answers(connection, (showing("TABLE", wanted.entity), related))
    names = dict.fromkeys((*wanted.references, *(str(row["name"]) for row in answered(joined).rows())))
    others = [name for name in names if name != wanted.entity]
    texts = {wanted.entity: text_in(own, "TABLE", database)}
    for name, said in zip(others, answers(connection, [showing("TABLE", name) for name in others]), strict=True):
        texts[name] = light(printed(text_in(said, "TABLE", database)))
    return {name: unnumbered(text) for name, text in texts.items()}


def light(table: Printed) -> str:
    """A table for others to refer to: without what takes long to make, partitions and full-text indexes."""
    kept = [run for run in table.definitions if run[0].text not in KINDS]
    text = table.text if len(kept) == len(table.definitions) else table.with_definitions(kept)
    return text.replace(table.partitions, "") if table.partitions else text


def _best(connection: Connection, wanted: Change) -> str:
    for name, lock in TRIALS:
        try:
            run(connection, wanted.with_(name, lock))
        except MySQLError:
            continue
        return f"{name}, LOCK={lock}" if lock else name
    return ""

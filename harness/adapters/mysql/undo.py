"""The inverse of a statement, where the statement alone tells it. What cannot be known is None, never a guess.

Names are given back as they are written. Some actions have no inverse, and why:

- ``ADD PRIMARY KEY`` also made its columns NOT NULL; ``MODIFY`` and ``CHANGE`` restate the whole column. What it was
  before is not in them.
- ``ADD FOREIGN KEY`` makes an index where no other one serves it, and dropping the key leaves that index. Only when its
  columns, or an index for it, are added by the same statement is it known what there was before.
- A constraint without a name is named by the server after what else there is (``t_chk_2``, ``t_ibfk_1``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.adapters.mysql.grammar import Cursor, Lexeme, closing, code, parts
from harness.adapters.mysql.names import quoted

Undo = tuple[str, ...] | None

DROPPED = ("TABLE", "VIEW", "PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "DATABASE", "SCHEMA", "SEQUENCE")


def undo(text: str) -> Undo:
    """Statements that take a CREATE, ALTER or RENAME back, in the order to be run."""
    cursor = Cursor(code(text))
    word = cursor.take(*DERIVED)
    return DERIVED[word](cursor, text) if word else None


def _written(cursor: Cursor, text: str) -> str:
    """The name that stands here, as it is written, and go behind it."""
    start = cursor.here.start if cursor.here else len(text)
    end = cursor.found[cursor.position - 1].end if cursor.path() else start
    return text[start:end]


def _drops(cursor: Cursor, text: str) -> Undo:
    temporary = ""
    while cursor.here is not None:
        if cursor.take("OR REPLACE", "USER", "ROLE", "SERVER", "TABLESPACE", "LOADABLE", "AGGREGATE", "PACKAGE"):
            return None
        temporary = "TEMPORARY " if cursor.take("TEMPORARY") else temporary
        if cursor.take("INDEX"):
            return _drops_index(cursor, text)
        noun = cursor.take(*DROPPED)
        if noun:
            name = "" if cursor.words(3) == "IF NOT EXISTS" else _written(cursor, text)
            return (f"DROP {temporary}{noun} {name}",) if name else None
        cursor.skip()
    return None


def _drops_index(cursor: Cursor, text: str) -> Undo:
    if cursor.words(3) == "IF NOT EXISTS":
        return None
    name = _written(cursor, text)
    while cursor.here is not None and not cursor.take("ON"):
        cursor.skip()
    table = _written(cursor, text)
    return (f"DROP INDEX {name} ON {table}",) if name and table else None


def _renames_back(cursor: Cursor, text: str) -> Undo:
    """RENAME TABLE: the pairs exchanged, the last first."""
    if not cursor.take("TABLE", "TABLES") or cursor.take("IF EXISTS"):
        return None
    pairs = []
    for part in reversed(parts(cursor.rest)):
        pair = Cursor(part)
        old = _written(pair, text)
        if not pair.take("TO"):
            return None
        pairs.append(f"{_written(pair, text)} TO {old}")
    return (f"RENAME TABLE {', '.join(pairs)}",)


@dataclass(frozen=True, slots=True)
class _Alteration:
    """One ALTER TABLE: its text, and what its actions add.

    Attributes:
        columns: names of the columns that it adds, in lower case.
        indexes: the columns of each index that it adds.
        alone: whether it has only one action.
    """

    text: str
    columns: frozenset[str]
    indexes: tuple[tuple[str, ...], ...]
    alone: bool

    def covers(self, fields: Sequence[str]) -> bool:
        """Whether it is known which index served a foreign key on those columns before: none, or a new one."""
        wanted = tuple(field.lower() for field in fields)
        return any(field in self.columns for field in wanted) or any(i[: len(wanted)] == wanted for i in self.indexes)


def _alters_back(cursor: Cursor, text: str) -> Undo:
    """One statement with the inverse of each action, last first; None as soon as one has none."""
    cursor.take("ONLINE", "IGNORE")
    if not cursor.take("TABLE") or cursor.take("IF EXISTS"):
        return None
    old = _written(cursor, text)
    if cursor.take("WAIT"):
        cursor.skip()
    cursor.take("NOWAIT")
    actions = parts(cursor.rest)
    alteration = _Alteration(text, *_added(actions), alone=len(actions) == 1)
    inverse = [_action_back(Cursor(action), alteration) for action in reversed(actions)]
    new = next((name for name in map(_new_name, actions, [text] * len(actions)) if name), old)
    wanted = [part for part in inverse if part] + ([f"RENAME TO {old}"] if new != old else [])
    if None in inverse or not old:
        return None
    return (f"ALTER TABLE {new} {', '.join(wanted)}",) if wanted else ()


def _new_name(action: Sequence[Lexeme], text: str) -> str:
    """The name that an action gives the table itself; empty for all other actions."""
    cursor = Cursor(action)
    if not cursor.take("RENAME") or cursor.take("COLUMN", "INDEX", "KEY"):
        return ""
    cursor.take("TO", "AS", "=")
    name = _written(cursor, text)
    return name if cursor.here is None else ""


def _added(actions: Sequence[Sequence[Lexeme]]) -> tuple[frozenset[str], tuple[tuple[str, ...], ...]]:
    columns: list[str] = []
    indexes = []
    for action in actions:
        cursor = Cursor(action)
        if not cursor.take("ADD"):
            continue
        if _constrains(cursor):
            indexes.append(tuple(name.lower() for name in _key_columns(cursor)))
        else:
            columns += [name.lower() for name, _ in _columns(cursor)]
    return frozenset(columns), tuple(indexes)


def _constrains(cursor: Cursor) -> bool:
    """Whether what is added is a key or constraint, not a column."""
    here = cursor.here
    return here is not None and here.upper in KEYS


KEYS = frozenset(
    {"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "FULLTEXT", "SPATIAL", "VECTOR", "INDEX", "KEY",
     "PARTITION", "PERIOD", "SYSTEM"}
)  # fmt: skip
"""What stands behind ADD when it adds no column."""

INDEXING = frozenset({"PRIMARY", "UNIQUE", "INDEX", "KEY"})
"""What makes an index that a foreign key can use."""


def _key_columns(cursor: Cursor) -> tuple[str, ...]:
    """The columns of an added key; none for what makes no index."""
    words = {lexeme.upper for lexeme in cursor.rest[:3]}
    opening = next((n for n, lexeme in enumerate(cursor.rest) if lexeme.text == "("), None)
    if opening is None or not words & INDEXING or words & {"FOREIGN", "FULLTEXT", "SPATIAL", "VECTOR"}:
        return ()
    return Cursor(cursor.rest, opening).list()


def _columns(cursor: Cursor) -> tuple[tuple[str, Sequence[Lexeme]], ...]:
    """Names and definitions of added columns; several may stand in parentheses."""
    cursor.take("COLUMN")
    rest = cursor.rest
    if rest and rest[0].text == "(":
        rest = rest[1 : closing(rest, 0) - 1]
        return tuple((part[0].name, part) for part in parts(rest) if part)
    return ((rest[0].name, rest),) if rest else ()


def _action_back(cursor: Cursor, alteration: _Alteration) -> str | None:
    """The inverse of one action; empty when there is nothing to take back."""
    if cursor.take("ADD"):
        return _add_back(cursor, alteration)
    if cursor.take("RENAME"):
        return _rename_back(cursor, alteration)
    if cursor.take("ALTER"):
        return _setting_back(cursor, alteration)
    if cursor.take("ENABLE KEYS"):
        return "DISABLE KEYS"
    if cursor.take("DISABLE KEYS"):
        return "ENABLE KEYS"
    return "" if cursor.take("ALGORITHM", "LOCK", "FORCE", "WITH VALIDATION", "WITHOUT VALIDATION") else None


def _add_back(cursor: Cursor, alteration: _Alteration) -> str | None:
    if not _constrains(cursor):
        return _column_back(cursor)
    symbol = ""
    if cursor.take("CONSTRAINT") and not _constrains(cursor):
        symbol = _written(cursor, alteration.text)
    word = cursor.take("UNIQUE", "INDEX", "KEY", "FULLTEXT", "SPATIAL", "VECTOR", "FOREIGN KEY", "CHECK", "PARTITION")
    match word:
        case "FOREIGN KEY":
            return _foreign_key_back(cursor, symbol, alteration)
        case "CHECK":
            return f"DROP CONSTRAINT {symbol}" if symbol else None
        case "PARTITION":
            return _partition_back(cursor, alteration)
        case "":
            return None
        case _:
            return _index_back(cursor, symbol, alteration)


def _column_back(cursor: Cursor) -> str | None:
    """A column with an inline reference cannot be dropped before its foreign key, whose name the server chose."""
    added = _columns(cursor)
    for name, definition in added:
        words = [lexeme.upper for lexeme in definition]
        if not name or words[:3] == ["IF", "NOT", "EXISTS"] or "REFERENCES" in words:
            return None
    return ", ".join(f"DROP COLUMN {quoted(name)}" for name, _ in reversed(added)) or None


def _index_back(cursor: Cursor, symbol: str, alteration: _Alteration) -> str | None:
    """Without a name of its own, an index is named after its constraint, or after its first column if that is free."""
    cursor.take("INDEX", "KEY")
    if cursor.words(3) == "IF NOT EXISTS":
        return None
    name = "" if cursor.words(1) == "USING" else _written(cursor, alteration.text)
    while cursor.here is not None and cursor.here.text != "(":
        cursor.position += 1
    columns = cursor.list() if cursor.here else ()
    if not name and not symbol:
        first = columns[0].lower() if columns else ""
        alike = [index for index in alteration.indexes if index and index[0] == first]
        symbol = quoted(columns[0]) if first and len(alike) < 2 else ""
    return f"DROP INDEX {name or symbol}" if name or symbol else None


def _foreign_key_back(cursor: Cursor, symbol: str, alteration: _Alteration) -> str | None:
    if not symbol or cursor.take("IF NOT EXISTS"):
        return None
    while cursor.here is not None and cursor.here.text != "(":
        cursor.position += 1
    fields = cursor.list() if cursor.here else ()
    return f"DROP FOREIGN KEY {symbol}" if fields and alteration.covers(fields) else None


def _partition_back(cursor: Cursor, alteration: _Alteration) -> str | None:
    """The servers take no other action beside it."""
    here = cursor.here
    if here is None or here.text != "(" or not alteration.alone:
        return None
    inside = [Cursor(part, 1) for part in parts(cursor.rest[1:-1])]
    return f"DROP PARTITION {', '.join(_written(part, alteration.text) for part in inside)}"


def _rename_back(cursor: Cursor, alteration: _Alteration) -> str | None:
    """``RENAME COLUMN a TO b``; the table's own new name is taken back with the whole statement."""
    kind = cursor.take("COLUMN", "INDEX", "KEY")
    if not kind:
        cursor.take("TO", "AS", "=")
        return "" if cursor.path() and cursor.here is None else None
    old = _written(cursor, alteration.text)
    return f"RENAME {kind} {_written(cursor, alteration.text)} TO {old}" if cursor.take("TO") else None


OPPOSITES = {
    "VISIBLE": "INVISIBLE",
    "INVISIBLE": "VISIBLE",
    "IGNORED": "NOT IGNORED",
    "NOT IGNORED": "IGNORED",
    "ENFORCED": "NOT ENFORCED",
    "NOT ENFORCED": "ENFORCED",
    "SET VISIBLE": "SET INVISIBLE",
    "SET INVISIBLE": "SET VISIBLE",
}
"""Settings that are each other's inverse, on the understanding that they did something."""


def _setting_back(cursor: Cursor, alteration: _Alteration) -> str | None:
    noun = cursor.take("INDEX", "KEY", "CHECK", "CONSTRAINT", "COLUMN")
    name = _written(cursor, alteration.text)
    setting = cursor.take(*OPPOSITES)
    return f"ALTER {noun} {name} {OPPOSITES[setting]}" if noun and setting else None


DERIVED: dict[str, Callable[[Cursor, str], Undo]] = {
    "CREATE": _drops,
    "ALTER": _alters_back,
    "RENAME": _renames_back,
}

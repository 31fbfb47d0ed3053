"""What a single statement is about: verb, kind, names and needs, read from its lexemes.

No parser of the servers' own is to be had, and sqlglot passes much DDL of MySQL through unread (prefix lengths,
RENAME TABLE, triggers) or misreads it (``RENAME a TO b`` inside ALTER TABLE). The head of a DDL statement is a small
language: it is read here word by word. What is wrong further on the server says: ``invalid`` is only what begins like
no statement.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from harness.adapters.mysql.beyond import beyond
from harness.adapters.mysql.grammar import Cursor, Lexeme, code
from harness.adapters.mysql.reading import queried
from harness.adapters.mysql.undo import undo
from harness.design.model import Statement
from harness.design.place import lines
from harness.facts import Intent, Refusal

SYNTAX_ERROR = "1064"

KINDS = {
    "TABLE": "table", "VIEW": "view", "INDEX": "index", "PROCEDURE": "procedure", "FUNCTION": "function",
    "TRIGGER": "trigger", "EVENT": "event", "DATABASE": "schema", "SCHEMA": "schema", "SEQUENCE": "sequence",
    "USER": "user", "ROLE": "role", "SERVER": "server", "TABLESPACE": "tablespace", "PACKAGE": "package",
    "PREPARE": "prepared statement", "LOGFILE": "log file group", "RESOURCE": "resource group", "INSTANCE": "instance",
}  # fmt: skip
"""What CREATE, ALTER and DROP work on, by the word for it."""

CHANGES_NOTHING = frozenset({"transaction", "lock", "use", "analyze", "optimize", "check", "checksum", "flush"})
RELATIONS = frozenset({"table", "view"})
EXISTENCE = ("IF NOT EXISTS", "IF EXISTS")
CLIENT = frozenset(
    {"SOURCE", "DELIMITER", "CONNECT", "STATUS", "TEE", "NOTEE", "PAGER", "NOPAGER", "REHASH", "PROMPT", "SYSTEM",
     "WARNINGS"}
)  # fmt: skip
"""Commands of the mysql client that no server knows."""


def intent(statement: Statement) -> Intent:
    """What the statement is about; verb ``invalid`` when it begins like no statement."""
    text = statement.told
    found = code(text)
    if not found:
        return Intent("other", "nothing", undo=())
    cursor = Cursor(found)
    while cursor.take("("):
        pass
    first = cursor.here
    word = first.upper if first else ""
    describe = DESCRIBED.get(word)
    if first is None or describe is None:
        return _invalid(statement, first or found[0])
    cursor.position += 1
    described = describe(cursor, text)
    if described is None:
        return _invalid(statement, cursor.here or first)
    return replace(described, undo=_undo(described, text), beyond=beyond(described, found))


def _undo(described: Intent, text: str) -> tuple[str, ...] | None:
    if described.verb in {"select", "set"} or described.kind in CHANGES_NOTHING:
        return ()
    return undo(text) if described.verb in {"create", "alter", "rename"} else None


def _invalid(statement: Statement, lexeme: Lexeme) -> Intent:
    if lexeme.upper in CLIENT or lexeme.text == "\\":
        message = f"{lexeme.text} is a command of the mysql client, not SQL: the server does not know it"
    else:
        message = f"no statement begins so: syntax error at or near {lexeme.text[:40]!r}"
    place = lines(statement)(lexeme.start, lexeme.start)
    return Intent("invalid", refusal=Refusal(message, SYNTAX_ERROR, place))


def _needs(name: str, others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(other for other in others if other and other != name))


def _kind(cursor: Cursor) -> str:
    """Go behind the kind and what stands before it (OR REPLACE, UNIQUE, DEFINER = …); empty when there is none."""
    while (here := cursor.here) is not None and here.text not in {"(", ";"}:
        cursor.position += 1
        if here.upper in KINDS:
            return KINDS[here.upper]
    return ""


def _create(cursor: Cursor, text: str) -> Intent | None:
    begun = cursor.position
    kind = _kind(cursor)
    cursor.take(*EXISTENCE)
    name = cursor.entity() or _account(cursor, kind)
    if not kind or not name:
        cursor.position = cursor.position if kind else begun
        return None
    return CREATED.get(kind, _plain)(cursor, Intent("create", kind, name), text)


def _account(cursor: Cursor, kind: str) -> str:
    """A user or role, whose name may stand as a string."""
    here = cursor.here
    if here is None or here.kind != "string" or kind not in {"user", "role"}:
        return ""
    cursor.skip()
    return here.text[1:-1]


def _plain(_cursor: Cursor, known: Intent, _text: str) -> Intent:
    return known


def _table(cursor: Cursor, known: Intent, text: str) -> Intent:
    others = (*_referenced(cursor.rest), *_like(cursor), *_selected(cursor, text))
    return replace(known, entity=known.name, references=_needs(known.name, others))


def _view(cursor: Cursor, known: Intent, text: str) -> Intent:
    return replace(known, entity=known.name, references=_needs(known.name, _selected(cursor, text)))


def _referenced(found: Sequence[Lexeme]) -> tuple[str, ...]:
    """The tables behind REFERENCES, inline ones too, which MySQL ignores before 9.0."""
    return tuple(Cursor(found, n + 1).entity() for n, lexeme in enumerate(found) if lexeme.upper == "REFERENCES")


def _like(cursor: Cursor) -> tuple[str, ...]:
    found = cursor.rest
    start = 1 if found and found[0].text == "(" else 0
    like = Cursor(found, start)
    return (like.entity(),) if like.take("LIKE") else ()


def _selected(cursor: Cursor, text: str) -> tuple[str, ...]:
    """The tables of the query at a statement's end; inside parentheses only a whole query is one."""
    depth = 0
    for before, lexeme in zip((None, *cursor.rest), cursor.rest, strict=False):
        depth += (lexeme.text == "(") - (lexeme.text == ")")
        opens = before is None or before.text == "(" or before.upper in {"AS", "IGNORE", "REPLACE"} or depth == 0
        if opens and lexeme.upper in {"SELECT", "WITH", "TABLE", "VALUES"}:
            return queried(text[lexeme.start :].rstrip(") \n") if depth else text[lexeme.start :])
    return ()


def _index(cursor: Cursor, known: Intent, _text: str) -> Intent | None:
    while cursor.here is not None and not cursor.take("ON"):
        cursor.position += 1
    table = cursor.entity()
    return replace(known, entity=table) if table else None


def _trigger(cursor: Cursor, known: Intent, _text: str) -> Intent:
    while cursor.here is not None and not cursor.take("ON"):
        cursor.position += 1
    return replace(known, entity=cursor.entity())


CREATED: dict[str, Callable[[Cursor, Intent, str], Intent | None]] = {
    "table": _table,
    "view": _view,
    "index": _index,
    "trigger": _trigger,
}


def _alter(cursor: Cursor, _text: str) -> Intent | None:
    kind = _kind(cursor)
    cursor.take(*EXISTENCE)
    name = cursor.entity()
    if not kind:
        return None
    if kind != "table":
        return Intent("alter", kind, name, name if kind in RELATIONS else "")
    if cursor.take("WAIT"):
        cursor.skip()
    cursor.take("NOWAIT")
    return _renamed(cursor, name) or Intent("alter", "table", name, name, _needs(name, _altered(cursor)))


def _altered(cursor: Cursor) -> tuple[str, ...]:
    found = cursor.rest
    exchanged = tuple(
        Cursor(found, n + 2).entity()
        for n in range(len(found) - 2)
        if (found[n].upper, found[n + 1].upper) == ("WITH", "TABLE")
    )
    return (*_referenced(found), *exchanged)


def _renamed(cursor: Cursor, table: str) -> Intent | None:
    """ALTER TABLE with one action that only renames; None for all others."""
    rest = Cursor(cursor.rest)
    if not rest.take("RENAME") or any(lexeme.text == "," for lexeme in rest.rest):
        return None
    if rest.take("COLUMN"):
        return Intent("rename", "column", rest.entity(), table)
    if rest.take("INDEX", "KEY"):
        return Intent("rename", "index", rest.entity(), table)
    rest.take("TO", "AS", "=")
    return Intent("rename", "table", table, table) if rest.path() and rest.here is None else None


def _drop(cursor: Cursor, _text: str) -> Intent | None:
    kind = _kind(cursor)
    cursor.take(*EXISTENCE)
    name = cursor.entity() or _account(cursor, kind)
    if not kind or not name:
        return None
    if kind == "index":
        return Intent("drop", kind, name, cursor.entity() if cursor.take("ON") else "")
    others = []
    while cursor.take(","):
        others.append(cursor.entity())
    return Intent("drop", kind, name, name if kind in RELATIONS else "", tuple(others))


def _rename(cursor: Cursor, _text: str) -> Intent | None:
    if cursor.take("USER"):
        return Intent("rename", "user", cursor.entity())
    if not cursor.take("TABLE", "TABLES"):
        return None
    cursor.take("IF EXISTS")
    name = cursor.entity()
    others = tuple(Cursor(cursor.rest, n + 1).entity() for n, e in enumerate(cursor.rest) if e.text == ",")
    return Intent("rename", "table", name, name, others)


def _insert(cursor: Cursor, text: str) -> Intent:
    while cursor.take("LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO"):
        pass
    name = cursor.entity()
    reads = any(
        lexeme.upper in {"SELECT", "TABLE", "WITH"} for lexeme in cursor.rest
    )  # long lists of rows read nothing
    return Intent("insert", "table", name, name, _needs(name, queried(text)) if reads else ())


def _load(cursor: Cursor, _text: str) -> Intent:
    while cursor.here is not None and not cursor.take("INTO TABLE"):
        cursor.position += 1
    name = cursor.entity()
    return Intent("insert", "table", name, name)


def _changes(verb: str) -> Callable[[Cursor, str], Intent]:
    def describe(_cursor: Cursor, text: str) -> Intent:
        found = queried(text)
        name = found[0] if found else ""
        return Intent(verb, "table", name, name, _needs(name, found))

    return describe


def _truncate(cursor: Cursor, _text: str) -> Intent:
    cursor.take("TABLE")
    name = cursor.entity()
    return Intent("delete", "table", name, name)


def _query(_cursor: Cursor, text: str) -> Intent:
    found = queried(text)
    return Intent("select", "", "", found[0] if found else "", found)


def _with(cursor: Cursor, text: str) -> Intent:
    """WITH stands before SELECT, UPDATE and DELETE: the first of them outside parentheses says which."""
    depth = 0
    for lexeme in cursor.rest:
        depth += (lexeme.text == "(") - (lexeme.text == ")")
        if depth == 0 and lexeme.upper in {"UPDATE", "DELETE"}:
            return _changes(lexeme.upper.lower())(cursor, text)
        if depth == 0 and lexeme.upper in {"SELECT", "TABLE", "VALUES"}:
            break
    return _query(cursor, text)


def _explain(cursor: Cursor, text: str) -> Intent:
    while taken := cursor.take("ANALYZE", "EXTENDED", "PARTITIONS", "FORMAT ="):
        cursor.position += taken == "FORMAT ="
    here = cursor.here
    return replace(_query(cursor, text[here.start :] if here else ""), kind="explain")


def _analyze(cursor: Cursor, text: str) -> Intent:
    """ANALYZE TABLE gathers statistics; MariaDB's ANALYZE before a query is its EXPLAIN ANALYZE."""
    cursor.take("NO_WRITE_TO_BINLOG", "LOCAL")
    return _told("analyze")(cursor, text) if cursor.take("TABLE", "TABLES") else _explain(cursor, text)


def _told(kind: str) -> Callable[[Cursor, str], Intent]:
    return lambda _cursor, _text: Intent("other", kind)


def _maintains(kind: str) -> Callable[[Cursor, str], Intent]:
    def describe(cursor: Cursor, _text: str) -> Intent:
        cursor.take("NO_WRITE_TO_BINLOG", "LOCAL")
        cursor.take("TABLE", "TABLES")
        name = cursor.entity()
        return Intent("other", kind, name, name)

    return describe


def _set(cursor: Cursor, _text: str) -> Intent:
    cursor.take("SESSION", "GLOBAL", "LOCAL", "PERSIST")
    here = cursor.here
    return Intent("set", "setting", here.text if here else "")


def _start(cursor: Cursor, _text: str) -> Intent:
    return Intent("other", "transaction" if cursor.take("TRANSACTION") else "replication")


DESCRIBED: dict[str, Callable[[Cursor, str], Intent | None]] = {
    "CREATE": _create,
    "ALTER": _alter,
    "DROP": _drop,
    "RENAME": _rename,
    "INSERT": _insert,
    "REPLACE": _insert,
    "LOAD": _load,
    "IMPORT": _told("import"),
    "UPDATE": _changes("update"),
    "DELETE": _changes("delete"),
    "TRUNCATE": _truncate,
    "SELECT": _query,
    "TABLE": _query,
    "VALUES": _query,
    "WITH": _with,
    "EXPLAIN": _explain,
    "DESCRIBE": _explain,
    "DESC": _explain,
    "ANALYZE": _analyze,
    "SHOW": lambda _cursor, _text: Intent("select", "show"),
    "HELP": lambda _cursor, _text: Intent("select", "help"),
    "SET": _set,
    "START": _start,
    **{word: _told("transaction") for word in ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "XA")},
    **{word: _told("lock") for word in ("LOCK", "UNLOCK")},
    **{word: _told("privilege") for word in ("GRANT", "REVOKE")},
    **{word: _maintains(word.lower()) for word in ("OPTIMIZE", "CHECK", "CHECKSUM", "REPAIR", "CACHE")},
    "USE": _told("use"),
    **{
        word: _told(word.lower())
        for word in ("CALL", "DO", "HANDLER", "PREPARE", "EXECUTE", "DEALLOCATE", "FLUSH", "KILL", "RESET", "PURGE",
                     "BINLOG", "CHANGE", "STOP", "INSTALL", "UNINSTALL", "CLONE", "SHUTDOWN", "RESTART", "SIGNAL",
                     "RESIGNAL", "GET")
    },
}  # fmt: skip
"""How a statement is read, by its first word."""

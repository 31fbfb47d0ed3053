"""What a statement makes or changes outside its own database: accounts, other databases, the server itself."""

from collections.abc import Sequence

from harness.adapters.mysql.grammar import Cursor, Lexeme
from harness.facts import Intent

SHARED = {
    "schema": "database",
    "use": "database",
    "user": "role",
    "role": "role",
    "privilege": "role",
    "server": "server",
    "tablespace": "tablespace",
    "log file group": "tablespace",
    "resource group": "settings",
    "instance": "settings",
    **dict.fromkeys(
        ("replication", "flush", "kill", "reset", "purge", "binlog", "change", "stop", "install", "uninstall", "clone",
         "shutdown", "restart"), "settings",
    ),
}  # fmt: skip
"""Kinds of statements that are about nothing else. Privileges are kept for the whole server, by names of databases."""

CHANGING = frozenset({"create", "alter", "drop", "rename", "insert", "update", "delete"})
GLOBAL = frozenset({"GLOBAL", "PERSIST", "PERSIST_ONLY"})


def beyond(described: Intent, found: Sequence[Lexeme]) -> str:
    """The kind of the shared thing; empty for a statement that stays in its database."""
    if described.kind in SHARED:
        return SHARED[described.kind]
    if described.verb == "set":
        return _of_setting(Cursor(found, 1))
    if described.kind == "call":
        names: tuple[str, ...] = (Cursor(found, 1).entity(),)
    else:
        names = (*_changed(described), *_new_names(found)) if described.verb in CHANGING else ()
    return "database" if any("." in name for name in names) else ""


def _of_setting(cursor: Cursor) -> str:
    if cursor.take("PASSWORD", "DEFAULT ROLE"):
        return "role"
    words = {lexeme.upper for lexeme in cursor.rest}
    variables = {lexeme.text.lstrip("@").partition(".")[0].upper() for lexeme in cursor.rest if lexeme.text[:2] == "@@"}
    return "settings" if GLOBAL & (words | variables) else ""


def _changed(described: Intent) -> tuple[str, ...]:
    """What it changes. A statement that joins tables may change each of them, one that drops drops all."""
    several = described.verb in {"drop", "rename", "update", "delete"}
    return (described.name, described.entity, *(described.references if several else ()))


def _new_names(found: Sequence[Lexeme]) -> tuple[str, ...]:
    """The names that tables are given: a new name may be one in another database."""
    if not any(lexeme.upper == "RENAME" for lexeme in found):
        return ()
    before = {"RENAME", "TO", "AS"}
    return tuple(Cursor(found, n + 1).entity() for n, lexeme in enumerate(found) if lexeme.upper in before)

"""How PostgreSQL writes what is derived from a table: see ``harness.derived``."""

from collections.abc import Iterator

from harness.adapters.postgresql.copy_text import NULL, texts
from harness.adapters.postgresql.names import literal, qualified, quoted
from harness.derived import Spelling
from harness.design.model import Entity
from harness.facts import Batch

ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r", "\\t": "\t"}


def literals(entity: Entity, rows: Batch) -> Iterator[list[str]]:
    """Rows as literals: what is escaped for COPY, with its escapes taken back."""
    shapes = [found.shape if (found := entity.field(name)) else None for name in rows.fields]
    for piece in texts(rows, shapes):
        for line in piece.removesuffix("\n").split("\n"):
            yield [_literal(value) for value in line.split("\t")]


def _literal(value: str) -> str:
    if value == NULL:
        return "NULL"
    parts = value.split("\\\\")
    for escaped, plain in ESCAPES.items():
        if escaped != "\\\\":
            parts = [part.replace(escaped, plain) for part in parts]
    return literal("\\".join(parts))


SPELLING = Spelling(quoted, qualified, literals, "DEFAULT VALUES")

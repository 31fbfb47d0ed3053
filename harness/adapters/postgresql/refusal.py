"""What the server says of a statement that it does not take, with the line it points at."""

import psycopg

from harness.adapters.postgresql.place import lines
from harness.design.model import Statement
from harness.engine import Refusal

CANCELLED = "57014"


def refusal(error: psycopg.Error, statement: Statement, *, before: int = 0) -> Refusal:
    """The server's words.

    Args:
        error: what the driver raised.
        statement: what was sent.
        before: characters that were sent in front of the statement's text.
    """
    diag = error.diag
    place = lines(statement)
    position = int(diag.statement_position or 0) - 1 - before
    if 0 <= position <= len(statement.text):
        source = place(min(position, max(len(statement.text) - 1, 0)), position)
    else:  # no position, or one inside a function's body: the statement's first line
        source = place(0, 0)
    return Refusal(diag.message_primary or str(error).strip(), error.sqlstate or "", source, _detail(error))


def _detail(error: psycopg.Error) -> str:
    diag = error.diag
    parts = [diag.message_detail, f"hint: {diag.message_hint}" if diag.message_hint else None]
    if error.sqlstate == CANCELLED:
        parts.append("it was ended when its time was over")
    return "; ".join(part for part in parts if part)

"""What the server says of a statement that it does not take, with the line it points at."""

import re

import psycopg

from harness.adapters.postgresql.grammar import lexemes
from harness.adapters.postgresql.split import SENDS_ROWS
from harness.design.model import Statement
from harness.design.place import lines
from harness.facts import Refusal

SYNTAX_ERROR = "42601"
UNSUPPORTED = "0A000"
CANCELLED = "57014"
DENIED = "42501"

COPY = re.compile(r"copy\b", re.IGNORECASE)


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
    message, state = diag.message_primary or str(error).strip(), error.sqlstate or ""
    return Refusal(message, state, source, _detail(error), state == DENIED)


def _detail(error: psycopg.Error) -> str:
    diag = error.diag
    parts = [diag.message_detail, f"hint: {diag.message_hint}" if diag.message_hint else None]
    if error.sqlstate == CANCELLED:
        parts.append("it was ended when its time was over")
    return "; ".join(part for part in parts if part)


def unsendable(statement: Statement) -> Refusal | None:
    """The refusal of what only a client program can do; None for what can be sent.

    A COPY from the client would leave the connection waiting for rows that a document does not have.
    """
    if statement.text.startswith("\\"):
        word = statement.text.split()[0]
        return _refused(
            statement, SYNTAX_ERROR, f"{word} is a command of the psql client, which the server does not know"
        )
    kinds = [lexeme.kind for lexeme in lexemes(statement.text)] if COPY.match(statement.text) else []
    if "STDOUT" in kinds or ("STDIN" in kinds and not statement.parts):
        return _refused(statement, UNSUPPORTED, _why_not_copied(statement, "STDIN" in kinds))
    return None


def _why_not_copied(statement: Statement, sends: bool) -> str:
    if not sends:
        return "COPY to the client has nobody here who takes the rows: leave it out"
    if statement.transaction in SENDS_ROWS:
        return "there are no rows after this COPY from the client: give them, with a line \\. at the end"
    return (
        "rows after a COPY are sent by psql alone; a tool that hands its text to a driver cannot send them: "
        "use INSERT statements"
    )


def _refused(statement: Statement, code: str, message: str) -> Refusal:
    return Refusal(message, code, lines(statement)(0, 0))

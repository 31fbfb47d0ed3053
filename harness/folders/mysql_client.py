"""DELIMITER: a command of the mysql client, which tools that hand their text to a driver send to the server as it is.

The server refuses it (golang-migrate #1036, goose #122, dbmate #53, all on GitHub); Flyway reads it itself, and what
sqitch and plain scripts are run by is the client.
"""

import re

from harness.folders.model import Piece, Problem
from harness.folders.text import line_at

SENDING = frozenset({"golang-migrate", "goose", "dbmate", "diesel"})
"""Tools that know no DELIMITER."""

COMMAND = re.compile(r"^[ \t]*DELIMITER[ \t]+[^\s\w'\"]+[ \t]*$", re.MULTILINE | re.IGNORECASE)
"""A line of its own; PostgreSQL's option of COPY is followed by a literal."""


def delimiter(piece: Piece, subject: str, tool: str) -> Problem | None:
    """The first DELIMITER that a tool would send, on its line."""
    found = COMMAND.search(piece.text) if tool in SENDING else None
    if found is None:
        return None
    message = f"DELIMITER is a command of the mysql client: {tool} sends it to the server, which refuses it"
    kept = ", between StatementBegin and StatementEnd" if tool == "goose" else ""
    remedy = f"Take the DELIMITER lines out, and end the body with END;{kept}."
    return Problem(subject, message, piece.source.at(line_at(piece.text, found.start())), remedy)

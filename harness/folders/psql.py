r"""Commands of the psql client that change nothing in a database: ``\set ON_ERROR_STOP on``, ``\echo`` and the like.

Where a tool runs scripts by psql they are blanked, so that every line keeps its number. Others (``\copy``, ``\i``)
stay, and the engine says what is the matter with them.
"""

import re

from harness.folders.model import Piece

QUIET = re.compile(
    r"^[ \t]*\\(?:set[ \t]+(?:ON_ERROR_STOP|ON_ERROR_ROLLBACK|ECHO|QUIET|VERBOSITY|HISTSIZE|PROMPT\d)\b|unset\b|echo\b|"
    r"qecho\b|timing\b|pset\b|x\b|conninfo\b|encoding\b|restrict\b|unrestrict\b)[^\n]*",
    re.MULTILINE,
)


def quieted(piece: Piece) -> Piece:
    """The piece without them."""
    return Piece(QUIET.sub("", piece.text), piece.source)

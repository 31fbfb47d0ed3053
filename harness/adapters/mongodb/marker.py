"""The collection that makes a database ours: it is there from the start, says whose it is, and keeps the memo.

MongoDB has no empty databases and no comments on them. The collection is no part of the schema, and a migration that
drops the whole database leaves it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pymongo.database import Database

MARKER = "harness.marker"
_ID = "harness"


def mark(database: "Database[Any]", owner: str, memo: str = "") -> None:
    """Make the database, or write its memo."""
    database[MARKER].replace_one({"_id": _ID}, {"_id": _ID, "owner": owner, "memo": memo}, upsert=True)


def marked(database: "Database[Any]") -> dict[str, str] | None:
    """The ``owner`` and the ``memo`` of a database; None when it is not ours."""
    found: dict[str, str] | None = database[MARKER].find_one({"_id": _ID})
    return found

"""What mongosh's methods give a script for the server's replies: for scripts that go on with a result."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.adapters.mongodb.calls import Call

FIRST = frozenset({"findOne"})
LISTS = frozenset({"find", "aggregate", "getIndexes", "getCollectionInfos"})
"""Methods whose replies are all documents of a cursor."""

Reply = Mapping[str, Any] | list[Mapping[str, Any]]
"""A command's reply; of one that answers with a cursor, all its documents."""


def answer(call: Call, replies: Sequence[Reply]) -> Any:
    """The result of a call, as plain values."""
    first = replies[0] if replies else {}
    if isinstance(first, list):
        return _of_documents(call, first)
    if call.method.startswith("findOneAnd") or call.method == "findAndModify":
        return first.get("value")
    if call.method == "distinct":
        return first.get("values", [])
    if call.method == "createIndex":
        return first.get("name")
    if "n" in first:
        return _written(call, replies)
    return first


def _of_documents(call: Call, found: list[Mapping[str, Any]]) -> Any:
    if call.method in FIRST:
        return found[0] if found else None
    if call.method == "countDocuments":
        return found[0]["n"] if found else 0
    if call.method == "getCollectionNames":
        return [each["name"] for each in found]
    return found


def _written(call: Call, replies: Sequence[Reply]) -> Any:
    """Counts, summed over the commands of the call."""
    told = [each for each in replies if isinstance(each, Mapping)]
    touched = sum(int(each.get("n", 0)) for each in told)
    if call.method in {"count", "estimatedDocumentCount", "find"}:
        return touched
    upserted = [u["_id"] for each in told for u in each.get("upserted", ())]
    return {
        "acknowledged": True,
        "insertedCount": touched,
        "deletedCount": touched,
        "matchedCount": touched - len(upserted),
        "modifiedCount": sum(int(each.get("nModified", 0)) for each in told),
        "upsertedId": upserted[0] if upserted else None,
    }

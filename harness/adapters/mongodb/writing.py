"""Methods that write documents, as commands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from harness.adapters.mongodb.calls import Call
from harness.adapters.mongodb.options import Unsupported, argument, chosen, document

AT_ONCE = 1000
"""Documents of one insert command: a command of many large ones would be over 48 MB."""

Command = dict[str, Any]


def _insert(call: Call) -> list[Command]:
    given = argument(call, 0, object)
    documents = list(given) if isinstance(given, list) else [given]
    if not all(isinstance(each, Mapping) for each in documents):
        raise Unsupported(f"{call.method}() needs documents")
    return list(_inserts(call.collection, documents, document(call, 1)))


def _inserts(collection: str, documents: Sequence[Any], options: Mapping[str, Any]) -> Iterator[Command]:
    kept = chosen(options, "ordered", "bypassDocumentValidation")
    for start in range(0, max(len(documents), 1), AT_ONCE):
        yield {"insert": collection, "documents": list(documents[start : start + AT_ONCE]), **kept}


def _update(call: Call, *, multi: bool) -> Command:
    options = document(call, 2)
    return _updates(call.collection, [_change(call.arguments, options, multi=multi)], options)


def _legacy_update(call: Call) -> Command:
    return _update(call, multi=bool(document(call, 2).get("multi")))


def _replace(call: Call) -> Command:
    change = argument(call, 1, dict)
    if any(name.startswith("$") for name in change):
        raise Unsupported("replaceOne() needs a whole document, not update operators")
    return _update(call, multi=False)


def _change(arguments: Sequence[Any], options: Mapping[str, Any], *, multi: bool) -> Command:
    if len(arguments) < 2:
        raise Unsupported("an update needs a filter and what to change")
    change: Command = {"q": arguments[0], "u": arguments[1], "multi": multi, "upsert": bool(options.get("upsert"))}
    return {**change, **chosen(options, "arrayFilters", "collation", "hint", "sort")}


def _updates(collection: str, changes: Sequence[Command], options: Mapping[str, Any]) -> Command:
    kept = chosen(options, "let", "bypassDocumentValidation", "ordered")
    return {"update": collection, "updates": list(changes), **kept}


def _delete(call: Call, *, limit: int) -> Command:
    options = chosen(document(call, 1), "collation", "hint")
    return {"delete": call.collection, "deletes": [{"q": argument(call, 0, dict), "limit": limit, **options}]}


def _remove(call: Call) -> Command:
    """The old ``remove(query, justOne)``."""
    second = call.arguments[1] if len(call.arguments) > 1 else False
    one = second.get("justOne", False) if isinstance(second, Mapping) else bool(second)
    return {"delete": call.collection, "deletes": [{"q": argument(call, 0, dict), "limit": int(one)}]}


def _find_and_modify(call: Call) -> Command:
    return {"findAndModify": call.collection, **argument(call, 0, dict)}


def _find_one_and(call: Call) -> Command:
    removing = call.method == "findOneAndDelete"
    options = document(call, 1 if removing else 2)
    command: Command = {"findAndModify": call.collection, "query": document(call, 0)}
    command.update({"remove": True} if removing else {"update": argument(call, 1, object)})
    after = options.get("returnNewDocument") or options.get("returnDocument") == "after" or options.get("new")
    if after and not removing:
        command["new"] = True
    if "projection" in options:
        command["fields"] = options["projection"]
    return {**command, **chosen(options, "sort", "upsert", "arrayFilters", "collation", "hint", "let")}


def _bulk(call: Call) -> list[Command]:
    """Each operation of ``bulkWrite`` as a command of its own, so that the one that is refused can be told."""
    options = document(call, 1)
    return [_operation(call.collection, each, options) for each in argument(call, 0, list)]


def _operation(collection: str, operation: Any, options: Mapping[str, Any]) -> Command:
    name, given = next(iter(operation.items())) if isinstance(operation, Mapping) and operation else ("", None)
    make = OPERATIONS.get(name)
    if make is None or not isinstance(given, Mapping):
        raise Unsupported(f"bulkWrite() knows no operation {name or operation}")
    kept = chosen(options, "bypassDocumentValidation")
    return {**make(collection, given), **(kept if name not in {"deleteOne", "deleteMany"} else {})}


def _bulk_update(collection: str, given: Mapping[str, Any], *, multi: bool) -> Command:
    change = given.get("update", given.get("replacement"))
    return _updates(collection, [_change((given.get("filter", {}), change), given, multi=multi)], {})


def _bulk_delete(collection: str, given: Mapping[str, Any], *, limit: int) -> Command:
    deletion = {"q": given.get("filter", {}), "limit": limit, **chosen(given, "collation", "hint")}
    return {"delete": collection, "deletes": [deletion]}


OPERATIONS: Mapping[str, Callable[[str, Mapping[str, Any]], Command]] = {
    "insertOne": lambda collection, given: {"insert": collection, "documents": [given.get("document", {})]},
    "updateOne": lambda collection, given: _bulk_update(collection, given, multi=False),
    "updateMany": lambda collection, given: _bulk_update(collection, given, multi=True),
    "replaceOne": lambda collection, given: _bulk_update(collection, given, multi=False),
    "deleteOne": lambda collection, given: _bulk_delete(collection, given, limit=1),
    "deleteMany": lambda collection, given: _bulk_delete(collection, given, limit=0),
}

MAKERS: Mapping[str, Callable[[Call], Command | list[Command]]] = {
    "insertOne": _insert,
    "insertMany": _insert,
    "insert": _insert,
    "updateOne": lambda call: _update(call, multi=False),
    "updateMany": lambda call: _update(call, multi=True),
    "update": _legacy_update,
    "replaceOne": _replace,
    "deleteOne": lambda call: _delete(call, limit=1),
    "deleteMany": lambda call: _delete(call, limit=0),
    "remove": _remove,
    "findAndModify": _find_and_modify,
    "findOneAndUpdate": _find_one_and,
    "findOneAndReplace": _find_one_and,
    "findOneAndDelete": _find_one_and,
    "bulkWrite": _bulk,
}

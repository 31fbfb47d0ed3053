"""Calls of mongosh's methods as the server's commands.

Only what mongosh itself sends is sent: the server judges it. A call that this module does not know, and one that would
reach out of the database, raise ``Unsupported``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from harness.adapters.mongodb import reading, writing
from harness.adapters.mongodb.calls import Call
from harness.adapters.mongodb.options import Unsupported, argument, document

Command: TypeAlias = dict[str, Any]
"""A command's document: its name is the first key."""

OF_SESSIONS = frozenset({"startTransaction", "commitTransaction", "abortTransaction", "endSession"})
"""Methods of a session, which are the driver's to do."""

ADMIN = frozenset({"renameCollection"})
"""Commands that the server takes in the database ``admin`` only."""


def commands(call: Call, database: str) -> tuple[Command, ...]:
    """The commands of a call, in order.

    Raises:
        Unsupported: there is none for it.
    """
    if call.method == "explain" and call.chain:  # db.users.explain().find(…): what is explained counts
        (method, arguments), *rest = call.chain
        return commands(Call(method, call.collection, arguments, tuple(rest), call.line), database)
    if call.method in OF_SESSIONS and call.session:
        return ()  # see ``apply``
    make = (MAKERS if call.collection else DATABASE).get(call.method)
    if make is None:
        where = f"db.{call.collection}" if call.collection else "db"
        raise Unsupported(f"{where}.{call.method}() is not supported here")
    found = make(call)
    return tuple(_within(command, database) for command in ([found] if isinstance(found, dict) else found))


def _within(command: Command, database: str) -> Command:
    """The command, which must stay in the database; a renaming names it, whatever it is called here."""
    for stage in command.get("pipeline", ()) if isinstance(command.get("pipeline"), list) else ():
        _stays(stage)
    if "renameCollection" in command:
        return {**command, **{word: f"{database}.{command[word]}" for word in ("renameCollection", "to")}}
    return command


def _stays(stage: Any) -> None:
    for word in ("$out", "$merge"):
        target = stage.get(word) if isinstance(stage, Mapping) else None
        into = target.get("into", target) if isinstance(target, Mapping) else target
        if isinstance(into, Mapping) and "db" in into:
            raise Unsupported(f"{word} writes to another database: it stays untouched")


def _create_index(call: Call) -> Command:
    return _indexes(call, [_specification(argument(call, 0, dict), document(call, 1))])


def _create_indexes(call: Call) -> Command:
    given = argument(call, 0, list)
    return _indexes(call, [_specification(each, document(call, 1)) for each in given])


def _specification(keys: Mapping[str, Any], options: Mapping[str, Any]) -> Command:
    """An index named by its keys, as by mongosh. A document with ``key`` in it is a whole specification."""
    if isinstance(keys.get("key"), Mapping):
        return {"name": index_name(keys["key"]), **keys}
    return {"key": dict(keys), "name": index_name(keys), **options}


def index_name(keys: Mapping[str, Any]) -> str:
    """The name that clients give an index without one: ``status_1_created_at_-1``."""
    return "_".join(f"{path}_{_direction(direction)}" for path, direction in keys.items())


def _direction(direction: Any) -> str:
    whole = isinstance(direction, float) and direction == int(direction)
    return str(int(direction)) if whole else str(direction)


def _indexes(call: Call, specifications: Sequence[Command]) -> Command:
    # Where a build is committed is a matter of replica sets and no part of the index.
    kept = [{name: said for name, said in each.items() if name != "commitQuorum"} for each in specifications]
    return {"createIndexes": call.collection, "indexes": kept}


def _drop_index(call: Call) -> Command:
    return {"dropIndexes": call.collection, "index": argument(call, 0, object)}


def _drop_indexes(call: Call) -> Command:
    return {"dropIndexes": call.collection, "index": call.arguments[0] if call.arguments else "*"}


def _hide(call: Call, *, hidden: bool) -> Command:
    given = argument(call, 0, object)
    which = {"keyPattern": given} if isinstance(given, Mapping) else {"name": given}
    return {"collMod": call.collection, "index": {**which, "hidden": hidden}}


def _rename(call: Call) -> Command:
    drop = bool(call.arguments[1]) if len(call.arguments) > 1 else False
    return {"renameCollection": call.collection, "to": argument(call, 0, str), "dropTarget": drop}


def _create_collection(call: Call) -> Command:
    return {"create": argument(call, 0, str), **document(call, 1)}


def _create_view(call: Call) -> Command:
    pipeline = argument(call, 2, object) if len(call.arguments) > 2 else []
    stages = pipeline if isinstance(pipeline, list) else [pipeline]
    return {
        "create": argument(call, 0, str),
        "viewOn": argument(call, 1, str),
        "pipeline": stages,
        **document(call, 3),
    }


def _run(call: Call) -> Command:
    """A command as it stands, when it is one that stays in the database."""
    given = argument(call, 0, object)
    command = dict(given) if isinstance(given, Mapping) else {str(given): 1, **document(call, 1)}
    name = next(iter(command), "")
    if name not in RUN:
        raise Unsupported(f"the command {name or '{}'} is not run here: it is not about collections of this database")
    if name == "aggregate":
        command.setdefault("cursor", {})
    if name == "renameCollection":
        return {**command, **{word: str(command.get(word)).partition(".")[2] for word in ("renameCollection", "to")}}
    return command


RUN = frozenset(
    {"create", "collMod", "createIndexes", "dropIndexes", "deleteIndexes", "drop", "renameCollection",
     "convertToCapped", "insert", "update", "delete", "findAndModify", "findandmodify", "find", "aggregate", "count",
     "distinct", "listIndexes", "listCollections", "validate", "collStats", "dbStats", "ping", "dropDatabase",
     "reIndex", "compact"}
)  # fmt: skip
"""Commands that ``db.runCommand`` may send."""

MAKERS: Mapping[str, Callable[[Call], Command | list[Command]]] = {
    **reading.MAKERS,
    **writing.MAKERS,
    "createIndex": _create_index,
    "ensureIndex": _create_index,
    "createIndexes": _create_indexes,
    "dropIndex": _drop_index,
    "dropIndexes": _drop_indexes,
    "hideIndex": lambda call: _hide(call, hidden=True),
    "unhideIndex": lambda call: _hide(call, hidden=False),
    "drop": lambda call: {"drop": call.collection},
    "renameCollection": _rename,
    "convertToCapped": lambda call: {"convertToCapped": call.collection, "size": argument(call, 0, object)},
    "getIndexes": lambda call: {"listIndexes": call.collection},
    "validate": lambda call: {"validate": call.collection},
    "reIndex": lambda call: {"reIndex": call.collection},
}

DATABASE: Mapping[str, Callable[[Call], Command | list[Command]]] = {
    "createCollection": _create_collection,
    "createView": _create_view,
    "runCommand": _run,
    "adminCommand": _run,
    "dropDatabase": lambda _: {"dropDatabase": 1},
    "getCollectionNames": lambda _: {"listCollections": 1, "nameOnly": True},
    "getCollectionInfos": lambda call: {"listCollections": 1, "filter": document(call, 0)},
    "aggregate": reading.database_aggregate,
    "watch": reading.watch,
}


def is_reading(command: Mapping[str, Any]) -> bool:
    """Whether a command leaves every document as it is."""
    name = next(iter(command))
    return name in reading.NAMES and not writes_out(command)


def writes_out(command: Mapping[str, Any]) -> bool:
    """Whether a pipeline ends by writing its result into a collection."""
    pipeline = command.get("pipeline", ())
    last = pipeline[-1] if isinstance(pipeline, list) and pipeline else {}
    return isinstance(last, Mapping) and bool({"$out", "$merge"} & set(last))

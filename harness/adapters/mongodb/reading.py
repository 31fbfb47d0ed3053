"""Methods that read, as commands: find with all that is chained to it, aggregate, count, distinct."""

from collections.abc import Callable, Mapping
from typing import Any

from harness.adapters.mongodb.calls import Call
from harness.adapters.mongodb.options import Unsupported, argument, chosen, document

CURSORS = frozenset({"find", "aggregate", "listIndexes", "listCollections"})
"""Commands that answer with a cursor."""

NAMES = frozenset({"find", "aggregate", "count", "distinct"})
"""Commands that read documents."""

FIND_OPTIONS = (
    "sort", "limit", "skip", "hint", "collation", "min", "max", "returnKey", "showRecordId", "allowDiskUse",
    "maxTimeMS", "let", "comment", "batchSize",
)  # fmt: skip

AGGREGATE_OPTIONS = ("hint", "collation", "let", "allowDiskUse", "maxTimeMS", "bypassDocumentValidation", "comment")

CHAINED = {"projection": "projection", "project": "projection", **{name: name for name in FIND_OPTIONS}}
"""Methods of a cursor that say more of the query, and the part of the command that they are."""

LOOKED_AT = frozenset(
    {"toArray", "forEach", "map", "pretty", "next", "hasNext", "tryNext", "itcount", "close", "explain", "isExhausted",
     "objsLeftInBatch", "readPref", "readConcern", "noCursorTimeout", "addOption", "tailable", "maxAwaitTimeMS"}
)  # fmt: skip
"""Methods of a cursor that change nothing of the query."""

STREAM = "$changeStream"

Command = dict[str, Any]


def _find(call: Call) -> Command:
    options = document(call, 2)
    command: Command = {"find": call.collection, "filter": document(call, 0)}
    projection = document(call, 1) or options.get("projection")
    if projection:
        command["projection"] = projection
    command.update(chosen(options, *FIND_OPTIONS))
    return _chained(call, command)


def _chained(call: Call, command: Command) -> Command:
    for name, arguments in call.chain:
        if name in CHAINED:
            command[CHAINED[name]] = arguments[0] if arguments else True
        elif name in {"count", "size"}:
            return _counting(command, respect=name == "size")
        elif name not in LOOKED_AT:
            raise Unsupported(f"{call.method}().{name}() is not supported here")
    return _whole(command)


def _whole(command: Command) -> Command:
    """A negative limit asks for one batch of that many, and a limit of 0 for no limit."""
    limit = command.get("limit")
    if limit == 0:
        return {name: said for name, said in command.items() if name != "limit"}
    return {**command, "limit": -limit, "singleBatch": True} if isinstance(limit, int) and limit < 0 else command


def _counting(command: Command, *, respect: bool) -> Command:
    """``cursor.count()``; ``size()`` heeds limit and skip."""
    kept = chosen(command, "hint", "collation", *(("limit", "skip") if respect else ()))
    return {"count": command["find"], "query": command["filter"], **kept}


def _find_one(call: Call) -> Command:
    return {**_find(call), "limit": 1, "singleBatch": True}


def _aggregate(call: Call) -> Command:
    """The stages as one array, or one by one as arguments."""
    first = call.arguments[0] if call.arguments else []
    if isinstance(first, list):
        stages, options = first, document(call, 1)
    else:
        stages, options = list(call.arguments), {}
    command = {"aggregate": call.collection, "pipeline": stages, "cursor": {}, **chosen(options, *AGGREGATE_OPTIONS)}
    for name, arguments in call.chain:
        if name in {"hint", "collation", "comment", "allowDiskUse", "maxTimeMS"}:
            command[name] = arguments[0] if arguments else True
        elif name not in LOOKED_AT | {"batchSize"}:
            raise Unsupported(f"aggregate().{name}() is not supported here")
    return command


def database_aggregate(call: Call) -> Command:
    """``db.aggregate([{ $documents: … }])``: a pipeline without a collection."""
    return {"aggregate": 1, "pipeline": argument(call, 0, list), "cursor": {}, **document(call, 1)}


def watch(call: Call) -> Command:
    """A change stream, of a collection or of the whole database: a pipeline that begins with one."""
    options = document(call, 1)
    of_batches = ("batchSize", "maxAwaitTimeMS", "collation", "comment")
    stream = {name: said for name, said in options.items() if name not in of_batches}
    stages = argument(call, 0, list) if call.arguments else []
    command: Command = {"aggregate": call.collection or 1, "pipeline": [{STREAM: stream}, *stages], "cursor": {}}
    unknown = next((name for name, _ in call.chain if name not in LOOKED_AT), None)
    if unknown is not None:
        raise Unsupported(f"watch().{unknown}() is not supported here")
    return {**command, **chosen(options, "collation", "comment")}


def is_stream(command: Mapping[str, Any]) -> bool:
    """Whether a command opens a change stream, which never ends."""
    stages = command.get("pipeline")
    first = stages[0] if isinstance(stages, list) and stages else None
    return isinstance(first, Mapping) and STREAM in first


def _count_documents(call: Call) -> Command:
    options = document(call, 1)
    around = [{f"${name}": options[name]} for name in ("skip", "limit") if name in options]
    pipeline = [{"$match": document(call, 0)}, *around, {"$group": {"_id": 1, "n": {"$sum": 1}}}]
    kept = chosen(options, "hint", "collation", "maxTimeMS")
    return {"aggregate": call.collection, "pipeline": pipeline, "cursor": {}, **kept}


def _count(call: Call) -> Command:
    options = chosen(document(call, 1), "limit", "skip", "hint", "collation", "maxTimeMS")
    return {"count": call.collection, "query": document(call, 0), **options}


def _distinct(call: Call) -> Command:
    options = chosen(document(call, 2), "collation", "maxTimeMS", "hint")
    return {"distinct": call.collection, "key": argument(call, 0, str), "query": document(call, 1), **options}


MAKERS: Mapping[str, Callable[[Call], Command]] = {
    "find": _find,
    "findOne": _find_one,
    "aggregate": _aggregate,
    "watch": watch,
    "countDocuments": _count_documents,
    "count": _count,
    "estimatedDocumentCount": lambda call: {"count": call.collection},
    "distinct": _distinct,
}

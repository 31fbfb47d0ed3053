"""What a single statement is about, by the calls that it makes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from harness.adapters.mongodb import script
from harness.adapters.mongodb.calls import Call
from harness.adapters.mongodb.commands import Command, commands, writes_out
from harness.adapters.mongodb.literal import literal, text
from harness.adapters.mongodb.names import collection
from harness.adapters.mongodb.options import Unsupported
from harness.adapters.mongodb.reading import NAMES
from harness.design.model import Statement
from harness.facts import Intent, Refusal

BEYOND: Mapping[str, str] = {
    **dict.fromkeys(("createUser", "updateUser", "dropUser", "dropAllUsers", "changeUserPassword"), "role"),
    **dict.fromkeys(("createRole", "updateRole", "dropRole", "dropAllRoles"), "role"),
    **dict.fromkeys(("grantRolesToUser", "revokeRolesFromUser", "grantPrivilegesToRole"), "role"),
    **dict.fromkeys(("grantRolesToRole", "revokeRolesFromRole", "revokePrivilegesFromRole"), "role"),
    **dict.fromkeys(("setProfilingLevel", "setLogLevel", "shutdownServer", "fsyncLock", "fsyncUnlock"), "settings"),
}
"""Methods of ``db`` that change what is outside of it."""

NOTHING = Intent("other", "nothing", undo=())

DATABASE = "harness"
"""A name that a renaming can be written with; it is nowhere seen."""


def intent(statement: Statement) -> Intent:
    """What the statement is about; verb ``invalid`` when it is no JavaScript."""
    found = script.calls(statement)
    if isinstance(found, Refusal):
        return Intent("invalid" if found.code == script.SYNTAX else "other", refusal=found)
    beyond = next((BEYOND[call.method] for call in found if not call.collection and call.method in BEYOND), "")
    if beyond:
        return Intent("other", beyond, beyond=beyond)
    try:
        parts = [_intent(command) for call in found for command in commands(call, DATABASE)]
    except Unsupported:
        return Intent("other")
    return _together(found, parts)


def _together(found: Sequence[Call], parts: Sequence[Intent]) -> Intent:
    """Of several commands, the first that changes anything gives the name; all of them have to be taken back."""
    changing = [part for part in parts if part.verb != "select"]
    if not parts:
        return NOTHING
    first = (changing or parts)[0]
    undo: tuple[str, ...] | None = tuple(text for part in reversed(changing) for text in part.undo or ())
    if any(part.undo is None for part in changing) or found[-1].awaits:
        undo = None
    made = {part.name for part in parts if part.verb == "create"}
    wanted = dict.fromkeys(name for part in parts for name in part.references if name not in made)
    return Intent(first.verb, first.kind, first.name, first.entity, tuple(wanted), undo)


def _intent(command: Command) -> Intent:
    name, about = next(iter(command.items()))
    if writes_out(command):
        return _written_out(command)
    if name in NAMES:
        return Intent("select", "table", str(about), str(about), tuple(_read(command.get("pipeline", ()))), ())
    make = MAKERS.get(name)
    return make(command) if make is not None else Intent("other")


def _written_out(command: Command) -> Intent:
    """A pipeline that ends in ``$out`` or ``$merge``; what was in their collection before, it does not say."""
    *stages, last = command["pipeline"]
    said = next(iter(last.values()))
    target = said.get("into", said.get("coll", "")) if isinstance(said, Mapping) else said
    name = str(target.get("coll", "") if isinstance(target, Mapping) else target)
    return Intent("other", "table", name, name, tuple(dict.fromkeys((str(command["aggregate"]), *_read(stages)))))


def _create(command: Command) -> Intent:
    name = str(command["create"])
    undo = (f"{collection(name)}.drop()",)
    if "viewOn" in command:
        sources = (str(command["viewOn"]), *_read(command.get("pipeline", ())))
        return Intent("create", "view", name, name, tuple(dict.fromkeys(sources)), undo)
    return Intent("create", "table", name, name, undo=undo)


def _read(stages: Any) -> Iterator[str]:
    """Other collections that a pipeline reads."""
    for stage in stages if isinstance(stages, list) else ():
        for name, said in stage.items() if isinstance(stage, Mapping) else ():
            yield from _of_stage(name, said)


def _of_stage(name: str, said: Any) -> Iterator[str]:
    if name in {"$lookup", "$graphLookup"} and isinstance(said, Mapping):
        yield from (str(said["from"]),) if "from" in said else ()
        yield from _read(said.get("pipeline"))
    elif name == "$unionWith":
        yield str(said.get("coll", "") if isinstance(said, Mapping) else said)
    elif name == "$facet" and isinstance(said, Mapping):
        for stages in said.values():
            yield from _read(stages)


def _create_indexes(command: Command) -> Intent:
    entity = str(command["createIndexes"])
    names = [str(each.get("name", "")) for each in command["indexes"]]
    undo = tuple(f"{collection(entity)}.dropIndex({text(name)})" for name in reversed(names))
    return Intent("create", "index", names[0] if names else "", entity, undo=undo)


def _drop_indexes(command: Command) -> Intent:
    which = command.get("index")
    return Intent("drop", "index", which if isinstance(which, str) else literal(which), str(command["dropIndexes"]))


def _rename(command: Command) -> Intent:
    old, new = (str(command[word]).partition(".")[2] for word in ("renameCollection", "to"))
    undo = None if command.get("dropTarget") else (f"{collection(new)}.renameCollection({text(old)})",)
    return Intent("rename", "table", old, old, undo=undo)


def _modify(command: Command) -> Intent:
    """``collMod`` says nothing of what was before, but for an index that is hidden or shown."""
    name = str(command["collMod"])
    index = command.get("index")
    if isinstance(index, Mapping) and "hidden" in index and set(command) == {"collMod", "index"}:
        given = index.get("name", index.get("keyPattern"))
        method = "unhideIndex" if index["hidden"] else "hideIndex"
        return Intent("alter", "index", str(given), name, undo=(f"{collection(name)}.{method}({literal(given)})",))
    return Intent("alter", "table", name, name)


def _anew(command: Command) -> Intent:
    """Files or indexes are made anew, or looked through; what is in them stays as it was."""
    name = str(next(iter(command.values())))
    return Intent("alter", "table", name, name, undo=())


def _writes(verb: str, word: str) -> Callable[[Command], Intent]:
    return lambda command: Intent(verb, "table", str(command[word]), str(command[word]))


MAKERS: Mapping[str, Callable[[Command], Intent]] = {
    "create": _create,
    "createIndexes": _create_indexes,
    "dropIndexes": _drop_indexes,
    "renameCollection": _rename,
    "collMod": _modify,
    "reIndex": _anew,
    "compact": _anew,
    "validate": _anew,
    "convertToCapped": _writes("other", "convertToCapped"),
    "drop": _writes("drop", "drop"),
    "insert": _writes("insert", "insert"),
    "update": _writes("update", "update"),
    "delete": _writes("delete", "delete"),
    "findAndModify": _writes("update", "findAndModify"),
}

"""Which arrays an update makes longer, and what in it keeps them short."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from harness.adapters.mongodb import script
from harness.adapters.mongodb.commands import commands
from harness.adapters.mongodb.literal import literal
from harness.adapters.mongodb.options import Unsupported
from harness.design.model import Statement
from harness.facts import Refusal
from harness.pushing import Push
from harness.source import Source

DATABASE = "harness"
"""A name for commands that are only looked at."""

LIMITS = frozenset({"$lt", "$lte"})
POSITION = re.compile(r"\.(?:\$(?:\[\w*\])?|\d+)(?=\.|\Z)")
"""``items.$.notes``, ``items.$[each].notes``, ``items.0.notes``: a field of an element."""


def pushes(statement: Statement) -> tuple[Push, ...]:
    """All of a statement; none of one that is no script."""
    found = script.calls(statement)
    if isinstance(found, Refusal):
        return ()
    result: list[Push] = []
    for call in found:
        try:
            made = commands(call, DATABASE)
        except Unsupported:
            continue
        source = statement.source.at(call.line - 1)
        result += [push for command in made for push in _of_command(command, source)]
    return tuple(dict.fromkeys(result))


def _of_command(command: Mapping[str, Any], source: Source) -> Iterator[Push]:
    entity = str(next(iter(command.values())))
    for update in command.get("updates", ()):
        yield from _of_update(entity, update.get("q"), update.get("u"), source)
    if "findAndModify" in command and "update" in command:
        yield from _of_update(entity, command.get("query"), command["update"], source)


def _of_update(entity: str, filter_: Any, update: Any, source: Source) -> Iterator[Push]:
    asked = filter_ if isinstance(filter_, Mapping) else {}
    if isinstance(update, list):
        for stage in update:
            yield from _of_stage(entity, stage, source)
    elif isinstance(update, Mapping):
        for how in ("$push", "$addToSet"):
            for path, given in _mapping(update.get(how)).items():
                bound = _sliced(given) or _asked_for(asked, path, update)
                yield Push(entity, _field(path), how, bound, source)


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _field(path: str) -> str:
    return POSITION.sub("[]", path)


def _sliced(given: Any) -> str:
    return f"$slice: {literal(given['$slice'])}" if isinstance(given, Mapping) and "$slice" in given else ""


def _asked_for(filter_: Mapping[str, Any], path: str, update: Mapping[str, Any]) -> str:
    """What the filter asks for: a place of the array that is free yet, or a count below a limit that the update keeps.

    Both are the way in which documents that are buckets are filled.
    """
    for name, said in filter_.items():
        condition = _mapping(said)
        free = re.fullmatch(rf"{re.escape(path)}\.\d+", name) and condition.get("$exists") is False
        counted = name in _mapping(update.get("$inc")) and LIMITS & set(condition)
        if free or counted or (name == path and "$size" in condition):
            return f"{name}: {literal(said)}"
    return ""


def _of_stage(entity: str, stage: Any, source: Source) -> Iterator[Push]:
    """A field that is set to itself and more: ``{ $set: { tags: { $concatArrays: ["$tags", […]] } } }``."""
    changed = {**_mapping(_mapping(stage).get("$set")), **_mapping(_mapping(stage).get("$addFields"))}
    for path, given in changed.items():
        inner = _mapping(given)
        sliced = inner["$slice"] if isinstance(inner.get("$slice"), list) else []
        cut = sliced[0] if sliced else given
        for how in ("$concatArrays", "$setUnion"):
            parts = _mapping(cut).get(how)
            if isinstance(parts, list) and any(_is_itself(part, path) for part in parts):
                yield Push(entity, path, how, f"$slice: {literal(sliced[1:])}" if sliced else "", source)


def _is_itself(part: Any, path: str) -> bool:
    """``"$tags"``, or that with an empty array where it is missing."""
    inner = _mapping(part).get("$ifNull")
    return part == f"${path}" or (isinstance(inner, list) and f"${path}" in inner)

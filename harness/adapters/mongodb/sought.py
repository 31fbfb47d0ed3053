"""What a query looks for that no single field answers, and the collections that it reads."""

from collections.abc import Iterator, Mapping
from typing import Any

from harness.adapters.mongodb.calls import Call
from harness.adapters.mongodb.literal import literal
from harness.adapters.mongodb.parameters import FILTERS, OPERATORS, REMAKES, evaluated
from harness.design.model import Schema, Statement
from harness.facts import Refusal, Sought

MET = frozenset({*OPERATORS, "$regex", "$options", "$exists", "$type", "$elemMatch"})
"""What is asked of one field that a value of it answers, or that asks for no value."""

JOINED = frozenset({"$and", "$or", "$nor"})


def sought(statement: Statement, schema: Schema) -> Sought:
    """Nothing for a text that cannot be evaluated."""
    calls = evaluated(statement)
    if isinstance(calls, Refusal):
        return Sought()
    names = dict.fromkeys(name for call in calls for name in (call.collection, *_joined(_stages(call))))
    beyond = dict.fromkeys(said for call in calls for said in _beyond(call))
    return Sought(tuple(name for name in names if schema.entity(name) is not None), tuple(beyond))


def _stages(call: Call) -> list[Mapping[str, Any]]:
    """The stages of a pipeline; none for another call."""
    if call.method != "aggregate":
        return []
    first = call.arguments[0] if call.arguments else ()
    return [stage for stage in (first if isinstance(first, list) else call.arguments) if isinstance(stage, Mapping)]


def _joined(stages: Any) -> Iterator[str]:
    """The collections that stages bring in."""
    for stage in stages if isinstance(stages, list) else ():
        for said in stage.values() if isinstance(stage, Mapping) else ():
            if isinstance(said, Mapping):
                if isinstance(said.get("from"), str):
                    yield said["from"]
                yield from _joined(said.get("pipeline"))


def _beyond(call: Call) -> Iterator[str]:
    if call.method in FILTERS and call.arguments:
        yield from _of_filter(call.arguments[0])
    elif call.method == "distinct" and len(call.arguments) > 1:
        yield from _of_filter(call.arguments[1])
    yield from _of_stages(_stages(call))
    yield from (f"skip({given[0]})" for name, given in call.chain if name == "skip" and given and given[0])


def _of_stages(stages: list[Mapping[str, Any]]) -> Iterator[str]:
    remade = False
    for stage in stages:
        if "$match" in stage:
            # What a stage before it has made of the documents is no field of theirs.
            yield from [_said(stage)] if remade else _of_filter(stage["$match"])
        elif "$skip" in stage or "$search" in stage or "$geoNear" in stage:
            yield _said(stage)
        remade |= bool(REMAKES & set(stage))


def _of_filter(given: Any) -> Iterator[str]:
    for path, asked in given.items() if isinstance(given, Mapping) else ():
        if path in JOINED and isinstance(asked, list):
            for each in asked:
                yield from _of_filter(each)
        elif path == "$expr":
            yield from [_said({path: asked})] if any(_constants(asked)) else []
        elif path.startswith("$"):
            yield from [_said({path: asked})] if path != "$comment" else []
        elif isinstance(asked, Mapping):
            yield from _of_field(path, asked)


def _of_field(path: str, asked: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(asked.get("$elemMatch"), Mapping):
        yield from _of_filter({f"{path}.{name}": said for name, said in asked["$elemMatch"].items()})
    more = {word: said for word, said in asked.items() if str(word).startswith("$") and word not in MET}
    if more:
        yield _said({path: more})


def _constants(given: Any) -> Iterator[Any]:
    """The constants of an expression; names of fields begin with a dollar."""
    if isinstance(given, Mapping):
        for said in given.values():
            yield from _constants(said)
    elif isinstance(given, list):
        for each in given:
            yield from _constants(each)
    elif not isinstance(given, str) or not given.startswith("$"):
        yield True


def _said(given: Mapping[str, Any]) -> str:
    """A part of a filter as mongosh writes it, without the outermost braces."""
    return literal(dict(given)).removeprefix("{ ").removesuffix(" }")

"""The literals of a query that stand against a field: where they are in the text, and against what.

They are found by evaluating the query once with every literal replaced by a mark of its own: where a mark then stands
in the filter of a call, there the literal stood. The text is searched for literals only, and never understood by hand.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from harness.adapters.mongodb import script
from harness.adapters.mongodb.calls import Call
from harness.design.model import Entity, Schema, Statement
from harness.facts import Parameter, Refusal

STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`"
MAKERS = "ObjectId|ObjectID|ISODate|Date|NumberLong|NumberInt|NumberDecimal|Decimal128|Long|Int32|Double|UUID"
PATTERN = r"(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+"
NUMBER = r"(?<![\w.$])-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])"

UNDEFINED = re.compile(r"ReferenceError: ([A-Za-z_$][\w$]*) is not defined")
"""A variable that the document does not give: ``{ userId: userId }`` asks for any."""

MOST_FREE = 12


def _pieces(free: tuple[str, ...]) -> re.Pattern[str]:
    """What finds literals, and the variables that stand for some."""
    names = "|".join(map(re.escape, free)) or r"(?!)"
    return re.compile(
        rf"""
        (?P<comment>//[^\n]*|/\*.*?\*/)
        | (?P<made>(?:\bnew\s+)?\b(?:{MAKERS})\(\s*(?:{STRING}|-?[\d.]+)\s*\))
        | (?P<free>(?:\bnew\s+)?\b(?:{MAKERS})\(\s*(?:{names})\s*\)|(?<![\w$.])(?:{names})(?![\w$])(?!\s*:))
        | (?<=[:,(\[\s])(?P<pattern>/(?![*/\s]){PATTERN}/)(?P<flags>[a-z]*)
        | (?P<text>{STRING})(?P<key>\s*:)?
        | (?P<number>{NUMBER})
        | (?P<word>\b(?:true|false)\b)(?!\s*[:(])
        """,
        re.VERBOSE | re.DOTALL,
    )


INNER = re.compile(rf"{STRING}|-?[\d.]+")

BEGIN, END = "\u27e6", "\u27e7"
MARK = re.compile(rf"{BEGIN}(\d+){END}")

OPERATORS = {"$eq": "=", "$ne": "<>", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<=", "$in": "in", "$nin": "not in"}

PATTERNS = {False: "~", True: "~*"}
"""Operators of a pattern, by whether case does not count."""

FILTERS = frozenset(
    {"find", "findOne", "countDocuments", "count", "updateOne", "updateMany", "update", "replaceOne", "deleteOne",
     "deleteMany", "remove", "findOneAndUpdate", "findOneAndDelete", "findOneAndReplace"}
)  # fmt: skip
"""Methods whose first argument is a filter."""


def parameters(statement: Statement, schema: Schema) -> tuple[Parameter, ...]:
    """All of them in the order of the text; none for a text that cannot be evaluated."""
    literals, calls = _evaluated(statement, ())
    if isinstance(calls, Refusal):
        return ()
    # A variable that stands against no field (a limit) is to be given a value all the same.
    free = (piece for piece in literals if piece["free"])
    found = {p.start(): Parameter(p.start(), p.end(), "", "", "", None) for p in free}
    placed: set[int] = set()
    for number, call in enumerate(_named(call, literals) for call in calls):
        for mark, entity, field, operator in _of_call(call, schema):
            piece = literals[mark]
            if piece.start() not in placed:
                placed.add(piece.start())
                value = None if piece["free"] else _value(piece)
                said = PATTERNS["i" in piece["flags"]] if piece["pattern"] and operator == "=" else operator
                found[piece.start()] = Parameter(piece.start(), _end(piece), entity, field, said, value, number)
    return tuple(found[start] for start in sorted(found))


def _evaluated(statement: Statement, free: tuple[str, ...]) -> tuple[list[re.Match[str]], tuple[Call, ...] | Refusal]:
    """The literals, and the calls with marks in their places; variables that are nowhere defined count as literals."""
    found = _pieces(free).finditer(statement.text)
    literals = [piece for piece in found if not piece["comment"] and not piece["key"]]
    calls = script.calls(replace(statement, text=_marked(statement.text, literals)))
    missing = UNDEFINED.search(calls.message) if isinstance(calls, Refusal) else None
    if missing is None or missing[1] in free or len(free) == MOST_FREE:
        return literals, calls
    return _evaluated(statement, (*free, missing[1]))


def evaluated(statement: Statement) -> tuple[Call, ...] | Refusal:
    """The calls as they are written; variables that are nowhere defined stand in them by their names."""
    found = script.calls(statement)
    if not isinstance(found, Refusal):
        return found
    literals, calls = _evaluated(statement, ())
    return calls if isinstance(calls, Refusal) else tuple(_spoken(call, literals) for call in calls)


def _spoken(call: Call, literals: list[re.Match[str]]) -> Call:
    """The call with every mark replaced by what stands there."""

    def plain(given: Any) -> Any:
        if isinstance(given, str):
            whole = MARK.fullmatch(given)
            piece = literals[int(whole[1])] if whole else None
            if piece is not None and (piece["number"] or piece["word"]):
                return json.loads(piece[0])
            return MARK.sub(lambda found: _value(literals[int(found[1])]), given)
        if isinstance(given, Mapping):
            return {name: plain(said) for name, said in given.items()}
        return [plain(each) for each in given] if isinstance(given, list) else given

    chain = tuple((name, tuple(map(plain, arguments))) for name, arguments in call.chain)
    return replace(call, collection=plain(call.collection), arguments=tuple(map(plain, call.arguments)), chain=chain)


def _end(piece: re.Match[str]) -> int:
    return piece.end("text") if piece["text"] else piece.end()


def _marked(text: str, literals: list[re.Match[str]]) -> str:
    for mark, piece in reversed(list(enumerate(literals))):
        text = f'{text[: piece.start()]}"{BEGIN}{mark}{END}"{text[_end(piece) :]}'
    return text


def _named(call: Call, literals: list[re.Match[str]]) -> Call:
    """The call with the names of collections and fields as they are written: those that are strings are marked too."""

    def plain(given: Any) -> Any:
        if isinstance(given, str):
            return MARK.sub(lambda found: _value(literals[int(found[1])]), given)
        return given

    def named(given: Any) -> Any:
        if isinstance(given, Mapping):
            return {name: plain(said) if name in names else named(said) for name, said in given.items()}
        return [named(each) for each in given] if isinstance(given, list) else given

    names = OPTIONS | NAMES if call.method == "aggregate" else OPTIONS
    return replace(call, collection=plain(call.collection), arguments=tuple(map(named, call.arguments)))


OPTIONS = frozenset({"$options"})
NAMES = frozenset({"from", "as", "localField", "foreignField"})
"""Parts of a stage that name something."""


def _value(piece: re.Match[str]) -> str:
    """The literal's value as text."""
    inner = INNER.search(piece["made"]) if piece["made"] else None
    plain = inner[0] if inner else piece[0]
    return plain[1:-1] if plain[:1] in {'"', "'", "`"} else piece["pattern"][1:-1] if piece["pattern"] else plain


Found = tuple[int, str, str, str]


def _of_call(call: Call, schema: Schema) -> Iterator[Found]:
    entity = schema.entity(call.collection)
    if call.method in FILTERS and call.arguments:
        yield from _of_filter(call.arguments[0], call.collection, entity)
    elif call.method == "distinct" and len(call.arguments) > 1:
        yield from _of_filter(call.arguments[1], call.collection, entity)
    elif call.method == "aggregate":
        stages = call.arguments[0] if call.arguments and isinstance(call.arguments[0], list) else call.arguments
        yield from _of_stages(stages, call.collection, schema)


REMAKES = frozenset(
    {"$group", "$project", "$replaceRoot", "$replaceWith", "$bucket", "$sortByCount", "$facet", "$count"}
)
"""Stages after which fields are no longer those of the collection."""


def _of_stages(stages: Any, name: str, schema: Schema) -> Iterator[Found]:
    """Of the stages that see the collection's own fields, and those that a ``$lookup`` brings in beside them."""
    joined: dict[str, str] = {}
    for stage in stages:
        if not isinstance(stage, Mapping) or REMAKES & set(stage):
            return
        if "$match" in stage:
            for mark, _, path, operator in _of_filter(stage["$match"], name, None):
                yield mark, *_owned(path, name, joined, schema), operator
        lookup = stage.get("$lookup")
        if isinstance(lookup, Mapping) and "from" in lookup:
            joined[str(lookup.get("as", ""))] = str(lookup["from"])
            yield from _of_stages(lookup.get("pipeline", ()), str(lookup["from"]), schema)


def _owned(path: str, name: str, joined: Mapping[str, str], schema: Schema) -> tuple[str, str]:
    """The collection that a path leads into, and the field there."""
    alias = next((alias for alias in joined if path.startswith(f"{alias}.")), None)
    owner, rest = (name, path) if alias is None else (joined[alias], path.removeprefix(f"{alias}."))
    return owner, _field(rest, schema.entity(owner))


def _of_filter(given: Any, name: str, entity: Entity | None) -> Iterator[Found]:
    if not isinstance(given, Mapping):
        return
    for path, asked in given.items():
        if path in {"$and", "$or", "$nor"} and isinstance(asked, list):
            for each in asked:
                yield from _of_filter(each, name, entity)
        elif not path.startswith("$"):
            yield from _of_field(asked, name, path, entity)


def _of_field(asked: Any, name: str, path: str, entity: Entity | None) -> Iterator[Found]:
    if isinstance(asked, Mapping):
        for word, operand in asked.items():
            if word == "$elemMatch" and isinstance(operand, Mapping):
                yield from _of_filter({f"{path}.{inner}": said for inner, said in operand.items()}, name, entity)
            elif word == "$regex":
                yield from _of_values(operand, name, _field(path, entity), PATTERNS["i" in asked.get("$options", "")])
            elif word in OPERATORS:
                yield from _of_values(operand, name, _field(path, entity), OPERATORS[word])
        return
    yield from _of_values(asked, name, _field(path, entity), "=")


def _of_values(given: Any, name: str, field: str, operator: str) -> Iterator[Found]:
    for each in given if isinstance(given, list) else (given,):
        mark = MARK.fullmatch(each) if isinstance(each, str) else None
        if mark is not None:
            yield int(mark[1]), name, field, operator


def _field(path: str, entity: Entity | None) -> str:
    """The field that a path means: paths step into arrays without saying so."""
    fields = entity.fields if entity is not None else ()
    return next((f.name for f in fields if f.name.replace("[]", "") == path), path)

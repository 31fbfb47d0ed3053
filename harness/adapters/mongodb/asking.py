"""What a query asks of its collection: filter, order, limit and skip; of a pipeline, what its first stages ask."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bson import Code, ObjectId
from bson.regex import Regex

from harness.adapters.mongodb import script
from harness.adapters.mongodb.commands import commands
from harness.adapters.mongodb.explain import queries
from harness.adapters.mongodb.literal import literal
from harness.adapters.mongodb.options import Unsupported
from harness.asked.inserts import Inserted
from harness.asked.model import Asked, Condition, Read, Sort
from harness.design.model import Schema, Statement
from harness.facts import Refusal

OPERATORS = {"$eq": "=", "$in": "in", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<=", "$ne": "<>", "$nin": "not in"}

SEEING = frozenset({"$match", "$sort", "$limit", "$skip", "$addFields", "$set", "$unset", "$lookup", "$unwind"})
"""Stages after which the collection's own fields are still there under their names."""

BY_DISTANCE = frozenset({"$near", "$nearSphere"})
"""Operators that give the nearest first."""

Command = Mapping[str, Any]


def asked(statement: Statement, schema: Schema) -> tuple[Asked, ...]:
    """One block for each command, and one for each collection that a ``$lookup`` looks into."""
    found = queries(statement.text, "asked")
    if isinstance(found, Refusal):
        return ()
    reader = _Reader(statement.text, schema)
    return tuple(block for command, source in found for block in reader.command(command, source.line - 1))


def inserted(statement: Statement, schema: Schema) -> Iterator[Inserted]:
    """The values of the documents that a script inserts, but for what it computes from others."""
    calls = script.calls(statement)
    for call in () if isinstance(calls, Refusal) else calls:
        try:
            made = commands(call, "inserted")
        except Unsupported:
            continue
        for command in made:
            entity = next((e for e in schema.entities if e.name == command.get("insert")), None)
            documents = command.get("documents", ()) if entity is not None else ()
            for document in documents:
                yield from (
                    (entity.name, name, str(value))
                    for name, value in _flat(document, "")
                    if entity is not None and isinstance(value, str | int | float | ObjectId)
                    # Not the identifiers that documents without one are given here.
                    if not isinstance(value, ObjectId) or str(value) in statement.text
                )


def _flat(document: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The fields of a document and of those in it."""
    for name, value in document.items() if isinstance(document, Mapping) else ():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


class _Reader:
    """The commands of one text."""

    def __init__(self, text: str, schema: Schema) -> None:
        self._lines = text.splitlines()
        self._schema = schema

    def command(self, command: Command, line: int) -> Iterator[Asked]:
        verb, name = next(iter(command.items()))
        if verb == "aggregate":
            yield from self._pipeline(str(name), command["pipeline"], line)
        elif verb in {"find", "count", "distinct"}:
            yield self._find(str(name), verb, command, line)

    def _find(self, name: str, verb: str, command: Command, line: int) -> Asked:
        given = command.get("filter", command.get("query", {}))
        sorts = command.get("sort") or {}
        single = bool(command.get("singleBatch"))
        return Asked(
            line=line,
            outermost=True,
            reads=(Read(name, name, line),),
            conditions=tuple(self._filter(given, name, line)),
            sorts=tuple(self._sorts(sorts, name)),
            ordered=bool(sorts) or _is_by_distance(given),
            limit=None if single else command.get("limit"),
            limit_line=self._line(".limit", line),
            skip=command.get("skip") or None,
            skip_line=self._line(".skip", line),
            whole=() if command.get("projection") or verb != "find" else (name,),
            folded=verb != "find",
        )

    def _pipeline(self, name: str, stages: Any, line: int) -> Iterator[Asked]:
        conditions: list[Condition] = []
        lookups: list[Asked] = []
        joined: list[str] = []
        sorts: Mapping[str, Any] = {}
        limit = skip = None
        ordered = folded = projected = False
        for stage in stages:
            word, said = next(iter(stage.items()), ("", None))
            if word == "$lookup" and isinstance(said, Mapping) and "from" in said:
                lookups += self._lookup(said, name, line)
                joined.append(str(said.get("as", "")))
            if folded or word not in SEEING:
                projected |= word in {"$project", "$replaceRoot", "$replaceWith"}
                folded |= word not in SEEING | {"$project"}
                ordered |= word in {"$sort", "$geoNear"}
                continue
            if word == "$match" and limit is None and not projected:
                met = self._filter(said, name, line)
                conditions += [c for c in met if not any(c.field.startswith(f"{alias}.") for alias in joined)]
            elif word == "$sort":
                ordered, sorts = True, (said or {}) if limit is None else sorts
            elif word == "$limit":
                limit = said
            elif word == "$skip" and limit is None:
                skip = said
        yield Asked(
            line=line,
            outermost=True,
            reads=(Read(name, name, line),),
            conditions=tuple(conditions),
            sorts=tuple(self._sorts(sorts, name)),
            ordered=ordered,
            limit=limit,
            limit_line=self._line("$limit", line),
            skip=skip,
            skip_line=self._line("$skip", line),
            whole=() if projected or folded else (name,),
            folded=folded,
        )
        yield from lookups

    def _lookup(self, said: Mapping[str, Any], name: str, line: int) -> Iterator[Asked]:
        target = str(said["from"])
        at = self._line("$lookup", line)
        inner = list(self._pipeline(target, said.get("pipeline") or [], at))[:1]
        conditions = inner[0].conditions if inner else ()
        if "localField" in said and "foreignField" in said:
            other = (name, str(said["localField"]))
            text = f"foreignField: {said['foreignField']}"
            conditions = (Condition(target, self._field(str(said["foreignField"]), target), "=", at, other=other,
                                    text=text), *conditions)  # fmt: skip
        sorts = inner[0].sorts if inner else ()
        yield Asked(line=at, outermost=False, reads=(Read(target, target, at),), conditions=conditions, sorts=sorts)

    def _sorts(self, given: Mapping[str, Any], name: str) -> Iterator[Sort]:
        for path, direction in given.items():
            if not isinstance(direction, int | float):
                return  # by the score of a text search
            yield Sort(name, self._field(path, name), direction < 0)

    def _filter(self, given: Any, name: str, line: int) -> Iterator[Condition]:
        for path, said in given.items() if isinstance(given, Mapping) else ():
            if path == "$and" and isinstance(said, list):
                for each in said:
                    yield from self._filter(each, name, line)
            elif path == "$where":
                code = said if isinstance(said, str | Code) else literal(said)
                yield Condition(name, "", "code", self._line("$where", line), text=f"$where: {code}")
            elif path == "$expr":
                yield from self._expression(said, name, line)
            elif not path.startswith("$"):
                yield from self._conditions(path, said, name, line)

    def _conditions(self, path: str, said: Any, name: str, line: int) -> Iterator[Condition]:
        field, at = self._field(path, name), self._line(path, line)
        if isinstance(said, Mapping) and any(str(word).startswith("$") for word in said):
            if "$elemMatch" in said and isinstance(said["$elemMatch"], Mapping):
                nested = {f"{path}.{inner}": value for inner, value in said["$elemMatch"].items()
                          if not inner.startswith("$")}  # fmt: skip
                yield from self._filter(nested, name, at)
            if "$regex" in said:
                yield self._pattern(name, field, at, said["$regex"], str(said.get("$options", "")))
            for word, operand in said.items():
                if word in OPERATORS:
                    text = f"{path}: {literal({word: operand})}"
                    yield Condition(name, field, OPERATORS[word], at, value=_value(operand), text=text)
        elif isinstance(said, Regex):
            yield self._pattern(name, field, at, said, "")
        else:
            yield Condition(name, field, "=", at, value=_value(said), text=f"{path}: {literal(said)}")

    def _pattern(self, name: str, field: str, line: int, given: Any, options: str) -> Condition:
        """A regular expression. One that disregards case is told as ``ilike``: no order of an index serves it."""
        pattern = given.pattern if isinstance(given, Regex) else str(given)
        folding = "i" in options or (isinstance(given, Regex) and bool(given.flags & re.IGNORECASE))
        operator = "ilike" if folding else "regex"
        return Condition(name, field, operator, line, value=pattern, text=f"{field}: /{pattern}/{'i' * folding}")

    def _expression(self, said: Any, name: str, line: int) -> Iterator[Condition]:
        """A comparison of what is made of one field with a constant."""
        word, operands = next(iter(said.items()), ("", None)) if isinstance(said, Mapping) else ("", None)
        if word == "$and" and isinstance(operands, list):
            for each in operands:
                yield from self._expression(each, name, line)
            return
        if word not in OPERATORS or not isinstance(operands, list) or len(operands) != 2:
            return
        sides = [(side, list(_paths(side))) for side in operands]
        for (side, paths), (other, across) in (sides, sides[::-1]):
            if len(paths) == 1 and not across and isinstance(side, Mapping):
                path, text = paths[0], literal(side)
                yield Condition(
                    name, self._field(path, name), OPERATORS[word], self._line(path, line), through=text,
                    value=_value(other), text=f"$expr: {literal(said)}",
                )  # fmt: skip

    def _field(self, path: str, name: str) -> str:
        """The field that a path means: paths step into arrays without saying so."""
        entity = self._schema.entity(name)
        fields = entity.fields if entity is not None else ()
        return next((f.name for f in fields if f.name.replace("[]", "") == path), path)

    def _line(self, word: str, otherwise: int) -> int:
        """The first line from there on that has the word."""
        found = re.compile(rf"(?<!\w)(?<!\w\.){re.escape(word)}(?!\w)")
        later = (number for number in range(otherwise, len(self._lines)) if found.search(self._lines[number]))
        return next(later, next((n for n, line in enumerate(self._lines) if found.search(line)), otherwise))


def _paths(given: Any) -> Iterator[str]:
    if isinstance(given, str) and given.startswith("$") and not given.startswith("$$"):
        yield given[1:]
    elif isinstance(given, Mapping):
        for each in given.values():
            yield from _paths(each)
    elif isinstance(given, list):
        for each in given:
            yield from _paths(each)


def _value(given: Any) -> str | None:
    return None if isinstance(given, Mapping | list) else str(given)


def unpaged(text: str) -> str | None:
    """The query without its paging: mongosh's cursor takes the last word on each."""
    bare = text.rstrip().rstrip(";").rstrip()
    if re.search(r"\)\s*\.\s*(?:skip|limit)\s*\(", bare) and "aggregate" not in bare:
        return re.sub(r"\.\s*(?:skip|limit)\s*\(\s*[^()]*\s*\)", "", bare)
    return None


def _is_by_distance(given: Any) -> bool:
    """Whether a filter orders by itself."""
    fields = given.values() if isinstance(given, Mapping) else ()
    return any(isinstance(said, Mapping) and BY_DISTANCE & set(said) for said in fields)

"""What the example queries ask the data for: their literals, row by row, so that seeding can plant them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from harness.design.model import Query, Schema
from harness.engine import Engine
from harness.facts import Parameter
from harness.seeding.model import Plant

PLANTED = {"=", "<>", "!=", "<", "<=", ">", ">=", "in", "like", "ilike", "~", "~*", "is null", "is not null"}
"""Operators of conditions that rows are made to meet."""


APART = re.compile(
    r"--[^\n]*|/\*.*?\*/|"
    r"(?:\b(?:interval|date|time|timestamp(?:tz)?|zone|separator|escape)|"
    r"\b(?:date_trunc|date_part|date_bin|extract|set_config|current_setting)\s*\()\s*'[^']*'|"
    r"(?P<literal>(?<![\w$])'(?:[^']|'')*')",
    re.IGNORECASE | re.DOTALL,
)
"""Literals of SQL; those that are a unit, a span of time or a setting ask for no row."""

SEARCHES = re.compile(r"\$(?:text|near(?:Sphere)?|geo\w+|where|function)\b")
"""Conditions of mongosh that rows are not made to meet."""


def plants(queries: Sequence[Query], engine: Engine, schema: Schema) -> tuple[Plant, ...]:
    """The rows that each query needs to find something: one per entity it reads, linked within the query."""
    return tuple(plant for query in queries for plant in _query(query, engine, schema))


def _query(query: Query, engine: Engine, schema: Schema) -> Iterator[Plant]:
    known = [p for p in engine.parameters(query.statement, schema) if p.value is not None and p.field and p.entity]
    for entity in _read(query, schema):
        scopes = sorted({p.scope for p in known if p.entity == entity})
        for scope in scopes or [-1]:
            here = [p for p in known if p.entity == entity and p.scope == scope]
            for row in _rows(here):
                yield Plant(entity, tuple((p.field, p.operator, str(p.value)) for p in row), query.id)


def unplanted(queries: Sequence[Query], engine: Engine, schema: Schema) -> Iterator[tuple[str, str]]:
    """Conditions that no row is made for: the query's id, and the condition in words."""
    for query in queries:
        for p in engine.parameters(query.statement, schema):
            if p.value is not None and (not p.field or p.operator not in PLANTED) and p.operator != ":=":
                yield query.id, f"no row was made for {p.field or 'an expression'} {p.operator} {p.value!r}"


def apart(query: Query, engine: Engine, schema: Schema) -> Iterator[str]:
    """What a query asks for that stands against no field: the words of a search, a value within a document."""
    text = query.statement.text
    if re.match(r"\s*db\b", text):
        yield from (found[0] for found in SEARCHES.finditer(text))
        return
    against = [(p.start, p.end) for p in engine.parameters(query.statement, schema)]
    for found in APART.finditer(text):
        if found["literal"] and not any(start <= found.start() < end for start, end in against):
            yield found["literal"]


def _read(query: Query, schema: Schema) -> Iterator[str]:
    """The entities whose names stand in the query."""
    text = query.statement.text.lower()
    words = {*re.findall(r"[\w.]+", text), *re.findall(r"\bdb\s*\.\s*([\w.]*\w)\s*\.\s*\w+\s*\(", text)}
    for entity in schema.entities:
        name = entity.name.lower()
        if name in words or name.rpartition(".")[2] in words:
            yield entity.name


def _rows(parameters: Sequence[Parameter]) -> Iterator[list[Parameter]]:
    """Conditions that one row can meet: alternatives (the same field equal to several values) are rows of their own."""
    counts = Counter(p.field for p in parameters if p.operator == "=")
    shared = [p for p in parameters if p.operator != "=" or counts[p.field] == 1]
    alternatives = [p for p in parameters if p.operator == "=" and counts[p.field] > 1]
    if not alternatives:
        yield shared
    for one in alternatives:
        yield [*shared, one]

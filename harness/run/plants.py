"""What the example queries ask the data for: their literals, row by row, so that seeding can plant them."""

from collections import Counter
from collections.abc import Iterator, Sequence

from harness.design.model import Query, Schema
from harness.engine import Engine
from harness.facts import Parameter
from harness.seeding.model import Plant

PLANTED = {"=", "<>", "!=", "<", "<=", ">", ">=", "in", "like", "ilike", "~", "~*", "is null", "is not null", "@>"}
"""Operators of conditions that rows are made to meet."""


def plants(queries: Sequence[Query], engine: Engine, schema: Schema) -> tuple[Plant, ...]:
    """The rows that each query needs to find something: one per entity it reads, linked within the query."""
    return tuple(plant for query in queries for plant in _query(query, engine, schema))


def _query(query: Query, engine: Engine, schema: Schema) -> Iterator[Plant]:
    known = [p for p in engine.parameters(query.statement, schema) if p.value is not None and p.field and p.entity]
    sought = engine.sought(query.statement, schema)
    for entity in sought.entities:
        inside = tuple((field, "@>", text) for of, field, text in sought.inside if of == entity)
        scopes = sorted({p.scope for p in known if p.entity == entity})
        for scope in scopes or [-1]:
            here = [p for p in known if p.entity == entity and p.scope == scope]
            for row in _rows(here):
                yield Plant(
                    behind(schema, entity), (*((p.field, p.operator, str(p.value)) for p in row), *inside), query.id
                )


def behind(schema: Schema, name: str) -> str:
    """The table behind a view that shows fields of one alone, by their names; else the name itself."""
    view = schema.entity(name)
    if view is None or not _is_view(schema, name):
        return name
    shown = [field.name for field in view.fields]
    tables = [e.name for e in schema.entities if "view" not in e.kind and all(e.field(field) for field in shown)]
    return tables[0] if len(tables) == 1 else name


def _is_view(schema: Schema, name: str) -> bool:
    found = schema.entity(name)
    return found is not None and "view" in found.kind


def unplanted(queries: Sequence[Query], engine: Engine, schema: Schema) -> Iterator[tuple[str, str]]:
    """Conditions that no row is made for: the query's id, and the condition in words."""
    for query in queries:
        for p in engine.parameters(query.statement, schema):
            if p.value is not None and (not p.field or p.operator not in PLANTED) and p.operator != ":=":
                yield query.id, f"no row was made for {p.field or 'an expression'} {p.operator} {p.value!r}"
            elif p.value is not None and p.entity and _is_view(schema, behind(schema, p.entity)):
                yield query.id, f"no row was made for {p.entity}.{p.field} {p.operator} {p.value!r}, which is a view's"


def beyond(query: Query, engine: Engine, schema: Schema) -> Iterator[str]:
    """What a query asks for that stands against no field, in words; for each, that no row was made for it."""
    for said in engine.sought(query.statement, schema).beyond:
        yield f"no row was made for {said}"


def _rows(parameters: Sequence[Parameter]) -> Iterator[list[Parameter]]:
    """Conditions that one row can meet: alternatives (the same field equal to several values) are rows of their own."""
    counts = Counter(p.field for p in parameters if p.operator == "=")
    shared = [p for p in parameters if p.operator != "=" or counts[p.field] == 1]
    alternatives = [p for p in parameters if p.operator == "=" and counts[p.field] > 1]
    if not alternatives:
        yield shared
    for one in alternatives:
        yield [*shared, one]

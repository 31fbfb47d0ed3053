"""Which schema a claim is about: the sections describe the schema at some point of the chain; queries meet its end."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from harness.checks.base import Case
from harness.design.compare import differences
from harness.design.model import Entity, ForeignKey, Index, Schema
from harness.design.place import lines
from harness.run.model import Skipped
from harness.source import Source


@dataclass(frozen=True, slots=True)
class State:
    """A live schema and how to name it to people: ``after migration 001``."""

    label: str
    schema: Schema


def described(case: Case) -> State:
    """The live schema that the sections describe: the one in the chain that differs least from them.

    The latest of equals; one after a planned migration only when it is nearer. A document describes its schema before
    the migrations that it announces, and may describe it after those that it has made.
    """
    sections = case.run.schema("declared") or Schema()
    best: tuple[float, State] | None = None
    for number, change in enumerate(case.plan.changes):
        schema = case.run.schema(f"after {change.id}")
        if schema is None:
            break
        distance = _distance(sections, schema) + (0.5 if change.planned else 0) - number / 10_000
        if best is None or distance < best[0]:
            best = (distance, State(f"after migration {change.id}", schema))
    return best[1] if best else State("made by the sections' SQL", sections)


def _distance(sections: Schema, live: Schema) -> int:
    named = {e.name for e in sections.entities}
    there = Schema(tuple(e for e in live.entities if e.name in named))
    return len(differences(Schema(sections.entities), there))


def head(case: Case) -> Schema:
    """The schema that was seeded and queried."""
    return case.run.schema("head") or Schema()


def cut_short(case: Case) -> str | None:
    """Why the schema that was queried is not the whole one; None when every migration is in it."""
    for change in case.plan.changes:
        up = case.run.applied("up", change.id)
        if up is None or not up.ok:
            return f"migration {change.id} does not apply, so the schema is not complete"
    return None


def gaps(case: Case) -> dict[str, str]:
    """Why entities have no rows, by their names; an empty name is the whole database's."""
    return {s.subject: s.reason for s in reversed(tuple(case.run.of(Skipped))) if s.what == "seed"}


def needing(schema: Schema, empty: Collection[str]) -> dict[str, str]:
    """Entities that can have no rows either: each with the one of the empty ones that every row of it refers to."""
    found: dict[str, str] = {}
    while True:
        known = {*empty, *found}
        more = {e.name: key.target for e in schema.entities if e.name not in known for key in e.foreign_keys
                if key.target in known and _is_needed(e, key)}  # fmt: skip
        if not more:
            return found
        found |= more


def _is_needed(entity: Entity, key: ForeignKey) -> bool:
    return all(f is not None and f.nullable is False for f in map(entity.field, key.fields))


def unseeded(case: Case, query: str | None = None) -> str | None:
    """Why the data is not there, of all entities or of those that a query is about; None when it is."""
    found = gaps(case)
    if not found:
        return None
    if query is not None and "" not in found:
        about = _about(case, query)
        return lacking(case, about if about is not None else found)
    name = next(iter(found))
    return f"{name} has no rows (see tables-filled)" if name else f"the database could not be seeded: {found[name]}"


def lacking(case: Case, names: Collection[str]) -> str | None:
    """Which of those entities has no rows, or has them without what they refer to; None when all is there."""
    found, schema = gaps(case), head(case)
    if not found:
        return None
    empty = {*found, *needing(schema, found)}
    without = next((name for name in names if name in empty), None)
    if without is not None:
        return f"{without} has no rows (see tables-filled)"
    for entity in schema.entities:
        target = next((key.target for key in entity.foreign_keys if key.target in empty), None)
        if entity.name in names and target is not None:
            return f"{target}, which {entity.name} refers to, has no rows (see tables-filled)"
    return None


def _about(case: Case, query: str) -> set[str] | None:
    """The entities that a query reads, by its plan and its text; None where these may not tell all of them."""
    schema, seen = head(case), case.run.explained(query)
    text = next((q.statement.text for q in case.plan.queries if q.id == query), "").lower()
    words = set(re.findall(r"[\w$]+", text))
    named = {e.name: e.kind for e in schema.entities if e.name.rpartition(".")[2].lower() in words}
    read = {node.entity for node in seen.access.walk() if node.entity} if seen and seen.access else set()
    hidden = any("view" in kind for kind in named.values()) or any(
        o.kind in {"function", "procedure"} and o.name.partition("(")[0].rpartition(".")[2].lower() in words
        for o in schema.objects
    )
    there = {e.name for e in schema.entities}
    return None if hidden or not named or not read <= there else read | set(named)


def unlike(case: Case, query: str | None = None) -> str | None:
    """Why the plans of queries, or of one, say nothing of the design: its schema or its data is not all there."""
    return cut_short(case) or unseeded(case, query)


def line_of_index(case: Case, index: Index) -> Source:
    """The line that speaks of an index: in a list, else where it is made, be it within its table, else its table's."""
    if index.name is not None:
        same = [i for i in case.plan.design.schema.indexes() if (i.name or "").lower() == index.name.lower()]
        listed = next((i for i in same if i.entity.lower() == index.entity.lower()), next(iter(same), None))
        if listed is not None and listed.source is not None:
            return listed.source
        made = case.plan.place("index", index.name)
        if made is not None:
            return made
        within = _within(case, index.entity, index.name)
        if within is not None:
            return within
    return line_of_entity(case, index.entity)


def _within(case: Case, entity: str, name: str) -> Source | None:
    """The line of a statement about a table on which a name stands first: ``KEY idx_a (a)``."""
    about, word = (
        re.compile(rf"(?<![\w$]){re.escape(each)}(?![\w$])", re.IGNORECASE)
        for each in (entity.rpartition(".")[2], name)
    )
    for statement in (*case.plan.declared, *(s for change in case.plan.changes for s in change.up)):
        found = word.search(statement.text) if about.search(statement.text) else None
        if found is not None and statement.origin != "derived":
            return lines(statement)(found.start(), found.end())
    return None


def line_of_entity(case: Case, name: str) -> Source:
    """The line of an entity's section, else where it is made, else the first of the document."""
    entity = case.plan.design.schema.entity(name)
    if entity is not None and entity.source is not None:
        return entity.source
    return case.plan.place("table", name) or case.plan.design.source()


def line_of_name(case: Case, name: str) -> Source | None:
    """Where the migrations speak of a name last, such as a constraint's; None where the server made it up."""
    word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])", re.IGNORECASE)
    for statement in (s for change in reversed(case.plan.changes) for s in reversed(change.up)):
        found = word.search(statement.text)
        if found is not None:
            return lines(statement)(found.start(), found.end())
    return None


def line_of_field(case: Case, entity: str, field: str) -> Source:
    """The line of a column's row, else the one on which its table is made with it, else of its table."""
    said = case.plan.design.schema.entity(entity)
    row = said.field(field) if said is not None else None
    if row is not None and row.source is not None:
        return row.source
    return _within(case, entity, field) or line_of_entity(case, entity)

"""A design made executable: sections' SQL in order, column tables as DDL, holes filled, missing downs derived."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from harness.design.model import Design, Entity, Index, Schema, ScriptKind, Statement
from harness.engine import Engine
from harness.facts import Intent
from harness.plan.migrations import changes
from harness.plan.model import Change, Listed, Note, Place, Plan, Scenario
from harness.plan.order import known, makes, ordered
from harness.plan.outside import inside
from harness.plan.said import informed

TABLES = {"table", "view", "materialized view", "collection"}


def build(design: Design, engine: Engine, scenario: Scenario) -> Plan:
    """The plan for a design on an engine at a scenario's volumes."""
    notes: list[Note] = []
    declared = _declared(design, engine, notes)
    documented = _documented(design.schema)
    made = changes(design, engine, declared, notes)
    up = known(engine, [s for change in made for s in change.up])
    trusted = _trusted(design, made)
    return Plan(
        design=design,
        scenario=informed(scenario, design),
        declared=tuple(statement for statement, _ in declared),
        documented=engine.define(documented),
        documented_schema=documented,
        listed=_listed(design.schema, engine),
        base=made[:trusted],
        changes=made[trusted:],
        partitions=inside(engine, _written(design, engine, "partition"), notes),
        queries=design.queries,
        notes=tuple(notes),
        places=tuple(Place(i.kind, i.name, i.entity, s.source) for s, i in (*declared, *up) if i.verb == "create"),
    )


def _trusted(design: Design, made: Sequence[Change]) -> int:
    """How many migrations, from the first, are other packages'."""
    theirs = {migration.id for migration in design.migrations if migration.trusted}
    return next((number for number, change in enumerate(made) if change.id not in theirs), len(made))


def _declared(design: Design, engine: Engine, notes: list[Note]) -> tuple[tuple[Statement, Intent], ...]:
    """The sections' SQL, and SQL made from the column table of each entity that has none, parents first."""
    pairs = _once(known(engine, inside(engine, _written(design, engine, "ddl"), notes)), notes)
    made = {makes(intent) for _, intent in pairs}
    bare = tuple(e for e in design.schema.entities if e.fields and e.name.lower() not in made)
    derived = tuple(replace(s, origin="derived") for s in engine.define(Schema(_merged(bare))))
    drawn = {box.source.line for diagram in design.diagrams for box in diagram.boxes}
    for entity in bare:
        at = entity.source or design.source()
        if at.line in drawn:
            notes.append(
                Note("derived", f"table {entity.name}", "made from its box in the diagram: nothing else gives it", at)
            )
            continue
        # With migrations that make the table there is SQL after all; the column table is then only compared.
        notes.append(Note("derived", f"table {entity.name}", "made from its column table: the section has no SQL", at))
    return ordered((*pairs, *known(engine, derived)))


def _written(design: Design, engine: Engine, kind: ScriptKind) -> tuple[Statement, ...]:
    return tuple(s for script in design.scripts if script.kind == kind for s in engine.split(script.statement))


def _once(pairs: Sequence[tuple[Statement, Intent]], notes: list[Note]) -> list[tuple[Statement, Intent]]:
    """Each object once: a document that shows the same CREATE twice means the same object."""
    first: dict[tuple[str, str], Statement] = {}
    kept = []
    for statement, intent in pairs:
        key = (intent.kind, intent.name.lower())
        if intent.verb == "create" and intent.name and intent.kind in TABLES | {"index", "type"} and key in first:
            notes.append(_again(statement, intent, first[key]))
            continue
        first.setdefault(key, statement)
        kept.append((statement, intent))
    return kept


def _again(statement: Statement, intent: Intent, first: Statement) -> Note:
    """What is said of an object that is made twice: once too often, or in two ways of which one must be wrong."""
    alike = _bare(statement.text) == _bare(first.text)
    how = "made again here" if alike else "made again here, in other words"
    message = f"{how}; the one on line {first.source.line} is used"
    return Note("left out" if alike else "contradicts", f"{intent.kind} {intent.name}", message, statement.source)


def _bare(text: str) -> str:
    """A statement's text without what makes no difference."""
    return re.sub(r"\s|if not exists|;", "", text.lower())


def _merged(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Entities as DDL can be made of them: elided checks left out, planned things are not in the schema at all."""
    return tuple(
        replace(
            entity,
            checks=tuple(check for check in entity.checks if check.expression is not None),
            indexes=tuple(index for index in entity.indexes if index.keys),
        )
        for entity in entities
    )


def _documented(schema: Schema) -> Schema:
    """What the column tables say of columns alone; references and indexes are compared on their own."""
    return Schema(
        tuple(
            replace(e, foreign_keys=(), indexes=())
            for e in _merged(schema.entities)
            if e.fields and e.kind in {"table", "collection"}
        )
    )


def _listed(schema: Schema, engine: Engine) -> tuple[Listed, ...]:
    """Each listed index under a name of its own, so that the server can read it beside the live one."""
    return tuple(
        Listed(index, alias, statement)
        for number, index in enumerate(schema.indexes(), 1)
        if index.keys
        for alias in (f"harness_said_{number}",)
        for statement in engine.define(Schema((_only(index, alias),)))
    )


def _only(index: Index, alias: str) -> Entity:
    return Entity(index.entity, indexes=(replace(index, name=alias),), source=index.source)

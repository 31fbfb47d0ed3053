"""The sections of the document on the server: their SQL, and what their column tables say, each in a fresh database."""

from collections.abc import Sequence
from dataclasses import replace

from harness.design.model import Entity, Schema, Statement
from harness.engine import Session
from harness.facts import Intent
from harness.plan.order import known, makes, needs
from harness.run.bench import Bench

TYPES = {"extension", "schema", "type", "domain", "sequence", "function"}
"""Kinds of objects that columns refer to."""


def declare(bench: Bench) -> None:
    """Run the sections' SQL, statement by statement, so that one that is refused hides no other."""
    if bench.plan.design.folder:
        return
    bench.progress.stage("applying the sections' code")
    with bench.database("declared", bare=True) as database:
        with bench.engine.connect(database) as session:
            _each(bench, session, bench.plan.declared)
        bench.inspect(database, "declared")


def _each(bench: Bench, session: Session, statements: Sequence[Statement]) -> None:
    failed: set[str] = set()
    for statement, intent in known(bench.engine, statements):
        lost = needs(intent) & failed
        if lost:
            reason = f"needs {', '.join(sorted(lost))}, which was refused"
            bench.skip("declared", _subject(intent, statement), reason, statement.source)
            failed.add(makes(intent))
        elif not bench.noted(session, "declared", _subject(intent, statement), (statement,)).ok:
            failed.add(makes(intent))
        failed.discard("")


def _subject(intent: Intent, statement: Statement) -> str:
    return f"{intent.kind} {intent.name}".strip() or f"statement on line {statement.source.line}"


def document(bench: Bench) -> None:
    """Make the tables as the column tables say, leaving out a column whose type or default the server refuses."""
    if bench.plan.design.folder:
        return
    bench.progress.stage("reading the column tables on the server")
    with bench.database("documented", bare=True) as database:
        with bench.engine.connect(database) as session:
            _types(bench, session)
            for entity in bench.plan.documented_schema.entities:
                if not bench.noted(session, "documented", entity.name, _ddl(bench, entity)).ok:
                    _taken(bench, session, entity)
        bench.inspect(database, "documented")


def _types(bench: Bench, session: Session) -> None:
    """What column tables refer to and cannot define: enum types, domains, functions for defaults."""
    for statement in bench.plan.declared:
        if bench.engine.intent(statement).kind in TYPES:
            bench.replayed(session, (statement,))


def _ddl(bench: Bench, entity: Entity) -> tuple[Statement, ...]:
    return bench.engine.define(Schema((entity,)))


def _undone(bench: Bench, made: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements that take back what others made, last first."""
    texts = [(text, each) for each in reversed(made) for text in bench.engine.intent(each).undo or ()]
    return tuple(replace(each, text=text) for text, each in texts)


def _taken(bench: Bench, session: Session, entity: Entity) -> None:
    """Make what can be made: first find the columns that the server refuses, each alone, then the checks."""
    kept = []
    for field in entity.fields:
        probe = Entity("harness_probe", fields=(field,), source=field.source)
        applied = bench.noted(session, "documented", f"{entity.name}.{field.name}", _ddl(bench, probe))
        if applied.ok:
            kept.append(field)
            bench.replayed(session, _undone(bench, _ddl(bench, probe)))
    names = {field.name for field in kept}
    keys = tuple(key for key in entity.keys if set(key.fields) <= names)
    bare = replace(entity, fields=tuple(kept), keys=keys, checks=())
    if not kept or not bench.noted(session, "documented", entity.name, _ddl(bench, bare)).ok:
        bench.skip("documented", entity.name, "the server takes no table like the one that the column table describes")
        return
    for check in entity.checks:
        probe = replace(bare, name="harness_probe", checks=(check,))
        bench.replayed(session, _ddl(bench, probe))

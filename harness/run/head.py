"""The schema that queries meet: all migrations up; on copies of it, the listed indexes and the partitioning plan."""

from collections.abc import Iterator
from contextlib import contextmanager

from harness.design.model import Schema, Statement
from harness.plan.migrations import FIRST
from harness.plan.model import Change
from harness.run.bench import Bench
from harness.run.model import Applied
from harness.servers.model import Address


@contextmanager
def head(bench: Bench, applied: int) -> Iterator[tuple[Address, Schema]]:
    """A database with the first ``applied`` migrations up; with what the sections give when no migration applies."""
    bench.progress.stage("applying all migrations")
    with bench.database("head") as database:
        with bench.engine.connect(database) as session:
            for change in bench.plan.changes[:applied]:
                bench.noted(session, "head", change.id, change.up)
            if not applied:
                _sections(bench, database)
        yield database, bench.inspect(database, "head")


def _sections(bench: Bench, database: Address) -> None:
    if bench.plan.changes:
        bench.skip(
            "head", "", f"migration {bench.plan.changes[0].id} does not apply; the sections' SQL stands in for it"
        )
    refused = {e.statement for a in bench.seen if isinstance(a, Applied) for e in a.effects if e.refusal is not None}
    with bench.engine.connect(database) as session:
        for statement in bench.plan.declared:
            if statement not in refused:
                bench.replayed(session, (statement,))


def lists(bench: Bench, database: Address) -> None:
    """Make each listed index beside the live ones, on a copy, so that the server says what the list means."""
    if not bench.plan.listed:
        return
    with bench.database("listed", template=database) as copy:
        with bench.engine.connect(copy) as session:
            for listed in bench.plan.listed:
                bench.noted(session, "listed", listed.alias, (listed.statement,))
        bench.inspect(copy, "listed")


def partitions(bench: Bench, database: Address) -> None:
    """Try the partitioning plan on a copy of the schema, statement by statement."""
    if not bench.plan.partitions:
        return
    bench.progress.stage("trying the partitioning plan")
    with bench.database("partitions", template=database) as copy, bench.engine.connect(copy) as session:
        made = {name: change.id for change in bench.plan.changes for name in _created(bench, change)}
        for statement in bench.plan.partitions:
            by = next((made[name] for name in _names(bench, statement) if name in made), None)
            if by is not None:
                bench.skip("partition", _where(statement), f"migration {by} makes it", statement.source)
                continue
            if not bench.noted(session, "partition", _where(statement), (statement,)).ok:
                return


def _created(bench: Bench, change: Change) -> Iterator[str]:
    """What a migration makes that the document gives as one: the plan may say again what it carries out."""
    if change.id != FIRST:
        for statement in change.up:
            yield from _names(bench, statement)


def _names(bench: Bench, statement: Statement) -> Iterator[str]:
    intent = bench.engine.intent(statement)
    if intent.verb == "create" and intent.kind in {"table", "partition"} and intent.name:
        yield intent.name


def _where(statement: Statement) -> str:
    return f"line {statement.source.line}"

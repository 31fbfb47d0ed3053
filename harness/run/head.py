"""The schema that queries meet: all migrations up; on copies of it, the listed indexes and the partitioning plan."""

from collections.abc import Iterator
from contextlib import contextmanager

from harness.design.model import Schema, Statement
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
        for statement in bench.plan.partitions:
            if not bench.noted(session, "partition", _where(statement), (statement,)).ok:
                return


def _where(statement: Statement) -> str:
    return f"line {statement.source.line}"

"""``harness explain``: the plans and times of a design's queries, on a server that stays up."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from harness.cli import options
from harness.cli.talk import talk
from harness.design.model import Query
from harness.errors import InputError
from harness.pipeline import Options, located, stepping
from harness.plan.model import Plan
from harness.report.as_text import percentiles, plan
from harness.report.characters import one_line, printable
from harness.report.figures import QueryFigures, query_figures
from harness.run import steps
from harness.run.model import Run
from harness.run.queries import queries

EPILOG = """\b
Examples:
  harness explain orders
  harness explain orders 2

Needs `harness migrate up` and, to mean something, `harness seed` first.

Exit codes: 0 every query runs; 1 one is refused; 2 wrong call; 3 no server."""


@click.command("explain", epilog=EPILOG)
@options.design
@click.argument("query", required=False)
@options.staying
@options.talking
def command(design: str, query: str | None, **chosen: Any) -> int:
    """Explain and time a design's queries, or the one named, on a server that stays up."""
    talking = talk(chosen)
    with talking.progress() as progress, stepping(located(design), Options(**chosen), progress, talking.note) as bench:
        bench.plan = replace(bench.plan, queries=_asked(bench.plan, query))
        database = steps.standing(bench).database.address
        queries(bench, database, bench.inspect(database))
    run = Run(
        bench.engine.name, bench.server.version, bench.server.kind, None, "", 0.0, tuple(bench.seen), bench.traits
    )
    figures = [query_figures(bench.plan, run, asked) for asked in bench.plan.queries]
    for each in figures:
        talking.result(*_told(each))
    return max((1 for each in figures if each.explained and each.explained.refusal), default=0)


def _asked(plan: Plan, id_: str | None) -> tuple[Query, ...]:
    found = tuple(query for query in plan.queries if id_ in {None, query.id})
    if not found:
        there = ", ".join(query.id for query in plan.queries) or "none"
        raise InputError(f"no such query: {id_ or plan.design.name} (there is: {there})")
    return found


def _told(figures: QueryFigures) -> Iterator[RenderableType]:
    query = figures.query
    yield Text.assemble((f"{query.source} ", "dim"), (one_line(f"{query.id} {query.title}"), "bold"))
    if figures.skipped:
        yield Text(f"not run: {figures.skipped}")
    elif figures.explained and figures.explained.refusal:
        refusal = figures.explained.refusal
        yield Text(printable(f"{refusal.source}: {refusal.message}"), style="red")
    elif figures.access:
        yield Text(percentiles(figures))
        yield from plan(figures.access)
    yield Text("")

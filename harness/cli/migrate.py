"""``harness migrate``: a design's migrations, one by one, on a server that stays up."""

from collections.abc import Callable
from typing import Any

import click
from rich.text import Text

from harness.cli import options
from harness.cli.talk import Talk, talk
from harness.counting import counted
from harness.pipeline import Options, located, stepping
from harness.plan.model import Change
from harness.report.characters import one_line
from harness.report.measures import seconds
from harness.run import steps
from harness.run.bench import Bench
from harness.run.model import Applied, Silent
from harness.run.steps import Standing

Step = Callable[[Bench, Standing, Change], tuple[Standing, Applied]]

EPILOG = """\b
Examples:
  harness server start
  harness migrate up orders
  harness migrate down orders --to 001
  harness migrate up orders --server postgresql://me@localhost/postgres
  harness migrate up inventory --server mariadb://me@localhost/

The database is harness_<design>; the server is the one that stays up, or that of the URL.

Exit codes: 0 all applied; 1 a migration is refused; 2 wrong call; 3 no server."""


@click.group("migrate", epilog=EPILOG)
def command() -> None:
    """Apply a design's migrations, or take them back, on a server that stays up."""


@command.command("up", epilog=EPILOG)
@options.design
@click.option("--to", metavar="ID", help="The last migration to apply; by default all are.")
@options.staying
@options.patience
@options.talking
def up(design: str, to: str | None, **chosen: Any) -> int:
    """Apply the migrations that are not applied yet, in order."""
    talking = talk(chosen)
    with stepping(located(design), Options(**chosen), Silent(), talking.note) as bench:
        at = steps.standing(bench)
        return _taken(bench, at, steps.ahead(bench.plan.changes, at.applied, to), steps.up, talking)


@command.command("down", epilog=EPILOG)
@options.design
@click.option("--to", metavar="ID", help="The migration to go back to, which stays; by default one is taken back.")
@options.staying
@options.patience
@options.talking
def down(design: str, to: str | None, **chosen: Any) -> int:
    """Take back the last migration, or all that came after another."""
    talking = talk(chosen)
    with stepping(located(design), Options(**chosen), Silent(), talking.note) as bench:
        at = steps.standing(bench)
        return _taken(bench, at, steps.behind(bench.plan.changes, at.applied, to), steps.down, talking)


def _taken(bench: Bench, at: Standing, changes: tuple[Change, ...], step: Step, talking: Talk) -> int:
    """The steps in turn, until one is refused."""
    for change in changes:
        at, applied = step(bench, at, change)
        talking.result(_line(change, applied), wrap=False)
        if not applied.ok:
            return 1
    here = ", ".join(at.applied) or "none"
    talking.note(f"{at.database.address.database}: {counted(len(changes), 'step')}; applied now: {here}")
    return 0


def _line(change: Change, applied: Applied) -> Text:
    name = f"{applied.stage} {one_line(change.id)} {one_line(change.title)}"
    if applied.refusal is None:
        return Text.assemble(f"{name}: ", ("applied", "green"), f" in {seconds(applied.elapsed_s)}")
    refusal = applied.refusal
    said = f"\n  {refusal.source}: {one_line(refusal.message)} {one_line(refusal.detail)}".rstrip()
    return Text.assemble(f"{name}: ", ("refused", "bold red"), said)

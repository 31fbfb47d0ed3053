"""``harness seed``: fills a design's tables, on a server that stays up."""

from datetime import UTC, datetime
from typing import Any

import click
from rich.text import Text

from harness.cli import options
from harness.cli.talk import talk
from harness.errors import InputError
from harness.pipeline import Options, located, stepping
from harness.report.characters import one_line
from harness.report.measures import count, counted, seconds
from harness.run import steps
from harness.run.bench import Bench
from harness.run.data import seed
from harness.run.model import Loaded, Skipped
from harness.servers.model import Address

EPILOG = """\b
Examples:
  harness migrate up orders && harness seed orders
  harness seed orders --rows orders=1000000 --seed 7

Exit codes: 0 every table is filled; 1 one could not be; 2 wrong call; 3 no server."""


@click.command("seed", epilog=EPILOG)
@options.design
@options.staying
@options.amounts
@options.talking
def command(design: str, **chosen: Any) -> int:
    """Fill a design's tables with rows that satisfy its constraints, on a server that stays up."""
    talking = talk(chosen)
    with talking.progress() as progress, stepping(located(design), Options(**chosen), progress, talking.note) as bench:
        database = steps.standing(bench).database.address
        _empty(bench, database)
        seed(bench, database, bench.inspect(database), datetime.now(UTC))
    talking.result(*(_line(each) for each in bench.seen if isinstance(each, Loaded | Skipped)))
    return 1 if any(isinstance(each, Skipped) for each in bench.seen) else 0


def _line(seen: Loaded | Skipped) -> Text:
    if isinstance(seen, Loaded):
        return Text(f"{one_line(seen.entity)}: {counted(seen.rows, 'row')} in {seconds(seen.elapsed_s)}")
    return Text(f"{one_line(seen.subject or seen.what)}: not filled: {one_line(seen.reason)}", style="red")


def _empty(bench: Bench, database: Address) -> None:
    """Rows are made for empty tables: a second filling would meet its own keys."""
    with bench.engine.connect(database) as session:
        entities = [entity for entity in session.inspect().entities if "view" not in entity.kind]
        if not entities:
            raise InputError(
                f"{database.database} has no tables: run `harness migrate up {bench.plan.design.name}` first"
            )
        for entity in entities:
            if rows := session.count(entity.name):
                raise InputError(
                    f"{entity.name} has {count(rows)} rows already: `harness migrate down` and `up` empty it"
                )

"""``harness seed``: fills tables, of a design on a server that stays up or of any database by its URL."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from harness.cli import options
from harness.cli.talk import Talk, talk
from harness.counting import counted
from harness.engine import Engine
from harness.errors import InputError
from harness.pipeline import CHOICES, Options, located, scenario_of, stepping
from harness.plan.statistics import statistics_query
from harness.report.characters import one_line
from harness.report.measures import seconds
from harness.run import steps
from harness.run.data import noted, order_of, ordered
from harness.run.filling import Filling, stepwise
from harness.run.into import fillable, standing, target
from harness.run.model import Loaded, Observation, Skipped
from harness.run.workers import workers
from harness.seeding.memo import read, written
from harness.seeding.model import Unfillable
from harness.seeding.rows import seeded
from harness.seeding.wishes import unknown
from harness.servers.model import Address

WORTH_ANOTHER = 3_000_000
"""Rows from which a second worker pays for its start."""
MOST_WORKERS = 4

EPILOG = """\b
Examples:
  harness migrate up orders && harness seed orders
  harness seed orders --rows orders=1000000 --seed 7 --workers 2
  harness seed inventory --engine mariadb
  harness seed --server postgresql://me@db/shop --into-existing --rows 50000
  harness seed --server mysql://me@db/shop --into-existing --resume
  harness seed orders --cluster tcp://10.0.0.5:8786
  harness seed --statistics-query postgresql | psql -At > production.json

With a DESIGN, the tables of its database on the server that stays up are filled. Without one, those of the database
that the URL names. All tables must be empty. The same seed gives the same rows, however many workers make them; dates
are recent to --as-of. What was interrupted goes on with --resume.

Exit codes: 0 every table is filled; 1 one could not be; 2 wrong call; 3 no server; 130 interrupted."""


@click.command("seed", epilog=EPILOG)
@click.argument("design", type=options.DesignName(), required=False)
@options.staying
@options.amounts
@click.option(
    "--as-of", metavar="DATE", help="The instant that dates are recent to, such as 2026-01-31; by default now."
)
@click.option("--into-existing", is_flag=True, help="Fill a database that the harness did not make.")
@click.option("--resume", is_flag=True, help="Go on with a filling that was interrupted.")
@click.option("--workers", "count", type=click.IntRange(1, 256), metavar="N", help="Processes that make the rows.")
@click.option("--cluster", metavar="tcp://HOST:PORT", help="A Dask scheduler whose workers make the rows.")
@click.option(
    "--statistics-query", metavar="ENGINE", help='Print the query for a scenario\'s statistics = "FILE", and end.'
)
@options.talking
def command(design: str | None, **chosen: Any) -> int:
    """Fill tables with rows that satisfy their constraints: a design's, or those of any database by its URL."""
    talking = talk(chosen)
    engine = chosen.pop("statistics_query")
    if engine is not None:
        talking.result(statistics_query(engine), wrap=False)
        return 0
    wanted = _Wanted(chosen)
    if design is not None:
        return _design(design, wanted, Options(**chosen), talking)
    if chosen["engine"] is not None:
        raise InputError("--engine goes with a DESIGN: of a database that is there the server tells what it is")
    if chosen["server"] in CHOICES:
        raise InputError("name a DESIGN, or give the URL of a database with --server: see harness seed --help")
    found = target(chosen["server"], existing=wanted.into_existing, tell=talking.note)
    if found.journal is None or not wanted.resume:
        wanted.begins(found.journal, str(found.address))
        with found.engine.connect(found.address) as session:
            fillable(session, found.schema, str(found.address), "rows are made for empty tables only")
        scenario = scenario_of(_nowhere(chosen), Options(**chosen))
        memo = written(order_of(scenario, found.schema, wanted.now))
    else:
        memo = wanted.goes_on(found.journal.memo, chosen)
    return _filled((found.engine, found.address), memo, wanted, talking)


def _nowhere(chosen: dict[str, Any]) -> Path:
    """The design that the scenario is looked for beside, when there is none."""
    return Path("nothing.md") if chosen.get("scenario") is None else Path(chosen["scenario"]).with_suffix(".md")


class _Wanted:
    """The options that only this command has, taken out of ``chosen``."""

    def __init__(self, chosen: dict[str, Any]) -> None:
        self.into_existing: bool = chosen.pop("into_existing")
        self.resume: bool = chosen.pop("resume")
        self.count: int | None = chosen.pop("count")
        self.cluster: str | None = chosen.pop("cluster")
        given = chosen.pop("as_of")
        try:
            self.now = datetime.now(UTC) if given is None else datetime.fromisoformat(given)
        except ValueError:
            raise InputError(f"--as-of {given}: give a date such as 2026-01-31") from None
        self.now = self.now.replace(tzinfo=UTC) if self.now.tzinfo is None else self.now

    def begins(self, journal: Any, where: str) -> None:
        """Refuse to begin where a filling is under way, and to go on where there is none."""
        if journal is not None:
            raise InputError(f"{where}: a filling was interrupted here ({standing(journal)}): go on with --resume")
        if self.resume:
            raise InputError(f"{where}: there is no filling to go on with: leave out --resume")

    def goes_on(self, memo: str, chosen: dict[str, Any]) -> str:
        """The memo of the filling that is under way; what it was begun with cannot be changed."""
        changed = [f"--{name}" for name in ("rows", "seed", "scenario") if chosen.get(name)]
        if changed:
            raise InputError(f"--resume goes on with what the filling was begun with: leave out {', '.join(changed)}")
        return memo


def _design(name: str, wanted: _Wanted, chosen: Options, talking: Talk) -> int:
    with talking.progress() as progress, stepping(located(name), chosen, progress, talking.note) as bench:
        database = steps.standing(bench).database.address
        with bench.engine.connect(database) as session:
            journal = stepwise(session).journal()
            if journal is None or not wanted.resume:
                wanted.begins(journal, database.database)
                schema = session.inspect()
                if not schema.entities:
                    raise InputError(f"{database.database} has no tables: run `harness migrate up {name}` first")
                remedy = "`harness migrate down` and `up` empty it"
                fillable(session, schema, database.database, remedy, lambda: steps.brought(bench))
                order = ordered(bench, schema, wanted.now, session)
                noted(bench, order, seeded(order))
                memo = written(order)
            else:
                given = {"rows": chosen.rows, "seed": chosen.seed, "scenario": chosen.scenario}
                memo = wanted.goes_on(journal.memo, given)
    return _filled((bench.engine, database), memo, wanted, talking, bench.seen)


def _filled(
    at: tuple[Engine, Address],
    memo: str,
    wanted: _Wanted,
    talking: Talk,
    before: Sequence[Observation] = (),
) -> int:
    engine, address = at
    try:
        order = read(memo)
        made = seeded(order)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{address}: its journal is of another version of the harness: {error}") from error
    count = wanted.count or _worth(address, sum(volume.rows for volume in made.volumes))
    told = () if before else (*unknown(order), *made.unfillable)
    gaps = [missing(gap) for gap in told]
    try:
        with talking.progress(rows=True) as progress, workers(count, wanted.cluster) as (executor, width):
            seen = Filling(engine, address, executor, width, memo, progress).run()
    except BaseException:
        _interrupted(engine, address, talking)
        raise
    all_seen = [*before, *gaps, *seen]
    talking.result(*(_line(each) for each in all_seen if isinstance(each, Loaded | Skipped)))
    return 1 if any(isinstance(each, Skipped) and each.what != "plant" for each in all_seen) else 0


def missing(gap: Unfillable) -> Skipped:
    """What of an order is not made: a table's rows, a query's own row, or what was asked of a column."""
    if gap.group and not gap.fatal:
        return Skipped("plant", gap.group, str(gap))
    return Skipped("seed" if gap.fatal else "asked", gap.entity, str(gap))


def _worth(address: Address, rows: int) -> int:
    """How many processes are worth their start; a server on this machine needs as many processors as they do."""
    processors = os.cpu_count() or 1
    most = processors // 2 if address.here else processors
    return 1 if rows < WORTH_ANOTHER else max(min(most, MOST_WORKERS), 1)


def _interrupted(engine: Engine, address: Address, talking: Talk) -> None:
    """Say what is there, if the server still answers."""
    try:
        with engine.connect(address) as session:
            journal = stepwise(session).journal()
    except Exception:  # it is said already why the work ended
        return
    if journal is not None:
        talking.note(f"{standing(journal)}; --resume goes on")


def _line(seen: Loaded | Skipped) -> Text:
    if isinstance(seen, Loaded):
        return Text(f"{one_line(seen.entity)}: {counted(seen.rows, 'row')} in {seconds(seen.elapsed_s)}")
    name = one_line(seen.subject or seen.what)
    if seen.what == "plant":  # its tables are filled; a row for it may be among theirs all the same
        return Text(f"query {name}: no row is made for it: {one_line(seen.reason)}", style="yellow")
    if seen.what == "asked":  # the table is filled, but for what was asked of it
        return Text(one_line(seen.reason), style="red")
    return Text(f"{name}: not filled: {one_line(seen.reason)}", style="red")

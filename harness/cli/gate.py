"""``harness gate``: what a change touches, judged, and said where the change is reviewed."""

from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args

import click

from harness.cli import options
from harness.cli.talk import talk
from harness.errors import InputError
from harness.gate.counts import counts_query
from harness.gate.relevance import relevant

Format = Literal["auto", "text", "github", "gitlab", "junit", "sarif", "codequality", "markdown"]

BASELINE = Path(".harness-baseline.json")
"""Where the findings that are known are kept, unless another file is named."""

EPILOG = """\b
Examples:
  harness gate --base origin/main
  harness gate db/migrations --engine postgresql
  harness gate db/migrations --queries app.sql --counts counts.csv
  harness gate --write-baseline
  harness gate db/migrations --format sarif > harness.sarif

Without PATHS it judges the documents in designs/ and the migration folders that
it finds. In GitHub Actions it prints annotations and writes the step summary;
everywhere it writes junit.xml, report.sarif, codequality.json and comment.md.

Exit codes: 0 all holds, or nothing relevant was changed; 1 something is broken;
2 the input or the call is wrong; 3 no server could be had."""


@click.command("gate", epilog=EPILOG)
@click.argument("paths", nargs=-1)
@click.option("--base", metavar="REF", help="Judge only what differs from this branch: origin/main.")
@options.serving
@options.folders
@options.amounts
@options.judging
@click.option(
    "--queries",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Queries that run today (.sql, or pg_stat_statements as .csv): each judged migration must keep them working.",
)
@click.option(
    "--counts",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Production's row counts as .csv (--counts-query prints the query), or its statistics as .json.",
)
@click.option(
    "--counts-query",
    "counts_query_only",
    is_flag=True,
    help="Print the query for --counts, for the engine that is named, and end.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    default=BASELINE,
    show_default=True,
    help="Findings that are known and silenced.",
)
@click.option("--write-baseline", is_flag=True, help="Write all that is broken now into the baseline, and end with 0.")
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Format)),
    default="auto",
    show_default=True,
    help="What is printed; auto follows the CI that it runs in.",
)
@click.option(
    "--report",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    help="Where the report's files go.",
)
@options.talking
def command(
    paths: tuple[str, ...],
    *,
    base: str | None,
    queries: Path | None,
    counts: Path | None,
    baseline: Path,
    form: Format,
    directory: Path,
    counts_query_only: bool,
    write_baseline: bool,
    **chosen: Any,
) -> int:
    """Judge what a change touches: designs, scenarios and migrations; what comes before is applied and trusted."""
    talking = talk(chosen)
    if counts_query_only:
        talking.result(counts_query(chosen["engine"]), wrap=False)
        return 0
    found = relevant(paths, base)
    if not found.looked_at:
        raise InputError("no document in designs/ and no migration folder found here: name one: harness gate PATH")
    if not found.paths:
        looked = ", ".join(found.looked_at[:5]) + (" …" if len(found.looked_at) > 5 else "")
        talking.result(f"nothing relevant was changed since {found.base} (looked at {looked})", wrap=False)
        return 0
    work = import_module("harness.cli.gate_work")  # all that runs a design: not loaded where nothing is to be run
    wanted = work.Wanted(queries, counts, baseline, write_baseline, form, directory)
    code: int = work.judged(found, wanted, chosen, talking)
    return code

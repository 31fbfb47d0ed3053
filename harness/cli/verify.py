"""``harness verify``: the whole job."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from harness.cli import options
from harness.cli.talk import Talk, talk
from harness.errors import HarnessError, InputError
from harness.pipeline import Options, located, verified
from harness.report.as_text import as_text, verdict_line
from harness.report.model import Report
from harness.report.write import ready, write

EPILOG = """\b
Examples:
  harness verify orders
  harness verify orders billing --fail-on warning
  harness verify docs/schema.md --server docker --engine-version 17
  harness verify orders --rows orders=1000000 --select index-used
  harness verify db/migrations --engine postgresql

Exit codes: 0 every claim holds; 1 something is broken; 2 the input or the call
is wrong; 3 no server could be had."""


@click.command("verify", epilog=EPILOG)
@options.designs
@options.serving
@options.folders
@options.amounts
@options.judging
@options.report
@options.talking
def command(designs: tuple[str, ...], directory: Path, **chosen: Any) -> int:
    """Run every claim of a design document, or every migration of a folder, on a real, disposable server.

    Prints the verdict, and writes report.json, report.html, report.md, junit.xml and report.sarif. Of several designs,
    the worst gives the exit code.
    """
    talking = talk(chosen)
    asked = Options(**chosen)
    paths = _distinct([located(name) for name in designs])
    ready(directory)
    code = max(_one(path, asked, directory, talking) for path in paths)
    if asked.keep:
        talking.note("what was kept stays up: see `harness server list`, end it with `harness server stop --all`")
    return code


def _distinct(paths: list[Path]) -> list[Path]:
    """Each file once; two files of one name would write over each other's report."""
    once = list(dict.fromkeys(paths))
    name, times = Counter(path.stem for path in once).most_common(1)[0]
    if times > 1:
        twins = " and ".join(str(path) for path in once if path.stem == name)
        raise InputError(
            f"{twins} have the same name, and so would their reports: verify them one by one with --report"
        )
    return once


def _one(path: Path, asked: Options, directory: Path, talking: Talk) -> int:
    try:
        with talking.progress() as progress:
            report = verified(path, asked, progress, talking.note)
    except HarnessError as error:
        return talking.error(error)
    return told(report, directory, talking)


def told(report: Report, directory: Path, talking: Talk) -> int:
    """The files first, then the terminal, so that a closed pipe takes nothing away; the exit code."""
    failed: InputError | None = None
    try:
        written: Path | None = write(report, directory)
    except InputError as error:
        failed, written = error, None
    if not talking.quiet:
        talking.result(as_text(report, verbose=talking.verbose))
        if written:
            talking.result(f"report: {written / 'report.html'} (and .json, .md, .sarif, junit.xml)", wrap=False)
    talking.result(verdict_line(report), wrap=False)
    return talking.error(failed) if failed else report.exit_code

"""``harness drill``: what happens to a migration when something goes wrong in it."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from harness.cli import options
from harness.cli.talk import talk
from harness.cli.verify import told
from harness.pipeline import Options, drilled, located
from harness.report.write import ready
from harness.run.drills.catalogue import DRILLS

EPILOG = """\b
Examples:
  harness drill orders
  harness drill orders --only kill-after-statement --verbose
  harness drill orders --rows 1000 --server docker

\b
Drills:
{drills}

Exit codes: 0 every drill passes; 1 something is broken; 2 the input or the call
is wrong; 3 no server could be had."""


class DrillName(click.ParamType[str]):
    """The name of a drill; a wrong one is answered with the nearest."""

    name = "drill"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as it is."""
        if value not in DRILLS:
            near = get_close_matches(str(value), DRILLS, n=1)
            self.fail(
                f"no such drill: {value}; did you mean {near[0]}?"
                if near
                else f"no such drill: {value}; there is: {', '.join(DRILLS)}",
                param,
                ctx,
            )
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """The drills that begin so."""
        fitting = (each for each in DRILLS.values() if each.name.startswith(incomplete))
        return [CompletionItem(each.name, help=each.question) for each in fitting]


@click.command("drill", epilog=EPILOG.format(drills="\n".join(f"  {name}" for name in DRILLS)))
@options.design
@click.option("--only", multiple=True, type=DrillName(), metavar="NAME", help="Only this drill. Can be repeated.")
@options.serving
@options.folders
@options.amounts
@options.judging
@options.report
@options.talking
def command(design: str, only: tuple[str, ...], directory: Path, **chosen: Any) -> int:
    """Drill a design's migrations: kill the server at every statement, lose the client, go up and down under load.

    Prints what was seen and what to do in production, and writes the same files as `harness verify`.
    """
    talking = talk(chosen)
    asked = Options(**chosen)
    ready(directory)
    with talking.progress() as progress:
        report = drilled(located(design), asked, only, progress, talking.note)
    return told(report, directory, talking)

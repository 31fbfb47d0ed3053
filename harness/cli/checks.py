"""``harness checks``: the catalogue, in the words that the checks themselves carry."""

import json
from textwrap import indent
from typing import Any

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from harness.checks.base import Check
from harness.checks.registry import catalogue
from harness.cli import options
from harness.cli.talk import talk

EPILOG = """\b
Examples:
  harness checks
  harness checks index-used
  harness checks --as json"""


@click.command("checks", epilog=EPILOG)
@click.argument("name", required=False, type=options.CheckNames())
@click.option("--as", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="The form.")
@options.talking
def command(name: tuple[str, ...] | None, form: str, **chosen: Any) -> int:
    """Explain the checks: what each asks, why it matters, the remedy, and an example.

    A check is named for what should hold. Its severity says what a break does: an error fails the run, a warning only
    with --fail-on warning, advice never.
    """
    talking = talk(chosen)
    wanted = [check for check in catalogue() if not name or check.name in name]
    if form == "json":
        talking.result(json.dumps([_values(check) for check in wanted], indent=2, ensure_ascii=False), wrap=False)
    elif name:
        for check in wanted:
            talking.result(*_explained(check))
    else:
        talking.result(_listed(wanted))
    return 0


def _values(check: Check) -> dict[str, str]:
    names = ("name", "severity", "question", "why", "remedy", "breaks", "holds")
    return {name: getattr(check, name) for name in names}


def _listed(checks: list[Check]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("check", no_wrap=True)
    table.add_column("severity", no_wrap=True)
    table.add_column("asks")
    for check in checks:
        table.add_row(Text(check.name, style="bold"), check.severity, Text(check.question))
    return table


def _explained(check: Check) -> tuple[RenderableType, ...]:
    return (
        Text.assemble((check.name, "bold"), f" ({check.severity})"),
        Text(check.question),
        Text(f"\n{check.why}\n"),
        Text.assemble(("remedy: ", "bold"), check.remedy),
        Text("\nbroken:", style="bold red"),
        _code(check.breaks),
        Text("\nmended:", style="bold green"),
        _code(check.holds),
    )


def _code(text: str) -> Text:
    return Text(indent(text.strip(), "  "))

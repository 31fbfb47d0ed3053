"""``harness show``: what was understood, before anything is run."""

import json
from pathlib import Path
from typing import Any

import click

from harness.cli import options
from harness.cli.talk import Talk, talk
from harness.errors import InputError
from harness.pipeline import Options, located, made_safer, planned, understood
from harness.report import erd
from harness.report.as_safer import as_safer
from harness.report.as_sql import as_sql
from harness.report.understood import as_json, as_text

FORMS = ("text", "json", "sql", "mermaid", "svg")

EPILOG = """\b
Examples:
  harness show orders
  harness show orders --as sql | less
  harness show orders --as sql --safer --rows 1000000
  harness show orders --as svg > orders.svg"""


@click.command("show", epilog=EPILOG)
@options.design
@click.option("--as", "form", type=click.Choice(FORMS), default="text", show_default=True, help="The form.")
@click.option("--safer", is_flag=True, help="With sql: the migrations so that they stop others less, each tried.")
@options.serving
@options.amounts
@options.talking
def command(design: str, form: str, *, safer: bool, **chosen: Any) -> int:
    """Show what was understood of a design, with line numbers, and what was not.

    sql is the migrations made whole, as they will be run; mermaid and svg are the entity-relationship diagram.

    --safer needs a server: what is printed was run there on rows, with requests beside it, and made the same schema.
    """
    talking = talk(chosen)
    path = located(design)
    if safer:
        return _safer(talking, path, form, Options(**chosen))
    match form:
        case "text":
            talking.result(as_text(understood(path)))
        case "json":
            _raw(talking, json.dumps(as_json(understood(path)), indent=2, ensure_ascii=False))
        case "sql":
            _raw(talking, as_sql(planned(path, Options())))
        case "mermaid":
            _raw(talking, erd.mermaid(planned(path, Options()).documented_schema))
        case "svg":
            _raw(talking, erd.svg(planned(path, Options()).documented_schema))
    return 0


def _safer(talking: Talk, path: Path, form: str, chosen: Options) -> int:
    if form != "sql":
        raise InputError(f"--safer with --as {form}: safer ways are SQL: give --as sql")
    with talking.progress() as progress:
        plan, run = made_safer(path, chosen, progress, talking.note)
    _raw(talking, as_safer(plan, run))
    return 0


def _raw(talking: Talk, text: str) -> None:
    """Text for another program: nothing folded, nothing coloured."""
    talking.out.file.write(text.rstrip("\n") + "\n")

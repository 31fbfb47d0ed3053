"""``harness init``: a new design document, to begin from one that passes."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from harness.cli import options
from harness.cli.starter import STARTERS, document, scenario
from harness.cli.talk import talk
from harness.errors import InputError

EPILOG = """\b
Examples:
  harness init billing
  harness init billing --engine mongodb && harness verify billing"""


@click.command("init", epilog=EPILOG)
@click.argument("name")
@click.option(
    "--engine", type=click.Choice(tuple(STARTERS)), default="postgresql", show_default=True, help="The database."
)
@options.talking
def command(name: str, engine: str, **chosen: Any) -> int:
    """Write designs/NAME.md and scenarios/NAME.toml: a small design that is complete and passes."""
    talking = talk(chosen)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise InputError(
            f"{name}: a design's name is of lower-case letters, digits, - and _ (it becomes a file's name)"
        )
    title = re.sub(r"[-_]+", " ", name).capitalize()
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    files = {
        Path("designs") / f"{name}.md": document(engine, title=title, name=name, date=today),
        Path("scenarios") / f"{name}.toml": scenario(name),
    }
    _write(files)
    for path in files:
        talking.result(str(path), wrap=False)
    talking.note(f"next: harness verify {name}")
    return 0


def _write(files: dict[Path, str]) -> None:
    """All of them, or none where one is there already."""
    for path in files:
        if path.exists():
            raise InputError(f"{path}: is there already: choose another name, or remove it first")
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error

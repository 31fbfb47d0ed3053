"""``harness export``: the executable migrations as files."""

from pathlib import Path
from typing import Any

import click

from harness.cli import options
from harness.cli.talk import talk
from harness.errors import InputError
from harness.pipeline import Options, located, planned
from harness.report.as_sql import FORMATS, Format, migration_files

EPILOG = """\b
Examples:
  harness export orders --to migrations
  harness export orders --to db/migrations --format golang-migrate"""


@click.command("export", epilog=EPILOG)
@options.design
@click.option(
    "--to", "directory", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write in."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="plain", show_default=True, help="The tool.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@options.talking
def command(design: str, directory: Path, form: Format, *, force: bool, **chosen: Any) -> int:
    """Write a design's migrations, made whole, as files that a migration tool runs."""
    talking = talk(chosen)
    files = dict(migration_files(planned(located(design), Options()), form))
    _refuse_overwriting(directory, {} if force else files)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (directory / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{directory}: cannot be written: {error.strerror or error}") from error
    for name in files:
        talking.result(str(directory / name), wrap=False)
    return 0


def _refuse_overwriting(directory: Path, files: dict[str, str]) -> None:
    """A file that says the same is no loss; any other is somebody's work."""
    for name, text in files.items():
        there = directory / name
        if there.exists() and (not there.is_file() or there.read_text(encoding="utf-8", errors="replace") != text):
            raise InputError(
                f"{there}: is there already and says something else: choose another folder, or add --force"
            )

"""A migration folder, found out and read: whose it is, and what every tool's reader leaves to be looked at."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from harness.errors import InputError
from harness.folders import (
    alembic,
    dbmate,
    diesel,
    django,
    flyway,
    golang_migrate,
    goose,
    liquibase,
    migrate_mongo,
    plain,
    prisma,
    sqitch,
)
from harness.folders.model import Folder, Problem, Settings, Step
from harness.folders.mysql_client import delimiter
from harness.folders.places import engine_above
from harness.folders.text import conflict, empty


class Reader(Protocol):
    """A module that knows one tool."""

    TOOL: str

    def fits(self, path: Path) -> bool:
        """Whether a folder holds migrations of this tool."""
        ...

    def read(self, path: Path, settings: Settings) -> Folder:
        """The folder, read by its rules."""
        ...


READERS: Sequence[Reader] = (
    sqitch,
    alembic,
    django,
    migrate_mongo,
    diesel,
    prisma,
    liquibase,
    goose,
    dbmate,
    golang_migrate,
    flyway,
    plain,
)
"""In the order in which they are asked: those with marks of their own before those that go by names alone."""

EMITTED = frozenset({"alembic", "django"})
"""Tools that are programs themselves, and are run to have their SQL."""

TOOLS = tuple(reader.TOOL for reader in READERS)


def tool_of(path: Path) -> str:
    """The tool whose migrations a folder holds; empty when it holds none that is known."""
    return next((reader.TOOL for reader in READERS if reader.fits(path)), "") if path.is_dir() else ""


def read(path: Path, settings: Settings) -> Folder:
    """The folder, read by its tool's rules.

    Raises:
        InputError: it is no folder of migrations, or a file of it cannot be read.
    """
    name = settings.tool or tool_of(path)
    reader = next((reader for reader in READERS if name == reader.TOOL), None)
    if reader is None:
        below = sorted(str(each) for each in path.iterdir() if tool_of(each)) if path.is_dir() else []
        hint = f"; did you mean {' or '.join(below)}?" if below else ""
        raise InputError(
            f"{path}: no migrations of a known tool in it: name one of {', '.join(TOOLS)} with --tool{hint}"
        )
    folder = reader.read(path, settings)
    if not folder.steps:
        raise InputError(f"{path}: no migration of {name} in it: check the path, or name the tool with --tool")
    looked_at = [_looked_at(step, name) for step in folder.steps]
    return replace(
        folder,
        engine=folder.engine or engine_above(path),
        steps=tuple(step for step, _ in looked_at),
        problems=(*folder.problems, *(problem for _, problems in looked_at for problem in problems)),
    )


def _looked_at(step: Step, tool: str) -> tuple[Step, list[Problem]]:
    """The step, not to be run where a merge was not finished, and what is wrong with its text."""
    subject = f"migration {step.id}"
    pieces = [piece for script in (step.up, step.down) if script is not None for piece in script.pieces]
    conflicts = [problem for piece in pieces if (problem := conflict(piece, subject))]
    if conflicts:
        return replace(step, up=None), conflicts
    found = [problem for piece in pieces if (problem := delimiter(piece, subject, tool))]
    if tool not in EMITTED and step.up is not None and all(empty(piece.text) for piece in step.up.pieces):
        message, remedy = "there is no statement in it", "Write it, or delete the file."
        found.append(Problem(subject, message, step.source.at(0), remedy, severity="warning"))
    return step, found

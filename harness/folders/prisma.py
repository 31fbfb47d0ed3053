"""Prisma: a folder for each migration with ``migration.sql``, in the order of their names.

A file goes to the server as one text, which runs several statements in one transaction; from 7.4 on they are sent one
by one (https://github.com/prisma/prisma-engines/pull/5799). Prisma has no downs; ``down.sql``, which its documentation
has people write beside, is read where it is there.
"""

import json
import re
import tomllib
from pathlib import Path

from harness.errors import InputError
from harness.folders.model import Folder, Problem, Script, Settings, Step, Transaction
from harness.folders.numbered import spoken
from harness.folders.places import above, engine_above
from harness.folders.text import text_of, whole
from harness.source import Source

TOOL = "prisma"
NAME = re.compile(r"^(?P<version>\d+)_?(?P<title>.*)$")
LOCK = "migration_lock.toml"
SPLITS_FROM = (7, 4)


def fits(path: Path) -> bool:
    """Whether there is a folder with a ``migration.sql``."""
    return any(NAME.match(file.parent.name) for file in path.glob("*/migration.sql"))


def read(path: Path, settings: Settings) -> Folder:  # noqa: ARG001
    """The folder, read."""
    transaction = _transaction(path)
    steps, problems = [], []
    for folder in sorted(folder for folder in path.iterdir() if folder.is_dir() and NAME.match(folder.name)):
        file = folder / "migration.sql"
        if file.is_file():
            steps.append(_step(folder, file, transaction))
        else:
            at = Source(str(file), 1, 1)
            message = f"there is no migration.sql in {folder.name}, and Prisma stops there"
            problems.append(Problem(f"migration {folder.name}", message, at, "Add it, or delete the folder."))
    return Folder(str(path), TOOL, _engine(path) or engine_above(path), tuple(steps), tuple(problems))


def _step(folder: Path, file: Path, transaction: Transaction) -> Step:
    match = NAME.match(folder.name)
    assert match is not None
    down, up = folder / "down.sql", whole(file)
    back = Script((whole(down),), transaction) if down.is_file() else None
    files = tuple(str(each) for each in (file, down) if each.is_file())
    title = spoken(match["title"])
    return Step(match["version"], title, Script((up,), transaction), back, up.source, files, undoable=back is not None)


def _engine(path: Path) -> str:
    """The provider that Prisma locks a folder to."""
    lock = path / LOCK
    if not lock.is_file():
        return ""
    try:
        return str(tomllib.loads(text_of(lock)).get("provider", ""))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{lock}: cannot be read as TOML: {error}") from error


def _transaction(path: Path) -> Transaction:
    for file in above(path, "package.json"):
        try:
            package = json.loads(text_of(file))
            held = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
        except (ValueError, AttributeError, TypeError):
            continue
        if (said := re.search(r"(\d+)(?:\.(\d+))?", str(held.get("prisma", "")))) is not None:
            return "auto" if (int(said[1]), int(said[2] or 0)) >= SPLITS_FROM else "several"
    return "several"

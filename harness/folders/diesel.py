"""Diesel: a folder for each migration with ``up.sql`` and ``down.sql``, each run in one transaction.

``run_in_transaction = false`` in its ``metadata.toml`` opts out. An empty script is refused by Diesel itself.
"""

import re
import tomllib
from pathlib import Path

from harness.errors import InputError
from harness.folders.model import Folder, Problem, Script, Settings, Step, Transaction
from harness.folders.numbered import spoken
from harness.folders.places import engine_above
from harness.folders.text import empty, text_of, whole
from harness.source import Source

TOOL = "diesel"
NAME = re.compile(r"^(?P<version>[\d-]+)_(?P<title>.+)$")


def fits(path: Path) -> bool:
    """Whether there is a numbered folder with an ``up.sql``."""
    return any(NAME.match(file.parent.name) for file in path.glob("*/up.sql"))


def read(path: Path, settings: Settings) -> Folder:  # noqa: ARG001
    """The folder, read."""
    named = [(m, folder) for folder in path.iterdir() if folder.is_dir() and (m := NAME.match(folder.name))]
    steps, problems, taken = [], [], dict[str, Path]()
    for match, folder in sorted(named, key=lambda pair: (pair[0]["version"].replace("-", ""), pair[1].name)):
        version = match["version"].replace("-", "")
        other = taken.setdefault(version, folder)
        id_ = version if other is folder else f"{version}#{folder.name}"
        step, found = _step(id_, spoken(match["title"]), folder)
        if other is not folder:
            message = f"{other.name} has the version {version} too: only one of the two is ever run"
            found.append(Problem(f"migration {id_}", message, step.source, "Give one of them another version."))
        steps.append(step)
        problems += found
    return Folder(str(path), TOOL, engine_above(path), tuple(steps), tuple(problems))


def _step(id_: str, title: str, folder: Path) -> tuple[Step, list[Problem]]:
    up, down, subject = folder / "up.sql", folder / "down.sql", f"migration {id_}"
    transaction = _transaction(folder / "metadata.toml")
    at = Source(str(up), 1, 1)
    if not up.is_file():
        problem = Problem(subject, f"there is no up.sql in {folder.name}", Source(str(down), 1, 1), "Add it.")
        return Step(id_, title, Script(()), None, at, (str(down),)), [problem]
    problems = []
    for file in (up, down):
        if file.is_file() and empty(text_of(file)):
            message = f"{file.name} holds no statement, and Diesel refuses it (received an empty query)"
            problems.append(Problem(subject, message, Source(str(file), 1, 1), "Write it, or SELECT 1 on purpose."))
    back = Script((whole(down),), transaction) if down.is_file() and not empty(text_of(down)) else None
    files = tuple(str(file) for file in (up, down) if file.is_file())
    return Step(id_, title, Script((whole(up),), transaction), back, whole(up).source, files), problems


def _transaction(metadata: Path) -> Transaction:
    if not metadata.is_file():
        return "file"
    try:
        return "file" if tomllib.loads(text_of(metadata)).get("run_in_transaction", True) else "none"
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{metadata}: cannot be read as TOML: {error}") from error

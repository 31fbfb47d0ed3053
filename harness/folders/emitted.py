"""Migrations of tools that are programs: the tool is run, in the project's own environment, to write its SQL."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from harness.errors import InputError
from harness.folders.model import Piece, Problem, Script, Step, Transaction
from harness.folders.places import above
from harness.source import Source

TIMEOUT_S = 300
LAST_LINES = 3
BOUNDARIES = frozenset({"BEGIN", "COMMIT"})


def emitted(script: str, arguments: Iterable[str], folder: Path, python: Path | None, tool: str) -> Any:
    """What one of the emitting scripts answers.

    Raises:
        InputError: there is no such interpreter, the tool is not in its environment, or the project's code fails.
    """
    chosen = python or next(above(folder, ".venv/bin/python", "venv/bin/python"), Path(sys.executable))
    first, *rest = arguments
    with TemporaryDirectory(prefix="harness-emit-") as name:
        output = Path(name) / "emitted.json"
        # -B: nothing is written into the project.
        command = [str(chosen.absolute()), "-B", str(Path(__file__).with_name(script)), first, str(output), *rest]
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise InputError(f"{folder}: {tool} cannot be run with {chosen}: {error}: name --python") from None
        if done.returncode or not output.is_file():
            said = [line for line in done.stderr.strip().splitlines() if line.strip()][-LAST_LINES:]
            raise InputError(
                f"{folder}: {tool} does not write its SQL with {chosen}: {' / '.join(said) or 'it says nothing'}: "
                "name the interpreter of the project's environment with --python, and its database with --engine"
            )
        return json.loads(output.read_text(encoding="utf-8"))


def steps(entries: Iterable[dict[str, Any]], here: Path, remedy: str) -> Iterator[tuple[Step, list[Problem]]]:
    """Steps of what was emitted, with what could not be."""
    for entry in entries:
        path = _shown(entry["path"], here)
        whole = Source(path, 1, max(1, Path(entry["path"]).read_text(encoding="utf-8", errors="replace").count("\n")))
        transaction: Transaction = "file" if entry.get("atomic", True) else "none"
        problems = [
            Problem(
                f"migration {entry['id']}",
                "this operation runs Python, and is not run here",
                Source(path, n, n),
                remedy,
                "unverified",
            )
            for n in entry.get("unwritten", ())
        ]
        for key, way in (("error", "up"), ("down_error", "down")):
            if key in entry:
                said, line = entry[key]
                message = f"its {way} cannot be written as SQL: {said}"
                problems.append(
                    Problem(f"migration {entry['id']}", message, Source(path, line, line), remedy, "unverified")
                )
        up = None if "error" in entry else _script(entry["up"], path, transaction)
        down = _script(entry["down"], path, transaction) if entry["down"] and "down_error" not in entry else None
        title = str(entry["title"]).splitlines()[0] if entry["title"] else entry["id"]
        undoable = bool(entry["up"])
        yield Step(entry["id"], title, up, down, whole, (path,), undoable, trusted=not entry.get("own", True)), problems


def _shown(path: str, here: Path) -> str:
    """A path as the user would name it."""
    absolute, root = Path(path).resolve(), Path.cwd().resolve()
    if absolute.is_relative_to(root):
        return str(absolute.relative_to(root))
    return (
        str(here / absolute.relative_to(here.resolve())) if absolute.is_relative_to(here.resolve()) else str(absolute)
    )


def _script(pairs: Iterable[tuple[str, int]], path: str, transaction: Transaction) -> Script:
    pieces = [Piece(text, Source(path, line, line)) for text, line in pairs if text.strip()]
    bounds = [piece.text.strip("; \n").upper() for piece in pieces]
    if BOUNDARIES & set(bounds):  # a part of it stands in no transaction: then all borders are written out
        pieces.insert(0, Piece("BEGIN", pieces[0].source))
    return Script(tuple(pieces), transaction)

"""golang-migrate: ``{version}_{title}.up.sql`` and ``.down.sql``, by number.

A file is sent as one text, so that PostgreSQL runs its statements in one transaction, unless the file says BEGIN and
COMMIT itself; a single statement (CREATE INDEX CONCURRENTLY) stands in none.
"""

import re
from pathlib import Path

from harness.folders.model import Folder, Problem, Settings
from harness.folders.numbered import Entry, paired, spoken, twins_of_pairs, unique
from harness.source import Source

TOOL = "golang-migrate"
NAME = re.compile(r"^(?P<version>\d+)_(?P<title>.*)\.(?P<way>up|down)\.sql$")


def fits(path: Path) -> bool:
    """Whether a file is named as this tool names them."""
    return any(NAME.match(file.name) for file in path.glob("*.up.sql"))


def read(path: Path, settings: Settings) -> Folder:  # noqa: ARG001
    """The folder, read."""
    found = [(match, file) for file in sorted(path.glob("*.sql")) if (match := NAME.match(file.name))]
    entries = {
        way: [
            Entry((int(m["version"]),), m["version"], spoken(m["title"]), file) for m, file in found if m["way"] == way
        ]
        for way in ("up", "down")
    }
    remedy = "Give one of them the next free number: the tool refuses the folder as it is (duplicate migration file)."
    problems = twins_of_pairs(entries["up"], entries["down"], "version", remedy)
    ups = unique(entries["up"])
    steps = [paired(entry, _down(entry, ups, entries["down"]), "several") for entry in ups]
    numbers = {entry.order for entry in ups}
    problems += [_alone(entry) for entry in entries["down"] if entry.order not in numbers]
    return Folder(str(path), TOOL, "", tuple(steps), tuple(problems))


def _down(entry: Entry, ups: list[Entry], downs: list[Entry]) -> Path | None:
    """The down of that number; where two share the number, the one of that title."""
    alone = sum(other.order == entry.order for other in ups) == 1
    return next((d.path for d in downs if d.order == entry.order and (alone or d.title == entry.title)), None)


def _alone(entry: Entry) -> Problem:
    message = "a down whose up is not there"
    remedy = "Add the up, or delete this file."
    return Problem(f"migration {entry.id}", message, Source(str(entry.path), 1, 1), remedy, severity="warning")

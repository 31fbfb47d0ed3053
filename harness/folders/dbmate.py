"""dbmate: ``-- migrate:up`` and ``-- migrate:down`` in one numbered file, each in one transaction.

``transaction:false`` on the mark's line opts out. A file must have its up mark first, with no statement before it.
"""

import re
from pathlib import Path

from harness.folders.model import Folder, Problem, Script, Settings, Step
from harness.folders.numbered import Entry, spoken, twins, unique
from harness.folders.sections import Section, sections
from harness.folders.text import empty, text_of, whole
from harness.source import Source

TOOL = "dbmate"
NAME = re.compile(r"^(?P<version>\d+)(?P<title>.*)\.sql$")
MARK = re.compile(r"^--[ \t]*migrate:(?P<way>up|down)(?P<words>[ \t]*$|[ \t]+\S.*$)", re.MULTILINE)


def fits(path: Path) -> bool:
    """Whether a file has its marks."""
    return any(NAME.match(file.name) and MARK.search(text_of(file)) for file in sorted(path.glob("*.sql"))[:5])


def read(path: Path, settings: Settings) -> Folder:  # noqa: ARG001
    """The folder, read."""
    entries = [
        Entry((int(m["version"]),), m["version"], spoken(m["title"]), file)
        for file in sorted(path.glob("*.sql"))
        if (m := NAME.match(file.name))
    ]
    remedy = "Give one of them another number: the second cannot be noted down as applied."
    problems = twins(entries, "version", remedy)
    steps = []
    for entry in unique(entries):
        found = list(sections(entry.path, text_of(entry.path), MARK))
        problems += _problems(entry, found)
        steps.append(_step(entry, found))
    return Folder(str(path), TOOL, "", tuple(steps), tuple(problems))


def _step(entry: Entry, found: list[Section]) -> Step:
    up = next((s for s in found if s.way == "up"), None)
    down = next((s for s in found if s.way == "down" and not empty(s.body.text)), None)
    source = whole(entry.path).source
    return Step(entry.id, entry.title, _script(up) or Script(()), _script(down), source, (str(entry.path),))


def _script(section: Section | None) -> Script | None:
    if section is None:
        return None
    return Script((section.body,), "none" if "transaction:false" in section.words.split() else "file")


def _problems(entry: Entry, found: list[Section]) -> list[Problem]:
    subject, at = f"migration {entry.id}", Source(str(entry.path), 1, 1)
    ways = [section.way for section in found]
    if "up" not in ways:
        return [
            Problem(subject, "it has no -- migrate:up, and dbmate refuses it", at, "Put the mark on a line of its own.")
        ]
    first = found[ways.index("up")]
    before = text_of(entry.path).split("\n")[: found[0].line - 1]
    problems = []
    if ways[0] != "up":
        message = "-- migrate:down stands before -- migrate:up, and dbmate refuses that"
        problems.append(Problem(subject, message, Source(str(entry.path), found[0].line, found[0].line), "Up first."))
    elif not empty("\n".join(before)):
        message = "statements stand before -- migrate:up, and dbmate refuses them"
        problems.append(Problem(subject, message, Source(str(entry.path), 1, first.line), "Move them below the mark."))
    return problems

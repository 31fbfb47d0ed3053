"""Plain numbered SQL: ``001_create_users.sql``, downs beside them, below them, or in the same file.

Found: ``001_x.sql`` with ``001_x.down.sql``, ``001_x_down.sql``, ``001_x.rollback.sql``, ``001_x.undo.sql`` …; folders
``up/`` and ``down/`` of the same names; ``-- Up`` and ``-- Down`` lines in one file.
"""

import re
from pathlib import Path

from harness.folders.model import Folder, Piece, Script, Settings, Step
from harness.folders.numbered import Entry, spoken, twins, unique
from harness.folders.psql import quieted
from harness.folders.text import empty, line_at, part, text_of, whole

TOOL = "plain"
NAME = re.compile(r"^(?P<version>\d+(?:[.-]\d+)*)(?P<title>[ _.-].*)?\.sql$")
BACK = re.compile(r"[ _.-](?:down|rollback|undo|revert)$", re.IGNORECASE)
FORTH = re.compile(r"[ _.-](?:up|forward|deploy)$", re.IGNORECASE)
MARK = re.compile(
    r"^[ \t]*--[ \t=#*-]*(?:(?P<up>up|forward|migrate(?:[ :]up)?)|(?P<down>down|rollback|undo|revert|migrate[ :]down))"
    r"(?:[ \t]+migration)?[ \t=#*:.-]*$",
    re.IGNORECASE | re.MULTILINE,
)
EXPLAINED = re.compile(
    r"^[ \t]*--[ \t=#*-]*(?:(?P<up>up)|(?P<down>down|rollback))"
    r"(?:[ \t]*\([^()\n]*\)|:[ \t]+"
    r"(?!(?:drop|alter|create|delete|update|insert|rename|truncate|begin|see|not|none?|n/a)\b)[^;\n]+)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""A mark, and in words what is done there, ``-- Down: loses the values of role``; no statement that is mentioned."""

UPS, DOWNS = ("up", "deploy", "migrations"), ("down", "rollback", "revert", "undo")


def fits(path: Path) -> bool:
    """Whether there is a numbered file."""
    return any(NAME.match(file.name) for file in (*path.glob("*.sql"), *path.glob("up/*.sql")))


def read(path: Path, settings: Settings) -> Folder:  # noqa: ARG001
    """The folder, read."""
    ups, downs = [], {}
    for file in _files(path):
        match = NAME.match(file.name)
        if match is None:
            continue
        title = match["title"] or ""
        order = tuple(int(number) for number in re.split(r"[.-]", match["version"]))
        back = BACK.search(title) is not None or (file.parent != path and file.parent.name.lower() in DOWNS)
        entry = Entry(order, match["version"], spoken(FORTH.sub("", BACK.sub("", title)).lstrip("_.- ")), file)
        if back:
            downs[order] = file
        else:
            ups.append(entry)
    problems = twins(ups, "number", "Give one of them the next free number.")
    steps = tuple(_step(entry, downs.get(entry.order)) for entry in unique(ups))
    return Folder(str(path), TOOL, "", steps, tuple(problems))


def _files(path: Path) -> list[Path]:
    below = [folder for name in (*UPS, *DOWNS) if (folder := path / name).is_dir()]
    return sorted(file for folder in (path, *below) for file in folder.glob("*.sql"))


def _step(entry: Entry, down: Path | None) -> Step:
    text = text_of(entry.path)
    marks = _marks(text)
    source = whole(entry.path).source
    files = (str(entry.path), *([str(down)] if down else []))
    if down is None and any(match["down"] for match in marks):
        forth, back = _cut(entry.path, text, marks)
        return Step(entry.id, entry.title, forth, back, source, files)
    beside = None if down is None else Script((quieted(whole(down)),))
    return Step(entry.id, entry.title, Script((quieted(whole(entry.path)),)), beside, source, files)


def _marks(text: str) -> list[re.Match[str]]:
    """Where each direction begins. A line that explains one begins it between statements, and not in a file's head."""
    explained = [m for m in EXPLAINED.finditer(text) if not empty(text[: m.start()]) and not empty(text[m.end() :])]
    return sorted((*MARK.finditer(text), *explained), key=lambda match: match.start())


def _cut(path: Path, text: str, marks: list[re.Match[str]]) -> tuple[Script, Script]:
    ends = [line_at(text, match.start()) for match in marks[1:]] + [text.count("\n") + 1]
    first = line_at(text, marks[0].start())
    ups = [quieted(part(path, text, 0, first))] if first else []
    downs: list[Piece] = []
    for match, end in zip(marks, ends, strict=True):
        begin = line_at(text, match.start()) + (match.re is MARK)  # what is explained is a claim, and stays
        (downs if match["down"] else ups).append(quieted(part(path, text, begin, end)))
    return Script(tuple(ups)), Script(tuple(downs))

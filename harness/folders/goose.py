"""goose: ``-- +goose Up`` and ``-- +goose Down`` in one numbered file, in one transaction unless NO TRANSACTION.

goose cuts at each line that ends in a semicolon, so that a body with semicolons must stand between StatementBegin and
StatementEnd: where it does not, the server gets halves. ``ENVSUB ON`` has variables of the environment filled in.
Migrations in Go are programs, and are not run here.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from harness.folders.model import Folder, Piece, Problem, Script, Settings, Step, Transaction
from harness.folders.numbered import Entry, spoken, twins, unique
from harness.folders.sections import Section, sections
from harness.folders.text import empty, filled, text_of, whole
from harness.source import Source

TOOL = "goose"
NAME = re.compile(r"^(?P<version>\d+)_(?P<title>.*)\.(?P<kind>sql|go)$")
MARK = re.compile(r"^--[ \t]*\+goose[ \t]+(?P<way>up|down)\b(?P<words>.*)$", re.MULTILINE | re.IGNORECASE)
NO_TRANSACTION = re.compile(r"^--[ \t]*\+goose[ \t]+NO[ \t]+TRANSACTION\b", re.MULTILINE | re.IGNORECASE)
ENVSUB = re.compile(r"^--[ \t]*\+goose[ \t]+ENVSUB[ \t]+ON\b", re.MULTILINE | re.IGNORECASE)
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::?-(?P<default>[^}]*))?\}")
WHOLE = re.compile(
    r"^--[ \t]*\+goose[ \t]+StatementBegin.*?(?:^--[ \t]*\+goose[ \t]+StatementEnd[^\n]*|\Z)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
UNENDED = re.compile(r"\+goose[ \t]+StatementEnd[^\n]*\Z", re.IGNORECASE)
TAG = re.compile(r"\$(?:[A-Za-z_]\w*)?\$")
COMMENT = re.compile(r"--[^\n]*|'(?:[^']|'')*'")


def fits(path: Path) -> bool:
    """Whether a file has its marks."""
    return any(NAME.match(file.name) and MARK.search(text_of(file)) for file in sorted(path.glob("*.sql"))[:5])


def read(path: Path, settings: Settings) -> Folder:
    """The folder, read."""
    named = [(m, file) for file in sorted((*path.glob("*.sql"), *path.glob("*.go"))) if (m := NAME.match(file.name))]
    entries = [
        Entry((int(m["version"]),), m["version"], spoken(m["title"]), file)
        for m, file in named
        if not file.name.endswith("_test.go")
    ]
    problems = twins(entries, "version", "Give one of them another number: goose refuses the folder as it is.")
    steps = []
    for entry in unique(entries):
        step, found = _go(entry) if entry.path.suffix == ".go" else _sql(entry, settings)
        steps.append(step)
        problems += found
    return Folder(str(path), TOOL, "", tuple(steps), tuple(problems))


def _go(entry: Entry) -> tuple[Step, list[Problem]]:
    at = Source(str(entry.path), 1, 1)
    message = "a migration in Go is a program, and is not run here"
    remedy = "Write it as SQL where it changes the schema."
    problem = Problem(f"migration {entry.id}", message, at, remedy, "unverified")
    return Step(entry.id, entry.title, None, None, at, (str(entry.path),)), [problem]


def _sql(entry: Entry, settings: Settings) -> tuple[Step, list[Problem]]:
    text, subject = text_of(entry.path), f"migration {entry.id}"
    found = list(sections(entry.path, text, MARK))
    ups = [section for section in found if section.way == "up"]
    downs = [section for section in found if section.way == "down" and not empty(section.body.text)]
    problems = []
    if not ups:
        message, remedy = "it has no -- +goose Up, and goose refuses it", "Put the mark on a line of its own."
        problems.append(Problem(subject, message, Source(str(entry.path), 1, 1), remedy))
    problems += [problem for section in found for problem in _cuts(section, subject)]
    transaction: Transaction = "none" if NO_TRANSACTION.search(text) else "file"
    scripts = []
    for group in (ups, downs):
        bodies = tuple(section.body for section in group)
        if ENVSUB.search(text):
            bodies, unset = _environment(bodies, settings, subject)
            problems += unset
        scripts.append(Script(bodies, transaction))
    up, down = scripts
    return Step(
        entry.id, entry.title, up, down if downs else None, whole(entry.path).source, (str(entry.path),)
    ), problems


def _environment(
    bodies: tuple[Piece, ...], settings: Settings, subject: str
) -> tuple[tuple[Piece, ...], list[Problem]]:
    values = {**os.environ, **settings.placeholders}
    made, problems = [], []
    for body in bodies:
        defaults = {m["name"]: m["default"] for m in VARIABLE.finditer(body.text) if m["default"] is not None}
        piece, missing = filled(body, VARIABLE, {**defaults, **values})
        made.append(piece)
        problems += [
            Problem(subject, f"${{{name}}} has no value", at, f"Set it, or give --placeholder {name}=VALUE.")
            for name, at in missing
        ]
    return tuple(made), problems


def _cuts(section: Section, subject: str) -> Iterator[Problem]:
    """Bodies that goose would cut at a semicolon; a StatementBegin that is never ended."""
    for match in WHOLE.finditer(section.body.text):
        if not UNENDED.search(match[0]):
            at = section.body.source.at(section.body.text.count("\n", 0, match.start()))
            yield Problem(subject, "StatementBegin without its StatementEnd", at, "Add -- +goose StatementEnd.")
    text = WHOLE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), section.body.text)
    opened: str | None = None
    for number, line in enumerate(COMMENT.sub("", each) for each in text.split("\n")):
        for tag in TAG.findall(line):
            opened = tag if opened is None else None if tag == opened else opened
        if opened is not None and line.rstrip().endswith(";"):
            message = f"goose ends the statement at this semicolon, inside the {opened} body"
            remedy = "Put the whole statement between -- +goose StatementBegin and -- +goose StatementEnd."
            yield Problem(subject, message, section.body.source.at(number), remedy)
            return

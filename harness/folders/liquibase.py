"""Liquibase, formatted SQL: ``--changeset author:id`` in files that begin with ``--liquibase formatted sql``.

Each changeset is a migration in a transaction of its own (``runInTransaction:false`` opts out), with its ``--rollback``
lines. Files come in the order of a master changelog's includes, else by name. ``dbms:`` of another engine is left out.
Changesets in XML, YAML or JSON are not read: Liquibase makes SQL of them for the database at hand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.folders.model import Folder, Piece, Problem, Script, Settings, Step, Transaction
from harness.folders.places import above, engine_in
from harness.folders.text import filled, line_at, part, text_of
from harness.source import Source

TOOL = "liquibase"
HEADER = re.compile(r"\A\s*--\s*liquibase\s+formatted\s+sql\b", re.IGNORECASE)
CHANGESET = re.compile(
    r"^--\s*changeset\s+(?P<author>\"[^\"]+\"|[^\s:]+)\s*:\s*(?P<id>\"[^\"]+\"|[^\s]+)(?P<words>.*)$",
    re.MULTILINE | re.IGNORECASE,
)
ATTRIBUTE = re.compile(r"(?P<key>\w+):(?P<value>\"[^\"]*\"|'[^']*'|\S+)")
ROLLBACK = re.compile(r"^--\s*rollback(?:[ \t]+(?P<sql>.*))?$", re.IGNORECASE)
BLOCK = re.compile(r"/\*\s*liquibase\s+rollback\s*\n(?P<sql>.*?)\*/", re.IGNORECASE | re.DOTALL)
NOTHING = re.compile(r"^(?:not\s+required|empty)\b", re.IGNORECASE)
NOTE = re.compile(
    r"^--\s*(?:comment|preconditions?|precondition-\S+|validchecksum|ignorelines|property)\b", re.IGNORECASE
)
PROPERTY = re.compile(
    r"^--\s*property\b.*?\bname[:=]\s*(?P<name>\S+).*?\bvalue[:=]\s*(?P<value>\"[^\"]*\"|\S+)", re.MULTILINE
)
VARIABLE = re.compile(r"\$\{(?P<name>[\w.:-]+)\}")
INCLUDE = re.compile(
    r"(?:\bfile|[\"']file[\"'])\s*[:=]\s*[\"']?(?P<file>[\w./ -]+\.(?:sql|xml|ya?ml|json))", re.IGNORECASE
)
FOREIGN = re.compile(r"<changeSet\b|^\s*-?\s*changeSet\s*:|\"changeSet\"", re.MULTILINE)
MASTERS = ("*changelog*.xml", "*changelog*.y*ml", "*changelog*.json", "master.xml", "master.y*ml")


@dataclass(slots=True)
class _Read:
    """What was read so far."""

    steps: list[Step]
    problems: list[Problem]
    values: dict[str, str]
    engine: str
    taken: dict[tuple[str, str], Source]


def fits(path: Path) -> bool:
    """Whether a file has the header of formatted SQL."""
    return any(HEADER.match(text_of(file)) for file in sorted(path.rglob("*.sql"))[:10])


def read(path: Path, settings: Settings) -> Folder:
    """The changelog's files, read."""
    configuration = next(above(path, "liquibase.properties"), None)
    engine = engine_in(text_of(configuration)) if configuration else ""
    found = _Read([], [], dict(settings.placeholders), settings.engine or engine, {})
    for file in _files(path, found):
        if HEADER.match(text_of(file)):
            _file(file, found)
    return Folder(str(path), TOOL, engine, tuple(found.steps), tuple(found.problems))


def _files(path: Path, found: _Read) -> list[Path]:
    """In the order of the master's includes; by name where there is none."""
    masters = sorted({file for pattern in MASTERS for file in path.glob(pattern)})
    listed: list[Path] = []
    for master in masters:
        text = text_of(master)
        if match := FOREIGN.search(text):
            at = Source(str(master), line_at(text, match.start()) + 1, line_at(text, match.start()) + 1)
            message = "changesets in this format are not read"
            remedy = "Write them as formatted SQL, or give the output of liquibase update-sql."
            found.problems.append(Problem(master.name, message, at, remedy, "unverified"))
        for include in INCLUDE.finditer(text):
            name = include["file"]
            places = (master.parent / name, path / name, *(parent / name for parent in path.resolve().parents[:4]))
            file = next((place for place in places if place.is_file()), None)
            if file is None:
                line = line_at(text, include.start()) + 1
                message = f"it includes {name}, which is not there"
                found.problems.append(
                    Problem(master.name, message, Source(str(master), line, line), "Add it, or mend the path.")
                )
            elif file.suffix == ".sql":
                listed.append(file)
    return list(dict.fromkeys(listed)) or sorted(path.rglob("*.sql"))


def _file(file: Path, found: _Read) -> None:
    text = text_of(file)
    found.values |= {m["name"]: m["value"].strip('"') for m in PROPERTY.finditer(text) if m["name"] not in found.values}
    marks = list(CHANGESET.finditer(text))
    ends = [line_at(text, match.start()) for match in marks[1:]] + [text.count("\n") + 1]
    for match, end in zip(marks, ends, strict=True):
        first = line_at(text, match.start())
        words = {m["key"].lower(): m["value"].strip("\"'") for m in ATTRIBUTE.finditer(match["words"])}
        if _for_another(words.get("dbms", ""), found.engine):
            continue
        step, problems = _step(match, part(file, text, first, end), words, found)
        found.steps.append(step)
        found.problems += problems


def _for_another(dbms: str, engine: str) -> bool:
    names = {name.strip() for name in dbms.lower().split(",") if name.strip()}
    if not names or not engine:
        return False
    wanted = {name for name in names if not name.startswith("!")}
    return f"!{engine}" in names or (bool(wanted) and engine not in wanted)


def _step(match: re.Match[str], body: Piece, words: dict[str, str], found: _Read) -> tuple[Step, list[Problem]]:
    author, id_ = match["author"].strip('"'), match["id"].strip('"')
    name, path = f"{author}:{id_}", body.source.path
    subject, problems = f"migration {name}", []
    first = found.taken.setdefault((path, name), body.source)
    if first is not body.source:
        message = f"line {first.line} has the changeset {name} too, and Liquibase refuses the file"
        problems.append(Problem(subject, message, body.source, "Give one of them another id."))
        name = f"{name}#{body.source.line}"
    elif any(step.id == name for step in found.steps):
        name = f"{Path(path).stem}/{name}"
    up, down = _directions(body)
    pieces = []
    for piece in (up, down):
        if piece is None:
            continue
        made, missing = filled(piece, VARIABLE, found.values)
        pieces.append(made)
        problems += [
            Problem(
                subject,
                f"${{{n}}} has no value, and stays as it is",
                at,
                f"Give --placeholder {n}=VALUE.",
                severity="warning",
            )
            for n, at in missing
        ]
    transaction: Transaction = "none" if words.get("runintransaction", "").lower() == "false" else "file"
    back = Script((pieces[1],), transaction) if down is not None else None
    undoable = not any("rollback" in line.lower() and NOTHING.match(_said(line)) for line in body.text.split("\n"))
    title = next((line.split(None, 1)[1] for line in _notes(body.text, "comment")), id_)
    return Step(name, title, Script((pieces[0],), transaction), back, body.source, (path,), undoable), problems


def _said(line: str) -> str:
    found = ROLLBACK.match(line)
    return "" if found is None else (found["sql"] or "").strip()


def _notes(text: str, word: str) -> Iterator[str]:
    for line in text.split("\n"):
        bare = line.strip().lstrip("-").strip().replace("comment:", "comment ")
        if line.startswith("--") and bare.lower().startswith(f"{word} ") and len(bare.split(None, 1)) == 2:
            yield bare


def _directions(body: Piece) -> tuple[Piece, Piece | None]:
    """Up and down, each on as many lines as the changeset has, so that lines keep their numbers."""
    block = BLOCK.search(body.text)
    inner = range(0)
    if block is not None:
        inner = range(line_at(body.text, block.start("sql")), line_at(body.text, block.end("sql")) + 1)
    ups, downs = [], []
    for number, line in enumerate(body.text.split("\n")):
        back = ROLLBACK.match(line)
        sql = (back["sql"] or "") if back and not NOTHING.match((back["sql"] or "").strip()) else ""
        if number in inner:
            sql = line.replace("*/", "")
        ups.append("" if back or number in inner or NOTE.match(line) or re.match(r"\s*/\*\s*liquibase", line) else line)
        downs.append(sql)
    down = "\n".join(downs)
    return Piece("\n".join(ups), body.source), Piece(down, body.source) if down.strip() else None

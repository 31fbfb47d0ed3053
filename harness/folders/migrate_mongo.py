"""migrate-mongo: ``up(db, client)`` and ``down(db, client)`` of each numbered JavaScript file, by name.

They are written for Node's driver and evaluated as mongosh's scripts are, in the sandbox: ``await`` falls away, and the
few names that differ are put in mongosh's words, on the same lines. What needs the client (sessions, transactions)
is not run here, and that is said.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from harness.folders.model import Folder, Piece, Problem, Script, Settings, Step
from harness.folders.numbered import Entry, spoken, twins, unique
from harness.folders.places import above
from harness.folders.text import line_at, text_of, whole
from harness.source import Source

TOOL = "migrate-mongo"
NAME = re.compile(r"^(?P<version>\d{8,14})[-_](?P<title>.+)\.(?:c|m)?js$")
FUNCTION = (
    r"\b{way}\s*(?:[:=]\s*)?(?:async\s*)?(?:function\s*\w*\s*)?"
    r"\(\s*(?P<db>\w+)?\s*(?:,\s*(?P<client>\w+)\s*)?(?:,[^)]*)?\)\s*(?:=>\s*)?\{{"
)
SKIPPED = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`", re.DOTALL)
WORDS = (
    (re.compile(r"\bfor\s+await\b"), "for"),
    (re.compile(r"\bawait\s+"), ""),
    (re.compile(r"\bdb\s*\.\s*collection\("), "db.getCollection("),
    (re.compile(r"\bdb\s*\.\s*command\("), "db.runCommand("),
    (re.compile(r"\bdb\s*\.\s*dropCollection\(([^()]*)\)"), r"db.getCollection(\1).drop()"),
    (re.compile(r"\bdb\s*\.\s*renameCollection\(([^(),]*),"), r"db.getCollection(\1).renameCollection("),
    (re.compile(r"(getCollection\([^()]*\))\s*\.\s*rename\("), r"\1.renameCollection("),
)


@dataclass(frozen=True, slots=True)
class _Found:
    body: Piece
    client: bool


def fits(path: Path) -> bool:
    """Whether its configuration is near, and a file is named as it names them."""
    configured = next(above(path, "migrate-mongo-config.js", "migrate-mongo-config.cjs"), None) is not None
    return configured and any(NAME.match(file.name) for file in path.iterdir())


def read(path: Path, settings: Settings) -> Folder:  # noqa: ARG001
    """The folder, read."""
    entries = [
        Entry((int(m["version"]),), m["version"], spoken(m["title"]), file)
        for file in sorted(path.iterdir())
        if (m := NAME.match(file.name))
    ]
    problems = twins(entries, "time", "Give one of them another time, so that their order is sure.")
    steps = []
    for entry in unique(entries):
        step, found = _step(entry)
        steps.append(step)
        problems += found
    return Folder(str(path), TOOL, "mongodb", tuple(steps), tuple(problems))


def _step(entry: Entry) -> tuple[Step, list[Problem]]:
    text, subject = text_of(entry.path), f"migration {entry.id}"
    source, files = whole(entry.path).source, (str(entry.path),)
    up, down = (_function(entry.path, text, way) for way in ("up", "down"))
    if up is None:
        problem = Problem(subject, "it exports no function up", Source(str(entry.path), 1, 1), "Export async up(db).")
        return Step(entry.id, entry.title, Script(()), None, source, files), [problem]
    if up.client:
        message, remedy = (
            "its up needs the driver's client, and is not run here",
            "Work on db alone where that is enough.",
        )
        problem = Problem(subject, message, up.body.source, remedy, "unverified")
        return Step(entry.id, entry.title, None, None, source, files), [problem]
    back = None if down is None or down.client or not down.body.text.strip() else Script((down.body,))
    return Step(entry.id, entry.title, Script((up.body,)), back, source, files), []


def _function(path: Path, text: str, way: str) -> _Found | None:
    match = re.search(FUNCTION.format(way=way), text)
    if match is None:
        return None
    end = _end(text, match.end())
    body = text[match.end() : end]
    code = SKIPPED.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), body)
    client = bool(match["client"]) and re.search(rf"\b{match['client']}\b", code) is not None
    if match["db"] not in {None, "db"}:
        body = re.sub(rf"\b{match['db']}\b(?=\s*\.)", "db", body)
    for pattern, word in WORDS:
        body = pattern.sub(word, body)
    first = line_at(text, match.end())
    lead = len(body) - len(body.lstrip("\n"))
    body = body[lead:].rstrip()
    at = Source(str(path), first + lead + 1, first + lead + 1 + body.count("\n"))
    return _Found(Piece(body, at), client)


def _end(text: str, start: int) -> int:
    """Where the brace that was opened before ``start`` is closed, outside of literals and comments."""
    depth, position = 1, start
    token = re.compile(f"(?P<skipped>{SKIPPED.pattern})|(?P<brace>[{{}}])", re.DOTALL)
    for match in token.finditer(text, position):
        if match["brace"]:
            depth += 1 if match["brace"] == "{" else -1
            if not depth:
                return match.start()
    return len(text)

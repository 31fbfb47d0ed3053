"""Flyway: versioned ``V2_1__x.sql``, undo ``U2_1__x.sql``, repeatable ``R__x.sql``, which come last, by their words.

A script runs in one transaction; ``executeInTransaction=false`` in ``V2_1__x.sql.conf`` opts out, and PostgreSQL's
statements that cannot run in one are run alone, but not beside others (``mixed``). ``${name}`` is filled in from
``flyway.conf`` or ``flyway.toml``, in the folder or above it, or from ``--placeholder``.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from harness.errors import InputError
from harness.folders.model import Folder, Problem, Script, Settings, Step, Transaction
from harness.folders.numbered import Entry, spoken, twins_of_pairs, unique
from harness.folders.places import above, engine_in
from harness.folders.text import filled, text_of, whole
from harness.source import Source

TOOL = "flyway"
NAME = re.compile(r"^(?P<kind>[VUR])(?P<version>\d+(?:[._]\d+)*)?__(?P<title>.*)\.sql$")
SETTING = re.compile(r"^\s*(?:flyway\.)?(?P<key>[\w.]+)\s*=\s*(?P<value>.*?)\s*$", re.MULTILINE)
BUILT_IN = {
    "flyway:defaultSchema": "public",
    "flyway:database": "app",
    "flyway:user": "app",
    "flyway:table": "flyway_schema_history",
}
LAST = 10**18
"""Repeatable ones come after every version."""


@dataclass(slots=True)
class _Configured:
    values: dict[str, str] = field(default_factory=dict)
    prefix: str = "${"
    suffix: str = "}"
    mixed: bool = False
    engine: str = ""


def fits(path: Path) -> bool:
    """Whether a file is named as Flyway names them."""
    return any((m := NAME.match(f.name)) and (m["version"] or m["kind"] == "R") for f in path.rglob("*.sql"))


def rooted(path: Path) -> bool:
    """Whether its scripts or its configuration stand in the folder itself, not only below it."""
    return any(NAME.match(file.name) or file.name in {"flyway.toml", "flyway.conf"} for file in path.iterdir())


def read(path: Path, settings: Settings) -> Folder:
    """The folder and those below it, read."""
    configured = _configured(path)
    configured.values |= {**BUILT_IN, **settings.placeholders}
    entries: dict[str, list[Entry]] = {"V": [], "U": [], "R": []}
    for file in sorted(path.rglob("*.sql")):
        if (match := NAME.match(file.name)) and (match["version"] or match["kind"] == "R"):
            entries[match["kind"]].append(_entry(match, file))
    remedy = "Give one of them the next free version: Flyway refuses the folder as it is."
    problems = twins_of_pairs(entries["V"], entries["U"], "version", remedy)
    versions = {entry.order for entry in entries["V"]}
    problems += [_alone(entry) for entry in entries["U"] if entry.order not in versions]
    undo = {entry.order: entry.path for entry in entries["U"]}
    steps = []
    repeatable = sorted(entries["R"], key=lambda entry: entry.title)
    for entry in (*unique(entries["V"]), *repeatable):
        step, found = _step(entry, undo.get(entry.order), configured)
        steps.append(step)
        problems += found
    return Folder(str(path), TOOL, configured.engine, tuple(steps), tuple(problems))


def _entry(match: re.Match[str], file: Path) -> Entry:
    version = (match["version"] or "").replace("_", ".")
    numbers = [int(number) for number in version.split(".") if number]
    while len(numbers) > 1 and not numbers[-1]:  # 1.0 is 1
        numbers.pop()
    title = spoken(match["title"])
    return Entry(tuple(numbers) or (LAST,), version or f"R {title}", title, file)


def _alone(entry: Entry) -> Problem:
    at = Source(str(entry.path), 1, 1)
    message = "an undo script whose versioned script is not there"
    return Problem(f"migration {entry.id}", message, at, "Add it, or delete this file.", severity="warning")


def _step(entry: Entry, undo: Path | None, configured: _Configured) -> tuple[Step, list[Problem]]:
    up, problems = _script(entry, entry.path, configured)
    down = None
    if undo is not None:
        down, more = _script(entry, undo, configured)
        problems += more
    files = (str(entry.path), *([str(undo)] if undo else []))
    again = entry.id.startswith("R ")
    source = whole(entry.path).source
    return Step(entry.id, entry.title, up, down, source, files, undoable=not again, repeatable=again), problems


def _script(entry: Entry, path: Path, configured: _Configured) -> tuple[Script, list[Problem]]:
    own = path.with_name(path.name + ".conf")
    said = dict(_settings(own)) if own.is_file() else {}
    transaction: Transaction = "auto" if configured.mixed else "unmixed"
    if said.get("executeInTransaction", "").lower() == "false":
        transaction = "none"
    piece = whole(path)
    if said.get("placeholderReplacement", "").lower() == "false":
        return Script((piece,), transaction), []
    pattern = re.compile(f"{re.escape(configured.prefix)}(?P<name>[\\w:.-]+){re.escape(configured.suffix)}")
    piece, missing = filled(piece, pattern, configured.values)
    return Script((piece,), transaction), [_unfilled(entry, name, at) for name, at in missing]


def _unfilled(entry: Entry, name: str, at: Source) -> Problem:
    message = f"the placeholder {name} has no value, and Flyway refuses the script"
    remedy = f"Set flyway.placeholders.{name} in flyway.conf, or give --placeholder {name}=VALUE."
    return Problem(f"migration {entry.id}", message, at, remedy)


def _configured(path: Path) -> _Configured:
    found = _Configured()
    for file in (*above(path, "flyway.toml", "conf/flyway.toml"), *above(path, "flyway.conf", "conf/flyway.conf")):
        for key, value in _settings(file):
            if key.startswith("placeholders."):
                found.values.setdefault(key.removeprefix("placeholders."), value)
            elif key == "placeholderPrefix":
                found.prefix = value
            elif key == "placeholderSuffix":
                found.suffix = value
            elif key == "mixed":
                found.mixed = value.lower() == "true"
            elif key.endswith("url"):
                found.engine = found.engine or engine_in(value)
    return found


def _settings(path: Path) -> Iterator[tuple[str, str]]:
    text = text_of(path)
    if path.suffix != ".toml":
        yield from ((m["key"], m["value"]) for m in SETTING.finditer(text) if not m[0].lstrip().startswith("#"))
        return
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: cannot be read as TOML: {error}") from error
    for section in (values.get("flyway", {}), *values.get("environments", {}).values()):
        for key, value in section.items():
            pairs = ((f"{key}.{k}", v) for k, v in value.items()) if isinstance(value, dict) else ((key, value),)
            yield from ((k, str(v)) for k, v in pairs)

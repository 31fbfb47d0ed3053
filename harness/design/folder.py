"""A migration folder as a Design: the same as a document gives, with every line in the migrations' own files."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from harness.design.claim_types import BackwardCompatible, Loses
from harness.design.dialect import shown
from harness.design.migrations import claims_compatible, loses
from harness.design.model import Design, Migration, Schema, Statement
from harness.design.names import bare, label
from harness.document.model import Document, Item, Paragraph
from harness.folders.model import Folder, Problem, Script, Step
from harness.folders.text import empty
from harness.source import Source

LABELS = frozenset({"migrations", "migration folder", "migrations folder", "migration files"})
PATH = re.compile(r"^[\w./@-]*/[\w./@-]*$|^[\w@-]*migrations?$")
COMMENT = re.compile(r"^[ \t]*(?:--|#|//|/\*)[^\n]*", re.MULTILINE)
USUAL = frozenset(
    {"migrations", "migration", "migrate", "sql", "db", "versions", "changelog", "schema", "src", "resources"}
)
"""Names that many folders have; the one above tells more."""

TELLING, SHOWN, LONGEST = 30, 20_000, 2_000
"""How many migrations tell the engine, by how many characters of each, and of each line."""


def build(folder: Folder) -> Design:
    """The design in a folder. What comes after a step that cannot be run here is not judged, and that is said."""
    steps, problems = _runnable(folder)
    steps = tuple(step for step in steps if not _void(step))
    migrations = tuple(_migration(step, folder.tool) for step in steps)
    evident, source = shown(_lines(steps))
    return Design(
        name=name_of(Path(folder.path)),
        path=folder.path,
        title=folder.path,
        lines=sum(step.source.end_line - step.source.line + 1 for step in steps),
        engine=folder.engine or evident,
        engine_source=None if folder.engine else source,
        schema=Schema(),
        migrations=migrations,
        claims=tuple(claim for step in steps for claim in _claims(step)),
        sections=frozenset({"migrations"}),
        tool=folder.tool,
        problems=problems,
    )


def named(document: Document) -> tuple[str, Source] | None:
    """The folder that a document says its migrations are in: ``**Migrations:** db/migrations``."""
    for block in document.blocks:
        if isinstance(block, Paragraph | Item):
            for number, line in enumerate(block.text.split("\n")):
                found = label(line)
                if found and found[0] in LABELS and PATH.match(place := bare(found[1]).strip("` ")):
                    return place, block.source.at(number)
    return None


def placed(name: str, document: Path) -> Path:
    """A folder that a document names, from the document's place or from here; where it is said to be when it is not."""
    return next((folder for folder in (document.parent / name, Path(name)) if folder.is_dir()), Path(name))


def joined(design: Design, folder: Folder) -> Design:
    """A document's design with the migrations of its folder, after those that it gives itself."""
    made = build(folder)
    return replace(
        design,
        engine=design.engine or made.engine,
        migrations=(*(m for m in design.migrations if m.up is not None), *made.migrations),
        claims=(*design.claims, *made.claims),
        sections=design.sections | made.sections,
        tool=made.tool,
        problems=made.problems,
    )


def name_of(path: Path) -> str:
    """A short name: the folder's, with those above it as long as they are the usual ones."""
    parts = [part for part in (path.parts or path.resolve().parts[-1:]) if part not in {"/", ".", ".."}]
    parts = parts or list(path.resolve().parts[-1:])
    begin = len(parts) - 1
    while begin > 0 and parts[begin].lower() in USUAL:
        begin -= 1
    return re.sub(r"[^\w.-]+", "-", "-".join(parts[begin:])) or "migrations"


def _runnable(folder: Folder) -> tuple[tuple[Step, ...], tuple[Problem, ...]]:
    stop = next((number for number, step in enumerate(folder.steps) if step.up is None), len(folder.steps))
    left = folder.steps[stop + 1 :]
    if not left:
        return folder.steps[:stop], folder.problems
    message = f"migration {folder.steps[stop].id} before it cannot be run here"
    told = tuple(Problem(f"migration {step.id}", message, step.source, "", "unverified") for step in left)
    return folder.steps[:stop], (*folder.problems, *told)


def _void(step: Step) -> bool:
    """Whether there is nothing to run in it, forth or back: that is said of its files, and nothing more of it."""
    scripts = (script for script in (step.up, step.down) if script is not None)
    return all(empty(piece.text) for script in scripts for piece in script.pieces)


def _lines(steps: Iterable[Step]) -> Iterator[tuple[str, Source]]:
    """The lines of the first scripts, which tell the engine."""
    for step in islice(steps, TELLING):
        for piece in step.up.pieces if step.up else ():
            for number, line in enumerate(piece.text[:SHOWN].split("\n")):
                yield line[:LONGEST], piece.source.at(number)


def _migration(step: Step, tool: str) -> Migration:
    assert step.up is not None
    up = statement(step.up, step.source)
    down = None if step.down is None else statement(step.down, step.source)
    return Migration(
        step.id,
        step.title,
        up,
        down,
        planned=False,
        source=step.source,
        tool=tool,
        undoable=step.undoable,
        repeatable=step.repeatable,
        trusted=step.trusted,
    )


def statement(script: Script, source: Source) -> Statement:
    """A script as one statement, with its pieces as parts where there are several."""
    parts = tuple(Statement(p.text, p.source, transaction=script.transaction) for p in script.pieces)
    if len(parts) == 1:
        return parts[0]
    text = "\n".join(part.text for part in parts)
    return Statement(text, parts[0].source if parts else source, transaction=script.transaction, parts=parts)


def _claims(step: Step) -> Iterator[BackwardCompatible | Loses]:
    """Comments that say that the migration is backwards compatible, or what is lost on its way back."""
    assert step.up is not None
    for text, source in _comments(step.up):
        if claims_compatible(text):
            yield BackwardCompatible(step.id, text, source)
    for script in (step.up, step.down):
        for text, source in _comments(script):
            if loses(text, down=script is step.down):
                yield Loses(step.id, text, source)


def _comments(script: Script | None) -> Iterator[tuple[str, Source]]:
    for piece in script.pieces if script is not None else ():
        for match in COMMENT.finditer(piece.text[:SHOWN]):
            yield match[0].strip("-#/* \t"), piece.source.at(piece.text.count("\n", 0, match.start()))

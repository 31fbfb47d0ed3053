"""Migrations: up and down in one fence, in two, or in phases; numbered or not; here or planned."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.design import claims, fences, headings
from harness.design.claim_types import BackwardCompatible, Loses, Told
from harness.design.facts import Fact, Known, Prose
from harness.design.labels import Part, leads_a_way
from harness.design.model import Migration, Script, Statement
from harness.design.names import bare, label, slug, unnumbered
from harness.design.queries import Ids
from harness.design.sections import Section
from harness.design.sqltext import CHANGES, Token, comments, pieces
from harness.document.model import Fence, Item, Paragraph, Table
from harness.source import Source

_COMPATIBLE = re.compile(
    r"\b(?<!not )(?<!non-)(?<!in)backwards?[- ]compatib(?:le|ility)\b|\b(?<!nicht )(?:ab|rück)wärtskompatibel\b|"
    r"\bold (?:code|clients?|releases?|versions?) (?:keeps? (?:on )?working|goes on working|still works?)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|non|isn't|breaks?|never|ensure|keep|make|should|must|always|all|so that|until|while|if|no)\b[\w\s,-]*"
    r"(?:backwards?[- ]compat|old \w+ (?:keep|go|still))",
    re.IGNORECASE,
)
_LOSES = re.compile(
    r"\b(?:loses?|losing|lost|data loss|discard(?:s|ed)?|thrown? away|irreversible|not reversible|"
    r"(?:cannot|can't|can not) be (?:restored|recovered|brought back))\b",
    re.IGNORECASE,
)
_LOSES_NOT = re.compile(
    r"\b(?:no|not|never|nothing|without|none|zero|lossless|avoid\w*)\b[\w\s,-]*\blos|\bno data loss", re.IGNORECASE
)
_BECOMES = re.compile(
    r"\b(?:become|becomes|became|(?:is|are|will be) (?:turned into|cut(?: off)?|truncated|shortened|rounded|"
    r"merged|forgotten|set (?:back )?to|mapped to|a copy of)|cuts? off|truncates|rounds|(?:not|no longer) known|"
    r"(?:can|may|could) be (?:re-?)?(?:computed|calculated|derived|built|made) (?:again|from)|"
    r"(?:can|may|could) be re-?(?:computed|calculated|derived|built))\b",
    re.IGNORECASE,
)
"""What a way back does to values, in words that are no loss anywhere else."""
_FILE = re.compile(r"`?(?P<number>\d{3,}|V\d[\d.]*)_{1,2}(?P<title>\w+?)(?:\.(?:up|down))?(?:\.sql)?`?(?=[\s:)`–—-]|$)")


@dataclass(slots=True)
class _Scripts:
    """The statements that were collected for one migration."""

    up: list[Statement] = field(default_factory=list)
    down: list[Statement] = field(default_factory=list)
    claims: list[tuple[str, Source]] = field(default_factory=list)
    losses: list[tuple[str, Source]] = field(default_factory=list)


def read(section: Section, known: Known, ids: Ids) -> tuple[Fact, ...]:
    """The facts of a migration's section and all below it."""
    phases = tuple(child for child in section.children if child.topic == "migration")
    if phases and all(_has_script(phase) for phase in phases) and not _own_down(section):
        own = (
            read(_alone(section), known, ids)
            if any(isinstance(p.block, Fence) for p in section.parts)
            else _prose(section)
        )
        return (*own, *(fact for phase in phases for fact in read(phase, known, ids)), *_others(section, phases))
    return _one(section, known, ids)


def _has_script(section: Section) -> bool:
    return any(isinstance(part.block, Fence) for inner in section.walk() for part in inner.parts)


def _own_down(section: Section) -> bool:
    return any(child.topic == "down" for child in section.children)


def _alone(section: Section) -> Section:
    return Section(
        section.heading, section.topic, section.entity, section.kind, section.words, section.status, section.parts, ()
    )


def _prose(section: Section) -> tuple[Fact, ...]:
    return tuple(fact for part in section.parts for fact in told(part, "migrations"))


def _others(section: Section, phases: tuple[Section, ...]) -> Iterator[Fact]:
    for child in section.children:
        if child not in phases:
            for inner in child.walk():
                yield from _prose(inner)


def _one(section: Section, known: Known, ids: Ids) -> tuple[Fact, ...]:
    assert section.heading is not None
    scripts = _Scripts()
    facts: list[Fact] = []
    if claims_compatible(section.title):
        scripts.claims.append((section.title, section.heading.source))
    for inner in _its_own(section):
        for part in inner.parts:
            facts += _part(part, inner, known, scripts)
        if inner.heading is not None and inner is not section:
            facts.append(Prose(inner.heading.source))
    number, title, planned = headings.migration(section.title) or ("", unnumbered(section.title), False)
    title = re.sub(rf"\s*\(?(?:{_COMPATIBLE.pattern})\)?\s*$", "", title, flags=re.IGNORECASE).strip() or section.title
    name = ids.new(number or slug(title))
    source = Source(section.heading.source.path, section.heading.source.line, _end(section))
    migration = Migration(
        name, title, _joined(scripts.up), _joined(scripts.down), planned or bool(section.status), source
    )
    compatible = (BackwardCompatible(name, text, where) for text, where in scripts.claims)
    return (migration, *compatible, *(Loses(name, text, where) for text, where in scripts.losses), *facts)


def _its_own(section: Section) -> Iterator[Section]:
    """The section and those below it, without the queries that are given for the schema after it."""
    return (inner for inner in section.walk() if inner.topic != "query")


def _end(section: Section) -> int:
    assert section.heading is not None
    ends = [part.block.source.end_line for inner in _its_own(section) for part in inner.parts]
    return max(ends, default=section.heading.source.line)


def _part(part: Part, inner: Section, known: Known, scripts: _Scripts) -> Iterator[Fact]:
    if not isinstance(part.block, Fence):
        lossy = isinstance(part.block, Paragraph | Item) and loses(part.block.text, down=part.topic == "down")
        yield from (Prose(part.block.source),) if lossy else told(part, "migrations")
        if isinstance(part.block, Paragraph | Item) and claims_compatible(part.block.text):
            scripts.claims.append((bare(part.block.text), part.block.source))
        if isinstance(part.block, Paragraph | Item) and lossy:
            scripts.losses.append((bare(part.block.text), part.block.source))
        return
    script = fences.script(part, inner, known.engine)
    yield script
    if script.kind in {"migration", "placeholder"}:
        _collect(script, part, inner, scripts)


def _collect(script: Script, part: Part, inner: Section, scripts: _Scripts) -> None:
    """Adds a script to the ups and downs: by its own marks, else by its heading or label, else as an up."""
    notes = comments(script.statement.text)
    for token in notes:
        way = headings.direction(token.text)
        if loses(token.text, down=bool(way and way["down"])):
            scripts.losses.append((token.text.strip("-/* \n"), script.statement.source.at(token.line)))
    marks = [(token, found) for token in notes if (found := headings.direction(token.text))]
    if marks:
        _cut(script.statement, marks, scripts)
        return
    topic = part.topic if part.topic in {"up", "down"} else inner.topic
    (scripts.down if topic == "down" else scripts.up).append(_trimmed(script.statement))
    for token in notes:
        if claims_compatible(token.text):
            scripts.claims.append((token.text.strip("-/* \n"), script.statement.source.at(token.line)))


def _cut(statement: Statement, marks: list[tuple[Token, re.Match[str]]], scripts: _Scripts) -> None:
    lines = statement.text.split("\n")
    path = statement.source.path
    before = fences.part_of(statement, 0, marks[0][0].line, path)
    if pieces(before.text):
        scripts.up.append(before)
    for number, (token, found) in enumerate(marks):
        end = marks[number + 1][0].line if number + 1 < len(marks) else len(lines)
        first = token.line + token.text.count("\n") + 1
        text = fences.part_of(statement, first, end, path)
        (scripts.down if found["down"] else scripts.up).append(_uncommented(text) if found["down"] else text)
        if claims_compatible(token.text):
            scripts.claims.append((token.text.strip("-/* \n"), statement.source.at(token.line)))


def _uncommented(statement: Statement) -> Statement:
    """A rollback that stands in comments alone, as it would be run; other text as it is."""
    if pieces(statement.text):
        return statement
    text = re.sub(r"(?m)^(\s*)--\s?", r"\1", statement.text)
    held = pieces(text)
    changes = bool(held) and all(piece.verb in CHANGES for piece in held)
    return Statement(text, statement.source, "derived") if changes else statement


def _trimmed(statement: Statement) -> Statement:
    return fences.part_of(statement, 0, statement.text.count("\n") + 1, statement.source.path)


def _joined(found: list[Statement]) -> Statement | None:
    """Several scripts as one, with blank lines for what stands between them, so that every line keeps its number."""
    if not found:
        return None
    first, text = found[0], found[0].text
    for statement in found[1:]:
        gap = statement.source.line - first.source.line - text.count("\n")
        text += "\n" * max(1, gap) + statement.text
    return Statement(text, Source(first.source.path, first.source.line, found[-1].source.end_line))


def claims_compatible(text: str) -> bool:
    """Whether a sentence says that a migration is backwards compatible."""
    return _COMPATIBLE.search(text) is not None and _NEGATED.search(text) is None


def loses(text: str, *, down: bool = False) -> bool:
    """Whether it says that something is lost; of a way ``down``, too, what becomes of values."""
    if down and _BECOMES.search(text):
        return True
    return _LOSES.search(text) is not None and _LOSES_NOT.search(text) is None


def told(part: Part, topic: str) -> Iterator[Fact]:
    """What words and tables under migrations tell; a label or an explanation tells nothing."""
    block = part.block
    if isinstance(block, Item):
        yield Told(topic, bare(block.text), block.source)
    elif isinstance(block, Table):
        yield Prose(Source(block.source.path, block.source.line, min(block.source.line + 1, block.source.end_line)))
        for row in block.rows:
            yield Told(topic, " | ".join(cell for cell in row.cells if cell), row.source)
    elif isinstance(block, Paragraph):
        named = label(block.text)
        words = leads_a_way(block.text) and not re.search(r"\d", block.text)
        silent = bool(words) or (named is not None and not named[1]) or block.text.rstrip().endswith(":")
        silent = silent or claims.SIGNING_OFF.match(block.text.strip()) is not None
        yield Prose(block.source) if silent else Told(topic, bare(block.text), block.source)


def announced(part: Part, ids: Ids) -> tuple[Fact, ...]:
    """Migrations that a bullet or a table names by their files, without code: ``001_create_users.sql``."""
    if isinstance(part.block, Item):
        found = _FILE.search(part.block.text)
        return (_announced(found, part.block.source, ids),) if found else ()
    if not isinstance(part.block, Table):
        return ()
    rows = [(_FILE.search(row.cells[0]), row.source) for row in part.block.rows]
    if not rows or not all(found for found, _ in rows):
        return ()
    return (claims.header(part.block), *(_announced(found, source, ids) for found, source in rows if found))


def _announced(found: re.Match[str], source: Source, ids: Ids) -> Migration:
    title = found["title"].replace("_", " ").strip()
    return Migration(ids.new(found["number"].lstrip("Vv")), title, None, None, False, source)

"""A document as a Design: what it says of tables, queries, migrations and operation, every part with its lines.

Sections are told apart by their headings (``sections``), each kind has its reader, and readers give facts. Whatever
yields no fact becomes ``Unread``: nothing is lost, and ``harness show`` lists it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

from harness.design import (
    claims,
    diagrams,
    dialect,
    entities,
    fences,
    labels,
    merge,
    mermaid,
    migrations,
    mongo_indexes,
    queries,
)
from harness.design.claim_types import Claim
from harness.design.drawn import Diagram
from harness.design.facts import Column, Fact, Known, Part, Prose
from harness.design.headings import Topic
from harness.design.model import Design, Index, Migration, Query, Script, Unread
from harness.design.names import label
from harness.design.queries import Ids
from harness.design.sections import Section, outline
from harness.design.sqltext import Made, created, inline_indexes
from harness.design.volumes import volumes
from harness.document.model import Document, Fence, Heading, Paragraph
from harness.source import Source

_LISTS: set[Topic] = {"entity", "indexes", "relationships", "constraints", "columns", "schema", "sql", "other"}
_SENTENCE = 5
_LABEL = 4
"""Words before a colon that are more than a label."""
"""Words of which a paragraph has as many at the least when it says something."""
_EXPLAINS: set[Topic] = {"title", "overview", "choice", "diagram", "purpose"}
_SECTIONS: set[Topic] = {
    "overview", "choice", "schema", "diagram", "queries", "migrations", "scaling", "partitioning", "integrity",
    "backup", "monitoring", "security", "note",
}  # fmt: skip


def build(document: Document) -> Design:
    """The design in a document; pure, and total: a wrong design is still a design."""
    engine, engine_source = dialect.engine(document)
    root = outline(document)
    found = facts(document, root, engine)
    created = frozenset(m.name.lower() for m in _created(document) if m.kind in {"table", "view"})
    if not created and not any(isinstance(fact, Column) for fact in found):
        collections = dialect.keeps_documents(engine)
        found = (*found, *mermaid.tables(document, _of(found, Diagram), collections=collections))
    schema, unread = merge.schema(found, created, collections=dialect.keeps_documents(engine))
    listed = (*(f for f in found if isinstance(f, Unread)), *unread)
    return Design(
        Path(document.path).stem,
        document.path,
        document.title,
        document.lines,
        engine,
        engine_source,
        schema,
        _of(found, Script),
        _of(found, Query),
        _in_order(_of(found, Migration)),
        (*(f for f in found if isinstance(f, get_args(Claim))), *volumes(document, schema)),
        _of(found, Diagram),
        tuple(sorted(listed, key=lambda u: (u.source.line, u.source.end_line))),
        _sections(root, found),
    )


def facts(document: Document, root: Section, engine: str) -> tuple[Fact, ...]:
    """Every fact of the document, in its order; each block has at least one."""
    known = _known(document, root, engine)
    ids, names = Ids(), Ids()
    found = list(_preamble(document))
    taken: set[int] = set()
    for section in root.walk():
        found += _set_aside(section)
        if id(section) in taken:
            continue
        if section.heading is not None:
            found.append(Prose(section.heading.source))
        match section.topic:
            case "query" | "migration":
                whole = section.topic == "migration"
                taken.update(id(inner) for inner in section.walk() if not (whole and inner.topic == "query"))
                found += migrations.read(section, known, names) if whole else queries.read(section, known, ids)
            case "queries":
                found += queries.read(section, known, ids)
            case "performance" if queries.positions(section, known.engine):
                found += queries.read(section, known, ids)
            case _:
                found += _section(section, known, ids, names)
    return tuple(dict.fromkeys(found))


def _preamble(document: Document) -> Iterator[Fact]:
    if document.front_matter is not None:
        source = document.front_matter.source
        yield Prose(Source(source.path, 1, source.end_line + 1))
    if document.preamble:
        opening, last = document.preamble[0], document.preamble[-1].source
        reason = "it stands before the fence that holds the document: taken for instructions"
        text = opening.text if isinstance(opening, Heading) else claims.unread(opening, reason).text
        yield Unread(text, reason, Source(last.path, opening.source.line, last.end_line))


def _set_aside(section: Section) -> Iterator[Fact]:
    yield from (claims.unread(block, "it is too long to be a sentence or a row") for block in section.overlong)
    for part in section.parts:
        if isinstance(part.block, Fence) and not part.block.ended:
            yield claims.unread(part.block, "its fence is never ended; it was read up to the next section or the end")


def _section(section: Section, known: Known, ids: Ids, names: Ids) -> Iterator[Fact]:
    """The facts of one section without those below it."""
    yield from entities.entered(section)
    yield from queries.beside(section, known, ids)
    elsewhere = queries.positions(section, known.engine)
    described = entities.column_facts(section, known)
    for number, part in enumerate(section.parts):
        if isinstance(part.block, Fence) and number in described:
            yield fences.form(part.block, section.entity)
        elif isinstance(part.block, Fence) and number not in elsewhere:
            yield diagrams.read(part.block) or fences.script(part, section, known.engine)
    if section.topic in _LISTS:
        yield from entities.read(section, known)
        return
    for number, part in enumerate(section.parts):
        if number in described:
            yield from described[number]
        elif not isinstance(part.block, Fence) and number not in elsewhere:
            yield from _words(part, section, names)


def _words(part: labels.Part, section: Section, names: Ids) -> Iterator[Fact]:
    """A block of words or a table in a section whose sentences claim, or merely explain."""
    if section.topic == "integrity":
        yield from claims.rules(part.block)
    elif section.topic in _EXPLAINS:
        yield Prose(part.block.source)
    elif section.topic in {"migrations", "up", "down"}:
        yield from migrations.announced(part, names) or migrations.told(part, "migrations")
    else:
        yield from claims.told(part.block, claims.TOPICS.get(section.topic, "note"))


def _known(document: Document, root: Section, engine: str) -> Known:
    """The names that readers need to know before they read."""
    made = _created(document)
    names = [s.entity for s in root.walk() if s.kind and s.entity]
    names += [m.name for m in made if m.kind in {"table", "view"} and m.name]
    spelled: dict[str, str] = {}
    for name in names:
        spelled.setdefault(name.lower(), name)
    first = Known(dict.fromkeys(spelled.values(), ()), frozenset(), engine)
    fields: dict[str, list[str]] = {name: [] for name in first.entities}
    for section in root.walk():
        for found in entities.column_facts(section, first).values():
            for fact in found:
                if isinstance(fact, Column):
                    fields.setdefault(first.entity(fact.entity) or fact.entity, []).append(fact.field.name)
    second = replace(first, entities={name: tuple(held) for name, held in fields.items()})
    listed = (f for s in root.walk() if s.topic in _LISTS for f in entities.read(s, second))
    things = [f.thing for f in listed if isinstance(f, Part) and isinstance(f.thing, Index)]
    indexes = {index.name for index in things if index.name} | {m.name for m in made if m.kind == "index" and m.name}
    indexes |= {name for b in document.blocks if isinstance(b, Fence) for name in inline_indexes(b.text)}
    if dialect.keeps_documents(engine):
        indexes |= {mongo_indexes.default_name(index.keys) for index in things if not index.name}
        indexes |= {name for b in document.blocks if isinstance(b, Fence) for name in mongo_indexes.created(b.text)}
    return replace(second, indexes=frozenset(indexes))


def _created(document: Document) -> tuple[Made, ...]:
    return tuple(m for b in document.blocks if isinstance(b, Fence) for m in created(b.text))


def _introduces(section: Section) -> bool:
    """Whether a section says what the whole is for: prose under the title, or a purpose that is no table's."""
    paragraphs = [part.block.text for part in section.parts if isinstance(part.block, Paragraph)]
    if section.topic == "purpose":
        return section.entity is None and bool(paragraphs)
    return section.topic == "title" and any(_is_prose(text) for text in paragraphs)


def _is_prose(text: str) -> bool:
    """Whether a paragraph is a sentence, also one with a colon in it: ``Bookkeeping of a shop: each sale is …``."""
    named = label(text)
    labelled = named is not None and (text.lstrip().startswith(("**", "__")) or len(named[0].split()) < _LABEL)
    return not labelled and len(text.split()) >= _SENTENCE


def _of(found: Iterable[Fact], kind: type[Fact]) -> tuple:  # type: ignore[type-arg]
    return tuple(fact for fact in found if isinstance(fact, kind))


def _in_order(found: tuple[Migration, ...]) -> tuple[Migration, ...]:
    """The migrations in the order to be applied: by number where all have one, those that are planned last."""
    now = [m for m in found if not m.planned]
    if all(m.id.isdigit() for m in now):
        now.sort(key=lambda m: int(m.id))
    return (*now, *(m for m in found if m.planned))


def _sections(root: Section, found: tuple[Fact, ...]) -> frozenset[str]:
    topics = {str(s.topic) for s in root.walk() if s.topic in _SECTIONS}
    topics |= {"overview"} if any(_introduces(section) for section in root.walk()) else set()
    held: tuple[tuple[str, type], ...] = (
        ("diagram", Diagram),
        ("queries", Query),
        ("migrations", Migration),
        ("schema", Column),
    )
    return frozenset(topics | {name for name, kind in held if any(isinstance(f, kind) for f in found)})

"""A document as a Design: what it says of tables, queries, migrations and operation, every part with its lines.

Sections are told apart by their headings (``sections``), each kind has its reader, and readers give facts. Whatever
yields no fact becomes ``Unread``: nothing is lost, and ``harness show`` lists it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

from harness.design import claims, diagrams, dialect, entities, fences, merge, migrations, queries
from harness.design.facts import Column, Fact, Known, Part, Prose
from harness.design.headings import Topic
from harness.design.model import Claim, Design, Diagram, Index, Migration, Query, Script, Unread
from harness.design.queries import Ids
from harness.design.sections import Section, outline
from harness.design.sqltext import created
from harness.document.model import Document, Fence, Heading
from harness.source import Source

_LISTS: set[Topic] = {"entity", "indexes", "relationships", "constraints", "columns", "schema", "sql", "other"}
_EXPLAINS: set[Topic] = {"title", "overview", "choice", "diagram", "purpose"}
_SECTIONS: set[Topic] = {
    "overview", "choice", "schema", "diagram", "queries", "migrations", "scaling", "partitioning", "integrity", "backup",
    "monitoring", "security", "note",
}  # fmt: skip


def build(document: Document) -> Design:
    """The design in a document; pure, and total: a wrong design is still a design."""
    engine, engine_source = dialect.engine(document)
    root = outline(document)
    known = _known(document, root, engine)
    found = facts(document, root, known)
    schema, unread = merge.schema(found, collections=engine == "mongodb")
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
        tuple(f for f in found if isinstance(f, get_args(Claim))),
        _of(found, Diagram),
        tuple(sorted(listed, key=lambda u: (u.source.line, u.source.end_line))),
        _sections(root, found),
    )


def facts(document: Document, root: Section, known: Known) -> tuple[Fact, ...]:
    """Every fact of the document, in its order; each block has at least one."""
    ids, names = Ids(), Ids()
    found = list(_preamble(document))
    taken: set[int] = set()
    for section in root.walk():
        if id(section) in taken:
            continue
        if section.heading is not None:
            found.append(Prose(section.heading.source))
        found += _unended(section)
        if section.topic in {"query", "migration", "queries"}:
            found += _whole(section, known, ids, names)
            if section.topic != "queries":
                taken.update(id(inner) for inner in section.walk())
                found += (fact for child in section.children for inner in child.walk() for fact in _unended(inner))
        else:
            found += _section(section, known, names)
    return tuple(dict.fromkeys(found))


def _whole(section: Section, known: Known, ids: Ids, names: Ids) -> Iterator[Fact]:
    reader = (
        migrations.read(section, known, names) if section.topic == "migration" else queries.read(section, known, ids)
    )
    yield from reader


def _preamble(document: Document) -> Iterator[Fact]:
    if document.front_matter is not None:
        source = document.front_matter.source
        yield Prose(Source(source.path, 1, source.end_line + 1))
    if document.preamble:
        first, last = document.preamble[0].source, document.preamble[-1].source
        text = next((b.text for b in document.preamble if isinstance(b, Heading)), "")
        yield Unread(text, "it stands before the fence that holds the document: taken for instructions",
                     Source(first.path, first.line, last.end_line))  # fmt: skip


def _unended(section: Section) -> Iterator[Fact]:
    for part in section.parts:
        if isinstance(part.block, Fence) and not part.block.ended:
            yield claims.unread(part.block, "its fence is never ended; it was read up to the next section or the end")


def _section(section: Section, known: Known, names: Ids) -> Iterator[Fact]:
    """The facts of one section without those below it."""
    yield from entities.entered(section)
    for part in section.parts:
        if isinstance(part.block, Fence):
            yield from _fence(part.block, section, known)
    if section.topic in _LISTS:
        yield from entities.read(section, known)
        return
    described = entities.column_facts(section, known)
    for number, part in enumerate(section.parts):
        if number in described:
            yield from described[number]
        elif not isinstance(part.block, Fence):
            yield from _words(number, section, known, names)


def _words(number: int, section: Section, known: Known, names: Ids) -> Iterator[Fact]:
    """A block of words or a table in a section whose sentences claim, or merely explain."""
    part = section.parts[number]
    if section.topic == "integrity":
        yield from claims.rules(part.block)
    elif section.topic in _EXPLAINS:
        yield Prose(part.block.source)
    elif section.topic in {"migrations", "up", "down"}:
        announced = migrations.announced(part, names)
        yield from (announced,) if announced else migrations.told(part, "migrations")
    else:
        yield from claims.told(part.block, claims.TOPICS.get(section.topic, "note"))


def _fence(fence: Fence, section: Section, known: Known) -> Iterator[Fact]:
    drawn = diagrams.read(fence)
    if drawn is not None:
        yield drawn
        return
    part = next(p for p in section.parts if p.block is fence)
    script = fences.script(part, section, known.engine)
    yield script
    if script.kind in {"query", "explain"} and section.topic not in {"entity", "note"}:
        yield from ()


def _known(document: Document, root: Section, engine: str) -> Known:
    """The names that readers need to know before they read."""
    made = [m for b in document.blocks if isinstance(b, Fence) for m in created(b.text)]
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
    indexes = {f.thing.name for f in listed if isinstance(f, Part) and isinstance(f.thing, Index) and f.thing.name}
    return replace(second, indexes=frozenset(indexes | {m.name for m in made if m.kind == "index" and m.name}))


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
    held: tuple[tuple[str, type], ...] = (
        ("diagram", Diagram),
        ("queries", Query),
        ("migrations", Migration),
        ("schema", Column),
    )
    return frozenset(topics | {name for name, kind in held if any(isinstance(f, kind) for f in found)})

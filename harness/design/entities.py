"""What stands in the section of a table or collection, or in a list of indexes, keys or relationships."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from harness.design import claims, columns, indexes, queries, relationships, sketch, tables
from harness.design.claim_types import Told
from harness.design.dialect import keeps_documents
from harness.design.facts import Entered, Fact, Known, Prose, Purpose
from harness.design.headings import Topic, status
from harness.design.labels import Part
from harness.design.names import IDENTIFIER, PATH, bare, label
from harness.design.sections import Section
from harness.document.model import Fence, Item, Paragraph, Table
from harness.source import Source

_REFERS = re.compile(r"\W*(?:foreign\s+key|fk)\b", re.IGNORECASE)
_INDEXES = re.compile(r"\W*(?:(?:partial|composite|unique|gin)\s+)*index(?:es)?\b", re.IGNORECASE)
_KEYED = re.compile(r"\b(?:unique|primary|foreign|check)\b", re.IGNORECASE)
_NO_COLUMNS = {
    "indexes",
    "relationships",
    "constraints",
    "queries",
    "uses",
    "performance",
    "note",
    "migrations",
    "up",
    "down",
}


def entered(section: Section) -> Iterator[Fact]:
    """That a section is an entity's own."""
    if section.kind and section.entity and section.heading:
        yield Entered(section.entity, section.kind, section.words, section.heading.source)


def column_facts(section: Section, known: Known) -> dict[int, tuple[Fact, ...]]:
    """The facts of column tables and bullets of a section, by the number of the part that they stand in."""
    result: dict[int, tuple[Fact, ...]] = {}
    for number, part in enumerate(section.parts):
        if isinstance(part.block, Table) and _lists_columns(part, section) and not _aside(part, section):
            result[number] = columns.of_table(part.block, section.entity, known)
        elif (
            keeps_documents(known.engine)
            and section.entity
            and isinstance(part.block, Fence)
            and _is_form(part, section)
        ):
            result[number] = sketch.facts(part.block, section.entity, known)
    if section.topic in {"entity", "columns", "schema", "other"} and section.entity and not section.status:
        result.update(_bullets(section, known))
    return result


def _is_form(part: Part, section: Section) -> bool:
    """Whether a fence shows the fields of the section's documents; one of examples or old ones does not count."""
    assert isinstance(part.block, Fence)
    shown = section.topic in {"entity", "columns", "schema"} and not _aside(part, section)
    return shown and not re.search(r"\bexample|\bsample", part.label, re.IGNORECASE) and sketch.is_sketch(part.block)


def _lists_columns(part: Part, section: Section) -> bool:
    assert isinstance(part.block, Table)
    listing = _topic(part, section) == "indexes"
    owned = section.entity is not None or "table" in tables.roles(part.block.header)
    wrong = section.topic in {"queries", "query", "migrations", "migration", "monitoring", "backup"}
    return owned and not wrong and tables.kind(part.block.header, listing_indexes=listing) == "columns"


def _bullets(section: Section, known: Known) -> Iterator[tuple[int, tuple[Fact, ...]]]:
    assert section.entity is not None
    numbered = list(enumerate(section.parts))
    for is_column, group in groupby(numbered, key=lambda pair: _is_bullet(pair[1])):
        if is_column:
            parts = list(group)
            items = tuple(part.block for _, part in parts if isinstance(part.block, Item))
            facts = columns.of_bullets(items, section.entity, known)
            yield parts[0][0], facts
            yield from ((number, ()) for number, _ in parts[1:])


def _is_bullet(part: Part) -> bool:
    return isinstance(part.block, Item) and part.topic not in _NO_COLUMNS and columns.is_column(part.block.text)


def _topic(part: Part, section: Section) -> Topic:
    return (
        part.topic
        if part.topic in {"indexes", "relationships", "constraints", "columns", "purpose", "note"}
        else section.topic
    )


def _aside(part: Part, section: Section) -> str:
    """Why what is listed is not there: its heading or label says planned, old or alternative."""
    return section.status or (status(part.label) if part.topic or part.label else "")


def read(section: Section, known: Known) -> Iterator[Fact]:
    """The facts of everything but fences in a section about an entity, or in a list of parts of entities."""
    described = column_facts(section, known)
    elsewhere = queries.positions(section, known.engine)
    pending: list[tuple[str, Source]] = []
    for number, part in enumerate(section.parts):
        if number in elsewhere:
            continue
        silent = isinstance(part.block, Item) and (label(part.block.text) or ("", "said"))[1] == ""
        if _topic(part, section) == "relationships" and isinstance(part.block, Item) and not silent:
            pending.append((part.block.text, part.block.source))
            continue
        yield from relationships.read(tuple(pending), section.entity, known)
        pending = []
        if number in described:
            yield from described[number]
        elif not isinstance(part.block, Fence):
            yield from _part(part, section, known)
    yield from relationships.read(tuple(pending), section.entity, known)


def _part(part: Part, section: Section, known: Known) -> Iterator[Fact]:
    if aside := _aside(part, section):
        named = label(part.block.text) if isinstance(part.block, Paragraph) else None
        silent = named is not None and not named[1]
        yield (
            Prose(part.block.source) if silent else claims.unread(part.block, f"it is {aside}, by its heading or label")
        )
    elif isinstance(part.block, Table):
        yield from _table(part, part.block, section, known)
    elif isinstance(part.block, Item):
        yield from _words(part, part.block.text, part.block, section, known)
    elif isinstance(part.block, Paragraph):
        yield from _paragraph(part, part.block, section, known)


def _table(part: Part, table: Table, section: Section, known: Known) -> Iterator[Fact]:
    topic = _topic(part, section)
    match tables.kind(table.header, listing_indexes=topic == "indexes"):
        case "indexes":
            yield from indexes.of_table(table, section.entity, known)
        case "relationships":
            yield from relationships.of_table(table, section.entity, known)
        case "columns":
            yield claims.unread(table, "columns of no table that the reader knows")
        case _:
            yield from _other_table(table, topic, known)


def _other_table(table: Table, topic: Topic, known: Known) -> Iterator[Fact]:
    roles = tables.roles(table.header)
    if "table" in roles and "description" in roles:
        yield claims.header(table)
        for row in table.rows:
            name = bare(row.cells[roles.index("table")])
            words = bare(row.cells[roles.index("description")])
            yield Purpose(known.entity(name) or name, words, row.source)
    elif topic in claims.TOPICS:
        yield from claims.told(table, claims.TOPICS[topic])
    else:
        yield claims.unread(table, "a table that lists no columns, indexes or relationships")


def _paragraph(part: Part, block: Paragraph, section: Section, known: Known) -> Iterator[Fact]:
    named = label(block.text)
    if named is None and part.topic is None and section.kind:
        yield Purpose(section.entity or "", " ".join(bare(block.text).split()), block.source)
    elif named is not None and not named[1]:
        yield Prose(block.source)
    elif named is not None and part.topic == "purpose" and section.entity:
        yield Purpose(section.entity, " ".join(bare(named[1]).split()), block.source)
    else:
        said = named[1] if named and not _KEYED.search(named[0]) else block.text
        yield from _words(part, said, block, section, known)


def _words(part: Part, text: str, block: Item | Paragraph, section: Section, known: Known) -> Iterator[Fact]:
    """A bullet, or the words behind a label, by the topic that they stand under."""
    topic = _topic(part, section)
    text, owner = _owned(text, topic, section, known)
    named = label(text)
    labelled = isinstance(block, Item) and named is not None and part.topic is not None and part.label == named[0]
    if labelled and named is not None and not _KEYED.search(named[0]):
        text = named[1]
    if not re.search(r"\w", text) or (isinstance(block, Item) and named is not None and not named[1]):
        yield Prose(block.source)
    elif topic in {"indexes", "constraints"} and _REFERS.match(text):
        yield from relationships.read(((text, block.source),), owner, known)
    elif topic == "indexes" or (topic == "constraints" and _INDEXES.match(text)):
        inline = isinstance(block, Paragraph)
        yield from _listed(
            _apart(text, inline=inline), block.source, lambda one: indexes.read(one, owner, known, block.source)
        )
    elif topic == "relationships":
        yield from relationships.read(((text, block.source),), owner, known)
    elif part.topic == "columns" and isinstance(block, Item) and columns.is_bare(text):
        yield claims.unread(block, "no type is given")
    elif topic == "constraints" and owner:
        found = tuple(columns.table_level(text, owner, known, block.source))
        yield from found or (Told("constraints", bare(text), block.source),)
    else:
        yield from _sentence(text, topic, block, section, known)


def _owned(text: str, topic: Topic, section: Section, known: Known) -> tuple[str, str | None]:
    """A line of a list of parts and the entity it is about: the section's, or the one that it names in front."""
    if section.entity is not None or topic not in {"indexes", "relationships", "constraints"}:
        return text, section.entity
    lead = re.match(rf"^[`*]*(?P<name>{PATH})[`*]*\s*:\s*[`*]*\s*(?P<rest>.+)$", text, re.DOTALL)
    if lead and (owner := known.entity(lead["name"])) is not None:
        return lead["rest"], owner
    first = re.match(rf"[`*]*({IDENTIFIER})", text)
    holders = [e for e in known.entities if first and known.has_field(e, first[1])]
    return text, holders[0] if topic == "constraints" and len(holders) == 1 else None


def _sentence(text: str, topic: Topic, block: Item | Paragraph, section: Section, known: Known) -> Iterator[Fact]:
    found: tuple[Fact, ...] = ()
    if section.entity:
        found = tuple(columns.table_level(text, section.entity, known, block.source))
    if found:
        yield from found
    elif topic in claims.TOPICS:
        yield Told(claims.TOPICS[topic], bare(block.text), block.source)
    elif section.entity:
        yield Told("note", bare(block.text), block.source)
    elif isinstance(block, Paragraph) and topic in {"schema", "relationships", "indexes", "columns", "sql"}:
        yield Prose(block.source)
    elif claims.CLAIMING.search(block.text):
        yield Told("other", bare(block.text), block.source)
    else:
        yield claims.unread(block, f"nothing was understood of it, under “{section.title}”")


def _listed(entries: tuple[str, ...], source: Source, read: Callable[[str], tuple[Fact, ...]]) -> Iterator[Fact]:
    """One index, or several; words that name none are told."""
    facts: list[Fact] = []
    for one in entries:
        facts += read(one)
    yield from facts or (Told("indexes", bare(", ".join(entries)), source),)


def _apart(text: str, *, inline: bool) -> tuple[str, ...]:
    """The entries of a list in one line: ``idx_a, idx_b (unique)``; one where commas part the fields of one index.

    Behind a label ("Indexes:") names in ticks of their own are an index each; in a bullet they are the fields of one.
    """
    parts = re.split(r"\s*[,;]\s*(?![^()]*\))(?![^{}]*\})", text.rstrip("."))
    several = [part for part in parts if indexes.INDEXISH.search(re.split(r"[\s(:]", bare(part), maxsplit=1)[0])]
    flagged = any(re.search(r"\((?:unique|gin|partial|btree|desc)[^()]*\)\s*$", part, re.IGNORECASE) for part in parts)
    alone = all(re.fullmatch(r"`?[\w.]+`?(?:\s*\([^()]*\))?", part) for part in parts)
    apart = len(several) == len(parts) or (alone and (flagged or inline))
    return tuple(parts) if len(parts) > 1 and apart else (text,)

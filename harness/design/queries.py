"""Example queries, and what the document promises of each: indexes used, growth, a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from harness.design import fences, headings
from harness.design.claim_types import Told
from harness.design.facts import Fact, Known, Prose
from harness.design.labels import Part
from harness.design.model import Query, Script, Statement
from harness.design.names import bare, label, slug, unnumbered
from harness.design.sections import Section
from harness.design.sqltext import Piece, comments, pieces
from harness.design.targets import Said, promises
from harness.document.model import Fence, Item, Paragraph, Table
from harness.source import Source

_NO_QUERY_TEXT = "BEGIN COMMIT START END ROLLBACK SET SAVEPOINT CREATE ALTER DROP ANALYZE VACUUM"
_NO_QUERY = frozenset(_NO_QUERY_TEXT.split())
_DOUBLE = re.compile(r"``\s*((?:SELECT|WITH|INSERT|UPDATE|DELETE)\s.+?)\s*``", re.IGNORECASE)
_QUERIES = frozenset({"query", "explain"})
_EXPLAIN = re.compile(
    r"\s*EXPLAIN\b(?:\s*\([^()]*\)|\s+(?:ANALYZE|ANALYSE|VERBOSE|FORMAT\s*=?\s*\w+)\b)*\s*", re.IGNORECASE
)
_INLINE = re.compile(r"`((?:SELECT|WITH|INSERT|UPDATE|DELETE)\s[^`]+)`", re.IGNORECASE)


_LABELS = frozenset({"statement", "sql", "query", "code", "example", "abfrage"})
"""Labels of a query's code that are no title."""
_BOLD = re.compile(r"\s*(?:\*\*|__)(?P<title>[^*]+?)(?:\*\*|__)")
_ASIDE = re.compile(r"\s*\([^()]*\)")
_PROMISED = re.compile(r"[,;]\s+(?:by|via|using|uses|in|under|within|must|should|[<≤~])(?=\s|\d)")


_A_TIME = re.compile(r"\d\s*(?:ms|µs|s|milliseconds?|seconds?)\b", re.IGNORECASE)


@dataclass(slots=True)
class Ids:
    """Hands out ids that are unique in a design."""

    taken: set[str] = field(default_factory=set)

    def new(self, wanted: str) -> str:
        """The wanted id, or with a number behind it when it is taken."""
        chosen, number = wanted, 2
        while chosen in self.taken:
            chosen, number = f"{wanted}-{number}", number + 1
        self.taken.add(chosen)
        return chosen


@dataclass(slots=True)
class _Group:
    """The queries that the last fence gave, and promises that still wait for a query."""

    section: Section
    known: Known
    ids: Ids
    number: str
    title: str
    otherwise: str = ""
    """The title of a query that has none of its own."""
    queries: tuple[Query, ...] = ()
    depth: int | None = None
    promising: bool = False
    """Whether the lines that lead to queries promise something of them."""
    lead: tuple[str, str] | None = None
    """Number (maybe empty) and title, by the line that leads to the next fence."""
    waiting: list[Said] = field(default_factory=list)


def read(section: Section, known: Known, ids: Ids) -> tuple[Fact, ...]:
    """The facts of a section of one query (and of all below it), or of what stands directly under "Queries"."""
    whole = section.topic == "query"
    number, title = headings.query(section.title) or _leading_number(section.title) or ("", unnumbered(section.title))
    group = _Group(section, known, ids, number if whole else "", (title or section.title) if whole else "")
    sections = tuple(section.walk()) if whole else (section,)
    if whole and section.heading is not None and (said := promises(section.title, section.heading.source, known)):
        group.waiting.append(said)
    facts = [fact for inner in sections for fact in _parts(inner, group)]
    facts += (Prose(inner.heading.source) for inner in sections[1:] if inner.heading)
    return (*facts, *_left(group))


def beside(section: Section, known: Known, ids: Ids) -> tuple[Fact, ...]:
    """The facts of the parts that ``positions`` names, in a section that is not about queries."""
    group = _Group(section, known, ids, "", "", _only(section, known.engine))
    held = [section.parts[n] for n in sorted(positions(section, known.engine))]
    return (*_parts(replace(section, parts=tuple(held)), group), *_left(group))


def _only(section: Section, engine: str) -> str:
    """The section's title as that of the one query in it; empty where there are more, or sections below it."""
    held = [p for p in section.parts if isinstance(p.block, Fence) and _kind(p, section, engine) in _QUERIES]
    return unnumbered(section.title) if len(held) == 1 and not section.children else ""


def _kind(part: Part, section: Section, engine: str) -> str:
    return fences.script(part, section, engine).kind


def positions(section: Section, engine: str) -> frozenset[int]:
    """Which parts of a section that is not about queries hold one, or promise something of one above them."""
    held: set[int] = set()
    for number, part in enumerate(section.parts):
        if isinstance(part.block, Fence):
            if _kind(part, section, engine) in _QUERIES:
                held.add(number)
                if number and _lead(section.parts[number - 1], part) is not None:
                    held.add(number - 1)
        elif (held and part.topic in {"uses", "performance"}) or _asks(part):
            held.add(number)
    return frozenset(held)


def _leading_number(title: str) -> tuple[str, str] | None:
    found = re.match(r"^(?P<number>\d+)[.):]\s+(?P<title>.+)$", title)
    return (found["number"], found["title"]) if found else None


def _parts(inner: Section, group: _Group) -> Iterator[Fact]:
    asked = False
    for number, part in enumerate(inner.parts):
        following = next((p for p in inner.parts[number + 1 : number + 2]), None)
        lead = _lead(part, following)
        if lead is None and (group.promising or not asked):
            lead = _promising(part, following)
            group.promising = group.promising or lead is not None
        asked = asked or isinstance(part.block, Fence)
        if lead is not None:  # whatever is promised from here on is promised of the query that follows
            group.queries, group.depth, group.lead = (), None, lead
        yield from _part(part, inner, group)


def _lead(part: Part, following: Part | None) -> tuple[str, str] | None:
    """Number and title of the query in the fence that follows, where a line leads to it; None for all other lines.

    ``**Orders of a user** (< 10 ms):``, ``Query 2: no-shows``; not ``**Indexes Used:** idx_a``, which looks back.
    """
    block = part.block
    if isinstance(block, Fence | Table) or following is None or not isinstance(following.block, Fence):
        return None
    text = block.text.strip()
    named, bold = label(text), _BOLD.match(text)
    if "\n" in text or (named is not None and headings.topic(named[0]) not in {None, "queries", "query"}):
        return None
    if found := headings.query(bare(text)):
        return found[0], _ASIDE.sub("", found[1]).strip(" :")
    if text.endswith(":") or (bold is not None and (named is None or not named[1])):
        title = _plain(bold["title"] if bold else bare(text))
        return None if title.lower() in _LABELS else ("", title)
    if isinstance(block, Item) and part.topic in {None, "queries", "query"}:  # the code is the bullet's own
        return "", _plain(bare(text))
    return None


def _promising(part: Part, following: Part | None) -> tuple[str, str] | None:
    """The title in a line that also promises: ``**Threads of a board**: `idx_a`, under 20 ms``.

    Only where the first query stands below such a line: else it may as well speak of the query above it.
    """
    if not isinstance(part.block, Paragraph) or following is None or not isinstance(following.block, Fence):
        return None
    text = part.block.text.strip()
    named, bold = label(text), _BOLD.match(text)
    if named is None or bold is None or "\n" in text or headings.topic(named[0]) not in {None, "queries", "query"}:
        return None
    return ("", _plain(bold["title"])) if _A_TIME.search(named[1]) else None


def _plain(title: str) -> str:
    """A title without what is promised behind it."""
    return _PROMISED.split(_ASIDE.sub("", title))[0].strip(" :.")


def _part(part: Part, inner: Section, group: _Group) -> Iterator[Fact]:
    block = part.block
    if isinstance(block, Fence):
        yield from _fence(part, inner, group)
    elif isinstance(block, Table):
        yield from _table(block, group)
    else:
        yield from _line(part, inner, block, group)


def _fence(part: Part, inner: Section, group: _Group) -> Iterator[Fact]:
    assert isinstance(part.block, Fence)
    script = fences.script(part, inner, group.known.engine)
    yield script
    if script.kind in {"query", "explain"}:
        held = tuple(_queries(script, part, group))
        if held:
            yield from held
            group.queries, group.depth, group.lead = held, None, None
            for said in group.waiting:
                yield from _attached(said, group)
            group.waiting = []
        yield from _in_comments(script, group)


def _queries(script: Script, part: Part, group: _Group) -> Iterator[Query]:
    statement = script.statement
    found = [p for p in pieces(statement.text) if p.verb not in _NO_QUERY]
    notes = {t.line: t.text.strip("-/* \t\n") for t in comments(statement.text)}
    if script.kind == "explain":
        found = found[:1]
    for number, piece in enumerate(found):
        text = _cut(statement, piece)
        if text is None:
            continue
        above = next((notes[n] for n in (piece.line - 1, piece.line - 2) if n in notes), "") if len(found) > 1 else ""
        led, leading = group.lead or ("", "")
        title = (
            above or group.title or leading or _label_of(part) or group.otherwise or f"query on line {text.source.line}"
        )
        first = group.number or led
        wanted = first or slug(title)
        if number and first:
            wanted = f"{first}-{number + 1}"
        yield Query(group.ids.new(wanted), title, text, text.source)


def _label_of(part: Part) -> str:
    """The label that a fence stands under, as a title; what is said of the query before it ("Index: …") is none."""
    return bare(part.label) if part.topic in {None, "queries", "query"} and part.label not in _LABELS else ""


def _cut(statement: Statement, piece: Piece) -> Statement | None:
    """One statement of a script, from its first line; an EXPLAIN in front of it is taken off."""
    text = statement.text[piece.tokens[0].start : piece.tokens[-1].end].rstrip(";").rstrip()
    line = piece.line
    if piece.verb == "EXPLAIN":
        prefix = _EXPLAIN.match(text)
        assert prefix is not None
        line += text[: prefix.end()].count("\n")
        text = text[prefix.end() :]
        # What an example run printed below its statement is no part of it.
        text = re.split(r"\n\s*(?:QUERY PLAN|-{5,}|Limit\s+\(|->)", text)[0].rstrip().rstrip(";")
    if not text.strip():
        return None
    return Statement(text, statement.source.at(line, text.count("\n") + 1))


def _in_comments(script: Script, group: _Group) -> Iterator[Fact]:
    for token in comments(script.statement.text):
        said = promises(token.text.strip("-/* \t\n"), script.statement.source.at(token.line), group.known)
        if said:
            yield from _attached(said, group)


def _line(part: Part, inner: Section, block: Item | Paragraph, group: _Group) -> Iterator[Fact]:
    if (inline := _INLINE.search(block.text)) and inner.topic in {"queries", "query"}:
        yield from _inline(inline, block, group)
    elif isinstance(block, Item) and group.depth is not None and block.depth <= group.depth:
        # The next bullet is about another query than the one in ticks above it.
        group.queries, group.depth = (), None
    listing = part.topic in {"uses", "indexes"} or inner.topic == "uses"
    for number, line in enumerate(block.text.split("\n")):
        source = block.source.at(number)
        named = label(line)
        uses = listing or bool(named and headings.topic(named[0]) == "uses")
        above = f"{part.label} {inner.title}" if inner.topic == "performance" else part.label
        said = promises(line, source, group.known, label=above, listing_indexes=uses)
        if said and group.queries:
            yield from _attached(said, group)
        elif said:
            group.waiting.append(said)
            yield Prose(source)
        elif named and not named[1]:
            yield Prose(source)
        elif line.strip() and (isinstance(block, Item) or named) and group.lead is None:
            yield Told("query", bare(line), source)
        else:
            yield Prose(source)


def _inline(inline: re.Match[str], block: Item | Paragraph, group: _Group) -> Iterator[Fact]:
    """A query in ticks in a bullet: ``- **Get user**: `SELECT …` ``."""
    line = block.text[: inline.start(1)].count("\n")
    text = inline[1].rstrip("; ")
    statement = Statement(text, block.source.at(line, text.count("\n") + 1))
    title = bare(re.split(r"[:\uff1a]|\s[-–—]\s", block.text[: inline.start()])[0]) or group.title
    query = Query(group.ids.new(slug(title)), title, statement, statement.source)
    group.queries = (query,)
    group.depth = block.depth if isinstance(block, Item) else None
    yield query
    for said in group.waiting:
        yield from _attached(said, group)
    group.waiting = []


def _attached(said: Said, group: _Group) -> Iterator[Fact]:
    """A promise as claims of the query that it stands with; told, when it cannot be known of which of several."""
    if len(group.queries) == 1:
        yield from said.of(group.queries[0].id)
    else:
        yield Told("query", bare(said.text), said.source)


def _asks(part: Part) -> bool:
    """Whether a table lists queries, each in ticks in a row of its own."""
    return isinstance(part.block, Table) and any(_asked(cell) for row in part.block.rows for cell in row.cells)


def _asked(cell: str) -> str | None:
    """The query in a cell; in two ticks on each side where it has some of its own."""
    found = _DOUBLE.search(cell) or _INLINE.search(cell)
    return found[1].strip("; ") if found else None


def _table(table: Table, group: _Group) -> Iterator[Fact]:
    """A query for each row that has one in ticks, with what its other cells promise under their headers."""
    yield Prose(Source(table.source.path, table.source.line, min(table.source.line + 1, table.source.end_line)))
    for row in table.rows:
        asked = next((found for cell in row.cells if (found := _asked(cell))), None)
        if asked is None:
            yield Told("query", " | ".join(cell for cell in row.cells if cell), row.source)
            continue
        others = [(h, cell) for h, cell in zip(table.header, row.cells, strict=False) if _asked(cell) is None]
        title = next((bare(cell) for _, cell in others if cell.strip()), "") or f"query on line {row.source.line}"
        query = Query(group.ids.new(slug(title)), title, Statement(asked, row.source), row.source)
        yield query
        for header, cell in others:
            uses = headings.topic(header) in {"uses", "indexes"}
            said = promises(cell, row.source, group.known, label=header, listing_indexes=uses)
            yield from said.of(query.id) if said else ()


def _left(group: _Group) -> Iterator[Fact]:
    """Promises for which no query came."""
    for said in group.waiting:
        yield Told("query", bare(said.text), said.source)

"""A document as a tree of sections, each with its topic, and the table or collection that it is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from harness.design import headings, names, tables, types
from harness.design.headings import Topic
from harness.design.labels import Content, Part, label, parts, ways
from harness.design.sqltext import CHANGES, comments, created, pieces
from harness.document.model import Document, Fence, Heading, Item, Paragraph, Table

_LISTS = {"indexes", "relationships", "constraints"}
_INHERITED = {
    "overview", "choice", "diagram", "indexes", "relationships", "constraints", "performance", "migrations",
    "partitioning", "scaling", "integrity", "backup", "monitoring", "security", "note", "queries",
}  # fmt: skip
_SUFFIX = re.compile(r"\s+(?:(?:table )?(?:schema|structure)|fields|columns|definition|design)$", re.IGNORECASE)
_GENERIC = {
    "table",
    "tables",
    "schema",
    "column",
    "columns",
    "fields",
    "entity",
    "entities",
    "collections",
    "structure",
}
_TABLES = {"table", "view"}
_READS = {"SELECT", "WITH"}
_PSEUDO_LEVEL = 7
_LONGEST = 4000
"""Characters of a paragraph, an item or a row that anyone would write."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it.

    Attributes:
        entity: the table or collection whose section this is, or in whose section it stands.
        kind: the entity's kind, when this section is the entity's own.
        words: what the heading says beyond the entity's name.
        status: ``planned``, ``old`` or ``alternative``: then what is listed here is not there.
        overlong: blocks that are too long to be sentences or cells; nobody looks at them, so noise takes no time.
    """

    heading: Heading | None
    topic: Topic
    entity: str | None
    kind: str
    words: str
    status: str
    parts: tuple[Part, ...]
    children: tuple["Section", ...]
    overlong: tuple[Content, ...] = ()

    def walk(self) -> Iterator["Section"]:
        """This section and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def title(self) -> str:
        """The heading's text."""
        return self.heading.text if self.heading else ""


@dataclass(slots=True)
class _Node:
    heading: Heading | None
    blocks: list[Content] = field(default_factory=list)
    children: list["_Node"] = field(default_factory=list)

    def fences(self) -> Iterator[Fence]:
        yield from (b for b in self.blocks if isinstance(b, Fence))
        for child in self.children:
            yield from child.fences()


def outline(document: Document) -> Section:
    """The document's sections, under one without a heading."""
    root = _tree(document)
    spelled = _Spelling(document, root)
    first = next((c.heading for c in root.children if c.heading), None)
    blocks, overlong = _sifted(root)
    outer = Section(None, "title", None, "", "", "", parts(blocks), (), overlong)
    return replace(outer, children=tuple(_section(child, outer, spelled, first) for child in root.children))


def _tree(document: Document) -> _Node:
    root = _Node(None)
    path = [root]
    blocks = document.blocks
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        heading = block if isinstance(block, Heading) else _pseudo_heading(block, following)
        heading = heading or _asked_among_migrations(block, following, path)
        if heading is None:
            assert not isinstance(block, Heading)
            path[-1].blocks.append(block)
            continue
        while path[-1].heading is not None and path[-1].heading.level >= heading.level:
            path.pop()
        node = _Node(heading)
        path[-1].children.append(node)
        path.append(node)
    return root


def _pseudo_heading(block: object, following: object) -> Heading | None:
    """A bold line that does a heading's work: a table's name, a query's or a migration's title."""
    if not isinstance(block, Paragraph) or block.source.line != block.source.end_line:
        return None
    found = re.fullmatch(r"(?:\*\*|__)([^*]+?)(?:\*\*|__)\s*:?", block.text.strip())
    if found is None:
        return None
    text = found[1].strip().strip(":").replace("`", "")
    named = headings.entity(text) or headings.query(text) or headings.migration(text)
    lists = isinstance(following, Table) and tables.kind(following.header) == "columns"
    if named or (lists and headings.topic(text) is None):
        return Heading(_PSEUDO_LEVEL, text, block.source)
    return None


def _asked_among_migrations(block: object, following: object, path: Sequence[_Node]) -> Heading | None:
    """A bold line such as ``**Query 5: late ones** (< 20 ms)`` that leads to code among migrations."""
    if not isinstance(block, Paragraph) or not isinstance(following, Fence) or "\n" in block.text.strip():
        return None
    bold = re.match(r"(?:\*\*|__)([^*]+?)(?:\*\*|__)", block.text.strip())
    above = [node.heading.text for node in path if node.heading is not None]
    among = any(headings.topic(text) == "migrations" or headings.migration(text) for text in above)
    if bold is None or not among or headings.query(bold[1].strip(" :")) is None:
        return None
    return Heading(_PSEUDO_LEVEL, block.text.strip().replace("**", "").replace("__", ""), block.source)


class _Spelling:
    """The names of the document's tables: as its SQL spells them, else as the headings above their columns do."""

    def __init__(self, document: Document, root: _Node) -> None:
        made = [m for b in document.blocks if isinstance(b, Fence) for m in created(b.text)]
        self.names = tuple(dict.fromkeys(m.name for m in made if m.kind in _TABLES and m.name))
        self.described = tuple(_described_names(root))

    def of(self, name: str) -> str:
        """The SQL's spelling of a name in a heading, else the heading's."""
        same = [n for n in self.names if n.lower() == name.lower()]
        alike = [n for n in self.names if names.folded(n) == names.folded(name)]
        return (same or alike or [name.removeprefix("public.")])[0]

    def has(self, name: str) -> bool:
        """Whether the document has a table of such a name."""
        return any(names.folded(n) == names.folded(name) for n in (*self.names, *self.described))


def _described_names(node: _Node) -> Iterator[str]:
    """The names in headings under which columns are listed."""
    if node.heading is not None and any(isinstance(b, Table) and _describes(b) for b in node.blocks):
        explicit = headings.entity(node.heading.text)
        yield explicit[0] if explicit else names.snake(headings.named(node.heading.text)[0])
    for child in node.children:
        yield from _described_names(child)


def _section(node: _Node, parent: Section, spelled: _Spelling, first: Heading | None) -> Section:
    assert node.heading is not None
    text = node.heading.text
    entity, kind, words = parent.entity, "", ""
    found = _entity(node, parent, spelled)
    if (
        node.heading is first
        and node.heading.level == 1
        and not any(isinstance(b, Table) and _describes(b) for b in node.blocks)
    ):
        found = None  # a document's title may well be the name of its main table
    if found is not None:
        entity, kind, words = spelled.of(found[0]), found[1], found[2]
        topic: Topic = "entity" if kind else parent.topic
    else:
        topic = _topic(node, parent)
        if topic in {"schema", "queries", "query", "migrations", "migration", "title"}:
            entity = None
        if node.heading is first and node.heading.level == 1 and topic in {"schema", "other", "overview", "choice"}:
            topic = "title"
    tells = topic in {"indexes", "entity", "schema", "sql", "columns", "other", "relationships", "constraints"}
    status = (headings.status(text) if tells else "") or parent.status
    blocks, overlong = _sifted(node)
    bare = Section(node.heading, topic, entity, kind, words, status, parts(blocks), (), overlong)
    return replace(bare, children=tuple(_section(child, bare, spelled, first) for child in node.children))


def _sifted(node: _Node) -> tuple[tuple[Content, ...], tuple[Content, ...]]:
    """The blocks that are read, and those that are too long for what they are."""
    overlong = tuple(b for b in node.blocks if _is_overlong(b))
    return tuple(b for b in node.blocks if not _is_overlong(b)), overlong


def _is_overlong(block: Content) -> bool:
    if isinstance(block, Fence):
        return False
    if isinstance(block, Table):
        return any(sum(map(len, row.cells)) > _LONGEST for row in block.rows)
    return len(block.text) > _LONGEST


def _entity(node: _Node, parent: Section, spelled: _Spelling) -> tuple[str, str, str] | None:
    """Name, kind and further words when the heading names an entity; kind is empty where it only lists its parts."""
    assert node.heading is not None
    if parent.topic in {"queries", "query", "migrations", "migration", "up", "down"}:
        return None
    text = node.heading.text
    described = any(isinstance(b, Table) and _describes(b) for b in node.blocks)
    explicit = headings.entity(text)
    name, words = headings.named(_SUFFIX.sub("", names.unnumbered(text)))
    name = names.snake(name)
    if parent.topic in _LISTS and not described:
        return ((explicit or (name,))[0], "", "") if explicit or spelled.has(name) else None
    if explicit is not None:
        return explicit
    if parent.topic == "entity" and headings.topic(text) is not None:
        return None
    only = {m.name for b in node.blocks if isinstance(b, Fence) for m in created(b.text) if m.kind in _TABLES}
    if len(only) == 1 and headings.topic(text) is None and not described and parent.topic != "entity":
        return only.pop(), "table", ""
    return (
        (name, "table", words)
        if names.is_name(name) and _evident(node, parent, name, described, made=spelled.has(name))
        else None
    )


def _describes(table: Table) -> bool:
    """Whether a table lists the columns of one entity."""
    return tables.kind(table.header) == "columns" and "table" not in tables.roles(table.header)


def _evident(node: _Node, parent: Section, name: str, described: bool, *, made: bool) -> bool:
    """Whether what stands under a heading (or that its SQL stands elsewhere) shows that it is a table's name."""
    assert node.heading is not None
    topic = headings.topic(node.heading.text)
    single = node.heading.text.strip().lower() == name.lower() or topic is None
    if described or any(_typed_bullet(b) for b in node.blocks):
        schema = topic in {"schema", "columns"} and _SUFFIX.search(node.heading.text) is not None
        return (single and name.lower() not in _GENERIC) or schema
    coded = (node, *(c for c in node.children if c.heading and headings.topic(c.heading.text) in {"sql", "columns"}))
    own = [m for n in coded for b in n.blocks if isinstance(b, Fence) for m in created(b.text) if m.kind in _TABLES]
    if any(names.folded(m.name) == names.folded(name) for m in own):
        return True
    listed = any(
        isinstance(b, Table) and tables.kind(b.header) == "columns" for child in node.children for b in child.blocks
    ) and any(child.heading and headings.topic(child.heading.text) == "columns" for child in node.children)
    lower = re.fullmatch(r"[a-z][a-z0-9_]*", names.unnumbered(node.heading.text)) is not None
    return listed or (parent.topic == "schema" and topic is None and (lower or made))


def _typed_bullet(block: Content) -> bool:
    if not isinstance(block, Item):
        return False
    found = re.match(rf"^[`*]*{names.PATH}[`*]*\s*[:\-–—(]*\s*(.+)$", block.text.strip(), re.DOTALL)
    return found is not None and types.begins_type(found[1])


def _topic(node: _Node, parent: Section) -> Topic:
    assert node.heading is not None
    text = node.heading.text
    topic = headings.topic(text)
    if parent.topic in {"queries", "query"}:
        return _query_topic(node, parent, topic)
    if parent.topic in {"migrations", "migration", "up", "down"}:
        return _migration_topic(node, parent, topic)
    coded = any(True for _ in node.fences())
    if headings.query(text) is not None and coded:
        return "query"
    if (
        headings.migration(text) is not None
        or (topic == "migrations" and _migrates_itself(node))
        or _goes_both_ways(node)
    ):
        return "migration"
    if topic in {"up", "down"}:
        topic = "backup" if parent.topic == "backup" else "migrations"
    if topic is not None:
        return topic
    return parent.topic if parent.topic in _INHERITED or parent.topic == "entity" else "other"


def _query_topic(node: _Node, parent: Section, topic: Topic | None) -> Topic:
    assert node.heading is not None
    if headings.query(node.heading.text) is not None:
        return "query"
    if topic in {"uses", "indexes"}:
        return "uses" if parent.topic == "query" else topic
    if parent.topic == "query" or topic in {"performance", "note", "monitoring", "partitioning", "scaling"}:
        return topic or parent.topic
    return "query" if any(True for _ in node.fences()) else "queries"


def _migration_topic(node: _Node, parent: Section, topic: Topic | None) -> Topic:
    assert node.heading is not None
    if topic in {"up", "down"} and parent.topic != "migrations":
        return topic
    if headings.migration(node.heading.text) is not None:
        return "migration"
    if parent.topic in {"migrations", "migration"} and _asks(node):
        return "query"
    return "migration" if parent.topic in {"migrations", "migration"} and _migrates(node) else "migrations"


def _asks(node: _Node) -> bool:
    """Whether a section among migrations is a query for the schema after them: by its heading, or what it promises."""
    assert node.heading is not None
    held = [piece.verb for fence in node.fences() for piece in pieces(fence.text)]
    if not held or not set(held) <= _READS:
        return False
    promised = any((label(b) or ("", None))[1] in {"uses", "performance"} for b in node.blocks)
    return promised or headings.query(node.heading.text) is not None


def _migrates_itself(node: _Node) -> bool:
    """Whether the code of a migration stands directly under "Migrations", and none below it."""
    own = any(isinstance(b, Fence) for b in node.blocks)
    return own and not any(True for child in node.children for _ in child.fences()) and _migrates(node)


def _goes_both_ways(node: _Node) -> bool:
    """Whether code directly under a heading says which of it goes up and which down, whatever the heading says."""
    own = [block.text for block in node.blocks if isinstance(block, Fence)]
    marks = [found for text in own for t in comments(text) if (found := headings.direction(t.text))]
    labels = ways(node.blocks)
    changes = any(piece.verb in CHANGES for text in own for piece in pieces(text))
    marked = any(found["up"] for found in marks) and any(found["down"] for found in marks)
    return changes and (marked or {"up", "down"} <= labels)


def _migrates(node: _Node) -> bool:
    """Whether a section under "Migrations" with no number is one: by its heading's verb, or by what its code says."""
    assert node.heading is not None
    coded = [fence.text for fence in node.fences()]
    if not coded:
        return False
    marked = any(headings.direction(t.text) for text in coded for t in comments(text))
    directed = any(child.heading and headings.topic(child.heading.text) in {"up", "down"} for child in node.children)
    labelled = not ways(node.blocks).isdisjoint({"up", "down"})
    alters = any(piece.verb == "ALTER" for text in coded for piece in pieces(text))
    return marked or directed or labelled or alters or headings.changes(node.heading.text)

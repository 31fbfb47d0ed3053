"""What a Markdown file holds, with no idea of databases: headings, fences, tables, list items, paragraphs."""

from dataclasses import dataclass

from harness.source import Source

Trail = tuple["Heading", ...]
"""The headings that a block stands under, outermost first."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. ``level`` is 1 to 6; ``text`` is without marks (no ``#``, ticks or asterisks)."""

    level: int
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced (or indented) code block.

    Attributes:
        language: the first word of the info string, lower case; empty when none is given.
        text: the code without the fence lines, unescaped and dedented; line 1 stands on ``source.line``.
        trail: the headings above it.
        source: the lines of the code itself, not of the fence marks.
        ended: false for a fence whose end mark is missing; then it was ended where the next section begins.
    """

    language: str
    text: str
    trail: Trail
    source: Source
    ended: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; cells are Markdown text with escapes undone, padded to the header's width."""

    cells: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Table:
    """A pipe table."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    trail: Trail
    source: Source


@dataclass(frozen=True, slots=True)
class Item:
    """One list item. ``depth`` counts from 0; ``marker`` is ``-`` or ``1.``; ``text`` is its own Markdown text."""

    text: str
    depth: int
    marker: str
    trail: Trail
    source: Source


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of Markdown text (marks kept: bold labels such as ``**Purpose:**`` matter to the reader)."""

    text: str
    trail: Trail
    source: Source


Block = Heading | Fence | Table | Item | Paragraph


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file, in order.

    Attributes:
        path: as the user named it.
        title: the first heading, or the file's stem.
        lines: how many lines the file has.
        blocks: everything, in the order of the file, except ``preamble``.
        front_matter: the YAML at the top, if any.
        preamble: what stands before an outer fence that holds the whole document: instructions to whoever writes it.
    """

    path: str
    title: str
    lines: int
    blocks: tuple[Block, ...]
    front_matter: Fence | None = None
    preamble: tuple[Block, ...] = ()

"""Sentences that claim something: rules of integrity, and whatever a design tells of scale, backup and monitoring."""

import re
from collections.abc import Iterator
from dataclasses import replace

from harness.design.claim_types import Rule, Told
from harness.design.facts import Fact, Prose
from harness.design.headings import Topic
from harness.design.labels import Content
from harness.design.model import Unread
from harness.design.names import bare, label
from harness.document.model import Fence, Item, Paragraph, Row, Table
from harness.source import Source

TOPICS: dict[Topic, str] = {
    "partitioning": "partitioning", "scaling": "scaling", "backup": "backup", "monitoring": "monitoring",
    "security": "security", "note": "note", "performance": "performance", "queries": "query", "query": "query",
    "uses": "query", "migrations": "migrations", "migration": "migrations", "up": "migrations",
    "down": "migrations", "indexes": "indexes", "relationships": "relationships", "constraints": "constraints",
    "integrity": "integrity",
}  # fmt: skip
"""The word of ``Told.topic`` for each topic under which sentences claim something."""

CLAIMING = re.compile(
    r"\b(?:must|always|never|only|cannot|can't|every|each|all|no|at most|at least|unique|ensures?|guarantees?|"
    r"enforced?|required)\b",
    re.IGNORECASE,
)
"""Words that make a sentence a claim where nothing else about it is understood."""


SIGNING_OFF = re.compile(
    r"(?:let me know|feel free|hope (?:this|that) helps|happy to|would you like|do you want|great question)\b",
    re.IGNORECASE,
)
"""How a letter begins or ends: nothing is claimed by it."""


def rules(block: Content) -> Iterator[Fact]:
    """The facts of a block under "Data Integrity Rules"."""
    if isinstance(block, Item):
        yield _rule(block.text, block.source)
    elif isinstance(block, Table):
        yield header(block)
        yield from (Rule(bare(row.cells[0]), _joined(row), row.source) for row in block.rows)
    elif isinstance(block, Paragraph):
        named = label(block.text)
        says = (named is None or named[1]) and re.search(r"\w", block.text) and not block.text.rstrip().endswith(":")
        yield _rule(block.text, block.source) if says else Prose(block.source)


def _rule(text: str, source: Source) -> Rule:
    lead = re.match(r"^(?:\*\*|__)(.+?)(?:\*\*|__)\s*(?:[:–—-]\s*)?", text)
    named = label(text)
    title = lead[1].strip(" :") if lead else text.partition(":")[0] if named and named[1] else ""
    return Rule(bare(title), bare(text), source)


def told(block: Content, topic: str) -> Iterator[Fact]:
    """The facts of a block in a section whose sentences claim something."""
    if isinstance(block, Item):
        yield Told(topic, bare(block.text), block.source) if re.search(r"\w", block.text) else Prose(block.source)
    elif isinstance(block, Table):
        yield header(block)
        yield from (Told(topic, _joined(row), row.source) for row in block.rows)
    elif isinstance(block, Paragraph):
        named = label(block.text)
        silent = (
            (named is not None and not named[1])
            or block.text.rstrip().endswith(":")
            or not re.search(r"\w", block.text)
            or SIGNING_OFF.match(block.text.strip())
        )
        yield Prose(block.source) if silent else Told(topic, bare(block.text), block.source)


def header(table: Table) -> Prose:
    """A table's header and the line under it, which claim nothing."""
    return Prose(replace(table.source, end_line=min(table.source.line + 1, table.source.end_line)))


def unread(block: Content, reason: str) -> Unread:
    """A block that was not understood or not used."""
    text = _joined(Row(block.header, block.source)) if isinstance(block, Table) else block.text
    first = text.strip().split("\n")[0] if isinstance(block, Fence | Table) else " ".join(text.split())
    return Unread(first if len(first) <= 200 else first[:199] + "…", reason, block.source)


def _joined(row: Row) -> str:
    return " | ".join(cell for cell in row.cells if cell.strip())

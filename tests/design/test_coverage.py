"""Nothing of a document is dropped in silence: each of its lines has a fact, be it only that it was not understood."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.design.build import facts
from harness.design.dialect import engine
from harness.design.facts import Column, Fact, Part
from harness.design.model import Script
from harness.design.sections import outline
from harness.document.markdown import parse, read
from harness.document.model import Document
from harness.source import Source

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted((
    *(ROOT / "tests" / "design" / "ways").glob("*.md"),
    *(ROOT / "tests" / "documents").glob("*.md"),
    *(ROOT / "designs").glob("*.md"),
    ROOT / "README.md",
))  # fmt: skip

PARTS = (
    *("## Schema\n", "### Table: users\n", "### users\n", "## Queries\n", "### Query 1: x\n", "## Migrations\n"),
    *("### Migration 001: x\n", "#### Down\n", "## Data Integrity Rules\n", "## Backup\n", "## Constraints\n"),
    *("## Indexes\n", "## Relationships\n", "## ERD\n", "## Nobody knows\n", "## Future indexes\n"),
    *("**Indexes:**\n", "**Relationships:**\n", "**Up:**\n", "**Performance:** < 5 ms\n", "**Purpose:** x\n", "text\n"),
    *("- `id` (UUID, PK)\n", "- `idx_a` ON (a)\n", "- `a_id` → `b.id`\n", "  - ON DELETE CASCADE\n", "1. **X**: y\n"),
    *("- `SELECT 1` < 5 ms\n", "- UNIQUE (a, b)\n", "\n", "\n\n", "---\n", "<!-- x -->\n", "> quoted\n"),
    *("```sql\nSELECT 1;\n```\n", "```sql\n-- Up\nA;\n-- Down\nB;\n```\n", "```\n+--+\n|a |\n+--+\n```\n", "```sql\n"),
    "| Column | Type | Constraints |\n|---|---|---|\n| id | int | PK |\n| b | | odd |\n",
    "| Index | Columns |\n|---|---|\n| idx_a | b |\n| ? | |\n",
    "| From | To |\n|---|---|\n| a.b | c.d |\n",
    "| A | B |\n|---|---|\n| 1 | 2 |\n",
)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_line_of_every_block_has_a_fact(path: Path) -> None:
    document = read(path)

    assert sorted(_written(document) - _told(document)) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join))
def test_every_line_of_any_mixture_has_a_fact(text: str) -> None:
    document = parse(f"# Any\n\n{text}", "any.md")

    assert sorted(_written(document) - _told(document)) == []


def _told(document: Document) -> set[int]:
    found = facts(document, outline(document), engine(document)[0])
    return {line for fact in found for line in _lines(_source(fact))}


def _written(document: Document) -> set[int]:
    return {line for block in (*document.blocks, *document.preamble) for line in _lines(block.source)}


def _lines(source: Source) -> Iterator[int]:
    yield from range(source.line, source.end_line + 1)


def _source(fact: Fact) -> Source:
    match fact:
        case Column():
            source = fact.field.source
        case Part():
            source = fact.thing.source
        case Script():
            source = fact.statement.source
        case _:
            source = fact.source
    assert source is not None
    return source

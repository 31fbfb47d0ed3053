"""Nothing of a document is dropped in silence: each of its lines has a fact, be it only that it was not understood."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.design.build import facts
from harness.design.dialect import engine
from harness.design.facts import Column, Fact, Part
from harness.design.model import Script
from harness.design.sections import outline
from harness.document.markdown import read
from harness.document.model import Document
from harness.source import Source

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted((
    *(ROOT / "tests" / "design" / "ways").glob("*.md"),
    *(ROOT / "tests" / "documents").glob("*.md"),
    *(ROOT / "designs").glob("*.md"),
    ROOT / "README.md",
))  # fmt: skip


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_line_of_every_block_has_a_fact(path: Path) -> None:
    document = read(path)
    told = {line for fact in facts(document, outline(document), engine(document)[0]) for line in _lines(_source(fact))}

    assert sorted(_written(document) - told) == []


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

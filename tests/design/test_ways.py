"""The many ways in which people write designs: each file in ``ways/`` is a document, and ends with what it says.

The comment at a file's end holds every fact that must be read from it, each with its line, and no others.
"""

from pathlib import Path

import pytest

from harness.design.build import build
from harness.document.markdown import parse
from tests.design.summary import summary

WAYS = sorted((Path(__file__).parent / "ways").glob("*.md"))
MARK = "<!-- facts\n"


@pytest.mark.parametrize("path", WAYS, ids=lambda path: path.stem)
def test_exactly_these_facts_are_read(path: Path) -> None:
    text, _, facts = path.read_text(encoding="utf-8").partition(MARK)

    assert "\n".join(summary(build(parse(text, path.name)))) == facts.removesuffix("-->\n").strip()

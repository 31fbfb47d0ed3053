"""The published example, read as it stands: in its outer fence, inner fences escaped, its header full of braces."""

from pathlib import Path

from harness.design.build import build
from harness.document.markdown import read
from tests.design.summary import summary

PATH = Path(__file__).parent.parent / "documents" / "database-designer.md"
DESIGN = build(read(PATH))
FACTS = (Path(__file__).parent / "published.facts").read_text(encoding="utf-8")


def test_every_fact_is_read_with_its_line() -> None:
    assert "\n".join(summary(DESIGN)) == FACTS.strip()


def test_every_part_of_the_format_is_found() -> None:
    words = "overview choice schema diagram queries migrations scaling partitioning integrity backup monitoring note"

    assert set(words.split()) == DESIGN.sections


def test_names_are_the_document_s() -> None:
    assert (DESIGN.name, DESIGN.title, DESIGN.lines) == ("database-designer", "Database Design Document", 265)


def test_each_line_of_a_statement_is_a_line_of_the_file() -> None:
    lines = PATH.read_text(encoding="utf-8").split("\n")
    scripts = [s.statement for s in DESIGN.scripts]
    queries = [q.statement for q in DESIGN.queries]
    migrations = [s for m in DESIGN.migrations for s in (m.up, m.down) if s is not None]

    for statement in (*scripts, *queries, *migrations):
        for number, text in enumerate(statement.text.rstrip("\n").split("\n")):
            assert lines[statement.source.line - 1 + number].strip(";") == text.strip(";")

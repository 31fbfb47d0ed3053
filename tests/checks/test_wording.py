"""What is said of a database of documents is said in its words, and names of the design stay as they are."""

from pathlib import Path

import pytest

from harness import adapters
from harness.checks.base import Case
from harness.checks.wording import wording
from harness.design.build import build as designed
from harness.document.markdown import read
from harness.pipeline import understood
from harness.plan.build import build as plan_of
from harness.plan.model import Scenario
from harness.run.model import Run

DOCUMENT = """\
# A restaurant
**Type:** {engine}

### {kind}: {name}
| Field | Type | Constraints |
|---|---|---|
| {key} | {type} | PRIMARY KEY |
| seats | int | NOT NULL |
"""


def case(folder: Path, engine: str, name: str = "seatings") -> Case:
    title, kind, key = ("MongoDB", "Collection", "_id") if engine == "mongodb" else ("PostgreSQL", "Table", "id")
    path = folder / "restaurant.md"
    text = DOCUMENT.format(engine=title, kind=kind, name=name, key=key, type="int")
    path.write_text(text, encoding="utf-8")
    plan = plan_of(designed(read(path)), adapters.find(engine), Scenario())
    return Case(plan, Run(engine, "6.0", "local", None, "", 0.0, traits=adapters.find(engine).traits("6.0")))


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("table seatings: 3 rows, 2 columns", "collection seatings: 3 documents, 2 fields"),
        ("the column table says so", "the field table says so"),
        ("100 rows/s from the tables' SQL", "100 documents/s from the collections' JavaScript"),
        ("`-- Down: loses the rows`", "`-- Down: loses the rows`"),
        ("the rows' order, and 'table' in quotes", "the documents' order, and 'table' in quotes"),
        ("tablespace, in-row and public.table stay", "tablespace, in-row and public.table stay"),
    ],
)
def test_words_of_tables_become_those_of_documents(said: str, wanted: str, tmp_path: Path) -> None:
    assert wording(case(tmp_path, "mongodb"))(said) == wanted


def test_what_the_design_calls_so_stays(tmp_path: Path) -> None:
    assert wording(case(tmp_path, "mongodb", "tables"))("table tables: 3 rows") == "collection tables: 3 documents"


def test_other_engines_keep_theirs(tmp_path: Path) -> None:
    assert wording(case(tmp_path, "postgresql"))("table seatings: 3 rows") == "table seatings: 3 rows"


def test_migrations_of_a_folder_have_no_document(tmp_path: Path) -> None:
    (tmp_path / "001_notes.sql").write_text("CREATE TABLE notes (id INT PRIMARY KEY);\n", encoding="utf-8")
    plan = plan_of(understood(tmp_path), adapters.find("postgresql"), Scenario())
    worded = wording(Case(plan, Run("postgresql", "15", "local", None, "", 0.0)))
    assert worded("the document gives no down for table notes") == "the folder gives no down for table notes"

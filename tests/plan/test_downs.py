"""Downs that are derived from an up."""

import pytest

from harness import adapters
from harness.design.model import Statement
from harness.plan.migrations import undone
from harness.source import Source

TABLES = """CREATE TABLE a (id INT PRIMARY KEY);
CREATE TABLE b (id INT PRIMARY KEY, a_id INT, CONSTRAINT fk FOREIGN KEY (a_id) REFERENCES a (id));
"""


def down(engine: str, up: str) -> list[str] | None:
    found = adapters.find(engine)
    result = undone(found, found.split(Statement(up, Source("d.md", 1, 1 + up.count("\n")))))
    return None if result is None else [statement.text for statement in result]


@pytest.mark.parametrize("engine", ["postgresql", "mysql", "mariadb"])
def test_what_goes_with_a_table_is_not_taken_back_on_its_own(engine: str) -> None:
    up = f"{TABLES}CREATE INDEX b_a ON b (a_id);\nINSERT INTO a VALUES (1);\nALTER TABLE b ADD PRIMARY KEY (a_id, id);"

    assert down(engine, up) == ["DROP TABLE b", "DROP TABLE a"]


@pytest.mark.parametrize("engine", ["postgresql", "mysql", "mariadb"])
def test_what_is_done_to_other_tables_is(engine: str) -> None:
    (index,) = down(engine, "CREATE INDEX b_a ON b (a_id);") or [""]

    assert index.startswith("DROP INDEX b_a")
    assert down(engine, f"{TABLES}INSERT INTO c VALUES (1);") is None

"""Executed plans as trees in the common vocabulary, on rows that are there."""

import math
from collections.abc import Iterator

import pytest

from harness.engine import Engine, Session
from harness.facts import Access, Refusal
from harness.servers.model import Server
from tests.adapters.scripts import made

ROWS = """
CREATE SCHEMA app;
CREATE TABLE users (id int PRIMARY KEY, email text, city text);
CREATE TABLE app.orders (id int PRIMARY KEY, user_id int, status text, total numeric);
INSERT INTO users SELECT i, 'u' || i, 'city' || i % 10 FROM generate_series(1, 1000) i;
INSERT INTO app.orders SELECT i, i % 1000 + 1, 's' || i % 3, i FROM generate_series(1, 10000) i;
CREATE INDEX by_email ON users (email);
CREATE INDEX by_user ON app.orders (user_id);
CREATE INDEX by_status ON app.orders (status, total);
"""


@pytest.fixture(scope="module")
def filled(engine: Engine, engine_server: Server) -> Iterator[Session]:
    """A session on tables with rows and statistics, shared: nothing here changes them."""
    with engine.fresh(engine_server, "explain") as database, engine.connect(database) as session:
        made(engine, session, ROWS)
        made(engine, session, "VACUUM ANALYZE")
        yield session


def executed(session: Session, text: str) -> Access:
    access = session.explain(text, execute=True)
    assert isinstance(access, Access)
    return access


def node(access: Access, operation: str) -> Access:
    return next(found for found in access.walk() if found.operation == operation)


def test_a_scan_counts_the_rows_it_dropped(filled: Session) -> None:
    scan = node(executed(filled, "SELECT * FROM users WHERE city = 'city3'"), "scan")
    assert (scan.entity, scan.index, scan.condition) == ("users", None, None)
    assert scan.filter == "(users.city = 'city3'::text)"
    assert (scan.rows_returned, scan.rows_read) == (100, 1000)
    assert (scan.pages_read or 0) > 0


def test_an_index_scan_names_its_index_and_condition(filled: Session) -> None:
    scan = executed(filled, "SELECT * FROM users WHERE email = 'u7'")
    assert (scan.operation, scan.native, scan.entity, scan.index) == ("index scan", "Index Scan", "users", "by_email")
    assert scan.condition == "(users.email = 'u7'::text)"
    assert scan.indexes() == ("by_email",)


def test_an_index_only_scan_tells_its_heap_fetches(filled: Session) -> None:
    scan = executed(filled, "SELECT email FROM users WHERE email = 'u7'")
    assert scan.operation == "index only scan"


def test_a_bitmap_index_scan_knows_its_table(filled: Session) -> None:
    access = executed(filled, "SELECT * FROM app.orders WHERE user_id = 5 OR user_id = 6")
    scans = [found for found in access.walk() if found.operation == "bitmap index scan"]
    assert {(scan.entity, scan.index) for scan in scans} == {("app.orders", "by_user")}
    assert node(access, "bitmap heap scan").rows_returned == 20


def test_rows_are_counted_over_all_loops(filled: Session) -> None:
    filled.explain("SELECT 1", execute=True)
    query = "SELECT u.id, (SELECT count(*) FROM app.orders o WHERE o.user_id = u.id) FROM users u WHERE u.id <= 20"
    inner = [found for found in executed(filled, query).walk() if found.entity == "app.orders" and found.loops == 20]
    assert inner
    assert all(found.rows_returned == 200 for found in inner)


def test_sorting_tells_its_keys_and_method(filled: Session) -> None:
    sort = node(executed(filled, "SELECT * FROM users ORDER BY city, id"), "sort")
    facts = dict(sort.detail)
    assert facts["Sort Key"] == "users.city, users.id"
    assert facts["Sort Method"]


def test_the_root_tells_the_time_of_planning_and_execution(filled: Session) -> None:
    facts = dict(executed(filled, "SELECT 1").detail)
    assert float(facts["planning_ms"]) >= 0
    assert float(facts["execution_ms"]) >= 0


@pytest.mark.parametrize(
    "text",
    [
        "EXPLAIN SELECT * FROM users WHERE email = 'u7'",
        "explain analyze verbose SELECT * FROM users WHERE email = 'u7'",
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT TEXT)\nSELECT * FROM users WHERE email = 'u7'",
    ],
)
def test_explain_in_front_is_taken_off(filled: Session, text: str) -> None:
    assert executed(filled, text).indexes() == ("by_email",)


def test_without_execution_nothing_is_counted(filled: Session) -> None:
    access = filled.explain("SELECT * FROM users", execute=False)
    assert isinstance(access, Access)
    assert (access.rows_returned, access.rows_read, access.pages_read, access.elapsed_ms) == (None, None, None, None)
    assert access.rows_expected == 1000


def test_what_is_unattractive_is_avoided(filled: Session) -> None:
    query = "SELECT * FROM app.orders WHERE user_id > 0"
    access = filled.explain(query, execute=False, unattractive=["scan"])
    assert isinstance(access, Access)
    assert access.indexes() == ("by_user",)
    again = filled.explain(query, execute=False)
    assert isinstance(again, Access)
    assert again.indexes() == (), "and only once"


def test_a_statement_that_writes_is_undone(filled: Session) -> None:
    access = executed(filled, "DELETE FROM users WHERE id = 1")
    assert access.operation == "modify"
    assert filled.count("users") == 1000


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("SELECT *\nFROM users\nWHERE nope = 1", 3),
        ("EXPLAIN (ANALYZE)\nSELECT nope FROM users", 2),
        ("SELECT * FROM users WHERE id = $1", 1),
        ("DROP TABLE users", 1),
        ("", 1),
    ],
)
def test_a_refusal_counts_lines_within_the_text(filled: Session, text: str, line: int) -> None:
    refusal = filled.explain(text, execute=True)
    assert isinstance(refusal, Refusal)
    assert (refusal.source.path, refusal.source.line) == ("", line)


def test_a_refused_text_has_no_time(filled: Session) -> None:
    first, second, third = filled.timings(["SELECT 1", "SELECT nope", "SELECT 1"])
    assert math.isnan(second)
    assert first > 0
    assert third > 0

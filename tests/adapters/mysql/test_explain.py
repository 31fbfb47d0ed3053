"""Executed plans as trees in the common vocabulary, on rows that are there, the same for both engines."""

from collections.abc import Iterator

import pytest

from harness.engine import Engine, Session
from harness.facts import Access, Refusal
from harness.servers.model import Server
from tests.adapters.scripts import made

DIGITS = "(SELECT 0 n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)"  # fmt: skip  # noqa: E501
ROWS = f"""
CREATE TABLE digits (n int PRIMARY KEY);
INSERT INTO digits SELECT n FROM {DIGITS} d;
CREATE TABLE users (id int PRIMARY KEY, email varchar(50) NOT NULL, city varchar(20), UNIQUE KEY by_email (email));
CREATE TABLE orders (id int PRIMARY KEY, user_id int, status varchar(9), total int, note varchar(99));
INSERT INTO users SELECT 1 + a.n + 10 * b.n + 100 * c.n, CONCAT('u', 1 + a.n + 10 * b.n + 100 * c.n), CONCAT('c', a.n)
  FROM digits a, digits b, digits c;
INSERT INTO orders SELECT u.id * 10 + d.n, u.id, CONCAT('s', (u.id + d.n) % 3), u.id + d.n, REPEAT('x', 80)
  FROM users u, digits d WHERE u.id < 1000;
CREATE INDEX by_user ON orders (user_id);
CREATE INDEX by_status ON orders (status, total);
ANALYZE TABLE users;
ANALYZE TABLE orders;
"""


@pytest.fixture(scope="module")
def filled(engine: Engine, engine_server: Server) -> Iterator[Session]:
    """A session on tables with rows and statistics, shared: nothing here changes them."""
    with engine.fresh(engine_server, "explain") as database, engine.connect(database) as session:
        made(engine, session, ROWS)
        yield session


def test_quotes_and_backslashes_in_literals_are_read(filled: Session) -> None:
    for literal in ("'Men\\'s'", "'a\\\\b'", "'\"'", "'\\\\\\''"):
        assert isinstance(filled.explain(f"SELECT * FROM orders WHERE note > {literal}", execute=False), Access)


def executed(session: Session, text: str) -> Access:
    access = session.explain(text, execute=True)
    assert isinstance(access, Access), access
    return access


def reading(access: Access, entity: str) -> Access:
    return next(node for node in access.walk() if node.entity == entity)


def test_a_row_by_a_unique_key_is_an_index_scan_though_it_is_fetched_before(filled: Session) -> None:
    access = executed(filled, "SELECT * FROM users WHERE email = 'u7'")
    assert (access.operation, access.entity, access.index) == ("index scan", "users", "by_email")
    assert access.condition
    assert (access.rows_returned, access.rows_read) == (1.0, 1.0)


@pytest.mark.parametrize("text", [
    "SELECT * FROM users WHERE email = 'nobody'",
    "SELECT * FROM users u JOIN orders o ON o.user_id = u.id WHERE u.email = 'nobody' AND o.total > 3",
    "SELECT * FROM users WHERE email = 'u7' AND city = 'nowhere'",
])  # fmt: skip
def test_a_row_that_is_not_there_was_looked_for_by_its_key(filled: Session, text: str) -> None:
    access = executed(filled, text)
    assert access.rows_returned == 0
    assert "by_email" in access.indexes()


def test_the_tables_of_a_join_stand_under_their_own_names_and_counts(filled: Session) -> None:
    access = executed(
        filled, "SELECT u.city, o.total FROM users u JOIN orders o ON o.user_id = u.id WHERE u.email = 'u7'"
    )
    assert set(access.indexes()) == {"by_email", "by_user"}
    assert access.rows_returned == 10
    assert reading(access, "orders").rows_returned == 10
    assert (reading(access, "orders").condition or "").startswith("user_id = ")
    assert access.pages_read
    assert access.elapsed_ms is not None


def test_a_scan_reads_all_and_returns_what_passes(filled: Session) -> None:
    access = executed(filled, "SELECT * FROM orders WHERE note = 'y' OR total = 7")
    scan = reading(access, "orders")
    assert (scan.operation, scan.index) == ("scan", None)
    assert scan.rows_read == 9990
    assert scan.rows_returned == access.rows_returned == 7
    assert scan.filter


def test_a_sort_is_a_sort_and_a_limit_counts_what_is_sent(filled: Session) -> None:
    access = executed(filled, "SELECT * FROM orders WHERE user_id = 5 ORDER BY total DESC LIMIT 3")
    assert "sort" in {node.operation for node in access.walk()}
    assert access.rows_returned == 3


def test_an_index_in_the_right_order_saves_the_sort(filled: Session) -> None:
    access = executed(filled, "SELECT * FROM orders WHERE status = 's1' ORDER BY total LIMIT 3")
    assert "sort" not in {node.operation for node in access.walk()}
    assert reading(access, "orders").index == "by_status"


def test_an_index_that_holds_all_columns_is_an_index_only_scan(filled: Session) -> None:
    access = executed(filled, "SELECT total FROM orders WHERE status = 's1' AND total < 9")
    assert reading(access, "orders").operation == "index only scan"


JOINS = {
    "SELECT * FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.total > 5 WHERE u.id < 9": "Left",
    "SELECT * FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.id < 9": "Left",
    "SELECT * FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.id < 9 AND o.total > 5": "Inner",
    "SELECT * FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE o.id IS NULL": "Anti",
    "SELECT * FROM orders o RIGHT JOIN users u ON o.user_id = u.id WHERE u.city = 'c1'": "Left",
    "SELECT * FROM users u LEFT JOIN orders o ON o.id = 4 WHERE u.id = 5": "Left",
}


@pytest.mark.parametrize("text", JOINS)
def test_a_join_that_the_server_makes_inner_is_told_from_one_that_stays_outer(filled: Session, text: str) -> None:
    kinds = [
        dict(node.detail)["Join Type"] for node in executed(filled, text).walk() if "Join Type" in dict(node.detail)
    ]
    assert kinds == [JOINS[text]]


COUNTED = {
    "SELECT COUNT(*) FROM orders": 1,
    "SELECT city, COUNT(*) FROM users GROUP BY city HAVING COUNT(*) > 1": 10,
    "SELECT DISTINCT status FROM orders": 3,
    "SELECT id FROM users WHERE id < 4 UNION ALL SELECT id FROM orders WHERE user_id = 2": 13,
    "WITH t AS (SELECT user_id, SUM(total) s FROM orders GROUP BY user_id) SELECT * FROM t WHERE s > 9000": 104,
    "SELECT u.id, (SELECT MAX(total) FROM orders o WHERE o.user_id = u.id) FROM users u WHERE u.id IN (1, 2, 3)": 3,
    "SELECT * FROM users WHERE id IN (SELECT user_id FROM orders WHERE total = 700)": 10,
    "SELECT o.*, ROW_NUMBER() OVER (PARTITION BY status ORDER BY total) FROM orders o WHERE user_id < 3": 20,
    "SELECT * FROM orders WHERE user_id = 7 OR (status = 's2' AND total = 500)": 20,
    "SELECT 1": 1,
    "SELECT * FROM users WHERE id = 0": 0,
    "(SELECT id FROM users LIMIT 2) UNION (SELECT id FROM users LIMIT 2)": 2,
    "EXPLAIN SELECT * FROM users WHERE id < 4": 3,
}


@pytest.mark.parametrize("text", COUNTED)
def test_the_rows_of_a_query_are_those_that_it_gives(filled: Session, text: str) -> None:
    access = executed(filled, text)
    assert access.rows_returned == COUNTED[text]
    assert access.cost is not None or "COUNT(*) FROM orders" in text
    assert not [
        node for node in access.walk() if (node.entity or "").startswith("<") or (node.index or "").startswith("<")
    ]


def test_a_plan_that_is_not_executed_counts_nothing(filled: Session) -> None:
    access = filled.explain("SELECT * FROM orders WHERE user_id = 5", execute=False)
    assert isinstance(access, Access)
    assert {(node.rows_returned, node.rows_read, node.pages_read) for node in access.walk()} == {(None, None, None)}
    assert access.rows_expected


def test_counts_are_the_same_each_time(filled: Session) -> None:
    text = "SELECT * FROM users u JOIN orders o ON o.user_id = u.id WHERE u.city = 'c3' AND o.status = 's1'"
    pages = {executed(filled, text).pages_read for _ in range(4)}
    assert len(pages) == 1
    assert pages != {0}


SERVABLE = {
    "SELECT * FROM orders WHERE status IN ('s0', 's1', 's2')": "by_status",
    "SELECT * FROM orders WHERE user_id > 0": "by_user",
    "SELECT * FROM orders ORDER BY status, total LIMIT 5000": "by_status",
    "SELECT * FROM (SELECT * FROM orders o WHERE o.user_id > 0) AS t": "by_user",
}


@pytest.mark.parametrize("text", SERVABLE)
def test_an_index_that_can_serve_is_taken_when_scans_and_sorts_are_unattractive(filled: Session, text: str) -> None:
    freely = executed(filled, text)
    assert reading(freely, "orders").operation == "scan"
    access = filled.explain(text, execute=False, unattractive=("scan", "sort"))
    assert isinstance(access, Access)
    assert access.indexes() == (SERVABLE[text],)
    assert "sort" not in {node.operation for node in access.walk()}
    assert access.cost is not None


def test_a_table_that_no_index_can_serve_is_scanned_all_the_same(filled: Session) -> None:
    access = filled.explain("SELECT * FROM orders WHERE note = 'y'", execute=False, unattractive=("scan", "sort"))
    assert isinstance(access, Access)
    assert access.operation == "scan"


CHANGES = {
    "UPDATE users SET city = 'x' WHERE id < 5": "users",
    "DELETE FROM orders WHERE user_id = 9": "orders",
    "UPDATE orders o JOIN users u ON u.id = o.user_id SET o.total = 1 WHERE u.email = 'u5'": "orders",
    "INSERT INTO digits VALUES (77)": "digits",
    "INSERT INTO digits SELECT id + 1000 FROM users": "users",
    "REPLACE INTO digits VALUES (5)": "digits",
}


@pytest.mark.parametrize("text", CHANGES)
@pytest.mark.parametrize("execute", [False, True])
def test_a_change_is_looked_at_and_undone(filled: Session, text: str, execute: bool) -> None:
    tables = ("users", "orders", "digits")
    before = (
        [filled.count(table) for table in tables],
        executed(filled, "SELECT 1 FROM users WHERE city = 'x'").rows_returned,
    )
    access = filled.explain(text, execute=execute)
    assert isinstance(access, Access)
    assert access.operation == "modify"
    assert CHANGES[text] in {node.entity for node in access.walk()}
    after = (
        [filled.count(table) for table in tables],
        executed(filled, "SELECT 1 FROM users WHERE city = 'x'").rows_returned,
    )
    assert before == after


@pytest.mark.parametrize("execute", [False, True])
def test_a_refusal_stands_on_its_line_of_the_text(filled: Session, execute: bool) -> None:
    refusal = filled.explain("EXPLAIN\nSELECT *\nFROM users\nWHERE nosuch = 1", execute=execute)
    assert isinstance(refusal, Refusal)
    assert "nosuch" in refusal.message
    assert (refusal.code, refusal.source.line, refusal.source.path) == ("1054", 4, "")
    assert isinstance(filled.explain("SELECT * FROM users WHERE id = ?", execute=execute), Refusal)
    assert isinstance(filled.explain("SELECT 1", execute=execute), Access)

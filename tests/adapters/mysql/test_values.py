"""Defaults that mean the same, and values drawn as literals that find their rows."""

import pytest

from harness.engine import Engine, Session
from harness.facts import Batch
from tests.adapters.scripts import made

EQUAL = {
    ("0", "0.00", "decimal(10,2)"): True,
    ("CURRENT_TIMESTAMP", "now()", "timestamp"): True,
    ("current_timestamp()", "CURRENT_TIMESTAMP", "timestamp"): True,
    ("'a'", "'b'", "varchar(3)"): False,
    ("'a'", "'A'", "varchar(3)"): True,  # the collation's opinion, which is what a query sees
    ("pending", "'pending'", "varchar(10)"): True,
    ("1", "true", "tinyint(1)"): True,
    ("NULL", "0", "int"): False,
    ("(uuid())", "uuid()", "char(36)"): True,
    ("uuid()", "'x'", "char(36)"): False,
    ("'x'", "('x')", "varchar(3)"): True,
    ("'{}'", "json_object()", "json"): True,
    ("nosuch()", "1", "int"): None,
}


@pytest.mark.parametrize("case", EQUAL, ids=" ".join)
def test_the_server_says_whether_defaults_mean_the_same(session: Session, case: tuple[str, str, str]) -> None:
    assert session.equal(*case) is EQUAL[case]
    assert session.inspect().entities == ()


TYPES = {
    "bigint": [-5],
    "decimal(10,2)": ["-1.50"],
    "double": [0.25],
    "varchar(40)": ['it\'s \\ \n\t"%s" 😀'],
    "varbinary(10)": [b"\0\xff'"],
    "bit(9)": ["101000001"],
    "date": ["2024-02-29"],
    "datetime(6)": ["2024-01-02 03:04:05.000006"],
    "time(2)": ["-30:00:00.25"],
    "year": [1999],
    "enum('a','it''s')": ["it's"],
    "set('a','b')": ["a,b"],
    "tinyint(1)": [True],
}


@pytest.mark.parametrize("type_", TYPES)
def test_a_drawn_literal_finds_its_row(engine: Engine, session: Session, type_: str) -> None:
    (entity,) = made(engine, session, f"CREATE TABLE t (a {type_})").entities
    session.load(entity, [Batch(("a",), (TYPES[type_],), 1), Batch(("a",), ([None],), 1)])
    ((literal,),) = session.sample("t", ["a"], 5, seed=1)
    cursor = session._connection.cursor()
    assert cursor.execute(f"SELECT 1 FROM t WHERE 1>0 AND a={literal}") == 1


def test_rows_of_a_large_table_are_drawn_by_their_key(engine: Engine, session: Session) -> None:
    (entity,) = made(engine, session, "CREATE TABLE t (id int PRIMARY KEY, a int)").entities
    session.load(entity, [Batch(("id", "a"), (range(60_000), range(60_000)), 60_000)])
    drawn = session.sample("t", ["a"], 100, seed=1)
    assert len(set(drawn)) == 100
    assert max(int(a) for (a,) in drawn) > 50_000
    assert drawn == session.sample("t", ["a"], 100, seed=1)


def test_a_key_with_gaps_gives_as_many(engine: Engine, session: Session) -> None:
    (entity,) = made(engine, session, "CREATE TABLE t (id bigint unsigned PRIMARY KEY)").entities
    session.load(entity, [Batch(("id",), ([n * 10**6 for n in range(500)] + [2**64 - 1],), 501)])
    assert len(session.sample("t", ["id"], 100, seed=1)) == 100


def test_rows_of_a_view_can_be_drawn(engine: Engine, session: Session) -> None:
    made(
        engine, session, "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2), (3); CREATE VIEW v AS SELECT a FROM t"
    )
    assert set(session.sample("v", ["a"], 9, seed=1)) == {("1",), ("2",), ("3",)}

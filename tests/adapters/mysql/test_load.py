"""Rows arrive as they were sent, all or none, and what was set aside is back."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pytest

from harness.design.compare import differences
from harness.engine import Engine, Session, Unsatisfied
from harness.facts import Batch
from harness.servers.model import Address, Server
from tests.adapters.scripts import made

STRANGE = 'tab\t line\n return\r back\\slash quote\' "double" nul\0 sep\x1f \\N é 😀 %s'

VALUES: dict[str, tuple[Sequence[object], Sequence[str | None]]] = {
    "bigint": ([1, -5, None, 2**62], ["1", "-5", None, str(2**62)]),
    "bigint unsigned": ([0, 1, 2**64 - 1, None], ["0", "1", str(2**64 - 1), None]),
    "decimal(12,3)": ([Decimal("1.250"), 2.5, None, -3], ["1.250", "2.500", None, "-3.000"]),
    "double": ([0.1, -2.5e300, None, 3], ["0.1", "-2.5e300", None, "3"]),
    "varchar(200)": ([STRANGE, "", None, "\\N"], [STRANGE, "", None, "\\N"]),
    "varchar(20) CHARACTER SET latin1": (["é", "ÿ", "", None], ["é", "ÿ", "", None]),
    "longtext": (["x" * 100_000, "\n", None, "a"], ["x" * 100_000, "\n", None, "a"]),
    "enum('new','it''s')": (["new", "it's", None, "new"], ["new", "it's", None, "new"]),
    "set('a','b')": ([["a", "b"], "b", None, ""], ["a,b", "b", None, ""]),
    "tinyint(1)": ([True, False, None, 1], ["1", "0", None, "1"]),
    "date": (
        [date(2024, 2, 29), None, date(1, 1, 1), date(9999, 12, 31)],
        ["2024-02-29", None, "0001-01-01", "9999-12-31"],
    ),
    "datetime(6)": (
        [datetime(2024, 1, 2, 3, 4, 5, 6), None, datetime(2024, 1, 2, tzinfo=UTC), datetime(1000, 1, 1)],
        ["2024-01-02 03:04:05.000006", None, "2024-01-02 00:00:00.000000", "1000-01-01 00:00:00.000000"],
    ),
    "timestamp(3) NULL": (np.array(["2024-03-10T02:30:00.123", "NaT", "1970-01-02", "2038-01-18"], "M8[us]"),
                          ["2024-03-10 02:30:00.123", None, "1970-01-02 00:00:00.000", "2038-01-18 00:00:00.000"]),
    "time(3)": (
        [time(1, 2, 3, 4000), timedelta(hours=-30), None, time(0)],
        ["01:02:03.004", "-30:00:00.000", None, "00:00:00.000"],
    ),
    "year": ([1901, 2155, None, 2024], ["1901", "2155", None, "2024"]),
    "json": ([{"a": ["é", 1]}, '["\\n"]', None, [1, 2]], ['{"a": ["é", 1]}', '["\\n"]', None, "[1, 2]"]),
}  # fmt: skip
"""A type: what is sent, and the text that the server gives for it."""

BYTES: dict[str, tuple[Sequence[object], Sequence[str | None]]] = {
    "varbinary(300)": ([bytes(range(256)), b"", None, "é"], [bytes(range(256)).hex().upper(), "", None, "C3A9"]),
    "binary(2)": ([b"\0\xff", b"\\N", None, b"\t\n"], ["00FF", "5C4E", None, "090A"]),
    "bit(9)": (["101000001", 3, None, "0"], ["141", "3", None, "0"]),
}
"""The same for what is no text, as the server's HEX() shows it."""


@pytest.fixture(params=["file", "insert"])
def way(request: pytest.FixtureRequest, session: Session) -> Iterator[str]:
    """Both ways of loading; the second is taken where the server forbids the first."""
    cursor = session._connection.cursor()
    if request.param == "insert":
        cursor.execute("SET GLOBAL local_infile = 0")
    yield request.param
    cursor.execute("SET GLOBAL local_infile = 1")


def test_values_arrive_as_they_were_sent(engine: Engine, session: Session, way: str) -> None:
    types = [*VALUES, *BYTES]
    columns = ", ".join(f"c{number} {type_}" for number, type_ in enumerate(types))
    schema = made(engine, session, f"CREATE TABLE t (id int PRIMARY KEY, {columns})")
    sent = [[1, 2, 3, 4], *(sent for sent, _ in (VALUES | BYTES).values())]
    fields = ("id", *(f"c{number}" for number in range(len(types))))
    assert session.load(schema.entities[0], [Batch(fields, tuple(sent), 4)]) == 4
    read = ", ".join(f"HEX(c{n})" if n >= len(VALUES) else f"CAST(c{n} AS CHAR)" for n in range(len(types)))
    cursor = session._connection.cursor()
    cursor.execute(f"SELECT {read} FROM t ORDER BY id")
    found = list(zip(*(row.values() for row in cursor.fetchall()), strict=True))
    for type_, wanted, got in zip(types, [told for _, told in (VALUES | BYTES).values()], found, strict=True):
        assert list(got) == list(wanted), type_


def test_geometries_are_made_of_the_columns_type(engine: Engine, session: Session, way: str) -> None:
    types = (
        "geometry",
        "point",
        "linestring",
        "polygon",
        "multipoint",
        "multilinestring",
        "multipolygon",
        "geometrycollection",
    )
    columns = ", ".join(f"c{number} {type_}" for number, type_ in enumerate(types))
    (entity,) = made(engine, session, f"CREATE TABLE t ({columns})").entities
    fields = tuple(field.name for field in entity.fields)
    assert (
        session.load(entity, [Batch(fields, tuple([f"POINT({x} 48.5)" for x in (-170, 9.5)] for _ in types), 2)]) == 2
    )


def test_longitude_comes_first(engine: Engine, session: Session, way: str) -> None:
    if engine.name == "mariadb":
        pytest.skip("it knows no axis order")
    (entity,) = made(engine, session, "CREATE TABLE t (p point NOT NULL SRID 4326)").entities
    session.load(entity, [Batch(("p",), (["POINT(-170 48)"],), 1)])
    cursor = session._connection.cursor()
    cursor.execute("SELECT ST_Longitude(p) AS x, ST_Latitude(p) AS y FROM t")
    assert cursor.fetchone() == {"x": -170.0, "y": 48.0}


def test_fields_that_are_left_out_take_their_default(engine: Engine, session: Session, way: str) -> None:
    (entity,) = made(engine, session, "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int DEFAULT 7)").entities
    assert session.load(entity, [Batch(("a",), ([5],), 1), Batch((), (), 2), Batch(("id",), ([0],), 1)]) == 4
    assert set(session.sample("t", ["id", "a"], 10, seed=1)) == {("1", "5"), ("2", "7"), ("3", "7"), ("0", "7")}


REFUSED: dict[str, tuple[Batch, str]] = {
    "CREATE TABLE t (a int PRIMARY KEY)": (Batch(("a",), ([1, 2, 1],), 3), "PRIMARY"),
    "CREATE TABLE t (a int, UNIQUE KEY twice (a))": (Batch(("a",), ([1, 2, 1],), 3), "constraint twice"),
    "CREATE TABLE t (a int, CONSTRAINT small CHECK (a < 2))": (Batch(("a",), ([1, 2],), 2), "constraint small"),
    "CREATE TABLE t (a tinyint)": (Batch(("a",), ([1, 999],), 2), ""),
    "CREATE TABLE t (a varchar(2))": (Batch(("a",), (["ab", "abc"],), 2), ""),
    "CREATE TABLE t (a enum('x'))": (Batch(("a",), (["x", "y"],), 2), ""),
    "CREATE TABLE t (a int NOT NULL)": (Batch(("a",), ([1, None],), 2), ""),
    "CREATE TABLE t (a date)": (Batch(("a",), (["2024-01-01", "0000-00-00"],), 2), ""),
    "CREATE TABLE t (a json)": (Batch(("a",), (["{}", "{"],), 2), ""),
    "CREATE TABLE t (a int PRIMARY KEY, b int, CONSTRAINT self FOREIGN KEY (b) REFERENCES t (a))": (
        Batch(("a", "b"), ([1, 2], [None, 9]), 2),
        "constraint self",
    ),
}


@pytest.mark.parametrize("table", REFUSED, ids=lambda text: text[15:60])
def test_no_row_is_bent_or_left_out(engine: Engine, session: Session, way: str, table: str) -> None:
    (entity,) = made(engine, session, table).entities
    batch, detail = REFUSED[table]
    with pytest.raises(Unsatisfied) as caught:
        session.load(entity, [Batch(batch.fields, tuple(c[:0] for c in batch.columns), 0), batch])
    assert caught.value.entity == "t"
    assert detail in caught.value.refusal.detail
    assert session.count("t") == 0
    first = Batch(batch.fields, tuple(c[:1] for c in batch.columns), 1)
    assert session.load(entity, [first]) == 1


def test_a_failure_of_the_rows_own_making_is_told_as_it_is(engine: Engine, session: Session, way: str) -> None:
    (entity,) = made(engine, session, "CREATE TABLE t (a int)").entities

    def batches() -> Iterator[Batch]:
        yield Batch(("a",), ([1],), 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        session.load(entity, batches())
    assert session.count("t") == 0


def test_a_table_that_is_not_there_is_told(engine: Engine, session: Session) -> None:
    (entity,) = made(engine, session, "CREATE TABLE t (a int)").entities
    made(engine, session, "DROP TABLE t")
    many = [Batch(("a",), (range(100_000),), 100_000)] * 3
    with pytest.raises(Unsatisfied, match="doesn't exist"):
        session.load(entity, many)


FILLED = """
CREATE TABLE a (
  id int AUTO_INCREMENT PRIMARY KEY, b_id int, name varchar(20) NOT NULL, note text, size int DEFAULT 1,
  twice int AS (size * 2) STORED, UNIQUE KEY a_name (name), KEY a_size (size DESC, name(5)) COMMENT 'why',
  FULLTEXT KEY a_note (note)
);
CREATE TABLE b (code varchar(5) NOT NULL, id int NOT NULL, a_id int, UNIQUE KEY (code), UNIQUE KEY (id));
CREATE TABLE n (id int NOT NULL, number int AUTO_INCREMENT, PRIMARY KEY (id), KEY (number));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id) ON DELETE SET NULL;
ALTER TABLE b ADD FOREIGN KEY (a_id) REFERENCES a (id) ON UPDATE CASCADE;
CREATE TRIGGER first_one BEFORE INSERT ON a FOR EACH ROW SET NEW.size = 100;
CREATE TRIGGER second_one BEFORE INSERT ON a FOR EACH ROW SET NEW.size = NEW.size + 1;
"""


def test_what_is_set_aside_comes_back_as_it_was(engine: Engine, session: Session) -> None:
    schema = made(engine, session, FILLED)
    a, b = schema.entity("a"), schema.entity("b")
    assert a
    assert b
    with session.filling(schema):
        inside = session.inspect()
        session.load(a, [Batch(("id", "b_id", "name", "size"), ([1], [7], ["x"], [5]), 1)])
        session.load(b, [Batch(("code", "id", "a_id"), (["c"], [7], [1]), 1)])
    assert {d.what for d in differences(schema, inside)} >= {
        "foreign key a.a_b",
        "index a_size on a",
        "trigger a.first_one",
    }
    assert differences(schema, session.inspect()) == ()
    assert session.sample("a", ["size"], 1, seed=1) == (("5",),)  # no trigger was there to change it
    made(engine, session, "INSERT INTO a (name, size) VALUES ('y', 5)")
    assert set(session.sample("a", ["size"], 9, seed=1)) == {("5",), ("101",)}  # and they are back, in their order


@pytest.mark.parametrize(
    ("columns", "detail"),
    [(([1, 2], [None, None], ["x", "x"]), "constraint a_name"), (([1, 2], [None, 9], ["x", "y"]), "constraint a_b")],
    ids=["a double", "an orphan"],
)
def test_rows_that_cannot_stay_are_gone_and_the_schema_is_back(
    engine: Engine, session: Session, columns: tuple[list[object], ...], detail: str
) -> None:
    schema = made(engine, session, FILLED)
    a = schema.entity("a")
    assert a
    with pytest.raises(Unsatisfied) as caught, session.filling(schema):
        session.load(a, [Batch(("id", "b_id", "name"), columns, 2)])
    assert (caught.value.entity, caught.value.refusal.detail) == ("a", detail)
    assert differences(schema, session.inspect()) == ()
    assert session.count("a") == 0


def test_rows_that_were_there_before_stay(engine: Engine, session: Session) -> None:
    schema = made(engine, session, f"{FILLED}INSERT INTO a (name) VALUES ('old')")
    with pytest.raises(ZeroDivisionError), session.filling(schema):
        raise ZeroDivisionError
    assert differences(schema, session.inspect()) == ()
    assert session.count("a") == 1


def test_an_offered_row_is_taken_back(engine: Engine, session: Session) -> None:
    schema = made(engine, session, FILLED)
    a = schema.entity("a")
    assert a
    assert session.attempt(a, Batch(("name",), (["x"],), 1)) is None
    refusal = session.attempt(a, Batch(("name", "b_id"), (["x"], [9]), 1))
    assert refusal
    assert refusal.detail == "constraint a_b"
    assert session.count("a") == 0


FOREIGN_KEYS = """
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (
  id int PRIMARY KEY, a int, b int, d int, e int,
  CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id),
  FOREIGN KEY (b) REFERENCES p (id),
  FOREIGN KEY (d) REFERENCES p (id) ON DELETE CASCADE,
  KEY by_hand (e), CONSTRAINT c_e FOREIGN KEY (e) REFERENCES p (id)
);
"""

BY_HAND = "; ".join(f"CREATE INDEX hand_{column} ON c ({column}, id)" for column in "abde")


def test_indexes_that_foreign_keys_brought_still_make_way(
    engine: Engine, engine_server: Server, database: Address, session: Session
) -> None:
    """The server drops what it made itself when another index serves as well; it must know its own again."""
    schema = made(engine, session, FOREIGN_KEYS)
    with session.filling(schema):
        pass
    assert differences(schema, session.inspect()) == ()
    with engine.fresh(engine_server, "copy", template=database) as copy, engine.connect(copy) as other:
        assert differences(schema, other.inspect()) == ()
        for each in (session, other):
            names = {index.name for index in made(engine, each, BY_HAND).indexes() if index.entity == "c"}
            assert names == {"PRIMARY", "by_hand", "hand_a", "hand_b", "hand_d", "hand_e"}

"""Rows by COPY: every kind of value arrives as it was; what is set aside comes back exactly."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from harness.adapters.postgresql.copy_text import texts
from harness.engine import Engine, Session, Unsatisfied
from harness.facts import Access, Batch
from tests.adapters.scripts import applied, made

UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)

VALUES: dict[str, tuple[str, Any]] = {
    "integers": ("bigint", [1, -5, None]),
    "numpy integers": ("bigint", np.array([1, 2, 3])),
    "numpy scalars": ("bigint", [np.int64(1), None, np.int64(3)]),
    "floats": ("float8", [1.5, float("inf"), None]),
    "numpy floats": ("float8", np.array([0.1, 1e300, -1.0])),
    "decimals": ("numeric(10,2)", [Decimal("1.50"), None, Decimal("-3.00")]),
    "booleans": ("boolean", [True, False, None]),
    "numpy booleans": ("boolean", np.array([True, False, True])),
    "texts": ("text", ["a", "", None]),
    "texts with everything": ("text", ["tab\tnew\nline\rback\\slash", "\\N", "größe 😀 '\""]),
    "texts with separators": ("text", ["\x1f\\", "a\x1fb", "c"]),
    "numpy texts": ("text", np.array(["a", "b\\c", "d"])),
    "days": ("date", [dt.date(2024, 2, 29), None, dt.date(1999, 12, 31)]),
    "numpy days": ("date", np.array(["2024-02-29", "NaT", "1999-12-31"], dtype="M8[D]")),
    "moments": ("timestamptz", [dt.datetime(2024, 1, 1, 12, 30, 0, 5, tzinfo=UTC), None, EPOCH]),
    "numpy moments": ("timestamp", np.array(["2024-01-01T10:00:00.000001", "NaT", "1999-01-01"], dtype="M8[us]")),
    "times": ("time", [dt.time(10, 11, 12), None, dt.time(0, 0)]),
    "spans": ("interval", [dt.timedelta(days=-1, seconds=5), None, dt.timedelta(microseconds=7)]),
    "uuids": ("uuid", [uuid.UUID(int=7), None, uuid.UUID(int=2**128 - 1)]),
    "bytes": ("bytea", [b"\x00\\\n", None, b""]),
    "objects": ("jsonb", [{"a": 'quote " \n'}, None, {"b": [1, None, "é"]}]),
    "lists as JSON": ("jsonb", [[1, "x"], None, []]),
    "lists as arrays": ("text[]", [['a"b', "c\\d", None, "e,f{}"], None, []]),
    "nested lists": ("int[]", [[[1, 2], [3, 4]], None, [[5]]]),
    "mixed": ("text", ["a", 5, None]),
}  # fmt: skip


def expected(values: Any) -> list[object]:
    plain = values.astype("M8[us]").tolist() if getattr(values, "dtype", None) and values.dtype.kind == "M" else values
    return [value.item() if hasattr(value, "item") else value for value in plain]


@pytest.mark.parametrize(("type_", "values"), VALUES.values(), ids=VALUES)
def test_values_arrive_as_they_were(engine: Engine, session: Session, type_: str, values: Any) -> None:
    entity = made(engine, session, f"CREATE TABLE t (n serial, v {type_})").entity("t")
    assert entity
    assert session.load(entity, [Batch(("v",), (values,), len(values))]) == len(values)
    found = [row["v"] for row in session._connection.execute("SELECT v FROM t ORDER BY n").fetchall()]
    wanted = expected(values)
    if type_ == "date":
        wanted = [value.date() if isinstance(value, dt.datetime) else value for value in wanted]
    if type_ == "text":
        wanted = [None if value is None else str(value) for value in wanted]
    assert found == wanted


def test_many_rows_are_turned_into_text_piece_by_piece() -> None:
    pieces = list(texts(Batch(("a",), (range(50_000),), 50_000), [None]))
    assert len(pieces) == 3
    assert "".join(pieces) == "".join(f"{i}\n" for i in range(50_000))


TABLES = """
CREATE TABLE parent (id serial PRIMARY KEY, code text);
CREATE TABLE child (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  parent_id int CONSTRAINT has_parent REFERENCES parent ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  n int CONSTRAINT positive CHECK (n > 0),
  twice int GENERATED ALWAYS AS (n * 2) STORED,
  at date DEFAULT CURRENT_DATE
);
ALTER TABLE child ADD CONSTRAINT later FOREIGN KEY (n) REFERENCES parent NOT VALID;
COMMENT ON CONSTRAINT has_parent ON child IS 'the parent''s';
CREATE INDEX ON child (parent_id, abs(n) DESC NULLS LAST) INCLUDE (n) WITH (fillfactor = 80) WHERE n > 1;
CREATE UNIQUE INDEX "Odd Name" ON parent (code);
COMMENT ON INDEX "Odd Name" IS 'unique';
CREATE INDEX clustered ON child (n);
ALTER TABLE child CLUSTER ON clustered;
CREATE INDEX with_statistics ON child ((n + 1));
ALTER INDEX with_statistics ALTER COLUMN 1 SET STATISTICS 300;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
CREATE TRIGGER refused BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER refused_always BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE child ENABLE ALWAYS TRIGGER refused_always;
CREATE TRIGGER silent BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE child DISABLE TRIGGER silent;
CREATE TABLE event (id int, at date NOT NULL, parent_id int REFERENCES parent) PARTITION BY RANGE (at);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX event_at ON event (at);
"""


def test_everything_set_aside_comes_back_exactly(engine: Engine, session: Session) -> None:
    schema = made(engine, session, TABLES)
    parent, child, event = (schema.entity(name) for name in ("parent", "child", "event"))
    assert parent
    assert child
    assert event
    with session.filling(schema):
        inside = session.inspect()
        session.load(child, [Batch(("id", "parent_id", "n"), ([1, 2], [1, 7], [1, 7]), 2)])
        session.load(parent, [Batch(("id", "code"), (np.arange(1, 10), [str(i) for i in range(1, 10)]), 9)])
        session.load(event, [Batch(("id", "at", "parent_id"), ([1], [dt.date(2024, 5, 5)], [1]), 1)])
    assert inside != schema
    assert session.inspect() == schema
    assert session.count("event") == 1


def test_sequences_go_on_after_the_rows(engine: Engine, session: Session) -> None:
    schema = made(engine, session, "CREATE TABLE t (id serial, other int GENERATED BY DEFAULT AS IDENTITY, down int)")
    made(
        engine, session, "CREATE SEQUENCE falling INCREMENT -1; ALTER TABLE t ALTER down SET DEFAULT nextval('falling')"
    )
    entity = schema.entity("t")
    assert entity
    with session.filling(schema):
        session.load(entity, [Batch(("id", "other", "down"), ([5, 90], [7, 3], [-2, -8]), 2)])
    made(engine, session, "INSERT INTO t DEFAULT VALUES")
    assert session.sample("t", ["id", "other", "down"], 3, seed=1).count(("91", "8", "'-9'")) == 1


def test_statistics_and_visibility_are_up_to_date_after_filling(engine: Engine, session: Session) -> None:
    schema = made(engine, session, "CREATE TABLE t (id int PRIMARY KEY)")
    entity = schema.entity("t")
    assert entity
    with session.filling(schema):
        session.load(entity, [Batch(("id",), (np.arange(5000),), 5000)])
    access = session.explain("SELECT id FROM t WHERE id < 50", execute=True)
    assert isinstance(access, Access)
    assert access.operation == "index only scan"
    assert "Heap Fetches" not in dict(access.detail)
    assert 25 <= (access.rows_expected or 0) <= 100


def test_a_unique_index_that_the_rows_do_not_satisfy_is_named(engine: Engine, session: Session) -> None:
    schema = made(engine, session, TABLES)
    parent = schema.entity("parent")
    assert parent
    with pytest.raises(Unsatisfied) as caught, session.filling(schema):
        session.load(parent, [Batch(("code",), (["same", "same"],), 2)])
    assert caught.value.entity == "parent"
    assert "Odd Name" in caught.value.refusal.detail + caught.value.refusal.message
    assert session.inspect() == schema


REFUSED = {
    "a check": (("n",), ([-1],), "positive"),
    "a generated column": (("twice",), ([1],), "generated"),
    "a type": (("n",), (["word"],), "word"),
    "an unknown column": (("nope",), ([1],), "nope"),
}


@pytest.mark.parametrize(("fields", "columns", "said"), REFUSED.values(), ids=REFUSED)
def test_refused_rows_leave_the_session_and_other_rows_alone(
    engine: Engine, session: Session, fields: tuple[str, ...], columns: tuple[list[object], ...], said: str
) -> None:
    schema = made(engine, session, TABLES)
    parent, child = schema.entity("parent"), schema.entity("child")
    assert parent
    assert child
    with session.filling(schema):
        session.load(parent, [Batch(("id",), ([1],), 1)])
        with pytest.raises(Unsatisfied) as caught:
            session.load(child, [Batch(fields, columns, 1)])
    assert said in caught.value.refusal.message + caught.value.refusal.detail
    assert (session.count("parent"), session.count("child")) == (1, 0)


def test_samples_skip_nulls_and_are_literals_of_their_type(engine: Engine, session: Session) -> None:
    made(engine, session, "CREATE TABLE t (a int, b text, c date, d boolean)")
    made(engine, session, "INSERT INTO t VALUES (-1, 'it''s \\', '2024-01-01', true), (NULL, 'x', NULL, NULL)")
    assert session.sample("t", ["a", "b", "c", "d"], 9, seed=1) == (("'-1'", "E'it''s \\\\'", "'2024-01-01'", "true"),)
    drawn = session.sample("t", ["b"], 9, seed=1)
    (effect,) = applied(engine, session, f"INSERT INTO t (b) VALUES ({drawn[0][0]})")
    assert effect.refusal is None


def test_large_tables_are_sampled_by_the_page(engine: Engine, session: Session) -> None:
    made(engine, session, "CREATE TABLE t AS SELECT i AS id, repeat('x', 500) AS pad FROM generate_series(1, 20000) i")
    drawn = session.sample("t", ["id"], 50, seed=3)
    assert len(set(drawn)) == 50
    assert drawn == session.sample("t", ["id"], 50, seed=3)
    assert max(int(row[0]) for row in drawn) > 15_000


def test_views_can_be_sampled(engine: Engine, session: Session) -> None:
    made(engine, session, "CREATE VIEW v AS SELECT i AS id FROM generate_series(1, 100) i")
    assert len(set(session.sample("v", ["id"], 10, seed=1))) == 10

"""Inspecting misses nothing: every kind of change is seen, named, and gone again when it is taken back."""

from collections.abc import Iterator

import pytest

from harness.design.compare import differences
from harness.engine import Engine, Session
from harness.servers.model import Server
from tests.adapters.postgresql.changes import BASE, CASES, Case
from tests.adapters.scripts import made
from tests.adapters.stage import Stage


@pytest.fixture(scope="module")
def stage(engine: Engine, engine_server: Server) -> Iterator[Stage]:
    opened = Stage(engine, engine_server, BASE)
    yield opened
    opened.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.change[:60])
def test_a_change_is_named_and_gone_when_taken_back(
    engine: Engine, engine_server: Server, stage: Stage, case: Case
) -> None:
    if int(engine_server.version.partition(".")[0]) < case.since:
        pytest.skip(f"came with PostgreSQL {case.since}")
    session, before = stage.begun()
    after = made(engine, session, case.change)
    named = [difference.what for difference in differences(before, after)]
    assert [what for what in named if case.named in what], named
    if case.back:
        assert differences(before, made(engine, session, case.back)) == ()
        stage.as_before = True


def test_the_same_script_makes_the_same_schema_again(engine: Engine, session: Session) -> None:
    first = made(engine, session, BASE)
    made(
        engine,
        session,
        "DROP SCHEMA public, app CASCADE; CREATE SCHEMA public; COMMENT ON SCHEMA public IS 'standard public schema'",
    )
    second = made(engine, session, BASE)
    assert [d.what for d in differences(first, second)] == []


def test_the_search_path_does_not_change_what_is_printed(engine: Engine, session: Session) -> None:
    before = made(engine, session, BASE)
    database = session._connection.info.dbname
    made(engine, session, f"ALTER DATABASE {database} SET search_path = app, pg_catalog")
    assert [d.what for d in differences(before, session.inspect())] == ["setting of the database"]


def test_only_the_position_differs_when_a_column_comes_back(engine: Engine, session: Session) -> None:
    before = made(engine, session, "CREATE TABLE t (a int, b int)")
    after = made(engine, session, "ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a int")
    assert [difference.kind for difference in differences(before, after)] == ["order"]


def test_a_list_of_texts_is_the_same_after_its_column_had_another_type(engine: Engine, session: Session) -> None:
    """ALTER COLUMN TYPE prints each value with a cast of its own, where the whole list had one."""
    once = (
        "CREATE TABLE t (a varchar(9) CHECK (a IN ('it''s', 'b'))); CREATE INDEX i ON t (a) WHERE a NOT IN ('c', 'd')"
    )
    before = made(engine, session, once)
    other = made(engine, session, "ALTER TABLE t ALTER COLUMN a TYPE text")
    after = made(engine, session, "ALTER TABLE t ALTER COLUMN a TYPE varchar(9)")
    assert differences(before, other) != ()
    assert differences(before, after) == ()
    changed = "ALTER TABLE t DROP CONSTRAINT t_a_check, ADD CONSTRAINT t_a_check CHECK (a IN ('its', 'b'))"
    assert [d.what for d in differences(before, made(engine, session, changed))] == ["check t.t_a_check expression"]


def test_a_renamed_table_keeps_no_trace_in_its_not_null_names(engine: Engine, session: Session) -> None:
    before = made(engine, session, "CREATE TABLE t (a int NOT NULL)")
    made(engine, session, "ALTER TABLE t RENAME TO u; ALTER TABLE u ALTER a DROP NOT NULL")
    assert made(engine, session, "ALTER TABLE u ALTER a SET NOT NULL; ALTER TABLE u RENAME TO t") == before


SHAPES = {
    "smallint": ("integer", {"width": 2}),
    "bigserial": ("integer", {"width": 8}),
    "numeric": ("decimal", {"precision": None, "scale": None}),
    "numeric(7,3)": ("decimal", {"precision": 7, "scale": 3}),
    "real": ("float", {"width": 4}),
    "varchar(12)": ("text", {"length": 12, "fixed": False}),
    "char(3)": ("text", {"length": 3, "fixed": True}),
    "text": ("text", {"length": None}),
    "boolean": ("boolean", {}),
    "date": ("date", {}),
    "time": ("time", {"zoned": False}),
    "timestamp(3)": ("timestamp", {"precision": 3, "zoned": False}),
    "timestamptz": ("timestamp", {"precision": 6, "zoned": True}),
    "interval": ("interval", {}),
    "uuid": ("uuid", {}),
    "jsonb": ("json", {"detail": "jsonb"}),
    "bytea": ("bytes", {}),
    "inet": ("network", {"detail": "inet"}),
    "bit(5)": ("bits", {"length": 5, "fixed": True}),
    "int4range": ("range", {"detail": "int4range"}),
    "point": ("geometry", {"detail": "point"}),
    "tsvector": ("search", {"detail": "tsvector"}),
    "xml": ("xml", {}),
    "mood": ("enum", {"labels": ("sad", "happy")}),
    "positive": ("integer", {"width": 4}),
}


def test_shapes_say_what_values_a_column_takes(engine: Engine, session: Session) -> None:
    columns = ", ".join(f"c{number} {type_}" for number, type_ in enumerate(SHAPES))
    entity = made(engine, session, f"{BASE}; CREATE TABLE shapes ({columns})").entity("shapes")
    assert entity
    for field, (type_, (family, facts)) in zip(entity.fields, SHAPES.items(), strict=True):
        assert field.shape
        assert field.shape.family == family, type_
        assert {name: getattr(field.shape, name) for name in facts} == facts, type_


def test_an_array_has_the_shape_of_its_elements(engine: Engine, session: Session) -> None:
    entity = made(engine, session, "CREATE TABLE t (a varchar(7)[])").entity("t")
    assert entity
    shape = entity.fields[0].shape
    assert shape
    assert shape.family == "array"
    assert shape.element
    assert (shape.element.family, shape.element.length) == ("text", 7)


def test_a_domains_conditions_are_said_of_its_columns(engine: Engine, session: Session) -> None:
    schema = made(
        engine,
        session,
        "CREATE DOMAIN inner_one AS int NOT NULL CHECK (VALUE > 0);"
        "CREATE DOMAIN outer_one AS inner_one CHECK (VALUE < 9);"
        'CREATE TABLE t ("A" outer_one)',
    )
    entity = schema.entity("t")
    assert entity
    found = {check.expression: check.fields for check in entity.checks}
    assert found == {'"A" > 0': ("A",), '"A"::integer < 9': ("A",), '"A" IS NOT NULL': ("A",)}

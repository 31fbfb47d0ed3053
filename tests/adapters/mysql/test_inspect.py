"""Inspecting misses nothing: every kind of change is seen, named, and gone again when it is taken back."""

from collections.abc import Iterator

import pytest

from harness.design.compare import differences
from harness.design.model import Schema
from harness.engine import Engine, Session
from harness.servers.model import Server
from tests.adapters.mysql.changes import BASE, CASES, Case
from tests.adapters.scripts import made
from tests.adapters.stage import Stage


@pytest.fixture(scope="module")
def stage(engine: Engine, engine_server: Server) -> Iterator[Stage]:
    opened = Stage(engine, engine_server, BASE)
    yield opened
    opened.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.change[:60])
def test_a_change_is_named_and_gone_when_taken_back(engine: Engine, stage: Stage, case: Case) -> None:
    if case.only not in {"", engine.name}:
        pytest.skip(f"{engine.title} does not know it")
    session, before = stage.begun()
    after = made(engine, session, case.change)
    named = [difference.what for difference in differences(before, after)]
    assert [what for what in named if case.named in what], named
    if case.back:
        assert differences(before, made(engine, session, case.back)) == ()
        stage.as_before = True


def test_the_same_script_makes_the_same_schema_again(engine: Engine, session: Session) -> None:
    first = made(engine, session, BASE)
    objects = "DROP VIEW names; DROP PROCEDURE nothing; DROP FUNCTION twice; DROP EVENT nightly"
    drop = f"DROP TABLE child, parent, event; {objects}"
    assert made(engine, session, drop) == Schema()
    assert [d.what for d in differences(first, made(engine, session, BASE))] == []


def test_rows_change_nothing_that_is_read_back(engine: Engine, session: Session) -> None:
    before = made(engine, session, BASE)
    after = made(
        engine, session, "INSERT INTO parent (code) VALUES ('a'), ('b'); INSERT INTO event VALUES (1, '2024-01-01')"
    )
    assert differences(before, after) == ()


def test_only_the_position_differs_when_a_column_comes_back(engine: Engine, session: Session) -> None:
    before = made(engine, session, "CREATE TABLE t (a int, b int)")
    after = made(engine, session, "ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a int")
    assert [difference.kind for difference in differences(before, after)] == ["order"]


def test_a_foreign_key_that_is_dropped_leaves_its_index(engine: Engine, session: Session) -> None:
    before = made(engine, session, "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int)")
    made(engine, session, "ALTER TABLE c ADD CONSTRAINT c_p FOREIGN KEY (p_id) REFERENCES p (id)")
    after = made(engine, session, "ALTER TABLE c DROP FOREIGN KEY c_p")
    assert [(d.kind, d.what) for d in differences(before, after)] == [("extra", "index c_p on c")]


def test_modify_restates_the_whole_column(engine: Engine, session: Session) -> None:
    before = made(engine, session, "CREATE TABLE t (a varchar(10) NOT NULL DEFAULT 'x' COMMENT 'why')")
    after = made(engine, session, "ALTER TABLE t MODIFY a varchar(20); ALTER TABLE t MODIFY a varchar(10)")
    assert {d.what for d in differences(before, after)} == {
        "column t.a nullable", "column t.a default", "column t.a description",
    }  # fmt: skip


def test_names_and_texts_keep_what_is_strange_in_them(engine: Engine, session: Session) -> None:
    schema = made(
        engine,
        session,
        "CREATE TABLE `a ``b`` (c, d)` (`select` int PRIMARY KEY COMMENT 'it''s, (x) `y` \\\\', `DEFAULT` "
        "varchar(20) DEFAULT 'a, b) `c` ''d'' \\\\', KEY `k (x)` (`DEFAULT`(3))) COMMENT 'ENGINE=x, PARTITION BY'",
    )
    (entity,) = schema.entities
    assert entity.name == "a `b` (c, d)"
    assert dict(entity.options)["comment"] == "ENGINE=x, PARTITION BY"
    assert [(f.name, f.default, f.description) for f in entity.fields] == [
        ("select", None, "it's, (x) `y` \\"),
        ("DEFAULT", "'a, b) `c` ''d'' \\\\'", ""),
    ]
    assert [(i.name, i.keys[0].text, i.keys[0].length) for i in entity.indexes] == [
        ("PRIMARY", "select", None),
        ("k (x)", "DEFAULT", 3),
    ]


def test_a_view_whose_table_is_gone_is_still_told(engine: Engine, session: Session) -> None:
    made(engine, session, "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t")
    schema = made(engine, session, "DROP TABLE t")
    assert [entity.name for entity in schema.entities] == ["v"]


def test_a_binary_default_survives(engine: Engine, session: Session) -> None:
    schema = made(engine, session, "CREATE TABLE t (a varbinary(4) DEFAULT x'00ff41')")
    default = schema.entities[0].fields[0].default
    assert default in {"0x00FF41", "x'00ff41'", "'\\0\\xffA'"}  # MySQL, MariaDB 11.8, MariaDB 10.11


def test_a_serial_columns_second_index_stands_behind_nothing(engine: Engine, session: Session) -> None:
    (entity,) = made(engine, session, "CREATE TABLE t (id SERIAL PRIMARY KEY)").entities
    double = [("id", None)] if engine.name == "mysql" else []  # MariaDB sees that it is one
    assert [(i.name, i.constraint) for i in entity.indexes] == [("PRIMARY", "PRIMARY"), *double]

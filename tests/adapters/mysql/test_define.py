"""What a document's tables become: DDL that the servers take, and that says what the document says."""

from dataclasses import replace

import pytest

from harness.adapters.mysql.defaults import default
from harness.adapters.mysql.define import define
from harness.adapters.mysql.types import native
from harness.design.model import Check, Entity, Field, ForeignKey, Index, IndexKey, Key, Schema
from harness.engine import Engine, Session
from harness.source import Source

TYPES = {
    "SERIAL": "SERIAL",
    "BIGINT UNSIGNED": "BIGINT UNSIGNED",
    "INT(11)": "INT(11)",
    "BOOLEAN": "BOOLEAN",
    "VARCHAR(255)": "VARCHAR(255)",
    "`datetime(6)`": "datetime(6)",
    "DECIMAL(10,2)": "DECIMAL(10,2)",
    "double precision": "double precision",
    "VARCHAR": "VARCHAR(255)",
    "char": "char",
    "string": "varchar(255)",
    "String(40)": "varchar(40)",
    "timestamptz": "timestamp",
    "timestamptz(6)": "timestamp(6)",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
    "jsonb": "json",
    "text[]": "json",
    "bytea": "blob",
    "number(10,2)": "decimal(10,2)",
    "bigserial": "bigint auto_increment",
    "unsigned int": "int unsigned",
    "uuid": "char(36)",
    "ENUM('a', 'it''s')": "ENUM('a', 'it''s')",
    "enum: a | it's": "enum('a', 'it''s')",
    "set(a, b)": "set('a', 'b')",
    "POINT SRID 4326": "POINT SRID 4326",
    "mood": "mood",
}


@pytest.mark.parametrize(("word", "expected"), TYPES.items())
def test_type_words_become_what_comes_closest(word: str, expected: str) -> None:
    assert native(word) == expected


def test_a_type_uuid_is_kept_where_there_is_one() -> None:
    assert native("UUID", uuid=True) == "UUID"


DEFAULTS = {
    ("pending", "varchar(9)"): "'pending'",
    ("'it''s'", "varchar(9)"): "'it''s'",
    ("in progress", "varchar(20)"): "'in progress'",
    ("-1", "int"): "-1",
    ("TRUE", "boolean"): "TRUE",
    ("b'1'", "bit(1)"): "b'1'",
    ("NULL", "json"): "NULL",
    ("now()", "datetime"): "now()",
    ("NOW()", "timestamp(3)"): "NOW(3)",
    ("CURRENT_TIMESTAMP", "DATETIME(6)"): "CURRENT_TIMESTAMP(6)",
    ("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP", "timestamp(6)"): (
        "CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)"
    ),
    ("CURRENT_TIMESTAMP", "date"): "(CURRENT_TIMESTAMP)",
    ("CURRENT_DATE", "date"): "(CURRENT_DATE)",
    ("uuid()", "char(36)"): "(uuid())",
    ("(uuid())", "char(36)"): "(uuid())",
    ("(1) + (2)", "int"): "((1) + (2))",
    ("1 + 2", "int"): "(1 + 2)",
    ("'x'", "text"): "('x')",
    ("{}", "json"): "('{}')",
    ("JSON_ARRAY()", "JSON"): "(JSON_ARRAY())",
}


@pytest.mark.parametrize(("written", "expected"), DEFAULTS.items())
def test_defaults_are_written_as_the_servers_want_them(written: tuple[str, str], expected: str) -> None:
    assert default(*written) == expected


def entity(name: str, *fields: Field, **parts: object) -> Entity:
    return Entity(name, fields=fields, **parts)  # type: ignore[arg-type]


def texts(*entities: Entity) -> list[str]:
    return [statement.text for statement in define(Schema(entities))]


ID = Field("id", "int")

USERS = entity(
    "users",
    Field("id", "BIGINT UNSIGNED", nullable=False, identity="auto"),
    Field("email", "varchar(50)", nullable=False, options=(("collate", "utf8mb4_bin"),)),
    Field("state", "enum('on', 'off')", nullable=False, default="on"),
    Field("roles", "SET('a', 'b')"),
    Field("profile", "JSON", default="{}"),
    Field("key", "UUID", default="UUID()"),
    Field("made", "timestamp(3)", default="NOW()", options=(("on update", "CURRENT_TIMESTAMP"),)),
    Field("age", "tinyint unsigned"),
    Field("twice", "int", generated="age * 2", options=(("stored", "yes"),)),
    keys=(Key(None, ("id",), primary=True), Key("one_email", ("email", "made")), Key(None, ("key",))),
    checks=(Check("grown", "age >= 18"), Check(None, None), Check(None, "< 200", ("age",))),
    source=Source("d.md", 3, 9),
)
ORDERS = entity(
    "orders",
    Field("id", "SERIAL"),
    Field("user_id", "BIGINT UNSIGNED", nullable=False),
    Field("note", "text"),
    keys=(Key(None, ("id",), primary=True),),
    foreign_keys=(ForeignKey("of_user", ("user_id",), "users", (), "CASCADE", "RESTRICT"),),
    indexes=(
        Index("by_user", "orders", (IndexKey("user_id"), IndexKey("id", descending=True))),
        Index("by_note", "orders", (IndexKey("note", length=20),)),
        Index("words", "orders", (IndexKey("note"),), method="fulltext"),
        Index(None, "orders", (IndexKey("upper(left(note, 9))", expression=True),), method="BTREE"),
        Index("only_a_name", "orders"),
    ),
)


def test_everything_that_is_said_is_written() -> None:
    assert texts(USERS)[0] == (
        "CREATE TABLE users (\n"
        "  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,\n"
        "  email varchar(50) COLLATE utf8mb4_bin NOT NULL,\n"
        "  state enum('on', 'off') NOT NULL DEFAULT 'on',\n"
        "  roles SET('a', 'b'),\n"
        "  profile JSON DEFAULT ('{}'),\n"
        "  `key` char(36) DEFAULT (UUID()),\n"
        "  made timestamp(3) DEFAULT NOW(3) ON UPDATE CURRENT_TIMESTAMP(3),\n"
        "  age tinyint unsigned,\n"
        "  twice int GENERATED ALWAYS AS (age * 2) STORED,\n"
        "  PRIMARY KEY (id),\n"
        "  UNIQUE KEY one_email (email, made),\n"
        "  UNIQUE KEY (`key`),\n"
        "  CONSTRAINT grown CHECK (age >= 18),\n"
        "  CHECK (age < 200)\n"
        ")"
    )


def test_parents_come_first_and_foreign_keys_name_what_they_point_at() -> None:
    first, second, *indexes = texts(ORDERS, USERS)
    assert first.startswith("CREATE TABLE users")
    assert (
        "CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE RESTRICT" in second
    )
    assert indexes == [
        "CREATE INDEX by_user ON orders (user_id, id DESC)",
        "CREATE INDEX by_note ON orders (note(20))",
        "CREATE FULLTEXT INDEX words ON orders (note)",
        "CREATE INDEX idx_orders_upper_left_note USING BTREE ON orders ((upper(left(note, 9))))",
    ]


def test_a_cycle_is_closed_by_a_later_statement() -> None:
    keys = (Key(None, ("code",), primary=True),)
    a = entity("a", Field("code", "int"), foreign_keys=(ForeignKey("to_b", ("code",), "b"),), keys=keys)
    b = entity("b", Field("code", "int"), foreign_keys=(ForeignKey(None, ("code",), "a"),), keys=keys)
    first, second, third = texts(a, b)
    assert "REFERENCES" not in first
    assert "FOREIGN KEY (code) REFERENCES a (code)" in second
    assert third == "ALTER TABLE a ADD CONSTRAINT to_b FOREIGN KEY (code) REFERENCES b (code)"


def test_a_column_that_numbers_itself_and_leads_no_key_gets_one() -> None:
    found = texts(
        entity("t", Field("n", "int", identity="auto"), Field("a", "int"), keys=(Key(None, ("a", "n"), primary=True),))
    )
    assert found[0].endswith("PRIMARY KEY (a, n),\n  KEY (n)\n)")


def test_an_index_that_a_key_brings_along_is_not_made_twice() -> None:
    indexes = (
        Index("uq_a", "t", (IndexKey("a"),), unique=True),
        Index("b", "t", (IndexKey("b"),), unique=True),
        Index("PRIMARY", "t", (IndexKey("id"),)),
    )
    keys = (Key(None, ("id",), primary=True), Key("uq_a", ("a",)), Key(None, ("b",)))
    assert len(texts(entity("t", ID, keys=keys, indexes=indexes))) == 1


def test_an_entity_without_fields_gives_only_its_indexes() -> None:
    index = Index("i", "t", (IndexKey("a"),), unique=True, source=Source("d.md", 9, 9))
    (made,) = define(Schema((Entity("t", indexes=(index,)),)))
    assert (made.text, made.source, made.origin) == ("CREATE UNIQUE INDEX i ON t (a)", Source("d.md", 9, 9), "derived")


def test_what_the_servers_do_not_know_is_written_for_them_to_refuse() -> None:
    index = Index("few", "t", (IndexKey("id"),), predicate="id > 5", includes=("name",))
    assert texts(entity("t", ID, indexes=(index,)))[1] == "CREATE INDEX few ON t (id) INCLUDE (name) WHERE id > 5"


def test_the_server_takes_it_all_and_has_what_was_said(engine: Engine, session: Session) -> None:
    plain = tuple(i for i in ORDERS.indexes if not any(key.expression for key in i.keys))  # MariaDB has no others
    orders = replace(ORDERS, indexes=plain)
    effects = session.apply(engine.define(Schema((orders, USERS))), timeout_s=30)
    assert [effect.refusal for effect in effects if effect.refusal] == []
    schema = session.inspect()
    users = schema.entity("users")
    assert users
    assert [f.identity for f in users.fields if f.name == "id"] == ["auto"]
    assert len(users.checks) >= 2
    found = schema.entity("orders")
    assert found
    assert [(k.name, k.on_delete) for k in found.foreign_keys] == [("of_user", "CASCADE")]
    assert schema.index("by_user")
    assert schema.index("words")

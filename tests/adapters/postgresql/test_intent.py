"""What statements are about, and how they are taken back."""

import pytest

from harness.adapters.postgresql.intent import intent
from harness.engine import Engine, Session
from tests.adapters.scripts import FIRST_LINE, made, script

ABOUT = {
    "CREATE TABLE users (id int)": ("create", "table", "users", "users", ()),
    'CREATE TABLE "Users" (id int)': ("create", "table", "Users", "Users", ()),
    "CREATE TABLE public.users (id int)": ("create", "table", "users", "users", ()),
    "CREATE TABLE app.users (id int REFERENCES auth.users, m mood, FOREIGN KEY (id) REFERENCES shop (id))": (
        "create", "table", "app.users", "app.users", ("app", "auth.users", "mood", "shop"),
    ),
    "CREATE TABLE o_2024 PARTITION OF o FOR VALUES IN (1)": ("create", "partition", "o_2024", "o_2024", ("o",)),
    "CREATE TABLE t AS SELECT * FROM a JOIN b ON true": ("create", "table", "t", "t", ("a", "b")),
    "SELECT * INTO t FROM a": ("create", "table", "t", "t", ("a",)),
    "CREATE UNIQUE INDEX i ON app.users (id)": ("create", "index", "app.i", "app.users", ()),
    "CREATE INDEX ON users (id)": ("create", "index", "", "users", ()),
    "CREATE VIEW v AS WITH w AS (SELECT 1) SELECT * FROM w, users": ("create", "view", "v", "v", ("users",)),
    "CREATE MATERIALIZED VIEW m AS SELECT * FROM users": ("create", "materialized view", "m", "m", ("users",)),
    "CREATE TYPE mood AS ENUM ('a')": ("create", "type", "mood", "", ()),
    "CREATE DOMAIN d AS mood": ("create", "domain", "d", "", ("mood",)),
    "CREATE EXTENSION pg_trgm": ("create", "extension", "pg_trgm", "", ()),
    "CREATE SCHEMA app": ("create", "schema", "app", "", ()),
    "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'": ("create", "function", "app.f", "", ("app",)),
    "CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f()": (
        "create", "trigger", "t", "users", ("f",),
    ),
    "ALTER TABLE users ADD COLUMN role_id int REFERENCES roles": ("alter", "table", "users", "users", ("roles",)),
    "ALTER TABLE o ATTACH PARTITION p DEFAULT": ("alter", "table", "o", "o", ("p",)),
    "ALTER TABLE users RENAME COLUMN a TO b": ("rename", "column", "a", "users", ()),
    "ALTER INDEX i RENAME TO j": ("rename", "index", "i", "", ()),
    "DROP TABLE IF EXISTS app.a, b CASCADE": ("drop", "table", "app.a", "app.a", ("b",)),
    "DROP INDEX CONCURRENTLY i": ("drop", "index", "i", "", ()),
    "DROP TRIGGER t ON app.users": ("drop", "trigger", "t", "app.users", ()),
    "COMMENT ON COLUMN app.users.id IS 'x'": ("comment", "column", "id", "app.users", ()),
    "INSERT INTO users SELECT * FROM old": ("insert", "table", "users", "users", ("old",)),
    "UPDATE users SET a = 1": ("update", "table", "users", "users", ()),
    "DELETE FROM users": ("delete", "table", "users", "users", ()),
    "TRUNCATE a, b": ("delete", "table", "a", "a", ("b",)),
    "SELECT * FROM users JOIN orders USING (id)": ("select", "", "", "users", ("users", "orders")),
    "EXPLAIN ANALYZE SELECT * FROM users": ("select", "explain", "", "users", ("users",)),
    "SELECT * FROM users WHERE id = :id AND a = ? LIMIT %s": ("select", "", "", "users", ("users",)),
    "SET search_path TO app": ("set", "setting", "search_path", "", ()),
    "BEGIN": ("other", "transaction", "", "", ()),
    "VACUUM users": ("other", "vacuum", "", "", ()),
    "SELECT " + " || ".join(["'x'"] * 300): ("other", "", "", "", ()),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ABOUT.items(), ids=[text[:50] for text in ABOUT])
def test_a_statement_tells_what_it_is_about(text: str, expected: tuple[object, ...]) -> None:
    found = intent(script(text))
    assert (found.verb, found.kind, found.name, found.entity, found.references) == expected


BEYOND = {
    "CREATE DATABASE shop": "database",
    "DROP DATABASE IF EXISTS shop": "database",
    "ALTER DATABASE shop SET timezone TO 'UTC'": "database",
    "ALTER DATABASE shop RENAME TO other": "database",
    "ALTER DATABASE shop OWNER TO app": "database",
    "COMMENT ON DATABASE shop IS 'x'": "database",
    "GRANT CONNECT ON DATABASE shop TO app": "database",
    "CREATE TABLESPACE fast LOCATION '/ssd'": "tablespace",
    "ALTER SYSTEM SET work_mem = '8MB'": "settings",
    "CREATE SUBSCRIPTION s CONNECTION 'host=db' PUBLICATION p": "subscription",
    "CREATE ROLE app": "role",
    "CREATE USER app PASSWORD 'x'": "role",
    "ALTER ROLE app SET work_mem = '8MB'": "role",
    "ALTER USER app PASSWORD 'x'": "role",
    "DROP ROLE app": "role",
    "GRANT reader TO app": "role",
    "ALTER ROLE app RENAME TO other": "role",
    "DO $$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN NULL; END $$": "role",
    "DO $$ BEGIN RAISE NOTICE 'user'; END $$": "",
    "GRANT SELECT ON users TO app": "",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app": "",
    "CREATE USER MAPPING FOR app SERVER s": "",
    "SET ROLE app": "",
    "COMMENT ON TABLE users IS 'x'": "",
    "ALTER TABLE users RENAME TO people": "",
    "CREATE SCHEMA app": "",
    "CREATE EXTENSION citext": "",
}


@pytest.mark.parametrize(("text", "expected"), BEYOND.items(), ids=[text[:50] for text in BEYOND])
def test_a_statement_tells_what_it_changes_outside_its_database(text: str, expected: str) -> None:
    assert intent(script(text)).beyond == expected


INVALID = {
    "CREATE TABLE t (\n  id int,\n  name texxt textt\n)": (3, "syntax error"),
    "CREATE TABLE t (\n  id int": (2, "end of input"),
    "SELECT 1,\n'abc": (2, "unterminated"),
    "\\connect shop": (1, "psql"),
    "COPY users FROM STDIN": (1, "client"),
    "id UUID PRIMARY KEY": (1, "syntax error"),
}


@pytest.mark.parametrize(("text", "expected"), INVALID.items(), ids=list(INVALID))
def test_what_does_not_parse_says_where(text: str, expected: tuple[int, str]) -> None:
    found = intent(script(text))
    assert found.verb == "invalid"
    assert found.refusal
    assert found.refusal.source.line == FIRST_LINE + expected[0] - 1
    assert expected[1] in found.refusal.message


BEFORE = """
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, age int);
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE INDEX old_index ON users (age);
CREATE SCHEMA app;
"""

REVERSIBLE = (
    "CREATE TABLE t (id int)",
    "CREATE TABLE app.t (id serial)",
    'CREATE TABLE "Weird name" (id int)',
    "CREATE TABLE t AS SELECT * FROM users",
    "CREATE INDEX i ON users (name)",
    "CREATE INDEX ON users (name, age)",
    "CREATE INDEX CONCURRENTLY ON users (name)",
    "CREATE VIEW v AS SELECT * FROM users",
    "CREATE MATERIALIZED VIEW m AS SELECT * FROM users",
    "CREATE SEQUENCE s",
    "CREATE TYPE kind AS ENUM ('a')",
    "CREATE TYPE pair AS (a int)",
    "CREATE DOMAIN d AS int CHECK (VALUE > 0)",
    "CREATE FUNCTION g(a int, OUT b text, c int[] DEFAULT '{}') LANGUAGE sql AS 'SELECT 1::text'",
    "CREATE FUNCTION g(a int) RETURNS TABLE (b int) LANGUAGE sql AS 'SELECT 1'",
    "CREATE PROCEDURE p(a users) LANGUAGE sql AS ''",
    "CREATE TRIGGER tr BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f()",
    "CREATE RULE r AS ON DELETE TO users DO INSTEAD NOTHING",
    "CREATE POLICY p ON users USING (true)",
    "CREATE SCHEMA more",
    "CREATE SCHEMA more CREATE TABLE t (id int)",
    "CREATE EXTENSION pg_trgm",
    "ALTER TABLE users ADD COLUMN a int",
    "ALTER TABLE users ADD COLUMN a int UNIQUE, ADD CONSTRAINT adult CHECK (age >= 18), ALTER age SET NOT NULL",
    "ALTER TABLE users ADD UNIQUE (name)",
    "ALTER TABLE users ADD CHECK (age > 0)",
    "ALTER TABLE users ADD FOREIGN KEY (age) REFERENCES users (id)",
    "ALTER TABLE users ALTER name DROP NOT NULL",
    "ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    "ALTER TABLE users SET UNLOGGED",
    "ALTER TABLE users RENAME TO people",
    'ALTER TABLE users RENAME COLUMN name TO "Name"',
    "ALTER TABLE users RENAME CONSTRAINT users_pkey TO pk",
    "ALTER INDEX old_index RENAME TO new_index",
    "ALTER TYPE mood RENAME TO feeling",
    "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
    "ALTER FUNCTION f() RENAME TO g",
    "ALTER SCHEMA app RENAME TO application",
)


@pytest.mark.parametrize("text", REVERSIBLE)
def test_what_can_be_undone_is_undone_exactly(engine: Engine, session: Session, text: str) -> None:
    before = made(engine, session, BEFORE)
    undo = intent(script(text)).undo
    assert undo
    assert made(engine, session, text) != before
    assert made(engine, session, ";\n".join(undo)) == before


IRREVERSIBLE = (
    "CREATE TABLE IF NOT EXISTS t (id int)",
    "CREATE OR REPLACE VIEW v AS SELECT 1",
    "CREATE INDEX ON users (lower(name))",
    "ALTER TABLE users ADD PRIMARY KEY (id)",
    "ALTER TABLE users ADD CHECK (a > b)",
    "ALTER TABLE users ADD COLUMN IF NOT EXISTS a int",
    "ALTER TABLE users ADD COLUMN a int, DROP COLUMN b",
    "ALTER TABLE users ALTER a SET DEFAULT 1",
    "ALTER TABLE users ALTER a TYPE text",
    "ALTER TYPE mood ADD VALUE 'angry'",
    "DROP TABLE users",
    "INSERT INTO users VALUES (1)",
    "UPDATE users SET a = 1",
    "COMMENT ON TABLE users IS 'x'",
    "GRANT SELECT ON users TO PUBLIC",
    "DO $$ BEGIN END $$",
    "CREATE TABEL t",
)


@pytest.mark.parametrize("text", IRREVERSIBLE)
def test_what_cannot_be_known_is_not_guessed(text: str) -> None:
    assert intent(script(text)).undo is None


@pytest.mark.parametrize("text", ["SELECT 1", "SET lock_timeout = 1", "BEGIN", "VACUUM", "EXPLAIN SELECT 1"])
def test_what_changes_nothing_needs_no_undoing(text: str) -> None:
    assert intent(script(text)).undo == ()

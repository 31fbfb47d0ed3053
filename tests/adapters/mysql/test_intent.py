"""What statements are about, and how they are taken back."""

import pytest

from harness.adapters.mysql.intent import intent
from tests.adapters.scripts import FIRST_LINE, script

ABOUT = {
    "CREATE TABLE users (id int)": ("create", "table", "users", "users", ()),
    "CREATE TABLE IF NOT EXISTS `order items` (id int)": ("create", "table", "order items", "order items", ()),
    "CREATE TABLE app.o (u int REFERENCES users(id), FOREIGN KEY (p) REFERENCES `shop`.`p` (id))": (
        "create", "table", "app.o", "app.o", ("users", "shop.p"),
    ),
    "CREATE TABLE t (parent int REFERENCES t(id))": ("create", "table", "t", "t", ()),
    "CREATE TABLE t LIKE a": ("create", "table", "t", "t", ("a",)),
    "CREATE TABLE t (LIKE a)": ("create", "table", "t", "t", ("a",)),
    "CREATE TABLE t AS SELECT * FROM a JOIN b USING (id)": ("create", "table", "t", "t", ("a", "b")),
    "CREATE TEMPORARY TABLE t (id int) SELECT 1 FROM a": ("create", "table", "t", "t", ("a",)),
    "/*!40101 CREATE TABLE t (id int) */": ("create", "table", "t", "t", ()),
    "CREATE UNIQUE INDEX i USING BTREE ON users (email(10), name DESC)": ("create", "index", "i", "users", ()),
    "CREATE FULLTEXT INDEX i ON app.users (bio) WITH PARSER ngram": ("create", "index", "i", "app.users", ()),
    "CREATE OR REPLACE ALGORITHM = MERGE DEFINER = `a`@`%` SQL SECURITY INVOKER VIEW v AS SELECT * FROM users": (
        "create", "view", "v", "v", ("users",),
    ),
    "CREATE VIEW v AS WITH w AS (SELECT * FROM users) SELECT * FROM w": ("create", "view", "v", "v", ("users",)),
    "CREATE DEFINER = CURRENT_USER TRIGGER t BEFORE INSERT ON users FOR EACH ROW SET NEW.a = 1": (
        "create", "trigger", "t", "users", (),
    ),
    "CREATE PROCEDURE p() BEGIN SELECT 1; END": ("create", "procedure", "p", "", ()),
    "CREATE FUNCTION f() RETURNS int RETURN 1": ("create", "function", "f", "", ()),
    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM a": ("create", "event", "e", "", ()),
    "CREATE DATABASE shop": ("create", "schema", "shop", "", ()),
    "CREATE SEQUENCE s": ("create", "sequence", "s", "", ()),
    "ALTER TABLE users ADD COLUMN role_id int, ADD FOREIGN KEY (role_id) REFERENCES roles (id)": (
        "alter", "table", "users", "users", ("roles",),
    ),
    "ALTER TABLE o EXCHANGE PARTITION p WITH TABLE archive": ("alter", "table", "o", "o", ("archive",)),
    "ALTER TABLE users RENAME COLUMN a TO b": ("rename", "column", "a", "users", ()),
    "ALTER TABLE users RENAME KEY a TO b": ("rename", "index", "a", "users", ()),
    "ALTER TABLE users RENAME TO people": ("rename", "table", "users", "users", ()),
    "ALTER TABLE users RENAME a TO b": ("alter", "table", "users", "users", ()),
    "RENAME TABLE a TO b, c TO d": ("rename", "table", "a", "a", ("c",)),
    "DROP TABLE IF EXISTS a, app.b CASCADE": ("drop", "table", "a", "a", ("app.b",)),
    "DROP INDEX i ON users": ("drop", "index", "i", "users", ()),
    "DROP INDEX `PRIMARY` ON users": ("drop", "index", "PRIMARY", "users", ()),
    "DROP TRIGGER t": ("drop", "trigger", "t", "", ()),
    "INSERT INTO users SELECT * FROM old": ("insert", "table", "users", "users", ("old",)),
    "REPLACE INTO users SELECT * FROM old": ("insert", "table", "users", "users", ("old",)),
    "LOAD DATA LOCAL INFILE 'x' INTO TABLE users": ("insert", "table", "users", "users", ()),
    "UPDATE users u JOIN orders o ON o.user_id = u.id SET u.a = 1": ("update", "table", "users", "users", ("orders",)),
    "DELETE FROM users WHERE id IN (SELECT user_id FROM bad)": ("delete", "table", "users", "users", ("bad",)),
    "TRUNCATE TABLE a": ("delete", "table", "a", "a", ()),
    "WITH w AS (SELECT 1 FROM a) DELETE FROM b WHERE id IN (SELECT * FROM w)": ("delete", "table", "b", "b", ("a",)),
    "SELECT * FROM users JOIN orders USING (id)": ("select", "", "", "users", ("users", "orders")),
    "(SELECT 1 FROM a) UNION (SELECT 2 FROM b)": ("select", "", "", "a", ("a", "b")),
    "SELECT * FROM t PARTITION (p0) FORCE INDEX (i) WHERE j->>'$.a' = ? FOR UPDATE SKIP LOCKED": (
        "select", "", "", "t", ("t",),
    ),
    "SELECT EXTRACT(YEAR FROM d) FROM a PROCEDURE ANALYSE()": ("select", "", "", "a", ("a",)),
    "EXPLAIN ANALYZE FORMAT=JSON SELECT * FROM users": ("select", "explain", "", "users", ("users",)),
    "ANALYZE FORMAT=JSON SELECT * FROM users": ("select", "explain", "", "users", ("users",)),
    "ANALYZE TABLE users": ("other", "analyze", "", "", ()),
    "SHOW CREATE TABLE users": ("select", "show", "", "", ()),
    "SET SESSION sql_mode = ''": ("set", "setting", "sql_mode", "", ()),
    "START TRANSACTION": ("other", "transaction", "", "", ()),
    "OPTIMIZE TABLE users": ("other", "optimize", "users", "users", ()),
    "GRANT SELECT ON users TO a": ("other", "privilege", "", "", ()),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ABOUT.items(), ids=[text[:50] for text in ABOUT])
def test_a_statement_tells_what_it_is_about(text: str, expected: tuple[object, ...]) -> None:
    found = intent(script(text))
    assert (found.verb, found.kind, found.name, found.entity, found.references) == expected


BEYOND = {
    "CREATE DATABASE shop": "database",
    "DROP SCHEMA IF EXISTS shop": "database",
    "ALTER DATABASE shop CHARACTER SET utf8mb4": "database",
    "USE shop": "database",
    "CREATE TABLE shop.users (id int)": "database",
    "ALTER TABLE `shop`.`users` ADD COLUMN a int": "database",
    "CREATE INDEX i ON shop.users (email)": "database",
    "DROP TABLE users, shop.orders": "database",
    "RENAME TABLE users TO archive.users": "database",
    "ALTER TABLE users RENAME TO archive.users": "database",
    "INSERT INTO shop.users VALUES (1)": "database",
    "UPDATE users u JOIN shop.orders o ON o.user_id = u.id SET o.a = 1": "database",
    "TRUNCATE shop.users": "database",
    "ALTER TABLE users RENAME shop.users": "database",
    "CALL shop.tidy()": "database",
    "CREATE USER 'app'@'%' IDENTIFIED BY 'x'": "role",
    "CREATE ROLE reader": "role",
    "DROP USER app": "role",
    "DROP USER IF EXISTS 'app'@'%', 'other'@'localhost'": "role",
    "ALTER USER 'app'@'%' ACCOUNT LOCK": "role",
    "GRANT SELECT ON shop.* TO app": "role",
    "SET PASSWORD FOR app = 'x'": "role",
    "SET DEFAULT ROLE ALL TO app": "role",
    "SET GLOBAL max_connections = 10": "settings",
    "SET @@GLOBAL.max_connections = 10": "settings",
    "SET PERSIST max_connections = 10": "settings",
    "FLUSH PRIVILEGES": "settings",
    "SHUTDOWN": "settings",
    "CREATE TABLESPACE fast ADD DATAFILE 'fast.ibd'": "tablespace",
    "SET SESSION sql_mode = ''": "",
    "SET NAMES utf8mb4": "",
    "SET @a = 1": "",
    "CREATE TABLE users (id int)": "",
    "ALTER TABLE users RENAME COLUMN a TO b": "",
    "INSERT INTO users SELECT * FROM shop.users": "",
    "SELECT * FROM shop.users": "",
    "CALL tidy(1.5)": "",
    "CREATE VIEW v AS SELECT u.id AS i FROM shop.users u": "",
    "LOCK TABLES users WRITE": "",
}


@pytest.mark.parametrize(("text", "expected"), BEYOND.items(), ids=[text[:50] for text in BEYOND])
def test_a_statement_tells_what_it_changes_outside_its_database(text: str, expected: str) -> None:
    assert intent(script(text)).beyond == expected


INVALID = {
    "\n\nid INT PRIMARY KEY": (2, "syntax error at or near 'id'"),
    "SELEC 1": (0, "syntax error at or near 'SELEC'"),
    "CREATE\nTABEL t (a int)": (1, "syntax error at or near 'TABEL'"),
    "CREATE TYPE mood AS ENUM ('a')": (0, "syntax error at or near 'TYPE'"),
    "COMMENT ON TABLE t IS 'x'": (0, "syntax error at or near 'COMMENT'"),
    "source more.sql": (0, "source is a command of the mysql client"),
    "\\. more.sql": (0, "is a command of the mysql client"),
}


@pytest.mark.parametrize(("text", "expected"), INVALID.items())
def test_what_begins_like_no_statement_is_invalid_on_its_line(text: str, expected: tuple[int, str]) -> None:
    found = intent(script(text))
    assert found.verb == "invalid"
    assert found.refusal
    assert found.refusal.source.line == FIRST_LINE + expected[0]
    assert expected[1] in found.refusal.message


@pytest.mark.parametrize(
    "text", ["", "-- nothing", "CREATE", "ALTER", "ALTER TABLE", "DROP", "RENAME", "(", "CREATE INDEX i"]
)
def test_what_is_cut_off_does_no_harm(text: str) -> None:
    assert intent(script(text)).verb

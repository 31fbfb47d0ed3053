"""Rows that a script puts in by the thousand: cut, read and run as a few statements, and nothing else is different."""

import random
from collections.abc import Iterator, Sequence

import pytest

from harness.adapters import find
from harness.adapters.mysql import split as mysql
from harness.adapters.postgresql import split as postgresql
from harness.asked.inserts import Inserting
from harness.design import longlists
from harness.design.longlists import Scanner
from harness.design.model import Schema, Statement
from harness.engine import Engine, Session
from tests.adapters.scripts import FIRST_LINE, applied, script
from tests.seeding.building import table

SCANNERS = {"postgresql": postgresql.SCANNER, "mysql": mysql.SCANNER, "mariadb": mysql.SCANNER}

COMMON = [
    "INSERT INTO t VALUES (1, 'a;b', NULL);",
    "INSERT INTO t VALUES (2, 'it''s; (so', -3.5e-7);",
    "insert into t (id, name) values (3, 'SELECT 1; -- no'),\n  (4, '/* no */'), -- a row; (or two)\n  (5, ')');",
    "INSERT INTO t (id, name) VALUES (6, upper(concat('x', ';'))), (7, CAST('8' AS CHAR(3)));",
    "INSERT INTO s.t VALUES (8, 2 - 1, 6 / 2);",
    "-- one; two\nINSERT INTO t VALUES (9, '''');",
    "INSERT INTO t VALUES /* here; */ (10, 'é😀');",
    "INSERT INTO u SELECT id, ';' FROM t;",
    "INSERT INTO t VALUES ((SELECT max(id) FROM u), 'x');",
    "CREATE TABLE x (id int, note varchar(9) DEFAULT ';');",
    "UPDATE t SET name = 'INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);';",
    "/* INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\nINSERT INTO t VALUES (3); */",
    ";",
]
OWN = {
    "postgresql": [
        r"INSERT INTO t VALUES (20, E'it\'s; so\\', '\');",
        "INSERT INTO t VALUES (21, $$a;'b$$), (22, date'2020-01-01'), (23, '{\"a\": [1]}'::jsonb);",
        "INSERT INTO t VALUES (24, $x$;$$;$x$);",
        "INSERT INTO \"t;\" (\"a)\") VALUES (25) ON CONFLICT (\"a)\") DO NOTHING;",
        "INSERT INTO t VALUES (26, 'a') ON CONFLICT (id, name) DO NOTHING;",
        "INSERT INTO t VALUES (27, 'a') ON CONFLICT (id) DO UPDATE SET name = ';';",
        "INSERT INTO t VALUES (28, 'a') RETURNING id;",
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2)\n$$;",
        "CREATE FUNCTION g() RETURNS void BEGIN ATOMIC\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\nEND;",
        "/* in /* each other */\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\n*/",
        "\\echo INSERT INTO t VALUES (1);",
        "COPY t (id, name) FROM stdin;\n1\tINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\tx\n\\.",
    ],
    "mysql": [
        r"""INSERT INTO t VALUES (20, 'it\'s; so\\', "a""b;");""",
        "INSERT IGNORE INTO `t;` (`a)`) VALUES (21), (x'3b'), (_utf8mb4'a');",
        "REPLACE INTO t VALUES (22, 'a');  # one; two",
        "INSERT INTO t VALUES (23, 'a') ON DUPLICATE KEY UPDATE name = VALUES(name), `id` = 5;",
        "INSERT INTO t VALUES (24, 5--1);",
        "/*!40000 ALTER TABLE t DISABLE KEYS */;",
        "CREATE PROCEDURE p()\nBEGIN\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\nEND;",
        ("DELIMITER //\nCREATE PROCEDURE q()\nBEGIN\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\nEND//\n"
        "DELIMITER ;"),
    ],
}  # fmt: skip
OWN["mariadb"] = OWN["mysql"]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two statements are a list, so that small scripts have some."""
    monkeypatch.setattr(longlists, "LONG", 0)
    monkeypatch.setattr(longlists, "MANY", 2)
    monkeypatch.setattr(longlists, "PIECE", 140)


def singles(found: Sequence[Statement], scanner: Scanner) -> Iterator[tuple[str, int, int]]:
    """Text and lines of each statement, those of lists among them."""
    for statement in found:
        first = statement.source.line
        for start, end in scanner.singles(statement.text) if statement.first else [(0, len(statement.text))]:
            line = first + statement.text.count("\n", 0, start)
            yield statement.text[start:end], line, line + statement.text.count("\n", start, end)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("name", SCANNERS)
def test_a_script_with_lists_is_cut_as_one_without(name: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    generator, engine = random.Random(seed), find(name)
    pieces = [
        piece for piece in generator.choices([*COMMON, *OWN[name]], k=12) for _ in range(generator.choice((1, 3)))
    ]
    text = "\n".join(pieces)
    usual = list(singles(engine.split(script(text)), SCANNERS[name]))
    monkeypatch.setattr(longlists, "LONG", 0)
    monkeypatch.setattr(longlists, "MANY", 2)
    assert list(singles(engine.split(script(text)), SCANNERS[name])) == usual


@pytest.mark.parametrize("name", SCANNERS)
@pytest.mark.usefixtures("short")
def test_lists_are_found_and_read_by_their_first_row(name: str) -> None:
    engine, rows = find(name), "".join(f"INSERT INTO t (id, name) VALUES ({n}, 'x;{n}');\n" for n in range(9))
    found = engine.split(script(f"-- first\n{rows}UPDATE t SET id = 1;\nINSERT INTO u VALUES (1),\n (2);\n"))
    assert [(s.several, s.source.line - FIRST_LINE, s.source.end_line - FIRST_LINE) for s in found] == [
        (3, 1, 3),
        (3, 4, 6),
        (3, 7, 9),
        (1, 10, 10),
        (1, 11, 12),
    ]
    assert found[0].told == "INSERT INTO t (id, name) VALUES (0, 'x;0')"
    assert (found[3].told, found[4].told) == ("UPDATE t SET id = 1", "INSERT INTO u VALUES (1)")
    assert [(i.verb, i.entity) for i in map(engine.intent, found)] == [("insert", "t")] * 3 + [
        ("update", "t"),
        ("insert", "u"),
    ]


@pytest.mark.parametrize("name", SCANNERS)
@pytest.mark.usefixtures("short")
def test_the_values_of_lists_are_known(name: str) -> None:
    engine, schema = find(name), Schema((table("roles", "id integer", "name varchar(40)"),))
    assert isinstance(engine, Inserting)
    text = "INSERT INTO roles (name, id) VALUES ('Audit''or (1, 2)', 7), (lower('X'), 8);\n"
    text += "INSERT INTO roles VALUES (9, 'é');"
    found = [each for s in engine.split(script(text)) for each in engine.inserted(s, schema)]
    assert [each for each in found if each[2].startswith("(,")] == [("roles", "id", "(,8]"), ("roles", "id", "(,9]")]
    assert [each for each in found if not each[2].startswith("(,")] == [
        ("roles", "name", "Audit'or (1, 2)"),
        ("roles", "name", "é"),
    ]


ROWS = 450
NAME = "it''s; " * 35
TABLES = "CREATE TABLE t (id integer PRIMARY KEY, name varchar(300), up integer, FOREIGN KEY (up) REFERENCES t (id))"


def rows(*, doubled: int | None = None) -> str:
    """A script of some pieces; line ``n`` has row ``n``, one of which is there already."""
    lines = [f"INSERT INTO t (id, name, up) VALUES ({n}, '{NAME}', NULL);" for n in range(1, ROWS)]
    if doubled is not None:
        lines[doubled - 1] = lines[doubled - 1].replace(f"({doubled},", "(1,")
    return "\n".join(lines)


@pytest.fixture
def sql(engine: Engine) -> Engine:
    if engine.name not in SCANNERS:
        pytest.skip(f"{engine.title} has no INSERT")
    return engine


def test_a_server_takes_lists_in_pieces(sql: Engine, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(longlists, "PIECE", 50_000)
    assert [e.refusal for e in applied(sql, session, TABLES)] == [None]
    effects = applied(sql, session, rows())
    assert [e.refusal for e in effects] == [None] * len(effects)
    assert 1 < len(effects) < 10
    assert session.count("t") == ROWS - 1


def test_a_refusal_stands_at_its_own_line(sql: Engine, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(longlists, "PIECE", 50_000)
    assert [e.refusal for e in applied(sql, session, TABLES)] == [None]
    refusal = applied(sql, session, rows(doubled=333))[-1].refusal
    assert refusal is not None
    assert refusal.source.line == FIRST_LINE + 332
    whole = sql.traits(session.version).transactional_ddl is None
    assert session.count("t") == (0 if whole else 332)


def test_statements_of_a_list_are_checked_one_by_one(sql: Engine, session: Session) -> None:
    """A row that refers to a later one is refused, as it is when each is sent by itself."""
    assert [e.refusal for e in applied(sql, session, TABLES)] == [None]
    refusal = applied(sql, session, rows().replace("NULL);", "5);", 1))[-1].refusal
    assert refusal is not None
    assert refusal.source.line == FIRST_LINE

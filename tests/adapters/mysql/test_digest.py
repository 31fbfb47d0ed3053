"""Whether rows are the same, after a dump and a restore by the makers' programs."""

from pathlib import Path

import pytest

from harness.abilities import Backing, Digesting
from harness.engine import Engine
from harness.servers.model import Address, Server
from tests.adapters.scripts import made

KINDS = {
    "small": "INT",
    "amount": "DECIMAL(20,6)",
    "weight": "FLOAT",
    "exact": "DOUBLE",
    "fixed": "DOUBLE(10,2)",
    "document": "JSON",
    "bytes": "LONGBLOB",
    "flags": "BIT(11)",
    "place": "GEOMETRY",
    "kind": "ENUM('a','b')",
    "marks": "SET('x','y')",
    "moment": "TIMESTAMP(3) NULL",
    "day": "DATETIME(6)",
    "span": "TIME(2)",
    "western": "VARCHAR(10) CHARACTER SET latin1",
    "words": "VARCHAR(10) CHARACTER SET utf8mb4",
    "prose": "TEXT",
    "code": "CHAR(5)",
    "raw": "VARBINARY(5)",
    "from": "INT",
}
"""Columns of every kind that a dump keeps; one of them has a reserved word for its name."""

ROWS = (
    {"id": "1"},
    {"id": "2", "small": "7", "amount": "1.000001", "weight": "0.1",
     "exact": "-1.2345678901234567e-10", "fixed": "2.35",
     "document": """'{"a": [1.5, null, "é"]}'""", "bytes": "x'00ff0a5c27'", "flags": "b'10000000001'",
     "place": "ST_GeomFromText('POINT(1 2)')", "kind": "'b'", "marks": "'x,y'",
     "moment": "'2020-01-01 00:00:00.123'", "day": "'2020-01-01 00:00:00.123456'", "span": "'-10:00:00.12'",
     "western": "'é'", "words": "'é😀'", "prose": "''", "code": "'ab '", "raw": "x'000120'", "`from`": "0"},
    {"id": "3", "western": "''", "words": "NULL", "exact": "0.1e0 + 0.2e0"},
)  # fmt: skip

CHANGES = {
    "a number": "small = 8 WHERE id = 2",
    "the last digit of a DECIMAL": "amount = 1.000002 WHERE id = 2",
    "the last bit of a DOUBLE": "exact = 0.3e0 WHERE id = 3",
    "the last bit of a small DOUBLE": "exact = -1.234567890123457e-10 WHERE id = 2",
    "a FLOAT beyond six digits": "weight = 16777215 WHERE id = 2",
    "a document": """document = '{"a": [1.5, null, "e"]}' WHERE id = 2""",
    "bytes": "bytes = x'00ff0a5c26' WHERE id = 2",
    "a bit": "flags = b'10000000000' WHERE id = 2",
    "a place": "place = ST_GeomFromText('POINT(2 1)') WHERE id = 2",
    "a word of a list": "kind = 'a' WHERE id = 2",
    "a word of a set": "marks = 'x' WHERE id = 2",
    "a moment": "moment = '2020-01-01 00:00:00.124' WHERE id = 2",
    "a day": "day = '2020-01-01 00:00:00.123457' WHERE id = 2",
    "a span": "span = '10:00:00.12' WHERE id = 2",
    "an accent": "western = 'e' WHERE id = 2",
    "upper case": "words = 'É😀' WHERE id = 2",
    "a blank at the end": "raw = x'0001' WHERE id = 2",
    "nothing for an empty text": "western = NULL, words = '' WHERE id = 3",
    "a text for another column's": "words = '', western = 'éé' WHERE id = 2",
    "a value that is computed and kept": "ALTER TABLE things MODIFY COLUMN kept INT AS (small + 3) STORED;",
}


def filled() -> str:
    """A script that makes the table and fills it, with columns that are computed too."""
    columns = ", ".join(f"`{name}` {kind} DEFAULT NULL" for name, kind in KINDS.items())
    computed = "kept INT AS (small + 1) STORED, shown INT AS (small + 2) VIRTUAL, INDEX (kept), INDEX (shown)"
    rows = (f"INSERT INTO things ({', '.join(row)}) VALUES ({', '.join(row.values())});" for row in ROWS)
    return "\n".join((f"CREATE TABLE things (id INT PRIMARY KEY, {columns}, {computed});", *rows))


def digested(engine: Engine, database: Address, text: str = "") -> str:
    """The digest of the table after a script."""
    with engine.connect(database) as session:
        if text:
            made(engine, session, text)
        assert isinstance(session, Digesting)
        return session.digest("things")


def restored(engine: Engine, server: Server, database: Address, path: Path) -> str:
    """The digest of the table in a database that is made of a dump."""
    assert isinstance(engine, Backing)
    missing = engine.backup(server, database, path)
    if missing is not None:
        pytest.skip(missing)
    with engine.restored(server, database, path) as again:
        return digested(engine, again)


def test_rows_of_every_kind_are_the_same_after_a_dump_and_a_restore(
    engine: Engine, engine_server: Server, database: Address, tmp_path: Path
) -> None:
    before = digested(engine, database, filled())

    assert before.startswith("3 rows, ")
    assert restored(engine, engine_server, database, tmp_path / "same") == before

    # The dump writes a FLOAT with six digits.
    changed = digested(engine, database, "UPDATE things SET weight = 16777215 WHERE id = 2;")
    assert restored(engine, engine_server, database, tmp_path / "changed") not in {before, changed}


def test_every_changed_value_is_found(engine: Engine, database: Address) -> None:
    seen = {digested(engine, database, filled())}
    unseen = []
    for change, text in CHANGES.items():
        after = digested(engine, database, text if text.startswith("ALTER") else f"UPDATE things SET {text};")
        if after in seen:
            unseen.append(change)
        seen.add(after)

    assert unseen == []
    assert digested(engine, database) == after


def test_neither_the_order_of_rows_nor_random_columns_count(engine: Engine, database: Address) -> None:
    rows = "(1, 'a'), (2, 'a'), (3, NULL)", "(3, NULL), (2, 'a'), (1, 'a')"
    random = ", luck DOUBLE AS (RAND()) VIRTUAL" if engine.name == "mariadb" else ""
    table = f"CREATE TABLE things (id INT, a VARCHAR(9){random});"
    one, other = (
        digested(engine, database, f"DROP TABLE IF EXISTS things;\n{table}\nINSERT INTO things (id, a) VALUES {some};")
        for some in rows
    )

    assert one == other
    assert digested(engine, database, "UPDATE things SET a = 'b' WHERE id < 3;") != one

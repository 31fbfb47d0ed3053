"""What people leave in a migration folder, as the gate tells it: handled, or one clear message on the line.

Each case is a folder whose first migration is sound; all that is said to be broken is compared, with its line.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.pipeline import Options, verified
from harness.report.model import Report
from harness.run.model import Silent

USERS = "CREATE TABLE users (id BIGSERIAL PRIMARY KEY, name TEXT NOT NULL);\n"
MYSQL_USERS = "CREATE TABLE users (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50) NOT NULL) ENGINE=InnoDB;\n"
BASE = {"001_users.up.sql": USERS, "001_users.down.sql": "DROP TABLE users;\n"}
PLAIN = {"001_users.sql": USERS, "001_users.down.sql": "DROP TABLE users;\n"}
FORTH, BACK = "ALTER TABLE users ADD COLUMN a TEXT;\n", "ALTER TABLE users DROP COLUMN a;\n"
MERGE = f"{FORTH}<<<<<<< HEAD\nSELECT 1;\n=======\nSELECT 2;\n>>>>>>> feature\n"
COPY = "COPY users (id, name) FROM stdin;\n900001\tAda\n900002\tBob; O'Neil\n\\.\n"
TRIGGER = "CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW BEGIN SET NEW.name = 'a;b'; SET @x = 2; END"
DELIMITED = f"DELIMITER //\n{TRIGGER}//\nDELIMITER ;\n"
ROUTINES = """\
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  NEW.name := 'a;b'; RETURN NEW;
END;
$fn$;
DO $$ BEGIN PERFORM 1; PERFORM nothing(); END $$;
"""


@dataclass(frozen=True)
class Left:
    """Files, and what is broken: check, file, line, and words of the message."""

    files: dict[str, str | bytes]
    broken: set[tuple[str, str, int]] = field(default_factory=set)
    said: str = ""
    engine: str = "postgresql"


def mixed(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("cp1252")


CASES = {
    "an unfinished merge": Left(
        BASE | {"002_b.up.sql": MERGE, "002_b.down.sql": BACK},
        {("files-well-formed", "002_b.up.sql", 2)},
        "a merge was not finished here: <<<<<<< HEAD",
    ),
    "an empty file": Left(
        BASE | {"002_b.up.sql": "", "002_b.down.sql": ""},
        {("files-well-formed", "002_b.up.sql", 1)},
        "there is no statement in it",
    ),
    "a missing down": Left(
        BASE | {"002_b.up.sql": FORTH},
        {("down-exists", "002_b.up.sql", 1)},
        "its folder has none; the harness tried one derived from its up: ALTER TABLE users DROP COLUMN a",
    ),
    "an empty down": Left(BASE | {"002_b.up.sql": FORTH, "002_b.down.sql": "\n"}, {("down-exists", "002_b.up.sql", 1)}),
    "two of one number": Left(
        BASE
        | {"002_b.up.sql": FORTH, "002_b.down.sql": BACK}
        | {"002_c.up.sql": FORTH.replace(" a ", " c "), "002_c.down.sql": BACK.replace(" a;", " c;")},
        {("files-well-formed", "002_c.up.sql", 1)},
        "002_b.up.sql has the version 002 too",
    ),
    "CRLF and Windows-1252": Left(
        BASE | {"002_b.up.sql": mixed(f"-- für später\n{FORTH}ALTER TABLE users ADD b TEX;\n"), "002_b.down.sql": BACK},
        {("up-applies", "002_b.up.sql", 3)},
        'type "tex" does not exist',
    ),
    "a byte order mark": Left(
        BASE | {"002_b.up.sql": f"\ufeff{FORTH}", "002_b.down.sql": BACK.encode("utf-16")},
    ),
    "rows after a COPY, run by psql": Left(PLAIN | {"002_b.sql": COPY, "002_b.down.sql": "DELETE FROM users;\n"}),
    "the same with CRLF": Left(PLAIN | {"002_b.sql": mixed(COPY), "002_b.down.sql": "DELETE FROM users;\n"}),
    "rows after a COPY, sent by a driver": Left(
        BASE | {"002_b.up.sql": f"\n{COPY}", "002_b.down.sql": "DELETE FROM users;\n"},
        {("up-applies", "002_b.up.sql", 2)},
        "rows after a COPY are sent by psql alone",
    ),
    "a COPY without rows": Left(
        PLAIN | {"002_b.sql": "COPY users FROM stdin;\nSELECT 1;\n", "002_b.down.sql": "SELECT 1;\n"},
        {("up-applies", "002_b.sql", 1)},
        "there are no rows after this COPY",
    ),
    "quiet commands of psql, run by psql": Left(
        PLAIN | {"002_b.sql": f"\\set ON_ERROR_STOP on\n\\timing\n{FORTH}\\echo done\n", "002_b.down.sql": BACK},
    ),
    "other commands of psql": Left(
        PLAIN | {"002_b.sql": f"{FORTH}\\i other.sql\n", "002_b.down.sql": BACK},
        {("up-applies", "002_b.sql", 2)},
        r"\i is a command of the psql client",
    ),
    "commands of psql, sent by a driver": Left(
        BASE | {"002_b.up.sql": f"{FORTH}\\echo done\n", "002_b.down.sql": BACK},
        {("up-applies", "002_b.up.sql", 2)},
        r"\echo is a command of the psql client",
    ),
    "dollar quotes": Left(
        BASE | {"002_b.up.sql": ROUTINES, "002_b.down.sql": "DROP FUNCTION f();\n"},
        {("up-applies", "002_b.up.sql", 6)},
        "function nothing() does not exist",
    ),
    "a dollar quote that is not closed": Left(
        BASE | {"002_b.up.sql": "SELECT 1;\nDO $$ BEGIN PERFORM 1;\n", "002_b.down.sql": "SELECT 1;\n"},
        {("up-applies", "002_b.up.sql", 2)},
        "unterminated dollar-quoted string",
    ),
    "DELIMITER, run by the client": Left(
        PLAIN | {"001_users.sql": MYSQL_USERS, "002_b.sql": DELIMITED, "002_b.down.sql": "DROP TRIGGER t;\n"},
        engine="mysql",
    ),
    "DELIMITER, sent by a driver": Left(
        BASE | {"001_users.up.sql": MYSQL_USERS, "002_b.up.sql": DELIMITED, "002_b.down.sql": "DROP TRIGGER t;\n"},
        {("files-well-formed", "002_b.up.sql", 1)},
        "DELIMITER is a command of the mysql client: golang-migrate sends it",
        engine="mysql",
    ),
    "a body without DELIMITER": Left(
        BASE | {"001_users.up.sql": MYSQL_USERS, "002_b.up.sql": f"{TRIGGER};\n", "002_b.down.sql": "DROP TRIGGER t;"},
        engine="mysql",
    ),
}
BARE = {"an unfinished merge"}


def judged(tmp_path: Path, files: dict[str, str | bytes], engine: str) -> Report:
    for name, text in files.items():
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    checks = ("files-well-formed", "up-applies", "down-applies", "down-exists", "round-trip-exact", "reapplies")
    return verified(tmp_path, Options(server="local", rows=("10",), engine=engine, select=checks), Silent())


@pytest.mark.parametrize(
    "case", [pytest.param(c, marks=() if n in BARE else pytest.mark.thorough, id=n) for n, c in CASES.items()]
)
def test_what_is_left_is_handled_or_said_once_on_its_line(tmp_path: Path, case: Left) -> None:
    report = judged(tmp_path, case.files, case.engine)
    broken = [f for f in report.findings if f.verdict == "broken"]
    assert {(f.check, Path(f.source.path).name, f.source.line) for f in broken} == case.broken
    assert len(broken) == len(case.broken)
    assert case.said in "".join(f.message for f in broken)

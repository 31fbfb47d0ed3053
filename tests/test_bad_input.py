"""Wrong documents, wrong calls and servers that fail: the right exit code, one clear message, nothing left behind.

As a user meets them, through the command line. What is said is checked for where it is, why, and what to do.
"""

import json
import random
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from harness.cli import main
from harness.servers.model import Server

SHOP = """\
# Shop

**Type:** PostgreSQL

### Table: users

| Column | Type | Constraints |
|--------|------|-------------|
| id | BIGINT | PRIMARY KEY |
| email | VARCHAR(255) | NOT NULL |

```sql
CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(255) NOT NULL);
```

### Query 1: Find
```sql
SELECT id FROM users
WHERE email = 'ada@example.com';
```

### Migration 001: Initial schema
```sql
-- Up
CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(255) NOT NULL);

-- Down
DROP TABLE users;
```
"""

FRUIT = """\
# Fruit

**Type:** PostgreSQL

### Table: pears

| Column | Type | Constraints |
|--------|------|-------------|
| id | BIGINT | PRIMARY KEY |
| apple_id | BIGINT | FOREIGN KEY → apples(id) |

### Table: apples

| Column | Type | Constraints |
|--------|------|-------------|
| id | BIGINT | PRIMARY KEY |
| pear_id | BIGINT | NOT NULL, FOREIGN KEY → pears(id) |
"""

FRUIT_IN_SQL = """\
# Fruit

**Type:** PostgreSQL

```sql
CREATE TABLE pears (id BIGINT PRIMARY KEY, apple_id BIGINT NOT NULL REFERENCES apples (id));
CREATE TABLE apples (id BIGINT PRIMARY KEY, pear_id BIGINT NOT NULL REFERENCES pears (id));
```
"""

OTHER_USERS = """\
### Table: users

| Column | Type | Constraints |
|--------|------|-------------|
| id | BIGINT | PRIMARY KEY |
| phone | TEXT | NOT NULL |

```sql
CREATE TABLE users (id BIGINT PRIMARY KEY, phone TEXT NOT NULL);
```

"""


def shop(old: str, new: str) -> bytes:
    """The sound design with one thing changed, where it stands first."""
    assert old in SHOP
    return SHOP.replace(old, new, 1).encode()


def noise(alphabet: str, length: int) -> bytes:
    return "".join(random.Random(7).choices(alphabet, k=length)).encode()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working directory with one sound design; what is left beside it, or noted of a server, is a fault."""
    own = {name: tmp_path / name for name in ("work", "tmp", "state")}
    for path in own.values():
        path.mkdir()
    monkeypatch.chdir(own["work"])
    monkeypatch.setenv("XDG_STATE_HOME", str(own["state"]))
    monkeypatch.setenv("TMPDIR", str(own["tmp"]))
    monkeypatch.setattr(tempfile, "tempdir", None)
    (own["work"] / "designs").mkdir()
    (own["work"] / "designs" / "shop.md").write_text(SHOP)
    yield own["work"]
    assert list(own["tmp"].iterdir()) == []
    assert [path for path in own["state"].rglob("*") if path.is_file()] == []


NOTHING_FOUND = {"HARNESS_POSTGRESQL_BIN": "/nonexistent", "DOCKER_HOST": "unix:///nonexistent/docker.sock"}
LETTERS = "ab #`|\n-*[]()"


@dataclass(frozen=True)
class Refused:
    """A call that cannot be carried out.

    Attributes:
        said: what the message must hold: where, why, what to do.
        content: of the files bad.md and odd.toml, when that is what is wrong.
        call: the arguments after ``verify``; {url} is a server, {wrong} the same with a wrong password.
        environment: what is set beside.
    """

    said: tuple[str, ...]
    content: bytes | None = None
    call: tuple[str, ...] = ("bad.md",)
    environment: dict[str, str] = field(default_factory=dict)


INPUT = {
    "a file that is not there": Refused(("bad.md: ", "no such file", "check the name")),
    "a design that is not there": Refused(("shpo: ", "no such design", "did you mean shop?"), call=("shpo",)),
    "a directory": Refused(("designs: ", "is a directory", "name the Markdown file"), call=("designs",)),
    "an empty file": Refused(("bad.md: ", "is empty", "harness init"), b""),
    "a file of white space": Refused(("bad.md: ", "is empty", "harness init"), b" \n\t\n"),
    "a binary file": Refused(("bad.md: ", "not a text file", "give a Markdown"), bytes(range(256)) * 100),
    "ten megabytes of bytes": Refused(("bad.md: ", "no design document", "split it"), bytes(range(256)) * 40_960),
    "ten megabytes of letters": Refused(("bad.md: ", "no design document", "split it"), noise(LETTERS, 10_000_000)),
    "as much noise as is read": Refused(("bad.md:1: ", "does not say which database"), noise(LETTERS, 200_000)),
    "a device without end": Refused(("/dev/zero: ", "no design document"), call=("/dev/zero",)),
    "fifty lists in lists": Refused(
        ("bad.md:3: ", "too deeply", "fewer levels"), b"# x\n\n" + b"- " * 50 + SHOP.encode()
    ),
    "no tables": Refused(("bad.md:1: ", "no table", "harness show bad.md"), b"# Notes\n\n**Type:** PostgreSQL\n"),
    "no type of database": Refused(("bad.md:1: ", "does not say", "add a line"), shop("**Type:** PostgreSQL", "")),
    "an unknown type": Refused(("bad.md:3: ", "no support", "there is: "), shop("PostgreSQL", "Oracle")),
    "a scenario that is not there": Refused(("scenario x: ", "no such", "looked for"), None, ("shop", "--scenario=x")),
    "a scenario that is no TOML": Refused(("odd.toml: ", "TOML"), b"= 5", ("shop", "--scenario=odd.toml")),
    "a scenario of binary": Refused(("odd.toml: ", "TOML"), b"\xff\xfe\x00", ("shop", "--scenario=odd.toml")),
    "a scenario's unknown key": Refused(("odd.toml: ", "rnus", "runs?"), b"rnus = 5", ("shop", "--scenario=odd.toml")),
    "a scenario's wrong number": Refused(("odd.toml: ", "runs", "not 0"), b"runs = 0", ("shop", "--scenario=odd.toml")),
    "a scenario's wrong version": Refused(
        ("odd.toml: ", "engine_version", "not [17]"), b"engine_version = [17]", ("shop", "--scenario=odd.toml")
    ),
    "rows in words": Refused(("--rows many", "give a number"), None, ("shop", "--rows=many")),
    "rows of nothing": Refused(("--rows users=", "give a number"), None, ("shop", "--rows=users=")),
    "rows of no table": Refused(("--rows =5", "table=number"), None, ("shop", "--rows==5")),
    "rows below none": Refused(("--rows users=-5", "give a number"), None, ("shop", "--rows=users=-5")),
    "rows without end": Refused(("--rows 1000000000000", "at most"), None, ("shop", "--rows=1000000000000")),
    "an unknown check": Refused(
        ("--select", "no such check: index-usd", "index-used?"), None, ("shop", "--select=index-usd")
    ),
    "a server of another sort": Refused(
        ("--server mysql", "give auto, docker"), None, ("shop", "--server=mysql://u@h/d")
    ),
    "a URL with a wrong port": Refused(("--server", "x is not a port"), None, ("shop", "--server=postgresql://h:x/d")),
}

SERVER = {
    "none at all": Refused(
        ("no postgresql server", "docker: no Docker engine answers", "local: no postgresql server", "pip install",
         "apt-get install", "--server postgresql://"), None, ("shop",), NOTHING_FOUND,
    ),
    "no local one": Refused(("looked: ", "pip install"), None, ("shop", "--server=local"), NOTHING_FOUND),
    "no Docker": Refused(("/nonexistent/docker.sock", "start it"), None, ("shop", "--server=docker"), NOTHING_FOUND),
    "none of that version": Refused(
        ("looked: ", "install PostgreSQL 99"), None, ("shop", "--server=local", "--engine-version=99")
    ),
    "a wrong password": Refused(
        ("postgresql://postgres@", "password authentication failed", "check"), None, ("shop", "--server={wrong}")
    ),
    "a database that is not there": Refused(
        ('database "nowhere" does not exist', "check"), None, ("shop", "--server={url}/nowhere")
    ),
    "a port where nobody listens": Refused(
        ("postgresql://u@127.0.0.1:", "Connection refused", "check"), None, ("shop", "--server=postgresql://u@127.0.0.1:{port}/d")
    ),
    "a host that is none": Refused(
        ("postgresql://u@nowhere.invalid", "resolve", "check"), None, ("shop", "--server=postgresql://u@nowhere.invalid/d")
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", INPUT)
def test_what_cannot_be_used_ends_with_2_and_one_message(
    case: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (case, code(INPUT[case], INPUT[case].call, place)) == (case, 2)
    is_one_message(INPUT[case], capsys, place)


@pytest.mark.parametrize("case", SERVER)
def test_a_server_that_cannot_be_had_ends_with_3_and_one_message(
    case: str, place: Path, server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SERVER[case].environment.items():
        monkeypatch.setenv(name, value)
    with socket.socket() as bound:  # and does not listen
        bound.bind(("127.0.0.1", 0))
        names = {
            "url": server.address.of("").url().rstrip("/"),
            "wrong": replace(server.address, password="wrong").url(),
            "port": bound.getsockname()[1],
        }
        call = tuple(word.format(**names) for word in SERVER[case].call)
        assert (case, code(SERVER[case], call, place)) == (case, 3)
    is_one_message(SERVER[case], capsys, place)


def code(case: Refused, call: tuple[str, ...], place: Path) -> int:
    """The exit code of ``verify``."""
    if case.content is not None:
        (place / "bad.md").write_bytes(case.content)
        (place / "odd.toml").write_bytes(case.content)
    return main(["verify", *call])


def is_one_message(case: Refused, capsys: pytest.CaptureFixture[str], place: Path) -> None:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.lower().count("error: ") == 1
    assert "Traceback" not in err
    for words in case.said:
        assert words in err
    assert not (place / "reports").exists()


@dataclass(frozen=True)
class Found:
    """A document with a fault that is the design's: it is run, and the verdict says what is wrong.

    Attributes:
        content: the document.
        broken: check and line of each error.
        holds: some of what is seen all the same.
        warned: check and line of a warning that matters.
    """

    content: bytes
    broken: tuple[tuple[str, int], ...]
    holds: tuple[str, ...] = ()
    warned: tuple[tuple[str, int], ...] = ()


SOUND = ("up-applies", "round-trip-exact", "reapplies", "columns-agree")

DESIGNS = {
    "nothing wrong": Found(SHOP.encode(), (), (*SOUND, "query-runs", "statements-valid")),
    "SQL that does not parse, in a section": Found(
        shop("email VARCHAR(255) NOT NULL);", "email VARCHAR(255) NOT NUL);"), (("statements-valid", 13),),
        (*SOUND, "query-runs"),
    ),
    "SQL that does not parse, in a query": Found(
        shop("WHERE email = ", "WERE email = "), (("query-runs", 19),), (*SOUND, "statements-valid")
    ),
    "SQL that does not parse, in a migration": Found(
        shop("-- Up\nCREATE TABLE users (id", "-- Up\nCREATE TABLE users ((id"), (("up-applies", 25),),
        ("query-runs", "statements-valid"),
    ),
    "SQL that does not parse, in a down": Found(
        shop("DROP TABLE users;", "DROP TALE users;"), (("down-applies", 28),), ("up-applies", "query-runs")
    ),
    "a fence that never ends, in the middle": Found(
        shop("NOT NULL);\n```\n", "NOT NULL);\n"), (), (*SOUND, "query-runs", "statements-valid")
    ),
    "a fence that never ends, at the end": Found(
        SHOP.encode().rstrip().removesuffix(b"```"), (), (*SOUND, "query-runs", "statements-valid")
    ),
    "two tables of one name": Found(
        shop("### Query 1", f"{OTHER_USERS}### Query 1"), (), (*SOUND, "query-runs"), (("document-complete", 24),)
    ),
    "a cycle of foreign keys, in column tables": Found(
        FRUIT.encode(), (), ("up-applies", "round-trip-exact", "reapplies", "relationships-agree")
    ),
    "a cycle of foreign keys, in SQL that cannot be run": Found(FRUIT_IN_SQL.encode(), (("statements-valid", 6),)),
    "an address of a terminal's in a title": Found(
        shop("Query 1: Find", "Query 1: \x1b]0;Find\x07"), (), (*SOUND, "query-runs")
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DESIGNS)
def test_a_fault_of_the_design_is_found_on_its_line(
    case: str, place: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    before = databases(server)
    (place / "bad.md").write_bytes(DESIGNS[case].content)
    ended = main(["verify", "bad.md", "--server", server.address.url(), "--rows", "50"])
    out, err = capsys.readouterr()
    findings = json.loads((place / "reports" / "bad" / "report.json").read_text())["findings"]
    assert broken(findings, "error") == set(DESIGNS[case].broken)
    assert broken(findings, "warning") >= set(DESIGNS[case].warned)
    assert ended == bool(DESIGNS[case].broken)
    assert set(DESIGNS[case].holds) <= {f["check"] for f in findings if f["verdict"] == "holds"}
    assert "Traceback" not in out + err
    assert "\x1b" not in out + err
    assert databases(server) == before


def broken(findings: list[dict[str, Any]], severity: str) -> set[tuple[str, int]]:
    return {(f["check"], f["line"]) for f in findings if (f["verdict"], f["severity"]) == ("broken", severity)}


def databases(server: Server) -> set[str]:
    with psycopg.connect(server.address.url(), autocommit=True) as connection:
        return {str(name) for (name,) in connection.execute("SELECT datname FROM pg_database")}

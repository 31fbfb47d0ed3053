"""``harness verify`` ended in the middle: by its user, by a kill, by its server's death, by a full disk.

Each is done to a real process with a real server. What was there while it worked must be gone when it has ended.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from harness.adapters.postgresql.recipe import recipe
from harness.servers import docker_engine
from harness.servers.holdings import Containers, Directory, Process, Record, record
from harness.servers.model import Server
from harness.servers.provider import provide
from tests.conftest import mostly_thorough
from tests.servers.conftest import eventually, working_in

DESIGN = Path(__file__).parents[1] / "designs" / "orders.md"
FEW = ("--rows", "users=2000", "--rows", "orders=20000")
MANY = ("--rows", "users=10000", "--rows", "orders=100000")

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for what is left in /proc")


@dataclass
class Run:
    """A run of ``harness verify`` in a process of its own, and all that it holds, as far as was seen."""

    place: Path
    process: subprocess.Popen[str]
    directories: set[str] = field(default_factory=set)
    said: str = ""

    def reaches(self, stage: str) -> Record | None:
        """Wait for the line that tells of a stage; what is held then, when a server of its own is up."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said += line
            if line.startswith(stage):
                return self._holding()
        raise AssertionError(f"it ended before “{stage}”: {self.said}")

    def ends(self) -> tuple[int, list[str]]:
        """Its exit code, and what it said beside the stages."""
        out, err = self.process.communicate(timeout=60)
        assert out == ""
        assert "Traceback" not in self.said + err
        said = (self.said + err).splitlines()
        first = next((n for n, line in enumerate(said) if line.startswith(("error: ", "interrupted"))), len(said))
        return self.process.returncode, said[first:]

    def left(self) -> list[str]:
        """What it held and is not gone: notes, directories, processes."""
        notes = [f"{path}: {path.read_text()}" for path in (self.place / "state").rglob("*") if path.is_file()]
        held = [f"{path}: {working_in(path)}" for path in self.directories if Path(path).exists() or working_in(path)]
        return [*notes, *held, *map(str, (self.place / "tmp").iterdir())]

    def _holding(self) -> Record | None:
        seen = [record(path) for path in (self.place / "state").rglob("*.jsonl")]
        self.directories |= {h.path for each in seen if each for h in each.holds if isinstance(h, Directory)}
        return seen[0] if seen else None


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("tmp", "state"):
        (tmp_path / name).mkdir()
    return tmp_path


@contextlib.contextmanager
def verifying(
    place: Path, server: str, *words: str, wrapper: tuple[str, ...] = (), does: str = "verify", design: Path = DESIGN
) -> Iterator[Run]:
    own = {"XDG_STATE_HOME": str(place / "state"), "TMPDIR": str(place / "tmp")}
    command = (*wrapper, sys.executable, "-m", "harness", does, str(design), "--server", server, *FEW, *words)
    process = subprocess.Popen(
        command, cwd=place, env=os.environ | own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield Run(place, process)
    finally:
        process.kill()
        process.communicate()


def server_of(held: Record | None) -> int:
    """The pid of a run's server."""
    assert held is not None
    [pid] = [hold.pid for hold in held.holds if isinstance(hold, Process)]
    return pid


def backend_of(postmaster: int) -> int:
    """The pid of the server's process that works for the run."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return next(int(pid) for pid in children if b"harness_" in Path(f"/proc/{pid}/cmdline").read_bytes())


ENDINGS = {
    "Ctrl-C while it starts": ("starting PostgreSQL", signal.SIGINT, 1, 130, ["interrupted"]),
    "Ctrl-C in a migration": ("migration 002", signal.SIGINT, 1, 130, ["interrupted"]),
    "Ctrl-C while it seeds": ("seeding orders", signal.SIGINT, 1, 130, ["interrupted"]),
    "an impatient Ctrl-C": ("seeding users", signal.SIGINT, 3, 130, ["interrupted"]),
    "a polite end": ("migration 001", signal.SIGTERM, 1, 143, []),
    "a closed terminal": ("reading the column tables", signal.SIGHUP, 1, 129, []),
    "a kill while it seeds": ("seeding orders", signal.SIGKILL, 1, -signal.SIGKILL, []),
}


@pytest.mark.parametrize("case", mostly_thorough(ENDINGS, short="Ctrl-C in a migration"))
def test_nothing_is_left_by_a_run_that_is_ended(case: str, place: Path) -> None:
    stage, number, times, code, said = ENDINGS[case]
    with verifying(place, "local") as run:
        run.reaches(stage)
        for _ in range(times):
            run.process.send_signal(number)
        ended, heard = run.ends()
        # One more Ctrl-C while the interpreter ends, after the last word, is a signal that ends it.
        assert ended == code or (times > 1 and ended == -number)
        assert heard == said
        assert eventually(lambda: not run.left()), run.left()


DRILLED = {
    "while its server is killed": ("kill-after-statement", "migration 001 up: killing the server at statement 2"),
    "while it backs up": ("restore", "migration 003: back up, migrate, restore"),
    "under load": ("under-load", "migration 002"),
}


@pytest.mark.thorough
@pytest.mark.parametrize("case", DRILLED)
def test_nothing_is_left_by_a_drill_that_is_killed(case: str, place: Path) -> None:
    """Servers that survive a crash, clones, backups, and the process that sends requests."""
    name, stage = DRILLED[case]
    with verifying(place, "local", "--only", name, does="drill") as run:
        assert run.reaches(stage) is not None
        run.process.kill()
        ended, _ = run.ends()
        assert ended == -signal.SIGKILL
        assert run.directories
        assert eventually(lambda: not run.left()), run.left()


@pytest.mark.thorough
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_on_a_users_server_by_a_run_that_is_ended(
    number: signal.Signals, place: Path, server: Server
) -> None:
    before = databases(server)
    with verifying(place, server.address.url()) as run:
        run.reaches("migration 002")
        assert databases(server) > before
        run.process.send_signal(number)
        run.ends()
    assert databases(server) == before


def test_the_next_run_drops_what_a_kill_left_on_a_users_server(place: Path, server: Server) -> None:
    before = databases(server)
    with verifying(place, server.address.url()) as run:
        run.reaches("migration 002")
        run.process.kill()
        run.ends()
    assert databases(server) > before
    with verifying(place, server.address.url(), "--select", "up-applies") as run:
        run.reaches("applying the sections' code")
        run.process.send_signal(signal.SIGINT)
        run.ends()
    assert databases(server) == before


ENDLESS = """# Loop
**Type:** PostgreSQL

## Migrations
### Migration 001: Loop
```sql
-- Up
DO $$ BEGIN LOOP END LOOP; END $$;
-- Down
SELECT 1;
```
"""


def test_a_users_server_ends_what_it_does_for_a_run_that_was_killed(place: Path, server: Server) -> None:
    working = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'DO $$ BEGIN LOOP%' AND state = 'active'"
    path = place / "loop.md"
    path.write_text(ENDLESS, encoding="utf-8")
    with verifying(place, server.address.url(), design=path) as run:
        assert eventually(lambda: bool(asked(server, working)))
        run.process.kill()
    assert eventually(lambda: not asked(server, working))
    for name in asked(server, "SELECT datname FROM pg_database WHERE datname LIKE 'harness_chain%'"):
        asked(server, f"DROP DATABASE {name} WITH (FORCE)")


STAGES = ["reading the column tables", "migration 002", "seeding orders"]


@pytest.mark.parametrize("stage", mostly_thorough(STAGES, short="migration 002"))
def test_a_server_that_dies_is_told_with_its_last_words(stage: str, place: Path) -> None:
    with verifying(place, "local") as run:
        os.kill(server_of(run.reaches(stage)), signal.SIGKILL)
        code, said = run.ends()
        assert code == 3
        assert said[0].startswith("error: ")
        assert said[1] == "the server was ended by SIGKILL; the last lines of its log:"
        assert all(line.startswith("  ") for line in said[2:])
        assert run.left() == []
    assert not (place / "reports").exists()


@pytest.mark.thorough
def test_a_users_server_that_dies_is_told_as_such(place: Path) -> None:
    with provide(recipe(None, None), "local") as dying, verifying(place, dying.address.url()) as run:
        run.reaches("migration 002")
        main_process = Path(dying.address.host, "data", "postmaster.pid").read_text().split()[0]
        os.kill(int(main_process), signal.SIGKILL)
        code, said = run.ends()
        assert code == 3
        assert said[0].startswith("error: ")
        assert said[1].startswith("it does not answer any more: ")
        assert len(said) == 2


@pytest.mark.docker
def test_a_container_that_dies_is_told_with_its_last_words(place: Path, docker_image: str) -> None:
    with verifying(place, "docker", "--image", docker_image) as run:
        held = run.reaches("migration 002")
        assert held is not None
        [session] = [hold.session for hold in held.holds if isinstance(hold, Containers)]
        with docker_engine.client(docker_engine.endpoint()) as client:
            client.containers.get(f"harness-{session}").kill()
            code, said = run.ends()
            assert code == 3
            assert said[0].startswith("error: ")
            assert said[1] == "the container ended with exit code 137; the last lines of its log:"
            assert session not in {each.labels[docker_engine.SESSION_LABEL] for each in docker_engine.labelled(client)}
        assert run.left() == []


@pytest.mark.thorough
def test_a_crash_inside_the_server_is_told_with_the_end_of_its_log(place: Path) -> None:
    with verifying(place, "local") as run:
        held = run.reaches("seeding orders")
        os.kill(backend_of(server_of(held)), signal.SIGKILL)
        code, said = run.ends()
        assert code == 3
        assert said[0].startswith("error: the PostgreSQL server went away in the middle of the work: ")
        assert said[1] == "the last lines of its log:"
        assert [line for line in said if "was terminated by signal 9" in line], said
        assert run.left() == []


DISKS = {"too small for any server": "1m", "full at once": "45m", "full while it seeds": "72m"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
@pytest.mark.parametrize("case", mostly_thorough(DISKS, short="full at once"))
def test_a_full_disk_is_told_as_such(case: str, place: Path) -> None:
    mounting = f"mount -t tmpfs -o size=1m none /dev/shm && mount -t tmpfs -o size={DISKS[case]} none {place / 'tmp'}"
    emptied = f"ls -A /dev/shm {place / 'tmp'} > {place / 'left'}"
    script = f'{mounting} && "$@"; code=$?; {emptied}; exit $code'
    with verifying(place, "local", *MANY, wrapper=("unshare", "--mount", "/bin/sh", "-c", script, "sh")) as run:
        code, said = run.ends()
    assert code == 3
    assert said[0].startswith(f"error: {place / 'tmp'}: no space left for a server's data: make room there")
    assert len(said) <= 2
    assert (place / "left").read_text().split() == ["/dev/shm:", f"{place / 'tmp'}:"]


def databases(server: Server) -> set[str]:
    return asked(server, "SELECT datname FROM pg_database")


def asked(server: Server, query: str) -> set[str]:
    with psycopg.connect(server.address.url(), autocommit=True) as connection:
        cursor = connection.execute(query)
        return {str(value) for (value,) in cursor} if cursor.description else set()

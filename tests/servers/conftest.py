"""Owners of servers in processes of their own, and what they leave."""

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.servers import leftovers
from harness.servers.model import Address, Binaries, Missing, Server
from harness.servers.provider import provide
from tests.conftest import missing, mostly_thorough
from tests.servers.engines import ENGINES, Spoken

ROOT = Path(__file__).parents[2]

Launch = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="session", params=mostly_thorough(sorted(ENGINES), short="postgresql"))
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine of which this machine has programs: what its tests run, as processes and in images."""
    name = str(request.param)
    local = ENGINES[name].recipe(None, None).local
    assert local
    if isinstance(found := local.find(), Missing):
        missing(request.config, name, found.remedy)
    return name


@pytest.fixture(scope="session")
def home(engine_name: str) -> Path:
    """The directory of its programs."""
    local = ENGINES[engine_name].recipe(None, None).local
    assert local
    found = local.find()
    assert isinstance(found, Binaries)
    return found.home


@pytest.fixture(scope="session")
def engine(engine_name: str) -> Spoken:
    return ENGINES[engine_name]


@pytest.fixture(scope="session")
def image(engine_name: str) -> str:
    """The image of each engine: made on this machine, unless the environment names one."""
    named = os.environ.get(f"HARNESS_{engine_name.upper()}_IMAGE")
    return named or str(importlib.import_module(f"tests.images.{engine_name}").image())


@pytest.fixture(scope="session")
def local(engine: Spoken) -> Iterator[Server]:
    """A local server of each engine, for tests that leave it as it was."""
    with provide(engine.recipe(None, None), "local") as server:
        yield server


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state directory of the test's own: it sees no server of others, nor do they see its servers."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield tmp_path / "state" / "schema-harness"
    leftovers.prune(kept=True)


@pytest.fixture
def launch(engine_name: str, home: Path, apart: Path) -> Iterator[Launch]:
    """Starts ``tests.servers.owner`` for each engine with words and further environment; ends what still runs."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, **environment: str) -> subprocess.Popen[str]:
        owner = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.owner", engine_name, *words],
            cwd=ROOT,
            # The programs by name: some are unpacked in the cache, and a test may want another cache.
            env={**os.environ, f"HARNESS_{engine_name.upper()}_BIN": str(home), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(owner)
        return owner

    yield start
    for owner in started:
        owner.kill()
        owner.communicate()


def settings(engine: Spoken, address: Address, names: Iterable[str]) -> dict[str, str]:
    """What a server says of its settings."""
    return {name: engine.asked(address, engine.setting(name)) for name in names}


def up(owner: subprocess.Popen[str]) -> dict[str, Any]:
    """What an owner says when its server is up."""
    assert owner.stdout is not None
    line = owner.stdout.readline()
    if not line:
        raise AssertionError(owner.communicate()[1])
    said = json.loads(line)
    assert isinstance(said, dict)
    return said


def eventually(true: Callable[[], bool]) -> bool:
    """Whether it becomes true; the deadline is only there to end a test that fails."""
    deadline = time.monotonic() + 30
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def working_in(directory: str) -> list[int]:
    """Processes whose working directory is in there, gone or not."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            place = str((entry / "cwd").readlink())
        except OSError:
            continue
        if place.startswith(directory):
            found.append(int(entry.name))
    return found


def orphaned_segments() -> set[str]:
    """System V shared memory segments that no process has attached, and whose creator is gone."""
    header, *rows = (line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines())
    each = [dict(zip(header, row, strict=False)) for row in rows]
    return {row["shmid"] for row in each if row["nattch"] == "0" and not Path("/proc", row["cpid"]).exists()}


def orphaned_memory() -> set[str]:
    """Files of POSIX shared memory that no process has mapped."""
    mapped = set()
    for maps in Path("/proc").glob("[0-9]*/maps"):
        try:
            mapped |= {line.split()[-1] for line in maps.read_text().splitlines() if "/dev/shm/PostgreSQL." in line}
        except OSError:
            continue
    return {str(path) for path in Path("/dev/shm").glob("PostgreSQL.*")} - mapped

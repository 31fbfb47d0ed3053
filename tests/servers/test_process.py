"""A local process: reached by its socket and password alone, quick to copy, and clear about what went wrong."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from harness.adapters.postgresql import programs
from harness.errors import ServerError
from harness.servers.model import Binaries, Missing, Server
from harness.servers.provider import provide
from tests.servers.conftest import ROOT, Launch, eventually, settings, up, working_in
from tests.servers.engines import Spoken, place


def test_the_server_is_what_it_says(engine: Spoken, local: Server) -> None:
    assert engine.asked(local.address, engine.version).startswith(local.version)
    assert local.kind == "local"
    assert local.version in local.where
    assert local.died() is None


def test_only_the_random_password_opens_it(engine: Spoken, local: Server) -> None:
    for password in engine.passwords:
        with pytest.raises(engine.refusal, match=engine.refused):
            engine.asked(replace(local.address, password=password), "SELECT 1")


def test_it_listens_on_no_network(engine: Spoken, local: Server) -> None:
    assert engine.asked(local.address, engine.network) == ""
    assert place(local.address).stat().st_mode & 0o077 == 0


def test_its_settings_are_those_of_a_throw_away_server(engine: Spoken, local: Server) -> None:
    expected = engine.throw_away | engine.steady
    assert settings(engine, local.address, expected) == expected


def test_a_durable_server_writes_to_disk_and_waits_for_it(engine: Spoken, apart: Path) -> None:
    expected = engine.durable | engine.steady
    with provide(engine.recipe(None, None), "local", durable=True) as server:
        assert settings(engine, server.address, expected) == expected
        assert not server.address.host.startswith("/dev/shm")


def test_a_server_that_is_killed_says_so_with_the_end_of_its_log(engine: Spoken, apart: Path) -> None:
    with provide(engine.recipe(None, None), "local") as server:
        pid = int((place(server.address) / engine.pid_file).read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: server.died() is not None)
        assert "the server was ended by SIGKILL; the last lines of its log:" in str(server.died())
        assert engine.ready in str(server.died())


def test_a_server_that_cannot_start_says_why(engine: Spoken, apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = engine.recipe(None, None)
    local = type(recipe.local)
    command = local.command  # type: ignore[union-attr]

    def wrong(*words: object, **chosen: bool) -> tuple[str, ...]:
        return (*command(*words, **chosen), engine.wrong)  # type: ignore[arg-type]

    monkeypatch.setattr(local, "command", wrong)
    with pytest.raises(ServerError, match=engine.complaint):
        provide(recipe, "local").__enter__()
    assert not list(apart.rglob("*.jsonl"))


def test_a_long_temporary_directory_does_not_break_the_socket(launch: Launch, tmp_path: Path) -> None:
    long = tmp_path / ("long" * 20)
    long.mkdir()
    owner = launch("local", "wait", "durable", TMPDIR=str(long))
    directory = up(owner)["directory"]
    assert directory.startswith("/tmp/harness-")
    assert [path.name for path in long.iterdir() if path.name.startswith("harness-")]
    owner.kill()
    assert eventually(lambda: not Path(directory).exists() and not list(long.iterdir()))


@pytest.mark.thorough
def test_workers_that_start_together_make_one_template(launch: Launch, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    owners = [launch("local", "success", XDG_CACHE_HOME=str(cache)) for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        hosts = list(pool.map(lambda owner: up(owner)["directory"], owners))
    assert [owner.wait() for owner in owners] == [0, 0, 0, 0]
    assert len(set(hosts)) == 4
    assert len([path for path in (cache / "schema-harness/templates").iterdir() if path.is_dir()]) == 1


def test_a_server_starts_without_a_place_for_templates(launch: Launch) -> None:
    owner = launch("local", "success", XDG_CACHE_HOME="/proc/nowhere")
    assert up(owner)["directory"]
    assert owner.wait() == 0


def owners(processes: list[int]) -> set[int]:
    """The users of those that still run: a server's helper processes come and go."""
    seen = set()
    for pid in processes:
        with suppress(FileNotFoundError):
            seen.add(Path(f"/proc/{pid}").stat().st_uid)
    return seen


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")
def test_root_becomes_nobody_where_user_namespaces_are_forbidden(launch: Launch, home: Path, tmp_path: Path) -> None:
    if home.is_relative_to(Path.home()):
        pytest.skip("the user nobody may not reach what is in root's home directory")
    without_unshare = tmp_path / "bin"
    without_unshare.mkdir()
    for program in ("sh", "cat", "sed", "mkdir"):  # what an initialisation may be made of
        (without_unshare / program).symlink_to(Path("/bin", program))
    directory = up(launch("local", "wait", PATH=str(without_unshare)))["directory"]
    assert owners(working_in(directory)) == {65534}


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk_is_one_clear_message(engine_name: str, apart: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    owner = subprocess.run(
        ["unshare", "--mount", "sh", "-c", SMALL_DISK, "sh", str(small), sys.executable, "-c", SAY_ERROR, engine_name],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(small)},
        capture_output=True,
        text=True,
        check=False,
    )
    if "mount:" in owner.stderr:
        pytest.skip(owner.stderr)
    message = f"{small}: no space left for a server's data: make room there, or set TMPDIR to a place that has it"
    said = owner.stdout.splitlines()
    assert (said[0], said[-1], owner.stderr) == (message, "left: []", "")
    assert not list(apart.rglob("*.jsonl"))


def test_a_version_that_is_not_here_is_named_with_those_that_are() -> None:
    found = programs.find("99", 14)
    assert isinstance(found, Missing)
    assert "postgresql-99" in found.remedy
    assert any(": 1" in place for place in found.looked), found.looked


def test_a_named_place_is_the_only_one_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(programs.VARIABLE, str(tmp_path))
    assert programs.find(None, 14) == Missing(
        (f"{programs.VARIABLE}={tmp_path}: no programs that run",),
        programs.find(None, 14).remedy,  # type: ignore[union-attr]
    )


def test_a_link_on_the_path_leads_to_the_other_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = programs.find(None, 14)
    assert isinstance(real, Binaries)
    (tmp_path / "postgres").symlink_to(real.home / "postgres")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = programs.find(None, 14)
    assert isinstance(found, Binaries)
    assert (found.home / "initdb").exists()


SMALL_DISK = 'mount -t tmpfs -o size=64k none "$1" && shift && exec "$@"'

SAY_ERROR = """
import os, sys
from harness.errors import ServerError
from harness.servers.provider import provide
from tests.servers.engines import ENGINES, place
try:
    with provide(ENGINES[sys.argv[1]].recipe(None, None), "local", durable=True):
        print("it started")
except ServerError as error:
    print(error)
print("left:", os.listdir(os.environ["TMPDIR"]))
"""

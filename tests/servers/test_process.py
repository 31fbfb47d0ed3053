"""A local process: reached by its socket and password alone, quick to copy, and clear about what went wrong."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from harness.adapters.postgresql import programs
from harness.adapters.postgresql.local import LocalPostgresql
from harness.adapters.postgresql.recipe import recipe
from harness.errors import ServerError
from harness.servers.model import Address, Binaries, Missing, Server
from harness.servers.provider import provide
from tests.servers.conftest import ROOT, Launch, eventually, up, working_in

POSTGRESQL = recipe(None, None)


def asked(address: Address, query: str) -> object:
    with psycopg.connect(
        host=address.host, port=address.port, user=address.user, password=address.password, dbname=address.database
    ) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def test_the_server_is_what_it_says(server: Server) -> None:
    assert str(asked(server.address, "SHOW server_version")).startswith(server.version)
    assert server.kind == "local"
    assert server.version in server.where
    assert server.died() is None


@pytest.mark.parametrize("password", ["", "wrong", "as made by initdb"])
def test_only_the_random_password_opens_it(server: Server, password: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        asked(replace(server.address, password=password), "SELECT 1")


def test_it_listens_on_no_network(server: Server) -> None:
    assert asked(server.address, "SHOW listen_addresses") == ""
    assert Path(server.address.host).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "off"),
        ("autovacuum", "off"),
        ("jit", "off"),
        ("timezone", "UTC"),
        ("server_encoding", "UTF8"),
        ("lc_collate", "C.UTF-8"),
        ("synchronize_seqscans", "off"),
        ("dynamic_shared_memory_type", "mmap"),
        ("shared_preload_libraries", "pg_stat_statements,auto_explain"),
    ],
)
def test_its_settings_are_those_of_a_throw_away_server(server: Server, setting: str, value: str) -> None:
    query = f"SELECT datcollate FROM pg_database WHERE datname = current_database() AND '{setting}' = 'lc_collate'"
    found = asked(server.address, query if setting == "lc_collate" else f"SHOW {setting}")
    assert found == value


def test_a_durable_server_writes_to_disk_and_waits_for_it(apart: Path, tmp_path: Path) -> None:
    with provide(POSTGRESQL, "local", durable=True) as server:
        assert asked(server.address, "SHOW fsync") == "on"
        assert asked(server.address, "SHOW full_page_writes") == "on"
        assert not str(asked(server.address, "SHOW data_directory")).startswith("/dev/shm")


def test_a_server_that_is_killed_says_so_with_the_end_of_its_log(apart: Path) -> None:
    with provide(POSTGRESQL, "local") as server:
        pid = int(Path(server.address.host, "data/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: server.died() is not None)
        assert "the server was ended by SIGKILL; the last lines of its log:" in str(server.died())
        assert "database system is ready" in str(server.died())


def test_a_server_that_cannot_start_says_why(apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = LocalPostgresql.command

    def wrong(*words: object, **chosen: bool) -> tuple[str, ...]:
        return (*command(*words, **chosen), "-c", "no_such_setting=1")  # type: ignore[arg-type]

    monkeypatch.setattr(LocalPostgresql, "command", wrong)
    with pytest.raises(ServerError, match='unrecognized configuration parameter "no_such_setting"'):
        provide(POSTGRESQL, "local").__enter__()
    assert not list(apart.rglob("*.jsonl"))


def test_a_long_temporary_directory_does_not_break_the_socket(launch: Launch, tmp_path: Path) -> None:
    long = tmp_path / ("long" * 20)
    long.mkdir()
    owner = launch("local", "wait", "durable", TMPDIR=str(long))
    directory = up(owner)["host"]
    assert directory.startswith("/tmp/harness-")
    assert [path.name for path in long.iterdir() if path.name.startswith("harness-")]
    owner.kill()
    assert eventually(lambda: not Path(directory).exists() and not list(long.iterdir()))


def test_workers_that_start_together_make_one_template(launch: Launch, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    owners = [launch("local", "success", XDG_CACHE_HOME=str(cache)) for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        hosts = list(pool.map(lambda owner: up(owner)["host"], owners))
    assert [owner.wait() for owner in owners] == [0, 0, 0, 0]
    assert len(set(hosts)) == 4
    assert len([path for path in (cache / "schema-harness/templates").iterdir() if path.is_dir()]) == 1


def test_a_server_starts_without_a_place_for_templates(launch: Launch) -> None:
    owner = launch("local", "success", XDG_CACHE_HOME="/proc/nowhere")
    assert up(owner)["host"]
    assert owner.wait() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")
def test_root_becomes_nobody_where_user_namespaces_are_forbidden(launch: Launch, tmp_path: Path) -> None:
    distribution = programs.find(None, 14)
    if isinstance(distribution, Missing) or "wheel" in distribution.found:
        pytest.skip("the user nobody may not reach a wheel in root's home directory")
    without_unshare = tmp_path / "bin"
    without_unshare.mkdir()
    directory = up(launch("local", "wait", PATH=f"{without_unshare}:{distribution.home}"))["host"]
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in working_in(directory)} == {65534}


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk_is_one_clear_message(apart: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    owner = subprocess.run(
        ["unshare", "--mount", "sh", "-c", SMALL_DISK, "sh", str(small), sys.executable, "-c", SAY_ERROR],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(small)},
        capture_output=True,
        text=True,
        check=False,
    )
    if "mount:" in owner.stderr:
        pytest.skip(owner.stderr)
    message = f"{small}: no space left for a server's data: make room there, or set TMPDIR to a place that has it"
    assert (owner.stdout.splitlines(), owner.stderr) == ([message, "left: []"], "")
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


SMALL_DISK = 'mount -t tmpfs -o size=24m none "$1" && shift && exec "$@"'

SAY_ERROR = """
import os
from harness.adapters.postgresql.recipe import recipe
from harness.errors import ServerError
from harness.servers.provider import provide
try:
    with provide(recipe(None, None), "local", durable=True):
        print("it started")
except ServerError as error:
    print(error)
print("left:", os.listdir(os.environ["TMPDIR"]))
"""

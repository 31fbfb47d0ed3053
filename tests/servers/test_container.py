"""A container: published on loopback only, configured like a local server, and removed however the run ends."""

import os
import signal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from harness.adapters.postgresql.recipe import recipe
from harness.errors import ServerError
from harness.servers import docker_engine, leftovers
from harness.servers.model import Server
from harness.servers.provider import provide
from tests.servers.conftest import Launch, eventually, up

pytestmark = pytest.mark.docker


@pytest.fixture
def contained(apart: Path, docker_image: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment in which the image is the default."""
    monkeypatch.setenv("HARNESS_POSTGRESQL_IMAGE", docker_image)
    return docker_image


def containers() -> dict[str, Any]:
    """What Docker says of our containers, by session."""
    with docker_engine.client(docker_engine.endpoint()) as client:
        return {each.labels[docker_engine.SESSION_LABEL]: each.attrs for each in docker_engine.labelled(client)}


def setting(server: Server, name: str) -> str:
    address = server.address
    with psycopg.connect(
        host=address.host, port=address.port, user=address.user, password=address.password, dbname=address.database
    ) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        return str(row[0]) if row else ""


def test_it_is_published_on_loopback_only(contained: str) -> None:
    before = containers()
    with provide(recipe(None, None), "docker") as server:
        [made] = [attrs for session, attrs in containers().items() if session not in before]
        [published] = made["NetworkSettings"]["Ports"]["5432/tcp"]
        assert published["HostIp"] == "127.0.0.1"
        assert (server.address.host, server.address.port) == ("127.0.0.1", int(published["HostPort"]))
        assert made["HostConfig"]["ShmSize"] >= 256 << 20
        assert (server.kind, server.image) == ("docker", contained)
        assert server.died() is None
    assert set(containers()) <= set(before)


def test_it_is_configured_like_a_local_server(contained: str, server: Server) -> None:
    with provide(recipe(None, None), "docker") as other:
        for name in ("fsync", "autovacuum", "jit", "timezone", "server_encoding", "shared_preload_libraries"):
            assert setting(other, name) == setting(server, name)


def test_only_the_random_password_opens_it(contained: str) -> None:
    with (
        provide(recipe(None, None), "docker") as server,
        pytest.raises(psycopg.OperationalError, match="password authentication failed"),
    ):
        psycopg.connect(host="127.0.0.1", port=server.address.port, user="postgres", password="as made by initdb")


def test_a_durable_one_waits_for_its_disk(contained: str) -> None:
    with provide(recipe(None, None), "docker", durable=True) as server:
        assert setting(server, "fsync") == "on"


def test_one_that_ends_says_so_with_the_end_of_its_log(contained: str) -> None:
    before = containers()
    with provide(recipe(None, None), "docker") as server:
        [session] = set(containers()) - set(before)
        with docker_engine.client(docker_engine.endpoint()) as client:
            client.containers.get(f"harness-{session}").kill()
        assert "the container ended with exit code 137; the last lines of its log:" in str(server.died())


def test_one_that_cannot_start_says_why(contained: str) -> None:
    wrong = recipe(None, None)
    before = containers()
    object.__setattr__(wrong, "arguments", ("-c", "no_such_setting=1"))
    with pytest.raises(ServerError, match='unrecognized configuration parameter "no_such_setting"'):
        provide(wrong, "docker").__enter__()
    assert set(containers()) <= set(before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_none_is_left_by_a_run_that_is_ended(
    number: signal.Signals, contained: str, launch: Launch, apart: Path
) -> None:
    before = containers()
    owner = launch("docker", "wait")
    up(owner)
    [session] = set(containers()) - set(before)
    owner.send_signal(number)
    owner.communicate()
    assert eventually(lambda: session not in containers() and not list(apart.rglob("*.jsonl")))


def test_the_next_run_removes_what_a_run_left_whose_watchdog_and_journal_are_gone(
    contained: str, launch: Launch, apart: Path
) -> None:
    before = containers()
    owner = launch("docker", "wait")
    up(owner)
    [session] = set(containers()) - set(before)
    for child in Path(f"/proc/{owner.pid}/task/{owner.pid}/children").read_text().split():
        os.kill(int(child), signal.SIGSTOP)
        os.kill(int(child), signal.SIGKILL)
    owner.kill()
    owner.communicate()
    for journal in apart.rglob("*.jsonl"):
        journal.unlink()
    assert [each.standing for each in leftovers.listing() if each.name == f"harness-{session}"] == ["left behind"]
    assert f"harness-{session}" in leftovers.prune()
    assert session not in containers()


def test_a_kept_one_stays_up_until_it_is_stopped(contained: str, launch: Launch, apart: Path) -> None:
    before = containers()
    owner = launch("docker", "keep")
    said = up(owner)
    owner.communicate()
    [session] = set(containers()) - set(before)
    leftovers.sweep_containers(docker_engine.endpoint())
    [kept] = [each for each in leftovers.listing() if each.standing == "kept"]
    assert kept.url == said["url"]
    leftovers.stop(kept.name)
    assert session not in containers()

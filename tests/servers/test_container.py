"""A container: published on loopback only, configured like a local server, and removed however the run ends."""

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ServerError
from harness.servers import docker_engine, identity, leftovers
from harness.servers.provider import provide
from tests.servers.conftest import Launch, eventually, settings, up
from tests.servers.engines import Spoken

pytestmark = pytest.mark.docker


@pytest.fixture
def contained(apart: Path, engine_name: str, image: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment in which the image is the default."""
    monkeypatch.setenv(f"HARNESS_{engine_name.upper()}_IMAGE", image)
    return image


def containers(pid: int) -> dict[str, Any]:
    """What Docker says of the containers of a process, by session; tests beside this one have others."""
    with docker_engine.client(docker_engine.endpoint()) as client:
        listed = docker_engine.labelled(client)
        return {
            each.labels[docker_engine.SESSION_LABEL]: each.attrs
            for each in listed
            if (who := identity.owner(each.labels[docker_engine.OWNER_LABEL])) and who.pid == pid
        }


def test_it_is_published_on_loopback_only(engine: Spoken, contained: str) -> None:
    before = containers(os.getpid())
    with provide(engine.recipe(None, None), "docker") as server:
        [made] = [attrs for session, attrs in containers(os.getpid()).items() if session not in before]
        [published] = made["NetworkSettings"]["Ports"][f"{engine.recipe(None, None).port}/tcp"]
        assert published["HostIp"] == "127.0.0.1"
        assert (server.address.host, server.address.port) == ("127.0.0.1", int(published["HostPort"]))
        assert made["HostConfig"]["ShmSize"] >= 256 << 20
        assert (server.kind, server.image) == ("docker", contained)
        assert server.died() is None
    assert set(containers(os.getpid())) <= set(before)


def test_it_is_configured_like_a_local_server(engine: Spoken, contained: str) -> None:
    expected = engine.throw_away | engine.steady
    with provide(engine.recipe(None, None), "docker") as server:
        assert settings(engine, server.address, expected) == expected


def test_only_the_random_password_opens_it(engine: Spoken, contained: str) -> None:
    with provide(engine.recipe(None, None), "docker") as server:
        for password in engine.passwords:
            with pytest.raises(engine.refusal, match=engine.refused):
                engine.asked(replace(server.address, password=password), "SELECT 1")


def test_a_durable_one_waits_for_its_disk(engine: Spoken, contained: str) -> None:
    with provide(engine.recipe(None, None), "docker", durable=True) as server:
        assert settings(engine, server.address, engine.durable) == engine.durable


def test_one_that_ends_says_so_with_the_end_of_its_log(engine: Spoken, contained: str) -> None:
    before = containers(os.getpid())
    with provide(engine.recipe(None, None), "docker") as server:
        [session] = set(containers(os.getpid())) - set(before)
        with docker_engine.client(docker_engine.endpoint()) as client:
            client.containers.get(f"harness-{session}").kill()
        assert "the container ended with exit code 137; the last lines of its log:" in str(server.died())


def test_one_that_cannot_start_says_why(engine: Spoken, contained: str) -> None:
    wrong = replace(engine.recipe(None, None), arguments=(engine.wrong,))
    before = containers(os.getpid())
    with pytest.raises(ServerError, match=engine.complaint):
        provide(wrong, "docker").__enter__()
    assert set(containers(os.getpid())) <= set(before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_none_is_left_by_a_run_that_is_ended(
    number: signal.Signals, contained: str, launch: Launch, apart: Path
) -> None:
    owner = launch("docker", "wait")
    up(owner)
    [session] = containers(owner.pid)
    owner.send_signal(number)
    owner.communicate()
    assert eventually(lambda: session not in containers(owner.pid) and not list(apart.rglob("*.jsonl")))


def test_the_next_run_removes_what_a_run_left_whose_watchdog_and_journal_are_gone(
    contained: str, launch: Launch, apart: Path
) -> None:
    owner = launch("docker", "wait")
    up(owner)
    [session] = containers(owner.pid)
    for child in Path(f"/proc/{owner.pid}/task/{owner.pid}/children").read_text().split():
        os.kill(int(child), signal.SIGSTOP)
        os.kill(int(child), signal.SIGKILL)
    owner.kill()
    owner.communicate()
    for journal in apart.rglob("*.jsonl"):
        journal.unlink()
    assert [each.standing for each in leftovers.listing() if each.name == f"harness-{session}"] == ["left behind"]
    assert f"harness-{session}" in leftovers.prune()
    assert session not in containers(owner.pid)


def test_a_kept_one_stays_up_until_it_is_stopped(contained: str, launch: Launch, apart: Path) -> None:
    owner = launch("docker", "keep")
    said = up(owner)
    owner.communicate()
    [session] = containers(owner.pid)
    leftovers.sweep_containers(docker_engine.endpoint())
    [kept] = [each for each in leftovers.listing() if each.standing == "kept"]
    assert kept.url == said["url"]
    leftovers.stop(kept.name)
    assert session not in containers(owner.pid)

"""Which way is taken, and what is said when there is none."""

from pathlib import Path

import pytest

from harness.adapters.postgresql import programs
from harness.adapters.postgresql.recipe import recipe
from harness.errors import ServerError
from harness.servers.availability import availability
from harness.servers.docker_engine import DockerEngine, NoEngine, engine
from harness.servers.model import Binaries, Missing, Server
from harness.servers.provider import provide
from tests.servers.engines import ENGINES


@pytest.fixture
def no_docker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A machine on which no Docker engine answers."""
    at = f"unix://{tmp_path}/docker.sock"
    monkeypatch.setenv("DOCKER_HOST", at)
    return at


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine on which no programs of PostgreSQL are found."""
    monkeypatch.setenv(programs.VARIABLE, str(tmp_path))
    return tmp_path


def test_auto_is_local_where_no_docker_engine_answers(no_docker: str, apart: Path) -> None:
    with provide(recipe(None, None), "auto") as server:
        assert server.kind == "local"


@pytest.mark.docker
def test_auto_is_local_where_the_image_cannot_be_had(apart: Path) -> None:
    told: list[str] = []
    with provide(recipe(None, "localhost:1/no/such-image"), "auto", tell=told.append) as server:
        assert server.kind == "local"
    assert told == ["fetching the image localhost:1/no/such-image"]


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_no_server_at_all_says_for_each_way_why_and_what_to_do(
    name: str, no_docker: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    variable = f"HARNESS_{name.upper()}_BIN"
    monkeypatch.setenv(variable, str(tmp_path))
    with pytest.raises(ServerError) as refused:
        provide(ENGINES[name].recipe(None, None), "auto").__enter__()
    first, docker, local, url = str(refused.value).splitlines()
    assert first == f"no {name} server could be had:"
    why = f"no Docker engine answers at {no_docker} (no such file or directory)"
    assert docker == f"  docker: {why}: install Docker, or start it"
    assert local.startswith(f"  local: no {name} server on this machine (looked: {variable}={tmp_path}: no programs ")
    assert local.endswith(variable)
    assert url == f"  URL: or give a server that is there: --server {name}://user:password@host/database"
    assert refused.value.exit_code == 3


@pytest.mark.parametrize(
    ("name", "install"),
    [
        ("postgresql", "pip install 'schema-harness[postgresql]', apt-get install postgresql"),
        ("mysql", "-m harness.adapters.mysql.unpack (it fetches"),
        ("mariadb", "apt-get install mariadb-server-core"),
    ],
)
def test_it_is_said_exactly_what_to_install(
    name: str, install: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(f"HARNESS_{name.upper()}_BIN", str(tmp_path))
    local = availability(ENGINES[name].recipe(None, None)).local
    assert isinstance(local, Missing)
    assert install in local.remedy


def test_a_way_that_was_chosen_is_the_only_one_tried(no_docker: str) -> None:
    with pytest.raises(ServerError, match=r"^no Docker engine answers at "):
        provide(recipe(None, None), "docker").__enter__()


def test_what_is_listening_but_no_docker_engine_is_told_apart(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{server.address.host}/.s.PGSQL.{server.address.port}")
    assert isinstance(engine(), NoEngine)


def test_what_this_machine_can_run_is_known_without_starting_anything(no_docker: str) -> None:
    seen = availability(recipe(None, None))
    assert isinstance(seen.docker, NoEngine)
    assert isinstance(seen.local, Binaries)
    assert (seen.image_there, seen.client) == (None, True)
    assert seen.data_free > 0


def test_what_is_missing_is_known_too(no_docker: str, no_programs: Path) -> None:
    assert isinstance(availability(recipe(None, None)).local, Missing)


@pytest.mark.docker
def test_the_image_is_known_to_be_there(docker_image: str) -> None:
    assert isinstance(engine(), DockerEngine)
    assert availability(recipe(None, docker_image)).image_there is True
    assert availability(recipe(None, "no-such-image:1")).image_there is False

"""A server as a throw-away container, by testcontainers."""

import os
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from harness.errors import ServerError
from harness.servers import docker_engine
from harness.servers.docker_engine import DockerEngine, NoEngine
from harness.servers.holdings import Containers, Journal
from harness.servers.identity import myself
from harness.servers.leftovers import sweep_containers
from harness.servers.model import Address, Recipe, Server
from harness.servers.ready import fitting, until_ready

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

_READY_WITHIN_S = 120.0
_GONE_WITHIN_S = 30
_SHARED_MEMORY = "512m"
"""Docker's default of 64 MB breaks PostgreSQL's parallel index builds."""

_LAST_LINES = 8


@contextmanager
def container(
    recipe: Recipe, journal: Journal, tell: Callable[[str], None], *, durable: bool, keep: bool
) -> Iterator[Server]:
    """A server that is removed, with its volumes, when the context ends, unless the journal says ``keep`` by then.

    Raises:
        ServerError: no engine, no image, or the server did not come up.
    """
    engine = _engine()
    sweep_containers(engine.endpoint)
    _fetch(recipe.image, engine, tell)
    hold = Containers(secrets.token_hex(8), engine.endpoint)
    password = secrets.token_urlsafe(18)
    journal.hold(hold)
    made = _made(recipe, hold, password, durable=durable, keep=keep)
    try:
        _start(made, recipe.image)
        yield _answering(recipe, made, engine, password)
    finally:
        with docker_engine.speaking(engine.endpoint):
            if journal.kept:
                made.get_docker_client().client.close()
            else:
                made.stop()
                journal.release(hold)


def image_is_there(image: str, engine: DockerEngine) -> bool:
    """Whether the engine has the image already."""
    with docker_engine.client(engine.endpoint) as client:
        return _has(client, image)


def _engine() -> DockerEngine:
    engine = docker_engine.engine()
    if isinstance(engine, NoEngine):
        raise ServerError(engine.reason)
    return engine


def _fetch(image: str, engine: DockerEngine, tell: Callable[[str], None]) -> None:
    import docker.errors  # noqa: PLC0415  (optional driver)

    with docker_engine.client(engine.endpoint) as client:
        if _has(client, image):
            return
        tell(f"fetching the image {image}")
        try:
            client.images.pull(image)
        except docker.errors.DockerException as error:
            raise ServerError(
                f"the image {image} is not on this machine and cannot be fetched ({docker_engine.said(error)}): "
                "pull or build it, or name another image"
            ) from error


def _has(client: Any, image: str) -> bool:
    import docker.errors  # noqa: PLC0415  (optional driver)

    try:
        client.images.get(image)
    except docker.errors.ImageNotFound:
        return False
    return True


def _made(recipe: Recipe, hold: Containers, password: str, *, durable: bool, keep: bool) -> "DockerContainer":
    """The container, not started yet, in testcontainers' terms."""
    # Its reaper is a container of an image that may not be had; the watchdog does that work without one.
    os.environ["TESTCONTAINERS_RYUK_DISABLED"] = "true"
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415  (optional driver)

    labels = {docker_engine.SESSION_LABEL: hold.session, docker_engine.OWNER_LABEL: str(myself())}
    if keep:
        labels[docker_engine.KEEP_LABEL] = "true"
    arguments = recipe.durable_arguments if durable else recipe.arguments
    made = DockerContainer(recipe.image, docker_client_kw={"environment": docker_engine.environment(hold.endpoint)})
    made.with_envs(**recipe.environment(password)).with_command(list(arguments)).with_name(f"harness-{hold.session}")
    made.with_kwargs(labels=labels, shm_size=_SHARED_MEMORY)
    ports: dict[str, Any] = made.ports  # it has no word for the address to listen on; docker-py takes a pair
    listening = _listening_address(hold.endpoint)
    # A free port that is not named is another one after each start; a durable server is started again.
    ports[f"{recipe.port}/tcp"] = (listening, _free_port(listening) if durable else None)
    return made


def _start(made: "DockerContainer", image: str) -> None:
    import docker.errors  # noqa: PLC0415  (optional driver)

    try:
        made.start()
    except docker.errors.DockerException as error:
        raise ServerError(f"a container of {image} could not be started: {docker_engine.said(error)}") from error


def _answering(recipe: Recipe, made: "DockerContainer", engine: DockerEngine, password: str) -> Server:
    import docker.errors  # noqa: PLC0415  (optional driver)

    running = made.get_wrapped_container()

    def died() -> str | None:
        try:
            running.reload()
        except (docker.errors.DockerException, OSError) as error:
            return f"its Docker engine does not tell any more: {docker_engine.said(error)}"
        if running.status in {"created", "running", "restarting"}:
            return None
        code = running.attrs["State"]["ExitCode"]
        log = running.logs(tail=_LAST_LINES).decode(errors="replace").splitlines()
        last = "\n".join(f"  {line}" for line in log)
        return f"the container ended with exit code {code}; the last lines of its log:\n{last}"

    addresses = [recipe.address(host, port, password) for host, port in _ways(running, recipe.port, engine.endpoint)]
    address, version = until_ready(recipe.probe, addresses, died, within_s=_READY_WITHIN_S)
    where = f"{recipe.engine} {version}, a throw-away container of {recipe.image}"
    life = _Life(running, lambda: until_ready(recipe.probe, [address], died, within_s=_READY_WITHIN_S))
    version = fitting(recipe, version, recipe.image)
    return Server(address, "docker", version, recipe.image, where, died, life, life.beside)


class _Life:
    """A container that can be killed and started again; its data stays in its volumes."""

    def __init__(self, running: Any, ready: Callable[[], object]) -> None:
        self._running = running
        self._ready = ready

    def kill(self, at: Address) -> None:  # noqa: ARG002  (it has no twins)
        """See ``Mortal.kill``."""
        import docker.errors  # noqa: PLC0415  (optional driver)

        with suppress(docker.errors.APIError):  # it may have ended of itself
            self._running.kill(signal="SIGKILL")
        self._running.wait(timeout=_GONE_WITHIN_S)

    def beside(self, command: Sequence[str]) -> bool:
        """See ``Server.beside``: as root, who keeps the owner of what is copied. Some images have no programs."""
        import docker.errors  # noqa: PLC0415  (optional driver)

        try:
            done = self._running.exec_run(list(command), user="0")
        except (docker.errors.DockerException, OSError):
            return False
        return bool(done.exit_code == 0)

    def restart(self, at: Address) -> None:  # noqa: ARG002  (it has no twins)
        """See ``Mortal.restart``."""
        import docker.errors  # noqa: PLC0415  (optional driver)

        try:
            self._running.start()
        except docker.errors.DockerException as error:
            raise ServerError(f"the container could not be started again: {docker_engine.said(error)}") from error
        self._ready()


def _ways(running: Any, port: int, endpoint: str) -> list[tuple[str, int]]:
    """Ways to the container: the published port, then (from another container of the same engine) its own address."""
    running.reload()
    network = running.attrs["NetworkSettings"]
    published = int(network["Ports"][f"{port}/tcp"][0]["HostPort"])
    own = [each["IPAddress"] for each in network["Networks"].values() if each.get("IPAddress")]
    return [(_reached_at(endpoint), published), *((address, port) for address in own)]


def _reached_at(endpoint: str) -> str:
    remote = urlsplit(endpoint).hostname if not endpoint.startswith("unix:") else None
    return remote or "127.0.0.1"


def _free_port(address: str) -> int:
    """A port that nobody uses now."""
    with socket.socket() as found:
        found.bind((address, 0))
        port: int = found.getsockname()[1]
        return port


def _listening_address(endpoint: str) -> str:
    """Loopback, unless the engine is another machine: there it must be reached from here."""
    return "127.0.0.1" if _reached_at(endpoint) in {"127.0.0.1", "localhost", "::1"} else "0.0.0.0"  # noqa: S104

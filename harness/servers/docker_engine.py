"""The Docker engine: where it listens, whether it answers, whose containers are there.

Whether it answers is asked with one plain HTTP request: importing the client library takes longer than starting a
local server, and most machines that have no engine would pay for it.
"""

import hashlib
import importlib.util
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness.errors import ServerError

SESSION_LABEL = "harness.session"
OWNER_LABEL = "harness.owner"
KEEP_LABEL = "harness.keep"

_ANSWERS_WITHIN_S = 1.0
_APPEARS_WITHIN_S = 3.0
_DEFAULT = "unix:///var/run/docker.sock"


@dataclass(frozen=True, slots=True)
class DockerEngine:
    """An engine that answers."""

    endpoint: str
    version: str


@dataclass(frozen=True, slots=True)
class NoEngine:
    """Why there is none, and the remedy."""

    endpoint: str
    reason: str


def endpoint() -> str:
    """Where the engine is: DOCKER_HOST, the current context of the Docker CLI, then the usual sockets."""
    return os.environ.get("DOCKER_HOST") or _of_context() or _of_sockets()


def engine() -> DockerEngine | NoEngine:
    """The engine, if it answers within a second."""
    at = endpoint()
    if urlsplit(at).scheme not in {"unix", "tcp", "http"} or os.environ.get("DOCKER_TLS_VERIFY"):
        # Through ssh or TLS only the client library knows the way; it is believed until it fails.
        return DockerEngine(at, "unknown")
    try:
        return DockerEngine(at, str(_asked(at, "/version")["Version"]))
    except PermissionError:
        return NoEngine(at, f"this user may not use the Docker engine at {at}: add it to the group docker")
    except (OSError, ValueError, KeyError) as error:
        why = getattr(error, "strerror", None) or said(error)
        return NoEngine(at, f"no Docker engine answers at {at} ({why.lower()}): install Docker, or start it")


def library_is_there() -> bool:
    """Whether what talks to the engine is installed."""
    return all(importlib.util.find_spec(name) for name in ("docker", "testcontainers"))


@contextmanager
def client(at: str) -> Iterator[Any]:
    """A client of the Docker SDK; ServerError where it is not installed, or the engine fails."""
    if not library_is_there():
        raise ServerError("the Docker client library is missing: pip install 'schema-harness[docker]'")
    import docker  # noqa: PLC0415  (optional driver)

    with speaking(at):
        connected = docker.from_env(environment=environment(at))
        try:
            yield connected
        finally:
            connected.close()


@contextmanager
def speaking(at: str) -> Iterator[None]:
    """Turns what goes wrong between the client and the engine inside into a ServerError."""
    import docker.errors  # noqa: PLC0415  (optional driver)

    try:
        yield
    except (docker.errors.DockerException, OSError) as error:  # the SDK lets the errors of requests through: OSErrors
        raise ServerError(f"the Docker engine at {at}: {said(error)}") from error


def said(error: Exception) -> str:
    """What the engine says is wrong, in one line."""
    lines = str(getattr(error, "explanation", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def environment(at: str) -> dict[str, str]:
    """The environment that makes the Docker SDK use that endpoint."""
    return {**os.environ, "DOCKER_HOST": at}


def remove(session: str, at: str) -> None:
    """Remove the containers of a session, with their volumes; also one that is just being made."""
    if isinstance(engine(), NoEngine) or not library_is_there():
        return  # the next run that uses the engine sees to it, by the labels
    with client(at) as connected:
        deadline = time.monotonic() + _APPEARS_WITHIN_S
        while not _removed(connected, session) and time.monotonic() < deadline:
            time.sleep(0.1)


def labelled(connected: Any) -> list[Any]:
    """All containers that a harness made, running or not."""
    return list(connected.containers.list(all=True, filters={"label": SESSION_LABEL}, ignore_removed=True))


def discard(container: Any) -> None:
    """Remove one container, with its volumes; one that is gone already is what was wanted."""
    import docker.errors  # noqa: PLC0415  (optional driver)

    try:
        container.remove(force=True, v=True)
    except docker.errors.NotFound:
        return
    except docker.errors.APIError as error:
        if error.status_code != 409:  # somebody else is removing it
            raise


def _removed(connected: Any, session: str) -> bool:
    found = [each for each in labelled(connected) if each.labels[SESSION_LABEL] == session]
    for each in found:
        discard(each)
    return bool(found)


def _asked(at: str, path: str) -> dict[str, Any]:
    with _connected(at) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head.partition(b"\r\n")[0].decode(errors="replace")
    if " 200 " not in status:
        raise ValueError(f"it says {status!r}")
    content = json.loads(body)
    return content if isinstance(content, dict) else {}


def _connected(at: str) -> socket.socket:
    parts = urlsplit(at)
    if parts.scheme != "unix":
        return socket.create_connection((parts.hostname or "localhost", parts.port or 2375), _ANSWERS_WITHIN_S)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_ANSWERS_WITHIN_S)
    try:
        connection.connect(parts.path)
    except OSError:
        connection.close()
        raise
    return connection


def _of_context() -> str | None:
    """The endpoint of the context that ``docker context use`` chose."""
    home = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    try:
        name = os.environ.get("DOCKER_CONTEXT") or json.loads((home / "config.json").read_text())["currentContext"]
        meta = home / "contexts/meta" / hashlib.sha256(name.encode()).hexdigest() / "meta.json"
        return str(json.loads(meta.read_text())["Endpoints"]["docker"]["Host"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no such file, or not in the form we know: the usual sockets then


def _of_sockets() -> str:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    places = [_DEFAULT, f"unix://{Path.home()}/.docker/run/docker.sock"]
    if runtime:
        places += [f"unix://{runtime}/docker.sock", f"unix://{runtime}/podman/podman.sock"]
    there = (place for place in places if Path(urlsplit(place).path).is_socket())
    return next(there, _DEFAULT)

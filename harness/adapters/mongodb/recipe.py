"""How a MongoDB server is made: the image and its arguments, the local program, the way to ask whether it is up."""

import os
from collections.abc import Mapping

from harness.adapters.mongodb.address import ADMINISTRATOR, PORT, administrator, drop, parse, probe, probe_of_member
from harness.adapters.mongodb.local import LocalMongoDB
from harness.adapters.mongodb.settings import REPLICA_SET, STEADY, THROW_AWAY, words
from harness.servers.model import Recipe

IMAGE_VARIABLE = "HARNESS_MONGODB_IMAGE"
REPLICA_SET_VARIABLE = "HARNESS_MONGODB_REPLICA_SET"
"""When it is set, every server is a replica set of one: it has transactions and change streams, and loads slower."""

KEY = "/tmp/harness-key"  # noqa: S108  (within the container)
WITH_KEY = (
    # Members know each other by a key, without which there is no access control. Its file must be the server's own,
    # and nobody else's: the official image's entrypoint runs the server as mongodb where it is started by root.
    f"umask 077; head -c 300 /dev/urandom | tr -dc A-Za-z0-9 > {KEY}; "
    f'[ "$(id -u)" != 0 ] || chown mongodb {KEY}; '
    'exec "$(command -v docker-entrypoint.sh || echo /entrypoint)" mongod "$@"'
)
"""Run by the image's entrypoint, which runs anything that is not mongod as it is, and then by it again."""

OLDEST = "6.0"
"""The oldest version that is supported."""

_IMAGE_VERSION = "8"


def recipe(version: str | None, image: str | None, *, replica_set: bool | None = None) -> Recipe:
    """The recipe for a version (None: any that is supported) and an image (None: the official one)."""
    together = bool(os.environ.get(REPLICA_SET_VARIABLE)) if replica_set is None else replica_set
    return Recipe(
        engine="mongodb",
        version=version,
        image=image or os.environ.get(IMAGE_VARIABLE) or f"mongo:{version or _IMAGE_VERSION}",
        port=PORT,
        environment=_environment,
        arguments=_arguments((*words(STEADY), *words(THROW_AWAY)), together=together),
        durable_arguments=_arguments(words(STEADY), together=together),
        local=LocalMongoDB(version, OLDEST, together),
        address=administrator,
        probe=probe_of_member if together else probe,
        parse=parse,
        minimum=OLDEST,
        drop=drop,
    )


def _arguments(settings: tuple[str, ...], *, together: bool) -> tuple[str, ...]:
    if not together:
        return settings
    member = ("--replSet", REPLICA_SET, "--keyFile", KEY, "--oplogSize", "64")
    return ("bash", "-c", WITH_KEY, "mongod", *member, *settings)


def _environment(password: str) -> Mapping[str, str]:
    """The official image's variables."""
    return {
        "MONGO_INITDB_ROOT_USERNAME": ADMINISTRATOR,
        "MONGO_INITDB_ROOT_PASSWORD": password,
        "TZ": "UTC",
    }

"""How a MongoDB server is made: the image and its arguments, the local program, the way to ask whether it is up."""

import os
from collections.abc import Mapping

from harness.adapters.mongodb.address import ADMINISTRATOR, PORT, administrator, drop, parse, probe
from harness.adapters.mongodb.local import LocalMongoDB
from harness.adapters.mongodb.settings import STEADY, THROW_AWAY, words
from harness.servers.model import Recipe

IMAGE_VARIABLE = "HARNESS_MONGODB_IMAGE"
REPLICA_SET_VARIABLE = "HARNESS_MONGODB_REPLICA_SET"
"""When it is set, a local server is a replica set of one: it has transactions and change streams, and loads slower."""

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
        arguments=(*words(STEADY), *words(THROW_AWAY)),
        durable_arguments=words(STEADY),
        local=LocalMongoDB(version, OLDEST, together),
        address=administrator,
        probe=probe,
        parse=parse,
        minimum=OLDEST,
        drop=drop,
    )


def _environment(password: str) -> Mapping[str, str]:
    """The official image's variables."""
    return {
        "MONGO_INITDB_ROOT_USERNAME": ADMINISTRATOR,
        "MONGO_INITDB_ROOT_PASSWORD": password,
        "TZ": "UTC",
    }

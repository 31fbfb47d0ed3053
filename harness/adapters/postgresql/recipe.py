"""How a PostgreSQL server is made: the image and its arguments, the local programs, the way to ask whether it is up."""

import os
from collections.abc import Mapping

from harness.adapters.postgresql.address import ADMINISTRATOR, PORT, administrator, drop, parse, probe
from harness.adapters.postgresql.local import LocalPostgresql
from harness.adapters.postgresql.settings import LIBRARIES, STEADY, THROW_AWAY, options
from harness.servers.model import Recipe

IMAGE_VARIABLE = "HARNESS_POSTGRESQL_IMAGE"
OLDEST = 14
"""The oldest major version that is supported."""

_IMAGE_VERSION = "17"


def recipe(version: str | None, image: str | None) -> Recipe:
    """The recipe for a version (None: any that is supported) and an image (None: the official one)."""
    steady = options((*STEADY, ("shared_preload_libraries", ",".join(LIBRARIES))))
    return Recipe(
        engine="postgresql",
        version=version,
        image=image or os.environ.get(IMAGE_VARIABLE) or f"postgres:{version or _IMAGE_VERSION}",
        port=PORT,
        environment=_environment,
        arguments=(*steady, *options(THROW_AWAY)),
        durable_arguments=steady,
        local=LocalPostgresql(version, OLDEST),
        address=administrator,
        probe=probe,
        parse=parse,
        minimum=str(OLDEST),
        drop=drop,
    )


def _environment(password: str) -> Mapping[str, str]:
    """The official image's variables; its default locale, en_US.utf8, would sort otherwise than a local server."""
    return {
        "POSTGRES_USER": ADMINISTRATOR,
        "POSTGRES_PASSWORD": password,
        "POSTGRES_INITDB_ARGS": "--locale=C.UTF-8 --encoding=UTF8 --auth=scram-sha-256",
        "TZ": "UTC",
    }

"""How a server is made: the image and its arguments, the local program, the way to ask whether it is up."""

import os
from collections.abc import Callable, Mapping
from functools import partial

from harness.adapters.mysql.address import PORT, administrator, drop, parse, probe
from harness.adapters.mysql.local import LocalServer
from harness.adapters.mysql.product import PRODUCT, Product
from harness.adapters.mysql.settings import THROW_AWAY
from harness.servers.model import Recipe


def recipe(version: str | None, image: str | None, product: Product = PRODUCT) -> Recipe:
    """The recipe for a version (None: any that is supported) and an image (None: the official one)."""
    return Recipe(
        engine=product.engine,
        version=version,
        image=image or os.environ.get(product.image_variable) or f"{product.image}:{version or product.image_version}",
        port=PORT,
        environment=_environment(product),
        arguments=(*product.settings, *THROW_AWAY),
        durable_arguments=product.settings,
        local=LocalServer(product, version),
        address=partial(administrator, product.engine),
        probe=partial(probe, product),
        parse=partial(parse, product),
        minimum=product.oldest,
        drop=partial(drop, product),
    )


def _environment(product: Product) -> Callable[[str], Mapping[str, str]]:
    """The official image's variables. Time zone tables take seconds, and are left out as they are of a local server."""
    prefix = product.engine.upper()

    def environment(password: str) -> Mapping[str, str]:
        return {
            f"{prefix}_ROOT_PASSWORD": password,
            f"{prefix}_ROOT_HOST": "%",
            f"{prefix}_INITDB_SKIP_TZINFO": "1",
            "TZ": "UTC",
        }

    return environment

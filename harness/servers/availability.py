"""What this machine can run, for ``harness doctor``: found by the same code that starts servers."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from harness.servers import docker_engine
from harness.servers.container import image_is_there
from harness.servers.docker_engine import DockerEngine, NoEngine
from harness.servers.model import Binaries, Missing, Recipe
from harness.servers.places import cache, workspace


@dataclass(frozen=True, slots=True)
class Availability:
    """The ways to a server of one engine.

    Attributes:
        docker: the engine that answers, or why none does.
        client: whether the library that talks to it is installed.
        image: the image that would be run.
        image_there: whether the engine has it; None when that cannot be asked.
        local: the programs that were found, or where was looked and the remedy.
        data: where a local server's data would go.
        data_free: bytes free there.
        templates: where initialised data directories are kept.
    """

    engine: str
    docker: DockerEngine | NoEngine
    client: bool
    image: str
    image_there: bool | None
    local: Binaries | Missing
    data: Path
    data_free: int
    templates: Path


def availability(recipe: Recipe) -> Availability:
    """The ways to a server of that recipe; starts nothing, fetches nothing."""
    engine = docker_engine.engine()
    client = docker_engine.library_is_there()
    asked = isinstance(engine, DockerEngine) and client
    place = workspace(durable=False)
    return Availability(
        engine=recipe.engine,
        docker=engine,
        client=client,
        image=recipe.image,
        image_there=image_is_there(recipe.image, engine) if asked and isinstance(engine, DockerEngine) else None,
        local=recipe.local.find() if recipe.local else Missing((), f"{recipe.engine} does not run as a local process"),
        data=place,
        data_free=shutil.disk_usage(place).free,
        templates=cache() / "templates",
    )

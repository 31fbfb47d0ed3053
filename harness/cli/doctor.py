"""``harness doctor``: what this machine can run, and what to install for the rest."""

import platform
from collections.abc import Iterator
from typing import Any

import click
from rich.text import Text

from harness import __version__, adapters
from harness.abilities import Backing
from harness.cli import options
from harness.cli.talk import talk
from harness.engine import Engine
from harness.errors import HarnessError
from harness.report.indented import Indented
from harness.servers.availability import Availability, availability
from harness.servers.docker_engine import NoEngine
from harness.servers.model import Missing

NO_SERVER = 3
GIGABYTE = 1 << 30

EPILOG = """\b
Examples:
  harness doctor
  harness doctor postgresql --engine-version 17

Exit codes: 0 an engine that was asked about can be run in some way; 3 none of them can."""


@click.command("doctor", epilog=EPILOG)
@click.argument("engines", metavar="[ENGINE]...", nargs=-1, type=click.Choice(adapters.names()))
@click.option("--engine-version", metavar="VERSION", help="Ask for this version of the server.")
@click.option("--image", help="Ask for this image.")
@options.talking
def command(engines: tuple[str, ...], engine_version: str | None, image: str | None, **chosen: Any) -> int:
    """Tell what this machine can run, and what to install for the rest. Starts nothing, fetches nothing."""
    talking = talk(chosen)
    talking.result(Text(f"harness {__version__}, Python {platform.python_version()}, {platform.platform()}"))
    codes = []
    for name in engines or adapters.names():
        talking.result(Text(f"\n{name}", style="bold"))
        try:
            seen = availability(adapters.find(name).recipe(engine_version, image))
        except HarnessError as error:
            talking.result(_way("none", str(error), works=False))
            codes.append(NO_SERVER)
            continue
        talking.result(*_ways(seen), _backup(adapters.find(name)))
        codes.append(0 if _runs(seen) else NO_SERVER)
    return min(codes)


def _runs(seen: Availability) -> bool:
    return not isinstance(seen.local, Missing) or (seen.client and not isinstance(seen.docker, NoEngine))


def _ways(seen: Availability) -> Iterator[Indented]:
    yield _docker(seen)
    if isinstance(seen.local, Missing):
        yield _way("local", f"{seen.local.remedy} (looked: {'; '.join(seen.local.looked)})", works=False)
    else:
        yield _way("local", f"{seen.local.version}, {seen.local.found}", works=True)
    free = seen.data_free / GIGABYTE
    yield _way("data", f"{seen.data} ({free:.1f} GB free), templates in {seen.templates}", works=free >= 1)


def _backup(engine: Engine) -> Indented:
    """What the drill ``restore`` works with."""
    if not isinstance(engine, Backing):
        return _way("backup", f"no backup of {engine.title} is taken by this version", works=False)
    found = engine.programs()
    if isinstance(found, Missing):
        return _way("backup", f"{found.remedy} (looked: {'; '.join(found.looked)})", works=False)
    return _way("backup", f"{found.version}, {found.found}", works=True)


def _docker(seen: Availability) -> Indented:
    if isinstance(seen.docker, NoEngine):
        return _way("docker", seen.docker.reason, works=False)
    engine = f"engine {seen.docker.version} at {seen.docker.endpoint}"
    if not seen.client:
        return _way("docker", f"{engine}, but the client is missing: pip install 'schema-harness[docker]'", works=False)
    there = "is there" if seen.image_there else "is not there yet, and will be fetched"
    return _way("docker", f"{engine}; image {seen.image} {there}", works=True)


def _way(name: str, text: str, *, works: bool) -> Indented:
    verdict = ("yes " if works else "no  ", "green" if works else "yellow")
    return Indented(Text(text), head=Text.assemble(f"  {name:<7}", verdict))

"""``harness server``: disposable servers that stay up between commands, and what a killed run left behind."""

import json
from dataclasses import asdict
from typing import Any

import click
from rich.text import Text

from harness import adapters
from harness.cli import options
from harness.cli.talk import talk
from harness.errors import InputError
from harness.servers import leftovers, provider

EPILOG = """\b
Examples:
  url=$(harness server start)
  harness migrate up orders --server "$url"
  harness server list
  harness server stop --all"""


@click.group("server", epilog=EPILOG)
def command() -> None:
    """Disposable servers: start one that stays up, list, stop, and clear away what a killed run left behind."""


@command.command("start")
@click.argument("engine", type=click.Choice(adapters.names()), default="postgresql")
@click.option(
    "--server", "way", type=click.Choice(["auto", "docker", "local"]), default="auto", show_default=True,
    help="Where it comes from.",
)  # fmt: skip
@click.option("--engine-version", metavar="VERSION", help="The server's version, such as 17.")
@click.option("--image", help="The image that a container is made from.")
@options.talking
def start(engine: str, way: str, engine_version: str | None, image: str | None, **chosen: Any) -> int:
    """Start a server that stays up, and print its URL, which --server takes."""
    talking = talk(chosen)
    recipe = adapters.find(engine).recipe(engine_version, image)
    server = provider.start(recipe, way, tell=talking.note)
    talking.note(f"{server.where}; end it with: harness server stop --all")
    talking.result(Text(server.address.url()), wrap=False)
    return 0


@command.command("list")
@click.option("--as", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="The form.")
@options.talking
def listed(form: str, **chosen: Any) -> int:
    """List the disposable servers, with the URLs of those that were left up on purpose."""
    talking = talk(chosen)
    servers = leftovers.listing()
    if form == "json":
        talking.result(Text(json.dumps([asdict(server) for server in servers], indent=2)), wrap=False)
        return 0
    if not servers:
        talking.note("no servers")
        return 0
    for server in servers:
        talking.result(Text.assemble((server.name, "bold"), f"  {server.standing}  {server.where}"), wrap=False)
        if server.standing == "kept":
            talking.result(Text(f"  {server.url}"), wrap=False)
    return 0


@command.command("stop")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every server that was left up on purpose.")
@options.talking
def stop(names: tuple[str, ...], *, every: bool, **chosen: Any) -> int:
    """Stop servers by the names that `harness server list` gives them; their data is gone."""
    talking = talk(chosen)
    if bool(names) == every:
        raise InputError("name the servers to stop (`harness server list`), or give --all")
    for name in [server.name for server in leftovers.listing() if server.standing == "kept"] if every else names:
        leftovers.stop(name)
        talking.note(f"stopped {name}")
    leftovers.sweep()
    return 0


@command.command("prune")
@click.option("--kept", is_flag=True, help="Also the servers that were left up on purpose.")
@options.talking
def prune(*, kept: bool, **chosen: Any) -> int:
    """Clear away what killed runs left behind: processes, directories, containers."""
    talking = talk(chosen)
    for name in leftovers.prune(kept=kept):
        talking.note(f"cleared {name}")
    return 0

"""A server for a recipe, by the way that was chosen: ``auto``, ``docker``, ``local`` or a URL."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Literal

from harness.errors import ServerError
from harness.servers.container import container
from harness.servers.external import external
from harness.servers.holdings import Description, Journal
from harness.servers.leftovers import watched
from harness.servers.model import Recipe, Server
from harness.servers.process import process

Way = Literal["docker", "local"]
_WAYS: dict[str, tuple[Way, ...]] = {"auto": ("docker", "local"), "docker": ("docker",), "local": ("local",)}


def silent(_: str) -> None:
    """Tell nobody."""


@contextmanager
def provide(
    recipe: Recipe,
    choice: str,
    *,
    durable: bool = False,
    in_memory: bool = False,
    keep: bool = False,
    tell: Callable[[str], None] = silent,
) -> Iterator[Server]:
    """A server for as long as the context lasts.

    Args:
        recipe: how the engine's servers are made.
        choice: ``auto`` (the first way that works), ``docker``, ``local``, or a URL.
        durable: what it commits survives a crash, at the usual cost.
        in_memory: keep a durable server's data in memory where there is room: a server that is killed loses what it
            has not handed to the system, not what is not on a disk yet.
        keep: leave it up at the end, for ``harness server list`` and ``stop``; a URL's server always stays.
        tell: is told what takes long.

    Raises:
        InputError: the choice is none of these.
        ServerError: no server could be had; for each way, why not and what to do.
    """
    ways = _WAYS.get(choice)
    if ways is None:
        yield external(recipe, choice, tell)
        return
    with watched(recipe.engine) as journal, ExitStack() as stack:
        server = _first(recipe, ways, journal, stack, tell, durable=durable, in_memory=in_memory, keep=keep)
        journal.describe(Description(recipe.engine, server.version, server.kind, server.where, server.address.url()))
        yield server
        if keep:
            journal.keep()


def start(recipe: Recipe, choice: str, *, tell: Callable[[str], None] = silent) -> Server:
    """A disposable server that stays up after this process, until ``harness server stop``."""
    with provide(recipe, choice, keep=True, tell=tell) as server:
        return server


def _first(
    recipe: Recipe,
    ways: tuple[Way, ...],
    journal: Journal,
    stack: ExitStack,
    tell: Callable[[str], None],
    *,
    durable: bool,
    in_memory: bool,
    keep: bool,
) -> Server:
    """The first way that works, entered on the stack."""
    reasons: list[str] = []
    for way in ways:
        opened: AbstractContextManager[Server] = (
            container(recipe, journal, tell, durable=durable, keep=keep)
            if way == "docker"
            else process(recipe, journal, durable=durable, in_memory=in_memory)
        )
        try:
            return stack.enter_context(opened)
        except ServerError as error:
            if len(ways) == 1:
                raise
            reasons.append(f"  {way}: {error}")
    url = f"  URL: or give a server that is there: --server {recipe.engine}://user:password@host/database"
    raise ServerError("\n".join([f"no {recipe.engine} server could be had:", *reasons, url]))

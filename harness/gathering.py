"""An ability of some engines: a server that is several, or says so of itself, where what is run asks for that.

Apart from ``engine``: most engines have one kind of server.
"""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from harness.design.model import Statement
from harness.servers.model import Recipe


@runtime_checkable
class Gathering(Protocol):
    """An engine whose transactions or streams want more than a single server."""

    def wants_members(self, statements: Iterable[Statement]) -> bool:
        """Whether one of the statements needs a server that is a member of a set."""
        ...

    def recipe_of_members(self, version: str | None, image: str | None) -> Recipe:
        """How to get such a server, of a single member; see ``Engine.recipe``."""
        ...

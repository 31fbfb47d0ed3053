"""What a client of its own process is told to do: a value that passes between two processes."""

from dataclasses import dataclass

from harness.design.model import Statement
from harness.servers.model import Address


@dataclass(frozen=True, slots=True)
class Task:
    """What the client is to do: so many of the statements as one migration; ``last`` is begun and not waited for."""

    engine: str
    address: Address
    statements: tuple[Statement, ...]
    done: int
    last: bool

"""What a server's times are measured against: a fixed piece of work of the server itself, and an empty round trip.

The work reads no table and no index: it takes as long as the machine lets it. So how much longer it takes than at its
best says how much of a query's time is the machine's doing.
"""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Clocked(Protocol):
    """A session whose server can be asked for fixed work."""

    def work(self, size: int) -> float:
        """Milliseconds of ``size`` units of fixed work, from sending to the answer; about 0.05 ms for each unit."""
        ...

    def round_trip(self) -> float:
        """Milliseconds of a statement that does nothing."""
        ...

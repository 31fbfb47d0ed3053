"""Migrations applied without a look at what they do: what a session may offer beside the contract."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from harness.design.model import Statement
from harness.facts import Effect


@runtime_checkable
class Replaying(Protocol):
    """A session that can apply a migration fast, where what is known of it is trusted."""

    def replay(self, statements: Sequence[Statement], *, timeout_s: float) -> tuple[Effect, ...]:
        """Run them as ``apply`` does, with no look at what they do; timed only where they are sent one by one."""
        ...

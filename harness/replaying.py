"""Migrations applied and looked at faster, by what is known of them: what a session may offer beside the contract."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from harness.design.model import Schema, Statement
from harness.engine import Session
from harness.facts import Effect


@runtime_checkable
class Replaying(Protocol):
    """A session that can apply a migration fast, where what is known of it is trusted."""

    def replay(self, statements: Sequence[Statement], *, timeout_s: float) -> tuple[Effect, ...]:
        """Run them as ``apply`` does, with no look at what they do; timed only where they are sent one by one."""
        ...


@runtime_checkable
class Following(Protocol):
    """A session that looks on while another one migrates, and can be told by it where to look."""

    def inspect_after(self, other: Session) -> Schema:
        """What ``inspect`` gives; faster where nobody has written since but the last migration of ``other``."""
        ...

"""The statement that is under way, for whoever tells how far the work is.

An adapter says when it sends one and when it is answered; a thread of the command line looks. One place for the whole
process: a stage sends one statement after the other.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from harness.design.model import Statement


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement, and when it was sent (``time.monotonic``)."""

    statement: Statement
    since: float


_sent: list[Sent] = []


@contextmanager
def sending(statement: Statement) -> Iterator[None]:
    """While inside, that statement is under way."""
    mine = Sent(statement, time.monotonic())
    _sent.append(mine)
    try:
        yield
    finally:
        _sent.remove(mine)


def now() -> Sent | None:
    """What is under way; None between two statements."""
    try:
        return _sent[-1]
    except IndexError:
        return None

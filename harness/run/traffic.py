"""Traffic: paced readers and writers, a control, and a look-out at the locks, in a process of their own.

A process of its own, so that nothing that this one computes counts as a stall of the server. It ends when the pipe to
it is closed, so that it survives nobody. See ``sending`` for the other side.

    with traffic(Job(engine.name, address)) as beside:
        beside.send(requests)
        ...
        flow = beside.seen()
"""

import pickle
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any, cast

from harness.errors import ServerError
from harness.run.flow import Flow, Job, Request

PROGRAM = "harness.run.sending"
ENDED_WITHIN_S = 5


class Traffic:
    """The near end. Messages are pickled, both ways, between two processes of the same program."""

    def __init__(self, there: IO[bytes], back: IO[bytes]) -> None:
        self._there = there
        self._back = back

    def send(self, requests: Sequence[Request]) -> None:
        """From now on send these, over and over, each kind in turn on the connections of its kind."""
        self._ask("send", tuple(requests))

    def seen(self) -> Flow:
        """All that was seen since the start or since this was asked last. What is under way is told when it ends."""
        return cast("Flow", self._ask("seen", None))

    def sessions(self) -> tuple[int, ...]:
        """The server's numbers of the connections."""
        return cast("tuple[int, ...]", self._ask("sessions", None))

    def settle(self, seconds: float) -> None:
        """Let it run for a while."""
        time.sleep(seconds)

    def _ask(self, word: str, value: object) -> object:
        try:
            pickle.dump((word, value), self._there)
            self._there.flush()
            return answered(self._back)
        except (OSError, EOFError) as error:
            raise ServerError("the process that sends traffic has ended: run it again") from error


def answered(back: IO[bytes]) -> object:
    """The answer of the far end; ServerError when it could not do what was asked."""
    failed, answer = cast("tuple[bool, Any]", pickle.load(back))  # noqa: S301  (from our own child)
    if failed:
        raise ServerError(str(answer))
    return answer


@contextmanager
def traffic(job: Job) -> Iterator[Traffic]:
    """Connections that are open and idle until they are told what to send; gone at the end.

    Raises:
        ServerError: they cannot be opened.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    there, back = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
    near = Traffic(there, back)
    try:
        near._ask("open", job)  # noqa: SLF001  (its own module)
        yield near
    finally:
        with suppress(OSError):
            there.close()
        try:
            child.wait(ENDED_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        back.close()

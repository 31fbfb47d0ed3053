"""When a server is ready: when a query of our own, over the way that will be used, with its password, is answered.

Log lines and open ports say less: an official image's entrypoint starts a first server that it stops again, and
Docker's proxy accepts connections for a server that is not there yet.
"""

import re
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from harness.errors import HarnessError, ServerError
from harness.servers.model import Address, Recipe

_FIRST_PAUSE_S = 0.01
_LONGEST_PAUSE_S = 0.2
_GROWTH = 1.05
"""A pause is then a twentieth of the time that has passed, and nobody waits longer than that in vain."""

T = TypeVar("T")


def until_ready(
    attempt: Callable[[Address], T], addresses: Sequence[Address], died: Callable[[], str | None], *, within_s: float
) -> tuple[Address, T]:
    """The first address at which the attempt succeeds, and what it gave.

    Args:
        attempt: talks to the server; any exception but ours means: not yet.
        addresses: ways to the same server, the preferred one first.
        died: what is known when it has ended meanwhile.
        within_s: how long to wait.

    Raises:
        ServerError: it ended, or did not answer in time.
    """
    deadline = time.monotonic() + within_s
    pause_s = _FIRST_PAUSE_S
    while True:
        answer = _first_answer(attempt, addresses)
        if not isinstance(answer, str):
            return answer if answer[0] == addresses[0] else _preferred(attempt, addresses[0], answer)
        if gone := died():
            raise ServerError(f"{addresses[0].engine}: it ended before it was ready: {gone}")
        if time.monotonic() > deadline:
            raise ServerError(f"{addresses[0].engine}: it did not answer within {within_s:.0f} s: {answer}")
        time.sleep(pause_s)
        pause_s = min(pause_s * _GROWTH, _LONGEST_PAUSE_S)


def _first_answer(attempt: Callable[[Address], T], addresses: Sequence[Address]) -> tuple[Address, T] | str:
    """The first address that answers, with its answer; else what was said at the last."""
    said = ""
    for address in addresses:
        try:
            return address, attempt(address)
        except HarnessError:
            raise
        except Exception as error:
            said = first_line(error)
    return said


def _preferred(attempt: Callable[[Address], T], preferred: Address, answer: tuple[Address, T]) -> tuple[Address, T]:
    """The preferred way after all, when the server came up just after it was tried."""
    again = _first_answer(attempt, [preferred])
    return answer if isinstance(again, str) else again


def first_line(error: BaseException) -> str:
    """What an error says, in one line."""
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__


def fitting(recipe: Recipe, version: str, where: str) -> str:
    """The version, when it is one that was asked for and is supported.

    Raises:
        ServerError: it is too old, or another than the one asked for.
    """
    if is_older(version, recipe.minimum):
        raise ServerError(
            f"{where}: this is {recipe.engine} {version}; the oldest that is supported is {recipe.minimum}: "
            "use a newer server"
        )
    if recipe.version and not is_version(version, recipe.version):
        raise ServerError(
            f"{where}: this is {recipe.engine} {version}, and {recipe.version} was asked for: "
            "use another server, or leave the version out"
        )
    return version


def is_version(version: str, asked: str) -> bool:
    """Whether ``15.18`` is what ``15`` (or ``15.18``) asks for."""
    return f"{version}.".startswith(f"{asked}.")


def is_older(version: str, oldest: str) -> bool:
    """Whether ``8.0.36`` comes before ``8.4``, number by number."""
    return _numbers(version) < _numbers(oldest)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers at its start: ``18beta1`` is 18."""
    return tuple(int(number) for number in re.findall(r"(?:^|(?<=\.))\d+", version))

"""Signals end the work wherever they come."""

import signal
import time
import weakref

import pytest

from harness.cli.entry import _ending_cleanly


class Something:
    """What a weak reference can be made to."""


@pytest.mark.parametrize(("number", "ending"), [(signal.SIGTERM, SystemExit), (signal.SIGINT, KeyboardInterrupt)])
def test_a_signal_that_comes_where_python_ignores_what_is_raised_is_not_lost(
    number: signal.Signals, ending: type[BaseException], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ending), _ending_cleanly():
        _interrupted_in_a_callback(number)
    assert capfd.readouterr().err == ""


def _interrupted_in_a_callback(number: signal.Signals) -> None:
    thing = Something()
    watched = weakref.ref(thing, lambda _: signal.raise_signal(number))
    del thing
    assert watched() is None
    time.sleep(5)

"""The command line: one file per command; options in, one pipeline call, a rendered report and an exit code out."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; the exit code."""
    with _ending_at_once():
        from harness.cli.entry import main as entered  # noqa: PLC0415  (loading it is what may be interrupted)
    return entered(arguments)


@contextmanager
def _ending_at_once() -> Iterator[None]:
    """While inside, Ctrl-C ends the program without Python's traceback: there is nothing yet to be cleared away."""
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not usual or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)

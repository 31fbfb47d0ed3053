"""The way in: the table of commands, and what becomes of an error.

Exit codes: 0 every claim asked about holds; 1 something is broken; 2 the input or the call is wrong; 3 no server could
be had; 70 a bug in the harness; 130 interrupted; 141 nobody reads the output any more; 128 and its number for another
signal.
"""

import contextlib
import errno
import io
import os
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence

import click

from harness import __version__
from harness.cli.lazy import LazyGroup
from harness.errors import HarnessError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
USAGE, BUG, INTERRUPTED, UNREAD, SIGNALLED = 2, 70, 130, 141, 128

ENDING = (signal.SIGTERM, signal.SIGHUP)
"""A polite end, and a terminal that was closed."""

AGAIN_S = 0.05
"""After so long a signal is sent again that was lost."""

COMMANDS = {
    "verify": ("harness.cli.verify", "Run every claim of a design on a disposable server."),
    "drill": ("harness.cli.drill", "Try what happens when a migration is killed, cut off or taken back."),
    "gate": ("harness.cli.gate", "Judge what a change touches, for a pull request."),
    "show": ("harness.cli.show", "Show what was understood of a design."),
    "migrate": ("harness.cli.migrate", "Apply migrations, or take them back, on a server that stays up."),
    "seed": ("harness.cli.seed", "Fill the tables on a server that stays up."),
    "explain": ("harness.cli.explain", "Explain and time queries on a server that stays up."),
    "export": ("harness.cli.export", "Write the migrations as files for a migration tool."),
    "checks": ("harness.cli.checks", "Explain the checks."),
    "init": ("harness.cli.init", "Write a new design document that passes."),
    "server": ("harness.cli.server", "Start, list, stop and clear away disposable servers."),
    "doctor": ("harness.cli.doctor", "Tell what this machine can run, and what to install."),
}

HELP = """A database design document is a list of claims. The harness runs every claim on a real, disposable server
and gives each a verdict, on the document's own line.

A DESIGN is a name (orders is designs/orders.md) or a path."""

EPILOG = """\b
Examples:
  harness verify orders
  harness verify docs/schema.md --server docker --engine-version 17
  harness show orders --as sql

\b
Completion: eval "$(_HARNESS_COMPLETE=bash_source harness)" (or zsh_source, fish_source)"""

root = click.version_option(__version__, prog_name="harness")(
    LazyGroup(name="harness", help=HELP, epilog=EPILOG, lazy=COMMANDS)
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; the exit code. A user never sees a traceback."""
    _tolerate_any_terminal()
    try:
        with _ending_cleanly():
            code = root.main(args=arguments, prog_name="harness", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted", INTERRUPTED)
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    """Tell of an error; the exit code. One that came while an end was under way says nothing more than the end."""
    match _end_behind(error):
        case KeyboardInterrupt():
            return _say("interrupted", INTERRUPTED)
        case SystemExit(code=int(code)):
            return code
    match error:
        case click.ClickException():
            error.show()
            return USAGE
        case HarnessError():
            return _say(f"error: {error}", error.exit_code)
        case OSError():
            return _output_failed(error)
    return _bug(error)  # the last resort: whatever it is, a user gets one line


def _end_behind(error: BaseException) -> BaseException | None:
    """The interrupt, or the end by a signal, that was being carried out when an error came."""
    behind: BaseException | None = error
    while behind is not None and not isinstance(behind, KeyboardInterrupt | SystemExit):
        behind = behind.__cause__ or behind.__context__
    return behind


def _say(message: str, code: int) -> int:
    click.echo(message, err=True)
    return code


def _output_failed(error: OSError) -> int:
    """Nobody reads any more, or the file that the output goes to cannot grow; of our own files the error has a name."""
    if isinstance(error, BrokenPipeError):
        _abandon_output()
        return UNREAD
    if error.filename is None and error.errno in FULL:
        return _say(f"error: the output cannot be written: {error.strerror}", USAGE)
    return _bug(error)


def _bug(error: Exception) -> int:
    said = f"{type(error).__name__}: {error}".splitlines()[0]
    return _say(f"error: this is a bug in the harness: {said} ({_kept(error)})", BUG)


def _kept(error: Exception) -> str:
    """Where the details are."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="harness-bug-", suffix=".txt", delete=False, encoding="utf-8"
        ) as f:
            f.write(f"harness {__version__}: {sys.argv}\n\n")
            f.writelines(traceback.format_exception(error))
    except OSError as unwritable:
        return f"the details cannot be written: {unwritable.strerror}"
    return f"the details are in {f.name}"


@contextlib.contextmanager
def _ending_cleanly() -> Iterator[None]:
    """Other signals end the work as Ctrl-C does, so that servers and files are cleared away."""
    if threading.current_thread() is not threading.main_thread():  # only there can they be caught
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    caught = [number for number, handler in before.items() if handler is not signal.SIG_IGN]  # nohup ignores one
    for number in caught:
        signal.signal(number, lambda got, _: sys.exit(SIGNALLED + got))
    hook, sys.unraisablehook = sys.unraisablehook, _swallowed
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for number in caught:
            signal.signal(number, before[number])


def _swallowed(unraisable: "sys.UnraisableHookArgs") -> None:
    """Send a signal once more whose exception came where Python ignores all: in a callback of its own housekeeping."""
    match unraisable.exc_value:
        case KeyboardInterrupt():
            number = int(signal.SIGINT)
        case SystemExit(code=int(code)) if code > SIGNALLED:
            number = code - SIGNALLED
        case _:
            sys.__unraisablehook__(unraisable)
            return
    again = threading.Timer(AGAIN_S, os.kill, (os.getpid(), number))
    again.daemon = True
    again.start()


def _tolerate_any_terminal() -> None:
    """Characters that the output's encoding has not are replaced: documents hold arrows, and LANG=C is common."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _abandon_output() -> None:
    """Point the output nowhere, so that the interpreter's last flush does not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())

"""The child that cleans up after a run that was killed: ``python -m harness.servers.watchdog JOURNAL``.

Its standard input is the read end of a pipe whose only writer is the run. End of file means that the run is gone, in
whatever way. A kill of the run does not reach it: it has a session of its own, so Ctrl-C does not either.
"""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

from harness.servers.endings import end
from harness.servers.holdings import record
from harness.servers.identity import alive

_LOOKS_EVERY_S = 0.5


def start(journal: Path) -> subprocess.Popen[bytes]:
    """Start the watchdog of a journal; closing its ``stdin`` ends the watch."""
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", __name__, str(journal)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(root)},
        start_new_session=True,
    )


def clean(journal: Path) -> None:
    """End all that a journal says is held, last first, unless its server shall stay up; then forget the journal."""
    seen = record(journal)
    if seen is None or seen.kept:
        return
    for hold in reversed(seen.holds):
        end(hold)
    journal.unlink(missing_ok=True)


def _wait(journal: Path) -> None:
    """Until the run is gone: end of file, or (where a forked child has inherited the pipe) its own end."""
    seen = record(journal)
    while not select.select([sys.stdin], [], [], _LOOKS_EVERY_S)[0]:
        if seen is None or seen.owner is None or alive(seen.owner) is False:
            return


def _main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    journal = Path(sys.argv[1])
    _wait(journal)
    clean(journal)


if __name__ == "__main__":
    _main()

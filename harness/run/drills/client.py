"""A client of its own process, to be killed in the middle of a migration: ``python -m harness.run.drills.client``.

It reads what to do from its input, tells on its output of each statement before it is sent and after it is done, and
waits to be killed when it has done as many as it was told. Its input is open as long as its parent lives, which it does
not outlive; what it would say of a server that went away is for nobody.
"""

import os
import pickle
import sys
import threading
import time

from harness import adapters
from harness.abilities import Stepwise
from harness.errors import HarnessError
from harness.run.drills.task import Task

WAITS_S = 600.0


def main() -> None:
    """Do it."""
    task: Task = pickle.load(sys.stdin.buffer)  # noqa: S301  (from our own parent)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with adapters.find(task.engine).connect(task.address) as session:
        if not isinstance(session, Stepwise):
            sys.exit(1)
        steps = session.steps(task.statements, timeout_s=WAITS_S)
        for _ in range(task.done):
            next(steps)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        if task.last:
            next(steps)
        time.sleep(WAITS_S)


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    try:
        main()
    except (HarnessError, EOFError, OSError):
        sys.exit(1)

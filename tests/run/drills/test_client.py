"""The client that a drill kills: it does not outlive the one that began it."""

import pickle
import subprocess
import sys

from harness.design.model import Statement
from harness.run.drills.task import Task
from harness.servers.model import Server
from harness.source import Source

FOR_LONG = "SELECT pg_sleep(12)"


def test_it_ends_with_its_parent_and_says_nothing(server: Server) -> None:
    task = Task("postgresql", server.address, (Statement(FOR_LONG, Source("a.md", 1, 1)),), 0, last=True)
    command = [sys.executable, "-m", "harness.run.drills.client"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as client:  # type: ignore[call-overload]
        try:
            pickle.dump(task, client.stdin)
            client.stdin.flush()
            assert client.stdout.readline() == b"ready\n"
            assert client.poll() is None
            client.stdin.close()  # as when its parent is killed
            assert client.wait(10) == 1
            assert client.stderr.read() == b""
        finally:
            client.kill()

"""Scripts evaluated apart: in a process of its own that has no access to anything, and is ended when it takes long."""

import atexit
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

EVALUATOR = Path(__file__).with_name("evaluator.py")

SECONDS = 2.0
"""How long one script may run."""

SPARE = 4.0
"""Seconds until a process that gives no answer is taken for stuck: its own limits ought to have ended the script."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a script was not evaluated: ``time``, ``memory``, ``script`` (with V8's text) or ``process``."""

    kind: str
    text: str = ""


class _Process:
    """One evaluating process. It ends when its input does, and so with the harness, in whatever way that ends."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-W", "ignore", str(EVALUATOR)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"LC_ALL": "C.UTF-8", "TZ": "UTC"},
            text=True,
            encoding="utf-8",
        )
        self._answers: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._child.stdout is not None
        with self._child.stdout as answers:
            for line in answers:
                self._answers.put(line)
        self._answers.put("")

    def ask(self, request: str, seconds: float) -> str | None:
        """The answer's line; empty when the process is gone, None when there is none in time."""
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(request + "\n")
            self._child.stdin.flush()
            return self._answers.get(timeout=seconds)
        except BrokenPipeError:
            return ""
        except Empty:
            return None

    def end(self) -> None:
        """End it at once: there is nothing in it to be kept."""
        self._child.kill()
        self._child.wait()
        if self._child.stdin is not None:
            try:
                self._child.stdin.close()
            except BrokenPipeError:
                return  # what was not sent yet is of no use any more


class Sandbox:
    """Evaluates one script after the other; the process is started when the first one comes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: _Process | None = None

    def ask(self, request: dict[str, Any]) -> Any:
        """The evaluator's answer to a request, or a ``Failure``."""
        with self._lock:
            if self._process is None:
                self._process = _Process()
            line = self._process.ask(json.dumps({**request, "seconds": SECONDS}), _patience(request))
            if not line:
                self._end()
                return Failure("time" if line is None else "process")
        answer = json.loads(line)
        return Failure(answer["error"], answer.get("text", "")) if "error" in answer else answer["value"]

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


def _patience(request: dict[str, Any]) -> float:
    return SECONDS * len(request.get("scripts", (1,))) + SPARE


SANDBOX = Sandbox()
atexit.register(SANDBOX.close)

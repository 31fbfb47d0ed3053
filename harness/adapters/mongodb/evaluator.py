"""The sandbox's process: evaluates scripts in V8, one request a line on standard input, one answer a line.

Started by its path, with Python's isolated mode, and alone: a script that brings V8 down (it aborts where memory
ends in the middle of some operations) brings down nothing else. It imports nothing of the harness.
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from py_mini_racer import JSEvalException, JSOOMException, JSParseException, JSTimeoutException, MiniRacer

HEAP = 256 << 20
"""Bytes that a script's objects may take."""

DATA = 1 << 30
"""Bytes that the process may take in all: buffers lie outside of V8's heap."""

SHORTEST_S = 0.01

RECORDER = Path(__file__).with_name("recorder.js").read_text(encoding="utf-8")
CONTROL = "__harness_control__"
LOADED = f"Object.defineProperty(globalThis, '{CONTROL}', {{value: {RECORDER.strip()}, configurable: false}}); 0"


def main() -> None:
    """Answer until the input ends, which it does when the harness ends, in whatever way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (DATA, DATA))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(json.loads(line))) + "\n")
        sys.stdout.flush()
    os._exit(0)  # V8's threads do not always end by themselves


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    with MiniRacer() as context:
        context.set_hard_memory_limit(HEAP)
        context.eval(LOADED)
        try:
            return {"value": _split(context, request) if "split" in request else _calls(context, request)}
        except JSTimeoutException:
            return {"error": "time"}
        except JSOOMException:
            return {"error": "memory"}
        except (JSParseException, JSEvalException) as error:
            return {"error": "script", "text": str(error)[:10_000]}


def _split(context: MiniRacer, request: dict[str, Any]) -> Any:
    return json.loads(_text(context, f"{CONTROL}.split({json.dumps(request['split'])})", request["seconds"]))


def _calls(context: MiniRacer, request: dict[str, Any]) -> Any:
    """The last script's calls: those before it are evaluated for the variables that they leave."""
    seconds = request["seconds"]
    begin = json.dumps(json.dumps({"clock": request["clock"], "answers": request["answers"]}))
    context.eval(f"{CONTROL}.begin({begin})")
    *before, last = request["scripts"]
    for each in before:
        context.eval(f"{CONTROL}.next('{each['id']}', false)")
        context.eval(f"{each['text']}\n;0\n//# sourceURL=before.js", timeout_sec=seconds)
    context.eval(f"{CONTROL}.next('{last['id']}', true)")
    try:
        context.eval(f"{last['text']}\n;0\n//# sourceURL=statement.js", timeout_sec=seconds)
    except JSEvalException:
        if context.eval(f"{CONTROL}.waiting()") is not True:
            raise
    return json.loads(_text(context, f"{CONTROL}.taken()", seconds))


def _text(context: MiniRacer, code: str, seconds: float) -> str:
    found = context.eval(code, timeout_sec=max(seconds, SHORTEST_S))
    return found if isinstance(found, str) else "[]"


if __name__ == "__main__":
    main()

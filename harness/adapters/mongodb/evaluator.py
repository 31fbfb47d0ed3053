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

from py_mini_racer import (
    JSEvalException,
    JSOOMException,
    JSParseException,
    JSPromise,
    JSPromiseError,
    JSTimeoutException,
    MiniRacer,
)

HEAP = 256 << 20
"""Bytes that a script's objects may take."""

DATA = 1 << 30
"""Bytes that the process may take in all: buffers lie outside of V8's heap."""

SHORTEST_S = 0.01

PROMISED_S = 1.0
"""What a promise waits for has happened by the time that its script has ended, or never does: there are no timers."""

NEVER = "Error: the script waits for something that never comes"

PARTS = ("state", "values", "text", "sessions", "bulk", "calls", "statements", "globals")
"""Files of the recorder, in the order in which they need each other; all of them are within one function."""

RECORDER = "\n".join(
    Path(__file__).parent.joinpath("recorder", f"{part}.js").read_text(encoding="utf-8") for part in PARTS
)
CONTROL = "__harness_control__"
LOADED = (
    f"Object.defineProperty(globalThis, '{CONTROL}', "
    f"{{value: (() => {{ 'use strict';\n{RECORDER}\n}})(), configurable: false}}); 0"
)

AWAITING = "await is only valid"
"""What V8 says of a script that waits outside of a function, as mongosh's may."""


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
        except (JSParseException, JSEvalException, JSPromiseError) as error:
            return {"error": "script", "text": str(error)[:10_000]}
        except ValueError:
            return {"error": "script", "text": "Error: what it does cannot be told"}


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
        _run(context, each["text"], "before.js", seconds)
    context.eval(f"{CONTROL}.next('{last['id']}', true)")
    try:
        _run(context, last["text"], "statement.js", seconds)
    except (JSEvalException, JSPromiseError):
        if context.eval(f"{CONTROL}.waiting()") is not True:
            raise
    return json.loads(_text(context, f"{CONTROL}.taken()", seconds))


def _run(context: MiniRacer, text: str, name: str, seconds: float) -> None:
    """Evaluate a script; where it gives a promise, that has to be kept."""
    ended = f"\n//# sourceURL={name}"
    try:
        result = context.eval(f"{text}{ended}", timeout_sec=seconds)
    except JSParseException as error:
        if AWAITING not in str(error):
            raise
        result = context.eval(f"(async () => {{ {text}\n}})(){ended}", timeout_sec=seconds)
    if isinstance(result, JSPromise):
        try:
            result.get(timeout=PROMISED_S)
        except JSTimeoutException as error:
            raise JSEvalException(NEVER) from error


def _text(context: MiniRacer, code: str, seconds: float) -> str:
    found = context.eval(code, timeout_sec=max(seconds, SHORTEST_S))
    return found if isinstance(found, str) else "[]"


if __name__ == "__main__":
    main()

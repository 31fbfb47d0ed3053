"""The arguments of a call: what stands where, and what is wrong with it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from harness.adapters.mongodb.calls import Call

T = TypeVar("T")

WORDS: Mapping[type, str] = {dict: "a document", list: "an array", str: "a string", object: "a value"}


class Unsupported(Exception):  # noqa: N818  (it says what is so)
    """A call that cannot be run; the message says why. It becomes the refusal of its statement."""


def argument(call: Call, place: int, kind: type[T]) -> T:
    """An argument that must be there."""
    given = call.arguments[place] if place < len(call.arguments) else None
    if place >= len(call.arguments) or not isinstance(given, kind):
        raise Unsupported(f"{call.method}() needs {WORDS.get(kind, kind.__name__)} as its argument {place + 1}")
    return given


def document(call: Call, place: int) -> dict[str, Any]:
    """A document that may be left out."""
    given = call.arguments[place] if place < len(call.arguments) else None
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise Unsupported(f"{call.method}() needs a document as its argument {place + 1}")
    return dict(given)


def chosen(options: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Those of the options, as they are."""
    return {name: options[name] for name in names if name in options}

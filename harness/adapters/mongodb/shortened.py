"""A call in short form, for whoever looks on while it runs: ``db.orders.updateMany({ a: 1 }, { $set: { … } })``."""

from collections.abc import Mapping
from typing import Any

from harness.adapters.mongodb.calls import Call
from harness.adapters.mongodb.literal import literal

TOLD = 3
"""Fields and elements that are told; a call may carry thousands."""

DEPTH = 2
LONGEST = 24
"""Characters of one value."""


def shortened(call: Call) -> str:
    """The call as mongosh has it, cut off within its arguments."""
    place = f"db.{call.collection}" if call.collection else "db"
    return f"{place}.{call.method}({', '.join(_told(each, DEPTH) for each in call.arguments[:TOLD])})"


def _told(value: Any, depth: int) -> str:
    """A value without what lies deep in it; of a list of documents how many they are."""
    if isinstance(value, Mapping):
        if not depth:
            return "{ … }" if value else "{}"
        pairs = [f"{name}: {_told(each, depth - 1)}" for name, each in list(value.items())[:TOLD]]
        return "{ " + ", ".join(pairs) + (", … }" if len(value) > TOLD else " }") if pairs else "{}"
    if isinstance(value, list | tuple):
        if len(value) > TOLD:
            return f"[ {len(value):,} … ]"
        return "[" + ", ".join(_told(each, max(depth - 1, 0)) for each in value) + "]"
    text = literal(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

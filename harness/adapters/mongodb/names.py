"""How collections are written in mongosh's JavaScript."""

import json
import re

PLAIN = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*\Z", re.ASCII)

METHODS = frozenset(
    {"aggregate", "adminCommand", "auth", "collection", "createCollection", "createView", "dropDatabase",
     "getCollection", "getName", "getSiblingDB", "runCommand", "stats", "version", "toString", "then", "watch",
     "constructor"}
)  # fmt: skip
"""Names that mean something else behind ``db.``."""


def collection(name: str) -> str:
    """The expression that gives a collection: ``db.users``, ``db.getCollection("2024-logs")``."""
    if PLAIN.match(name) and name.partition(".")[0] not in METHODS:
        return f"db.{name}"
    return f"db.getCollection({json.dumps(name, ensure_ascii=False)})"

"""What the server says of a command that it does not take."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pymongo.errors import OperationFailure

from harness.adapters.mongodb.connection import said
from harness.adapters.mongodb.literal import literal
from harness.facts import Refusal
from harness.source import Source

NOWHERE = Source("", 1, 1)
"""Generated documents stand on no line."""

OWN = re.compile(r"\bharness_\w+_[0-9a-f]{8}\.")
"""The name of a database of ours before that of a collection: nobody else knows it (see ``fresh``)."""

TIMED_OUT = 50
DUPLICATE = 11000
INVALID = 121
ON_VIEW = 166
UNAUTHORIZED = 13


def refusal(error: OperationFailure, source: Source) -> Refusal:
    """The refusal of a command."""
    details = error.details if isinstance(error.details, Mapping) else {}
    return _refusal(said(error), error.code or 0, details, source)


def unwritten(reply: Mapping[str, Any], source: Source) -> Refusal | None:
    """The refusal of the first document that was not written; None when all were."""
    errors = reply.get("writeErrors") or [e for e in (reply.get("writeConcernError"),) if e]
    if not errors:
        return None
    first = errors[0]
    return _refusal(str(first.get("errmsg", "")), int(first.get("code", 0)), first, source)


def _refusal(message: str, code: int, details: Mapping[str, Any], source: Source) -> Refusal:
    message = OWN.sub("", message)
    return Refusal(message, str(code), source, "; ".join(_details(code, message, details)), code == UNAUTHORIZED)


def _details(code: int, message: str, details: Mapping[str, Any]) -> Iterator[str]:
    if code == DUPLICATE and " index: " in message:
        yield f"index {message.partition(' index: ')[2].partition(' dup key')[0]}"
    elif code == INVALID:
        yield from _unsatisfied(details.get("errInfo", {}).get("details", {}), "")
    elif code == TIMED_OUT:
        yield "it was ended when its time was over"


def _unsatisfied(details: Mapping[str, Any], path: str) -> Iterator[str]:
    """Each rule of a validator that a document breaks: ``email: type did not match, bsonType "string"``."""
    for name, parts in details.items():
        if name == "missingProperties":
            yield f"required: {', '.join(path + str(each) for each in parts)}"
        elif name == "additionalProperties":
            yield f"additionalProperties: {', '.join(path + str(each) for each in parts)}"
        elif isinstance(parts, list) and parts and isinstance(parts[0], Mapping):
            for part in parts:
                yield from _unsatisfied(part, _below(part, path))
        elif name in {"details", "clausesNotSatisfied"} and isinstance(parts, Mapping):
            yield from _unsatisfied(parts, path)
    if "reason" in details and "specifiedAs" in details:
        rule = literal(details["specifiedAs"]).removeprefix("{ ").removesuffix(" }")
        yield f"{path.rstrip('.') or 'document'}: {details['reason']}, {rule}"


def _below(part: Mapping[str, Any], path: str) -> str:
    if "propertyName" in part:
        return f"{path}{part['propertyName']}."
    return f"{path.rstrip('.')}[]." if "itemIndex" in part and path else path

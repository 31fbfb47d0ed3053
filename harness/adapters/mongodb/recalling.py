"""Documents told value by value, and documents made like those that are there."""

from collections.abc import Iterator, Mapping
from typing import Any

from bson import Int64, ObjectId
from pymongo.errors import OperationFailure

from harness.adapters.mongodb.connection import Connection, documents, run
from harness.adapters.mongodb.content import settled
from harness.adapters.mongodb.literal import literal
from harness.recalling import Recalled

MODELS = 50
"""Documents that are looked at for some to imitate."""


def recalled(connection: Connection, entity: str) -> Iterator[Recalled]:
    """See ``Recalling.recalled``."""
    for each in documents(connection, {"find": entity}):
        values: dict[str, list[str]] = {}
        _tell(each, "", values)
        yield Recalled(_key(each), {path: _joined(path, told) for path, told in values.items()})


def _key(document: Mapping[str, Any]) -> str:
    """Its ``_id``; a time series takes documents without one, which all of their values tell apart."""
    return literal(document.get("_id") if document.get("_id") is not None else settled(dict(document)))


def _tell(value: Any, path: str, values: dict[str, list[str]]) -> None:
    """Each value that is no document, under its path; an array of documents is told by the fields in it."""
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            _tell(each, f"{path}.{name}" if path else str(name), values)
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for each in value:
            _tell(each, f"{path}[]", values)
    else:
        values.setdefault(path, []).append(literal(settled(value)))


def _joined(path: str, told: list[str]) -> str:
    return f"[{', '.join(told)}]" if "[]" in path else told[0]


def imitated(connection: Connection, entity: str, count: int) -> int:
    """See ``Recalling.imitated``."""
    models = list(documents(connection, {"find": entity, "sort": {"_id": 1}, "limit": MODELS}))
    taken = 0
    for number in range(count if models else 0):
        model = models[number % len(models)]
        made = {**model, "_id": _another(model.get("_id"), number)}
        try:
            taken += int(run(connection, {"insert": entity, "documents": [made]})["n"])
        except OperationFailure:
            continue  # what must be unique in it is there already
    return taken


def _another(id_: Any, number: int) -> Any:
    """An id of the same type that no document has."""
    if isinstance(id_, str):
        return f"{id_} ({number + 2})"
    if isinstance(id_, int | float) and not isinstance(id_, bool):
        return type(id_)((1 << 30) + number) if not isinstance(id_, Int64) else Int64((1 << 40) + number)
    return ObjectId()

"""Filling in steps that last: see ``harness.bulk``. The journal is a collection of the database.

There is no transaction around many documents. So a range is noted as begun before its documents are sent, and as done
after; documents of a range that was begun only are removed by their ids, which are the same when they are made again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import bson
from bson import json_util
from pymongo.errors import OperationFailure

from harness.adapters.mongodb.connection import Connection, documents, run
from harness.adapters.mongodb.filling import FILLED, indexes_aside
from harness.adapters.mongodb.load import identified, inserted, is_empty
from harness.adapters.mongodb.refusal import NOWHERE, refusal
from harness.bulk import Journal, Part, Range
from harness.design.model import Entity, Schema
from harness.engine import Unsatisfied
from harness.facts import Batch

JOURNAL = "harness.filling"


def journal(connection: Connection) -> Journal | None:
    """See ``Bulk.journal``."""
    found = list(documents(connection, {"find": JOURNAL, "sort": {"_id": 1}}))
    memo = next((each["memo"] for each in found if each["kind"] == "memo"), None)
    if memo is None:
        return None
    done = [Range(e["entity"], e["first"], e["last"]) for e in found if e["kind"] == "range" and e["done"]]
    aside = [Part(e["number"], e["entity"], "index", (e["restore"],)) for e in found if e["kind"] == "part"]
    return Journal(memo, tuple(done), tuple(aside))


def begin(connection: Connection, schema: Schema, memo: str) -> None:
    """See ``Bulk.begin``. What is set aside is written down before it is removed."""
    run(connection, {"delete": JOURNAL, "deletes": [{"q": {}, "limit": 0}]})
    found = [(e.name, indexes_aside(connection, e.name)) for e in schema.entities if e.kind in FILLED]
    for number, (name, specifications) in enumerate(pair for pair in found if pair[1]):
        text = json_util.dumps(specifications)
        _note(
            connection, {"_id": f"part {number:04}", "kind": "part", "number": number, "entity": name, "restore": text}
        )
    _note(connection, {"_id": "memo", "kind": "memo", "memo": memo})
    for name, specifications in found:
        for each in specifications:
            run(connection, {"dropIndexes": name, "index": each["name"]})


def load_range(connection: Connection, entity: Entity, batches: Iterable[Batch], part: Range) -> int:
    """See ``Bulk.load_range``."""
    key = f"range {part.entity} {part.first}"
    found = list(documents(connection, {"find": JOURNAL, "filter": {"_id": key}}))
    if found and found[0]["done"]:
        return 0
    whole = {"_id": key, "kind": "range", "entity": part.entity, "first": part.first, "last": part.last}
    numbered = _numbered(batches, part)
    if found and not is_empty(connection, entity.name):
        numbered = _removing(connection, entity, numbered)
    _note(connection, {**whole, "done": False})
    count = inserted(connection, entity, numbered)
    _note(connection, {**whole, "done": True})
    return count


def put_back(connection: Connection, part: Part) -> None:
    """See ``Bulk.put_back``: all indexes of a collection in one go over its documents."""
    try:
        run(connection, {"createIndexes": part.entity, "indexes": json_util.loads(part.restore[0])})
    except OperationFailure as error:
        raise Unsatisfied(part.entity, refusal(error, NOWHERE)) from error
    run(connection, {"delete": JOURNAL, "deletes": [{"q": {"_id": f"part {part.number:04}"}, "limit": 1}]})


def empty(connection: Connection, entities: Iterable[Entity]) -> None:
    """See ``Bulk.empty``."""
    for entity in entities:
        run(connection, {"delete": entity.name, "deletes": [{"q": {}, "limit": 0}]})
        run(connection, {"delete": JOURNAL, "deletes": [{"q": {"kind": "range", "entity": entity.name}, "limit": 0}]})


def finish(connection: Connection) -> None:
    """See ``Bulk.finish``: MongoDB keeps neither sequences nor statistics."""
    run(connection, {"drop": JOURNAL})


def _note(connection: Connection, document: dict[str, Any]) -> None:
    update = {"q": {"_id": document["_id"]}, "u": document, "upsert": True}
    run(connection, {"update": JOURNAL, "updates": [update]})


def _numbered(batches: Iterable[Batch], part: Range) -> Iterator[Batch]:
    """Batches whose documents have ids: made from their numbers where the columns have none."""
    first = part.first
    for batch in batches:
        if "_id" in batch.fields:
            yield batch
        else:
            ids = [
                bson.ObjectId(blake2b(f"{part.entity}\x1f{number}".encode(), digest_size=12).digest())
                for number in range(first, first + batch.rows)
            ]
            yield replace(batch, fields=("_id", *batch.fields), columns=(ids, *batch.columns))
        first += batch.rows


def _removing(connection: Connection, entity: Entity, batches: Iterable[Batch]) -> Iterator[Batch]:
    """Batches, of each of which the documents that are there already are removed before it is sent."""
    for batch in batches:
        query = {"_id": {"$in": identified(entity, batch)}}
        run(connection, {"delete": entity.name, "deletes": [{"q": query, "limit": 0}]})
        yield batch

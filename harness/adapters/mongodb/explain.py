"""A query under explain, as a tree of ``Access`` nodes. MongoDB explains writes without writing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pymongo.errors import OperationFailure

from harness.adapters.mongodb import pipeline, script
from harness.adapters.mongodb.calls import Call
from harness.adapters.mongodb.commands import Command, commands
from harness.adapters.mongodb.connection import Connection, answering, opened
from harness.adapters.mongodb.inspect import collections
from harness.adapters.mongodb.options import Unsupported
from harness.adapters.mongodb.reading import STREAM, is_stream
from harness.adapters.mongodb.refusal import refusal
from harness.design.model import Statement
from harness.facts import Access, Refusal
from harness.source import Source

LONGEST_MS = 120_000
"""After that a query is ended: nobody waits for a $lookup without an index on a million documents."""

EXPLAINED = frozenset({"find", "aggregate", "count", "distinct", "update", "delete", "findAndModify"})
"""Commands that the server explains: all that look for documents, and so not an insert."""

UNSUPPORTED = "115"
NO_COLLECTION = "26"


def explain(connection: Connection, text: str, *, execute: bool, unattractive: Sequence[str]) -> Access | Refusal:
    """The plan of a query. A refusal's lines are counted within ``text``, under an empty path."""
    found = queries(text, connection.name)
    if isinstance(found, Refusal):
        return found
    plans: list[Access] = []
    for command, source in found:
        lost = _missing(connection, command, source)
        plan = lost or _plan(connection, command, source, execute=execute, unattractive=unattractive)
        if isinstance(plan, Refusal):
            return plan
        plans.append(plan)
    return plans[0] if len(plans) == 1 else _together(plans)


def queries(text: str, database: str) -> list[tuple[Command, Source]] | Refusal:
    """The commands of a text that can be explained, with their lines; a refusal when there is none."""
    whole = Statement(text, Source("", 1, text.count("\n") + 1))
    calls = script.calls(whole)
    if isinstance(calls, Refusal):
        return calls
    result = []
    for call in calls:
        try:
            made = commands(call, database)
        except Unsupported as error:
            return Refusal(str(error), UNSUPPORTED, _line(call))
        result += [(command, _line(call)) for command in made if next(iter(command)) in EXPLAINED]
    return result or Refusal("this asks for no documents: there is nothing to explain", UNSUPPORTED, whole.source)


def _line(call: Call) -> Source:
    return Source("", call.line, call.line)


def _missing(connection: Connection, command: Command, source: Source) -> Refusal | None:
    """A query of a collection that is not there: the server takes it, and finds nothing."""
    wanted = [name for name in _read(command) if isinstance(name, str)]
    there = {found["name"] for found in collections(connection)}
    lost = next((name for name in wanted if name not in there), None)
    return None if lost is None else Refusal(f"there is no collection {lost}", NO_COLLECTION, source)


def _read(command: Mapping[str, Any]) -> Iterator[Any]:
    """The collections that a command reads."""
    yield next(iter(command.values()))
    yield from _from(command.get("pipeline", ()))


def _from(stages: Any) -> Iterator[Any]:
    for stage in stages if isinstance(stages, list) else ():
        for name, said in stage.items() if isinstance(stage, Mapping) else ():
            if name in {"$lookup", "$graphLookup"} and isinstance(said, Mapping):
                yield said.get("from")
                yield from _from(said.get("pipeline"))
            elif name == "$unionWith":
                yield said.get("coll") if isinstance(said, Mapping) else said
            elif name == "$facet" and isinstance(said, Mapping):
                for each in said.values():
                    yield from _from(each)


def _plan(
    connection: Connection, command: Command, source: Source, *, execute: bool, unattractive: Sequence[str]
) -> Access | Refusal:
    # Which index a $lookup takes is known only after it was executed.
    run = execute or any(_from(command.get("pipeline")))
    try:
        if is_stream(command):  # it reads what is to come: there is nothing to look for, and no last document
            opened(connection, command)
            return Access("other", STREAM, str(next(iter(command.values()))))
        explained = explained_by(connection, command, execute=run)
    except OperationFailure as error:
        return refusal(error, source)
    found = _with_graphs(connection, pipeline.tree(explained))
    other = None if _avoids(found, unattractive) else _avoiding(explained, unattractive)
    return other or (found if execute else _bare(found))


def explained_by(connection: Connection, command: Command, *, execute: bool) -> Mapping[str, Any]:
    """What the server answers to ``explain``."""
    wanted = {**command, "maxTimeMS": LONGEST_MS}
    verbosity = "executionStats" if execute else "queryPlanner"
    with answering():
        return connection.database.command("explain", wanted, verbosity=verbosity)


def _with_graphs(connection: Connection, access: Access) -> Access:
    """With the way into the collection of each ``$graphLookup``, which looks for the values that it has as with $in."""
    if access.native == "$graphLookup" and access.operation == "other" and access.condition:
        find = {"find": access.entity, "filter": {access.condition: {"$in": [None]}}}
        (*_, reading) = pipeline.tree(explained_by(connection, find, execute=False)).walk()
        return replace(reading, native=access.native, entity=access.entity, children=())
    return replace(access, children=tuple(_with_graphs(connection, child) for child in access.children))


def _avoiding(explained: Mapping[str, Any], unattractive: Sequence[str]) -> Access | None:
    """The first plan that the planner thought of and that has none of these operations; None when there is none.

    Nothing has to be switched off for that: the planner scans a collection only when no index can serve, and tells
    the plans that it rejected.
    """
    return next((plan for plan in pipeline.alternatives(explained) if _avoids(plan, unattractive)), None)


def _avoids(plan: Access, unattractive: Sequence[str]) -> bool:
    return not {node.operation for node in plan.walk()} & set(unattractive)


def _bare(access: Access) -> Access:
    """The plan without what was counted."""
    return replace(
        access,
        rows_returned=None,
        rows_read=None,
        pages_read=None,
        elapsed_ms=None,
        children=tuple(_bare(child) for child in access.children),
    )


def _together(plans: Sequence[Access]) -> Access:
    """Several queries in one text: what the last one gives is what it is about."""
    counts = [plan.pages_read for plan in plans]
    pages = None if None in counts else sum(count or 0 for count in counts)
    return Access("append", "script", rows_returned=plans[-1].rows_returned, pages_read=pages, children=tuple(plans))

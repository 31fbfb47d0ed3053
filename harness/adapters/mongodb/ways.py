"""An index weighed against the other ways: what competes with it, or it itself, is hidden for as long as that takes.

A hidden index (``collMod``, since 4.4) is kept up to date and not planned with. ``_id_`` cannot be hidden. A hint would
force an index that cannot serve as well, by a walk through all of its keys, and reaches no collection of a ``$lookup``.

The planner has no costs: it tries its candidates for a while. Ways are compared by the keys and documents that they
examine, and the documents that they sort in memory; an explain makes no use of the plan cache.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from pymongo.errors import OperationFailure

from harness.adapters.mongodb import pipeline
from harness.adapters.mongodb.commands import Command
from harness.adapters.mongodb.connection import Connection, answering, run
from harness.adapters.mongodb.explain import explain, queries
from harness.adapters.mongodb.stages import ID_INDEX
from harness.design.model import Index
from harness.facts import Access, Refusal
from harness.ways import Ways

LONGEST_MS = 2_000
"""A way that the planner does not take may be endless: it is not waited for longer."""

MOST_RIVALS = 64
"""Indexes of one collection (the server's limit), and so the most that can be hidden before one's turn comes."""


def ways(connection: Connection, text: str, index: Index, *, execute: bool) -> Ways | Refusal:
    """See ``Weighing.ways``."""
    found = queries(text, connection.name)
    if isinstance(found, Refusal):
        return found
    scales = _Scales(connection, text, tuple(command for command, _ in found), index, execute=execute)
    taken = scales.plan()
    if isinstance(taken, Refusal):
        return taken
    if not goes(taken, index):
        return scales.through(taken)
    if index.name == ID_INDEX:
        return Ways(True, taken, taken, None)
    with _hidden(connection, index.entity, index.name or ""):
        beside = scales.plan()
    return Ways(True, taken, taken, beside if isinstance(beside, Access) else None)


def goes(access: Access, index: Index) -> bool:
    """Whether a plan goes through an index; names of indexes are a collection's own."""
    return any(node.index == index.name and node.entity == index.entity for node in access.walk())


class _Scales:
    """One text and one index."""

    def __init__(
        self, connection: Connection, text: str, commands: Sequence[Command], index: Index, *, execute: bool
    ) -> None:
        self._connection = connection
        self._text = text
        self._commands = commands
        self._index = index
        self._execute = execute

    def plan(self) -> Access | Refusal:
        """The plan that the server takes now, with its counts as its cost when it ends soon."""
        if self._execute and (counted := self._counted()) is not None:
            return counted
        return explain(self._connection, self._text, execute=False, unattractive=())

    def _counted(self) -> Access | None:
        if len(self._commands) != 1:
            return None
        limited: dict[str, Any] = {**self._commands[0], "maxTimeMS": LONGEST_MS}
        try:
            with answering():
                answer = self._connection.database.command("explain", limited, verbosity="executionStats")
        except OperationFailure:
            return None
        plan = pipeline.tree(answer)
        return replace(plan, cost=_cost(plan))

    def through(self, taken: Access) -> Ways:
        """Without each index of the collection that is taken instead, until it is this one's turn."""
        with ExitStack() as hidden:
            plan: Access | Refusal = taken
            for _ in range(MOST_RIVALS):
                if isinstance(plan, Refusal):
                    return Ways(False, taken, None, taken, plan.message)
                if goes(plan, self._index):
                    return Ways(False, taken, plan, taken)
                rival = next((n.index for n in plan.walk() if n.index and n.entity == self._index.entity), None)
                if rival is None:
                    return Ways(False, taken, None, taken)
                if rival == ID_INDEX:
                    return Ways(False, taken, None, taken, "it is looked for by _id, and that index cannot be hidden")
                hidden.enter_context(_hidden(self._connection, self._index.entity, rival))
                plan = self.plan()
        return Ways(False, taken, None, taken)


def _cost(plan: Access) -> float | None:
    if plan.pages_read is None:
        return None
    return plan.pages_read + sum(node.rows_returned or 0 for node in plan.walk() if node.operation == "sort")


@contextmanager
def _hidden(connection: Connection, collection: str, name: str) -> Iterator[None]:
    run(connection, {"collMod": collection, "index": {"name": name, "hidden": True}})
    try:
        yield
    finally:
        run(connection, {"collMod": collection, "index": {"name": name, "hidden": False}})

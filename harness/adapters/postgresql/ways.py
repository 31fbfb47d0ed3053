"""An index weighed against the other ways, inside a transaction that is rolled back.

PostgreSQL has no hints. What competes is taken away instead: scans by ``enable_seqscan``, other indexes by dropping
them, which a transaction takes back; so the planner itself says what each way costs.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import psycopg

from harness.adapters.postgresql.connection import Connection, rows, run
from harness.adapters.postgresql.explain import bare, explained, undone
from harness.adapters.postgresql.names import literal, parts, qualified, quoted
from harness.adapters.postgresql.refusal import refusal
from harness.design.model import Index, Statement
from harness.facts import Access, Refusal
from harness.source import Source
from harness.ways import Ways

TARGETS = (None, 50, 200)
"""Statistics targets of the samples; None: as they are. Each ANALYZE draws rows anew (300 for each of the target)."""

DISABLED = 1e10
"""What a plan costs more for each node that is switched off (``disable_cost``, before PostgreSQL 18)."""

LONGEST_S = 2
"""The way through an index that the planner does not take may be endless: it is not waited for longer."""


@contextmanager
def sampled(connection: Connection, entities: Sequence[str], number: int) -> Iterator[str]:
    """See ``Weighing.sampled``: statistics are rows of a catalog, so they are rolled back like any other."""
    target = TARGETS[number]
    if target is None:
        yield "as loaded"
        return
    with undone(connection):
        run(connection, f"SET LOCAL default_statistics_target = {target}")
        for entity in entities:
            run(connection, f"ANALYZE {qualified(entity)}")
        yield f"sampled anew at target {target}"


def ways(connection: Connection, text: str, index: Index, *, execute: bool) -> Ways | Refusal:
    """See ``Weighing.ways``."""
    statement, skipped = bare(text)
    with undone(connection):
        try:
            return _Scales(connection, statement, index).ways(execute=execute)
        except psycopg.Error as error:
            return refusal(error, Statement(text, Source("", 1, text.count("\n") + 1)), before=-skipped)


class _Scales:
    """One text and one index; everything in a transaction of the caller."""

    def __init__(self, connection: Connection, statement: str, index: Index) -> None:
        self._connection = connection
        self._statement = statement
        self._index = index
        self._own = _family(connection, _regclass(index))
        self._tables = _family(connection, qualified(index.entity))

    def ways(self, *, execute: bool) -> Ways:
        """The three ways."""
        taken = self._plan()
        if self._goes(taken):
            with undone(self._connection):
                _dropped(self._connection, self._index)
                return Ways(True, taken, taken, self._plan())
        return Ways(False, taken, self._through(execute=execute), taken)

    def _plan(self) -> Access:
        plan = explained(self._connection, self._statement, execute=False)
        cost = plan.cost
        return plan if cost is None else replace(plan, cost=cost - round(cost / DISABLED) * DISABLED)

    def _goes(self, plan: Access) -> bool:
        return any(node.index in self._own for node in plan.walk())

    def _through(self, *, execute: bool) -> Access | None:
        """Without scans, then without each index of the table that is taken instead, until it is this one's turn."""
        with undone(self._connection):
            run(self._connection, "SET LOCAL enable_seqscan = off")
            plan = self._plan()
            while not self._goes(plan):
                rivals = [n for n in plan.walk() if n.index is not None and n.entity in self._tables]
                if not rivals:
                    return None
                _without(self._connection, rivals[0])
                plan = self._plan()
            return self._counted(plan) if execute else plan

    def _counted(self, plan: Access) -> Access:
        """With the pages that it reads; as it is when that takes long."""
        try:
            with undone(self._connection):
                run(self._connection, f"SET LOCAL statement_timeout = '{LONGEST_S}s'")
                return replace(explained(self._connection, self._statement, execute=True), cost=plan.cost)
        except psycopg.errors.QueryCanceled:
            return plan


def _regclass(index: Index) -> str:
    namespace, _ = parts(index.entity)
    return f"{quoted(namespace)}.{quoted(index.name or '')}"


def _family(connection: Connection, relation: str) -> frozenset[str]:
    """The names of a relation and of its partitions: a plan names those."""
    tree = rows(
        connection,
        "SELECT n.nspname AS namespace, c.relname AS name FROM pg_catalog.pg_class c "
        "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(%s::regclass) UNION SELECT %s::regclass)",
        [relation, relation],
    )
    return frozenset(str(row["name"]) for row in tree) | frozenset(f"{row['namespace']}.{row['name']}" for row in tree)


def _without(connection: Connection, node: Access) -> None:
    _dropped(connection, Index(name=node.index, entity=node.entity or ""))


def _dropped(connection: Connection, index: Index) -> None:
    """Drop an index, with the constraint that it stands behind; of a partition's index, the one it is a part of."""
    found = rows(
        connection,
        "SELECT r.relid::regclass::text AS index, i.indrelid::regclass::text AS relation, "
        "(SELECT c.conname FROM pg_catalog.pg_constraint c WHERE c.conindid = i.indexrelid "
        "AND c.conrelid = i.indrelid AND c.contype IN ('p', 'u', 'x')) AS constraint "
        f"FROM (SELECT COALESCE(pg_catalog.pg_partition_root({literal(_regclass(index))}::regclass), "
        f"{literal(_regclass(index))}::regclass) AS relid) r "
        "JOIN pg_catalog.pg_index i ON i.indexrelid = r.relid",
    )[0]
    if found["constraint"] is None:
        run(connection, f"DROP INDEX {found['index']} CASCADE")
    else:
        run(connection, f"ALTER TABLE {found['relation']} DROP CONSTRAINT {quoted(found['constraint'])} CASCADE")

"""Indexes tried on the seeded database, last of all: better ones for queries that read much, and what each costs.

The database is dropped after it, so that nothing needs to be copied for it: an index is made, the query explained
again, the index taken away.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from harness.asked.candidates import candidates, reordered
from harness.asked.model import Asked
from harness.design.model import Entity, Index, Query, Schema, Statement
from harness.engine import Session
from harness.facts import Access, Refusal
from harness.run.bench import Bench
from harness.run.model import Explained, Loaded
from harness.run.queries import example
from harness.run.reads import PAGES, whole
from harness.run.seen.indexes import Attempt, Spreading, Untried, Written, narrowing
from harness.run.seen.queries import Asks
from harness.servers.model import Address
from harness.source import Source
from harness.trying import Supposing, Trying

MANY = 1_000
"""Rows that a way into a table reads before it counts as the expensive one."""

LEAST_READ = 200
"""Rows or pages of a table that a query reads before an index of it is looked for."""


LOOKS = 3
MOST_TRIED = 24
"""Indexes that are built in one run."""

BUDGET_S = 60.0
"""No more are begun after that; by then a run has said enough."""

LEAST_WRITTEN = 50_000
"""Rows of a table from which the cost of its indexes is measured: a small one says little of a large one."""

PARTS, PART_ROWS = 12, 500
MOST_COPIES = 8


def trials(bench: Bench, database: Address, schema: Schema) -> None:
    """What the indexes of large tables cost, how the values of untaken ones spread, and what others would give."""
    with bench.engine.connect(database) as session:
        if not isinstance(session, Trying):
            bench.seen.append(Untried(f"indexes cannot be tried on {bench.engine.title}"))
            return
        bench.progress.stage("what each index costs and gives")
        trial = _Trial(bench, session, schema)
        trial.spreads()
        trial.costs()
        trial.suggestions()


class _Trial:
    """One session, which is a ``Trying`` too."""

    def __init__(self, bench: Bench, session: Session, schema: Schema) -> None:
        self._bench = bench
        self._session = session
        self._schema = schema
        self._rows = {o.entity: o.rows for o in bench.seen if isinstance(o, Loaded)}
        self._begun = time.perf_counter()
        self._left = MOST_TRIED

    @property
    def _trying(self) -> Trying:
        assert isinstance(self._session, Trying)
        return self._session

    def _explained(self) -> Iterator[tuple[Query, tuple[Asked, ...], Access]]:
        """The queries that ran, with what they ask."""
        seen = self._bench.seen
        plans = {o.query: o.access for o in seen if isinstance(o, Explained) and o.access is not None}
        asks = {o.query: o.blocks for o in seen if isinstance(o, Asks)}
        for query in self._bench.plan.queries:
            if query.id in plans:
                yield query, asks.get(query.id, ()), plans[query.id]

    def spreads(self) -> None:
        """Of the fields that lead an index through which no executed plan goes, though a query fixes the field."""
        taken = {name for _, _, access in self._explained() for name in narrowing(access, self._rows)}
        fixed = {
            (c.entity, c.field)
            for _, blocks, _ in self._explained()
            for block in blocks
            for c in block.conditions
            if c.part == "equal" and not c.through
        }
        for entity in self._schema.entities:
            own = [i for i in entity.indexes if i.constraint is None and i.keys and i.name not in taken]
            fields = dict.fromkeys(i.keys[0].text for i in own if not i.keys[0].expression)
            for field in fields:
                if (entity.name, field) in fixed and self._rows.get(entity.name, 0) >= MANY:
                    found = self._trying.spread(entity.name, field)
                    if found is not None:
                        self._bench.seen.append(Spreading(entity.name, field, found))

    def costs(self) -> None:
        """What each index of a large table costs those who write to it."""
        for entity in self._schema.entities:
            own = [i.name for i in entity.indexes if i.constraint is None and i.name is not None and i.valid]
            if self._rows.get(entity.name, 0) >= LEAST_WRITTEN and entity.kind in {"table", "collection"} and own:
                self._written(entity.name, own[:MOST_COPIES])

    def _written(self, entity: str, names: list[str], *, tried: bool = False) -> None:
        """Parts go to all copies in turn, beginning with another copy each time, so that noise meets all alike."""
        with self._trying.copies(entity, names, PARTS, PART_ROWS) as copies:
            count = len(names) + 1
            taken = [[0.0] * copies.parts for _ in range(count)]
            for part in range(copies.parts):
                for turn in range(count):
                    copy = (part + turn) % count
                    taken[copy][part] = copies.write(copy, part)
            rows = copies.rows
        for number, name in enumerate(names, 1):
            self._bench.seen.append(Written(entity, name, rows, tuple(taken[0][1:]), tuple(taken[number][1:]), tried))

    def suggestions(self) -> None:
        """Try indexes for each query that reads much."""
        for query, blocks, access in self._explained():
            reads = whole(access, self._bench.traits)
            if reads is not None and reads.much:
                self._for(query, blocks, access)

    def _for(self, query: Query, blocks: tuple[Asked, ...], access: Access) -> None:
        text = example(self._bench, self._session, query, self._schema)
        if text is None:
            return
        before, unit = self._reads(text)
        worth = list(_worth_trying(blocks, access, self._schema))
        for (index, instead), likely in zip(worth, self._supposed(text, [index for index, _ in worth]), strict=True):
            if not likely:
                self._bench.seen.append(self._attempt(query, index, instead, unit, before))
                continue
            if not self._left or time.perf_counter() - self._begun > BUDGET_S:
                self._bench.seen.append(Untried(f"{MOST_TRIED} indexes were tried, and no more are in one run"))
                return
            self._left -= 1
            self._try(text, self._attempt(query, index, instead, unit, before))

    def _supposed(self, text: str, indexes: list[Index]) -> tuple[bool, ...]:
        """For each index whether building it is worth while; all of them where the planner cannot be asked."""
        if not isinstance(self._session, Supposing):
            return (True,) * len(indexes)
        return tuple(taken is not False for taken in self._session.supposed(text, indexes))

    def _attempt(self, query: Query, index: Index, instead: str, unit: str, before: int) -> Attempt:
        """What is known of an index before it is built."""
        kind: Literal["new", "order"] = "order" if instead else "new"
        ddl, _ = self._trying.statements(index)
        return Attempt(query.id, kind, index, ddl, unit, before, before, False, 0, instead, built=False)

    def _try(self, text: str, attempt: Attempt) -> None:
        index = attempt.index
        ddl, undo = self._trying.statements(index)
        if self._applied(ddl) is not None:
            return
        try:
            self._trying.analyse(index.entity)
            answer = self._session.explain(text, execute=True)
            if isinstance(answer, Refusal):
                return
            taken = index.name in answer.indexes()
            after = self._reads(text)[0] if taken else attempt.before
            size = self._trying.size(index.entity, str(index.name))
            self._bench.seen.append(replace(attempt, after=after, taken=taken, size=size, built=True))
            if taken and after * 2 <= attempt.before and self._rows.get(index.entity, 0) >= LEAST_WRITTEN:
                self._written(index.entity, [str(index.name)], tried=True)
        finally:
            self._applied(undo)

    def _applied(self, text: str) -> Refusal | None:
        statement = Statement(text, Source("", 1, 1), "derived")
        return self._bench.replayed(self._session, (statement,))

    def _reads(self, text: str) -> tuple[int, str]:
        """The fewest of some looks: the first sets hint bits, and other work of the server is counted in."""
        looks = [self._session.explain(text, execute=True) for _ in range(LOOKS)]
        seen = [whole(look, self._bench.traits) for look in looks if isinstance(look, Access)]
        best = min((reads for reads in seen if reads is not None), key=lambda reads: reads.count, default=None)
        return (round(best.count), best.unit) if best is not None else (0, PAGES)


def _worth_trying(blocks: tuple[Asked, ...], access: Access, schema: Schema) -> Iterator[tuple[Index, str]]:
    """Indexes of the tables that are read expensively, each with the index whose keys it has in another order."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for entity in _expensive(access, schema):
        for block in blocks:
            told = list(_of_block(block, entity))
            for index, instead in told:
                key = (index.entity, tuple(f"{k.text} {bool(k.descending)}" for k in index.keys))
                if key not in seen:
                    seen.add(key)
                    yield index, instead


def _of_block(block: Asked, entity: Entity) -> Iterator[tuple[Index, str]]:
    if all(read.entity != entity.name for read in block.reads) and not list(block.of(entity.name)):
        return
    for index in entity.indexes:
        if index.constraint is None and len(index.keys) > 1 and (other := reordered(index, block)) is not None:
            yield replace(other, name=f"{other.name}_ordered"[-63:]), str(index.name)
    for index in candidates(block, entity):
        yield index, ""


def _expensive(access: Access, schema: Schema) -> Iterator[Entity]:
    """Tables of which many rows are read."""
    found: dict[str, float] = {}
    for node in access.walk():
        if node.entity is not None:
            read = node.rows_read if node.rows_read is not None else MANY
            found[node.entity] = max(found.get(node.entity, 0), read, node.pages_read or 0)
    for name, read in found.items():
        entity = schema.entity(name)
        if read >= LEAST_READ and entity is not None and entity.kind in {"table", "collection", "partitioned table"}:
            yield entity

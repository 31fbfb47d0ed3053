"""A database in which migrations go up and down one after another: one session migrates, another one looks on."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from harness.design.model import Schema, Statement
from harness.engine import Session, Telling
from harness.run.bench import Bench
from harness.run.model import Applied, Inspected, Stage
from harness.servers.model import Address

LASTING = re.compile(r"\bALTER\s+(DATABASE|ROLE|USER|SYSTEM)\b", re.IGNORECASE)
"""What may set something for sessions to come: then the next migration gets a new one."""


@dataclass(slots=True)
class Chain:
    """``database`` and the sessions at it. Neither sees what the other has not committed."""

    bench: Bench
    database: Address
    _held: ExitStack
    _looking: Session
    _migrating: Session | None = None
    _within: ExitStack | None = None

    def apply(self, stage: Stage, subject: str, statements: Sequence[Statement]) -> Applied:
        """Run statements as one unit, and note what happened; nothing of one unit's session is left to the next."""
        if self._migrating is None:
            self._within = self._held.enter_context(ExitStack())
            self._migrating = self._within.enter_context(self.bench.engine.connect(self.database))
        applied = self.bench.noted(self._migrating, stage, subject, statements)
        if any(LASTING.search(statement.told) for statement in statements) and self._within is not None:
            self._within.close()
            self._migrating = None
        return applied

    def state(self, label: str | None = None) -> Schema:
        """The schema and, where the engine tells it, what is stored: a migration may change both."""
        schema = self._looking.inspect()
        if label is not None:
            self.bench.seen.append(Inspected(label, schema))
        stored = self._looking.content() if isinstance(self._looking, Telling) else ()
        return replace(schema, objects=(*schema.objects, *stored)) if stored else schema


@contextmanager
def chain(bench: Bench, database: Address) -> Iterator[Chain]:
    """The sessions at a database, closed at the end."""
    with ExitStack() as held:
        yield Chain(bench, database, held, held.enter_context(bench.engine.connect(database)))

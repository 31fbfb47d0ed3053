"""Statements run as one migration, and what each of them did: time, algorithm, locks, storage written anew, refusal.

Each statement stands for itself: a change of the schema commits what was before it, and is committed when it is done.
So a migration that is refused in its middle leaves what was done before; the effects say what that is.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pymysql.err import MySQLError

from harness.adapters.mysql.algorithm import algorithm, change
from harness.adapters.mysql.aside import Aside
from harness.adapters.mysql.connection import Connection, code, rows, run
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.grammar import Cursor
from harness.adapters.mysql.migrating import Migrating, opening
from harness.adapters.mysql.sending import sent
from harness.adapters.mysql.watch import Watch
from harness.design.model import Statement
from harness.errors import ServerGone
from harness.facts import Effect

ENCODED = re.compile(r"@([0-9a-f]{4})", re.IGNORECASE)
"""How a character that is no letter, digit or underscore stands in a file's name."""

PARTITION = re.compile(r"#p#", re.IGNORECASE)

SPECIFIC_ACCESS_DENIED = 1227

LISTED_S = (0.5, 0.5)
"""When a long list of rows is looked at: it stops nobody, and each look takes time from reading its many answers."""

INSTANT = "INSTANT"
"""MySQL builds a table anew all the same while it is empty (seen in 9.7), which says nothing of one with rows."""

REBUILDING = ("ALTER", "OPTIMIZE", "REPAIR", "CREATE OR REPLACE")
"""How statements begin that may write a table anew, besides those that make or drop an index of one."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where migrations are run: ``migrating`` runs them, ``looking`` looks on, in ``aside`` changes are tried.

    ``watch`` looks on by ``looking``, too, while a statement runs.
    """

    looking: Connection
    migrating: Migrating
    aside: Aside
    watch: Watch


def apply(places: Places, flavour: Flavour, statements: Sequence[Statement], timeout_s: float) -> tuple[Effect, ...]:
    """Run them; the last effect carries the refusal if there was one, and what ran before it stays done.

    They get a connection of their own, so that settings, locks and temporary tables of one migration are not those of
    the next; the session's one looks on.
    """
    with places.migrating.connection(statements, timeout_s) as own:
        migration = _Migration(places, own, flavour, timeout_s)
        return migration.effects(statements, migration.observed)


def replay(places: Places, flavour: Flavour, statements: Sequence[Statement], timeout_s: float) -> tuple[Effect, ...]:
    """Run them in the same way with no look at what they do but for their time."""
    with places.migrating.connection(statements, timeout_s) as own:
        migration = _Migration(places, own, flavour, timeout_s)
        return migration.effects(statements, migration.sent)


class _Migration:
    """Statements on one connection, watched from another."""

    def __init__(self, places: Places, own: Connection, flavour: Flavour, timeout_s: float) -> None:
        self._looking = places.looking
        self._own = own
        self._aside = places.aside
        self._flavour = flavour
        self._watch = places.watch
        self._timeout_s = timeout_s

    def effects(self, statements: Sequence[Statement], effect: Callable[[Statement], Effect]) -> tuple[Effect, ...]:
        """What each did, up to the first that was refused."""
        done: list[Effect] = []
        for statement in statements:
            with _counted(statement, len(done), len(statements)):
                done.append(effect(statement))
            if done[-1].refusal is not None:
                break
        # Of the transactions that the script itself began. It also tells of a connection that was cut.
        run(self._own, "COMMIT" if not done or done[-1].refusal is None else "ROLLBACK")
        return tuple(done)

    def observed(self, statement: Statement) -> Effect:
        """Send it, and see its algorithm, its locks and what it wrote anew."""
        changed = change(statement.told)
        way = algorithm(self._looking, self._aside, changed) if changed is not None else ""
        rebuilds = changed is not None or bool(Cursor(opening(statement)).take(*REBUILDING))
        before = self._storage() if rebuilds else {}
        effect = self.sent(statement)
        if effect.refusal is not None:
            return effect
        rewrites = _rewritten(before, self._storage()) if rebuilds else set()
        if changed is not None and way == INSTANT:
            rewrites.discard(changed.entity)
        elif changed is not None and way.startswith("COPY"):
            rewrites.add(changed.entity)
        return replace(effect, locks=self._watch.locks, rewrites=tuple(sorted(rewrites)), algorithm=way)

    def sent(self, statement: Statement) -> Effect:
        """Send it; it is ended when its time is over."""
        started = time.perf_counter()
        looks = LISTED_S if statement.several > 1 else ()
        with self._watch.over(self._own, self._timeout_s, *looks):
            refused = sent(self._own, statement)
        return Effect(statement, time.perf_counter() - started, refusal=refused, started_s=started)

    def _storage(self) -> Mapping[str, int]:
        """The identity of each table's and partition's file; nothing for a user who may not see it (PROCESS)."""
        view = f"information_schema.{self._flavour.storage_view}"
        try:
            found = rows(
                self._looking,
                f"SELECT name AS name, table_id AS file FROM {view} WHERE name LIKE CONCAT(DATABASE(), '/%')",
            )
        except MySQLError as error:
            if code(error) != SPECIFIC_ACCESS_DENIED:
                raise
            return {}
        return {row["name"].partition("/")[2]: row["file"] for row in found}


@contextmanager
def _counted(statement: Statement, done: int, of: int) -> Iterator[None]:
    """Tells how far a migration had come when its server went away: what was done cannot be asked any more."""
    try:
        yield
    except ServerGone as error:
        before = "; what stands before it is done, and committed" if done else ""
        raise ServerGone(f"{statement.source}: {error} (at statement {done + 1} of {of}{before})") from error


def _rewritten(before: Mapping[str, int], after: Mapping[str, int]) -> set[str]:
    """Tables with a new file under the name of an old one. A file of another name was only renamed."""
    old = set(before.values())
    changed = (name for name in before.keys() & after.keys() if after[name] != before[name] and after[name] not in old)
    return {ENCODED.sub(lambda match: chr(int(match[1], 16)), PARTITION.split(name)[0]) for name in changed}

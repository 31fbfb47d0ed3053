"""Statements run as one migration, and what each of them did: time, locks, storage written anew, refusal.

Locks are read by the same session, between the statements and inside their transaction. A statement that stands in no
transaction gives its locks back before anyone in this session could look, so it reports none. The time that a lock
was held is counted from the start of its statement: never too short.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import psycopg
from psycopg.pq import TransactionStatus

from harness.adapters.postgresql import grammar
from harness.adapters.postgresql.connection import Connection, results, run, send
from harness.adapters.postgresql.names import entity_name
from harness.adapters.postgresql.refusal import refusal, unsendable
from harness.adapters.postgresql.transactions import borders
from harness.design.model import Statement
from harness.facts import Effect, Lock, Refusal


@dataclass(frozen=True, slots=True)
class _Relation:
    """One relation at one moment, and the modes in which this session holds it locked."""

    name: str
    stores: bool
    storage: int
    modes: frozenset[str]


SILENT = frozenset({"BEGIN_P", "START", "COMMIT", "END_P", "ROLLBACK", "ABORT_P", "SAVEPOINT", "RELEASE", "SET"})
"""First words of statements that touch no relation. SET TRANSACTION wants no query before it, so none is sent."""


LEAVING_NOTHING = frozenset({"ALTER", "DROP", "COMMENT", "GRANT", "REVOKE", "BEGIN_P", "COMMIT"})
"""First words of statements that change nothing of the session. ALTER SYSTEM and ALTER ROLE are for sessions to come;
CREATE may make a temporary table."""


@cache
def _relations_query() -> str:
    return files(__package__).joinpath("apply_relations.sql").read_text(encoding="utf-8")


def apply(connection: Connection, statements: Sequence[Statement], timeout_s: float) -> tuple[Effect, ...]:
    """Run them; the last effect carries the refusal if there was one, and then nothing of a transaction remains."""
    migration = _Migration(connection, f"SET statement_timeout = {max(1, round(timeout_s * 1000))}")
    try:
        migration.go(statements, together=borders(statements).together)
        return migration.effects
    finally:
        if not connection.broken:
            migration.leave_clean()


def replay(connection: Connection, statements: Sequence[Statement], timeout_s: float) -> Refusal | None:
    """Run them in the same way with no look at what they do."""
    migration = _Migration(connection, f"SET statement_timeout = {max(1, round(timeout_s * 1000))}", looking=False)
    try:
        migration.go(statements, together=borders(statements).together)
        return migration.effects[-1].refusal if migration.effects else None
    finally:
        if not connection.broken:
            migration.leave_clean()


class _Migration:
    """The statements so far, and those whose locks are still held."""

    def __init__(self, connection: Connection, settings: str, *, looking: bool = True) -> None:
        self._connection = connection
        self._looking = looking
        self._done: list[Effect] = []
        self._held: list[tuple[int, float]] = []
        if not looking:
            run(connection, settings)
        self._relations = self._look(f"{settings}; ") if looking else {}
        self._known = frozenset(self._relations)

    @property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(self._done)

    def go(self, statements: Sequence[Statement], *, together: bool) -> None:
        if together:
            run(self._connection, "BEGIN")
        for statement in statements:
            self._step(statement)
            if self._done[-1].refusal is not None:
                self._roll_back()
                return
        self._commit()

    def leave_clean(self) -> None:
        """Settings, roles, temporary tables and prepared statements of one migration are not those of the next."""
        self._roll_back()
        if any(_first_word(effect.statement) not in LEAVING_NOTHING for effect in self._done):
            run(self._connection, "DISCARD ALL")

    def _step(self, statement: Statement) -> None:
        started = time.perf_counter()
        refused = self._send(statement)
        elapsed = time.perf_counter() - started
        self._done.append(Effect(statement, elapsed, refusal=refused, started_s=started))
        if refused is None:
            self._observe(started)

    def _send(self, statement: Statement) -> Refusal | None:
        refused = unsendable(statement)
        if refused is not None:
            return refused
        try:
            send(self._connection, statement)
        except psycopg.Error as error:
            return refusal(error, statement)
        return None

    def _observe(self, started: float) -> None:
        if not self._in_transaction:
            self._release()
        if not self._looking or _first_word(self._done[-1].statement) in SILENT:
            return
        before, after = self._relations, self._look()
        self._relations = after
        effect = replace(self._done[-1], rewrites=_rewritten(before, after, self._done[-1].statement))
        if self._in_transaction:
            effect = replace(effect, locks=self._taken(before, after))
            self._held.append((len(self._done) - 1, started))
        self._done[-1] = effect

    def _taken(self, before: dict[int, _Relation], after: dict[int, _Relation]) -> tuple[Lock, ...]:
        """New locks on what was there before the migration: nobody else can wait for what it made itself."""
        return tuple(
            Lock(relation.name, mode, 0.0)
            for oid, relation in sorted(after.items(), key=lambda item: item[1].name)
            if oid in self._known
            for mode in sorted(relation.modes - (before[oid].modes if oid in before else frozenset()))
        )

    def _release(self) -> None:
        """The transaction is over: now it is known how long each lock was held."""
        now = time.perf_counter()
        for index, started in self._held:
            held_ms = (now - started) * 1000
            locks = tuple(replace(lock, held_ms=held_ms) for lock in self._done[index].locks)
            self._done[index] = replace(self._done[index], locks=locks)
        self._held.clear()

    def _commit(self) -> None:
        """A deferred constraint speaks only now: its refusal is the last statement's."""
        if self._in_transaction:
            try:
                run(self._connection, "COMMIT")
            except psycopg.Error as error:
                if not self._done:
                    raise
                self._done[-1] = replace(self._done[-1], refusal=refusal(error, self._done[-1].statement))
        self._release()

    def _roll_back(self) -> None:
        if self._connection.info.transaction_status is not TransactionStatus.IDLE:
            run(self._connection, "ROLLBACK")
        self._release()

    @property
    def _in_transaction(self) -> bool:
        return self._connection.info.transaction_status is TransactionStatus.INTRANS

    def _look(self, settings: str = "") -> dict[int, _Relation]:
        (found,) = results(self._connection, settings + _relations_query())
        return {
            row["oid"]: _Relation(
                entity_name(row["namespace"], row["name"]), row["stores"], row["storage"], frozenset(row["modes"])
            )
            for row in found
        }


def _rewritten(before: dict[int, _Relation], after: dict[int, _Relation], statement: Statement) -> tuple[str, ...]:
    """Relations with new storage. TRUNCATE changes the storage too, but copies nothing."""
    if _first_word(statement) == "TRUNCATE":
        return ()
    changed = (oid for oid in before.keys() & after.keys() if before[oid].storage != after[oid].storage)
    return tuple(sorted(after[oid].name for oid in changed if after[oid].stores))


def _first_word(statement: Statement) -> str:
    return next((lexeme.kind for lexeme in grammar.lexemes(statement.text[:200])), "")

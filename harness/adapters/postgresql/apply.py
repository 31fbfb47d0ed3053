"""Statements run as one migration, and what each of them did: time, locks, storage written anew, refusal.

Locks are read by the same session, between the statements and inside their transaction. A statement that stands in no
transaction gives its locks back before anyone in this session could look, so it reports none. The time that a lock
was held is counted from the start of its statement: never too short.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from harness.adapters.postgresql import grammar
from harness.adapters.postgresql.connection import Connection, results, run
from harness.adapters.postgresql.names import entity_name
from harness.adapters.postgresql.refusal import refusal, unsendable
from harness.adapters.postgresql.sending import sent
from harness.adapters.postgresql.transactions import borders
from harness.design.model import Statement
from harness.facts import Effect, Lock

Row = Mapping[str, Any]


SILENT = frozenset({"BEGIN_P", "START", "COMMIT", "END_P", "ROLLBACK", "ABORT_P", "SAVEPOINT", "RELEASE", "SET"})
"""First words of statements that touch no relation. SET TRANSACTION wants no query before it, so none is sent."""


LEAVING_NOTHING = frozenset({"ALTER", "DROP", "COMMENT", "GRANT", "REVOKE", "BEGIN_P", "COMMIT"})
"""First words of statements that change nothing of the session: ALTER SYSTEM and ALTER ROLE are for those to come."""

LEAVING_SOMETHING = frozenset({"TEMP", "TEMPORARY", "SELECT", "EXECUTE"})
"""Words of a CREATE that may make what is the session's, or run what may."""

FORSAKEN = """SELECT pg_catalog.set_config('client_connection_check_interval', '2s', false)
WHERE pg_catalog.version() LIKE '%linux%'"""
"""A server looks, while it works, whether its client is still there; only some systems can tell it (PostgreSQL 14)."""

MOST_AT_ONCE = 2_000_000
"""Characters of one text: the server keeps the parse trees of all its statements at once."""

STORED = (
    "SELECT c.oid, c.relfilenode AS storage FROM pg_catalog.pg_class c "
    "WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm', 'v', 'f')"
)
"""Tables and their kin, but the server's own (under FirstNormalObjectId), with their storage."""


@cache
def _relations_query(*, some: bool) -> str:
    """About those that are locked by this session only, or all."""
    text = files(__package__).joinpath("apply_relations.sql").read_text(encoding="utf-8")
    return text if some else text.replace("JOIN held", "LEFT JOIN held")


def apply(connection: Connection, statements: Sequence[Statement], timeout_s: float) -> tuple[Effect, ...]:
    """Run them; the last effect carries the refusal if there was one, and then nothing of a transaction remains."""
    migration = _Migration(connection, _patience(timeout_s))
    try:
        migration.go(statements)
        return migration.effects
    finally:
        if not connection.broken:
            migration.leave_clean()


def replay(connection: Connection, statements: Sequence[Statement], timeout_s: float) -> tuple[Effect, ...]:
    """Run them in the same way with no look at what they do: as one text where they are one transaction.

    A text that is refused leaves nothing, and then they are run one by one, which tells the guilty one.
    """
    migration = _Migration(connection, _patience(timeout_s), looking=False)
    try:
        if not migration.go_at_once(statements):
            migration.go(statements)
        return migration.effects
    finally:
        if not connection.broken:
            migration.leave_clean()


def _patience(timeout_s: float) -> str:
    """Settings with which a statement ends when its time is over, and soon after its client is gone."""
    return f"SET statement_timeout = {max(1, round(timeout_s * 1000))}; {FORSAKEN}"


class _Migration:
    """The statements so far, and those whose locks are still held."""

    def __init__(self, connection: Connection, settings: str, *, looking: bool = True) -> None:
        self._connection = connection
        self._settings = settings
        self._looking = looking
        self._done: list[Effect] = []
        self._held: list[tuple[int, float]] = []
        self._known: frozenset[int] = frozenset()
        self._storage: dict[int, int] = {}
        self._modes: dict[int, frozenset[str]] = {}

    @property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(self._done)

    def go(self, statements: Sequence[Statement]) -> None:
        """One after another, up to the first refusal."""
        together = borders(tuple(statements)).together
        self._begin(statements, together=together)
        for left, statement in enumerate(statements, 1 - len(statements)):
            self._step(statement, last=together and not left)
            if self._done[-1].refusal is not None:
                self._roll_back()
                return
        self._commit()

    def go_at_once(self, statements: Sequence[Statement]) -> bool:
        """All in one text, where they are one transaction that can be read as such; whether they were taken."""
        found = borders(tuple(statements))
        if not (found.together and found.readable) or any(s.parts or unsendable(s) for s in statements):
            return False
        if sum(len(s.text) for s in statements) > MOST_AT_ONCE:
            return False
        try:
            results(self._connection, ";\n".join((self._settings, "BEGIN", *(s.text for s in statements), "COMMIT")))
        except psycopg.Error:
            self._roll_back()
            return False
        self._done = [Effect(statement, 0.0) for statement in statements]
        return True

    def leave_clean(self) -> None:
        """Settings, roles, temporary tables and prepared statements of one migration are not those of the next."""
        self._roll_back()
        if not all(_leaves_nothing(effect.statement.text) for effect in self._done):
            run(self._connection, "DISCARD ALL")

    def _begin(self, statements: Sequence[Statement], *, together: bool) -> None:
        """What is there is asked before; not in the transaction, where that wants to have no query before its own."""
        texts = [self._settings, *([STORED] if self._looking else []), *(["BEGIN"] if together else [])]
        apart = together and bool(statements) and _first_word(statements[0].text) in SILENT
        found = results(self._connection, "; ".join(texts[:-1] if apart else texts))
        if apart:
            run(self._connection, texts[-1])
        self._storage = {row["oid"]: row["storage"] for rows in found for row in rows if "oid" in row}
        self._known = frozenset(self._storage)

    def _step(self, statement: Statement, *, last: bool) -> None:
        started = time.perf_counter()
        refused = sent(self._connection, statement)
        elapsed = time.perf_counter() - started
        self._done.append(Effect(statement, elapsed, refusal=refused, started_s=started))
        if refused is None:
            self._observe(started, last=last)

    def _observe(self, started: float, *, last: bool) -> None:
        """See what it did; of the ``last`` of a transaction in one round trip with its end."""
        inside = self._in_transaction
        if not inside:
            self._release()
        effect = self._done[-1]
        if not self._looking or _first_word(effect.statement.text) in SILENT:
            return
        query = _relations_query(some=inside)
        try:
            (found,) = results(self._connection, f"{query}; COMMIT" if inside and last else query)
        except psycopg.Error as error:  # a deferred constraint speaks only now
            self._done[-1] = replace(effect, refusal=refusal(error, effect.statement))
            return
        effect = replace(effect, rewrites=self._rewritten(found, effect.statement))
        if inside:
            effect = replace(effect, locks=self._taken(found))
            self._held.append((len(self._done) - 1, started))
        self._done[-1] = effect

    def _rewritten(self, found: Sequence[Row], statement: Statement) -> tuple[str, ...]:
        """Relations with new storage. TRUNCATE changes the storage too, but copies nothing."""
        changed = [row for row in found if self._storage.get(row["oid"], row["storage"]) != row["storage"]]
        self._storage.update((row["oid"], row["storage"]) for row in found)
        if _first_word(statement.text) == "TRUNCATE":
            return ()
        return tuple(sorted(_name(row) for row in changed if row["stores"]))

    def _taken(self, found: Sequence[Row]) -> tuple[Lock, ...]:
        """New locks on what was there before the migration: nobody else can wait for what it made itself."""
        before, self._modes = self._modes, {row["oid"]: frozenset(row["modes"]) for row in found}
        return tuple(
            Lock(_name(row), mode, 0.0)
            for row in sorted(found, key=_name)
            if row["oid"] in self._known
            for mode in sorted(self._modes[row["oid"]] - before.get(row["oid"], frozenset()))
        )

    def _release(self) -> None:
        """The transaction is over: now it is known how long each lock was held."""
        now = time.perf_counter()
        for index, started in self._held:
            held_ms = (now - started) * 1000
            locks = tuple(replace(lock, held_ms=held_ms) for lock in self._done[index].locks)
            self._done[index] = replace(self._done[index], locks=locks)
        self._held.clear()
        self._modes = {}

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


def _name(row: Row) -> str:
    return entity_name(row["namespace"], row["name"])


@lru_cache(maxsize=4096)
def _first_word(text: str) -> str:
    return next((lexeme.kind for lexeme in grammar.lexemes(text[:200])), "")


@lru_cache(maxsize=4096)
def _leaves_nothing(text: str) -> bool:
    """Whether nothing of the session is another thing after it."""
    first = _first_word(text)
    if first != "CREATE" or "pg_temp" in text.lower():
        return first in LEAVING_NOTHING
    return LEAVING_SOMETHING.isdisjoint(lexeme.kind for lexeme in grammar.lexemes(text))

"""recovers: a migration that was cut off can be finished or undone with what the document gives."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from harness.checks.base import Case, Check, Finding
from harness.counting import counted
from harness.run.seen.drills import Trial

DRILLS = frozenset({"kill-after-statement", "client-lost"})
SHOWN = 2


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per migration that holds, and one per direction of a migration that does not."""
    migrations: dict[str, list[Trial]] = defaultdict(list)
    for trial in case.run.of(Trial):
        if trial.drill in DRILLS:
            migrations[trial.migration].append(trial)
    for migration, trials in migrations.items():
        yield from _migration(check, migration, trials)


def _migration(check: Check, migration: str, trials: Sequence[Trial]) -> Iterator[Finding]:
    failed = [t for t in trials if t.result == "failed"]
    tried = [t for t in trials if t.result == "passed"]
    for way in dict.fromkeys(t.way for t in failed):
        yield _broken(check, f"migration {migration} {way}", [t for t in failed if t.way == way])
    untried = next((t for t in trials if t.result == "untried"), None)
    if untried is not None:
        yield check.found("unverified", f"migration {migration}", untried.message, untried.source)
    if tried and not failed:
        recovered = sum("leads out" in t.message for t in tried)
        places = counted(len(tried), "place")
        message = f"cut off at {places}, and each time as before, finished, or brought to an end: "
        message += f"{recovered} needed a way out" if recovered else "none needed a way out"
        yield check.found("holds", f"migration {migration}", message, tried[0].source)


def _broken(check: Check, subject: str, failed: Sequence[Trial]) -> Finding:
    """What is left alike at several places is told once."""
    alike: dict[str, list[str]] = defaultdict(list)
    for trial in failed:
        alike[trial.message].append(trial.subject)
    told = [f"{', '.join(subjects)}: {message}" for message, subjects in alike.items()]
    words = "; ".join(told[:SHOWN]) + (f"; and {len(told) - SHOWN} more" if len(told) > SHOWN else "")
    evidence = {"places": [f"{t.subject}: {t.message}" for t in failed]}
    return check.found("broken", subject, words, failed[0].source, evidence=evidence)


CHECK = Check(
    name="recovers",
    question="Can a migration that was killed at any statement be finished or undone with what the document gives?",
    why="Servers and clients die in the middle of migrations. What is then neither the old schema nor the new one must "
    "be brought to an end by the same up, or by the down; if neither is taken, somebody mends production by hand. "
    "`harness drill` finds out, with a real SIGKILL at every statement.",
    remedy="Put into one statement what must happen together (one ALTER TABLE with both changes), or one statement "
    "into each migration, where the server commits each by itself; write IF EXISTS and IF NOT EXISTS where it knows "
    "them, and DROP INDEX CONCURRENTLY IF EXISTS before CREATE INDEX CONCURRENTLY, for an index that is left invalid.",
    severity="error",
    breaks="-- Up\nALTER TABLE orders ADD COLUMN a INT;   -- MySQL: committed at once\n"
    "ALTER TABLE orders ADD COLUMN b INT;\n"
    "-- Down\nALTER TABLE orders DROP COLUMN b;\nALTER TABLE orders DROP COLUMN a;",
    holds="-- Up\nALTER TABLE orders ADD COLUMN a INT, ADD COLUMN b INT;\n"
    "-- Down\nALTER TABLE orders DROP COLUMN a, DROP COLUMN b;",
    judge=judge,
)

"""What to do instead of a statement that stops others: the sequence for this engine, in words that can be followed.

Sources: PostgreSQL's manual (ALTER TABLE, Notes; CREATE INDEX, Building Indexes Concurrently), MySQL's (Online DDL
Operations), MariaDB's (InnoDB Online DDL), MongoDB's (reIndex, convertToCapped, validate; FAQ: Concurrency).
Each part between semicolons is a migration of its own.
"""

import re
from dataclasses import dataclass

PATIENT = "SET lock_timeout = '2s' before each, and try again when it is over"
FAMILY = frozenset({"mysql", "mariadb"})
MONGODB = frozenset({"mongodb"})


@dataclass(frozen=True, slots=True)
class Safer:
    """For which engines and statements (the whole text, whatever its case), and the words."""

    engines: frozenset[str]
    when: re.Pattern[str]
    words: str


def _safer(engines: frozenset[str], when: str, words: str) -> Safer:
    return Safer(engines, re.compile(when, re.IGNORECASE | re.DOTALL), words)


POSTGRESQL = frozenset({"postgresql"})

WAYS = (
    _safer(
        POSTGRESQL,
        r"\bSET\s+NOT\s+NULL\b",
        "ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT …; SET NOT NULL, which then reads "
        f"no row (PostgreSQL 12 and newer); DROP CONSTRAINT …. {PATIENT}.",
    ),
    _safer(
        POSTGRESQL,
        r"^\s*CREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)",
        "CREATE INDEX CONCURRENTLY, outside of a transaction and alone in its migration; after a failure drop the "
        "invalid index that it leaves, and try again.",
    ),
    _safer(
        POSTGRESQL,
        r"^\s*DROP\s+INDEX\s+(?!CONCURRENTLY)",
        "DROP INDEX CONCURRENTLY, outside of a transaction and alone in its migration.",
    ),
    _safer(
        POSTGRESQL,
        r"\bADD\s+(CONSTRAINT\s+\S+\s+)?(UNIQUE|PRIMARY\s+KEY)\b",
        "CREATE UNIQUE INDEX CONCURRENTLY …; ADD CONSTRAINT … UNIQUE (or PRIMARY KEY) USING INDEX …. " + PATIENT + ".",
    ),
    _safer(
        POSTGRESQL,
        r"\bADD\s+(CONSTRAINT\s+\S+\s+)?(CHECK|FOREIGN\s+KEY)\b(?!.*\bNOT\s+VALID\b)",
        f"ADD CONSTRAINT … NOT VALID; VALIDATE CONSTRAINT … in a migration of its own. {PATIENT}.",
    ),
    _safer(
        POSTGRESQL,
        r"\bADD\s+(COLUMN\s+)?.*\bDEFAULT\b",
        "ADD COLUMN without a default; SET DEFAULT for new rows; fill the old ones in batches, each on its own; "
        f"then NOT NULL by a CHECK that is NOT VALID first. A constant default copies nothing. {PATIENT}.",
    ),
    _safer(
        POSTGRESQL,
        r"\bTYPE\b",
        "ADD COLUMN of the new type; keep both equal by a trigger; fill it in batches; change the code over; drop the "
        f"old column in a later release. VARCHAR to a longer one, or to TEXT, copies nothing. {PATIENT}.",
    ),
    _safer(
        POSTGRESQL,
        r"^\s*(VACUUM\s+FULL|CLUSTER)\b",
        "pg_repack or a plain VACUUM: these copy the table with everyone shut out.",
    ),
    _safer(
        POSTGRESQL | FAMILY,
        r"^\s*(UPDATE|DELETE)\b",
        "Change the rows in batches of some thousands by their key, each in a transaction of its own, outside of the "
        "migration that changes the schema.",
    ),
    _safer(
        MONGODB,
        r"\breIndex\b",
        "Build the same index under another name (createIndex stops others only as it begins and ends), then drop the "
        "old one.",
    ),
    _safer(
        MONGODB,
        r"\bconvertToCapped\b",
        "Create a capped collection beside it; write to both; copy the old documents in batches; change the code over; "
        "drop the old one in a later release. Or let a TTL index remove what is old.",
    ),
    _safer(MONGODB, r"\bvalidate\b", "Look through a copy, a restored backup or a secondary, not in a migration."),
    _safer(
        FAMILY,
        r"^\s*(ALTER\s+TABLE|CREATE\s+(\w+\s+)?INDEX|DROP\s+INDEX)\b",
        "Write ALGORITHM=INSTANT, else ALGORITHM=INPLACE, LOCK=NONE, so that the server refuses what it could only do "
        "by a copy; what only a copy can do goes by expand and contract (a new column, filled in batches, the old one "
        "dropped later) or by gh-ost or pt-online-schema-change. SET lock_wait_timeout = 2 before it, and try again.",
    ),
)


def safer(engine: str, text: str) -> str:
    """What to do instead; empty where nothing is known."""
    return next((way.words for way in WAYS if engine in way.engines and way.when.search(text)), "")

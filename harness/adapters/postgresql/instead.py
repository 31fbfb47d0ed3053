"""What to do instead of a statement that stops others, in words that can be followed.

Source: PostgreSQL's manual (ALTER TABLE, Notes; CREATE INDEX, Building Indexes Concurrently).
"""

from harness.safer import IN_BATCHES

PATIENT = "SET lock_timeout = '2s' before each, and try again when it is over"

WAYS = (
    (
        r"\bSET\s+NOT\s+NULL\b",
        (
            "ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT …; SET NOT NULL, "
            "which then reads "
            f"no row (PostgreSQL 12 and newer); DROP CONSTRAINT …. {PATIENT}."
        ),
    ),
    (
        r"^\s*CREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)",
        (
            "CREATE INDEX CONCURRENTLY, outside of a transaction and alone in its migration; after a failure drop the "
            "invalid index that it leaves, and try again."
        ),
    ),
    (
        r"^\s*DROP\s+INDEX\s+(?!CONCURRENTLY)",
        "DROP INDEX CONCURRENTLY, outside of a transaction and alone in its migration.",
    ),
    (
        r"\bADD\s+(CONSTRAINT\s+\S+\s+)?(UNIQUE|PRIMARY\s+KEY)\b",
        "CREATE UNIQUE INDEX CONCURRENTLY …; ADD CONSTRAINT … UNIQUE (or PRIMARY KEY) USING INDEX …. " + PATIENT + ".",
    ),
    (
        r"\bADD\s+(CONSTRAINT\s+\S+\s+)?(CHECK|FOREIGN\s+KEY)\b(?!.*\bNOT\s+VALID\b)",
        f"ADD CONSTRAINT … NOT VALID; VALIDATE CONSTRAINT … in a migration of its own. {PATIENT}.",
    ),
    (
        r"\bADD\s+(COLUMN\s+)?.*\bGENERATED\s+ALWAYS\s+AS\b.*\bSTORED\b",
        (
            "ADD COLUMN as a plain one that a trigger fills for new rows; fill the old ones in batches. From "
            f"PostgreSQL 18 on VIRTUAL instead of STORED copies nothing. {PATIENT}."
        ),
    ),
    (
        r"\bADD\s+(COLUMN\s+)?.*\bDEFAULT\b",
        (
            "ADD COLUMN without a default; SET DEFAULT for new rows; fill the old ones in batches, each on its own; "
            f"then NOT NULL by a CHECK that is NOT VALID first. A constant default copies nothing. {PATIENT}."
        ),
    ),
    (
        r"\bTYPE\s+TIMESTAMP(TZ\b|\b).*\bUSING\b.*\bAT\s+TIME\s+ZONE\s+'UTC'",
        (
            "SET LOCAL timezone = 'UTC' before it, and the same without USING: between TIMESTAMP and TIMESTAMPTZ that "
            f"copies no table (PostgreSQL 12 and newer), but makes the indexes on the column anew. {PATIENT}."
        ),
    ),
    (
        r"\bTYPE\b",
        (
            "ADD COLUMN of the new type; keep both equal by a trigger; fill it in batches; change the code "
            "over; drop the "
            f"old column in a later release. VARCHAR to a longer one, or to TEXT, copies nothing. {PATIENT}."
        ),
    ),
    (
        r"^\s*(VACUUM\s+FULL|CLUSTER)\b",
        "pg_repack or a plain VACUUM: these copy the table with everyone shut out.",
    ),
    IN_BATCHES,
)

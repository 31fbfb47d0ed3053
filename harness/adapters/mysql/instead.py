"""What to do instead of a statement that stops others, in words that can be followed.

Sources: MySQL's manual (Online DDL Operations), MariaDB's (InnoDB Online DDL).
"""

from harness.safer import IN_BATCHES

WAYS = (
    IN_BATCHES,
    (
        r"^\s*ALTER\s+TABLE\b.*\bADD\s+(CONSTRAINT\s+(\S+\s+)?)?FOREIGN\s+KEY\b",
        (
            "Look for rows that refer to nothing first; then SET SESSION foreign_key_checks = 0, and the same with "
            "ALGORITHM=INPLACE, LOCK=NONE, which does not look at the rows that are there; then set it to 1 again. "
            "SET lock_wait_timeout = 2 before it, and try again."
        ),
    ),
    (
        r"^\s*(ALTER\s+TABLE|CREATE\s+(\w+\s+)?INDEX|DROP\s+INDEX)\b",
        (
            "Write ALGORITHM=INSTANT, else ALGORITHM=INPLACE, LOCK=NONE, so that the server refuses what it "
            "could only do "
            "by a copy; what only a copy can do goes by expand and contract (a new column, filled in "
            "batches, the old one "
            "dropped later) or by gh-ost or pt-online-schema-change. SET lock_wait_timeout = 2 before it, "
            "and try again."
        ),
    ),
)

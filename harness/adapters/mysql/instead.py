"""What to do instead of a statement that stops others, in words that can be followed.

Sources: MySQL's manual (Online DDL Operations), MariaDB's (InnoDB Online DDL).
"""

from harness.safer import IN_BATCHES

WAYS = (
    IN_BATCHES,
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

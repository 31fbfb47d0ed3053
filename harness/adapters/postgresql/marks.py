"""The queries for the marks of what the catalog keeps, each with the catalogs that its answer depends on.

The catalog is a set of row versions: (ctid, xmin) is never the same for two of them. Their hash, for each relation, is
its mark: one from each of the catalogs that most changes write, and one from all others together
(``inspect_marks.sql``).
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from harness.adapters.postgresql.inspect import sql

HEAD = re.compile(r"^--: (\w+)\n", re.MULTILINE)
CATALOG = re.compile(r"\bFROM (pg_\w+)")

UNDER = {"pg_roles": "pg_authid", "pg_user_mappings": "pg_user_mapping"}
"""Views, and the catalogs that they show. The others that they join are read in the same part."""


@cache
def texts() -> Mapping[str, str]:
    """The query of each part that has marks of its own."""
    _, *found = HEAD.split(sql("marks"))
    frame = sql("changed")
    parts = zip(found[::2], found[1::2], strict=True)
    return {part: frame.replace("$marks", text).replace("$catalog", part) for part, text in parts}


@cache
def catalogs() -> Mapping[str, frozenset[str]]:
    """For each part the catalogs that it reads."""
    return {part: frozenset(UNDER.get(name, name) for name in CATALOG.findall(text)) for part, text in texts().items()}


def of(written: Iterable[str]) -> tuple[str, ...]:
    """The parts that may have changed when these catalogs were written."""
    return tuple(part for part, read in catalogs().items() if not read.isdisjoint(written))

"""Indexes that the server has made itself for foreign keys.

It remembers which: one that is made by hand later, and serves as well, drives such an index out. Nothing tells of this
memory, so whoever makes a table again leaves these indexes to the server again.
"""

import re
from collections.abc import Sequence

from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.grammar import Cursor
from harness.adapters.mysql.inspect_parts import INDEXES, foreign_key, index
from harness.adapters.mysql.printed import Printed, Run
from harness.design.model import ForeignKey, Index

MOST_NUMBERED = 9
"""Foreign keys that the server numbers are printed in the order of their names: ``t_ibfk_10`` before ``t_ibfk_2``."""


def implied(indexes: Sequence[Index], foreign_keys: Sequence[ForeignKey], table: str) -> frozenset[str]:
    """Names of the indexes that come by themselves with the table's foreign keys."""
    numbered = self_named(foreign_keys, table)
    found = set()
    for key in foreign_keys:
        name = key.fields[0] if key.name in numbered else key.name
        serving = [i for i in indexes if tuple(part.text for part in i.keys[: len(key.fields)]) == key.fields]
        if [i.name for i in serving] == [name] and len(serving[0].keys) == len(key.fields) and not serving[0].unique:
            found.add(name or "")
    return frozenset(found)


def self_named(foreign_keys: Sequence[ForeignKey], table: str) -> frozenset[str]:
    """Names of foreign keys that the server has given, and will give again in the order of their numbers."""
    pattern = re.compile(rf"{re.escape(table)}_ibfk_\d+\Z")
    names = sorted(key.name for key in foreign_keys if key.name is not None and pattern.match(key.name))
    wanted = [f"{table}_ibfk_{number}" for number in range(1, len(names) + 1)]
    return frozenset(names) if names == wanted and len(names) <= MOST_NUMBERED else frozenset()


def unsaid(table: Printed, name: str, flavour: Flavour) -> str:
    """The text of a table without what the server adds to it by itself."""
    keys = [foreign_key(run, flavour) for run in table.definitions if _is_foreign_key(run)]
    indexes = [index(table, run, name) for run in table.definitions if run[0].text in INDEXES]
    left, numbered = implied(indexes, keys, name), self_named(keys, name)
    kept = [_unnamed(run, numbered) for run in table.definitions if not _is_index(run, left)]
    return table.with_definitions(kept)


def _is_foreign_key(run: Run) -> bool:
    return run[0].text == "CONSTRAINT" and run[2].text == "FOREIGN"


def _is_index(run: Run, names: frozenset[str]) -> bool:
    return run[0].text == "KEY" and run[1].name in names


def _unnamed(run: Run, numbered: frozenset[str]) -> Run:
    """A foreign key without the name that it gets anyway."""
    return Cursor(run, 2).rest if _is_foreign_key(run) and run[1].name in numbered else run

"""What the partitions of a table leave room for: a row that falls between them is refused."""

import re
from collections.abc import Iterator, Sequence

from harness.design.model import Check, Entity, Schema

KEY = re.compile(r'^(RANGE|LIST|HASH) \((?:"((?:[^"]|"")+)"|(\w+))\)$')
RANGE = re.compile(r"^FOR VALUES FROM \((.+)\) TO \((.+)\)$")
LIST = re.compile(r"^FOR VALUES IN \((.+)\)$")


def room(entity: Entity, schema: Schema) -> Check | None:
    """A condition that rows of a partitioned table satisfy; None when any row finds a partition, or nobody can tell.

    Keys of several columns or of expressions are left to the server.
    """
    told = dict(entity.options).get("partitions", "")
    if told:
        return _mysql(told)
    key = KEY.match(dict(entity.options).get("partition_key", ""))
    if key is None or key[1] == "HASH":
        return None
    name = (key[2] or key[3]).replace('""', '"')
    bounds = [dict(p.options).get("partition_bound", "") for p in partitions(entity, schema)]
    if "DEFAULT" in bounds:
        return None
    sides = list(_ranges(name, bounds) if key[1] == "RANGE" else _lists(name, bounds))
    if any(not side for side in sides):
        return None
    return Check("partitions", " OR ".join(f"({side})" for side in sides) or "false", (name,))


BY = re.compile(r"PARTITION BY (RANGE|LIST)\s*(?:COLUMNS)?\s*\(\s*(YEAR\()?`?(\w+)`?\)?\s*\)", re.IGNORECASE)
LESS = re.compile(r"VALUES LESS THAN\s*(?:\(\s*('[^']*'|-?\d+)\s*\)|\(?\s*MAXVALUE\s*\)?)", re.IGNORECASE)
VALUES = re.compile(r"VALUES IN\s*\(([^()]*)\)", re.IGNORECASE)


def _mysql(told: str) -> Check | None:
    """The partitions of MySQL and MariaDB, of one column or its year."""
    by = BY.search(told)
    if by is None or re.search(r"VALUES IN\s*\([^)]*\bDEFAULT\b|\bDEFAULT\b\s+ENGINE", told):
        return None
    name = by[3]
    if by[1].upper() == "LIST":
        values = ", ".join(found for found in VALUES.findall(told) if found.strip())
        return Check("partitions", f"`{name}` IN ({values})", (name,)) if values and by[2] is None else None
    limits = LESS.findall(told)
    if not limits or not limits[-1]:
        return None  # the last one takes all that the others do not
    limit = f"'{int(limits[-1]):04d}-01-01'" if by[2] else limits[-1]
    return Check("partitions", f"`{name}` < {limit}", (name,))


def partitions(entity: Entity, schema: Schema) -> tuple[Entity, ...]:
    """The partitions of a table."""
    return tuple(
        e
        for e in schema.entities
        if e.kind == "partition" and entity.name in dict(e.options).get("parents", "").split(", ")
    )


def _ranges(name: str, bounds: Sequence[str]) -> Iterator[str]:
    """Ranges as conditions; those that meet are one. An empty condition is no limit at all."""
    pairs = [(found[1], found[2]) for bound in bounds if (found := RANGE.match(bound))]
    starts = dict(pairs)
    for low in [low for low, _ in pairs if low not in set(starts.values())]:
        high = starts[low]
        while high in starts:
            high = starts[high]
        sides = [f'"{name}" >= {low}' if low != "MINVALUE" else "", f'"{name}" < {high}' if high != "MAXVALUE" else ""]
        yield " AND ".join(side for side in sides if side)


def _lists(name: str, bounds: Sequence[str]) -> Iterator[str]:
    values = [found[1] for bound in bounds if (found := LIST.match(bound))]
    if values:
        yield f'"{name}" IN ({", ".join(values)})'

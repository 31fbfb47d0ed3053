"""Values drawn from the documents that are there, the same for the same seed, quick in large collections too."""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from harness.adapters.mongodb.connection import Connection, documents
from harness.adapters.mongodb.literal import literal

ALL = 20_000
"""Collections up to that size are looked at whole; of larger ones runs of neighbours are drawn by chance."""

RUNS = 40
ABSENT = object()


def sample(
    connection: Connection, entity: str, fields: Sequence[str], count_: int, seed: int
) -> tuple[tuple[str, ...], ...]:
    """Up to ``count`` rows of literals, shuffled by the seed; those with a field that is null or missing left out."""
    chance = random.Random(seed)
    drawn = list(_drawn(connection, entity, fields, count_, chance))
    chance.shuffle(drawn)
    rows = (row for found in drawn if (row := _row(found, fields, chance)) is not None)
    return tuple(islice(rows, count_))


def _drawn(
    connection: Connection, entity: str, fields: Sequence[str], wanted: int, chance: random.Random
) -> Iterator[Mapping[str, Any]]:
    """By _id, which is in an index: the order of a collection itself differs from copy to copy."""
    total = count(connection, entity)
    projection = dict.fromkeys(_outermost(["_id", *(field.replace("[]", "") for field in fields)]), 1)
    find = {"find": entity, "projection": projection, "sort": {"_id": 1}}
    if total <= ALL:
        yield from documents(connection, find)
        return
    length = max(2 * wanted // RUNS, 10)
    passed = 0
    after: dict[str, Any] = {}
    for place in sorted(chance.randrange(total - length) for _ in range(RUNS)):
        # From the end of the last run on: what is skipped is walked over, key by key.
        skip = max(place - passed, 0)
        found = list(documents(connection, {**find, "filter": after, "skip": skip, "limit": length}))
        if not found:
            return
        passed, after = passed + skip + len(found), {"_id": {"$gt": found[-1]["_id"]}}
        yield from found


def _outermost(paths: Sequence[str]) -> list[str]:
    """Paths without those that lie within another one, which a projection must not name beside it."""
    return [path for path in dict.fromkeys(paths) if not any(path.startswith(f"{other}.") for other in paths)]


def _row(found: Mapping[str, Any], fields: Sequence[str], chance: random.Random) -> tuple[str, ...] | None:
    values = [_value(found, field.replace("[]", "").split("."), chance) for field in fields]
    return None if any(value is None or value is ABSENT for value in values) else tuple(map(literal, values))


def _value(found: Any, path: Sequence[str], chance: random.Random) -> Any:
    """What stands at a path; of an array one element, which is what a query compares with."""
    for name in path:
        found = _one(found, chance)
        found = found.get(name, ABSENT) if isinstance(found, Mapping) else ABSENT
    return _one(found, chance)


def _one(found: Any, chance: random.Random) -> Any:
    return (chance.choice(found) if found else ABSENT) if isinstance(found, list) else found


def count(connection: Connection, entity: str) -> int:
    """Documents of a collection, counted one by one: what the server keeps may be wrong after a crash."""
    pipeline = [{"$count": "n"}]
    found = list(documents(connection, {"aggregate": entity, "pipeline": pipeline, "cursor": {}}))
    return int(found[0]["n"]) if found else 0

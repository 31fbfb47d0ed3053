"""The parent of a row: its row number in the parent's table, a pure function of the child's row number."""

from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np

from harness.seeding.counters import Ints, below, key, permuted, skewed, unit, within, zipf
from harness.seeding.keys import Pairing
from harness.seeding.moments import ahead
from harness.seeding.table import Link, Making, Table

TREE_WIDTH = 8


def parents(link: Link, rows: Making) -> Ints:
    """The parent's row number of each row, -1 for none."""
    numbers, size = rows.numbers, rows.table.tables[link.target].rows
    found = MODES[link.mode](link, rows, size)
    if link.head is not None:
        found = np.where(numbers < link.head, found, _born_before(link, rows, skewed(link.of, numbers, size)))
    if link.apart is not None and link.mode in {"skewed", "paired"}:
        found = _apart(link, found, rows, size)
    if link.absence:
        found = np.where(unit(key(link.of, "absent"), numbers) < link.absence, -1, found)
    return found if size else np.full(len(numbers), -1, dtype=np.int64)


def _apart(link: Link, found: Ints, rows: Making, size: int) -> Ints:
    other = rows.parents(next(k for k in rows.table.links if k.name == link.apart))
    if link.mode == "paired" and link.rising:  # the digit counts the parents after the other one
        later: Ints = np.minimum(other + 1 + found, size - 1)
        return later
    if link.mode == "paired":  # the digit counts the parents without the other one
        return found + (found >= other)
    return np.where((found == other) & (found >= 0), (found + 1) % max(size, 1), found)


def _skewed(link: Link, rows: Making, size: int) -> Ints:
    if link.skew is not None:
        return _born_before(link, rows, zipf(link.of, rows.numbers, size, link.skew))
    return _born_before(link, rows, skewed(link.of, rows.numbers, size))


def _born_before(link: Link, rows: Making, found: Ints) -> Ints:
    """A parent whose event comes after the child's gives way to one of those that were there by then.

    Events rise with the row number in both tables, so the parents that were there are the first so many of them. The
    child's own event then needs no moving, and dates rise with the rows of the child as well.
    """
    target, own = rows.table.tables[link.target], rows.table
    if target.calendar.event is None or own.calendar.event is None or target is own:
        return found
    pace = sqrt(own.calendar.reach_us / target.calendar.reach_us)
    left = ahead(key(own.of, "event"), rows.numbers, own.rows)
    there = np.maximum(np.floor(target.rows * (1.0 - left * pace)).astype(np.int64), 1)
    return np.where(found < there, found, found % there)


def _even(_link: Link, rows: Making, size: int) -> Ints:
    return rows.numbers % max(size, 1)


def _unique(link: Link, rows: Making, size: int) -> Ints:
    inside = rows.numbers < size
    return np.where(inside, permuted(link.of, np.where(inside, rows.numbers, 0), size), -1)


def _chain(_link: Link, rows: Making, _size: int) -> Ints:
    return rows.numbers - 1


ROOTED = 6
"""Rows of a tree to each of its roots; no tree has more than fifty."""


def _tree(link: Link, rows: Making, size: int) -> Ints:
    """Row n hangs below one of the first n / 8 rows, so the depth is at most the logarithm; the first have none."""
    roots = min(max(size // ROOTED, 1), 50)
    found = within(link.of, rows.numbers, (rows.numbers + TREE_WIDTH - 1) // TREE_WIDTH)
    return np.where(rows.numbers < roots, -1, found)


def _rooted_tree(link: Link, rows: Making, size: int) -> Ints:
    """As a tree, where no row may be without a parent: the roots are their own."""
    return np.where((found := _tree(link, rows, size)) < 0, rows.numbers, found)


def _paired(link: Link, rows: Making, size: int) -> Ints:
    if link.pairing is None:
        raise ValueError(f"{link.name} is no digit of a key")
    found = link.pairing.digits(np.minimum(rows.numbers, link.pairing.rows - 1))[link.digit]
    return np.minimum(found, max(size - 1, 0))


def _aligned(link: Link, rows: Making, size: int) -> Ints:
    """A parent whose own parent, by an ``even`` link, is the row that the shared field already refers to."""
    if link.shared is None:
        raise ValueError(f"{link.name} shares no field")
    base, owner = rooted(rows, link.shared)
    step = rows.table.tables[base].rows
    count = np.where(owner >= 0, (size - owner + step - 1) // max(step, 1), 0)
    place = within(link.of, rows.numbers, count)
    if link.pairing is not None:
        place = link.pairing.digits(np.minimum(rows.numbers, link.pairing.rows - 1))[link.digit]
    if link.apart is not None:
        other = rows.parents(next(k for k in rows.table.links if k.name == link.apart))
        place = np.where(owner + step * place == other, (place + 1) % np.maximum(count, 1), place)
        count = np.where((owner + step * place == other) & (other >= 0), 0, count)
    return np.where(count > 0, np.minimum(owner + step * place, size - 1), -1)


def _cousin(link: Link, rows: Making, _size: int) -> Ints:
    """A row before it that has the same parent by the ``even`` link that the shared field is of."""
    base = next(k for k in rows.table.links if k.name == link.apart)
    step = max(rows.table.tables[base.target].rows, 1)
    found = rows.numbers % step + step * within(link.of, rows.numbers, rows.numbers // step)
    return np.where(rows.numbers < step, -1, found)


DEPENDENT = frozenset({"aligned", "implied", "sibling", "cousin"})
"""Links that decide not all of their fields."""


def rooted(rows: Making, name: str) -> tuple[str, Ints]:
    """The table at the end of the links that a field goes through, and its row for each row."""
    link = next((k for k in rows.table.links if name in k.fields and k.mode not in DEPENDENT), None)
    if link is None:
        return rows.table.name, rows.numbers
    parent = rows.parents(link)
    other = rows.elsewhere(link.target, np.maximum(parent, 0))
    table, found = rooted(other, link.target_fields[link.fields.index(name)])
    return table, np.where(parent < 0, -1, found)


def _sibling(link: Link, rows: Making, _size: int) -> Ints:
    """The row before it of the same owner, where rows of one stand together: the version before this one."""
    origin = rows.table.columns[link.shared].origin if link.shared is not None else None
    pairing = getattr(origin, "pairing", None)
    if not isinstance(pairing, Pairing) or pairing.mixed:
        return np.full(len(rows.numbers), -1, dtype=np.int64)
    return np.where(pairing.leads(rows.numbers), -1, rows.numbers - 1)


def _any(link: Link, rows: Making, size: int) -> Ints:
    return below(link.of, rows.numbers, size)


MODES: Mapping[str, Callable[[Link, Making, int], Ints]] = {
    "skewed": _skewed, "even": _even, "unique": _unique, "chain": _chain, "tree": _tree, "rooted tree": _rooted_tree,
    "paired": _paired, "aligned": _aligned, "sibling": _sibling, "cousin": _cousin, "any": _any,
}  # fmt: skip


def elder(table: Table) -> Link | None:
    """The link to the parent that a row is not older than: to the largest table that has events."""
    tables = table.tables
    able = [k for k in table.links if k.mode != "implied" and _has_events(tables, k.target, table.name)]
    return max(able, key=lambda k: (tables[k.target].rows, k.name), default=None)


def _has_events(tables: Mapping[str, Table], target: str, child: str) -> bool:
    """Whether the target has events that are not themselves reckoned from the child's."""
    if target not in tables or tables[target].calendar.event is None:
        return False
    seen, waiting = set[str](), [target]
    while waiting:
        name = waiting.pop()
        if name == child:
            return False
        if name not in seen and name in tables:
            seen.add(name)
            waiting.extend(k.target for k in tables[name].links if k.target != name)
    return True

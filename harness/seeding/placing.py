"""Where something is planted: the row that keys decide, and its number where rows are counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from harness.seeding.beds import Bed, NotPlanted, is_taken, narrow
from harness.seeding.domain import Domain
from harness.seeding.making import Rows
from harness.seeding.origins import Digit, Serial
from harness.seeding.table import Table

CHUNK = 200_000

RIGID = frozenset({"unique", "paired", "even", "chain", "tree", "rooted tree", "aligned", "cousin", "sibling"})
"""Links whose parent follows from the row number: for a given parent the row is looked for."""


def row_of(bed: Bed, parents: Mapping[str, int]) -> int:
    """The row that keys decide, else the lowest that is free."""
    table = bed.table
    used = set(table.planted) | set(table.parents)
    for name in bed.atoms:
        origin = table.columns[name].origin
        if isinstance(origin, Serial):
            domain = narrow(table, name, bed.atoms[name], table.conditions.domains[name])
            row = next((n for n in _with_numbers(table, origin, domain) if n not in used), None)
            if row is not None:
                return row
    rigid = {link.name: parents[link.name] for link in table.links if link.mode in RIGID and link.name in parents}
    digits = [name for name in bed.atoms if isinstance(table.columns[name].origin, Digit)]
    if rigid or digits:
        return _searched(bed, rigid, digits, used)
    return _free(table, used)


def _with_numbers(table: Table, origin: Serial, domain: Domain) -> Iterator[int]:
    """The rows whose own numbers are asked for."""
    if domain.among is not None:
        found = (origin.row(int(value)) for value in domain.among)
        yield from (row for row in found if row is not None and row < table.rows)
        return
    row = origin.since(domain.low)
    while row < table.rows and origin.number(row) <= domain.high:
        if _admits(domain, origin.number(row)):
            yield row
        row += 1


def _admits(domain: Domain, number: int) -> bool:
    if domain.among is not None:
        return number in domain.among
    return domain.low <= number <= domain.high and number in domain.ticks and number not in domain.excluded


def _free(table: Table, used: set[int]) -> int:
    row = next((row for row in range(table.rows) if row not in used), None)
    if row is None:
        raise NotPlanted("all rows of the table are taken by other plants")
    return row


def _searched(bed: Bed, rigid: Mapping[str, int], digits: Sequence[str], used: set[int]) -> int:
    """The first row that has these parents and digits by nature; else a free one, where the key has no such row."""
    table = bed.table
    for start in range(0, table.rows, CHUNK):
        rows = Rows(table, np.arange(start, min(start + CHUNK, table.rows), dtype=np.int64))
        here = np.ones(len(rows.numbers), dtype=np.bool_)
        for link in table.links:
            if link.name in rigid:
                here &= rows.parents(link) == rigid[link.name]
        for name in digits:
            here &= _holds(bed, name, rows)
        free = [n for n in rows.numbers[here].tolist() if n not in used]
        if free:
            return int(free[0])
    if any(link.mode in {"even", "aligned"} for link in table.links if link.name in rigid):
        raise NotPlanted("no row has these parents together")
    return _free(table, used)


def _holds(bed: Bed, name: str, rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    domain = narrow(bed.table, name, bed.atoms[name], bed.table.conditions.domains[name])
    raw = rows.cells(name).raw
    if domain.among is not None:
        return np.isin(raw, np.array(list(domain.among), dtype=raw.dtype))
    return (raw >= domain.low) & (raw <= domain.high) if raw.dtype != object else np.ones(len(raw), dtype=np.bool_)


def number_of(bed: Bed, name: str, origin: Serial, domain: Domain) -> int:
    """The row's own number where that will do, else one that no other row has."""
    table = bed.table
    assert bed.row is not None
    own = origin.number(bed.row)
    if _admits(domain, own):
        return own
    used = {values.get(name) for values in table.planted.values()}
    for value in map(int, domain.among) if domain.among is not None else _numbers_after(table, origin, domain):
        row = origin.row(value)
        if value not in used and (row is None or row >= table.rows) and not is_taken(table, name, [value]):
            return value
    raise NotPlanted(f"other rows have the values of {name} that are asked for")


def _numbers_after(table: Table, origin: Serial, domain: Domain) -> Iterator[int]:
    """Those that follow the numbers of all rows: enough for every plant to have one."""
    first = max(domain.low, origin.number(table.rows))
    ticks = replace(domain, low=first).ticks
    yield from (value for value in ticks[: len(table.planted) + len(domain.excluded) + 1] if _admits(domain, value))

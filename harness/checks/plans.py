"""Questions to an executed plan that more than one check has: what stands above a node, what lies below it."""

from collections.abc import Iterator

from harness.facts import Access

SUMS_UP = frozenset({"aggregate", "window", "unique"})
"""Operations that need all the rows below them, however few they give: a report reads its table whole."""

JOINS = frozenset({"nested loop", "hash join", "merge join"})
SORTS = frozenset({"sort", "incremental sort"})


def within(access: Access, above: tuple[Access, ...] = ()) -> Iterator[tuple[Access, tuple[Access, ...]]]:
    """Each node, outermost first, with those above it, outermost first."""
    yield access, above
    for child in access.children:
        yield from within(child, (*above, access))


def stopped_early(above: tuple[Access, ...]) -> bool:
    """Whether a limit above ends a node before it gave all of its rows: nothing between takes in all rows first."""
    blocking = SORTS | SUMS_UP | {"hash", "materialize"}
    for node in reversed(above):
        if node.operation in blocking:
            return False
        if node.operation == "limit":
            return True
    return False


def kept(node: Access, above: tuple[Access, ...]) -> float | None:
    """The rows of a node that were wanted, in all loops: what its own filter, or the one right above it, lets through.

    Without a filter: what the whole query gives, unless something above sums rows up. MariaDB's plan does not show that
    for a query without groups: fewer rows come out though nothing above takes any away. None when it is not known.
    """
    if node.filter:
        return node.rows_returned
    parent = above[-1] if above else None
    if parent is not None and parent.filter and parent.operation not in JOINS and parent.entity is None:
        return parent.rows_returned
    takes_away = JOINS | SORTS | {"limit"}
    if any(each.operation in SUMS_UP for each in above) or not any(
        each.filter or each.operation in takes_away for each in above
    ):
        return node.rows_read
    return above[0].rows_returned if above else node.rows_returned

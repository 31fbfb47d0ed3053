"""A query's plan as indented lines, the same words for every engine."""

from collections.abc import Iterator

from harness.facts import Access
from harness.report.characters import one_line
from harness.report.measures import count, milliseconds


def lines(access: Access, depth: int = 0) -> Iterator[tuple[int, str, str]]:
    """Depth, what the node does, and its figures, for each node, outermost first."""
    yield depth, _headline(access), _figures(access)
    for child in access.children:
        yield from lines(child, depth + 1)


def tree(access: Access) -> str:
    """The plan as text, two spaces a level."""
    return "\n".join(f"{'  ' * depth}{headline}  ({figures})" for depth, headline, figures in lines(access))


def _headline(access: Access) -> str:
    parts = (
        access.native or access.operation,
        f" on {access.entity}" if access.entity else "",
        f" using {access.index}" if access.index else "",
        f" [{one_line(access.condition, 160)}]" if access.condition else "",
        f" filter [{one_line(access.filter, 160)}]" if access.filter else "",
    )
    return one_line("".join(parts))


def _figures(access: Access) -> str:
    parts = [f"rows {count(access.rows_returned)}"]
    if access.rows_expected is not None:
        parts.append(f"expected {count(access.rows_expected)}")
    if access.pages_read is not None:
        parts.append(f"pages {count(access.pages_read)}")
    if access.elapsed_ms is not None:
        parts.append(milliseconds(access.elapsed_ms))
    if access.loops > 1:
        parts.append(f"{access.loops:,} loops")
    return ", ".join(parts)

"""What a query read, in the most telling unit that the engine counts without chance."""

from dataclasses import dataclass

from harness.facts import Access, Traits

HANDLER = "Handler reads"
"""MySQL and MariaDB: rows and keys asked of the storage engine (``Handler_read_%`` of the session). Their pages are
those of the whole server, or of a part of the tables, and differ from run to run."""


PAGES, ROWS, DOCUMENTS = "pages read", "rows and keys read", "keys and documents examined"

MUCH = {PAGES: 200, ROWS: 10_000, DOCUMENTS: 10_000}
"""So many of each unit are much for one query: about the same work, as a page holds some dozens of rows."""


@dataclass(frozen=True, slots=True)
class Reads:
    """So many of a unit; ``each``: for each row that was found, not in all."""

    count: float
    unit: str
    each: bool = False

    @property
    def much(self) -> bool:
        """Whether that is much for one query."""
        return self.count >= MUCH[self.unit]


def whole(access: Access, traits: Traits) -> Reads | None:
    """What the whole query read; None when it was not counted."""
    handler = next((value for name, value in access.detail if name == HANDLER), None)
    if handler is not None:
        return Reads(float(handler), ROWS)
    if access.pages_read is None:
        return None
    return Reads(float(access.pages_read), _unit(traits))


def within(access: Access, entity: str, traits: Traits) -> Reads | None:
    """What was read of one entity for each row that was found there.

    A lookup costs its way down the tree for each row; how many rows there are to find is the data's affair. Where pages
    are not counted by table, the rows that were looked at for each that was wanted tell a lookup from a scan.
    """
    node = next((n for n in access.walk() if n.entity == entity), None)
    if node is None or node.rows_read is None:
        return None
    if traits.counts == "rows":
        found = max(node.rows_returned or 0, node.loops, 1)
        return Reads(node.rows_read / found, "rows read", each=True)
    if node.pages_read is None:
        return None
    return Reads(node.pages_read / max(node.rows_read, node.loops, 1), _unit(traits), each=True)


def _unit(traits: Traits) -> str:
    return DOCUMENTS if traits.counts == "documents" else PAGES

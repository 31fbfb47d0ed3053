"""An index weighed against the other ways, by hints: FORCE INDEX for the way through it, IGNORE INDEX for the others.

The costs are the optimizer's. InnoDB's statistics come from pages that are drawn by chance (20 of each index), so each
ANALYZE TABLE is another sample; there is no seed for it. What MySQL and MariaDB choose for an ORDER BY with a LIMIT is
decided after the costs, and not by them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from harness.adapters.mysql.connection import Connection, rows, run
from harness.adapters.mysql.explain import explain
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.forced import hinted
from harness.adapters.mysql.names import qualified, quoted
from harness.design.model import Index
from harness.facts import Access, Refusal
from harness.ways import Ways

SAMPLINGS = 3

FORCED = "FORCE INDEX FOR JOIN ({0}) FORCE INDEX FOR ORDER BY ({0}) FORCE INDEX FOR GROUP BY ({0})"
"""With the last of them, an index that has the order of the groups is no way around the one that is forced."""

LONGEST_S = 2
"""The way through an index that the optimizer does not take may be endless: it is not waited for longer."""


@contextmanager
def sampled(connection: Connection, entities: Sequence[str], number: int) -> Iterator[str]:
    """See ``Weighing.sampled``."""
    if number and entities:
        rows(connection, f"ANALYZE NO_WRITE_TO_BINLOG TABLE {', '.join(qualified(entity) for entity in entities)}")
    yield f"sampled anew ({number})" if number else "as loaded"


def ways(connection: Connection, text: str, index: Index, flavour: Flavour, *, execute: bool) -> Ways | Refusal:
    """See ``Weighing.ways``."""
    taken = explain(connection, text, flavour, execute=False)
    if isinstance(taken, Refusal):
        return taken
    if goes(taken, index):
        ignoring = _hinted(text, index, "IGNORE INDEX ({0})")
        beside = None if ignoring == text else explain(connection, ignoring, flavour, execute=False)
        return Ways(True, taken, taken, beside if isinstance(beside, Access) else None)
    if all(node.entity != index.entity for node in taken.walk()):
        return Ways(False, taken, None, taken)
    through = _through(connection, text, index, flavour, execute=execute)
    if isinstance(through, str):
        return Ways(False, taken, None, taken, through)
    return Ways(False, taken, through, taken)


def _through(
    connection: Connection, text: str, index: Index, flavour: Flavour, *, execute: bool
) -> Access | str | None:
    """The way through an index that is not taken; None when it cannot serve, a text when that cannot be asked."""
    forcing = _hinted(text, index, FORCED)
    if forcing == text:
        return "no index hint can stand in it"
    plan = explain(connection, forcing, flavour, execute=False)
    if isinstance(plan, Refusal):
        return f"with the index in a hint the server refuses it: {plan.message}"
    if not goes(plan, index):
        return None
    return _counted(connection, forcing, flavour, plan) if execute else plan


def goes(access: Access, index: Index) -> bool:
    """Whether a plan goes through an index; names of indexes are a table's own."""
    return any(node.index == index.name and node.entity in {None, index.entity} for node in access.walk())


def _hinted(text: str, index: Index, hint: str) -> str:
    return hinted(text, lambda table: f" {hint.format(quoted(index.name or ''))}" if table == index.entity else "")


def _counted(connection: Connection, text: str, flavour: Flavour, plan: Access) -> Access:
    """With what it reads; as it is when that takes long."""
    with _limited(connection, flavour):
        counted = explain(connection, text, flavour, execute=True)
    return counted if isinstance(counted, Access) else plan


@contextmanager
def _limited(connection: Connection, flavour: Flavour) -> Iterator[None]:
    setting, factor = ("max_statement_time", 1) if flavour.name == "mariadb" else ("max_execution_time", 1000)
    run(connection, f"SET SESSION {setting} = {LONGEST_S * factor}")
    try:
        yield
    finally:
        if connection.open:
            run(connection, f"SET SESSION {setting} = DEFAULT")

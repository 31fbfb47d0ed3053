"""What a database is like at one moment: its schema, and where migrations change rows, what its rows are."""

from dataclasses import dataclass, field

from harness.abilities import Digesting, Remain, Remaining
from harness.design.compare import Difference, differences
from harness.design.model import Schema
from harness.run.bench import Bench
from harness.servers.model import Address


@dataclass(frozen=True, slots=True)
class Standing:
    """One look. ``rows`` has a digest for each table, where they were asked for."""

    schema: Schema
    rows: dict[str, str] = field(default_factory=dict)
    remains: tuple[Remain, ...] = ()


def standing(bench: Bench, database: Address, *, rows: bool) -> Standing:
    """What a database is like, seen on a new connection."""
    schema = bench.state(database)
    with bench.engine.connect(database) as session:
        remains = session.remains() if isinstance(session, Remaining) else ()
        tables = [e.name for e in schema.entities if "view" not in e.kind] if rows else []
        digests = {name: session.digest(name) for name in tables} if isinstance(session, Digesting) else {}
    return Standing(schema, digests, remains)


def apart(one: Standing, other: Standing) -> tuple[Difference, ...]:
    """In what ``other`` is not ``one``: parts of the schema but for the order of columns, and rows."""
    schema = (d for d in differences(one.schema, other.schema) if d.kind != "order")
    rows = (
        Difference("changed", f"the rows of {name}", before, other.rows[name])
        for name, before in one.rows.items()
        if name in other.rows and other.rows[name] != before
    )
    return (*schema, *rows)

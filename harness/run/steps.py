"""The single steps, on a database that stays between commands: which migrations are applied, and the next ones."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from harness.engine import Lasting
from harness.errors import InputError
from harness.plan.model import Change
from harness.run.bench import Bench
from harness.run.model import Applied
from harness.seeding.volumes import FILLED

Ids = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A lasting database and the migrations that are applied in it, in order."""

    database: Lasting
    applied: Ids


def standing(bench: Bench) -> Standing:
    """Where the design's database stands on the bench's server."""
    database = bench.engine.lasting(bench.server, bench.plan.design.name)
    return Standing(database, tuple(json.loads(database.memo)["applied"]) if database.memo else ())


def ahead(changes: Sequence[Change], applied: Ids, to: str | None) -> tuple[Change, ...]:
    """The migrations to apply, in order: all that are missing, or those up to and with ``to``."""
    _known(changes, to)
    last = len(changes) if to is None else _place(changes, to) + 1
    return tuple(change for change in changes[:last] if change.id not in applied)


def behind(changes: Sequence[Change], applied: Ids, to: str | None) -> tuple[Change, ...]:
    """The migrations to take back, last first: the last one, or all those after ``to``."""
    _known(changes, to)
    first = max((_place(changes, id_) for id_ in applied), default=0) if to is None else _place(changes, to) + 1
    return tuple(change for change in reversed(changes[first:]) if change.id in applied)


def up(bench: Bench, at: Standing, change: Change) -> tuple[Standing, Applied]:
    """Apply one migration and remember it."""
    applied = bench.apply(at.database.address, "up", change.id, change.up)
    return (_remembered(bench, at, (*at.applied, change.id)) if applied.ok else at), applied


def down(bench: Bench, at: Standing, change: Change) -> tuple[Standing, Applied]:
    """Take one migration back and remember it; InputError when it has no down."""
    if change.down is None:
        raise InputError(f"{change.source}: migration {change.id} has no down, and none can be derived: write one")
    applied = bench.apply(at.database.address, "down", change.id, change.down)
    rest = tuple(id_ for id_ in at.applied if id_ != change.id)
    return (_remembered(bench, at, rest) if applied.ok else at), applied


def brought(bench: Bench) -> dict[str, int]:
    """How many rows of each entity the migrations put in themselves: they are applied to an empty database."""
    with bench.database("brought") as database, bench.engine.connect(database) as session:
        for change in bench.plan.changes:
            if bench.replayed(session, change.up) is not None:
                break
        return {
            entity.name: session.count(entity.name) for entity in session.inspect().entities if entity.kind in FILLED
        }


def _remembered(bench: Bench, at: Standing, applied: Ids) -> Standing:
    database = replace(at.database, memo=json.dumps({"applied": applied}))
    bench.engine.remember(bench.server, database)
    return Standing(database, applied)


def _known(changes: Iterable[Change], to: str | None) -> None:
    ids = [change.id for change in changes]
    if to is not None and to not in ids:
        raise InputError(f"no such migration: {to} (there is: {', '.join(ids) or 'none'})")


def _place(changes: Sequence[Change], id_: str) -> int:
    return next((place for place, change in enumerate(changes) if change.id == id_), 0)

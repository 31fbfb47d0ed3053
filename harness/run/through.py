"""What an application sends through views: it waits for their locks, and for those of the tables behind them.

A table that has been renamed behind a view is read and written by the view's name for as long as old code runs; and a
view that is dropped, to be made again at the end of a long transaction, stops those alone who come through it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harness.abilities import Executing
from harness.design.model import Entity
from harness.engine import Session
from harness.facts import Refusal
from harness.run.bench import Bench
from harness.run.flow import Request
from harness.run.requests import KEYS, Wanted, requests
from harness.run.views import as_table, rows_through
from harness.seeding.volumes import FILLED
from harness.watching import Deriving

MOST = 3
"""Views that are read and written beside the tables."""


@dataclass(frozen=True, slots=True)
class _View:
    """A view as a table, the tables that a read of it needs, and keys of rows that it may show."""

    table: Entity
    needs: tuple[str, ...]
    keys: Sequence[tuple[str, ...]]


def load(bench: Bench, session: Session, wanted: Wanted) -> tuple[Request, ...]:
    """See ``requests``; with what goes through views which are changed, or which show a table that is."""
    views = list(_views(bench, session, wanted))
    behind = {name for view in views if view.table.name in wanted.changed for name in view.needs}
    straight = requests(bench, session, replace(wanted, changed=frozenset((*wanted.changed, *behind))))
    return (*straight, *(each for view in views for each in _through(bench, session, view, wanted)))


def _views(bench: Bench, session: Session, wanted: Wanted) -> Iterator[_View]:
    found = (view for entity in wanted.schema.entities for view in _seen(bench, session, entity, wanted))
    for _, view in zip(range(MOST), found, strict=False):
        yield view


def _seen(bench: Bench, session: Session, entity: Entity, wanted: Wanted) -> Iterator[_View]:
    """The view by the first table that it shows the keys of: at most one."""
    table = as_table(bench, wanted.schema, entity) if entity.kind == "view" else None
    if table is None or table.primary_key is None or not isinstance(session, Deriving):
        return
    names = table.primary_key.fields
    for base in wanted.schema.entities:
        told = base.kind in FILLED and all(base.field(name) for name in names)
        if not told or not (entity.name in wanted.changed or base.name in wanted.changed):
            continue
        keys = session.sample(base.name, names, KEYS, bench.plan.scenario.seed)
        access = session.explain(session.reads(table, keys[:1])[0], execute=False) if keys else None
        if access is None or isinstance(access, Refusal):
            continue
        needs = tuple(dict.fromkeys(node.entity for node in access.walk() if node.entity and node.entity != table.name))
        if base.name in needs:
            yield _View(table, needs, keys)
            return


def _through(bench: Bench, session: Session, view: _View, wanted: Wanted) -> Iterator[Request]:
    """Reads by key, and what the view takes of updates and new rows."""
    entities = (view.table.name, *view.needs)
    if not isinstance(session, Deriving) or not isinstance(session, Executing):
        return
    for text in session.reads(view.table, view.keys):
        yield Request("read", entities, (text,))
    updates = session.updates(view.table, view.keys)
    if updates and session.tried(updates[0]) is None:
        for text in updates:
            yield Request("write", entities, (text,))
    for row in rows_through(bench, session, view.table, wanted):
        for texts in session.passing(view.table, row):
            if session.tried(texts[0]) is None:
                yield Request("write", entities, texts)

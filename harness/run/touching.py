"""What the database itself changes of a row whenever the row is changed: ``updated_at``, set by a trigger."""

from collections.abc import Collection

from harness.abilities import Asking, Transacting
from harness.design.model import Entity
from harness.engine import Session


def touched(session: Session, entity: Entity) -> Collection[str]:
    """The fields of a row that are other ones after an update that sets none of them; nothing of it stays."""
    if not isinstance(session, Transacting) or entity.primary_key is None:
        return frozenset()
    with session.undone() as asking:
        return _changed(asking, entity, entity.primary_key.fields)


def _changed(asking: Asking, entity: Entity, key: Collection[str]) -> Collection[str]:
    others = [f.name for f in entity.fields if f.name not in key and f.generated is None]
    table, columns = asking.name(entity.name), ", ".join(asking.name(name) for name in (*key, *others))
    rows = asking.ask(f"SELECT {columns} FROM {table} LIMIT 1")
    if not rows or not others:
        return frozenset()
    mine = rows[0][: len(key)]
    same = " AND ".join(f"{asking.name(name)} = %s" for name in key)
    first = asking.name(others[0])
    if asking.change(f"UPDATE {table} SET {first} = {first} WHERE {same}", mine) is not None:
        return frozenset()
    after = asking.ask(f"SELECT {columns} FROM {table} WHERE {same}", mine)
    found = zip(others, rows[0][len(key) :], after[0][len(key) :], strict=True) if after else ()
    return frozenset(name for name, was, now in found if was != now)

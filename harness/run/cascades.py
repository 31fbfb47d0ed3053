"""Foreign keys put to the test: a row that others refer to is deleted, or gets another key; what becomes of them?

Every other table is emptied first, inside the same transaction, so that no other reference speaks; then all is taken
back. Few rows are enough.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.abilities import Asking, Transacting
from harness.design.model import Entity, ForeignKey, Schema
from harness.engine import Session
from harness.facts import Refusal
from harness.run.seen.rows import Parted, Parting

TABLES = frozenset({"table", "partitioned table"})

BY_A_REFERENCE = frozenset({"23503", "23001", "23502", "1451", "1452", "1216", "1217"})
"""Codes of a refusal by a foreign key, or by what its action would do (23502: SET NULL where NULL must not be)."""

NEW_TEXTS = ("harness-new", "00000000-0000-4000-8000-00000000beef")


def cascades(session: Session, schema: Schema) -> Iterator[Parted]:
    """Every foreign key of the schema, on rows that are there. Nothing for an engine that has none."""
    if not isinstance(session, Transacting):
        return
    for entity in schema.entities:
        for key in entity.foreign_keys if entity.kind in TABLES else ():
            if schema.entity(key.target) is not None:
                trial = _Trial(session, schema, entity, key)
                yield Parted(entity.name, key, trial.part(update=False), trial.part(update=True))


@dataclass(frozen=True, slots=True)
class _Trial:
    session: Transacting
    schema: Schema
    child: Entity
    key: ForeignKey

    def part(self, *, update: bool) -> Parting:
        """Delete the row that is referred to, or change its key."""
        with self.session.undone() as asking:
            failed = self._alone(asking)
            if failed is not None:
                return Parting("untried", f"the other tables cannot be emptied: {failed}")
            found = asking.ask(self._referring(asking))
            if not found:
                return Parting("untried", "no row refers to another one by it alone")
            if self._selfish:
                self._cut(asking, found[0])
            return self._parted(asking, found[0], update=update)

    def _alone(self, asking: Asking) -> str | None:
        """Empty all tables but the two."""
        why = asking.lax(on=True, within=self._pair)
        if why is not None:
            return why
        for entity in self.schema.entities:
            if entity.kind in TABLES and entity.name not in self._pair:
                refusal = asking.change(f"DELETE FROM {asking.name(entity.name)}")
                if refusal is not None:
                    return refusal.message
        return asking.lax(on=False, within=self._pair)

    def _referring(self, asking: Asking) -> str:
        """The key of a row that is referred to by this foreign key and by no other one of the same table."""
        fields = [asking.name(name) for name in self.key.fields]
        table = asking.name(self.child.name)
        conditions = [f"c.{field} IS NOT NULL" for field in fields]
        for other in self.child.foreign_keys:
            if other != self.key and other.target == self.key.target and other.target_fields == self.key.target_fields:
                same = " AND ".join(
                    f"x.{asking.name(theirs)} = c.{mine}" for theirs, mine in zip(other.fields, fields, strict=True)
                )
                conditions.append(f"NOT EXISTS (SELECT 1 FROM {table} x WHERE {same})")
        if self._selfish:
            own = zip(self.key.target_fields, fields, strict=True)
            conditions.append("NOT (" + " AND ".join(f"c.{asking.name(name)} = c.{mine}" for name, mine in own) + ")")
        listed = ", ".join(f"c.{field}" for field in fields)
        return f"SELECT {listed} FROM {table} c WHERE {' AND '.join(conditions)} LIMIT 1"

    def _cut(self, asking: Asking, parent: tuple[object, ...]) -> None:
        """Free all rows of a tree but those right below one: MySQL follows a cascade no deeper than 15 to 30 times."""
        fields = [asking.name(n) for n in self.key.fields if (f := self.child.field(n)) is not None and f.nullable]
        if len(fields) == len(self.key.fields):
            put, same = ", ".join(f"{field} = NULL" for field in fields), " AND ".join(f"{f} = %s" for f in fields)
            asking.lax(on=True, within=self._pair)
            asking.change(f"UPDATE {asking.name(self.child.name)} SET {put} WHERE NOT ({same})", parent)
            asking.lax(on=False, within=self._pair)

    @property
    def _pair(self) -> tuple[str, str]:
        return self.child.name, self.key.target

    @property
    def _selfish(self) -> bool:
        return self.child.name == self.key.target

    def _parted(self, asking: Asking, parent: tuple[object, ...], *, update: bool) -> Parting:
        before = self._counted(asking, parent)
        new = self._new_key(asking, parent) if update else None
        if update and new is None:
            return Parting("untried", "no other value for its key was found")
        refusal = self._done(asking, parent, new)
        if refusal is not None:
            return _refused(refusal)
        after = self._counted(asking, parent)
        if new is not None and self._counted(asking, new)[1] >= before[1]:
            return Parting("followed")
        lost = before[0] - after[0] - (self._selfish and not update)
        if after[1] >= before[1]:
            return Parting("kept")
        if lost >= before[1]:
            return Parting("gone")
        return Parting("null" if after[2] >= before[2] + before[1] else "default")

    def _counted(self, asking: Asking, parent: Sequence[object]) -> tuple[int, int, int]:
        """Rows of the child: all, those that refer to that row, those that refer to none (but for that row itself)."""
        fields = [asking.name(name) for name in self.key.fields]
        same = " AND ".join(f"{field} = %s" for field in fields)
        none = "(" + " OR ".join(f"{field} IS NULL" for field in fields) + ")"
        if self._selfish:
            none += " AND NOT (" + " AND ".join(f"{asking.name(name)} = %s" for name in self.key.target_fields) + ")"
        ((all_, referring, free),) = asking.ask(
            f"SELECT COUNT(*), SUM(CASE WHEN {same} THEN 1 ELSE 0 END) AS n, "
            f"SUM(CASE WHEN {none} THEN 1 ELSE 0 END) AS m FROM {asking.name(self.child.name)}",
            (*parent, *parent) if self._selfish else parent,
        )
        return _number(all_), _number(referring), _number(free)

    def _done(self, asking: Asking, parent: Sequence[object], new: Sequence[object] | None) -> Refusal | None:
        fields = [asking.name(name) for name in self.key.target_fields]
        table, same = asking.name(self.key.target), " AND ".join(f"{field} = %s" for field in fields)
        if new is None:
            return asking.change(f"DELETE FROM {table} WHERE {same}", parent)
        put = ", ".join(f"{field} = %s" for field in fields)
        return asking.change(f"UPDATE {table} SET {put} WHERE {same}", (*new, *parent))

    def _new_key(self, asking: Asking, parent: tuple[object, ...]) -> tuple[object, ...] | None:
        """The same key with another value in one field, which no row has."""
        target = self.schema.entity(self.key.target)
        bound = {name for key in target.foreign_keys for name in key.fields} if target is not None else set()
        for place, name in enumerate(self.key.target_fields):
            field = target.field(name) if target is not None else None
            if field is None or field.identity == "always" or field.generated is not None:
                continue
            if name in bound and not self._selfish:
                continue
            value = self._unused(asking, name, parent[place])
            if value is not None:
                return (*parent[:place], value, *parent[place + 1 :])
        return None

    def _unused(self, asking: Asking, name: str, like: object) -> object:
        if isinstance(like, int):
            ((most,),) = asking.ask(f"SELECT MAX({asking.name(name)}) FROM {asking.name(self.key.target)}")
            return _number(most) + 1
        text = str(like)
        return next((new[: len(text)] for new in NEW_TEXTS if len(new) == len(text)), NEW_TEXTS[0][: len(text)])


def _refused(refusal: Refusal) -> Parting:
    if refusal.code in BY_A_REFERENCE:
        return Parting("refused", refusal.message)
    return Parting("untried", f"something else refuses it: {refusal.message}")


def _number(value: object) -> int:
    return int(str(value)) if value is not None else 0

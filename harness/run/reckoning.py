"""Two tables compared on the server: what the one held and the other does not hold any more.

First each range of keys (by a hash of the key) gives its number of rows and, for each field, the sum of the hashes of
its values; only ranges that differ are joined, row by row, and only for the fields that differ.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.design.model import Field
from harness.keeping import Keeping
from harness.run.finer import by_value
from harness.run.seen.rows import Kind, Loss, Whose

RANGES = 256
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Side:
    """Rows to compare: ``name`` as SQL, of an entity with ``fields``; ``where`` limits them, of the alias ``o``."""

    entity: str
    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    where: str = ""

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((f for f in self.fields if f.name == name), None)


def comparable(one: Field | None, other: Field | None) -> bool:
    """Whether both are there, and the server compares their values: of one type, or of one family of types."""
    if one is None or other is None:
        return False
    families = [field.shape.family if field.shape is not None else "" for field in (one, other)]
    return one.type == other.type or (families[0] == families[1] not in {"", "other"})


class Reckoning:
    """Comparisons through one session."""

    def __init__(self, session: Keeping) -> None:
        self._ask = session.ask
        self._dialect = session.dialect

    def lost(self, old: Side, new: Side, whose: Whose, fields: Sequence[str]) -> Iterator[Loss]:
        """Rows of ``old`` that ``new`` does not have, and values of ``fields`` that it has not or has otherwise."""
        if not old.key or not all(comparable(old.field(name), new.field(name)) for name in old.key):
            yield from self._by_number(old, new, whose)
            return
        ranges, differing = self._differing(old, new, fields)
        if not ranges:
            return
        joined = self._joined(old, new, ranges)
        counts = self._counts(joined, old, new, differing)
        more = f"{joined} {'AND' if ' WHERE ' in joined else 'WHERE'}"
        gone = Loss(old.entity, "", "rows gone", whose, counts[0])
        yield from self._shown_by(gone, old, new, f"{more} n.{self._name(old.key[0])} IS NULL")
        for place, name in enumerate(differing):
            for kind, count in zip(_KINDS, counts[1 + 3 * place :], strict=False):
                loss = Loss(old.entity, name, kind, whose, count)
                yield from self._shown_by(loss, old, new, f"{more} {self._condition(kind, old, new, name)}")

    def count(self, side: Side) -> int:
        """Its rows."""
        return _whole(self._ask(f"SELECT COUNT(*) FROM {side.name} o {_where(side.where)}")[0][0])

    def present(self, side: Side, name: str) -> tuple[int, tuple[str, ...]]:
        """Values of a field that are there, and examples of them."""
        there = [f"o.{self._name(name)} IS NOT NULL", *([side.where] if side.where else [])]
        text = f"FROM {side.name} o WHERE {' AND '.join(there)}"
        count = _whole(self._ask(f"SELECT COUNT(*) {text}")[0][0])
        examples = self._ask(f"SELECT {self._shown(side, name)} {text} LIMIT {EXAMPLES}") if count else ()
        return count, tuple(_example(side, row) for row in examples)

    def several(self, side: Side, name: str) -> bool:
        """Whether a field has more than one value."""
        text = f"SELECT COUNT(DISTINCT {self._text(side, name, 'o')}) FROM {side.name} o {_where(side.where)}"
        return _whole(self._ask(text)[0][0]) > 1

    def within(self, side: Side, name: str, other: Side, other_name: str) -> bool:
        """Whether every value that a field of the one has stands in a field of the other as well."""
        there = [f"o.{self._name(name)} IS NOT NULL", *([side.where] if side.where else [])]
        values = f"SELECT {self._text(other, other_name, 'n')} AS v FROM {other.name} n"
        missing = self._ask(
            f"SELECT COUNT(*) FROM {side.name} o WHERE {' AND '.join(there)} AND NOT EXISTS "
            f"(SELECT 1 FROM ({values}) x WHERE x.v = {self._text(side, name, 'o')})"
        )
        return _whole(missing[0][0]) == 0

    def equal(self, side: Side, one: str, other: str) -> bool:
        """Whether two fields have the same value in every row in which the first has any."""
        where = [f"o.{self._name(one)} IS NOT NULL", *([side.where] if side.where else [])]
        differing = f"(o.{self._name(other)} IS NULL OR {self._text(side, one, 'o')} <> {self._text(side, other, 'o')})"
        found = self._ask(f"SELECT COUNT(*) FROM {side.name} o WHERE {' AND '.join(where)} AND {differing}")
        return _whole(found[0][0]) == 0

    def same(self, old: Side, new: Side, name: str) -> bool:
        """Whether a field has the same values in all rows that both have."""
        changed = self._apart(old, new, name)
        absent = f"(o.{self._name(name)} IS NULL) <> (n.{self._name(name)} IS NULL)"
        on = self._on(old)
        found = self._ask(
            f"SELECT COUNT(*) FROM {old.name} o JOIN {new.name} n ON {on} {_where(old.where)} "
            f"{'AND' if old.where else 'WHERE'} ({changed} OR {absent})"
        )
        return _whole(found[0][0]) == 0

    def _by_number(self, old: Side, new: Side, whose: Whose) -> Iterator[Loss]:
        """Without a key rows can only be counted."""
        gone = self.count(old) - self.count(new)
        if gone > 0:
            yield Loss(old.entity, "", "rows gone", whose, gone)

    def _differing(self, old: Side, new: Side, fields: Sequence[str]) -> tuple[list[int], list[str]]:
        """Ranges in which something differs, and the fields that do so in any of them."""
        names = [name for name in fields if name not in old.key]
        if old.where:  # only some rows: they are few, and nothing is gained
            return list(range(RANGES)), names
        first, second = self._digests(old, names), self._digests(new, names)
        ranges = [part for part, digest in first.items() if second.get(part) != digest]
        differing = {
            name
            for part in ranges
            for place, name in enumerate(names)
            if second.get(part, (0,) * (len(names) + 1))[place + 1] != first[part][place + 1]
        }
        return ranges, [name for name in names if name in differing]

    def _digests(self, side: Side, names: Sequence[str]) -> dict[int, tuple[int, ...]]:
        sums = [f"SUM(COALESCE({self._number(self._text(side, name, 'o'))}, 7))" for name in names]
        query = f"SELECT {self._part(side)} AS part, {', '.join(['COUNT(*)', *sums])} FROM {side.name} o GROUP BY 1"
        return {_whole(row[0]): tuple(_whole(value) for value in row[1:]) for row in self._ask(query)}

    def _part(self, side: Side) -> str:
        key = ", ".join(self._text(side, name, "o") for name in side.key)
        return f"({self._number(f'CONCAT_WS({chr(39)}|{chr(39)}, {key})')} % {RANGES})"

    def _joined(self, old: Side, new: Side, ranges: Collection[int]) -> str:
        conditions = [old.where] if old.where else []
        if len(ranges) < RANGES:
            conditions.append(f"{self._part(old)} IN ({', '.join(map(str, ranges))})")
        return f"FROM {old.name} o LEFT JOIN {new.name} n ON {self._on(old)} {_where(' AND '.join(conditions))}"

    def _on(self, old: Side) -> str:
        return " AND ".join(f"{self._kept(old, name, 'o')} = {self._kept(old, name, 'n')}" for name in old.key)

    def _kept(self, side: Side, name: str, alias: str) -> str:
        field = side.field(name)
        return self._dialect.kept(f"{alias}.{self._name(name)}", field.type if field is not None else "")

    def _counts(self, joined: str, old: Side, new: Side, fields: Sequence[str]) -> list[int]:
        conditions = [f"n.{self._name(old.key[0])} IS NULL"]
        conditions += [self._condition(kind, old, new, name) for name in fields for kind in _KINDS]
        sums = ", ".join(f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)" for condition in conditions)
        return [_whole(value) for value in self._ask(f"SELECT {sums} {joined}")[0]]

    def _condition(self, kind: Kind, old: Side, new: Side, name: str) -> str:
        was, is_ = f"o.{self._name(name)}", f"n.{self._name(name)}"
        there = f"n.{self._name(old.key[0])} IS NOT NULL AND {was} IS NOT NULL"
        if kind == "nulled":
            return f"({there} AND {is_} IS NULL)"
        apart = self._apart(old, new, name)
        if by_value(old.field(name), new.field(name)):  # 12 is no beginning of 12.4
            return f"({there} AND {is_} IS NOT NULL AND {apart})" if kind == "changed" else "(1 = 0)"
        before, after = self._text(old, name, "o"), self._text(new, name, "n")
        cut = f"(CHAR_LENGTH({after}) < CHAR_LENGTH({before}) AND LEFT({before}, CHAR_LENGTH({after})) = {after})"
        wanted = cut if kind == "truncated" else f"NOT {cut}"
        return f"({there} AND {is_} IS NOT NULL AND {apart} AND {wanted})"

    def _apart(self, old: Side, new: Side, name: str) -> str:
        """The condition that the values of a field differ, where both are there."""
        told = self._value if by_value(old.field(name), new.field(name)) else self._text
        return f"{told(old, name, 'o')} <> {told(new, name, 'n')}"

    def _shown_by(self, loss: Loss, old: Side, new: Side, text: str) -> Iterator[Loss]:
        """The loss with examples from the rows of ``text``; nothing when there are none."""
        if not loss.count:
            return
        shown = self._shown(old, loss.field)
        if loss.field and loss.kind != "nulled":
            shown += f", {self._text(new, loss.field, 'n')}"
        rows = self._ask(f"SELECT {shown} {text} LIMIT {EXAMPLES}")
        yield replace(loss, examples=tuple(_example(old, row) for row in rows))

    def _shown(self, side: Side, field: str) -> str:
        names = [*side.key, *([field] if field else [])]
        return ", ".join(self._text(side, name, "o") for name in names) or "'?'"

    def _text(self, side: Side, name: str, alias: str) -> str:
        return self._dialect.text(f"{alias}.{self._name(name)}", _family(side, name))

    def _value(self, side: Side, name: str, alias: str) -> str:
        return self._dialect.value(f"{alias}.{self._name(name)}", _family(side, name))

    @property
    def _name(self) -> Callable[[str], str]:
        return self._dialect.name

    @property
    def _number(self) -> Callable[[str], str]:
        return self._dialect.number


_KINDS: tuple[Kind, ...] = ("nulled", "truncated", "changed")


def _family(side: Side, name: str) -> str:
    field = side.field(name)
    return field.shape.family if field is not None and field.shape is not None else "other"


def _where(condition: str) -> str:
    return f" WHERE {condition}" if condition else ""


def _whole(value: Any) -> int:
    """Counts and sums come as integers or decimals; the sum of nothing is NULL."""
    return int(value or 0)


def _example(side: Side, row: Sequence[object]) -> str:
    """``id 17: EUR became USD``."""
    texts = ["NULL" if value is None else short(str(value)) for value in row]
    key = ", ".join(f"{name} {text}" for name, text in zip(side.key, texts, strict=False))
    values = " became ".join(texts[len(side.key) :])
    return f"{key}: {values}" if key and values else key or values


def short(text: str) -> str:
    """A value as an example shows it."""
    return text if len(text) <= 40 else f"{text[:39]}…"

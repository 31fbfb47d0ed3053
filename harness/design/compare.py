"""How two observed schemas differ: an exact, complete comparison of values that a server has normalised."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from itertools import takewhile
from typing import Any, Literal

from harness.design.model import Entity, Index, Schema

DifferenceKind = Literal["missing", "extra", "changed", "order"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same.

    Attributes:
        kind: ``missing`` (was there before, is gone), ``extra`` (was not there), ``changed``, or ``order`` when only
            the position of a column is another.
        what: the thing, for people: ``index idx_users_email``, ``column users.role default``.
        before: its definition before; empty for ``extra``.
        after: its definition after; empty for ``missing``.
    """

    kind: DifferenceKind
    what: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """One line for people."""
        match self.kind:
            case "missing":
                return f"{self.what} is gone" + (f" ({self.before})" if self.before else "")
            case "extra":
                return f"{self.what} was left behind" + (f" ({self.after})" if self.after else "")
            case "order":
                return f"{self.what}: {self.before} became {self.after}"
            case _:
                before, after = apart(self.before, self.after)
                return f"{self.what} changed from {before or 'nothing'} to {after or 'nothing'}"


LONG = 160
"""Characters of a definition from which only what differs is told, with so much around it."""
AROUND = 24


def apart(one: str, other: str, longest: int = LONG) -> tuple[str, str]:
    """Two texts, of which one is longer than that, without what both begin and end with."""
    if max(len(one), len(other)) <= longest:
        return one, other
    first = _common(one, other)
    last = min(_common(one[::-1], other[::-1]), min(len(one), len(other)) - first)
    first, last = max(first - AROUND, 0), max(last - AROUND, 0)
    return _cut(one, first, last, longest), _cut(other, first, last, longest)


def _common(one: str, other: str) -> int:
    """Characters with which both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(text: str, first: int, last: int, longest: int) -> str:
    middle = text[first : len(text) - last]
    shown = middle if len(middle) <= longest else f"{middle[:longest]}…"
    return f"{'…' if first else ''}{shown}{'…' if last and shown == middle else ''}"


IGNORED = {"source", "shape", "purpose", "fields", "keys", "foreign_keys", "checks", "indexes", "name"}


def differences(before: Schema, after: Schema) -> tuple[Difference, ...]:
    """Everything in which ``after`` is not ``before``; empty when they are exactly the same."""
    result: list[Difference] = []
    for old, new in _pairs(before.entities, after.entities, lambda e: e.name):
        if old is None or new is None:
            result.append(_presence(old, new))
        elif old is not new:  # what was not read again is the same
            result.extend(_entity(old, new))
    for first, second in _pairs(before.objects, after.objects, lambda o: (o.kind, o.name)):
        if first is None or second is None:
            result.append(_presence(first, second))
        elif first.definition != second.definition:
            result.append(Difference("changed", f"{first.kind} {first.name}", first.definition, second.definition))
    return tuple(result)


def altered(before: Schema, after: Schema) -> frozenset[str]:
    """Entities that are in both, and not the same in both."""
    return frozenset(e.name for e in before.entities if after.entity(e.name) not in (None, e))


def _entity(old: Entity, new: Entity) -> Iterator[Difference]:
    yield from _attributes(f"{old.kind} {old.name}", old, new)
    parts: tuple[tuple[str, Iterable[Any], Iterable[Any]], ...] = (
        ("column", old.fields, new.fields),
        ("key", old.keys, new.keys),
        ("foreign key", old.foreign_keys, new.foreign_keys),
        ("check", old.checks, new.checks),
        ("index", old.indexes, new.indexes),
    )
    for noun, olds, news in parts:
        for first, second in _pairs(olds, news, lambda part: part.name):
            label = _label(noun, old.name, first if first is not None else second)
            if first is None or second is None:
                yield _presence(first, second, label)
            else:
                yield from _attributes(label, first, second)
    yield from _positions(old, new)


def _label(noun: str, entity: str, part: Any) -> str:
    return f"index {part.name} on {entity}" if isinstance(part, Index) else f"{noun} {entity}.{part.name}"


def _positions(old: Entity, new: Entity) -> Iterator[Difference]:
    kept = {f.name for f in old.fields} & {f.name for f in new.fields}
    before = [f.name for f in old.fields if f.name in kept]
    after = [f.name for f in new.fields if f.name in kept]
    if before != after:
        yield Difference("order", f"columns of {old.name}", ", ".join(before), ", ".join(after))


def _attributes(label: str, old: Any, new: Any) -> Iterator[Difference]:
    for attribute in fields(old):
        nested = attribute.name in IGNORED and (
            isinstance(old, Entity) or attribute.name in {"source", "shape", "name"}
        )
        first, second = getattr(old, attribute.name), getattr(new, attribute.name)
        if nested or first == second:
            continue
        if attribute.name == "options":
            yield from _options(label, dict(first), dict(second))
        else:
            yield Difference("changed", f"{label} {attribute.name.replace('_', ' ')}", _text(first), _text(second))


def _options(label: str, old: dict[str, str], new: dict[str, str]) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield Difference("changed", f"{label} {name}", old.get(name, ""), new.get(name, ""))


def _presence(old: Any, new: Any, label: str | None = None) -> Difference:
    thing = old if old is not None else new
    label = label or f"{thing.kind} {thing.name}"
    kind: DifferenceKind = "extra" if old is None else "missing"
    text = _text(thing) if not isinstance(thing, Entity) else ""
    return Difference(kind, label, text if kind == "missing" else "", text if kind == "extra" else "")


def _text(value: Any) -> str:
    """A short text of a part: the server's own definition where it gave one."""
    definition = (
        getattr(value, "definition", None) or getattr(value, "expression", None) or getattr(value, "type", None)
    )
    if definition:
        return str(definition)
    if isinstance(value, tuple):
        return ", ".join(_text(v) for v in value)
    if is_dataclass(value):
        return ", ".join(_text(v) for v in getattr(value, "fields", ()) or (getattr(value, "text", ""),))
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _pairs(old: Iterable[Any], new: Iterable[Any], name: Callable[[Any], Any]) -> Iterator[tuple[Any, Any]]:
    olds, news = {name(o): o for o in old}, {name(n): n for n in new}
    for key in dict.fromkeys((*olds, *news)):
        yield olds.get(key), news.get(key)

"""In what a column as said differs from a column as it is; both were read back from a server, so text is enough."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.design.model import Entity, Field

SEQUENCE = re.compile(r"^nextval\(", re.IGNORECASE)
LENGTH = re.compile(r"\([^)]*\)")

Equal = Callable[[str, str], bool | None]
"""Whether the server holds two defaults for the same; None when it was not or cannot be said."""


@dataclass(frozen=True, slots=True)
class Said:
    """A column as the document's table gives it: as written, and as the server reads it (None when refused)."""

    written: Field
    normal: Field | None


def column_differences(said: Said, live: Field, equal: Equal) -> Iterator[str]:
    """What the column table says and the live column does not do, in words: ``type: text, not varchar(20)``."""
    normal = said.normal
    if normal is None:
        return
    if not same_type(said.written.type, normal.type, live.type):
        yield f"type {normal.type} against {live.type}"
    if said.written.nullable is not None and normal.nullable != live.nullable:
        yield f"{_null(normal)} against {_null(live)}"
    yield from _default(said, normal, live, equal)
    if (normal.generated is None) != (live.generated is None):
        yield f"{_generated(normal)} against {_generated(live)}"


def live_differences(made: Field, live: Field) -> Iterator[str]:
    """What the sections' SQL makes and the migrations make otherwise."""
    if made.type != live.type:
        yield f"type {made.type} against {live.type}"
    if made.nullable != live.nullable:
        yield f"{_null(made)} against {_null(live)}"
    if (made.default, made.identity, made.generated) != (live.default, live.identity, live.generated):
        yield f"default {made.default or 'none'} against {live.default or 'none'}"


def same_type(written: str, normal: str, live: str) -> bool:
    """Whether types agree; one written without length (``VARCHAR``) leaves the length open."""
    return normal == live or ("(" not in written and LENGTH.sub("", normal) == LENGTH.sub("", live))


def _default(said: Said, normal: Field, live: Field, equal: Equal) -> Iterator[str]:
    first, second = normal.default, live.default
    if first == second or (first is not None and second is not None and equal(first, second) is not False):
        return
    unsaid = first is None and normal.identity is None
    numbered = live.identity is not None or (second is not None and SEQUENCE.match(second) is not None)
    own_number = first is not None and SEQUENCE.match(first) is not None
    if unsaid and (numbered or said.written.nullable is None or not said.written.lists_defaults):
        return  # a key that numbers itself is seldom written as a default; and without a column for it none is
    if own_number and numbered:
        return  # serial and identity both number the rows
    yield f"default {first or 'none'} against {second or 'none'}"


def _null(field: Field) -> str:
    return "nullable" if field.nullable else "NOT NULL"


def _generated(field: Field) -> str:
    return f"generated as {field.generated}" if field.generated else "not generated"


def key_differences(said: Entity, live: Entity) -> Iterator[tuple[tuple[str, ...], str]]:
    """Keys that are said and not there: their fields, and words."""
    primary = live.primary_key
    unique = [key.fields for key in live.keys]
    unique += [tuple(k.text for k in i.keys) for i in live.indexes if i.unique and i.predicate is None]
    sets = [frozenset(f.lower() for f in fields) for fields in unique]
    for key in said.keys:
        wanted = frozenset(f.lower() for f in key.fields)
        text = ", ".join(key.fields)
        if key.primary and (primary is None or frozenset(f.lower() for f in primary.fields) != wanted):
            there = ", ".join(primary.fields) if primary else "none"
            yield key.fields, f"primary key ({text}) against {there}"
        elif not key.primary and wanted not in sets:
            yield key.fields, f"UNIQUE ({text}) is not there"


def unsaid_unique(said: Entity, live: Entity) -> Iterator[str]:
    """Columns that a constraint keeps unique on their own, though neither column table nor index list says so."""
    if all(field.nullable is None for field in said.fields):
        return  # the table has no place to say it
    told = {key.fields[0].lower() for key in said.keys if len(key.fields) == 1}
    told |= {f.name.lower() for f in said.fields if re.search(r"\bunique\b", f.description, re.IGNORECASE)}
    told |= {i.keys[0].text.lower() for i in said.indexes if i.unique and len(i.keys) == 1}
    for key in live.keys:
        if len(key.fields) == 1 and not key.primary and key.fields[0].lower() not in told:
            yield key.fields[0]


def check_differences(said: Entity, normal: Entity | None, live: Entity) -> Iterator[tuple[tuple[str, ...], str]]:
    """CHECKs that are said and not there, or there with another meaning: their fields, and words."""
    wanted = {c.expression for c in normal.checks} if normal is not None else set()
    there = {c.expression for c in live.checks}
    for check in said.checks:
        about = [c for c in live.checks if _mentions(c.expression or "", check.fields)]
        if not about:
            yield check.fields, f"CHECK ({check.expression or '...'}) is not there"
        elif check.expression is not None and normal is not None:
            meant = {e for e in wanted if _mentions(e or "", check.fields)}
            if meant and not meant & there and len(about) == 1 and len(meant) == 1:
                yield check.fields, f"CHECK {meant.pop()} against CHECK {about[0].expression}"


def _mentions(expression: str, fields: tuple[str, ...]) -> bool:
    words = set(re.findall(r"\w+", expression.lower()))
    return all(field.lower() in words for field in fields)

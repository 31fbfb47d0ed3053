"""What values a column takes, from its type and modifier: domains resolved, enums with their labels."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.design.model import Family, Shape

VARLENA_HEADER = 4
"""Bytes that the server adds to a length or precision in a type's modifier (VARHDRSZ)."""


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """A type in the catalog.

    Attributes:
        kind: ``b`` base, ``d`` domain, ``e`` enum, ``r`` range, ``m`` multirange.
        base: of a domain, the type under it.
        modifier: of a domain, the modifier of the type under it.
        checks: of a domain, its conditions on VALUE.
        element: of an array, the type of its elements; 0 for all others.
    """

    name: str
    kind: str
    base: int = 0
    modifier: int = -1
    not_null: bool = False
    checks: tuple[tuple[str, str], ...] = ()
    element: int = 0
    labels: tuple[str, ...] = field(default=())


WIDTHS = {"int2": 2, "int4": 4, "int8": 8, "float4": 4, "float8": 8, "oid": 4}

FAMILIES: dict[str, Family] = {
    "int2": "integer", "int4": "integer", "int8": "integer", "oid": "integer",
    "numeric": "decimal", "money": "decimal",
    "float4": "float", "float8": "float",
    "text": "text", "varchar": "text", "bpchar": "text", "name": "text", "char": "text", "citext": "text",
    "bool": "boolean", "date": "date",
    "time": "time", "timetz": "time", "timestamp": "timestamp", "timestamptz": "timestamp", "interval": "interval",
    "uuid": "uuid", "json": "json", "jsonb": "json", "bytea": "bytes", "xml": "xml",
    "inet": "network", "cidr": "network", "macaddr": "network", "macaddr8": "network",
    "bit": "bits", "varbit": "bits",
    "point": "geometry", "line": "geometry", "lseg": "geometry", "box": "geometry", "path": "geometry",
    "polygon": "geometry", "circle": "geometry", "geometry": "geometry", "geography": "geometry",
    "tsvector": "search", "tsquery": "search",
}  # fmt: skip

DETAILED = frozenset({"network", "range", "geometry", "search", "json", "other"})
"""Families whose members differ so much that the server's name is needed too."""


def shape(types: Mapping[int, TypeFacts], oid: int, modifier: int) -> Shape:
    """The shape of a column of that type and modifier."""
    facts = types.get(oid)
    if facts is None:
        return Shape("other")
    if facts.kind == "d":
        return shape(types, facts.base, facts.modifier)
    if facts.kind == "e":
        return Shape("enum", labels=facts.labels)
    if facts.kind in {"r", "m"}:
        return Shape("range", detail=facts.name)
    if facts.element:
        return Shape("array", element=shape(types, facts.element, modifier))
    return _scalar(facts.name, modifier)


def _scalar(name: str, modifier: int) -> Shape:
    family = FAMILIES.get(name, "other")
    precision, scale = _digits(name, modifier)
    return Shape(
        family,
        length=_length(name, modifier),
        width=WIDTHS.get(name),
        precision=precision,
        scale=scale,
        zoned=name in {"timetz", "timestamptz"},
        unsigned=name == "oid",
        fixed=name in {"bpchar", "bit"},
        detail=name if family in DETAILED or name in {"money", "citext"} else "",
    )


def _length(name: str, modifier: int) -> int | None:
    if name in {"varchar", "bpchar"}:
        return modifier - VARLENA_HEADER if modifier > 0 else None
    if name in {"bit", "varbit"}:
        return modifier if modifier > 0 else None
    return {"name": 63, "char": 1}.get(name)


def _digits(name: str, modifier: int) -> tuple[int | None, int | None]:
    """Precision and scale. A scale is eleven bits with a sign since PostgreSQL 15, which allows negative ones."""
    if name == "money":
        return 19, 2
    if name in {"time", "timetz", "timestamp", "timestamptz"}:
        return (modifier if modifier >= 0 else 6), None
    if name == "numeric" and modifier >= VARLENA_HEADER:
        packed = modifier - VARLENA_HEADER
        return (packed >> 16) & 0xFFFF, ((packed & 0x7FF) ^ 1024) - 1024
    return None, None

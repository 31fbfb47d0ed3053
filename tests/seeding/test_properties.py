"""Schemas that nobody thought of: generated tables, keys, references and checks, and what their rows must show."""

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.design.model import Entity
from harness.seeding.rows import Seeded
from tests.seeding.building import made, rows_of, shape, table

NAMES = (
    "email",
    "name",
    "code",
    "status",
    "price",
    "qty",
    "note",
    "starts_at",
    "ends_at",
    "day",
    "rank",
    "is_on",
    "ref",
)
TYPES = (
    "smallint", "integer", "bigint", "text", "varchar(3)", "varchar(12)", "varchar(255)", "char(2)", "boolean", "date",
    "timestamp", "timestamptz", "uuid", "numeric(6,2)", "numeric(3,0)", "jsonb", "enum(a|b|c)", "text[]", "inet",
)  # fmt: skip
NUMBERS = ("smallint", "integer", "bigint", "numeric(6,2)")
OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "<>": operator.ne}


@dataclass(frozen=True)
class Bounded:
    """A check that Python can judge as well."""

    field: str
    sign: str
    value: int

    def __str__(self) -> str:
        return f"({self.field} {self.sign} {self.value})"

    def holds(self, row: Mapping[str, Any]) -> bool:
        return row[self.field] is None or OPERATORS[self.sign](row[self.field], self.value)


@dataclass(frozen=True)
class Compared:
    """A check between two fields."""

    left: str
    sign: str
    right: str

    def __str__(self) -> str:
        return f"({self.left} {self.sign} {self.right})"

    def holds(self, row: Mapping[str, Any]) -> bool:
        left, right = row[self.left], row[self.right]
        return left is None or right is None or OPERATORS[self.sign](left, right)


@dataclass(frozen=True)
class Design:
    tables: tuple[Entity, ...]
    checks: Mapping[str, tuple[Bounded | Compared, ...]]


@st.composite
def designs(draw: st.DrawFn) -> Design:
    tables: list[Entity] = []
    checks: dict[str, tuple[Bounded | Compared, ...]] = {}
    for number in range(draw(st.integers(1, 4))):
        name = f"t{number}"
        types = {
            f: draw(st.sampled_from(TYPES)) for f in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=6))
        }
        fields = [f"{f} {t}{draw(st.sampled_from(('', ' null')))}" for f, t in types.items()]
        parents = (
            {f"{t.name}_id": t for t in draw(st.lists(st.sampled_from(tables), unique=True)) if tables}
            if tables
            else {}
        )
        fields += [f"{f} {t.fields[0].type}{draw(st.sampled_from(('', ' null')))}" for f, t in parents.items()]
        able = [f for f in (*types, *parents) if types.get(f) not in {"jsonb", "boolean", "text[]"}]
        keys = st.lists(st.sampled_from(able), unique=True, min_size=1, max_size=3).map(",".join)
        unique = draw(st.lists(keys, unique=True, max_size=2)) if able else []
        checks[name] = tuple(draw(st.lists(_checks(types), max_size=2))) if _numbers(types) else ()
        tables.append(
            table(
                name,
                f"id {draw(st.sampled_from(('integer', 'bigint', 'uuid', 'smallint')))}",
                *fields,
                unique=tuple(unique),
                references={f: t.name for f, t in parents.items()},
                checks=tuple(map(str, checks[name])),
            )
        )
    return Design(tuple(tables), checks)


def _numbers(types: Mapping[str, str]) -> list[str]:
    return [f for f, t in types.items() if t in NUMBERS]


def _checks(types: Mapping[str, str]) -> st.SearchStrategy[Bounded | Compared]:
    fields = st.sampled_from(_numbers(types))
    signs = st.sampled_from(sorted(OPERATORS))
    bounds = st.builds(Bounded, fields, signs, st.integers(-50, 3000))
    pairs = st.builds(Compared, fields, signs, fields).filter(lambda c: c.left != c.right)
    return st.one_of(bounds, pairs) if len(_numbers(types)) > 1 else bounds


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(designs(), st.integers(0, 2**32))
def test_rows_of_any_schema_keep_its_constraints(design: Design, seed: int) -> None:
    found = made(*design.tables, default_rows=60, ratio=3, seed=seed)
    rows = {t.name: rows_of(found, t.name) for t in design.tables}
    told = {u.subject for u in found.unfillable}
    for entity in design.tables:
        _fits_types(entity, rows[entity.name])
        _is_unique(entity, rows[entity.name], told)
        _finds_targets(entity, rows)
        _keeps_checks(entity, design, rows[entity.name], found)
        assert rows_of(found, entity.name, first=7, last=19, size=5) == rows[entity.name][7:19]


def _fits_types(entity: Entity, rows: list[dict[str, Any]]) -> None:
    for field in entity.fields:
        values = [r[field.name] for r in rows]
        there = [v for v in values if v is not None]
        assert field.nullable or len(there) == len(values), field.name
        wanted = shape(field.type)
        if wanted.family == "text" and wanted.length:
            assert all(len(v) <= wanted.length for v in there), field.name
        if wanted.family == "integer" and wanted.width == 2:
            assert all(-32768 <= v <= 32767 for v in there), field.name
        if wanted.precision and wanted.family == "decimal":
            assert all(abs(v) < 10 ** (wanted.precision - (wanted.scale or 0)) for v in there), field.name


def _is_unique(entity: Entity, rows: list[dict[str, Any]], told: set[str]) -> None:
    for key in entity.keys:
        values = [tuple(str(r[f]) for f in key.fields) for r in rows if all(r[f] is not None for f in key.fields)]
        assert len(set(values)) == len(values) or key.name in told, key.name


def _finds_targets(entity: Entity, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    for link in entity.foreign_keys:
        targets = {r["id"] for r in rows[link.target]}
        assert {r[link.fields[0]] for r in rows[entity.name]} - {None} <= targets, link.name


def _keeps_checks(entity: Entity, design: Design, rows: list[dict[str, Any]], found: Seeded) -> None:
    if any(u.fatal for u in found.unfillable if u.entity == entity.name):
        assert rows == []
    told = {u.subject for u in found.unfillable if u.entity == entity.name}
    for number, check in enumerate(design.checks[entity.name]):
        assert f"check {number}" in told or all(check.holds(r) for r in rows), str(check)

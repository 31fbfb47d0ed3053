"""A query's text with other values: drawn from the data, of each class of frequency, and one that does not exist.

A literal that is only an example (a key, an address) is varied; one that is part of the question (a status, a flag) and
ranges that are relative to now stay as they are written.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from harness.abilities import Supplying
from harness.design.model import Query, Schema
from harness.engine import Engine, Session
from harness.facts import Parameter, bound
from harness.plan.model import Scenario
from harness.run.seen.indexes import Class

LEAST_DRAWN = 500
"""Rows that are sampled at least, so that a frequent value is seen often."""

MORE_DRAWN = 4
"""How many times as many, where only some of them have what the query asks for besides."""

LOOSE = "10"
"""For a placeholder against no field, ``LIMIT $1``, where the server does not tell what it wants there."""

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
QUOTED = re.compile(r"""^(?P<before>(?:[A-Za-z]+\()?)(?P<quote>['"])(?P<text>[^'"\\]*)(?P=quote)(?P<after>\)?)$""")


@dataclass(frozen=True, slots=True)
class Texts:
    """A query made executable, with each set of values.

    Attributes:
        classes: the texts by class; ``document`` always, the others where there are such values.
        drawn: all texts with values that exist, the document's first.
        open: whether values were chosen for placeholders, of rows that have what the query asks for besides.
    """

    classes: Mapping[Class, str]
    drawn: tuple[str, ...]
    open: bool = False

    @property
    def document(self) -> str:
        """The query as written, its placeholders filled."""
        return self.classes["document"]


def texts(engine: Engine, session: Session, query: Query, schema: Schema, scenario: Scenario) -> Texts | None:
    """The texts of a query; None when a placeholder stands against a field that holds no value."""
    parameters = engine.parameters(query.statement, schema)
    drawable = [p for p in parameters if _drawable(p, schema)]
    fixed = [p for p in parameters if p not in drawable]
    groups = [_Group(session, group, _wanted(group, fixed), scenario) for group in _grouped(drawable)]
    found = {p for group in groups if group.rows for p in group.parameters}
    open_ = [p for p in parameters if p.value is None]
    if any(p not in found for p in open_ if p.field):
        return None
    loose = _supplied(session, query.statement.text, open_)
    written = query.statement.text

    def filled(rows: Sequence[Sequence[str]]) -> str:
        values = [pair for group, row in zip(groups, rows, strict=True) for pair in group.pairs(row)]
        return bound(written, [*values, *loose])

    groups = [group for group in groups if group.rows]
    most = min(max((len(group.rows) for group in groups), default=0), scenario.runs)
    drawn = [filled([group.rows[n % len(group.rows)] for group in groups]) for n in range(most)]
    document = bound(written, loose) if not open_ or not drawn else drawn[0]
    classes: dict[Class, str] = {"document": document}
    if groups:
        classes["frequent"] = filled([group.frequent for group in groups])
        classes["rare"] = filled([group.rare for group in groups])
        if (absent := [row for group in groups if (row := group.absent) is not None]) and len(absent) == len(groups):
            classes["absent"] = filled(absent)
    existing = (text for name, text in classes.items() if name != "absent")
    return Texts(classes, tuple(dict.fromkeys((*existing, *drawn))), bool(open_) and all(g.matched for g in groups))


def _supplied(session: Session, text: str, open_: Sequence[Parameter]) -> list[tuple[Parameter, str]]:
    """Values for the placeholders that stand against no field."""
    loose = [p for p in open_ if not p.field]
    found = session.supplied(text) if loose and isinstance(session, Supplying) else ()
    given = dict(zip(open_, found, strict=True)) if len(found) == len(open_) else {}
    return [(p, given.get(p, LOOSE)) for p in loose]


def _wanted(group: Sequence[Parameter], fixed: Sequence[Parameter]) -> dict[str, set[str]]:
    """The values that a row must have, by field, for placeholders to be drawn from it: those that the query names."""
    wanted: dict[str, set[str]] = {}
    if any(p.value is None for p in group):
        for p in fixed:
            same = (p.scope, p.entity) == (group[0].scope, group[0].entity)
            if same and p.field and p.value is not None and p.operator in {"=", "in"}:
                wanted.setdefault(p.field, set()).add(p.value)
    return wanted


class _Group:
    """Parameters whose values come from one row, and rows of values for them."""

    def __init__(
        self, session: Session, parameters: Sequence[Parameter], wanted: Mapping[str, set[str]], scenario: Scenario
    ) -> None:
        self.parameters = parameters
        self._fields = tuple(dict.fromkeys((*(p.field for p in parameters), *wanted)))
        count = max(scenario.runs, LEAST_DRAWN) * (MORE_DRAWN if wanted else 1)
        rows = session.sample(parameters[0].entity, self._fields, count, scenario.seed)
        matching = tuple(row for row in rows if self._has(row, wanted))
        self.matched = bool(matching)
        self.rows = matching or rows
        seen = [Counter(column) for column in zip(*self.rows, strict=True)]
        # Ties are broken by the values themselves, so that the same rows give the same texts.
        ranked = sorted(self.rows, key=lambda row: (-sum(c[v] for c, v in zip(seen, row, strict=True)), row))
        self.frequent, self.rare = (ranked[0], ranked[-1]) if ranked else ((), ())

    def _has(self, row: Sequence[str], wanted: Mapping[str, set[str]]) -> bool:
        return all(_bare(row[self._fields.index(field)]) in values for field, values in wanted.items())

    def pairs(self, row: Sequence[str]) -> Iterator[tuple[Parameter, str]]:
        """Each parameter with its value of a row."""
        return ((p, row[self._fields.index(p.field)]) for p in self.parameters)

    @property
    def absent(self) -> tuple[str, ...] | None:
        """A row of values that do not exist; None where none can be made of those that do."""
        row = tuple(absent(value) for value in self.frequent)
        return None if None in row else tuple(map(str, row))


def _bare(literal: str) -> str:
    """A literal's value as the text of a parameter has it."""
    quoted = QUOTED.match(literal)
    return quoted["text"] if quoted else literal


def absent(literal: str) -> str | None:
    """A literal of the same kind that no row has; None where there is none to be sure of."""
    if literal.isdigit():
        return "2147483646" if len(literal) < 10 else "9223372036854775806"
    quoted = QUOTED.match(literal)
    if quoted is None:
        return None
    text = quoted["text"]
    if UUID.fullmatch(text):
        other = "ffffffff-ffff-4fff-bfff-fffffffffffe"
    elif quoted["before"].startswith("ObjectId"):
        other = "0" * 23 + "1"
    elif DATE.match(text):
        other = "1801" + text[4:]
    elif quoted["before"] or not text or text.lstrip("-").replace(".", "").isdigit():
        return None
    else:
        other = f"zq-{text[::-1]}"
    return f"{quoted['before']}{quoted['quote']}{other}{quoted['quote']}{quoted['after']}"


def _drawable(parameter: Parameter, schema: Schema) -> bool:
    """Whether other values of the field ask the same question.

    A literal of a field that takes few named values (a status, a flag), or that an index is limited to, is part of the
    question; a key or an address is only an example.
    """
    entity = schema.entity(parameter.entity)
    field = entity.field(parameter.field) if entity is not None else None
    if entity is None or field is None:
        return False
    if parameter.value is None:
        return True
    named = field.shape is not None and field.shape.family in ("enum", "boolean")
    checked = any(field.name in check.fields for check in entity.checks)
    limited = any(re.search(rf"\b{re.escape(field.name)}\b", index.predicate or "") for index in entity.indexes)
    return parameter.operator == "=" and not (named or checked or limited)


def _grouped(parameters: Sequence[Parameter]) -> Iterator[list[Parameter]]:
    """Parameters of one entity in one scope: their values must come from one row."""
    for _, group in groupby(sorted(parameters, key=lambda p: (p.scope, p.entity)), key=lambda p: (p.scope, p.entity)):
        yield list(group)

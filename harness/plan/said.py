"""What a document says of volumes, as what a scenario leaves open: its own keys win.

The volumes keep their proportions and are scaled to the scenario's size: by the tables that both speak of; else so
that the largest has ten times the default.
"""

from collections.abc import Iterator
from dataclasses import replace

from harness.counting import counted
from harness.design.claim_types import GainsRows, HasRatio, HasRows, HasShare, KeepsRows
from harness.design.model import Design
from harness.plan.model import Said, Scenario, Shares

LARGEST = 10
"""How many times the default rows the largest table gets."""
YEAR = 365.0
"""Days of growth that are taken for a table of which nothing else is said."""
KEPT = 100
"""Rows that scaling does not take from a table."""


def informed(scenario: Scenario, design: Design) -> Scenario:
    """The scenario with what the document says of volumes and shares, as far as it does not say these itself."""
    found = _volumes(design, scenario)
    given = {name.lower(): rows for name, rows in scenario.rows}
    open_ = {name: said for name, said in found.items() if not _is_given(scenario, name)}
    scale = _scale(scenario, {name.lower(): said[0] for name, said in found.items()}, given, list(open_))
    rows = tuple((name, max(round(said[0] * scale), min(round(said[0]), KEPT))) for name, said in open_.items())
    values = tuple(_values(design, scenario))
    told = [
        Said(name, "", f"{_sized(number, open_[name][0])}: {open_[name][1].text}", open_[name][1].source, scale)
        for name, number in rows
    ]
    told += [Said(each.entity, each.field, claim.text, claim.source) for each, claim in values]
    return replace(
        scenario,
        rows=(*scenario.rows, *rows),
        values=(*scenario.values, *(each for each, _ in values)),
        said=tuple(told),
    )


def _sized(rows: int, said: float) -> str:
    return counted(rows, "row") if rows == round(said) else f"{counted(rows, 'row')} for {said:,.0f}"


def _is_given(scenario: Scenario, name: str) -> bool:
    return name.lower() in {each.lower() for each, _ in scenario.rows} | {
        each.lower() for each, _, _ in scenario.ratios
    }


Volumes = dict[str, tuple[float, HasRows | HasRatio | GainsRows]]


def _volumes(design: Design, scenario: Scenario) -> Volumes:
    """Rows of tables, each with what says it: said, grown for as long as they are kept, or so many for each parent."""
    claims = design.claims
    found: Volumes = {c.entity: (float(c.rows), c) for c in claims if isinstance(c, HasRows)}
    kept = {c.entity: c.days for c in claims if isinstance(c, KeepsRows)}
    for claim in claims:
        if isinstance(claim, GainsRows):
            found.setdefault(claim.entity, (claim.rows * kept.get(claim.entity, YEAR) / claim.days, claim))
    ratios = [c for c in claims if isinstance(c, HasRatio) and c.entity not in found]
    given = {name.lower(): rows for name, rows in scenario.rows}
    for _ in ratios:  # a parent's own rows may come from a ratio that stands after it
        for claim in ratios:
            of = found[claim.parent][0] if claim.parent in found else given.get(claim.parent.lower())
            if of is None and claim.parent not in {other.entity for other in ratios}:
                of = scenario.default_rows
                found[claim.parent] = (of, claim)
            if of is not None:
                found.setdefault(claim.entity, (of * claim.number, claim))
    return found


def _scale(scenario: Scenario, said: dict[str, float], given: dict[str, int], open_: list[str]) -> float:
    both = [given[name] / said[name] for name in said if name in given and said[name]]
    if both:
        return min(both)
    largest = max((said[name.lower()] for name in open_), default=0)
    return min(1.0, LARGEST * scenario.default_rows / largest) if largest else 1.0


def _values(design: Design, scenario: Scenario) -> Iterator[tuple[Shares, HasShare]]:
    """The shares of a column's values; those that nothing is said of have the rest, each as much."""
    claims = [claim for claim in design.claims if isinstance(claim, HasShare)]
    taken = {(each.entity.lower(), each.field.lower()) for each in scenario.values}
    for first in {(claim.entity, claim.field): claim for claim in reversed(claims)}.values():
        if (first.entity.lower(), first.field.lower()) in taken:
            continue
        of = {c.value: c.share for c in claims if (c.entity, c.field) == (first.entity, first.field)}
        rest = 1 - sum(of.values())
        others = max(len(first.among) - len(of), 1)
        if rest >= -0.001:
            shares = tuple((value, of.get(value, max(rest, 0.0) / others)) for value in first.among)
            yield Shares(first.entity, first.field, shares), first

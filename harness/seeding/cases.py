"""The conditions of a table brought together: what holds for every row, and the cases that rows differ by.

A CHECK with one branch narrows domains for all rows. CHECKs with several branches (``shipped_at IS NULL OR status IN
(…)``) that share fields form a *group*; its *cases* are the combinations of branches that do not contradict each
other. Each row of the table takes one case of each group, as often as such rows are, and keeps to it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from sqlglot import exp

from harness.design.model import Check, Entity, Field, Shape
from harness.seeding import linear, meanings
from harness.seeding.atoms import Absent, Atom, Balance, Branch, Computed, Never, Opaque, Relates
from harness.seeding.conditions import branches, parsed
from harness.seeding.constants import constant_of, fields_of
from harness.seeding.domain import Contradiction, Domain, domain, frequencies, narrowed, valued
from harness.seeding.model import Wish
from harness.seeding.ticks import ORDERED, per_unit

MOST_CASES = 200
UNTRIED = "likely sum "
"""What the names of conditions begin with that rows keep by construction, but for those that are planted."""
Rule = Relates | Computed | Balance
RULES = (Relates, Computed, Balance)
Domains = Mapping[str, Domain]


@dataclass(frozen=True, slots=True)
class Case:
    """One consistent set of branches.

    Attributes:
        domains: of the group's fields, narrowed.
        rules: relations between fields that hold in this case.
        weight: how frequent such rows are.
        heads: for each partial unique key of the table: whether its predicate is true here; None when not decided.
    """

    domains: Domains
    rules: tuple[Rule, ...] = ()
    weight: float = 1.0
    heads: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Cases over some fields; every row takes one."""

    fields: frozenset[str]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A CHECK that made rows are tried against."""

    name: str
    tree: exp.Expr


@dataclass(frozen=True, slots=True)
class Conditions:
    """All conditions of a table.

    Attributes:
        domains: of every field that is filled, for all rows.
        rules: relations that hold in all rows.
        trials: CHECKs that made rows are tried against, since they relate fields or are not wholly understood.
        others: the other CHECKs, which rows keep by construction.
        groups: where rows differ.
        contradictions: names of constraints that no row can satisfy with the others.
    """

    domains: Domains
    rules: tuple[Rule, ...] = ()
    trials: tuple[Trial, ...] = ()
    others: tuple[Trial, ...] = ()
    groups: tuple[Group, ...] = ()
    contradictions: tuple[str, ...] = ()


@dataclass(slots=True)
class _Gathering:
    """A table's conditions while they are read."""

    shapes: Mapping[str, Shape]
    fields: Mapping[str, Field]
    now: datetime
    domains: dict[str, Domain]
    absences: Mapping[str, float]
    generated: Mapping[str, str]
    rules: list[Rule] = field(default_factory=list)
    trials: list[tuple[Trial, bool]] = field(default_factory=list)
    forks: list[tuple[str, tuple[Branch, ...]]] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Head:
    """The predicate of a partial unique key whose rows come first: true in the head, false in the rest."""

    name: str
    predicate: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What conditions are read from.

    Attributes:
        checks: the table's CHECKs and what its partitions leave room for.
        shapes: of the fields that are filled.
        unique: fields of unique keys: they have one domain in all rows, the widest, since one permutation gives them
            their values.
        wishes: what is asked of fields beyond that.
    """

    entity: Entity
    checks: tuple[Check, ...]
    shapes: Mapping[str, Shape]
    now: datetime
    unique: frozenset[str] = frozenset()
    wishes: Mapping[str, Wish] = field(default_factory=dict)


def absence_of(f: Field, asked: Asked) -> float:
    """The share of NULL in a nullable field."""
    wish = asked.wishes.get(f.name)
    return meanings.absence(f) if wish is None or wish.null is None else wish.null


def conditions(asked: Asked, heads: Sequence[Head] = ()) -> Conditions:
    """Everything that the CHECKs of a table ask, and the predicates of ``heads``."""
    entity, shapes = asked.entity, asked.shapes
    fields = {f.name: f for f in entity.fields if f.name in shapes}
    start = {name: _start(f, asked) for name, f in fields.items()}
    absences = {name: absence_of(f, asked) for name, f in fields.items()}
    generated = {f.name: f.generated for f in entity.fields if f.generated}
    gathered = _Gathering(shapes, fields, asked.now, start, absences, generated)
    for number, check in enumerate(asked.checks):
        _read(gathered, check.name or f"check {number + 1}", check.expression)
    _spread(gathered)
    groups = tuple(_united(group, gathered, asked.unique) for group in _groups(gathered, heads))
    trials = _tried(gathered, groups)
    return Conditions(
        gathered.domains,
        tuple(gathered.rules),
        trials,
        tuple(trial for trial, _ in gathered.trials if trial not in trials),
        groups,
        tuple(gathered.contradictions),
    )


def _start(f: Field, asked: Asked) -> Domain:
    """What the type allows, with the weights that are asked for."""
    shape, wish = asked.shapes[f.name], asked.wishes.get(f.name)
    of = domain(f, shape)
    if wish is None or not wish.shares:
        return of
    pairs = ((valued(constant_of(text, shape), shape, asked.now), weight) for text, weight in wish.shares)
    return replace(of, weights=tuple((value, weight) for value, weight in pairs if value is not None))


def _united(group: Group, gathered: _Gathering, unique: Collection[str]) -> Group:
    """The group with those cases in which each unique field has its widest domain."""
    cases = group.cases
    for name in sorted(group.fields & set(unique)):
        base = gathered.domains[name]
        plain = [replace(case.domains[name], absent=base.absent) for case in cases]
        there = [d for d, case in zip(plain, cases, strict=True) if case.domains[name].absent is not True]
        if not there or all(d == base for d in there):
            continue
        widest = max(there, key=_width)
        kept = tuple(c for c, d in zip(cases, plain, strict=True) if d == widest or c.domains[name].absent)
        sides = {case.heads for case in kept}
        cases = (*kept, *(case for case in cases if case.heads not in sides))
        gathered.domains[name] = widest
    return Group(group.fields, cases)


def _width(of: Domain) -> tuple[bool, int, int, int]:
    count = (of.high - of.low) // of.step if of.among is None else len(of.among)
    return of.among is None, count, -len(of.patterns), (of.longest or 10**9) - of.shortest


def _tried(gathered: _Gathering, groups: Sequence[Group]) -> tuple[Trial, ...]:
    """The CHECKs on fields that relations move about, and those that are not wholly understood."""
    rules = [*gathered.rules, *(rule for group in groups for case in group.cases for rule in case.rules)]
    moved = _mentioned([tuple(rules)])
    return tuple(trial for trial, opaque in gathered.trials if opaque or moved & set(fields_of(trial.tree)))


def _spread(gathered: _Gathering) -> None:
    """Bounds carried along relations: where a < b and b <= 9, a is at most 8."""
    for _ in range(4):
        for rule in gathered.rules:
            if not isinstance(rule, Relates) or rule.offset != 0 or rule.operator not in {"<", "<=", ">", ">="}:
                continue
            small, large = (rule.field, rule.other) if "<" in rule.operator else (rule.other, rule.field)
            if _comparable(gathered.shapes[small], gathered.shapes[large]):
                _ordered(gathered, small, large, int("=" not in rule.operator))

    for rule in gathered.rules:
        if isinstance(rule, Balance):
            _shared(gathered, rule)


def _shared(gathered: _Gathering, rule: Balance) -> None:
    """Parts of a sum that is given are no more than their part of it, where they may be so little; but for the last."""
    last = max(rule.fields, key=list(gathered.fields).index)
    for name, most in linear.limits(rule.of, rule.operator):
        of, unit = gathered.domains[name], per_unit(gathered.shapes[name])
        high = min(of.high, int(most * unit))
        if name != last and gathered.shapes[name].family in ORDERED and 0 <= of.low <= high:
            gathered.domains[name] = replace(of, high=high)


def _comparable(left: Shape, right: Shape) -> bool:
    numbers = {"integer", "decimal", "float"}
    return left.family in ORDERED and (left == right or {left.family, right.family} <= numbers)


def _ordered(gathered: _Gathering, small: str, large: str, gap: int) -> None:
    less, more = gathered.domains[small], gathered.domains[large]
    fine, coarse = per_unit(gathered.shapes[small]), per_unit(gathered.shapes[large])
    high, low = more.high * fine // coarse, -(-less.low * coarse // fine)
    gap = gap if fine == coarse else 0
    narrow = replace(less, high=min(less.high, high - gap)), replace(more, low=max(more.low, low + gap))
    if all(d.ticks for d in narrow):
        gathered.domains[small], gathered.domains[large] = narrow


def _read(into: _Gathering, name: str, expression: str | None) -> None:
    tree, fields, found = _understood(expression) if expression else (None, (), ())
    if tree is not None and any(f in into.generated for f in fields):
        tree = _with_generated(tree, into.generated)
        fields, found = fields_of(tree), branches(tree)
    if tree is None or any(f not in into.fields for f in fields):
        return  # not understood, or on a column that is not filled: the server judges the rows
    if not name.startswith(UNTRIED):
        opaque = any(isinstance(a, Opaque | Computed | Balance) for branch in found for a in branch)
        into.trials.append((Trial(name, tree), opaque))
    if found == ((Never(),),):
        into.contradictions.append(name)
    elif len(found) > 1:
        into.forks.append((name, found))
    else:
        _take(into, name, found[0])


def _with_generated(tree: exp.Expr, generated: Mapping[str, str]) -> exp.Expr:
    """A condition on what the server computes, said of what it computes that from."""

    def opened(node: exp.Expr) -> exp.Expr:
        inner = parsed(generated[node.name]) if isinstance(node, exp.Column) and node.name in generated else None
        return node if inner is None else exp.paren(inner.copy())

    found: exp.Expr = tree.transform(opened)
    return found


@lru_cache(maxsize=1000)
def _understood(expression: str) -> tuple[exp.Expr | None, tuple[str, ...], tuple[Branch, ...]]:
    """A condition's tree, its fields and its alternatives: the same each time that the table is built."""
    tree = parsed(expression)
    return (None, (), ()) if tree is None else (tree, fields_of(tree), branches(tree))


def _take(into: _Gathering, name: str, branch: Branch) -> None:
    try:
        into.domains.update(_narrowed(into.domains, branch, into))
    except Contradiction:
        into.contradictions.append(name)
        return
    into.rules.extend(a for a in branch if isinstance(a, RULES))


def _narrowed(domains: Domains, branch: Branch, gathered: _Gathering) -> dict[str, Domain]:
    """The domains of the fields that a branch speaks of, narrowed by it."""
    by_field: dict[str, list[Atom]] = {}
    for atom in branch:
        if not isinstance(atom, Opaque | Never | Rule):
            by_field.setdefault(atom.field, []).append(atom)
    return {
        name: narrowed(domains[name], atoms, gathered.shapes[name], gathered.now) for name, atoms in by_field.items()
    }


def _mentioned(found: Iterable[Branch]) -> frozenset[str]:
    names: set[str] = set()
    for branch in found:
        for atom in branch:
            match atom:
                case Relates():
                    names |= {atom.field, atom.other}
                case Computed():
                    names |= {atom.field, *atom.others}
                case Opaque() | Balance():
                    names |= set(atom.fields)
                case Never():
                    pass
                case _:
                    names.add(atom.field)
    return frozenset(names)


Side = tuple[Branch, tuple[tuple[str, bool], ...]]
"""A branch, and what it decides of the predicates of partial keys."""


@dataclass(frozen=True, slots=True)
class _Fork:
    """A condition with several branches."""

    name: str
    sides: tuple[Side, ...]

    @property
    def fields(self) -> frozenset[str]:
        return _mentioned(branch for branch, _ in self.sides)


def _groups(gathered: _Gathering, heads: Sequence[Head]) -> tuple[Group, ...]:
    forks = [_Fork(name, tuple((branch, ()) for branch in found)) for name, found in gathered.forks]
    forks += [fork for head in heads if (fork := _predicate(head)) is not None]
    together: list[list[_Fork]] = []
    for fork in forks:
        near = [g for g in together if any(other.fields & fork.fields for other in g)]
        together = [g for g in together if g not in near] + [[*(f for g in near for f in g), fork]]
    return tuple(Group(frozenset().union(*(f.fields for f in g)), _cases(gathered, g)) for g in together)


def _predicate(head: Head) -> _Fork | None:
    tree = parsed(head.predicate)
    if tree is None:
        return None
    inside = [(_told(branch), ((head.name, True),)) for branch in branches(tree)]
    outside = [(branch, ((head.name, False),)) for branch in branches(tree, negated=True)]
    return _Fork(head.name, (*inside, *outside))


def _told(branch: Branch) -> Branch:
    """A predicate that is to be true must be known: its fields are not NULL."""
    return (*branch, *(Absent(f, negated=True) for f in sorted(_mentioned([branch])) if Absent(f) not in branch))


def _cases(gathered: _Gathering, forks: Sequence[_Fork]) -> tuple[Case, ...]:
    names = frozenset().union(*(fork.fields for fork in forks))
    cases = [Case({name: gathered.domains[name] for name in sorted(names)})]
    for fork in forks:
        pairs = [(case, side) for case in cases for side in fork.sides]
        joined = [found for case, side in pairs if (found := _joined(case, *side, gathered)) is not None]
        if joined:
            cases = joined[:MOST_CASES]
        else:
            gathered.contradictions.append(fork.name)
    return tuple(replace(case, weight=_weight(case, gathered)) for case in cases)


def _joined(case: Case, branch: Branch, heads: tuple[tuple[str, bool], ...], gathered: _Gathering) -> Case | None:
    try:
        domains = {**case.domains, **_narrowed(case.domains, branch, gathered)}
    except Contradiction:
        return None
    return Case(
        domains,
        (*case.rules, *(a for a in branch if isinstance(a, RULES))),
        heads=(*case.heads, *heads),
    )


def _weight(case: Case, gathered: _Gathering) -> float:
    weight = 1.0
    decided = any(gathered.domains[name].weights for name in case.domains)  # and NULL follows
    for name, narrow in case.domains.items():
        wide = gathered.domains[name]
        if not decided and narrow.absent is not wide.absent and narrow.absent is not None:
            share = max(gathered.absences[name], 0.02)
            weight *= share if narrow.absent else 1 - share
        weight *= _likely(narrow, wide)
    return max(weight, 1e-6)


def _likely(narrow: Domain, wide: Domain) -> float:
    """The share of the values of the wide list that the narrow one keeps."""
    if narrow.among is None:
        return 1.0
    if wide.among is None:
        return 0.5
    shares = dict(zip(wide.among, frequencies(wide), strict=True))
    return sum(shares.get(v, 0.0) for v in narrow.among) / (sum(shares.values()) or 1.0)

"""rule-covered: each data integrity rule is matched to constraints that enforce it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from harness.checks.base import Case, Check, Finding
from harness.checks.claims_consistent import of_all_tables
from harness.checks.naming import ONLY_ONE, WORD, forms, last_word, parts, singular, spoken, tables
from harness.checks.rule_deletes import deleting, to
from harness.checks.rule_values import LIST, labels, listed_otherwise
from harness.checks.states import cut_short, head
from harness.checks.unreached import kept_by_code
from harness.checks.untried import home
from harness.design.claim_types import Relates, Rule, Told
from harness.design.model import Entity, Field, IndexKey, Schema
from harness.run.model import Probed

SHORT = 14
"""Words of a sentence that says one thing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a rule: the words that give it away, and the constraints of a field that would enforce it."""

    words: re.Pattern[str]
    wanted: str
    found: Callable[[Entity, Field], str | None]


def _unique(entity: Entity, field: Field) -> str | None:
    own = [set(key.fields) for key in entity.keys]
    keys = [k.name for k in entity.keys if field.name in k.fields and not _vacuous({*k.fields}, own)]
    indexes = [
        i.name
        for i in entity.indexes
        if i.unique and any(_speaks_of(k, field) for k in i.keys) and not _vacuous({k.text for k in i.keys}, own)
    ]
    return next((name or "UNIQUE" for name in (*keys, *indexes)), None)


def _vacuous(fields: set[str], keys: Sequence[set[str]]) -> bool:
    """Whether nothing is unique by these fields that was not already, since a whole key is among them."""
    return any(key < fields for key in keys)


def _speaks_of(key: IndexKey, field: Field) -> bool:
    """Whether a key is the field, or an expression of it: ``lower(email)``."""
    if not key.expression:
        return key.text == field.name
    return re.search(rf"(?<![\w$']){re.escape(field.name)}(?![\w$'(])", key.text) is not None


def _check(entity: Entity, field: Field) -> str | None:
    if field.shape is not None and field.shape.family == "enum":
        return f"the type {field.type}"
    return next((c.name or "CHECK" for c in entity.checks if field.name in c.fields), None)


def _positive(entity: Entity, field: Field) -> str | None:
    if field.shape is not None and field.shape.family not in ("integer", "decimal", "float"):
        return None
    return _check(entity, field) or ("UNSIGNED" if field.shape is not None and field.shape.unsigned else None)


READINGS = (
    Reading(
        ONLY_ONE,
        "UNIQUE",
        _unique,
    ),
    Reading(
        re.compile(
            r">=?\s*0|\bpositive?|\b(?:never|not|non)[ -](?:be )?zero\b|"
            r"\b(?:above|than|below|under|als) (?:zero|0|null)|negativ",
            re.IGNORECASE,
        ),
        "CHECK",
        _positive,
    ),
    Reading(re.compile(r"\b(?:is|are|be)\b[^.]*,[^.]*\bor\b", re.IGNORECASE), "CHECK or enum", _check),
    Reading(
        re.compile(r"\b(?:defined|valid|allowed|one of|only|between|at least|at most|must)\b", re.IGNORECASE),
        "CHECK or enum",
        _check,
    ),
)
PERMITS = re.compile(r"\bwithout\b[^.]*\b(?:is|are)\s+(?:allowed|permitted|possible|fine)\b", re.IGNORECASE)

OVERLAPS = re.compile(r"\boverlap", re.IGNORECASE)

WITHIN = re.compile(r"\b(?:within|per|for each|for every|inside)\b", re.IGNORECASE)
ITSELF = re.compile(r"\b(?:never|not|cannot|no)\b[^.]*\b(?:itself|themselves|themself)\b", re.IGNORECASE)
APART = re.compile(r"<>|!=|\bIS DISTINCT FROM\b", re.IGNORECASE)
ONE_FOR_EACH = re.compile(
    r"^\W*(?:only |at most |exactly |just )*one (?P<what>\w+(?: \w+)?) (?:per|for each|for every) (?P<each>[^.;:]+)",
    re.IGNORECASE,
)

COMPARES = r"\b(?:than|after|before|exceeds?|beyond|above|below)"

BELONGS = re.compile(
    r"\b(?:belongs?|refers?)\s+to\b|\b(?:cannot|can't|can not|never|(?:does|do) not)\s+exists?\s+without\b|"
    r"\b(?:gehört|gehören)\s+zu\b",
    re.IGNORECASE,
)
"""That a row refers to one that is there, of a sentence that names both tables, the referring one first."""

REFERENCES = re.compile(r"\breferential\b|\bforeign keys?\b", re.IGNORECASE)


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per rule; those that speak of all tables belong to claims-consistent.

    Sentences elsewhere that are rules without doubt are read as such, too.
    """
    for claim in case.plan.design.claims:
        if isinstance(claim, Rule) and not of_all_tables(claim):
            yield _one(check, case, claim)
        elif isinstance(claim, Told) and home(claim) == "claims-tried":
            found = beyond_doubt(check, case, claim)
            if found is not None:
                yield found


def beyond_doubt(check: Check, case: Case, claim: Told) -> Finding | None:
    """What is found of a sentence that stands under no rules, where it says what references do, or what is enforced."""
    if cut_short(case) is not None:
        return None
    rule = Rule("", claim.text, claim.source)
    found = deleting(check, case, rule) or _belonging(check, case, rule)
    if found is not None or len(WORD.findall(rule.text)) > SHORT:
        return found
    for reading in READINGS[:2]:
        fields = list(_named(head(case), rule.text)) if reading.words.search(rule.text) else []
        if len(fields) == 1 and reading.found(*fields[0]) is not None:
            return _read(check, case, rule, reading, fields)
    return None


def _one(check: Check, case: Case, rule: Rule) -> Finding:
    words = f"{rule.title} {rule.text}"
    incomplete = cut_short(case)
    if incomplete is not None:
        return check.found("unverified", rule.title or "rule", incomplete, rule.source, claim=rule.text)
    if REFERENCES.search(words):
        return _references(check, case, rule)
    special = (
        _permitted(check, case, rule)
        or deleting(check, case, rule)
        or _belonging(check, case, rule)
        or _listing(check, case, rule)
        or _apart(check, case, rule)
        or _compared(check, case, rule)
        or _itself(check, case, rule)
        or _one_for_each(check, case, rule)
    )
    if special is not None:
        return special
    for reading in READINGS:
        # "Unique within its tenant" is about what stands before these words.
        before = WITHIN.split(words)[0]
        about = before if reading is READINGS[0] and re.search(r"\bunique", before, re.IGNORECASE) else words
        fields = (
            (list(_named(head(case), about)) or list(_named(head(case), words))) if reading.words.search(words) else []
        )
        if fields:
            return _read(check, case, rule, reading, fields)
    message = "no column that the rule could be about was recognised in it"
    return check.found("unverified", rule.title or "rule", message, rule.source, claim=rule.text)


def _references(check: Check, case: Case, rule: Rule) -> Finding:
    keys = [k for e in head(case).entities for k in e.foreign_keys]
    loose = [k.name or "" for k in keys if not k.validated]
    subject = rule.title or "rule"
    if not keys and any(isinstance(c, Relates) for c in case.plan.design.claims):
        message = "the foreign keys that the document states are not there (see relationships-agree)"
        return check.found("unverified", subject, message, rule.source, claim=rule.text)
    if not keys:
        return check.found("broken", subject, "there is no foreign key in the schema", rule.source, claim=rule.text)
    if loose:
        message = f"not validated: {', '.join(loose)}"
        return check.found("broken", subject, message, rule.source, claim=rule.text)
    names = ", ".join(k.name or "" for k in keys)
    tried = _refused(p for p in case.run.of(Probed) if p.own and p.kind == "foreign key")
    return check.found("holds", subject, f"by {names}{tried}", rule.source, claim=rule.text)


def _permitted(check: Check, case: Case, rule: Rule) -> Finding | None:
    """The one column that a sentence lets be empty."""
    fields = list(_named(head(case), rule.text)) if PERMITS.search(rule.text) else []
    if len(fields) != 1:
        return None
    (entity, field), subject = fields[0], rule.title or "rule"
    if field.nullable:
        message = f"{entity.name}.{field.name} may be NULL"
        return check.found("holds", subject, message, rule.source, claim=rule.text)
    message = f"{entity.name}.{field.name} is NOT NULL"
    return check.found("broken", subject, message, rule.source, claim=rule.text, remedy=EMPTY)


def _apart(check: Check, case: Case, rule: Rule) -> Finding | None:
    """The exclusion constraint behind a sentence of what never overlaps."""
    if not OVERLAPS.search(rule.text):
        return None
    words = {singular(word) for word in WORD.findall(rule.text.lower())}
    for each in head(case).objects:
        table, _, name = each.name.rpartition(".")
        if each.kind == "exclusion constraint" and last_word(table) in words:
            message = f"by {name} on {table}{_tried(case, table, name)}"
            return check.found("holds", rule.title or "rule", message, rule.source, claim=rule.text)
    return None


def _compared(check: Check, case: Case, rule: Rule) -> Finding | None:
    """The CHECK behind a sentence that compares two columns of one table."""
    found: dict[str, list[Field]] = {}
    for of, field in _named(head(case), rule.text):
        found.setdefault(of.name, []).append(field)
    pairs = {name: pair for name, pair in found.items() if len(pair) == 2 and _is_comparison(rule.text, pair)}
    for name, pair in pairs.items():
        entity = head(case).entity(name)
        both = {field.name for field in pair}
        named = next((c.name or "CHECK" for c in entity.checks if both <= set(c.fields)), None) if entity else None
        columns = " and ".join(f"{name}.{field.name}" for field in pair)
        if named is not None:
            message = f"by {named} on {columns}{_tried(case, name, named)}"
            return check.found("holds", rule.title or "rule", message, rule.source, claim=rule.text)
        if len(pairs) == 1:
            message = f"no CHECK that speaks of {columns} enforces it"
            return check.found("broken", rule.title or "rule", message, rule.source, claim=rule.text)
    return None


def _is_comparison(text: str, pair: Sequence[Field]) -> bool:
    """Whether one of the columns stands behind a word that compares it with the other."""
    called = {called for field in pair for called in (field.name, re.sub(r"_(?:at|on)$", "", field.name))}
    names = "|".join(r"[\W_]+".join(map(re.escape, name.split("_"))) for name in sorted(called, key=len, reverse=True))
    return (
        re.search(
            rf"{COMPARES}\W+(?:(?:or|equal|to|the|its|their|it|they|was|were|is)\W+)*(?:{names})\b", text, re.IGNORECASE
        )
        is not None
    )


def _itself(check: Check, case: Case, rule: Rule) -> Finding | None:
    """The CHECK that keeps two columns apart, behind a sentence by which nothing refers to itself."""
    if not ITSELF.search(rule.text):
        return None
    words = {singular(word) for word in WORD.findall(rule.text.lower())}
    for entity in head(case).entities:
        about = {last_word(entity.name)} | {last_word(key.target) for key in entity.foreign_keys}
        for each in entity.checks if about & words else ():
            if len(each.fields) == 2 and APART.search(each.expression or ""):
                name = each.name or "CHECK"
                message = f"by {name} on {entity.name}{_tried(case, entity.name, name)}"
                return check.found("holds", rule.title or "rule", message, rule.source, claim=rule.text)
    return None


def _one_for_each(check: Check, case: Case, rule: Rule) -> Finding | None:
    """The key behind "one reading per device, metric and moment", of which the table and most columns are named."""
    said = ONE_FOR_EACH.search(rule.text)
    named = tables(head(case), said["what"]) if said else []
    entity = head(case).entity(named[0]) if named else None
    if said is None or entity is None:
        return None
    nouns = [singular(noun) for noun in WORD.findall(said["each"].lower()) if noun not in {"and", "each", "per", "a"}]
    for key in entity.keys:
        known = [n for n in nouns if any(n in parts(f, ()) for name in key.fields if (f := entity.field(name)))]
        if len(key.fields) == len(nouns) > 1 and len(known) >= len(nouns) - 1:
            message = f"by {key.name or 'the key'} on {entity.name} ({', '.join(key.fields)})"
            message += _tried(case, entity.name, key.name or "")
            return check.found("holds", rule.title or "rule", message, rule.source, claim=rule.text)
    return None


def _belonging(check: Check, case: Case, rule: Rule) -> Finding | None:
    """Whether a reference keeps what a sentence says belongs together."""
    said = BELONGS.search(rule.text)
    if said is None:
        return None
    before, after = tables(head(case), rule.text[: said.start()]), tables(head(case), rule.text[said.end() :])
    child = head(case).entity(before[-1]) if before else None
    if child is None or not after:
        return None
    keys = to(after[0], child)
    if keys:
        message = f"by the foreign key {keys[0].name or ''} of {child.name}"
        return check.found("holds", rule.title or "rule", message, rule.source, claim=rule.text)
    if case.run.traits.foreign_keys is not None:
        reason = case.run.traits.foreign_keys
        return check.found("unverified", rule.title or "rule", reason, rule.source, claim=rule.text)
    message = f"no foreign key of {child.name} refers to {after[0]}"
    return check.found("broken", rule.title or "rule", message, rule.source, claim=rule.text)


EMPTY = "Let the column be NULL, or say in the rule what stands there instead."


def _listing(check: Check, case: Case, rule: Rule) -> Finding | None:
    """The CHECK or enum of a table that a rule names, which takes just the values that it lists: OPEN, PAID or VOID."""
    for name in tables(head(case), rule.text):
        entity = head(case).entity(name)
        for field in entity.fields if entity is not None else ():
            values = labels(entity, field) if entity is not None else set()
            if len(values) > 1 and values <= {word.lower() for word in re.findall(r"[\w-]+", rule.text)}:
                message = f"by the values that {name}.{field.name} takes{_tried(case, name, field.name)}"
                return check.found("holds", rule.title or "rule", message, rule.source, claim=rule.text)
    return None


def _read(check: Check, case: Case, rule: Rule, reading: Reading, fields: list[tuple[Entity, Field]]) -> Finding:
    subject = rule.title or "rule"
    apart = next((told for e, f in fields for told in [listed_otherwise(rule.text, e, f)] if told), None)
    if apart is not None:
        return check.found("broken", subject, apart, rule.source, claim=rule.text, remedy=LIST)
    enforced = [(e, f, name) for e, f in fields for name in [reading.found(e, f)] if name is not None]
    if enforced:
        text = ", ".join(f"{name} on {e.name}.{f.name}" for e, f, name in enforced)
        entity, field, name = enforced[0]
        tried = _tried(case, entity.name, name, field.name)
        return check.found("holds", subject, f"by {text}{tried}", rule.source, claim=rule.text)
    names = ", ".join(f"{e.name}.{f.name}" for e, f in fields)
    if len(fields) > 1:
        message = f"it may be about {names}; no {reading.wanted} there tells which"
        return check.found("unverified", subject, message, rule.source, claim=rule.text)
    message = f"no {reading.wanted} on {names} enforces it"
    code = kept_by_code(head(case), *fields[0])
    if code:
        message += f"; {code} may, which was not tried"
        return check.found("unverified", subject, message, rule.source, claim=rule.text)
    return check.found("broken", subject, message, rule.source, claim=rule.text)


def _tried(case: Case, entity: str, constraint: str, enum: str = "") -> str:
    """Whether a row that breaks a constraint (or has no label of the ``enum`` field) was offered and refused."""
    tries = (p for p in case.run.of(Probed) if p.own and p.entity == entity and p.kind != "not null")
    return _refused(p for p in tries if p.constraint == constraint or (p.kind == "enum" and enum in p.fields))


def _refused(tries: Iterator[Probed]) -> str:
    first = next(tries, None)
    return f"; a row with {first.value} was refused" if first is not None else ""


def _named(schema: Schema, text: str) -> Iterator[tuple[Entity, Field]]:
    """The columns whose name is in the rule's words, in singular or plural; the best matches only.

    Of columns that match alike, those count whose table is named as well.
    """
    words = spoken(text)
    scored = [
        ((len(parts(field, called) & words), bool(called & words)), entity, field)
        for entity in schema.entities
        if entity.kind != "view"  # which keeps nothing
        for called in [forms(entity.name)]
        for field in entity.fields
    ]
    best = max((score for score, _, _ in scored), default=(0, False))
    yield from ((entity, field) for score, entity, field in scored if score == best and best[0])


CHECK = Check(
    name="rule-covered",
    question='Is each sentence under "Data Integrity Rules" enforced by a constraint?',
    why="A rule without a constraint is kept until the first bug, the first script, the first import.",
    remedy="Add the constraint, and name the column in the rule.",
    severity="warning",
    breaks="Order totals must be > 0   -- and no CHECK",
    holds="Order totals must be > 0   -- CHECK (total_amount > 0)",
    judge=judge,
    unverified="Name the column in the rule, or add the constraint that keeps it.",
)

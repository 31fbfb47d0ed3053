"""Texts that look like what their column holds, within its length, case and patterns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from harness.design.model import Entity, Field
from harness.seeding import locales, meanings, pools
from harness.seeding.counters import Ints, bits, key, permuted
from harness.seeding.domain import Domain, frequencies, intersected, matching
from harness.seeding.forms import (
    BILLION,
    FORMS,
    GATEWAY_IDS,
    LETTERS,
    PRODUCTS,
    SYMBOLS,
    code,
    digits,
    gateway_ids,
    hexadecimal,
    references,
    uuids,
)
from harness.seeding.kinds import MOST, Drawing, Formed, Kind, Listed, Numbered, Recased, Values, spaced
from harness.seeding.measures import UnitOf
from harness.seeding.names import first_names, last_names, names
from harness.seeding.patterns import NotUnderstood, compiled
from harness.seeding.places import Place, placed
from harness.seeding.pools import texts
from harness.seeding.popularity import is_passing, popularity

ALPHABETS = (SYMBOLS, LETTERS, LETTERS.lower(), "0123456789", "abcdefgh")
DOMAINS = ("example.com", "example.org", "example.net")
SPARE_PEOPLE = 1000
"""Persons that no row is, for values that give way to planted ones."""


@dataclass(frozen=True, slots=True)
class Person:
    """A part of a person's identity. All such columns of a row draw the same person, so that mails match names."""

    part: str
    people: int
    domain: str = ""
    size: int = MOST
    other: bool = False
    """Somebody else than the row is about: whom to call in an emergency."""

    def draw(self, of: int, rows: Drawing) -> Ints:
        """The person of each row: the same whatever the column (``of`` is the table's key of persons)."""
        return permuted(of, rows.numbers % self.people, self.people)

    def raw(self, ordinals: Ints) -> Values:
        """That part of each person."""
        first, last, turn = _named(ordinals, mailed=self.part in {"username", "email"})
        match self.part:
            case "first name":
                return first
            case "last name":
                return last
            case "full name":
                return _joined(first, " ", last, turn, " ")
            case "username":
                return _lowered(_joined(first, "_", last, turn, ""))
        local = _joined(first, ".", last, turn, "")
        if self.domain:
            return texts([f"{name.lower()}@{self.domain}" for name in local.tolist()])
        where = (bits(key("mail domain"), ordinals) % np.uint64(len(DOMAINS))).tolist()
        return texts([f"{name.lower()}@{DOMAINS[place]}" for name, place in zip(local.tolist(), where, strict=True)])

    def samples(self) -> Ints:
        """From everywhere, and the longest name with the largest number."""
        longest, turn = _longest(locales.current())
        return np.append(spaced(min(self.people, self.size)), (self.people - 1) // turn * turn + longest).astype(
            np.int64
        )


@lru_cache(maxsize=8)
def _longest(locale: str) -> tuple[int, int]:
    """The person of a locale with the longest names, and how many persons there are before their names come again."""
    firsts, lasts = (names(pool, locale)[0].tolist() for pool in ("first name", "last name"))
    first, last = (max(range(len(words)), key=lambda place: len(words[place])) for words in (firsts, lasts))
    return first + last * len(firsts), len(firsts) * len(lasts)


def _named(ordinals: Ints, *, mailed: bool = False) -> tuple[Values, Values, Ints]:
    """First and last names, in mails as these spell them, and which time the pair comes."""
    firsts, lasts = (names(pool, locales.current())[mailed] for pool in ("first name", "last name"))
    rest, first = np.divmod(ordinals, len(firsts))
    turn, last = np.divmod(rest, len(lasts))
    return firsts[first], lasts[last], turn


def _joined(first: Values, sign: str, last: Values, turn: Ints, number_sign: str) -> Values:
    if not turn.any():
        return texts([f"{a}{sign}{b}" for a, b in zip(first.tolist(), last.tolist(), strict=True)])
    rows = zip(first.tolist(), last.tolist(), turn.tolist(), strict=True)
    return texts([f"{a}{sign}{b}{number_sign}{n + 1}" if n else f"{a}{sign}{b}" for a, b, n in rows])


def _lowered(values: Values) -> Values:
    return texts([value.lower() for value in values.tolist()])


def people(rows: int) -> int:
    """How many persons a table of so many rows draws from: all names there are, numbered when that is too few."""
    return max(rows + SPARE_PEOPLE, len(first_names()) * len(last_names()))


def person(kind: Kind) -> Person | None:
    """The person behind a kind, whatever its case; None when it is about none."""
    while isinstance(kind, Recased):
        kind = kind.inner
    return kind if isinstance(kind, Person) else None


def is_placed(kind: Kind) -> bool:
    """Whether a kind tells where its row is."""
    while isinstance(kind, Recased):
        kind = kind.inner
    return isinstance(kind, Place)


POOLED = {
    "company": "company", "city": "city", "job": "job", "title": "title", "sentence": "sentence", "domain": "domain",
    "paragraph": "paragraph", "user agent": "user agent", "word": "word", "review": "review", "label": "label",
    "first name": "first name", "last name": "last name",
    "postal code": "postal code", "country": "country", "place": "place",
}  # fmt: skip
ENGLISH = frozenset({
    "essay", "message", "home title", "task title", "letter title", "search", "error", "rule", "bio", "description",
    "stay review",
})  # fmt: skip
"""Pools that other languages have none of, and what these have instead."""
INSTEAD = {
    "essay": "paragraph", "message": "sentence", "search": "word", "error": "sentence", "rule": "label",
    "bio": "paragraph", "description": "paragraph", "stay review": "review",
}  # fmt: skip


OTHERS = re.compile(r"emergency|guardian|next_of_kin|spouse|referr|(^|_)(mother|father|parent|manager|assistant)")
"""Columns about another person than the row itself."""


def candidates(entity: Entity, field: Field, domain: Domain, distinct: int, rows: int) -> Iterator[Kind]:
    """Kinds that could serve, the best first; every one is distinct by ordinal."""
    meaning, longest = meanings.text(entity, field), domain.longest
    if meaning in {"email", "username", "full name"} or (meaning in {"first name", "last name"} and not distinct):
        yield Person(meaning, people(rows), other=OTHERS.search(meanings.plain(field.name)) is not None)
    yield from () if distinct else _agreeing(entity, field, meaning, longest)
    if meaning == "email":
        yield Formed(BILLION, lambda o: [f"u{n}@example.com" for n in o.tolist()])
        yield Formed(BILLION, lambda o: [f"u{n}@ex.io" for n in o.tolist()])
    if meaning in {"hash", "token"}:
        yield _digest(longest)
    if meaning == "reference":
        yield Formed(34**8, references(_prefix(entity, field)))
    if meaning == "gateway id":
        yield Formed(GATEWAY_IDS, gateway_ids(meanings.plain(field.name)))
    if meaning in FORMS:
        yield from _form(meaning, distinct)
    if not distinct and (few := tuple(intersected(_few(entity, field, meaning), domain))):
        yield _weighed(few, meanings.usual(field), domain)
    yield from _pooled(_pool_name(meaning, longest), domain, distinct, rows)
    if meaning == "code":
        yield from _codes(field, longest)
    if meaning == "identifier":
        yield from _identifiers(longest)
    yield from _fallbacks(domain, distinct, rows)


def _prefix(entity: Entity, field: Field) -> str:
    """Letters of what is numbered: of the column's first word where it says so, else of the table."""
    first, _, rest = meanings.plain(field.name).partition("_")
    named = rest in {"number", "no", "nr", "num"} and len(first) > 2
    return (first if named else meanings.plain(entity.name))[:3].upper()


def _agreeing(entity: Entity, field: Field, meaning: str, longest: int | None) -> Iterator[Kind]:
    """Kinds that follow what other columns of the row say."""
    if (place := placed(entity, meaning, longest)) is not None:
        yield place
    if meaning == "unit" and (by := meanings.measured_by(entity, field)) is not None:
        yield UnitOf(by)


MODELS = 60


def _digest(longest: int | None) -> Kind:
    length = next((n for n in (64, 40, 32, 16) if longest is None or n <= longest), longest or 16)
    return Formed(MOST if length >= 16 else 16**length, lambda o: hexadecimal(o, length))


def _form(meaning: str, distinct: int) -> Iterator[Kind]:
    size, form = FORMS[meaning]
    if meaning == "model" and not distinct:  # few models, many of each
        models = form
        size, form = MODELS, lambda o: models(permuted(key("model"), o, FORMS[meaning][0]))
    if meaning == "product":
        size = max(PRODUCTS, 4 * distinct) if distinct > PRODUCTS else PRODUCTS
    rounds = 40 if meaning in {"url", "image url", "slug", "path", "file name", "street address"} else None
    if rounds is not None:  # few rounds through the words keep the numbers in it small
        size = min(size, max(rounds * 500, 4 * distinct))
    yield Formed(size, form)


def _pool_name(meaning: str, longest: int | None) -> str:
    if meaning == "country" and longest is not None and longest <= 3:
        return "country code" if longest == 2 else "country code 3"
    if meaning == "state" and longest is not None and longest <= 3:
        return "state code"
    if meaning in ENGLISH:
        return meaning if pools.is_english() else INSTEAD.get(meaning, "title")
    if meaning in POOLED or meaning in pools.FIXED or meaning == "state":
        return POOLED.get(meaning, meaning)
    return ""


def _pooled(name: str, domain: Domain, distinct: int, rows: int) -> Iterator[Kind]:
    """A pool's words as they are; for a unique column numbered when they are too few."""
    if not name:
        return
    words: Sequence[str] = _fitting(name, domain)
    if distinct > len(words):
        room = domain.longest if domain.longest is not None else 10**6
        suffix = 1 + len(str(max(distinct, rows)))
        words = [word for word in words if len(word) + suffix <= room and not word[-1:].isdigit()]
        if words:
            yield Numbered(texts(words), "-" if name in {"word", "domain"} else " ", max(distinct * 2, len(words)))
    elif words:
        steep = name in {"country code", "country", "currency"}  # most people of a shop come from few countries
        if name == "currency":
            words = sorted(words, key=lambda word: word != locales.currency())
        words = words[: FEWER.get(name, len(words))] if not distinct else words
        weighed = (name in pools.FIXED or steep) and not distinct
        ranks = (place * place // 4 if steep else place for place in range(len(words)))
        weights = tuple(map(popularity, words, ranks)) if weighed else ()
        yield Listed(texts(words), weights)


FEWER = {"country": 40, "country code": 40, "currency": 14}
"""Words that come up at all in a column where they may come again."""


def _fitting(name: str, domain: Domain) -> tuple[str, ...]:
    """The words of a pool that a domain takes."""
    return _taken(name, domain, locales.current())


@lru_cache(maxsize=256)
def _taken(name: str, domain: Domain, _locale: str) -> tuple[str, ...]:
    """Kept, since it is asked for again with every table that is filled."""
    return tuple(word for word in intersected(pools.pool(name).tolist(), domain) if matching(word, domain))


def _few(entity: Entity, field: Field, meaning: str) -> tuple[str, ...]:
    """The words of a column that has few: those of its default and of its kind of table."""
    words = (meanings.statuses(entity) if meaning == "status" else None) or pools.FIXED.get(meaning, ())
    usual = meanings.usual(field) if words else None
    return words if usual is None else (usual, *(word for word in words if word != usual))


def _weighed(words: Sequence[str], usual: str | None, domain: Domain) -> Kind:
    """Few words by their weights; most rows have the default, where there is one."""
    found = words_of(replace(domain, among=tuple(words)))
    if usual is None or not isinstance(found, Listed) or usual not in words or is_passing(usual):
        return found
    rest = sum(w for word, w in zip(words, found.weights, strict=True) if word != usual)
    return Listed(
        found.values, tuple(rest * 3 if word == usual else w for word, w in zip(words, found.weights, strict=True))
    )


def _identifiers(longest: int | None) -> Iterator[Kind]:
    if longest is None or longest >= 36:
        yield Formed(MOST, uuids)
    yield _digest(longest)


def _codes(field: Field, longest: int | None) -> Iterator[Kind]:
    """Letters where they are short, or where that is what the description speaks of."""
    told = field.description.lower()
    plain = "letter" in told and not re.search(r"digit|number|alphanumeric", told)
    yield code(min(longest or 6, 6), LETTERS if plain or (longest is not None and longest <= 3) else SYMBOLS)


def _fallbacks(domain: Domain, distinct: int, rows: int) -> Iterator[Kind]:
    longest = domain.longest if domain.longest is not None else 200
    if domain.shortest > 100:
        yield _padded(domain)
    for name, least in (("sentence", 60), ("phrase", 20), ("word", 6)):
        if longest >= least:
            yield from _pooled(name, domain, distinct, rows)
    if longest > 0:
        length = min(max(domain.shortest, min(longest, 8)), 12)
        yield from (code(length, letters) for letters in (ALPHABETS if longest > 2 else reversed(ALPHABETS[:2])))
        if domain.shortest > 12:
            yield _padded(domain)


def _padded(domain: Domain) -> Kind:
    """Long texts of an exact least length."""
    rest = "x" * (domain.shortest - 12)
    return Formed(34**12, lambda o: [text + rest for text in digits(o, SYMBOLS, 12)])


def text(entity: Entity, field: Field, domain: Domain, distinct: int, rows: int) -> Kind:
    """The kind of a text field; the last candidate when none keeps to everything that is asked."""
    if domain.among is not None:
        return words_of(domain)
    last: Kind | None = None
    for candidate in candidates(entity, field, domain, distinct, rows):
        kind = candidate if domain.upper is None else Recased(candidate, domain.upper)
        if kind.size >= distinct and acceptable(kind, domain):
            return kind
        last = kind
    return _from_pattern(domain, distinct) or last or code(1)


def words_of(domain: Domain) -> Kind:
    """The texts of a list, each as frequent as such words are."""
    words: Sequence[str] = [str(v) for v in domain.among or ()]
    return Listed(texts(words), frequencies(domain))


def acceptable(kind: Kind, domain: Domain) -> bool:
    """Whether samples of a kind keep to lengths, patterns and exclusions."""
    found = [str(text) for text in kind.raw(kind.samples())]
    return len(intersected(found, domain)) == len(found) and all(matching(text, domain) for text in found)


def _joined_patterns(patterns: Sequence[str]) -> Iterator[str]:
    """Each pattern, then all of them in a row: those bound to the beginning first, those bound to the end last."""
    yield from patterns
    if len(patterns) > 1:
        ordered = sorted(patterns, key=lambda p: (not p.startswith("^"), p.endswith("$")))
        yield "".join(p.removesuffix("$") if place < len(patterns) - 1 else p for place, p in enumerate(ordered))


def _from_pattern(domain: Domain, distinct: int) -> Kind | None:
    """Texts made from one of the patterns, when they keep to the others as well."""
    asked = [pattern for pattern, _ in domain.patterns]
    wider = [f"{pattern}[a-z0-9]*" for pattern in asked if distinct and not pattern.endswith("$")]
    joined = list(_joined_patterns(asked))
    asked = [*wider, *joined, *(f"{pattern}[a-z0-9]*" for pattern in joined if not pattern.endswith("$"))]
    for pattern, folded in (
        (pattern, folded) for folded in ((True, False) if distinct else (False,)) for pattern in asked
    ):
        try:
            node = compiled(pattern, domain.shortest, domain.longest, distinct=distinct > 0, folded=folded)
        except NotUnderstood:
            continue
        factor = max(node.size // MOST, 1)
        kind: Kind = Formed(min(node.size, MOST), lambda o, n=node, f=factor: [n.text(i * f) for i in o.tolist()])  # type: ignore[misc]
        cased = kind if domain.upper is None else Recased(kind, domain.upper)
        if acceptable(cased, domain) and (cased.size >= distinct or not folded):
            return cased
    return None

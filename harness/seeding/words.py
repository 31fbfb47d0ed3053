"""Texts that look like what their column holds, within its length, case and patterns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from harness.design.model import Entity, Field
from harness.seeding import locales, meanings, pools
from harness.seeding.counters import Ints, bits, key, permuted
from harness.seeding.domain import Domain, frequencies, intersected, matching
from harness.seeding.kinds import MOST, Drawing, Formed, Kind, Listed, Numbered, Recased, Values, spaced
from harness.seeding.names import first_names, last_names, names
from harness.seeding.patterns import NotUnderstood, compiled
from harness.seeding.pools import texts

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SYMBOLS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which are read as digits
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
        firsts, lasts = first_names(), last_names()
        longest = _longest(firsts) + _longest(lasts) * len(firsts)
        turn = len(firsts) * len(lasts)
        return np.append(spaced(min(self.people, self.size)), (self.people - 1) // turn * turn + longest).astype(
            np.int64
        )


def _longest(words: pools.Texts) -> int:
    return max(range(len(words)), key=lambda place: len(words[place]))


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


def digits(ordinals: Ints, alphabet: str, length: int) -> list[str]:
    """Ordinals as words of a fixed length over an alphabet."""
    base = len(alphabet)
    letters = np.array(list(alphabet), dtype="U1")
    matrix = np.empty((len(ordinals), length), dtype="U1")
    rest = ordinals.copy()
    for place in range(length - 1, -1, -1):
        rest, digit = np.divmod(rest, base)
        matrix[:, place] = letters[digit]
    joined: list[str] = np.ascontiguousarray(matrix).view(f"U{length}").ravel().tolist()
    return joined


def hexadecimal(ordinals: Ints, length: int) -> list[str]:
    """Ordinals as hexadecimal digests of a fixed length: 16 digits tell them apart, the rest follows from them."""
    blocks = [bits(key("hex", turn), ordinals).astype(">u8") for turn in range((length + 15) // 16)]
    text = np.stack(blocks, axis=1).tobytes().hex()
    width = 16 * len(blocks)
    return [text[start : start + length] for start in range(0, len(text), width)]


def code(length: int, alphabet: str = LETTERS) -> Kind:
    """All words of a length over an alphabet."""
    length = max(length, 1)
    size = min(len(alphabet) ** length, MOST)
    return Formed(size, lambda o: digits(permuted(key("code"), o, size), alphabet, min(length, 12)))


def _mixed(ordinals: Ints, *sizes: int) -> list[list[int]]:
    """The digits of ordinals in mixed radix, the first turning fastest; the last takes the rest."""
    found = []
    for size in sizes:
        ordinals, digit = np.divmod(ordinals, size)
        found.append(digit.tolist())
    return [*found, ordinals.tolist()]


def _phones(o: Ints) -> list[str]:
    line, area, exchange, _ = _mixed(o, 10_000, 700, 800)
    code = locales.calling_code()
    return [f"+{code}-{201 + a}-{200 + e}-{n:04d}" for a, e, n in zip(area, exchange, line, strict=True)]


def _ips(o: Ints) -> list[str]:
    d, c, b, a, _ = _mixed(o, 254, 256, 256, 190)
    return [f"{20 + w}.{x}.{y}.{z + 1}" for w, x, y, z in zip(a, b, c, d, strict=True)]


def _macs(o: Ints) -> list[str]:
    return [f"02:{h[0:2]}:{h[2:4]}:{h[4:6]}:{h[6:8]}:{h[8:10]}" for h in digits(o, "0123456789abcdef", 10)]


def _versions(o: Ints) -> list[str]:
    patch, minor, major = _mixed(o, 20, 30)
    return [f"{m + 1}.{n}.{p}" for m, n, p in zip(major, minor, patch, strict=True)]


def _skus(o: Ints) -> list[str]:
    number, letters = np.divmod(o, 26**3)
    return [f"{a}-{n:05d}" for a, n in zip(digits(letters, LETTERS, 3), number.tolist(), strict=True)]


def _lettered(o: Ints) -> Iterator[tuple[str, int]]:
    letters, number = np.divmod(o, 90)
    return zip(digits(letters, LETTERS, 2), number.tolist(), strict=True)


def _references(prefix: str) -> Callable[[Ints], list[str]]:
    return lambda o: [f"{prefix}-{text}" for text in digits(o, SYMBOLS, 8)]


def _worded(template: str, pool: str, suffix: str = "") -> Callable[[Ints], list[str]]:
    """``template`` with ``{w}`` a word of the pool and ``{n}`` the number of the round."""

    def form(o: Ints) -> list[str]:
        words = pools.pool(pool)
        place, number = _mixed(o, len(words))
        return [
            template.format(w=words[p].lower().replace(" ", "-"), n=n + 1) + suffix
            for p, n in zip(place, number, strict=True)
        ]

    return form


def uuids(o: Ints) -> list[str]:
    """Random-looking (version 4) UUIDs; the second half alone tells 2**62 of them apart."""
    tail = permuted(key("uuid"), o, MOST).astype(np.uint64) | np.uint64(1 << 63)
    pairs = np.stack([bits(key("uuid head"), o).astype(">u8"), tail.astype(">u8")], axis=1)
    h = pairs.tobytes().hex()
    return [
        f"{h[i : i + 8]}-{h[i + 8 : i + 12]}-4{h[i + 13 : i + 16]}-{h[i + 16 : i + 20]}-{h[i + 20 : i + 32]}"
        for i in range(0, len(h), 32)
    ]


BILLION = 10**9


def _addresses(o: Ints) -> list[str]:
    streets = pools.pool("street")
    place, number = _mixed(o, len(streets))
    form = "{n} {street}" if locales.numbers_first() else "{street} {n}"
    return [form.format(n=n + 1, street=streets[p]) for p, n in zip(place, number, strict=True)]


FORMS: dict[str, tuple[int, Callable[[Ints], list[str]]]] = {
    "phone": (10_000 * 700 * 800, _phones),
    "ip": (254 * 256 * 256 * 190, _ips),
    "mac": (16**10, _macs),
    "version": (20 * 30 * 9, _versions),
    "sku": (26**3 * 90_000, _skus),
    "barcode": (10**10, lambda o: [f"{4_000_000_000_000 + n * 7}" for n in o.tolist()]),
    "uuid": (MOST, uuids),
    "url": (BILLION, _worded("https://{w}/p/{n}", "domain")),
    "image url": (BILLION, _worded("https://cdn.example.com/{w}/{n}", "word", ".jpg")),
    "slug": (BILLION, _worded("{w}-{n}", "phrase")),
    "path": (BILLION, _worded("/data/{w}/{n}", "word")),
    "file name": (BILLION, _worded("{w}-{n}", "word", ".pdf")),
    "model": (26**2 * 90, lambda o: [f"{a}-{10 * (n + 10)}" for a, n in _lettered(o)]),
    "coupon": (34**8, lambda o: digits(o, SYMBOLS, 8)),
    "suite": (900, lambda o: [f"Apt. {100 + n}" for n in o.tolist()]),
    "street address": (BILLION, _addresses),
}
POOLED = {
    "company": "company", "city": "city", "job": "job", "title": "title", "sentence": "sentence", "domain": "domain",
    "paragraph": "paragraph", "user agent": "user agent", "password hash": "password hash", "word": "word",
    "first name": "first name", "last name": "last name", "product": "product",
    "postal code": "postal code", "country": "country", "label": "phrase", "place": "place",
}  # fmt: skip


def candidates(entity: Entity, field: Field, domain: Domain, distinct: int, rows: int) -> Iterator[Kind]:
    """Kinds that could serve, the best first; every one is distinct by ordinal."""
    meaning, longest = meanings.text(entity, field), domain.longest
    if meaning in {"email", "username", "full name"} or (meaning in {"first name", "last name"} and not distinct):
        yield Person(meaning, people(rows))
    if meaning == "email":
        yield Formed(BILLION, lambda o: [f"u{n}@example.com" for n in o.tolist()])
        yield Formed(BILLION, lambda o: [f"u{n}@ex.io" for n in o.tolist()])
    if meaning in {"hash", "token"}:
        yield _digest(longest)
    if meaning == "reference":
        yield Formed(34**8, _references(meanings.plain(entity.name)[:3].upper()))
    if meaning in FORMS:
        yield from _form(meaning, distinct)
    if not distinct and (few := tuple(intersected(_few(entity, field, meaning), domain))):
        yield words_of(replace(domain, among=few))
    yield from _pooled(_pool_name(meaning, longest), domain, distinct, rows)
    if meaning == "code":
        yield from _codes(longest)
    if meaning == "identifier":
        yield from _identifiers(longest)
    yield from _fallbacks(domain, distinct, rows)


def _digest(longest: int | None) -> Kind:
    length = next((n for n in (64, 40, 32, 16) if longest is None or n <= longest), longest or 16)
    return Formed(MOST if length >= 16 else 16**length, lambda o: hexadecimal(o, length))


def _form(meaning: str, distinct: int) -> Iterator[Kind]:
    size, form = FORMS[meaning]
    rounds = 40 if meaning in {"url", "image url", "slug", "path", "file name", "street address"} else None
    if rounds is not None:  # few rounds through the words keep the numbers in it small
        size = min(size, max(rounds * 500, 4 * distinct))
    yield Formed(size, form)


def _pool_name(meaning: str, longest: int | None) -> str:
    if meaning == "country" and longest is not None and longest <= 3:
        return "country code" if longest == 2 else "country code 3"
    if meaning == "state" and longest is not None and longest <= 3:
        return "state code"
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
        weighed = (name in pools.FIXED or name == "country code") and not distinct
        steep = name == "country code"  # most people of a shop come from few countries
        ranks = (place * place // 4 if steep else place for place in range(len(words)))
        weights = tuple(map(meanings.popularity, words, ranks)) if weighed else ()
        yield Listed(texts(words), weights)


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


def _identifiers(longest: int | None) -> Iterator[Kind]:
    if longest is None or longest >= 36:
        yield Formed(MOST, uuids)
    yield _digest(longest)


def _codes(longest: int | None) -> Iterator[Kind]:
    yield code(min(longest or 6, 6), LETTERS if longest is not None and longest <= 3 else SYMBOLS)


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
    for pattern in (*wider, *_joined_patterns(asked)):
        try:
            node = compiled(pattern, domain.shortest, domain.longest, distinct=distinct > 0)
        except NotUnderstood:
            continue
        factor = max(node.size // MOST, 1)
        kind: Kind = Formed(min(node.size, MOST), lambda o, n=node, f=factor: [n.text(i * f) for i in o.tolist()])  # type: ignore[misc]
        cased = kind if domain.upper is None else Recased(kind, domain.upper)
        if acceptable(cased, domain):
            return cased
    return None

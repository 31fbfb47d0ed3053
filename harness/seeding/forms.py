"""Texts formed from a number: codes, digests, telephone numbers, addresses; no two numbers give the same text."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from harness.seeding import locales, pools
from harness.seeding.counters import Ints, bits, key, permuted
from harness.seeding.kinds import MOST, Formed, Kind

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SYMBOLS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which are read as digits


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


def mixed(ordinals: Ints, *sizes: int) -> list[list[int]]:
    """The digits of ordinals in mixed radix, the first turning fastest; the last takes the rest."""
    found = []
    for size in sizes:
        ordinals, digit = np.divmod(ordinals, size)
        found.append(digit.tolist())
    return [*found, ordinals.tolist()]


def _phones(o: Ints) -> list[str]:
    line, area, exchange, _ = mixed(o, 10_000, 700, 800)
    code = locales.calling_code()
    return [f"+{code}-{201 + a}-{200 + e}-{n:04d}" for a, e, n in zip(area, exchange, line, strict=True)]


def _ips(o: Ints) -> list[str]:
    d, c, b, a, _ = mixed(o, 254, 256, 256, 190)
    return [f"{20 + w}.{x}.{y}.{z + 1}" for w, x, y, z in zip(a, b, c, d, strict=True)]


def _macs(o: Ints) -> list[str]:
    return [f"02:{h[0:2]}:{h[2:4]}:{h[4:6]}:{h[6:8]}:{h[8:10]}" for h in digits(o, "0123456789abcdef", 10)]


def _versions(o: Ints) -> list[str]:
    patch, minor, major = mixed(o, 20, 30)
    return [f"{m + 1}.{n}.{p}" for m, n, p in zip(major, minor, patch, strict=True)]


def _skus(o: Ints) -> list[str]:
    number, letters = np.divmod(o, 26**3)
    return [f"{a}-{n:05d}" for a, n in zip(digits(letters, LETTERS, 3), number.tolist(), strict=True)]


def _lettered(o: Ints) -> Iterator[tuple[str, int]]:
    letters, number = np.divmod(o, 90)
    return zip(digits(letters, LETTERS, 2), number.tolist(), strict=True)


def references(prefix: str) -> Callable[[Ints], list[str]]:
    """Numbers on papers, such as ``ORD-7K2M90QX``."""
    return lambda o: [f"{prefix}-{text}" for text in digits(o, SYMBOLS, 8)]


def _worded(template: str, pool: str, suffix: str = "") -> Callable[[Ints], list[str]]:
    """``template`` with ``{w}`` a word of the pool and ``{n}`` the number of the round."""

    def form(o: Ints) -> list[str]:
        words = pools.pool(pool)
        place, number = mixed(o, len(words))
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


PRODUCTS = len(pools.QUALITIES) * len(pools.MATERIALS) * len(pools.GOODS)
"""Names of products; after them they come with a number."""


@lru_cache(maxsize=1)
def _product_names() -> pools.Texts:
    lists = product(pools.QUALITIES, pools.MATERIALS, pools.GOODS)
    return pools.texts([" ".join(words) for words in lists])


def _products(o: Ints) -> pools.Texts:
    turn, within = np.divmod(o, PRODUCTS)
    names = _product_names()[permuted(key("product"), within, PRODUCTS)]
    if not turn.any():
        return names
    return pools.texts([f"{name} No. {t + 1}" if t else name for name, t in zip(names, turn.tolist(), strict=True)])


def _barcodes(o: Ints) -> list[str]:
    """EAN-13: the last digit makes the sum of the digits, every second one three times, a multiple of ten."""
    body = 400_000_000_000 + permuted(key("barcode"), o, 10**10)
    total, rest = np.zeros(len(o), dtype=np.int64), body
    for place in range(12):
        rest, digit = np.divmod(rest, 10)
        total += digit * (3 if place % 2 == 0 else 1)
    return [f"{number}" for number in (body * 10 + -total % 10).tolist()]


IBANS = {
    "DE": "37040044", "NO": "8", "NL": "ABNA", "GB": "BARC2004", "FR": "3000600001123", "ES": "2100041845",
    "IT": "X054281110", "CH": "0076201",
}  # fmt: skip
"""What stands between the check digits and the last ten digits of an account, by country (ISO 13616)."""


def _ibans(o: Ints) -> list[str]:
    own = locales.country()
    country = own if own in IBANS else "DE"
    bodies = [f"{IBANS[country]}{n:010d}" for n in permuted(key("iban"), o, 10**10).tolist()]
    return [f"{country}{98 - int(''.join(str(int(c, 36)) for c in f'{b}{country}00')) % 97:02d}{b}" for b in bodies]


HASHES = 1 << 33


def _hashes(prefix: str, sign: str, length: int) -> Callable[[Ints], list[str]]:
    """Hashes of passwords: parameters, 22 letters of salt, then ``length`` of the digest. No two are the same."""

    def form(o: Ints) -> list[str]:
        digests, salts = pools.pool("digest"), pools.pool("salt")
        tails = _tails(length - len(digests[0]), locales.current())
        salt, rest = np.divmod(permuted(key("password"), o, HASHES), 1 << 22)
        digest, tail = np.divmod(rest, 1 << 11)
        parts = zip(salts[salt].tolist(), digests[digest].tolist(), tails[tail].tolist(), strict=True)
        return [f"{prefix}{a}{sign}{b}{c}" for a, b, c in parts]

    return form


@lru_cache(maxsize=16)
def _tails(length: int, _locale: str) -> pools.Texts:
    return pools.texts([text[:length] for text in pools.pool("tail")])


def _doors(o: Ints) -> list[str]:
    room, floor, wing = mixed(o, 40, 30)
    return [f"{'ABCDEFGHJK'[w - 1] if w else ''}{f + 1}{r + 1:02d}" for r, f, w in zip(room, floor, wing, strict=True)]


def _addresses(o: Ints) -> list[str]:
    streets = pools.pool("street")
    place, number = mixed(o, len(streets))
    form = "{n} {street}" if locales.numbers_first() else "{street} {n}"
    return [form.format(n=n + 1, street=streets[p]) for p, n in zip(place, number, strict=True)]


def _numbered(prefix: str, length: int, alphabet: str = "0123456789") -> Callable[[Ints], list[str]]:
    """A prefix and so many digits or letters, in no order."""
    size = len(alphabet) ** length
    return lambda o: [prefix + text for text in digits(permuted(key(prefix, "numbered"), o, size), alphabet, length)]


VAT_DIGITS = {"DE": 9, "AT": 8, "FR": 11, "IT": 11, "PL": 10, "DK": 8, "FI": 8, "GB": 9, "PT": 9}
"""Digits of the numbers that firms are taxed under, after the letters of the country."""


def _vat_ids(o: Ints) -> list[str]:
    own = locales.country() if locales.country() in VAT_DIGITS else "DE"
    count = VAT_DIGITS[own]
    letters = "ATU" if own == "AT" else own
    return [f"{letters}{n + 10 ** (count - 1)}" for n in permuted(key("vat"), o, 9 * 10**7).tolist()]


def _icd(o: Ints) -> list[str]:
    letters, number = np.divmod(permuted(key("icd"), o, 20_000), 1000)
    return [f"{LETTERS[a]}{n // 10:02d}.{n % 10}" for a, n in zip(letters.tolist(), number.tolist(), strict=True)]


def _plates(o: Ints) -> list[str]:
    letters, number = np.divmod(permuted(key("plate"), o, 26**3 * 9000), 9000)
    pairs = list(zip(digits(letters, LETTERS, 3), number.tolist(), strict=True))
    if locales.current().startswith("de_"):
        return [f"{text[0]}-{text[1:]} {n + 1000}" for text, n in pairs]
    return [f"{text}-{n + 1000}" for text, n in pairs]


def _bics(o: Ints) -> list[str]:
    country = locales.country()
    return [f"{text[:4]}{country}{text[4:]}" for text in digits(permuted(key("bic"), o, 26**6), LETTERS, 6)]


GATEWAYS = {"customer": "cus_", "subscription": "sub_", "payment": "pi_", "invoice": "in_", "charge": "ch_",
            "price": "price_", "product": "prod_", "account": "acct_"}  # fmt: skip
"""What the ids of payment services begin with, by what they are of."""


def gateway_ids(name: str) -> Callable[[Ints], list[str]]:
    """Ids as payment services give them, such as ``cus_9s6XKzkNRiz8i3``, by a column's name."""
    prefix = next((prefix for word, prefix in GATEWAYS.items() if word in name), "evt_")
    return _numbered(prefix, 10, SYMBOLS + "abcdefghjkmnpqrstuvwxyz")


GATEWAY_IDS = 57**10

FORMS: dict[str, tuple[int, Callable[[Ints], pools.Texts | Sequence[Any]]]] = {
    "phone": (10_000 * 700 * 800, _phones),
    "ip": (254 * 256 * 256 * 190, _ips),
    "mac": (16**10, _macs),
    "version": (20 * 30 * 9, _versions),
    "sku": (26**3 * 90_000, _skus),
    "barcode": (10**10, _barcodes),
    "iban": (10**10, _ibans),
    "password hash": (HASHES, _hashes("$2b$12$", "", 31)),
    "argon2 hash": (HASHES, _hashes("$argon2id$v=19$m=65536,t=3,p=4$", "$", 43)),
    "product": (PRODUCTS * 1000, _products),
    "last digits": (10_000, _numbered("", 4)),
    "key prefix": (10_000, _numbered("sk_live_", 4)),
    "tracking": (10**12, _numbered("JD0140", 12)),
    "vat id": (9 * 10**7, _vat_ids),
    "icd": (20_000, _icd),
    "plate": (26**3 * 9000, _plates),
    "vin": (34**8, _numbered("WVWZZZ1KZ", 8, SYMBOLS)),
    "bic": (26**6, _bics),
    "door": (40 * 30 * 11, _doors),
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

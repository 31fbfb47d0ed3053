"""The locale that words are of: names, streets, cities, companies and sentences as people have them there.

Rows are made under one (``speaking``), so that pools need not be handed through every kind of value.
"""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

USUAL = "en_US"
_current: ContextVar[str] = ContextVar("locale", default=USUAL)

SPELLED = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d",
    "ð": "d", "þ": "th", "ı": "i", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Å": "Aa", "Æ": "Ae", "Œ": "Oe",
    "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "Th",
})  # fmt: skip
"""Letters that are more than a letter with a mark, as mail addresses spell them."""

CALLING = {
    "US": 1, "CA": 1, "RU": 7, "EG": 20, "GR": 30, "NL": 31, "BE": 32, "FR": 33, "ES": 34, "HU": 36, "IT": 39, "RO": 40,
    "CH": 41, "AT": 43, "GB": 44, "DK": 45, "SE": 46, "NO": 47, "PL": 48, "DE": 49, "MX": 52, "AR": 54, "BR": 55,
    "CL": 56, "CO": 57, "AU": 61, "ID": 62, "PH": 63, "NZ": 64, "TH": 66, "JP": 81, "KR": 82, "CN": 86, "TR": 90,
    "IN": 91, "PT": 351, "IE": 353, "FI": 358, "BG": 359, "LT": 370, "LV": 371, "EE": 372, "UA": 380, "HR": 385,
    "SI": 386, "CZ": 420, "SK": 421,
}  # fmt: skip
"""The code that calls to a country begin with (ITU-T E.164)."""


def current() -> str:
    """The locale that rows are made under."""
    return _current.get()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Make rows under a locale."""
    token = _current.set(locale)
    try:
        yield
    finally:
        _current.reset(token)


def country() -> str:
    """The country of the locale, as two letters."""
    return current().rpartition("_")[2]


MONEY = {
    "US": "USD", "GB": "GBP", "JP": "JPY", "CA": "CAD", "AU": "AUD", "CH": "CHF", "SE": "SEK", "NO": "NOK", "DK": "DKK",
    "PL": "PLN", "IN": "INR", "BR": "BRL", "MX": "MXN", "NZ": "NZD", "CN": "CNY", "KR": "KRW", "TR": "TRY", "CZ": "CZK",
}  # fmt: skip


def currency() -> str:
    """The money of the locale's country (ISO 4217)."""
    return MONEY.get(country(), "EUR")


def calling_code() -> int:
    """What telephone numbers begin with."""
    return CALLING.get(country(), 1)


def spelled(name: str) -> str:
    """A name in the letters that mail addresses have; empty for one in another script."""
    plain = unicodedata.normalize("NFKD", name.translate(SPELLED))
    found = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return found if found.isascii() and found.isalpha() else ""


def is_word(name: str) -> bool:
    """Whether it is one word of letters, with their marks."""
    return all(letter.isalpha() or unicodedata.category(letter)[0] == "M" for letter in name)


def numbers_first() -> bool:
    """Whether a house's number stands before the street's name."""
    return current().partition("_")[0] in {"en", "fr"}


def bare(name: str) -> str:
    """A name without marks and case: servers' collations take names for the same that have the same one."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))

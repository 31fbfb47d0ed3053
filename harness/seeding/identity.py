"""Who a planted row is: the name that goes with a mail address or a user name that a query asks for."""

import re
from collections.abc import Mapping

import numpy as np

from harness.seeding.domain import Value, intersected, matching
from harness.seeding.making import Rows
from harness.seeding.origins import Distinct, Drawn
from harness.seeding.table import Table
from harness.seeding.words import person


def namesakes(table: Table, row: int, planted: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """Names for a row with a planted address: ``ada.lovelace@…`` is Ada Lovelace, ``ada@…`` Ada with the row's surname.

    Only columns that are free, and take the name, are given one.
    """
    parts = {name: part for name in table.columns if (part := _part(table, name)) is not None}
    told = next((str(v) for n, v in planted.items() if parts.get(n) in {"email", "username"} and v is not None), "")
    words = re.split(r"[._\-+]", told.partition("@")[0])
    if not all(word.isalpha() for word in words) or len(words) > 2:
        return {}
    found: dict[str, Value | None] = {}
    for name, part in parts.items():
        free = name not in planted and isinstance(table.columns[name].origin, Drawn)
        text = _named(part, words, str(Rows(table, np.array([row], dtype=np.int64)).raw(name)[0])) if free else ""
        domain = table.conditions.domains[name]
        if text and intersected([text], domain) and matching(text, domain):
            found[name] = text
    return found


def _part(table: Table, name: str) -> str | None:
    origin = table.columns[name].origin
    someone = person(origin.kind) if isinstance(origin, Drawn | Distinct) else None
    return None if someone is None else someone.part


def _named(part: str, words: list[str], natural: str) -> str:
    """The name of that part; empty for none."""
    first, last = words[0].title(), words[1].title() if len(words) > 1 else natural.rsplit(" ", maxsplit=1)[-1]
    match part:
        case "full name":
            return f"{first} {last}"
        case "first name":
            return first
        case "last name":
            return last if len(words) > 1 else ""
    return ""

"""Kinds for families that are neither numbers nor dates nor plain text: uuid, json, network, ranges, arrays."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from harness.design.model import Field, Shape
from harness.seeding import meanings, pools
from harness.seeding.counters import Ints, bits, key, permuted, stride
from harness.seeding.documents import holding
from harness.seeding.domain import Domain
from harness.seeding.forms import digits, hexadecimal, uuids
from harness.seeding.kinds import MOST, Drawing, Formed, Kind, Listed, Values, objects
from harness.seeding.moments import events, micros
from harness.seeding.ticks import ORDERED, rendered
from harness.seeding.words import acceptable, words_of

Form = Callable[[Ints], Values | Sequence[Any]]
Made = tuple[int, Form]
"""How many values there are, and the function that forms them."""


def boolean(field: Field, domain: Domain) -> Kind:
    """A flag, as often true as its name lets expect."""
    allowed = [v for v in (True, False) if (domain.among is None or v in domain.among) and v not in domain.excluded]
    share = meanings.truth(field)
    asked = dict(domain.weights)
    weights = tuple(asked.get(v, 0.0) if asked else share if v else 1 - share for v in allowed)
    return Listed(np.array(allowed, dtype=np.bool_), weights if sum(weights) else ())


def enum(domain: Domain) -> Kind:
    """The labels of an enum that are allowed."""
    return words_of(domain)


def special(field: Field, shape: Shape, domain: Domain, now: datetime) -> Kind | None:
    """The kind of any other family; None when the harness cannot make such values."""
    if domain.among is not None:
        return words_of(domain)
    if shape.family == "json":
        return _json(field, domain)
    maker = FORMS.get(shape.family) or EXTENSIONS.get(
        field.type.partition("(")[0].rpartition(".")[2].strip('"').lower()
    )
    shape = replace(shape, length=_dimensions(field.type)) if shape.family == "other" else shape
    form = None if maker is None else maker(shape, now)
    if form is None:
        return None
    return Disjoint(*form) if shape.family == "range" else Formed(*form)


def _pairs(o: Ints, words: pools.Texts) -> list[tuple[str, str]]:
    second, first = np.divmod(o, len(words))
    return list(zip(words[first].tolist(), words[second % len(words)].tolist(), strict=True))


def _json(field: Field, domain: Domain) -> Kind:
    """A pool by the column's name; another where a condition on its shape (``jsonb_typeof``) asks for one."""
    name = meanings.plain(field.name)
    if re.search(r"address", name):
        first = "json address"
    elif re.search(r"(tag|list|item|role|permission|keyword|label|image|array)s?$", name):
        first = "json list"
    elif re.search(r"attribute|spec|propert|feature|limit|entitle", name):
        first = "json features" if re.search(r"feature|limit|entitle", name) else "json attributes"
    else:
        first = "json settings" if re.search(r"setting|pref|config|option", name) else "json event"
    for name in dict.fromkeys((first, "json event", "json list")):
        kind = Listed(pools.pool(name))
        if domain.holds:
            kind = Listed(pools.texts(holding(kind.values.tolist(), domain.holds)))
        if acceptable(kind, domain):
            return kind
    return Listed(pools.pool(first))


def _network(shape: Shape, _now: datetime) -> Made:
    detail = shape.detail
    if "mac" in detail:
        size = 8 if "8" in detail else 6
        return 16**10, lambda o: [
            ":".join(_octets("02" + h, size)) for h in digits(o, "0123456789abcdef", 2 * size - 2)
        ]
    if detail == "cidr":
        return 1 << 22, lambda o: [f"10.{n >> 14 & 255}.{n >> 6 & 255}.{(n & 63) << 2}/30" for n in o.tolist()]
    if detail == "inet6":  # MariaDB takes no address of version 4 there
        return 1 << 30, lambda o: [f"2001:db8:{(n >> 15) + 1:x}::{(n & 32767) + 1:x}" for n in o.tolist()]
    return 1 << 30, lambda o: [f"{24 + (n >> 24)}.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in o.tolist()]


def _octets(text: str, count: int) -> list[str]:
    return [text[2 * place : 2 * place + 2] for place in range(count)]


def _bits(shape: Shape, _now: datetime) -> Made:
    length = shape.length or (1 if shape.fixed else 16)
    return 1 << min(length, 62), lambda o: [format(n, f"0{length}b") for n in o.tolist()]


def _geometry(shape: Shape, _now: datetime) -> Made:
    templates = {
        "point": "({x},{y})", "box": "(({x},{y}),({z},{w}))", "lseg": "[({x},{y}),({z},{w})]",
        "circle": "<({x},{y}),1.5>", "path": "[({x},{y}),({z},{w})]",
        "polygon": "(({x},{y}),({z},{y}),({z},{w}))", "line": "{{1,2,{x}}}",
        "geometry": "POINT({x} {y})", "geography": "POINT({x} {y})",
    }  # fmt: skip
    template = templates.get(shape.detail.split("(", maxsplit=1)[0], "({x},{y})")
    return 3600 * 1400, lambda o: [
        template.format(
            x=n % 3600 / 10 - 180, y=n // 3600 % 1400 / 10 - 60, z=n % 3600 / 10 - 179, w=n // 3600 / 10 - 59
        )
        for n in o.tolist()
    ]


class Disjoint(Formed):
    """Values of which each row has its own: ranges that never overlap, so that exclusion constraints hold as well."""

    def draw(self, of: int, rows: Drawing) -> Ints:
        """Each row has its own."""
        del of
        return rows.numbers


MACHINE = 5
"""Bytes of an ObjectId that stand for the process that made it."""
COUNTER = 1 << 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued(Disjoint):
    """ObjectIds as drivers give them to documents one after the other: second of the event, process, counter.

    They rise with the row number, as keys that were given one by one do (an index on them grows at its end), but for
    rows whose event is another one than their number's: that of a parent came later, or it was planted. The layout is
    that of https://www.mongodb.com/docs/manual/reference/bson-types/#objectid.
    """

    given: Callable[[Ints, Ints], Values]
    """The ids of rows by their numbers and the microseconds of their events."""


def issued(of: int, rows: int, reach_us: int, now: datetime) -> Issued:
    """The ids of a collection whose documents came in over ``reach_us``."""
    process = np.frombuffer(key(of, "process").to_bytes(8, "big")[:MACHINE], dtype=np.uint8)
    first, now_us = key(of, "counter") % COUNTER, micros(now)

    def given(numbers: Ints, born_us: Ints) -> Values:
        seconds = np.clip(born_us // 10**6, 0, 2**32 - 1).astype(">u4")
        counted = ((numbers + first) % COUNTER).astype(">u4")
        found = np.empty((len(numbers), 12), dtype=np.uint8)
        found[:, :4] = seconds.view(np.uint8).reshape(-1, 4)
        found[:, 4:9] = process
        found[:, 9:] = counted.view(np.uint8).reshape(-1, 4)[:, 1:]
        text = found.tobytes().hex()
        return objects([text[start : start + 24] for start in range(0, len(text), 24)])

    def form(numbers: Ints) -> Values:
        return given(numbers, events(key(of, "event"), numbers, rows, now_us, reach_us))

    return Issued(MOST, form, given=given)


def _ranges(shape: Shape, now: datetime) -> Made | None:
    detail = shape.detail
    name = detail.replace("multirange", "range")
    many = "{{{}}}" if detail != name else "{}"
    start = datetime.fromtimestamp(micros(now) // 10**6 - 730 * 86_400, tz=now.tzinfo).replace(
        tzinfo=None, microsecond=0
    )
    if name in {"int4range", "int8range", "numrange"}:
        return (1 << 31) // 16, lambda o: [many.format(f"[{n * 10},{n * 10 + 8})") for n in o.tolist()]
    if name == "daterange":
        first = start.date()
        return 500_000, lambda o: [
            many.format(f"[{first + timedelta(days=n)},{first + timedelta(days=n + 1)})") for n in o.tolist()
        ]
    if name in {"tsrange", "tstzrange"}:
        hour = timedelta(hours=1)
        return 50_000_000, lambda o: [
            many.format(f'["{start + n * hour}","{start + n * hour + hour * 0.75}")') for n in o.tolist()
        ]
    return None


def _bytes(shape: Shape, _now: datetime) -> Made:
    length = min(shape.length or 32, 32)
    return min(256**length, MOST), lambda o: [bytes.fromhex(h) for h in hexadecimal(o, 2 * length)]


def _search(shape: Shape, _now: datetime) -> Made:
    words, sign = pools.pool("word"), " & " if shape.detail == "tsquery" else " "
    return len(words) ** 2, lambda o: [f"'{a}'{sign}'{b}'" for a, b in _pairs(o, words)]


def _xml(_shape: Shape, _now: datetime) -> Made:
    words = pools.pool("word")
    return len(words) ** 2, lambda o: [f"<item><name>{a}</name><note>{b}</note></item>" for a, b in _pairs(o, words)]


FORMS: dict[str, Callable[[Shape, datetime], Made | None]] = {
    "uuid": lambda _shape, _now: (MOST, uuids),
    "objectid": lambda _shape, _now: (MOST, lambda o: hexadecimal(o, 24)),
    "network": _network,
    "bits": _bits,
    "bytes": _bytes,
    "range": _ranges,
    "geometry": _geometry,
    "search": _search,
    "xml": _xml,
}


USUAL_DIMENSIONS = 3


def _dimensions(type_: str) -> int:
    found = re.search(r"\((\d+)\)", type_)
    return int(found[1]) if found else USUAL_DIMENSIONS


def _vectors(shape: Shape, _now: datetime) -> Made:
    """Directions from everywhere, as texts are embedded."""
    count = shape.length or USUAL_DIMENSIONS
    digits_of = (1 << 11) - 1

    def form(o: Ints) -> list[str]:
        parts = [(bits(key("vector", n), o) % np.uint64(2 * digits_of)).astype(np.int64) for n in range(count)]
        matrix = (np.stack(parts, axis=1) - digits_of) / digits_of
        return ["[" + ",".join(f"{value:.3f}" for value in row) + "]" for row in matrix.tolist()]

    return MOST, form


def _labelled(template: str) -> Callable[[Shape, datetime], Made]:
    """Two words in a template."""

    def made(_shape: Shape, _now: datetime) -> Made:
        words = pools.texts([word for word in pools.pool("word").tolist() if word.isascii() and word.isalpha()])
        return len(words) ** 2, lambda o: [template.format(a=a, b=b) for a, b in _pairs(o, words)]

    return made


EXTENSIONS: dict[str, Callable[[Shape, datetime], Made | None]] = {
    "hstore": _labelled('"label"=>"{a}", "group"=>"{b}"'), "ltree": _labelled("top.{a}.{b}"), "vector": _vectors,
    "halfvec": _vectors,
}  # fmt: skip
"""Types of PostgreSQL's extensions that have no family of their own."""

MOMENTS = frozenset({"date", "timestamp"})
"""What an array holds in its order: it grows at its end."""


def array(element: Kind, domain: Domain, shape: Shape, *, differing: bool = False, apart: int = 0) -> Kind:
    """Arrays of one to four elements (or as many as the domain asks for), told apart by all of them.

    ``differing``: no array has an element twice; it then has no more than there are different ones.
    ``apart``: so many arrays must have no element in common.
    """
    own = min(element.size, 1 << 20)
    least = max(domain.shortest, 1)
    most = max(min(domain.longest or 4, least + 3, own if differing else least + 3), least)

    wide = element.size // own if shape.family in ORDERED else 1  # ordered values are from everywhere, not the lowest

    def drawn(turn: int, o: Ints) -> Ints:
        if apart:
            return (o * most + turn) % element.size
        if not differing:
            return permuted(key("array", turn), o % own, own) * wide
        return (permuted(key("array", 0), o % own, own) + turn * stride(key("array", "next"), own)) % own * wide

    def form(o: Ints) -> Values:
        counts = least + (bits(key("array length"), o) % np.uint64(most - least + 1)).astype(np.int64)
        raws = [element.raw(drawn(turn, o)) for turn in range(most)]
        parts = [rendered(raw, shape) for raw in raws] if shape.family in ORDERED else raws
        lists = zip(*(part.tolist() for part in parts), strict=True)
        found = [list(values[:count]) for values, count in zip(lists, counts.tolist(), strict=True)]
        return objects([sorted(each) for each in found] if shape.family in MOMENTS else found)

    return Formed(max(min(element.size // most, 4 * apart), 1) if apart else own, form)

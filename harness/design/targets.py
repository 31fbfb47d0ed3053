"""What a line promises of a query: a time with its percentile and volume, a growth, an index."""

import re
from dataclasses import dataclass

from harness.design.claim_types import GrowsAs, UsesIndex, WithinTarget
from harness.design.facts import Known
from harness.design.indexes import INDEXISH
from harness.design.mongo_indexes import KEYS, named
from harness.design.names import PATH, bare, ticked
from harness.source import Source

_UNITS = {
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds", "мс"), 1.0),
    **dict.fromkeys(("µs", "μs", "us"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "с"), 1000.0),
}
"""Milliseconds in one of each."""
_TIME = re.compile(
    r"(?P<sign>[<≤~≈=]+\s*|\b(?:under|below|within|less\s+than|at\s+most|up\s+to|max(?:imum)?|sub-?|about|around|in|faster\s+than|"
    r"no\s+more\s+than|no\s+longer\s+than|not\s+exceed(?:ing)?|unter|höchstens|maximal|innerhalb(?:\s+von)?|weniger\s+als|"
    r"of|is)\s*:?\s*)?"
    r"(?:\d+(?:[.,]\d+)?\s*(?:ms|s)?\s*[-–—]\s*)?(?P<number>\d+(?:[.,]\d+)?)\s*"
    r"(?P<unit>msecs?|ms|milliseconds?|мс|µs|μs|us|seconds?|secs?|s|с)(?![\w/])",
    re.IGNORECASE,
)
_CODE = re.compile(r"`(?!\s*[<≤~≈]?\s*\d+(?:[.,]\d+)?\s*\w{1,4}(?:\s+p\d\d)?\s*`)[^`]*\s[^`]*`")
"""Words in ticks, unless they are a time."""
_PERCENTILE = re.compile(
    r"\bp(?P<p>\d{2}(?:\.\d+)?)\b|\b(?P<th>\d{2}(?:\.\d+)?)(?:th|st|nd|rd)?[- ]percentile|"
    r"(?P<mid>\bmedian\b|\baverage\b|\bmean\b)",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"performance|target|latency|time|expected|\bsla\b|\bslo\b|execution|speed|duration|\bp\d\d\b|goal|budget|estimate|производительн|"
    r"rendimiento|desempenho|performans|median|percentile|antwortzeit|laufzeit|dauer",
    re.IGNORECASE,
)
_BOUNDED = re.compile(r"(?:[<≤]|\b(?:under|below|within|at\s+most|less\s+than|unter|höchstens)\b)\s*\d", re.IGNORECASE)
"""A limit that is one wherever it stands."""
_NOT_A_TARGET = re.compile(
    r"\b(?:ttl|cached?|expir\w+|timeouts?|interval|retention|refresh\w*|every|older|before|overhead|without|previously|was|from|seq(?:uential)?\s+"
    r"scan|full\s+scan|polling|window|last\s+\d+)\b",
    re.IGNORECASE,
)
_VOLUME = re.compile(
    r"\b(?:for|at|with|on|over|across|@)\s+(?P<volume>(?:[^.,;()|]|[.,](?=\d))*(?:rows?|records?|documents?|users?|orders?|data|volumes?|"
    r"load|qps|entries|\d+(?:[.,]\d+)?\s?[KMB]\b)(?:[^.,;()|]|[.,](?=\d))*)",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?<![\w])[OΟ]\s*\(\s*(?P<order>(?:[^()]|\([^()]*\))*)\)|\b(?P<word>constant|logarithmic|linear)\s+(?:time|complexity|lookup|growth)\b",
    re.IGNORECASE,
)
_ORDERS = {"constant": "1", "logarithmic": "log n", "linear": "n"}
_INDEX_ONLY = re.compile(r"\bindex[- ]only\b", re.IGNORECASE)
_INDEX_WORD = re.compile(
    r"\b(?:us(?:es|ing|ed?)|via|through|with|hits?|by|covered\s+by|served\s+by|leverages?|needs?|requires?)\b|\bindex(?:es)?\b|"
    r"index(?:es)?\s+(?:used|scan|on)",
    re.IGNORECASE,
)
_KEY = re.compile(r"(?i)^fk_|_fk(?:ey)?$")
"""Names of foreign keys, which on MySQL and MariaDB are those of indexes, too."""
_NO_INDEX = re.compile(
    r"\b(?:no|without|missing|not|never|doesn't|instead\s+of|consider|add|create|recommend\w*|could|should)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What one line promises of a query, before it is known which."""

    limits: tuple[tuple[float, float, str], ...]
    growths: tuple[tuple[str | None, str], ...]
    indexes: tuple[str, ...]
    text: str
    source: Source

    def __bool__(self) -> bool:
        """Whether it promises anything."""
        return bool(self.limits or self.growths or self.indexes)

    def of(self, query: str) -> tuple[UsesIndex | WithinTarget | GrowsAs, ...]:
        """The claims, of that query."""
        return (
            *(UsesIndex(query, index, self.text, self.source) for index in self.indexes),
            *(GrowsAs(query, index, order, self.text, self.source) for index, order in self.growths),
            *(WithinTarget(query, *limit, self.text, self.source) for limit in self.limits),
        )


def promises(text: str, source: Source, known: Known, *, label: str = "", listing_indexes: bool = False) -> Said:
    """What one line promises; ``listing_indexes`` where it stands under "Indexes Used"."""
    indexes = _indexes(text, known, listing=listing_indexes)
    orders = [_normal(found) for found in _ORDER.finditer(text)]
    if (said := _INDEX_ONLY.search(text)) and not _NO_INDEX.search(text[: said.start()]):
        orders.append("index only")
    subject = indexes[0] if len(indexes) == 1 and listing_indexes else None
    timed = not listing_indexes or _LABELLED.search(text) or _BOUNDED.search(text)
    limits = _limits(text, label) if timed else ()
    return Said(limits, tuple((subject, order) for order in orders if order), indexes, text, source)


def _limits(text: str, label: str) -> tuple[tuple[float, float, str], ...]:
    """Limits in milliseconds with percentile and volume; times that are no targets (a TTL, an interval) are not."""
    plain = _CODE.sub(" ", text.replace("**", "")).replace("`", "")
    return tuple(limit for sentence in re.split(r"(?<=[.;?!])\s+", plain) for limit in _of_sentence(sentence, label))


def _of_sentence(plain: str, label: str) -> tuple[tuple[float, float, str], ...]:
    if _NOT_A_TARGET.search(re.split("→|->", plain)[-1]):
        return ()
    times = list(_TIME.finditer(plain))
    if "→" in plain or "->" in plain:
        times = times[-1:]
    labelled = bool(_LABELLED.search(label) or _LABELLED.search(plain[: times[0].start()] if times else ""))
    result: list[tuple[float, float, str]] = []
    for number, found in enumerate(times):
        if not (found["sign"] and found["sign"].strip().lower() not in {"in", "of", "is", "="}) and not labelled:
            continue
        begin = times[number - 1].end() if number else 0
        end = times[number + 1].start() if number + 1 < len(times) else len(plain)
        limit = float(found["number"].replace(",", ".")) * _UNITS[found["unit"].lower()]
        result.append((limit, _percentile(plain, begin, found, end), _volume(plain[found.end() : end])))
    # "p95 < 5 ms, p99 < 20 ms at 1M rows": the volume is said once, for all of them.
    volume = next((said for _, _, said in result if said), "")
    return tuple((limit, percentile, said or volume) for limit, percentile, said in result)


def _percentile(text: str, begin: int, found: re.Match[str], end: int) -> float:
    """The percentile nearest to a time: before it, else behind it; 95 unless said."""
    said = list(_PERCENTILE.finditer(text, begin, found.start()))[-1:]
    after = _PERCENTILE.search(text, found.end(), min(end, found.end() + 24))
    if not said and after and "," not in text[found.end() : after.start()]:
        said = [after]
    if not said:
        return 95.0
    return 50.0 if said[0]["mid"] else float(said[0]["p"] or said[0]["th"])


def _volume(text: str) -> str:
    found = _VOLUME.search(text)
    return found["volume"].strip(" ,") if found else ""


def _normal(found: re.Match[str]) -> str:
    """``O(log n)`` as ``log n``; ``constant time`` as ``1``."""
    if found["word"]:
        return _ORDERS[found["word"].lower()]
    order = re.sub(r"\s+", " ", found["order"].replace("₂", "").strip().lower())
    return re.sub(r"log\s*\(?\s*n\s*\)?", "log n", order)


def _indexes(text: str, known: Known, *, listing: bool) -> tuple[str, ...]:
    """The indexes that a line names: by a known name, by a name such as indexes have, by ``table.column``."""
    found: list[str] = []
    for candidate in (*ticked(text), *re.findall(PATH, re.sub(r"`[^`]*`", " ", text))):
        keys = KEYS.fullmatch(candidate)
        name = named(keys["keys"]) if keys else bare(candidate).split("(")[0].strip()
        if (index := known.index(name)) is not None:
            found.append(index)
        elif (listing and name == "PRIMARY") or (
            (INDEXISH.search(name) or (listing and _KEY.search(name)))
            and re.fullmatch(PATH, name)
            and not _is_field(name, known)
        ):
            found.append(name)
    if not found and (listing or _INDEX_WORD.search(text)):
        found = _fields(text, known, listing=listing)
    said = _INDEX_WORD.search(text) or (found and _TIME.search(text) and all(known.index(name) for name in found))
    if not listing and (not said or _NO_INDEX.search(text)):
        return ()
    return tuple(dict.fromkeys(found))


def _fields(text: str, known: Known, *, listing: bool) -> list[str]:
    """The fields that stand for their indexes: `` `users.email` ``, ``users(email, name)``, ``on users.email``."""
    bare_text = text.replace("`", "").replace("**", "").strip()
    found = [name for name in ticked(text) if "." in name and _is_field(name, known)]
    found = found or re.findall(rf"\bon\s+({PATH})", bare_text)
    if listing:
        lists = re.findall(rf"({PATH})\s*\(\s*({PATH})(?:\s*,[^()]*)?\)", bare_text)
        found = found or [f"{table}.{first}" for table, first in lists] or re.findall(rf"^{PATH}", bare_text)
    dotted = [name.rpartition(".") for name in found if "." in name and _is_field(name, known)]
    return [f"{known.entity(before)}.{last}" for before, _, last in dotted]


def _is_field(name: str, known: Known) -> bool:
    """Whether a name is a field of the document: ``users.email`` or ``email``."""
    before, dot, last = name.rpartition(".")
    if dot:
        owner = known.entity(before)
        return owner is not None and (known.has_field(owner, last) or not known.entities[owner])
    return any(known.has_field(entity, name) for entity in known.entities)

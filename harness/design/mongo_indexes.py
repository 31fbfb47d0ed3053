"""Index lines in the notation of mongosh: ``{ email: 1, created: -1 }`` with a name, options and words around it."""

import math
import re
from collections.abc import Iterator

from harness.design.model import Index, IndexKey, Options
from harness.design.names import IDENTIFIER
from harness.source import Source

KEYS = re.compile(r"\{\s*(?P<keys>['\"]?[\w.$*]+['\"]?\s*:[^{}]*)\}")
_COLLECTION = re.compile(r"\bdb\.(\w+)\.(?:create|ensure)Index")
_HEAD = re.compile(
    rf"^`(?P<ticked>{IDENTIFIER})`\s*(?:\bon\b|[:–—-])?\s*`?\s*$|^(?P<bare>{IDENTIFIER})\s*(?:\bon\b|:)?\s*`?\s*$"
)
_NAMED = re.compile(r"\bname\s*:\s*['\"](?P<name>[^'\"]+)['\"]")
_FILTER = re.compile(r"\b(?:partialFilterExpression|partial|where)\b\s*:?\s*[(`]*\s*(?=\{)", re.IGNORECASE)
_SQL_FILTER = re.compile(
    r"\b(?:partial(?:\s+index)?\b[:\s]*(?:\(\s*)?(?:where\b)?|where\b)\s*[`(]*(?P<condition>[\w.]+\s*(?:=|<|>|!|\bis\b|\bin\b)[^`)]*)[`)]",
    re.IGNORECASE,
)
_EXPIRES = re.compile(
    r"\b(?:expireAfterSeconds|ttl|expires?)\b\W{0,4}(?:after\s+)?(?P<number>\d[\d_]*(?:\s*\*\s*\d[\d_]*)*)\s*"
    r"(?P<unit>day|d\b|hour|h\b|min|week|month|year)?",
    re.IGNORECASE,
)
_SECONDS = {"d": 86_400, "day": 86_400, "h": 3_600, "hour": 3_600, "min": 60, "week": 7 * 86_400}
"""Of one of each; months and years have no fixed number."""
_NESTED = re.compile(r"\b(?P<word>collation|weights|wildcardProjection)\s*:?\s*(?=\{)")
_WORDED = re.compile(r"\b(?P<word>default_language|language_override)\s*:\s*['\"](?P<value>[^'\"]+)['\"]")
_CREATES = re.compile(r"\.(?:create|ensure)Index\s*\(\s*(?=\{)")
_TOLD = re.compile(
    r"(?i)\b(?:unique|sparse|hidden|partial|compound|(?:ttl|expireAfterSeconds)\W+\d+)\b|[`{}()]|\bname\s*:\s*\S+"
)
_WHY = re.compile(r"(?:\s[–—-]\s|//|#)\s*(?P<why>.+)$")


def index(found: re.Match[str], text: str, entity: str | None, source: Source) -> Index | None:
    """The index of a line in which ``KEYS`` was found; None where the collection is not known."""
    collection = _COLLECTION.search(text)
    owner = collection[1] if collection else entity
    if owner is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    predicate = _predicate(after)
    told = after.replace(predicate, "") if predicate else after
    nested = dict(_nested(told))
    for given in nested.values():
        told = told.replace(given, "")
    flags = f"{before} {told.partition(' - ')[0]}"
    return Index(
        _name(before, after),
        owner,
        tuple(_key(part) for part in found["keys"].split(",") if part.strip()),
        True if re.search(r"\bunique\b(?!\s*:\s*false)", flags, re.IGNORECASE) else None,
        predicate,
        options=tuple(sorted((*_options(flags), *nested.items()))),
        purpose=_purpose(f"{before} {told}"),
        source=source,
    )


def _key(part: str) -> IndexKey:
    name, _, value = part.partition(":")
    value = value.strip().strip("'\"")
    plain = re.fullmatch(r"[+-]?1(?:\.0)?", value)
    options: Options = () if plain else (("kind", value),)
    return IndexKey(name.strip().strip("'\""), False, value.startswith("-") if plain else None, options=options)


def _name(before: str, after: str) -> str | None:
    """A name in options counts for sure; one before the keys when it looks like a name and not like a word."""
    if named := _NAMED.search(after):
        return named["name"]
    head = _HEAD.match(before.strip())
    if head is None:
        return None
    bare = head["bare"]
    return head["ticked"] or (bare if bare and ("_" in bare or re.match(r"idx", bare, re.IGNORECASE)) else None)


def _predicate(after: str) -> str | None:
    if found := _FILTER.search(after):
        end = _closing(after, found.end())
        return after[found.end() : end]
    sql = _SQL_FILTER.search(after)
    return sql["condition"].strip() if sql else None


def _closing(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    return len(text)


def _options(flags: str) -> Options:
    expiry = _EXPIRES.search(flags)
    seconds = _seconds(expiry) if expiry else None
    said = [("expireAfterSeconds", str(seconds))] if seconds is not None else []
    said += [(word, "true") for word in ("hidden", "sparse") if _says(word, flags)]
    said += [(found["word"], found["value"]) for found in _WORDED.finditer(flags)]
    return tuple(said)


def _seconds(expiry: re.Match[str]) -> int | None:
    """``7776000``, ``90 * 24 * 3600``, ``90 days``."""
    unit = (expiry["unit"] or "").lower()
    if unit and unit not in _SECONDS:
        return None
    return math.prod(int(part.replace("_", "")) for part in expiry["number"].split("*")) * _SECONDS.get(unit, 1)


def _nested(after: str) -> Iterator[tuple[str, str]]:
    """Options whose values are documents: ``collation: { locale: "en", strength: 2 }``, as they are written."""
    for found in _NESTED.finditer(after):
        yield found["word"], after[found.end() : _closing(after, found.end())]


def default_name(keys: tuple[IndexKey, ...]) -> str:
    """The name that the server's clients give an index without one: ``status_1_created_-1``."""
    return "_".join(
        f"{key.text.replace('[]', '')}_{dict(key.options).get('kind') or (-1 if key.descending else 1)}" for key in keys
    )


def named(keys: str) -> str:
    """The default name of an index on keys as they are written between braces."""
    return default_name(tuple(_key(part) for part in keys.split(",") if part.strip()))


def created(text: str) -> Iterator[str]:
    """The names of the indexes that a script makes, as far as they can be seen without running it."""
    for found in _CREATES.finditer(text):
        end = _closing(text, found.end())
        keys = KEYS.match(text, found.end())
        after = re.match(r"\s*,\s*(?=\{)", text[end:])
        options = text[end + after.end() : _closing(text, end + after.end())] if after else ""
        if name := _NAMED.search(options):
            yield name["name"]
        elif keys:
            yield default_name(tuple(_key(part) for part in keys["keys"].split(",") if part.strip()))


def _says(word: str, flags: str) -> bool:
    return re.search(rf"\b{word}\b(?!\s*:\s*false)", flags, re.IGNORECASE) is not None


def _purpose(rest: str) -> str:
    why = _WHY.search(rest)
    return (why["why"] if why else _TOLD.sub("", rest)).strip(" `-–—/:)(,")

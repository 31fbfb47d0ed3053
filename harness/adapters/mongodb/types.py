"""Type words of documents as the part of a ``$jsonSchema`` that asks for them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from harness.design.model import Field

Rule = dict[str, Any]

WORDS: Mapping[str, tuple[str, ...]] = {
    "objectId": ("objectid", "object id", "oid", "id", "ref", "reference"),
    "string": ("string", "str", "text", "varchar", "char", "email", "url", "slug"),
    "int": ("int", "int32", "integer", "short", "numberint", "smallint", "tinyint"),
    "long": ("long", "int64", "numberlong", "bigint"),
    "double": ("double", "float", "real"),
    "decimal": ("decimal", "decimal128", "numberdecimal", "numeric", "money"),
    "number": ("number",),
    "bool": ("bool", "boolean"),
    "date": ("date", "datetime", "isodate", "timestamptz", "timestamp"),
    "object": (
        "object",
        "document",
        "embedded",
        "embedded document",
        "subdocument",
        "json",
        "map",
        "nested",
        "geojson",
        "point",
        "geojson point",
        "mixed object",
        "bson document",
    ),
    "array": ("array", "list"),
    "binData": ("bindata", "binary", "buffer", "uuid", "blob", "bytes"),
    "regex": ("regex", "regexp"),
}
NAMES = {word: name for name, words in WORDS.items() for word in words}

WHOLE: Rule = {"bsonType": ["int", "long"]}
"""What a document that says ``integer`` means: either size."""

ENUM = re.compile(r"enum\b\s*[:(\[{]?\s*(?P<values>.+?)\s*[)\]}]?\s*\Z", re.IGNORECASE | re.DOTALL)
OF = re.compile(
    r"(?:array|list)\s*(?:<\s*(?P<angle>.+)\s*>|\(\s*(?P<round>.+)\s*\)|\s+of\s+(?P<of>.+)|\[\s*(?P<square>.+)\s*\])\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
BRACKETS = re.compile(r"(?:\[\s*(?P<in>[^\[\]]+)\s*\]|(?P<before>[^\[\]]+?)\s*\[\])\s*\Z")
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"|`([^`]*)`")
SIZED = re.compile(r"(?P<word>[A-Za-z]\w*)\s*\(\s*(?P<size>\d+)\s*(?:,\s*\d+\s*)?\)\Z")
NULLED = re.compile(r"\s*(?:\||\bor\b|/)\s*null\b|\bnull\s*(?:\||\bor\b|/)\s*|\?\s*\Z", re.IGNORECASE)


def rule(text: str) -> Rule:
    """What a type's words ask for; nothing where they are not understood."""
    plain = text.strip().strip("`*").strip()
    bare = NULLED.sub("", plain).strip()
    found = _rule(bare)
    return _or_null(found) if bare != plain else found


MOST = re.compile(
    r"\b(?:at\s+most|up\s+to|max(?:imum)?(?:\s+of)?|no\s+more\s+than|limited\s+to)\s*:?\s*(?P<number>\d+|[a-z]+)\b",
    re.IGNORECASE,
)
SPELLED = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "sixteen": 16, "twenty": 20, "hundred": 100,
}  # fmt: skip


def most_items(field: Field) -> Rule:
    """How many elements an array may have, where its words say so: ``at most eight``."""
    found = MOST.search(field.description) or MOST.search(field.type)
    word = found["number"].lower() if found else ""
    number = int(word) if word.isdigit() else SPELLED.get(word)
    return {} if number is None else {"maxItems": number}


def _or_null(found: Rule) -> Rule:
    given = found.get("bsonType")
    names = [given] if isinstance(given, str) else list(given or ())
    nulled = {**found, "bsonType": [*names, "null"]} if names else found
    return {**nulled, "enum": [*found["enum"], None]} if "enum" in found else nulled


def _rule(plain: str) -> Rule:
    if enum := ENUM.match(plain):
        return {"bsonType": "string", "enum": list(_labels(enum["values"]))}
    if array := (OF.match(plain) or BRACKETS.match(plain)):
        items = rule(next(part for part in array.groups() if part))
        return {"bsonType": "array", **({"items": items} if items else {})}
    if "|" in plain:
        return _any_of(plain)
    if sized := SIZED.match(plain):
        name = NAMES.get(sized["word"].lower(), "")
        return {"bsonType": name, **({"maxLength": int(sized["size"])} if name == "string" else {})} if name else {}
    words = re.sub(r"\s+", " ", plain.lower())
    name = NAMES.get(words) or NAMES.get(words.removesuffix("s"), "")
    return dict(WHOLE) if plain.lower() == "integer" else {"bsonType": name} if name else {}


def _any_of(plain: str) -> Rule:
    """``int | long`` is either; quoted words are the values of an enumeration."""
    if QUOTED.search(plain):
        return {"bsonType": "string", "enum": list(_labels(plain))}
    names = [NAMES.get(part.strip().lower(), "") for part in plain.split("|")]
    return {"bsonType": names} if all(names) else {}


def _labels(text: str) -> Iterator[str]:
    quoted = [next(part for part in found if part) for found in QUOTED.findall(text) if any(found)]
    yield from quoted or [part.strip() for part in re.split(r"[,|/]", text) if part.strip()]

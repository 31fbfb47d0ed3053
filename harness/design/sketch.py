"""Sketches of a document in JavaScript's notation: ``{ _id: ObjectId, email: String, // unique … }``, line by line."""

import re
from collections.abc import Iterator
from dataclasses import replace

from harness.design import columns, mongo_indexes
from harness.design.claim_types import Relates
from harness.design.constraints import Reference
from harness.design.facts import Column, Fact, Known
from harness.design.facts import Part as Piece
from harness.design.model import Check, Field, Key
from harness.document.model import Fence
from harness.source import Source

_OPENS = re.compile(r"\s*(?://[^\n]*\n\s*)*(?:(?:const|let|var)\s+\w+\s*=\s*(?:new\s+[\w.]*Schema\s*\(\s*)?)?\{")
_CODE = re.compile(r"\bdb\.\w+|\$\w+\s*:|=>|\bfunction\b|\bbsonType\b")
_LINE = re.compile(
    r"""\s*["']?(?P<name>[A-Za-z_$][\w$]*)["']?\s*\??\s*:\s*(?P<value>.*?)\s*,?\s*(?://\s*(?P<comment>.*))?$"""
)
_TYPED = re.compile(r"\btype\s*:\s*(?P<type>\[?[\w.]+\]?)")
_ENUM = re.compile(r"\benum\b\s*:?\s*[\[({]?(?P<values>[^\])}]+)", re.IGNORECASE)
_INLINE = re.compile(r"['\"]?(?P<name>\w+)['\"]?\s*:\s*(?P<type>\[?[A-Za-z][\w.]*\]?)")
_WORD = re.compile(r"[A-Za-z][\w.]*")
_LIMITS = tuple(
    (re.compile(rf"\b{word}\s*:\s*\[?\s*(-?\d+(?:\.\d+)?)", re.IGNORECASE), form)
    for word, form in (
        ("min", "{} >="), ("max", "{} <="), ("minlength", "char_length({}) >="), ("maxlength", "char_length({}) <="),
    )
)  # fmt: skip
"""Mongoose's validators, as conditions (https://mongoosejs.com/docs/validation.html#built-in-validators)."""
_INDEXED = re.compile(r"\w\.index\s*\(\s*")
_STAMPED = re.compile(r"\btimestamps\s*:\s*(?:true|\{)")


def is_sketch(fence: Fence) -> bool:
    """Whether a fence shows the form of a document, and no code."""
    return _OPENS.match(fence.text) is not None and _CODE.search(fence.text) is None


def facts(fence: Fence, entity: str, known: Known) -> tuple[Fact, ...]:
    """A field for each line that names one, and the keys and references that comments tell of."""
    return tuple(_facts(fence, entity, known))


def _facts(fence: Fence, entity: str, known: Known) -> Iterator[Fact]:
    path: list[str] = []
    for number, line in enumerate(fence.text.split("\n")):
        source = Source(fence.source.path, fence.source.line + number, fence.source.line + number)
        yield from _of_schema(entity, line, source, fence.source.line)
        found = _LINE.match(line)
        if found is None:
            closing = line.split("//")[0].count("}")
            path = path[: max(0, len(path) - closing)] if closing else path
            continue
        opened = re.fullmatch(r"(?P<many>\[?)\s*\{", found["value"])
        name = ".".join((*path, found["name"]))
        if opened:
            path.append(found["name"] + ("[]" if opened["many"] else ""))
            continue
        yield from _of_line(entity, name, found, source, fence.source.line)
        yield from _references(entity, name, found, source, known)


def _of_line(entity: str, name: str, found: re.Match[str], source: Source, listing: int) -> Iterator[Fact]:
    value, comment = found["value"], found["comment"] or ""
    inner = re.fullmatch(r"(?P<many>\[?)\s*\{(?P<inside>.*)\}\s*\]?", value)
    if inner and not _TYPED.search(value):
        prefix = f"{name}[]" if inner["many"] else name
        for each in _INLINE.finditer(inner["inside"]):
            yield Column(entity, Field(f"{prefix}.{each['name']}", each["type"], source=source), listing)
        return
    said = f"{value} {comment}"
    needed = False if re.search(r"\brequired\b(?!\s*:\s*false)|\bnot null\b", said, re.IGNORECASE) else None
    yield Column(entity, Field(name, _type(value, comment), needed, description=comment, source=source), listing)
    if re.search(r"\bunique\b(?!\s*:\s*false)", said, re.IGNORECASE):
        yield Piece(entity, Key(None, (name,), source=source))
    if _TYPED.search(value):
        conditions = (f"{form.format(name)} {limit[1]}" for word, form in _LIMITS if (limit := word.search(value)))
        yield from (Piece(entity, Check(None, each, (name,), source=source)) for each in conditions)


def _of_schema(entity: str, line: str, source: Source, listing: int) -> Iterator[Fact]:
    """What mongoose is told of a whole schema: an index, and that it keeps the times of a document itself."""
    called = _INDEXED.search(line)
    text = line[called.end() :].rstrip("; ") if called else ""
    keys = mongo_indexes.KEYS.match(text)
    index = mongo_indexes.index(keys, text, entity, source) if keys else None
    if index is not None:
        yield Piece(entity, replace(index, purpose=""))
    if _STAMPED.search(line):
        for name in ("createdAt", "updatedAt"):
            yield Column(entity, Field(name, "Date", nullable=False, source=source), listing)


def _references(entity: str, name: str, found: re.Match[str], source: Source, known: Known) -> Iterator[Fact]:
    """``// → users._id``, ``// ref: users``, and mongoose's ``ref: "User"``."""
    named = re.search(r"\bref\s*:\s*['\"](\w+)['\"]", found["value"])
    comment = found["comment"] or ""
    said = named or re.search(
        r"(?:→|->|=>|\brefs?\b:?|\breferences?\b(?:\s+to)?|\bFK\b:?)\s*`?(\w+(?:\.\w+)?)", comment
    )
    target = columns.aim(Reference(said[1]), known) if said else None
    if target is None or known.entity(target[0]) is None:
        return
    claim = Relates(entity, (name,), known.entity(target[0]) or target[0], target[1], None, None, comment, source)
    yield from (columns.related(claim), claim)


def _type(value: str, comment: str) -> str:
    enum = _ENUM.search(value) or _ENUM.search(comment)
    if enum:
        return f"enum({enum['values'].strip()})"
    typed = _TYPED.search(value)
    plain = (typed["type"] if typed else value).strip("'\"")
    if typed and value.startswith("[") and not plain.startswith("["):
        plain = f"[{plain}]"
    if many := re.fullmatch(r"\[\s*(\w[\w.]*)\s*\]", plain):
        return f"array of {many[1].rpartition('.')[2]}"
    word = _WORD.match(plain)
    return (word[0] if word else plain).rpartition(".")[2]

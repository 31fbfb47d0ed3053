"""Tables out of mermaid's ``erDiagram``, for documents that give them nowhere else.

An attribute is ``type name``, then maybe its keys (``PK``, ``FK``, ``UK``) and a comment in quotes
(https://mermaid.js.org/syntax/entityRelationshipDiagram.html).
"""

import re
from collections.abc import Iterable, Iterator

from harness.design import constraints
from harness.design.drawn import Box, Diagram
from harness.design.facts import Column, Entered, Fact, Part
from harness.design.model import Field, ForeignKey, Key
from harness.design.names import folded
from harness.document.model import Document, Fence
from harness.source import Source

ATTRIBUTE = re.compile(
    r"\s*(?P<type>[\w\[\]]+(?:\([^()]*\))?)\s+(?P<name>[\w*]+)(?:\s+(?P<keys>(?:[PFU]K)(?:\s*,\s*[PFU]K)*))?"
    r"\s*(?:\"(?P<comment>[^\"]*)\")?\s*$"
)
LOOSE = {"string": "varchar(255)", "str": "varchar(255)", "number": "numeric(12,2)"}
"""What is drawn for types that no database has."""


def tables(document: Document, diagrams: Iterable[Diagram], *, collections: bool) -> tuple[Fact, ...]:
    """The entities, columns and keys of every box that has attributes with types."""
    sql = "\n".join(b.text for b in document.blocks if isinstance(b, Fence) and "erDiagram" not in b.text)
    lines = {n: line for b in document.blocks if isinstance(b, Fence) for n, line in _numbered(b)}
    mermaid = {b.source.line for b in document.blocks if isinstance(b, Fence) and "erDiagram" in b.text}
    facts: list[Fact] = []
    for diagram in (each for each in diagrams if each.source.line in mermaid):
        spelled = {box.name: _spelled(box.name, sql) for box in diagram.boxes if box.fields}
        for box in diagram.boxes:
            if box.name in spelled:
                facts += _box(box, diagram, spelled, lines, "collection" if collections else "table")
    return tuple(facts)


def _numbered(fence: Fence) -> Iterator[tuple[int, str]]:
    yield from enumerate(fence.text.split("\n"), fence.source.line)


def _spelled(name: str, sql: str) -> str:
    """The name as the document's queries have it, else as it is drawn."""
    forms = (name, name.lower(), f"{name.lower()}s")
    return next((form for form in forms if re.search(rf"(?<![\w.]){re.escape(form)}(?![\w(])", sql)), name)


def _box(box: Box, diagram: Diagram, spelled: dict[str, str], lines: dict[int, str], kind: str) -> Iterator[Fact]:
    name = spelled[box.name]
    yield Entered(name, kind, "", box.source)
    primary: list[str] = []
    for number in range(box.source.line + 1, box.source.end_line):
        found = ATTRIBUTE.match(lines.get(number, ""))
        if found is None:
            continue
        source = Source(box.source.path, number, number)
        field, keys, said = (
            found["name"].strip("*"),
            found["keys"] or "",
            constraints.from_prose(found["comment"] or ""),
        )
        nullable = False if "PK" in keys else said.nullable
        type_ = LOOSE.get(found["type"].lower(), found["type"])
        described = found["comment"] or ""
        identity = said.identity or ("auto" if re.search(r"auto", described, re.IGNORECASE) else None)
        yield Column(
            name,
            Field(field, type_, nullable, said.default, None, identity, description=described, source=source,
                  lists_defaults=False),
            box.source.line,
        )  # fmt: skip
        primary += [field] if "PK" in keys else []
        if "UK" in keys:
            yield Part(name, Key(None, (field,), source=source))
        target = _target(box.name, field, diagram, spelled) if "FK" in keys else None
        if target is not None:
            yield Part(name, ForeignKey(None, (field,), target, (), source=source))
    if primary:
        yield Part(name, Key(None, tuple(primary), primary=True, source=box.source))


def _target(box: str, field: str, diagram: Diagram, spelled: dict[str, str]) -> str | None:
    """Whom a foreign key refers to: of the boxes that a line joins to its own, the one that it is called after."""
    joined = [b if a == box else a for a, b in diagram.arrows if box in (a, b)]
    stem = folded(re.sub(r"_?(?:id|uuid|key)$", "", field, flags=re.IGNORECASE))
    named = next((each for each in (*joined, *spelled) if each in spelled and folded(each) == stem), None)
    chosen = named or next((each for each in joined if each in spelled and folded(each) in stem), None)
    return spelled[chosen] if chosen is not None else None

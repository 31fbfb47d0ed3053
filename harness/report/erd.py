"""The entity-relationship diagram of a schema: mermaid for documents, and a self-contained SVG for everything else.

The SVG puts each entity to the right of all that it refers to (cycles are cut where they close), stacks those of one
rank, and draws each foreign key from its field to the field that it names.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from harness.design.model import Entity, Field, ForeignKey, Schema
from harness.report.characters import one_line

CHARACTER, ROW, TITLE, GAP_X, GAP_Y, MARGIN = 7.3, 20, 26, 90, 30, 20
TALLEST = 60
"""Rows of text in one column of boxes, before the next column is begun."""

STYLE = """
.erd { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; --line: #57606a; --box: #ffffff;
  --head: #dbe4ee; --ink: #1f2328; --faint: #57606a; }
@media (prefers-color-scheme: dark) { .erd { --line: #8b949e; --box: #161b22; --head: #2a3644; --ink: #e6edf3;
  --faint: #9da7b1; } }
.erd rect { fill: var(--box); stroke: var(--line); } .erd .head { fill: var(--head); }
.erd text { fill: var(--ink); } .erd .name { font-weight: bold; } .erd .type { fill: var(--faint); }
.erd path { fill: none; stroke: var(--line); stroke-width: 1.3; } .erd marker path { fill: var(--line); }
"""

ARROW = """<defs><marker id="erd-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7"
orient="auto-start-reverse"><path d="M0 0 10 5 0 10z"/></marker></defs>"""


def mermaid(schema: Schema) -> str:
    """A mermaid ``erDiagram``."""
    lines = ["erDiagram"]
    for entity in schema.entities:
        lines.append(f"    {_word(entity.name)} {{")
        lines.extend(f"        {_mermaid_field(entity, field)}" for field in entity.fields)
        lines.append("    }")
    for entity in schema.entities:
        lines.extend(f"    {_mermaid_arrow(entity, key)}" for key in entity.foreign_keys)
    return "\n".join(lines) + "\n"


def _mermaid_field(entity: Entity, field: Field) -> str:
    marks = ", ".join(_marks(entity, field))
    about = one_line(field.description, 80).replace('"', "'")
    parts = (_word(field.type) or "unknown", _word(field.name), marks, f'"{about}"' if about else "")
    return " ".join(part for part in parts if part)


def _mermaid_arrow(entity: Entity, key: ForeignKey) -> str:
    fields = [field for name in key.fields if (field := entity.field(name)) is not None]
    parent = "|o" if any(field.nullable is not False for field in fields) else "||"
    child = "o|" if _unique(entity, key.fields) else "o{"
    return f'{_word(key.target)} {parent}--{child} {_word(entity.name)} : "{one_line(", ".join(key.fields))}"'


def _word(text: str) -> str:
    """A name or type in the characters that mermaid takes: ``DECIMAL(10,2)`` becomes ``DECIMAL(10_2)``."""
    return re.sub(r"[^\w()\[\]-]+", "_", one_line(text)).strip("_")


def _marks(entity: Entity, field: Field) -> Iterator[str]:
    """``PK``, ``FK``, ``UK``, as they apply."""
    primary = entity.primary_key
    if primary is not None and _among(field, primary.fields):
        yield "PK"
    if any(_among(field, key.fields) for key in entity.foreign_keys):
        yield "FK"
    if _unique(entity, (field.name,), primary=False):
        yield "UK"


def _among(field: Field, names: Sequence[str]) -> bool:
    return field.name.lower() in {name.lower() for name in names}


def _unique(entity: Entity, fields: Sequence[str], *, primary: bool = True) -> bool:
    wanted = {name.lower() for name in fields}
    return any({name.lower() for name in key.fields} == wanted and (primary or not key.primary) for key in entity.keys)


@dataclass(frozen=True, slots=True)
class Box:
    """Where an entity is drawn, in pixels."""

    entity: Entity
    left: float
    top: float
    width: float

    @property
    def height(self) -> float:
        """The title and one row a field."""
        return TITLE + ROW * max(1, len(self.entity.fields))

    def row(self, field: str) -> float:
        """The middle of a field's row; of the title for a field that is not there."""
        names = [f.name.lower() for f in self.entity.fields]
        at = names.index(field.lower()) if field.lower() in names else None
        return self.top + (TITLE / 2 if at is None else TITLE + ROW * at + ROW / 2)


def svg(schema: Schema) -> str:
    """A self-contained SVG image; follows the reader's light or dark setting."""
    boxes = placed(schema)
    width = max((box.left + box.width for box in boxes.values()), default=0) + MARGIN + GAP_X / 2
    height = max((box.top + box.height for box in boxes.values()), default=0) + MARGIN
    names = ", ".join(escape(one_line(entity.name)) for entity in schema.entities)
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="erd" role="img" {size}>',
        f"<title>Entities and their relationships: {names}</title>",
        f"<style>{STYLE}</style>",
        ARROW,
    ]
    for box in boxes.values():
        parts.extend(_arrow(box, key, boxes) for key in box.entity.foreign_keys if key.target.lower() in boxes)
    for box in boxes.values():
        parts.extend(_drawn(box))
    return "\n".join((*parts, "</svg>", ""))


def placed(schema: Schema) -> Mapping[str, Box]:
    """Each entity's box, by its name in lower case."""
    boxes: dict[str, Box] = {}
    left: float = MARGIN
    for column in _columns(schema):
        top, widest = float(MARGIN), max(_width(entity) for entity in column)
        for entity in column:
            box = Box(entity, left, top, _width(entity))
            boxes[entity.name.lower()] = box
            top += box.height + GAP_Y
        left += widest + GAP_X
    return boxes


def _columns(schema: Schema) -> Iterator[tuple[Entity, ...]]:
    """Entities by rank, left to right; a rank that would grow too tall takes several columns."""
    ranks = ranked(schema)
    for rank in sorted(set(ranks.values())):
        column: list[Entity] = []
        for entity in (e for e in schema.entities if ranks[e.name.lower()] == rank):
            if column and sum(len(e.fields) + 2 for e in (*column, entity)) > TALLEST:
                yield tuple(column)
                column = []
            column.append(entity)
        yield tuple(column)


def ranked(schema: Schema) -> dict[str, int]:
    """For each entity one more than the highest rank that it refers to; references that close a cycle do not count."""
    waiting = {e.name.lower(): {k.target.lower() for k in e.foreign_keys} - {e.name.lower()} for e in schema.entities}
    ranks: dict[str, int] = {}
    while waiting:
        free = [name for name, targets in waiting.items() if not targets & waiting.keys()] or [next(iter(waiting))]
        ranks |= {name: max((ranks[t] + 1 for t in waiting[name] if t in ranks), default=0) for name in free}
        for name in free:
            del waiting[name]
    return ranks


def _width(entity: Entity) -> float:
    rows = (len(one_line(f.name)) + len(_type(f)) + sum(len(m) + 1 for m in _marks(entity, f)) for f in entity.fields)
    return CHARACTER * max(len(one_line(entity.name)) + 2, 12, *(row + 4 for row in rows), 0)


def _type(field: Field) -> str:
    return one_line(field.type, 32)


def _arrow(box: Box, key: ForeignKey, boxes: Mapping[str, Box]) -> str:
    target = boxes[key.target.lower()]
    from_y = box.row(key.fields[0] if key.fields else "")
    to_y = target.row(key.target_fields[0] if key.target_fields else "")
    if target.left < box.left:
        start, end = box.left, target.left + target.width
        first, second = start - GAP_X / 2, end + GAP_X / 2
    else:  # the same column, or a cycle: out and in again on the right
        start, end = box.left + box.width, target.left + target.width
        first = second = max(start, end) + GAP_X / 2
    curve = f"M{start:.0f} {from_y:.0f} C{first:.0f} {from_y:.0f} {second:.0f} {to_y:.0f} {end:.0f} {to_y:.0f}"
    label = escape(f"{box.entity.name}({', '.join(key.fields)}) refers to {key.target}")
    return f'<path d="{curve}" marker-end="url(#erd-arrow)"><title>{label}</title></path>'


def _drawn(box: Box) -> Iterator[str]:
    left, top, width = box.left, box.top, box.width
    yield f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{box.height:.0f}" rx="4"/>'
    yield f'<rect class="head" x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{TITLE}" rx="4"/>'
    yield _text("name", left + 8, top + 17, one_line(box.entity.name))
    for field in box.entity.fields:
        middle = box.row(field.name) + 4
        marks = " ".join(_marks(box.entity, field))
        yield _text("field", left + 8, middle, one_line(f"{field.name} {marks}"))
        yield _text("type", left + width - 8, middle, _type(field), end=True)


def _text(name: str, x: float, y: float, text: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text class="{name}" x="{x:.0f}" y="{y:.0f}"{anchor}>{escape(text)}</text>'

"""Relationships: arrows, FOREIGN KEY lines, tables of them, and the actions that stand on lines of their own."""

import re
from collections.abc import Iterator
from dataclasses import replace

from harness.design import columns, tables
from harness.design.claim_types import Relates, Told
from harness.design.constraints import ACTION, Reference, fields
from harness.design.facts import Fact, Known, Prose
from harness.design.model import Unread
from harness.design.names import IDENTIFIER, PATH, bare
from harness.design.tables import Role
from harness.document.model import Table
from harness.source import Source

_FIELDS = rf"(?!(?:n|m|one|many|pk|fk)\)){IDENTIFIER}(?:\s*,\s*{IDENTIFIER})*"
_ENDS = rf"(?P<{{0}}>{PATH})(?:\s*\((?P<{{0}}_fields>{_FIELDS})\))?"
_ARROW = re.compile(
    rf"^{_ENDS.format('left')}\s*(?:\([^()]*\)\s*)?(?:→|⟶|➜|-+>|=+>|⇒|references|refers\s+to|points\s+to|fk\s+to|::?)\s*"
    rf"(?:fk\s*)?{_ENDS.format('right')}",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    rf"foreign\s+key\s*(?:\((?P<fields>[^()]+)\)|(?P<one>{PATH}))?\s*(?:→|->|=>|references|to|on)\s*"
    rf"(?P<target>{PATH})(?:\s*\((?P<target_fields>[^()]+)\))?",
    re.IGNORECASE,
)
_VIA = re.compile(
    r"(?:belongs\s+to|references|refers\s+to|many[- ]to[- ]one\s+(?:with|to))\s+(?:one\s+|a\s+|an\s+|the\s+)?"
    rf"(?P<target>{PATH})\s*(?:table\s*)?"
    rf"\(?(?:via|through|by|using|on)\s+(?P<field>{IDENTIFIER})\)?",
    re.IGNORECASE,
)
_ON_DELETE = re.compile(
    rf"on\s+delete\s*[:=]?\s*({ACTION})|({ACTION})\s+(?:on\s+)?deletes?\b|\bdelete\s*[:=]\s*({ACTION})", re.IGNORECASE
)
_ON_UPDATE = re.compile(rf"on\s+update\s*[:=]?\s*({ACTION})|({ACTION})\s+on\s+updates?\b", re.IGNORECASE)


def read(lines: tuple[tuple[str, Source], ...], entity: str | None, known: Known) -> tuple[Fact, ...]:
    """The facts of a list of relationships; an action on a line of its own belongs to the relationship above it."""
    facts: list[Fact] = []
    last: Relates | None = None
    for text, source in lines:
        plain = text.replace("`", "").replace("**", "").strip()
        found = _relates(plain, text, entity, known, source)
        if found is not None:
            last = found
            facts.append(found)
        elif last is not None and re.match(r"(?i)[\s*(]*on\s+(?:delete|update)\b|cascade", plain):
            last = replace(last, source=source, text=text, on_delete=_action(_ON_DELETE, plain) or last.on_delete,
                           on_update=_action(_ON_UPDATE, plain) or last.on_update)  # fmt: skip
            facts.append(last)
        elif plain:
            facts.append(Told("relationships", bare(text), source))
    return (*facts, *(columns.related(fact) for fact in facts if isinstance(fact, Relates)))


def _action(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    word = next((group for group in found.groups() if group), None) if found else None
    return re.sub(r"\s+", " ", word.upper()) if word else None


def _relates(plain: str, text: str, entity: str | None, known: Known, source: Source) -> Relates | None:
    ends = _ends(plain, entity, known)
    if ends is None:
        return None
    owner, names, reference = ends
    target, target_fields = columns.aim(reference, known)
    delete, update = _action(_ON_DELETE, plain), _action(_ON_UPDATE, plain)
    return Relates(owner, names, target, target_fields, delete, update, text, source)


def _ends(plain: str, entity: str | None, known: Known) -> tuple[str, tuple[str, ...], Reference] | None:
    """Entity, fields and reference that a line speaks of."""
    if foreign := _FOREIGN.search(plain):
        names = fields(foreign["fields"] or foreign["one"] or "")
        owner = entity
        if len(names) == 1 and "." in names[0]:
            before, _, last = names[0].rpartition(".")
            owner, names = known.entity(before) or before, (last,)
        reference = Reference(foreign["target"], fields(foreign["target_fields"] or ""))
        return (owner, names, reference) if owner and names else None
    arrow = _ARROW.match(plain)
    if arrow is not None and (found := _arrow(arrow, entity, known)) is not None:
        return found
    via = _VIA.search(plain)
    return (entity, (via["field"],), Reference(via["target"])) if via and entity else None


def _arrow(arrow: re.Match[str], entity: str | None, known: Known) -> tuple[str, tuple[str, ...], Reference] | None:
    owner, names = _left(arrow["left"], fields(arrow["left_fields"] or ""), entity, known)
    right = Reference(arrow["right"], fields(arrow["right_fields"] or "") if arrow["right_fields"] else ())
    if owner is None or not names:
        return None
    target, target_fields = columns.aim(right, known)
    pointed = bool(target_fields) or known.entity(target) is not None
    return (owner, names, right) if pointed else None


def _left(left: str, named: tuple[str, ...], entity: str | None, known: Known) -> tuple[str | None, tuple[str, ...]]:
    """Entity and fields on the left of an arrow: ``user_id``, ``orders.user_id``, ``orders(user_id)``."""
    if named and (owner := known.entity(left)):
        return owner, named
    before, dot, last = left.rpartition(".")
    if dot:
        return known.entity(before) or before, (last,)
    if entity is not None and (known.has_field(entity, left) or known.entity(left) is None):
        return entity, (left,)
    return None, ()


def of_table(table: Table, entity: str | None, known: Known) -> Iterator[Fact]:
    """The facts of a table of relationships: from, to, on delete."""
    roles = tables.roles(table.header)
    yield Prose(replace(table.source, end_line=min(table.source.line + 1, table.source.end_line)))
    for row in table.rows:
        held = {role: bare(cell) for role, cell in zip(roles, row.cells, strict=False) if role and cell.strip(" -–—")}
        text = " | ".join(cell for cell in row.cells if cell)
        yield from _row(held, text, entity, known, row.source)


def _row(held: dict[Role, str], text: str, entity: str | None, known: Known, source: Source) -> Iterator[Fact]:
    left = held.get("from") or held.get("columns") or held.get("name") or ""
    right = held.get("to") or held.get("foreign") or ""
    owner = known.entity(held["table"]) or held["table"] if "table" in held else entity
    extra = text
    if "on delete" in held:
        extra += f" ON DELETE {held['on delete']}"
    if "on update" in held:
        extra += f" ON UPDATE {held['on update']}"
    if "table" in held and "foreign" in held and not re.search(r"[.→]|->", held["foreign"]) and not (held.get("to")):
        yield Unread(text, "not understood as a relationship", source)
        return
    middle = f"{left} → {right}".replace("→ →", "→")
    found = _relates(middle, text, owner, known, source)
    if found is None:
        yield Told("relationships", text, source)
        return
    found = replace(found, on_delete=_action(_ON_DELETE, extra), on_update=_action(_ON_UPDATE, extra))
    yield from (found, columns.related(found))

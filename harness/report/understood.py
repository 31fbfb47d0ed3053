"""What was understood of a document, with its lines: the text and the machine form of ``harness show``."""

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from harness.counting import counted, form
from harness.design.claim_types import (
    BackwardCompatible,
    Claim,
    GainsRows,
    GrowsAs,
    HasRatio,
    HasRows,
    HasShare,
    KeepsRows,
    Loses,
    Quantity,
    Relates,
    Rule,
    Told,
    UsesIndex,
    WithinTarget,
)
from harness.design.model import Design, Entity, Field, ForeignKey, Index, IndexKey, Key, Migration, Query
from harness.report.as_json import plain
from harness.report.characters import one_line
from harness.report.indented import Indented
from harness.report.measures import limit
from harness.source import Source

SCHEMA = "harness.design/1"
KINDS: dict[type, str] = {
    Relates: "relates",
    UsesIndex: "uses-index",
    WithinTarget: "within-target",
    GrowsAs: "grows-as",
    BackwardCompatible: "backward-compatible",
    Loses: "loses",
    Rule: "rule",
    Told: "told",
    HasRows: "has-rows",
    HasRatio: "has-ratio",
    HasShare: "has-share",
    GainsRows: "gains-rows",
    KeepsRows: "keeps-rows",
}


def as_json(design: Design) -> dict[str, Any]:
    """Everything that was read, as values that JSON can hold; each claim says its kind."""
    read: dict[str, Any] = plain(design)
    read["database"] = read.pop("schema")
    read["claims"] = [{"kind": KINDS[type(claim)]} | plain(claim) for claim in design.claims]
    return {"schema": SCHEMA} | read


def as_text(design: Design) -> RenderableType:
    """Everything that was read, for people."""
    return Group(*_parts(design))


def _parts(design: Design) -> Iterator[RenderableType]:
    yield Text.assemble((one_line(design.title), "bold"), f" ({design.path}, {counted(design.lines, 'line')})")
    yield _line(design.engine_source, f"engine: {design.engine or 'not said'}")
    for entity in design.schema.entities:
        yield from _entity(entity)
    yield from _section(
        "code", (_line(s.statement.source, _script(s.kind, s.entity, s.reason)) for s in design.scripts)
    )
    yield from _section("relationships", _claims(design, Relates))
    yield from _section("queries", (line for query in design.queries for line in _query(design, query)))
    yield from _section("migrations", (line for migration in design.migrations for line in _migration(migration)))
    yield from _section("diagrams", _diagrams(design))
    yield from _section("rules", _claims(design, Rule))
    yield from _section("volumes", _claims(design, HasRows, HasRatio, HasShare, GainsRows, KeepsRows))
    yield from _section("other claims", _claims(design, Told, BackwardCompatible, Loses))
    not_understood = (_line(u.source, f"{one_line(u.text, 60)}: {one_line(u.reason)}") for u in design.unread)
    yield from _section("not understood or not used", not_understood, style="bold yellow")


def _section(title: str, lines: Iterable[RenderableType], style: str = "bold") -> Iterator[RenderableType]:
    found = list(lines)
    if found:
        yield Text(f"\n{title}", style=style)
        yield from found


def _line(source: Source | None, text: str, depth: int = 0) -> Indented:
    """Under its line of the document; under nothing for what has none."""
    return Indented(Text(one_line(text)), head=_margin(source) + Text("  " * depth))


def _margin(source: Source | None) -> Text:
    return Text(f"{source.line if source else '':>5}  ", style="dim")


def _entity(entity: Entity) -> Iterator[RenderableType]:
    yield Text("")
    purpose = f": {one_line(entity.purpose)}" if entity.purpose else ""
    name = Text.assemble((f"{entity.kind} {one_line(entity.name)}", "bold"), purpose)
    yield Indented(name, head=_margin(entity.source))
    yield from (_line(field.source, _field(field), 1) for field in entity.fields)
    yield from (_line(key.source, _key(key), 1) for key in entity.keys)
    yield from (_line(key.source, _foreign_key(key), 1) for key in entity.foreign_keys)
    yield from (_line(c.source, f"check {c.expression or '(not written out)'}", 1) for c in entity.checks)
    yield from (_line(index.source, _index(index), 1) for index in entity.indexes)


def _field(field: Field) -> str:
    parts = [field.name, field.type]
    if field.nullable is not None:
        parts.append("null" if field.nullable else "not null")
    if field.default is not None:
        parts.append(f"default {field.default}")
    if field.identity:
        parts.append(f"identity {field.identity}")
    if field.generated:
        parts.append(f"generated ({field.generated})")
    return " ".join(parts)


def _key(key: Key) -> str:
    return f"{'primary key' if key.primary else 'unique'} ({', '.join(key.fields)})"


def _foreign_key(key: ForeignKey) -> str:
    target = f"{key.target}({', '.join(key.target_fields)})" if key.target_fields else key.target
    actions = (f" on delete {key.on_delete}" if key.on_delete else "") + (
        f" on update {key.on_update}" if key.on_update else ""
    )
    return f"({', '.join(key.fields)}) references {target}{actions}"


def _index(index: Index) -> str:
    parts = ["unique index" if index.unique else "index", index.name or "(no name)"]
    if index.method:
        parts.append(f"using {index.method}")
    if index.keys:
        parts.append(f"({', '.join(map(_index_key, index.keys))})")
    if index.includes:
        parts.append(f"include ({', '.join(index.includes)})")
    if index.predicate:
        parts.append(f"where {index.predicate}")
    return " ".join(parts) + (f": {index.purpose}" if index.purpose else "")


def _index_key(key: IndexKey) -> str:
    return key.text + (" desc" if key.descending else "") + (f" nulls {key.nulls}" if key.nulls else "")


def _script(kind: str, entity: str | None, reason: str) -> str:
    return kind + (f" of {entity}" if entity else "") + (f": {reason}" if reason else "")


def _query(design: Design, query: Query) -> Iterator[RenderableType]:
    yield _line(query.source, f"{query.id}: {query.title}")
    yield _line(query.statement.source, one_line(query.statement.text, 100), 1)
    for claim in design.claims:
        if isinstance(claim, UsesIndex | WithinTarget | GrowsAs) and claim.query == query.id:
            yield _line(claim.source, _claim(claim), 1)


def _migration(migration: Migration) -> Iterator[RenderableType]:
    where = f" ({migration.source.path})" if migration.tool else ""
    planned = " (planned)" if migration.planned else ""
    yield _line(migration.source, f"{migration.id}: {migration.title}{where}{planned}")
    for word, script in (("up", migration.up), ("down", migration.down)):
        if script is None:
            yield _line(None, f"{word}: none given", 1)
        else:
            yield _line(script.source, f"{word}: {one_line(script.text, 90)}", 1)


def _diagrams(design: Design) -> Iterator[RenderableType]:
    for diagram in design.diagrams:
        yield _line(diagram.source, f"boxes: {', '.join(box.name for box in diagram.boxes) or 'none'}")
        yield from (_line(None, f"{start} → {end}", 1) for start, end in diagram.arrows)


def _claims(design: Design, *kinds: type) -> Iterator[RenderableType]:
    return (_line(claim.source, _claim(claim)) for claim in design.claims if isinstance(claim, kinds))


def _claim(claim: Claim) -> str:
    match claim:
        case UsesIndex() | WithinTarget() | GrowsAs():
            return _of_query(claim)
        case Relates():
            return _relates(claim)
        case BackwardCompatible() | Loses():
            return _of_migration(claim)
        case Rule():
            return claim.text if claim.text.startswith(claim.title) else f"{claim.title}: {claim.text}"
        case Told():
            return f"{claim.topic}: {claim.text}"
        case _:
            return _quantity(claim)


def _quantity(claim: Quantity) -> str:
    match claim:
        case HasRows():
            return f"{claim.entity} has {counted(claim.rows, 'row')}"
        case HasRatio():
            return f"{claim.entity}: {claim.number:g} for each row of {claim.parent}"
        case HasShare():
            return f"{claim.entity}.{claim.field} is {claim.value} in {claim.share:.4g} of the rows"
        case GainsRows():
            return f"{claim.entity} gains {counted(claim.rows, 'row')} in {claim.days:.3g} {_days(claim.days)}"
        case KeepsRows():
            return f"rows of {claim.entity} are kept for {claim.days:.4g} {_days(claim.days)}"


def _days(number: float) -> str:
    return form(number, "day", "days")


def _of_migration(claim: BackwardCompatible | Loses) -> str:
    if isinstance(claim, Loses):
        return f"going back before migration {claim.migration} loses: {claim.text}"
    return f"migration {claim.migration} is backward compatible: {claim.text}"


def _of_query(claim: UsesIndex | WithinTarget | GrowsAs) -> str:
    match claim:
        case UsesIndex():
            return f"uses index {claim.index}"
        case WithinTarget():
            volume = f", {claim.volume}" if claim.volume else ""
            return f"within {limit(claim.limit_ms)} (percentile {claim.percentile:g}{volume})"
        case GrowsAs():
            return f"grows as O({claim.order})" + (f" through {claim.index}" if claim.index else "")


def _relates(claim: Relates) -> str:
    key = ForeignKey(None, claim.fields, claim.target, claim.target_fields, claim.on_delete, claim.on_update)
    return f"{claim.entity} {_foreign_key(key)}"

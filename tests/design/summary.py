"""A design in short lines, one per fact, each with the line of the document that it stands on."""

from collections.abc import Iterator

from harness.design.claim_types import (
    BackwardCompatible,
    Claim,
    GrowsAs,
    Loses,
    Relates,
    Rule,
    Told,
    UsesIndex,
    WithinTarget,
)
from harness.design.drawn import Diagram
from harness.design.model import Design, Entity, Field, Index, IndexKey, Migration
from harness.source import Source


def summary(design: Design) -> tuple[str, ...]:
    """Every fact of a design but its claims' full words."""
    engine = (f"{_line(design.engine_source)} engine {design.engine}",) if design.engine else ()
    return (
        *engine,
        *(line for entity in design.schema.entities for line in _entity(entity)),
        *(f"{_lines(s.statement.source)} {s.kind} script{_of(s.entity)}" for s in design.scripts),
        *(f"{_lines(q.statement.source)} query {q.id}: {q.title}: {_short(q.statement.text)}" for q in design.queries),
        *(line for migration in design.migrations for line in _migration(migration)),
        *(_claim(claim) for claim in design.claims),
        *(f"{_lines(d.source)} diagram {_boxes(d)} {_arrows(d)}".rstrip() for d in design.diagrams),
        *(f"{_lines(u.source)} unread: {_short(u.text)}: {u.reason}" for u in design.unread),
    )


def _entity(entity: Entity) -> Iterator[str]:
    yield f"{_line(entity.source)} {entity.kind} {entity.name}: {entity.purpose}".rstrip(": ")
    yield from (f"{_line(f.source)} column {entity.name}.{f.name} {_field(f)}" for f in entity.fields)
    for key in entity.keys:
        kind = "primary key" if key.primary else "unique"
        yield f"{_line(key.source)} {kind} {entity.name} ({', '.join(key.fields)})"
    for foreign in entity.foreign_keys:
        fields = f" ({', '.join(foreign.target_fields)})" if foreign.target_fields else ""
        target = f"{foreign.target}{fields}{_actions(foreign.on_delete, foreign.on_update)}"
        yield f"{_line(foreign.source)} reference {entity.name} ({', '.join(foreign.fields)}) to {target}"
    yield from (f"{_line(c.source)} check {entity.name} ({', '.join(c.fields)}) {c.expression}" for c in entity.checks)
    yield from (f"{_line(i.source)} index {entity.name}: {_index(i)}" for i in entity.indexes)


def _field(field: Field) -> str:
    null = {None: "", True: " null", False: " not null"}[field.nullable]
    default = f" default {field.default}" if field.default is not None else ""
    generated = f" generated {field.generated}" if field.generated else ""
    identity = f" identity {field.identity}" if field.identity else ""
    options = "".join(f" {name}={value}" for name, value in field.options)
    words = f" — {field.description}" if field.description else ""
    return f"{field.type}{null}{default}{generated}{identity}{options}{words}"


def _index(index: Index) -> str:
    parts = [
        index.name or "unnamed",
        f"({', '.join(_key(k) for k in index.keys)})" if index.keys else "",
        {None: "", True: "unique", False: "not unique"}[index.unique],
        index.method or "",
        f"including ({', '.join(index.includes)})" if index.includes else "",
        f"where {index.predicate}" if index.predicate else "",
        " ".join(f"{name}={value}" for name, value in index.options),
        f"— {index.purpose}" if index.purpose else "",
    ]
    return " ".join(part for part in parts if part)


def _key(key: IndexKey) -> str:
    text = f"[{key.text}]" if key.expression else key.text
    length = f"({key.length})" if key.length else ""
    order = {None: "", True: " desc", False: " asc"}[key.descending]
    nulls = f" nulls {key.nulls}" if key.nulls else ""
    return f"{text}{length}{order}{nulls}" + "".join(f" {value}" for _, value in key.options)


def _migration(migration: Migration) -> Iterator[str]:
    planned = " planned" if migration.planned else ""
    yield f"{_lines(migration.source)} migration {migration.id}: {migration.title}{planned}"
    for name, statement in (("up", migration.up), ("down", migration.down)):
        if statement is not None:
            yield f"{_lines(statement.source)} {name} {migration.id}: {_short(statement.text)}"


def _claim(claim: Claim) -> str:
    match claim:
        case Relates():
            fields = f" ({', '.join(claim.target_fields)})" if claim.target_fields else ""
            actions = _actions(claim.on_delete, claim.on_update)
            said = f"relates {claim.entity} ({', '.join(claim.fields)}) to {claim.target}{fields}{actions}"
        case UsesIndex():
            said = f"uses {claim.query}: {claim.index}"
        case WithinTarget():
            volume = f" for {claim.volume}" if claim.volume else ""
            said = f"within {claim.query}: {claim.limit_ms:g} ms at {claim.percentile:g}{volume}"
        case GrowsAs():
            said = f"grows {claim.query}{f' through {claim.index}' if claim.index else ''}: {claim.order}"
        case BackwardCompatible():
            said = f"compatible {claim.migration}"
        case Loses():
            said = f"loses {claim.migration}: {_short(claim.text)}"
        case Rule():
            said = f"rule {claim.title or '-'}: {_short(claim.text)}"
        case Told():
            said = f"told {claim.topic}: {_short(claim.text)}"
    return f"{claim.source.line} {said}"


def _boxes(diagram: Diagram) -> str:
    return " ".join(f"{box.name}({', '.join(box.fields)})" for box in diagram.boxes)


def _arrows(diagram: Diagram) -> str:
    return " ".join(f"{left}>{right}" for left, right in diagram.arrows)


def _actions(on_delete: str | None, on_update: str | None) -> str:
    return (f" on delete {on_delete}" if on_delete else "") + (f" on update {on_update}" if on_update else "")


def _of(entity: str | None) -> str:
    return f" of {entity}" if entity else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 90 else text[:89] + "…"


def _line(source: Source | None) -> str:
    return str(source.line) if source else "-"


def _lines(source: Source) -> str:
    return str(source.line) if source.line == source.end_line else f"{source.line}-{source.end_line}"

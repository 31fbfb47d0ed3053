"""What a query asks of the inside of documents and arrays, as JSON that these are to contain."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from postgast import pg_query_pb2 as pb
from postgast.walk import unwrap_node

from harness.adapters.postgresql import grammar
from harness.adapters.postgresql.scopes import Scopes
from harness.design.model import Schema

STEPS = {"->", "->>"}
PATHS = {"#>", "#>>"}
WHOLE = frozenset({"int2", "int4", "int8", "numeric", "float4", "float8"})
PRESENT = "standard"
"""The value of a key that a query only asks to be there."""


@dataclass(frozen=True, slots=True)
class Contained:
    """A condition that documents meet which contain some JSON.

    Attributes:
        starts: where the constants stand in the parsed text.
    """

    entity: str
    field: str
    text: str
    starts: tuple[int, ...]


def inside(parsed: grammar.Parsed, schema: Schema) -> Iterator[Contained]:
    """The conditions of a query that must hold, on the inside of columns; those of an OR ask for rows of their own."""
    scopes = Scopes(parsed.tree, schema)
    for number, node in scopes.conditions():
        found = _read(node) if isinstance(node, pb.A_Expr) else None
        if found is None:
            continue
        reference, value, constants = found
        column = scopes.column(number, reference)
        if column is not None:
            starts = tuple(parsed.offset(each.location) for each in constants)
            yield Contained(*column, json.dumps(value), starts)


Read = tuple[Any, Any, Sequence[Any]]
"""The column, what is to be contained, and the constants that say so."""


def _read(node: Any) -> Read | None:
    left, right = unwrap_node(node.lexpr), unwrap_node(node.rexpr)
    operator = node.name[-1].string.sval if node.name else ""
    if node.kind == pb.AEXPR_OP_ANY and operator == "=":
        return _element(left, right)
    if node.kind != pb.AEXPR_OP:
        return None
    if operator == "=":
        return _equal(left, right)
    column = grammar.uncast(left)
    if (
        operator == "@>"
        and isinstance(column, pb.ColumnRef)
        and isinstance(array := grammar.uncast(right), pb.A_ArrayExpr)
    ):
        constants = [_constant(unwrap_node(each)) for each in array.elements]
        if constants and None not in constants:
            return column, [_value(each) for each in constants], constants
    if operator == "?" and isinstance(column, pb.ColumnRef) and (key := _constant(right)) is not None:
        return column, {str(_value(key)): PRESENT}, [key]
    return None


def _element(left: Message, right: Message) -> Read | None:
    """``'x' = ANY (tags)``."""
    column, value = grammar.uncast(right), _constant(left)
    if not isinstance(column, pb.ColumnRef) or value is None:
        return None
    return column, [_value(value)], [value]


def _equal(left: Message, right: Message) -> Read | None:
    """``data ->> 'status' = 'open'``."""
    value, way = _constant(right), _way(left)
    if value is None or way is None:
        return None
    column, keys, constants = way
    found = _number(_value(value)) if _is_number(left) or not value.HasField("sval") else _value(value)
    for key in reversed(keys):
        found = {key: found}
    return column, found, [*constants, value]


def _is_number(node: Message) -> bool:
    return isinstance(node, pb.TypeCast) and node.type_name.names[-1].string.sval in WHOLE


def _number(value: Any) -> Any:
    try:
        return int(value)
    except (TypeError, ValueError):
        try:
            return float(value)
        except (TypeError, ValueError):
            return value


def _way(node: Message) -> tuple[Any, list[str], list[Any]] | None:
    """The column, the keys on the way into it, and their constants."""
    node = grammar.uncast(node)
    if not isinstance(node, pb.A_Expr) or node.kind != pb.AEXPR_OP:
        return None
    operator, key = node.name[-1].string.sval, _constant(unwrap_node(node.rexpr))
    if operator not in STEPS | PATHS or key is None or not key.HasField("sval"):
        return None
    keys = key.sval.sval.strip("{}").split(",") if operator in PATHS else [key.sval.sval]
    inner = grammar.uncast(unwrap_node(node.lexpr))
    if isinstance(inner, pb.ColumnRef):
        return inner, keys, [key]
    before = _way(inner)
    return None if before is None else (before[0], [*before[1], *keys], [*before[2], key])


def _constant(node: Message) -> Any:
    bare = grammar.uncast(node)
    return bare if isinstance(bare, pb.A_Const) and not bare.isnull else None


def _value(node: Any) -> Any:
    match node.WhichOneof("val"):
        case "ival":
            return node.ival.ival
        case "fval":
            return _number(node.fval.fval)
        case "boolval":
            return node.boolval.boolval
    return str(node.sval.sval)

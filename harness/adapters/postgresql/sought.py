"""What a query looks for that no single field answers, and the entities that it reads, found in its parse tree."""

from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.message import Message
from postgast import pg_query_pb2 as pb
from postgast import walk
from postgast.walk import unwrap_node

from harness.adapters.postgresql import grammar, placeholders
from harness.adapters.postgresql.inside import inside
from harness.adapters.postgresql.names import entity_name
from harness.adapters.postgresql.parameters import parameters
from harness.adapters.postgresql.scopes import QUERIES
from harness.design.model import Schema
from harness.facts import Sought

CONDITIONS = ("where_clause", "having_clause", "quals")

UNITS = frozenset({"date_trunc", "date_part", "date_bin", "extract", "make_interval", "current_setting", "set_config"})
"""Functions whose constants are a unit, a span of time or a setting: they ask for no row."""

CLOCK = frozenset({"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp"})


def sought(text: str, schema: Schema) -> Sought:
    """Nothing for a text that does not parse."""
    rewritten = placeholders.numbered(text)
    try:
        parsed = grammar.parse(rewritten.text)
    except grammar.Unparsable:
        return Sought()
    documents = tuple(inside(parsed, schema))
    told = {rewritten.written(start) for each in documents for start in each.starts}
    reader = _Reader(text, parsed, rewritten, told | {p.start for p in parameters(text, schema)})
    held = ((each.entity, each.field, each.text) for each in documents)
    entities = dict.fromkeys(_entities(parsed.tree, schema))
    return Sought(tuple(entities), tuple(dict.fromkeys(reader.beyond())), tuple(dict.fromkeys(held)))


def _entities(tree: Message, schema: Schema) -> Iterator[str]:
    """Its tables, without the names of WITH queries."""
    local = {node.ctename for _, node in walk(tree) if isinstance(node, pb.CommonTableExpr)}
    for _, node in walk(tree):
        if isinstance(node, pb.RangeVar) and (node.schemaname or node.relname not in local):
            entity = schema.entity(entity_name(node.schemaname, node.relname))
            if entity is not None:
                yield entity.name


class _Reader:
    """One parsed query; ``against``: where the parameters begin in the text as written."""

    def __init__(self, text: str, parsed: grammar.Parsed, rewritten: placeholders.Numbered, against: set[int]) -> None:
        self._text = text
        self._parsed = parsed
        self._rewritten = rewritten
        self._against = against
        self._ends = {lexeme.start: lexeme.end for lexeme in grammar.lexemes(parsed.text)}

    def beyond(self) -> Iterator[str]:
        """The conditions that hold a constant which stands against no field; the rows that are passed over."""
        for _, node in walk(self._parsed.tree):
            for name in CONDITIONS:
                if name in node.DESCRIPTOR.fields_by_name and node.HasField(name):
                    yield from self._parts(unwrap_node(getattr(node, name)))
            if isinstance(node, pb.SelectStmt) and node.HasField("limit_offset"):
                offset = unwrap_node(node.limit_offset)
                if isinstance(offset, pb.A_Const) and offset.ival.ival:
                    yield f"OFFSET {offset.ival.ival}"

    def _parts(self, condition: Message) -> Iterator[str]:
        if _denies(condition) or _reckoned_against_now(condition):
            yield self._written(condition)
        elif isinstance(condition, pb.BoolExpr):
            for part in condition.args:
                yield from self._parts(unwrap_node(part))
        elif any(self._asking(condition)):
            yield self._written(condition)

    def _asking(self, node: Message) -> Iterator[bool]:
        """For each constant in a condition: whether it asks for something that no parameter tells."""
        if isinstance(node, pb.A_Const):
            yield not (node.isnull or node.HasField("boolval")) and self._start(node.location) not in self._against
        elif not _is_opaque(node):
            for child in _children(node):
                yield from self._asking(child)

    def _start(self, location: int) -> int:
        return self._rewritten.written(self._parsed.offset(location))

    def _written(self, condition: Message) -> str:
        """The condition as it stands in the text, in one line."""
        places = [self._parsed.offset(at) for at in _locations(condition)]
        last = max(places)
        end = self._ends.get(last, last + 1)
        piece = self._text[self._rewritten.written(min(places)) : self._rewritten.written(end)]
        behind = self._text[self._rewritten.written(end) :]
        return " ".join((piece + _closing(piece, behind)).split())


def _is_opaque(node: Message) -> bool:
    """A part whose constants are no values that rows have: a span of time, a moment reckoned from now, a query."""
    if isinstance(node, (*QUERIES, pb.ParamRef)):
        return True
    if isinstance(node, pb.TypeCast):
        return bool(node.type_name.names) and node.type_name.names[-1].string.sval == "interval"
    if isinstance(node, pb.FuncCall):
        return node.funcname[-1].string.sval in UNITS
    return isinstance(node, pb.A_Expr) and _from_now(node)


def _denies(condition: Message) -> bool:
    """Whether it asks for rows to which there are none: ``NOT EXISTS (SELECT …)``.

    Not ``NOT IN (SELECT …)``, which one NULL makes true of no row whatever is stored.
    """
    if not isinstance(condition, pb.BoolExpr) or condition.boolop != pb.NOT_EXPR:
        return False
    parts = [unwrap_node(part) for part in condition.args]
    return any(isinstance(part, pb.SubLink) and part.sub_link_type == pb.EXISTS_SUBLINK for part in parts)


def _reckoned_against_now(condition: Message) -> bool:
    """Whether it compares what is made of a field, such as the beginning of a range, with the present moment."""
    if not isinstance(condition, pb.A_Expr):
        return False
    sides = [unwrap_node(side) for side in (condition.lexpr, condition.rexpr)]
    made = any(isinstance(s, pb.FuncCall) and any(isinstance(n, pb.ColumnRef) for _, n in walk(s)) for s in sides)
    return made and any(_is_clock(s) or (isinstance(s, pb.A_Expr) and _from_now(s)) for s in sides)


def _from_now(node: Any) -> bool:
    """Whether an expression is reckoned from the present moment alone: ``current_date - 30``."""
    inner = [each for side in (node.lexpr, node.rexpr) for _, each in walk(unwrap_node(side))]
    return any(map(_is_clock, inner)) and not any(isinstance(each, pb.ColumnRef) for each in inner)


def _is_clock(node: Any) -> bool:
    return isinstance(node, pb.SQLValueFunction) or (
        isinstance(node, pb.FuncCall) and node.funcname[-1].string.sval in CLOCK
    )


def _children(node: Message) -> Iterator[Message]:
    for descriptor, value in node.ListFields():
        if descriptor.message_type is not None:
            for child in [value] if isinstance(value, Message) else value:
                yield unwrap_node(child)


def _locations(node: Message) -> Sequence[int]:
    """Where its parts stand, in the parser's bytes."""
    return [
        each.location for _, each in walk(node) if "location" in each.DESCRIPTOR.fields_by_name and each.location >= 0
    ]


def _closing(piece: str, behind: str) -> str:
    """What stands behind a piece up to the brackets that it leaves open."""
    depth = piece.count("(") + piece.count("[") - piece.count(")") - piece.count("]")
    for at, character in enumerate(behind, 1):
        if depth <= 0:
            return behind[: at - 1]
        depth += (character in "([") - (character in ")]")
    return behind if depth <= 0 else ""

"""Names that a parse tree mentions, in the form of ``Entity.name``; the parser has folded them already."""

from collections.abc import Iterable, Iterator

from google.protobuf.message import Message
from postgast import pg_query_pb2 as pb
from postgast import walk

from harness.adapters.postgresql.names import DEFAULT_NAMESPACE, entity_name

BUILT_IN = frozenset(
    """
    anyarray anyelement bigserial bit bool boolean box bpchar bytea char cidr circle cstring date datemultirange
    daterange event_trigger float4 float8 inet int2 int4 int4multirange int4range int8 int8multirange int8range
    interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric nummultirange numrange oid path pg_lsn
    point polygon record regclass regproc regtype serial serial2 serial4 serial8 smallserial text time timestamp
    timestamptz timetz trigger tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector uuid varbit varchar void
    xml
    citext geography geometry hstore ltree vector
    """.split()  # noqa: SIM905  (words read as words)
)
"""Type names that no statement of a document makes (the last line: those of common extensions)."""

KINDS = {
    pb.OBJECT_TABLE: "table",
    pb.OBJECT_COLUMN: "column",
    pb.OBJECT_INDEX: "index",
    pb.OBJECT_VIEW: "view",
    pb.OBJECT_MATVIEW: "materialized view",
    pb.OBJECT_SEQUENCE: "sequence",
    pb.OBJECT_TYPE: "type",
    pb.OBJECT_ATTRIBUTE: "attribute",
    pb.OBJECT_DOMAIN: "domain",
    pb.OBJECT_DOMCONSTRAINT: "constraint",
    pb.OBJECT_TABCONSTRAINT: "constraint",
    pb.OBJECT_FUNCTION: "function",
    pb.OBJECT_PROCEDURE: "procedure",
    pb.OBJECT_ROUTINE: "function",
    pb.OBJECT_AGGREGATE: "aggregate",
    pb.OBJECT_TRIGGER: "trigger",
    pb.OBJECT_EVENT_TRIGGER: "event trigger",
    pb.OBJECT_RULE: "rule",
    pb.OBJECT_POLICY: "policy",
    pb.OBJECT_SCHEMA: "schema",
    pb.OBJECT_EXTENSION: "extension",
    pb.OBJECT_FOREIGN_TABLE: "foreign table",
    pb.OBJECT_STATISTIC_EXT: "statistics",
    pb.OBJECT_DATABASE: "database",
    pb.OBJECT_ROLE: "role",
}


def words(name: str) -> str:
    """``VacuumStmt`` as ``vacuum``: the kind of what has no name of its own here."""
    stem = name.removesuffix("Stmt")
    return "".join(f" {c.lower()}" if c.isupper() else c for c in stem).strip()


def relation(node: pb.RangeVar) -> str:
    """The ``Entity.name`` of a table as it is written; names are folded by the parser already."""
    return entity_name(node.schemaname, node.relname)


def strings(nodes: Iterable[pb.Node]) -> list[str]:
    """The parts of a qualified name."""
    return [node.string.sval for node in nodes if node.HasField("string")]


def dotted(nodes: Iterable[pb.Node]) -> str:
    """A qualified name in the form of ``Entity.name``."""
    found = strings(nodes)
    return entity_name(found[-2] if len(found) > 1 else "", found[-1]) if found else ""


def queried(node: Message) -> tuple[str, ...]:
    """The tables that a query reads, each once, without its WITH names."""
    nodes = [inner for _, inner in walk(node)]
    local = {inner.ctename for inner in nodes if isinstance(inner, pb.CommonTableExpr)}
    found = (relation(inner) for inner in nodes if isinstance(inner, pb.RangeVar) and inner.relname)
    return tuple(dict.fromkeys(name for name in found if name not in local))


def needs(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """Needs of an object: the others and its own namespace, each once, without itself."""
    namespace = name.rpartition(".")[0]
    wanted = ([namespace] if namespace else []) + [other for other in others if other]
    return tuple(dict.fromkeys(other for other in wanted if other not in {name, DEFAULT_NAMESPACE}))


def named_inside(elements: Iterable[Message]) -> Iterator[str]:
    """Tables and types that column definitions and constraints speak of."""
    for element in elements:
        for _, inner in walk(element):
            if isinstance(inner, pb.Constraint) and inner.HasField("pktable"):
                yield relation(inner.pktable)
            elif isinstance(inner, pb.TableLikeClause):
                yield relation(inner.relation)
            elif isinstance(inner, pb.TypeName):
                yield user_type(inner)


def user_type(node: pb.TypeName) -> str:
    """The name of a type that somebody must have made; empty for the server's own."""
    names = strings(node.names)
    own = not names or (names[-1] in BUILT_IN and len(names) == 1) or names[0] in {"pg_catalog", "information_schema"}
    return "" if own else dotted(node.names)


def object_name(node: pb.Node) -> str:
    """The name of an object that is dropped or commented on."""
    if node.HasField("list"):
        return dotted(node.list.items)
    if node.HasField("object_with_args"):
        return dotted(node.object_with_args.objname)
    return dotted(node.type_name.names) if node.HasField("type_name") else node.string.sval

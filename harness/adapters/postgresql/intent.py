"""What a single statement is about: verb, kind, names and needs, read from the parse tree."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from google.protobuf.message import Message
from postgast import pg_query_pb2 as pb
from postgast import walk

from harness.adapters.postgresql import grammar, placeholders
from harness.adapters.postgresql.names import DEFAULT_NAMESPACE, entity_name
from harness.adapters.postgresql.place import lines
from harness.adapters.postgresql.refusal import SYNTAX_ERROR, unsendable
from harness.adapters.postgresql.undo import undo
from harness.design.model import Statement
from harness.engine import Intent, Refusal

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

OWNED = frozenset({"column", "constraint", "trigger", "rule", "policy"})
"""Kinds whose qualified name is ``table.name``."""

RELATIONS = frozenset({"table", "view", "materialized view", "foreign table"})


def intent(statement: Statement) -> Intent:
    """What the statement is about; verb ``invalid`` when neither it nor its form with placeholders parses."""
    refused = unsendable(statement)
    if refused is not None:
        return Intent("invalid", refusal=refused)
    try:
        parsed = grammar.parse(statement.text)
    except grammar.TooDeep:
        return Intent("other")
    except grammar.Unparsable as error:
        return _with_placeholders(statement) or _invalid(statement, error.message, error.offset)
    return _of(parsed)


def _of(parsed: grammar.Parsed) -> Intent:
    if not parsed.tree.stmts:
        return Intent("other", "nothing", undo=())
    node = _inner(parsed.tree.stmts[0].stmt)
    describe = DESCRIBED.get(type(node).DESCRIPTOR.name)
    found = describe(node) if describe else Intent("other", _words(type(node).DESCRIPTOR.name))
    return replace(found, undo=undo(node))


def _with_placeholders(statement: Statement) -> Intent | None:
    try:
        return _of(grammar.parse(placeholders.numbered(statement.text).text))
    except grammar.Unparsable:
        return None


def _invalid(statement: Statement, message: str, offset: int) -> Intent:
    end = len(statement.text)
    place = lines(statement)(min(offset, max(end - 1, 0)), min(offset, max(end - 1, 0)))
    return Intent("invalid", refusal=Refusal(message, SYNTAX_ERROR, place))


def _inner(node: Message) -> Any:
    """The statement itself, out of its wrapper."""
    which = node.WhichOneof("node")
    return node if which is None else getattr(node, which)


def _words(name: str) -> str:
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


def _needs(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """Needs of an object: the others and its own namespace, each once, without itself."""
    namespace = name.rpartition(".")[0]
    wanted = ([namespace] if namespace else []) + [other for other in others if other]
    return tuple(dict.fromkeys(other for other in wanted if other not in {name, DEFAULT_NAMESPACE}))


def _table(node: pb.CreateStmt) -> Intent:
    name = relation(node.relation)
    kind = "partition" if node.HasField("partbound") else "table"
    parents = [relation(parent.range_var) for parent in node.inh_relations]
    return Intent("create", kind, name, name, _needs(name, [*parents, *_named_inside(node.table_elts)]))


def _named_inside(elements: Iterable[Message]) -> Iterator[str]:
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


def _foreign_table(node: pb.CreateForeignTableStmt) -> Intent:
    return replace(_table(node.base_stmt), kind="foreign table")


def _table_as(node: pb.CreateTableAsStmt) -> Intent:
    name = relation(node.into.rel)
    return Intent("create", KINDS.get(node.objtype, "table"), name, name, _needs(name, queried(node.query)))


def _view(node: pb.ViewStmt) -> Intent:
    name = relation(node.view)
    return Intent("create", "view", name, name, _needs(name, queried(node.query)))


def _index(node: pb.IndexStmt) -> Intent:
    table = relation(node.relation)
    return Intent("create", "index", entity_name(node.relation.schemaname, node.idxname) if node.idxname else "", table)


def _sequence(node: pb.CreateSeqStmt) -> Intent:
    return Intent("create", "sequence", relation(node.sequence))


def _type(kind: str, field: str) -> Callable[[Any], Intent]:
    return lambda node: Intent("create", kind, dotted(getattr(node, field)))


def _alters(describe: Callable[[Any], Intent]) -> Callable[[Any], Intent]:
    return lambda node: replace(describe(node), verb="alter")


def _composite(node: pb.CompositeTypeStmt) -> Intent:
    return Intent(
        "create", "type", relation(node.typevar), references=tuple(filter(None, _named_inside(node.coldeflist)))
    )


def _domain(node: pb.CreateDomainStmt) -> Intent:
    name = dotted(node.domainname)
    return Intent("create", "domain", name, references=_needs(name, [user_type(node.type_name)]))


def _function(node: pb.CreateFunctionStmt) -> Intent:
    name = dotted(node.funcname)
    types = [user_type(inner) for _, inner in walk(node) if isinstance(inner, pb.TypeName)]
    return Intent("create", "procedure" if node.is_procedure else "function", name, references=_needs(name, types))


def _define(node: pb.DefineStmt) -> Intent:
    return Intent("create", KINDS.get(node.kind, _words(pb.ObjectType.Name(node.kind)[7:])), dotted(node.defnames))


def _trigger(node: pb.CreateTrigStmt) -> Intent:
    return Intent("create", "trigger", node.trigname, relation(node.relation), _needs("", [dotted(node.funcname)]))


def _rule(node: pb.RuleStmt) -> Intent:
    return Intent("create", "rule", node.rulename, relation(node.relation))


def _policy(node: pb.CreatePolicyStmt) -> Intent:
    return Intent("create", "policy", node.policy_name, relation(node.table))


def _statistics(node: pb.CreateStatsStmt) -> Intent:
    tables = [relation(inner.range_var) for inner in node.relations if inner.HasField("range_var")]
    return Intent("create", "statistics", dotted(node.defnames), tables[0] if tables else "")


def _named(verb: str, kind: str, field: str) -> Callable[[Any], Intent]:
    return lambda node: Intent(verb, kind, str(getattr(node, field)))


def _alter_table(node: pb.AlterTableStmt) -> Intent:
    name = relation(node.relation)
    commands = [command.alter_table_cmd for command in node.cmds]
    wanted = [other for command in commands for other in _named_inside([command]) if other]
    wanted += [relation(c.def_.partition_cmd.name) for c in map(_Command, commands) if c.attaches]
    kind = KINDS.get(node.objtype, "table")
    return Intent("alter", kind, name, "" if kind in {"index", "sequence", "type"} else name, _needs(name, wanted))


class _Command:
    """One action of ALTER TABLE. The tree calls its object ``def``, which is no name in Python."""

    def __init__(self, node: pb.AlterTableCmd) -> None:
        self.node = node
        self.def_: pb.Node = getattr(node, "def")

    @property
    def attaches(self) -> bool:
        """Whether it makes another table a partition of this one."""
        return bool(self.node.subtype == pb.AT_AttachPartition)


def _rename(node: pb.RenameStmt) -> Intent:
    kind = KINDS.get(node.rename_type, "object")
    table = relation(node.relation) if node.relation.relname else ""
    name = node.subname or table or dotted(node.object.list.items) or dotted(node.object.object_with_args.objname)
    return Intent("rename", kind, name, table if kind in OWNED | RELATIONS else "")


def _drop(node: pb.DropStmt) -> Intent:
    kind = KINDS.get(node.remove_type, _words(pb.ObjectType.Name(node.remove_type)[7:]))
    found = [_object(inner) for inner in node.objects]
    if kind in OWNED and found:
        table, name = dotted(node.objects[0].list.items[:-1]), found[0].rpartition(".")[2]
        return Intent("drop", kind, name, table)
    name = found[0] if found else ""
    return Intent("drop", kind, name, name if kind in RELATIONS else "", tuple(found[1:]))


def _object(node: pb.Node) -> str:
    if node.HasField("list"):
        return dotted(node.list.items)
    if node.HasField("object_with_args"):
        return dotted(node.object_with_args.objname)
    return dotted(node.type_name.names) if node.HasField("type_name") else node.string.sval


def _comment(node: pb.CommentStmt) -> Intent:
    kind = KINDS.get(node.objtype, _words(pb.ObjectType.Name(node.objtype)[7:]))
    name = _object(node.object)
    if kind in OWNED and node.object.HasField("list"):
        return Intent("comment", kind, name.rpartition(".")[2], dotted(node.object.list.items[:-1]))
    return Intent("comment", kind, name, name if kind in RELATIONS else "")


def _writes(verb: str) -> Callable[[Any], Intent]:
    def describe(node: Any) -> Intent:
        name = relation(node.relation)
        return Intent(verb, "table", name, name, tuple(other for other in queried(node) if other != name))

    return describe


def _truncate(node: pb.TruncateStmt) -> Intent:
    found = queried(node)
    return Intent("delete", "table", found[0], found[0], found[1:])


def _copy(node: pb.CopyStmt) -> Intent:
    name = relation(node.relation) if node.relation.relname else ""
    return Intent("insert" if node.is_from else "select", "table", name, name, () if name else queried(node))


def _query(node: Message) -> Intent:
    found = queried(node)
    into = node.into_clause if isinstance(node, pb.SelectStmt) and node.HasField("into_clause") else None
    if into is not None:
        name = relation(into.rel)
        return Intent("create", "table", name, name, tuple(other for other in found if other != name))
    return Intent("select", "", "", found[0] if found else "", found)


def _explain(node: pb.ExplainStmt) -> Intent:
    return replace(_query(node.query), verb="select", kind="explain")


def _refresh(node: pb.RefreshMatViewStmt) -> Intent:
    return Intent("other", "materialized view", relation(node.relation), relation(node.relation))


def _transaction(_: pb.TransactionStmt) -> Intent:
    return Intent("other", "transaction")


def _grant(node: pb.GrantStmt) -> Intent:
    tables = [relation(inner.range_var) for inner in node.objects if inner.HasField("range_var")]
    return Intent("other", "privilege", "", tables[0] if tables else "", tuple(tables[1:]))


def _moves(node: pb.AlterObjectSchemaStmt) -> Intent:
    name = relation(node.relation) if node.relation.relname else _object(node.object)
    kind = KINDS.get(node.object_type, "object")
    return Intent("alter", kind, name, name if kind in RELATIONS else "", (node.newschema,))


DESCRIBED: dict[str, Callable[[Any], Intent]] = {
    "CreateStmt": _table,
    "CreateForeignTableStmt": _foreign_table,
    "CreateTableAsStmt": _table_as,
    "ViewStmt": _view,
    "IndexStmt": _index,
    "CreateSeqStmt": _sequence,
    "CreateEnumStmt": _type("type", "type_name"),
    "CreateRangeStmt": _type("type", "type_name"),
    "CompositeTypeStmt": _composite,
    "CreateDomainStmt": _domain,
    "CreateFunctionStmt": _function,
    "DefineStmt": _define,
    "CreateTrigStmt": _trigger,
    "RuleStmt": _rule,
    "CreatePolicyStmt": _policy,
    "CreateStatsStmt": _statistics,
    "CreateSchemaStmt": _named("create", "schema", "schemaname"),
    "CreateExtensionStmt": _named("create", "extension", "extname"),
    "CreateRoleStmt": _named("create", "role", "role"),
    "CreatedbStmt": _named("create", "database", "dbname"),
    "CreatePublicationStmt": _named("create", "publication", "pubname"),
    "CreateEventTrigStmt": _named("create", "event trigger", "trigname"),
    "CreateForeignServerStmt": _named("create", "server", "servername"),
    "DropdbStmt": _named("drop", "database", "dbname"),
    "AlterTableStmt": _alter_table,
    "AlterEnumStmt": _alters(_type("type", "type_name")),
    "AlterSeqStmt": _alters(_sequence),
    "AlterDomainStmt": _alters(_type("domain", "type_name")),
    "AlterObjectSchemaStmt": _moves,
    "RenameStmt": _rename,
    "DropStmt": _drop,
    "CommentStmt": _comment,
    "InsertStmt": _writes("insert"),
    "UpdateStmt": _writes("update"),
    "DeleteStmt": _writes("delete"),
    "MergeStmt": _writes("update"),
    "TruncateStmt": _truncate,
    "CopyStmt": _copy,
    "SelectStmt": _query,
    "ExplainStmt": _explain,
    "RefreshMatViewStmt": _refresh,
    "TransactionStmt": _transaction,
    "GrantStmt": _grant,
    "VariableSetStmt": _named("set", "setting", "name"),
}

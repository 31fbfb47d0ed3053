"""What each kind of statement is about: one small function for each node of the parser that makes or changes things."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from google.protobuf.message import Message
from postgast import pg_query_pb2 as pb
from postgast import walk

from harness.adapters.postgresql.mentions import (
    KINDS,
    dotted,
    named_inside,
    needs,
    object_name,
    queried,
    relation,
    user_type,
    words,
)
from harness.adapters.postgresql.names import entity_name
from harness.facts import Intent

OWNED = frozenset({"column", "constraint", "trigger", "rule", "policy"})
"""Kinds whose qualified name is ``table.name``."""

RELATIONS = frozenset({"table", "view", "materialized view", "foreign table"})


def subject(node: Any) -> Intent:
    """Verb, kind, names and needs of a parsed statement."""
    name = type(node).DESCRIPTOR.name
    describe = DESCRIBED.get(name)
    return describe(node) if describe else Intent("other", words(name))


def _table(node: pb.CreateStmt) -> Intent:
    name = relation(node.relation)
    kind = "partition" if node.HasField("partbound") else "table"
    parents = [relation(parent.range_var) for parent in node.inh_relations]
    return Intent("create", kind, name, name, needs(name, [*parents, *named_inside(node.table_elts)]))


def _foreign_table(node: pb.CreateForeignTableStmt) -> Intent:
    return replace(_table(node.base_stmt), kind="foreign table")


def _table_as(node: pb.CreateTableAsStmt) -> Intent:
    name = relation(node.into.rel)
    return Intent("create", KINDS.get(node.objtype, "table"), name, name, needs(name, queried(node.query)))


def _view(node: pb.ViewStmt) -> Intent:
    name = relation(node.view)
    return Intent("create", "view", name, name, needs(name, queried(node.query)))


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
        "create", "type", relation(node.typevar), references=tuple(filter(None, named_inside(node.coldeflist)))
    )


def _domain(node: pb.CreateDomainStmt) -> Intent:
    name = dotted(node.domainname)
    return Intent("create", "domain", name, references=needs(name, [user_type(node.type_name)]))


def _function(node: pb.CreateFunctionStmt) -> Intent:
    name = dotted(node.funcname)
    types = [user_type(inner) for _, inner in walk(node) if isinstance(inner, pb.TypeName)]
    return Intent("create", "procedure" if node.is_procedure else "function", name, references=needs(name, types))


def _define(node: pb.DefineStmt) -> Intent:
    return Intent("create", KINDS.get(node.kind, words(pb.ObjectType.Name(node.kind)[7:])), dotted(node.defnames))


def _trigger(node: pb.CreateTrigStmt) -> Intent:
    return Intent("create", "trigger", node.trigname, relation(node.relation), needs("", [dotted(node.funcname)]))


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
    wanted = [other for command in commands for other in named_inside([command]) if other]
    wanted += [relation(c.def_.partition_cmd.name) for c in map(_Command, commands) if c.attaches]
    kind = KINDS.get(node.objtype, "table")
    return Intent("alter", kind, name, "" if kind in {"index", "sequence", "type"} else name, needs(name, wanted))


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
    kind = KINDS.get(node.remove_type, words(pb.ObjectType.Name(node.remove_type)[7:]))
    found = [object_name(inner) for inner in node.objects]
    if kind in OWNED and found:
        table, name = dotted(node.objects[0].list.items[:-1]), found[0].rpartition(".")[2]
        return Intent("drop", kind, name, table)
    name = found[0] if found else ""
    return Intent("drop", kind, name, name if kind in RELATIONS else "", tuple(found[1:]))


def _comment(node: pb.CommentStmt) -> Intent:
    kind = KINDS.get(node.objtype, words(pb.ObjectType.Name(node.objtype)[7:]))
    name = object_name(node.object)
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
    name = relation(node.relation) if node.relation.relname else object_name(node.object)
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

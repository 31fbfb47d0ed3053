"""The inverse of a statement, where the statement alone tells it. What cannot be known is None, never a guess.

An ``ADD PRIMARY KEY`` has none: it also made its columns NOT NULL, and whether they were so before is not in it.
"""

from collections.abc import Callable, Iterable
from typing import Any

import postgast
from google.protobuf.message import Message
from postgast import pg_query_pb2 as pb
from postgast import walk

from harness.adapters.postgresql.names import quoted

NAME_BYTES = 63
"""The server cuts longer names (NAMEDATALEN - 1)."""

Undo = tuple[str, ...] | None


def undo(node: Any) -> Undo:
    """Statements that take back a parsed statement, in the order to be run; empty when it changes nothing."""
    name = type(node).DESCRIPTOR.name
    if name in CHANGES_NOTHING:
        return None if name == "SelectStmt" and node.HasField("into_clause") else ()
    if getattr(node, "if_not_exists", False) or getattr(node, "replace", False) or getattr(node, "missing_ok", False):
        return None
    derive = DERIVED.get(name)
    return derive(node) if derive else None


CHANGES_NOTHING = frozenset(
    {"SelectStmt", "ExplainStmt", "VariableSetStmt", "VariableShowStmt", "TransactionStmt", "VacuumStmt", "LockStmt",
     "CheckPointStmt", "DiscardStmt", "ReindexStmt"}
)  # fmt: skip


def table(node: pb.RangeVar) -> str:
    """A table's name as SQL, with the namespace that was written."""
    return path([node.schemaname, node.relname])


def path(parts: Iterable[str]) -> str:
    """A qualified name as SQL."""
    return ".".join(quoted(part) for part in parts if part)


def _strings(nodes: Iterable[pb.Node]) -> list[str]:
    return [node.string.sval for node in nodes]


def _drops(noun: str, name: Callable[[Any], str]) -> Callable[[Any], Undo]:
    return lambda node: (f"DROP {noun} {name(node)}",)


def _drops_table_as(node: pb.CreateTableAsStmt) -> Undo:
    noun = "MATERIALIZED VIEW" if node.objtype == pb.OBJECT_MATVIEW else "TABLE"
    return (f"DROP {noun} {table(node.into.rel)}",)


def _drops_index(node: pb.IndexStmt) -> Undo:
    name = node.idxname or derived_name(
        node.relation.relname, [part.index_elem.name for part in node.index_params], "idx"
    )
    if name is None:
        return None
    word = "DROP INDEX CONCURRENTLY" if node.concurrent else "DROP INDEX"
    return (f"{word} {path([node.relation.schemaname, name])}",)


def derived_name(relation: str, columns: Iterable[str], suffix: str) -> str | None:
    """The name that the server gives to a nameless index or constraint; None for expressions and cut names."""
    columns = list(columns)
    name = "_".join((relation, *columns, suffix))
    return name if all(columns) and len(name.encode()) <= NAME_BYTES else None


def _drops_function(node: pb.CreateFunctionStmt) -> Undo:
    """The deparser writes the argument types; result columns and defaults are no part of a function's identity."""
    function = pb.ObjectWithArgs(objname=node.funcname)
    for parameter in node.parameters:
        if parameter.function_parameter.mode != pb.FUNC_PARAM_TABLE:
            copy = function.objfuncargs.add()
            copy.CopyFrom(parameter)
            copy.function_parameter.ClearField("defexpr")
            function.objargs.add().type_name.CopyFrom(parameter.function_parameter.arg_type)
    drop = pb.DropStmt(
        objects=[pb.Node(object_with_args=function)],
        remove_type=pb.OBJECT_PROCEDURE if node.is_procedure else pb.OBJECT_FUNCTION,
        behavior=pb.DROP_RESTRICT,
    )
    return (_deparsed(pb.Node(drop_stmt=drop)),)


def _deparsed(node: pb.Node) -> str:
    return str(postgast.deparse(pb.ParseResult(stmts=[pb.RawStmt(stmt=node)])))


def _drops_defined(node: pb.DefineStmt) -> Undo:
    noun = {pb.OBJECT_TYPE: "TYPE", pb.OBJECT_COLLATION: "COLLATION"}.get(node.kind)
    return (f"DROP {noun} {path(_strings(node.defnames))}",) if noun else None


def _drops_schema(node: pb.CreateSchemaStmt) -> Undo:
    cascade = " CASCADE" if node.schema_elts else ""
    return (f"DROP SCHEMA {quoted(node.schemaname)}{cascade}",) if node.schemaname else None


def _renames_back(node: pb.RenameStmt) -> Undo:
    """The same statement with both names exchanged: the deparser knows the form for every kind of object."""
    back = pb.RenameStmt()
    back.CopyFrom(node)
    if node.subname:
        back.subname = node.newname
        back.newname = node.subname
    elif node.relation.relname:
        back.relation.relname = node.newname
        back.newname = node.relation.relname
    else:
        names = back.object.list.items or back.object.object_with_args.objname
        if not names:
            return None
        back.newname = names[-1].string.sval
        names[-1].string.sval = node.newname
    return (_deparsed(pb.Node(rename_stmt=back)),)


def _renames_value_back(node: pb.AlterEnumStmt) -> Undo:
    if not node.old_val:
        return None  # an added value cannot be taken back
    back = pb.AlterEnumStmt()
    back.CopyFrom(node)
    back.old_val, back.new_val = node.new_val, node.old_val
    return (_deparsed(pb.Node(alter_enum_stmt=back)),)


def _alters_back(node: pb.AlterTableStmt) -> Undo:
    """One statement with the inverse of each action, last first; None as soon as one has none."""
    if node.objtype != pb.OBJECT_TABLE:
        return None
    actions = []
    for command in reversed(node.cmds):
        action = _action_back(node.relation.relname, command.alter_table_cmd)
        if action is None:
            return None
        actions.append(action)
    only = "" if node.relation.inh else "ONLY "
    return (f"ALTER TABLE {only}{table(node.relation)} {', '.join(actions)}",)


def _action_back(relation: str, command: pb.AlterTableCmd) -> str | None:
    name = quoted(command.name) if command.name else ""
    defined: pb.Node = getattr(command, "def")
    if command.missing_ok:
        return None
    if command.subtype == pb.AT_AddColumn:
        return f"DROP COLUMN {quoted(defined.column_def.colname)}"
    if command.subtype == pb.AT_AddConstraint:
        return _constraint_back(relation, defined.constraint)
    template = INVERSE.get(command.subtype)
    return template.format(name=name) if template else None


INVERSE = {
    pb.AT_DropNotNull: "ALTER COLUMN {name} SET NOT NULL",
    pb.AT_SetNotNull: "ALTER COLUMN {name} DROP NOT NULL",
    pb.AT_AddIdentity: "ALTER COLUMN {name} DROP IDENTITY",
    pb.AT_EnableRowSecurity: "DISABLE ROW LEVEL SECURITY",
    pb.AT_DisableRowSecurity: "ENABLE ROW LEVEL SECURITY",
    pb.AT_ForceRowSecurity: "NO FORCE ROW LEVEL SECURITY",
    pb.AT_NoForceRowSecurity: "FORCE ROW LEVEL SECURITY",
    pb.AT_DisableTrig: "ENABLE TRIGGER {name}",
    pb.AT_SetLogged: "SET UNLOGGED",
    pb.AT_SetUnLogged: "SET LOGGED",
}
"""Actions that are each other's inverse, on the understanding that they did something."""


def _constraint_back(relation: str, node: pb.Constraint) -> str | None:
    if node.contype == pb.CONSTR_PRIMARY or node.indexname:
        return None
    name = node.conname or _constraint_name(relation, node)
    return f"DROP CONSTRAINT {quoted(name)}" if name else None


def _constraint_name(relation: str, node: pb.Constraint) -> str | None:
    """The name that the server chooses, unless another object has it already."""
    if node.contype == pb.CONSTR_UNIQUE:
        return derived_name(relation, _strings(node.keys), "key")
    if node.contype == pb.CONSTR_FOREIGN:
        return derived_name(relation, _strings(node.fk_attrs), "fkey")
    if node.contype == pb.CONSTR_CHECK:
        columns = {inner.fields[-1].string.sval for inner in _column_references(node.raw_expr)}
        return derived_name(relation, columns, "check") if len(columns) == 1 else None
    return None


def _column_references(node: Message) -> list[pb.ColumnRef]:
    return [inner for _, inner in walk(node) if isinstance(inner, pb.ColumnRef)]


DERIVED: dict[str, Callable[[Any], Undo]] = {
    "CreateStmt": _drops("TABLE", lambda node: table(node.relation)),
    "CreateForeignTableStmt": _drops("FOREIGN TABLE", lambda node: table(node.base_stmt.relation)),
    "CreateTableAsStmt": _drops_table_as,
    "ViewStmt": _drops("VIEW", lambda node: table(node.view)),
    "IndexStmt": _drops_index,
    "CreateSeqStmt": _drops("SEQUENCE", lambda node: table(node.sequence)),
    "CreateEnumStmt": _drops("TYPE", lambda node: path(_strings(node.type_name))),
    "CreateRangeStmt": _drops("TYPE", lambda node: path(_strings(node.type_name))),
    "CompositeTypeStmt": _drops("TYPE", lambda node: table(node.typevar)),
    "CreateDomainStmt": _drops("DOMAIN", lambda node: path(_strings(node.domainname))),
    "CreateFunctionStmt": _drops_function,
    "DefineStmt": _drops_defined,
    "CreateTrigStmt": _drops("TRIGGER", lambda node: f"{quoted(node.trigname)} ON {table(node.relation)}"),
    "RuleStmt": _drops("RULE", lambda node: f"{quoted(node.rulename)} ON {table(node.relation)}"),
    "CreatePolicyStmt": _drops("POLICY", lambda node: f"{quoted(node.policy_name)} ON {table(node.table)}"),
    "CreateSchemaStmt": _drops_schema,
    "CreateExtensionStmt": _drops("EXTENSION", lambda node: quoted(node.extname)),
    "CreateEventTrigStmt": _drops("EVENT TRIGGER", lambda node: quoted(node.trigname)),
    "CreatePublicationStmt": _drops("PUBLICATION", lambda node: quoted(node.pubname)),
    "RenameStmt": _renames_back,
    "AlterEnumStmt": _renames_value_back,
    "AlterTableStmt": _alters_back,
}

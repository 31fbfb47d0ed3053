"""Statements written otherwise, so that nobody waits long: the ways of PostgreSQL's manual.

ALTER TABLE (Notes: NOT VALID; SET NOT NULL reads no row where a valid CHECK proves it, from 12 on) and CREATE INDEX
(Building Indexes Concurrently). A statement with several actions becomes one for each.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import postgast
from postgast import pg_query_pb2 as pb
from postgast.walk import unwrap_node, walk

from harness.adapters.postgresql import grammar
from harness.adapters.postgresql.names import literal, quoted
from harness.adapters.postgresql.undo import derived_name, table
from harness.design.model import Statement
from harness.facts import Effect
from harness.folders.model import Transaction
from harness.safer import SaferWay

PAGES = 20
"""Pages of a table whose rows are filled in one transaction: some thousands, and locked for a moment only."""

FILL = """DO $$
DECLARE
  pages bigint := pg_relation_size({literal}) / current_setting('block_size')::int;
BEGIN
  FOR page IN 0..pages BY {pages} LOOP
    UPDATE {table} SET {column} = DEFAULT
    WHERE {column} IS NULL AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + {pages})::tid;
    COMMIT;
  END LOOP;
END $$"""
"""Rows are filled where they stand, some pages at a time; a new version of a row goes elsewhere, and needs nothing."""

Texts = tuple[str, ...] | None
"""Statements, each a migration of its own."""


def safer(statement: Statement, effect: Effect) -> tuple[SaferWay, ...]:
    """See ``Rewriting.safer``."""
    try:
        node: Any = unwrap_node(grammar.parse(statement.text).tree.stmts[0].stmt)
    except (grammar.Unparsable, IndexError):
        return ()
    if isinstance(node, pb.IndexStmt | pb.DropStmt):
        texts = _concurrently(node, statement.text)
    elif isinstance(node, pb.AlterTableStmt) and node.objtype == pb.OBJECT_TABLE:
        texts = _altered(node, effect)
    else:
        texts = None
    return () if texts is None else (tuple((_made(statement, text),) for text in texts),)


def _made(statement: Statement, text: str) -> Statement:
    """What ends transactions itself must stand in none."""
    transaction: Transaction = "none" if text.startswith("DO ") else "auto"
    return replace(statement, text=text, origin="derived", transaction=transaction, parts=())


def _concurrently(node: pb.IndexStmt | pb.DropStmt, text: str) -> Texts:
    if node.concurrent or (isinstance(node, pb.DropStmt) and not _one_index(node)):
        return None
    word = next(lexeme for lexeme in grammar.lexemes(text) if lexeme.kind == "INDEX")
    return (f"{text[: word.end]} CONCURRENTLY{text[word.end :]}",)


def _one_index(node: pb.DropStmt) -> bool:
    return node.remove_type == pb.OBJECT_INDEX and len(node.objects) == 1 and node.behavior != pb.DROP_CASCADE


def _altered(node: pb.AlterTableStmt, effect: Effect) -> Texts:
    """Each action in its safer way, or as it is; None where none has one."""
    found, any_safer = [], False
    for each in node.cmds:
        one = pb.AlterTableStmt()
        one.CopyFrom(node)
        del one.cmds[:]
        one.cmds.add().CopyFrom(each)
        rewrite = ACTIONS.get(each.alter_table_cmd.subtype)
        texts = rewrite(one, each.alter_table_cmd, effect) if rewrite else None
        any_safer = any_safer or texts is not None
        found += list(texts or (_deparsed(one),))
    return tuple(found) if any_safer else None


def _deparsed(node: pb.AlterTableStmt) -> str:
    statement = pb.RawStmt(stmt=pb.Node(alter_table_stmt=node))
    return str(postgast.deparse(pb.ParseResult(stmts=[statement])))


def _not_null(node: pb.AlterTableStmt, command: pb.AlterTableCmd, effect: Effect) -> Texts:  # noqa: ARG001
    return _proven_not_null(table(node.relation), node.relation.relname, command.name)


def _proven_not_null(name: str, relation: str, column: str) -> tuple[str, ...]:
    check = quoted(f"{relation}_{column}_is_there"[:60])
    return (
        f"ALTER TABLE {name} ADD CONSTRAINT {check} CHECK ({quoted(column)} IS NOT NULL) NOT VALID",
        f"ALTER TABLE {name} VALIDATE CONSTRAINT {check}",
        f"ALTER TABLE {name} ALTER COLUMN {quoted(column)} SET NOT NULL",
        f"ALTER TABLE {name} DROP CONSTRAINT {check}",
    )


def _constraint(node: pb.AlterTableStmt, command: pb.AlterTableCmd, effect: Effect) -> Texts:  # noqa: ARG001
    said: Any = getattr(command, "def").constraint
    if said.contype in {pb.CONSTR_FOREIGN, pb.CONSTR_CHECK}:
        return _validated_later(node, said)
    if said.contype in {pb.CONSTR_UNIQUE, pb.CONSTR_PRIMARY}:
        return _by_an_index(node, said)
    return None


def _validated_later(node: pb.AlterTableStmt, said: Any) -> Texts:
    name = said.conname or _server_name(node.relation.relname, said)
    if name is None or said.skip_validation:
        return None
    text = _deparsed(node)
    return f"{text} NOT VALID", f"ALTER TABLE {table(node.relation)} VALIDATE CONSTRAINT {quoted(name)}"


def _by_an_index(node: pb.AlterTableStmt, said: Any) -> Texts:
    name = said.conname or _server_name(node.relation.relname, said)
    if name is None or said.indexname or said.deferrable or said.options or said.without_overlaps:
        return None
    keys, more = (", ".join(quoted(each.string.sval) for each in part) for part in (said.keys, said.including))
    included = f" INCLUDE ({more})" if more else ""
    nulls = " NULLS NOT DISTINCT" if said.nulls_not_distinct else ""
    word = "PRIMARY KEY" if said.contype == pb.CONSTR_PRIMARY else "UNIQUE"
    on = table(node.relation)
    return (
        f"CREATE UNIQUE INDEX CONCURRENTLY {quoted(name)} ON {on} ({keys}){included}{nulls}",
        f"ALTER TABLE {on} ADD CONSTRAINT {quoted(name)} {word} USING INDEX {quoted(name)}",
    )


def _server_name(relation: str, said: Any) -> str | None:
    """The name that the server gives. A nameless CHECK's depends on the columns in it: that of one column is tried."""
    match said.contype:
        case pb.CONSTR_FOREIGN:
            return derived_name(relation, [each.string.sval for each in said.fk_attrs], "fkey")
        case pb.CONSTR_UNIQUE:
            return derived_name(relation, [each.string.sval for each in said.keys], "key")
        case pb.CONSTR_PRIMARY:
            return derived_name(relation, [], "pkey")
        case _:
            found = [inner for _, inner in walk(said.raw_expr) if isinstance(inner, pb.ColumnRef)]
            columns = list(dict.fromkeys(inner.fields[-1].string.sval for inner in found))
            return derived_name(relation, columns if len(columns) == 1 else [], "check")


def _column(node: pb.AlterTableStmt, command: pb.AlterTableCmd, effect: Effect) -> Texts:
    """A default that is computed for each row, which copies the table: set for new rows, and filled in for the rest."""
    said: Any = getattr(command, "def").column_def
    kinds = [each.constraint.contype for each in said.constraints]
    if not effect.rewrites or pb.CONSTR_DEFAULT not in kinds or set(kinds) - {pb.CONSTR_DEFAULT, pb.CONSTR_NOTNULL}:
        return None
    bare = pb.AlterTableStmt()
    bare.CopyFrom(node)
    column: Any = getattr(bare.cmds[0].alter_table_cmd, "def").column_def
    default = next(
        each.constraint.raw_expr for each in said.constraints if each.constraint.contype == pb.CONSTR_DEFAULT
    )
    del column.constraints[:]
    sets = pb.AlterTableStmt()
    sets.CopyFrom(node)
    del sets.cmds[:]
    action = pb.AlterTableCmd(subtype=pb.AT_ColumnDefault, name=said.colname, behavior=pb.DROP_RESTRICT)
    getattr(action, "def").CopyFrom(default)
    sets.cmds.add().alter_table_cmd.CopyFrom(action)
    on, name = table(node.relation), quoted(said.colname)
    fill = FILL.format(literal=literal(on), table=on, column=name, pages=PAGES)
    proven = _proven_not_null(on, node.relation.relname, said.colname) if pb.CONSTR_NOTNULL in kinds else ()
    return _deparsed(bare), _deparsed(sets), fill, *proven


ACTIONS: dict[int, Callable[[pb.AlterTableStmt, pb.AlterTableCmd, Effect], Texts]] = {
    pb.AT_SetNotNull: _not_null,
    pb.AT_AddConstraint: _constraint,
    pb.AT_AddColumn: _column,
}

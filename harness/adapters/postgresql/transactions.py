"""Where the borders of transactions lie when a script is run as one migration."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from postgast import pg_query_pb2 as pb
from postgast.walk import unwrap_node

from harness.adapters.postgresql import grammar
from harness.design.model import Statement


@dataclass(frozen=True, slots=True)
class Borders:
    """How to run the statements.

    Attributes:
        together: wrap them all in one transaction.
        alone: the first statement that the server takes only outside of a transaction block, if there is one.
        readable: each of them is one statement to the parser.
    """

    together: bool
    alone: Statement | None = None
    readable: bool = True


@lru_cache(maxsize=1024)
def borders(statements: tuple[Statement, ...]) -> Borders:
    """All in one transaction, unless the script sets borders itself or a statement cannot run inside one."""
    nodes = [_node(statement) for statement in statements]
    alone = next((s for s, node in zip(statements, nodes, strict=True) if _stands_alone(node)), None)
    alone = alone or _used_too_early(statements, nodes)
    own = any(isinstance(node, pb.TransactionStmt) and node.kind in BEGINS for node in nodes)
    return Borders(not own and _together(statements, nodes, alone), alone, None not in nodes)


def _together(statements: Sequence[Statement], nodes: Sequence[Any], alone: Statement | None) -> bool:
    """Whether a transaction is put around them: as their migration tool does, else where the server lets it."""
    match next((s.transaction for s in statements), "auto"):
        case "file":
            return True
        case "several":
            return len(statements) > 1
        case "unmixed":
            return not all(_stands_alone(node) for node in nodes)
        case "none":
            return False
        case _:
            return alone is None


BEGINS = frozenset({pb.TRANS_STMT_BEGIN, pb.TRANS_STMT_START})

ALONE = frozenset(
    {"CreatedbStmt", "DropdbStmt", "AlterSystemStmt", "CreateTableSpaceStmt", "DropTableSpaceStmt",
     "CreateSubscriptionStmt", "DropSubscriptionStmt"}
)  # fmt: skip


def _node(statement: Statement) -> Any:
    """The parsed statement; None when it does not parse (the server will say so)."""
    try:
        parsed = grammar.parse(statement.told)
    except grammar.Unparsable:
        return None
    if len(parsed.tree.stmts) != 1:
        return None
    return unwrap_node(parsed.tree.stmts[0].stmt)


def _stands_alone(node: Any) -> bool:
    """Whether the server refuses it in a transaction block (PreventInTransactionBlock in its sources)."""
    if node is None:
        return False
    name = type(node).DESCRIPTOR.name
    test = SOMETIMES_ALONE.get(name)
    return name in ALONE or (test is not None and test(node))


def _option(node: Any, name: str) -> bool:
    """A Boolean option in parentheses (``REINDEX (CONCURRENTLY) TABLE t``)."""
    return any(parameter.def_elem.defname == name for parameter in node.params)


def _detaches_concurrently(node: Any) -> bool:
    commands = (command.alter_table_cmd for command in node.cmds)
    detached = (c for c in commands if c.subtype == pb.AT_DetachPartition)
    return any(getattr(c, "def").partition_cmd.concurrent for c in detached)


WHOLE = frozenset({pb.REINDEX_OBJECT_SCHEMA, pb.REINDEX_OBJECT_SYSTEM, pb.REINDEX_OBJECT_DATABASE})

SOMETIMES_ALONE: dict[str, Callable[[Any], bool]] = {
    "IndexStmt": lambda node: bool(node.concurrent),
    "DropStmt": lambda node: bool(node.concurrent),
    "ReindexStmt": lambda node: node.kind in WHOLE or _option(node, "concurrently"),
    "VacuumStmt": lambda node: bool(node.is_vacuumcmd),
    "ClusterStmt": lambda node: not node.relation.relname,
    "AlterTableStmt": _detaches_concurrently,
}


def _used_too_early(statements: Sequence[Statement], nodes: Sequence[Any]) -> Statement | None:
    """An added enum value that a later statement uses: the server refuses it in the same transaction (55P04)."""
    for index, node in enumerate(nodes):
        if isinstance(node, pb.AlterEnumStmt) and not node.old_val:
            value = "'" + node.new_val.replace("'", "''") + "'"
            if any(value in later.text for later in statements[index + 1 :]):
                return statements[index]
    return None

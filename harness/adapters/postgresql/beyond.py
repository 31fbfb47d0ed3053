"""What a statement makes or changes outside its own database: things that a server has once, for all its databases."""

import re
from typing import Any

from postgast import pg_query_pb2 as pb
from postgast import walk

SHARED = {
    "CreatedbStmt": "database",
    "DropdbStmt": "database",
    "AlterDatabaseStmt": "database",
    "AlterDatabaseSetStmt": "database",
    "AlterDatabaseRefreshCollStmt": "database",
    "CreateTableSpaceStmt": "tablespace",
    "DropTableSpaceStmt": "tablespace",
    "AlterTableSpaceOptionsStmt": "tablespace",
    "AlterSystemStmt": "settings",
    "CreateSubscriptionStmt": "subscription",
    "AlterSubscriptionStmt": "subscription",
    "DropSubscriptionStmt": "subscription",
    "CreateRoleStmt": "role",
    "AlterRoleStmt": "role",
    "AlterRoleSetStmt": "role",
    "DropRoleStmt": "role",
    "GrantRoleStmt": "role",
}
"""Statements that are about nothing else."""

OBJECTS = {pb.OBJECT_DATABASE: "database", pb.OBJECT_TABLESPACE: "tablespace", pb.OBJECT_ROLE: "role"}
"""What COMMENT, GRANT, RENAME and OWNER TO may be about, among much that is in the database."""

ABOUT = ("objtype", "rename_type", "object_type")
"""The fields in which those statements say it."""

ROLES = re.compile(r"\b(?:CREATE|ALTER|DROP)\s+(?:ROLE|USER|GROUP)\b(?!\s+MAPPING)", re.IGNORECASE)


def beyond(node: Any) -> str:
    """The kind of the shared thing; empty for a statement that stays in its database."""
    name = type(node).DESCRIPTOR.name
    if name == "DoStmt":
        return "role" if any(ROLES.search(text) for text in _texts(node)) else ""
    if name in SHARED:
        return SHARED[name]
    return next((OBJECTS[getattr(node, field)] for field in ABOUT if getattr(node, field, None) in OBJECTS), "")


def _texts(node: pb.DoStmt) -> list[str]:
    """The body, which is a text to the parser."""
    return [inner.sval for _, inner in walk(node) if isinstance(inner, pb.String)]

"""What the optimizer made of a query, as the server writes it: which table an alias is, which joins are still outer.

Names stand in backticks there, each table behind FROM or a JOIN with its database, so that no parser is needed. The
text is note 1003 of EXPLAIN FORMAT=JSON (MySQL) and EXPLAIN EXTENDED (MariaDB, whose plans do not say of a join what it
is).
"""

import re
from dataclasses import dataclass

TABLE = re.compile(
    r"\b(?:from|join|update|into)\s+\(*`(?P<base>[^`]+)`\.`(?P<table>[^`]+)`(?!\.)(?:\s+`(?P<alias>[^`]+)`)?"
)
JOINED = re.compile(
    r"\b(?P<kind>left|anti|semi) join\s+\(*(?:`[^`]+`\.)?`(?P<table>[^`]+)`(?!\.)(?:\s+`(?P<alias>[^`]+)`)?"
)
KINDS = {"left": "Left", "anti": "Anti", "semi": "Semi"}


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The facts in a rewritten query.

    Attributes:
        entities: of each alias the ``Entity.name``.
        joins: of each alias that stands first on the right of a join that is not inner, the kind of that join.
    """

    entities: dict[str, str]
    joins: dict[str, str]

    def join(self, alias: str | None) -> str:
        """The kind of the join by which a table is joined."""
        return self.joins.get(alias or "", "Inner")


def rewritten(text: str, database: str) -> Rewritten:
    """The facts in the server's text of a query that ran in ``database``."""
    entities: dict[str, str] = {}
    for found in TABLE.finditer(text):
        name = found["table"] if found["base"] == database else f"{found['base']}.{found['table']}"
        entities.setdefault(found["alias"] or found["table"], name)
    joins = {found["alias"] or found["table"]: KINDS[found["kind"]] for found in JOINED.finditer(text)}
    return Rewritten(entities, joins)

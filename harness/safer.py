"""Safer ways to the same schema: what an engine may know of its statements beside the contract. Values only."""

import re
from typing import Protocol, TypeAlias, runtime_checkable

from harness.design.model import Statement
from harness.facts import Effect

SaferWay: TypeAlias = tuple[tuple[Statement, ...], ...]
"""Migrations to be run one after the other, each of its statements in one transaction where the server allows it."""

DROPS = re.compile(
    r"^\s*(?:DROP\s+INDEX\b|ALTER\s+TABLE\b(?!.*\bADD\b).*\bDROP\s+(?:CONSTRAINT|INDEX|KEY|FOREIGN\s+KEY|CHECK)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""A statement of SQL that takes constraints or indexes away, and adds nothing."""

IN_BATCHES = (
    r"^\s*(UPDATE|DELETE|INSERT\s+INTO\b.*\bSELECT|REPLACE\s+INTO\b.*\bSELECT)\b",
    (
        "Change the rows in batches of some thousands by their key, each in a transaction of its own, outside of the "
        "migration that changes the schema."
    ),
)
"""One of ``Traits.instead``, where statements are SQL."""


@runtime_checkable
class Rewriting(Protocol):
    """An engine that can write some statements otherwise, so that they stop others less."""

    def safer(self, statement: Statement, effect: Effect) -> tuple[SaferWay, ...]:
        """Ways to the same schema, the best first; none where it takes more than writing the statement otherwise.

        They are proposals: the server may refuse one, or another schema may come of it. ``effect`` is what the
        statement did.
        """
        ...

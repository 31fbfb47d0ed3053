"""How MySQL and MariaDB write what is derived from a table: see ``harness.derived``."""

from collections.abc import Iterator, Sequence

from harness.adapters.mysql.load import Target, row_literals
from harness.adapters.mysql.names import qualified, quoted
from harness.derived import Spelling
from harness.design.model import Entity
from harness.facts import Batch


def literals(entity: Entity, rows: Batch) -> Iterator[Sequence[str]]:
    """Rows as literals."""
    return (row for part in row_literals(Target(entity, rows.fields), [rows]) for row in part)


SPELLING = Spelling(quoted, qualified, literals, "() VALUES ()")

"""What `harness seed` says of what it could not make, and what of it makes the command fail."""

import pytest

from harness.cli.seed import missing
from harness.run.model import Skipped
from harness.seeding.model import Unfillable

GAPS = {
    "a table": (Unfillable("codes", "sums", "no row satisfies it", "mend it", fatal=True), "seed", "codes"),
    "a column": (Unfillable("codes", "digits", "it takes no NULL", "[null]"), "asked", "codes"),
    "a query's own row": (Unfillable("codes", "digits < 5", "no such column", "mend it", group="3"), "plant", "3"),
}


@pytest.mark.parametrize("case", GAPS)
def test_a_querys_own_row_is_told_by_the_query_and_lets_the_tables_count_as_filled(case: str) -> None:
    """So it is also where a filling goes on that was interrupted."""
    gap, what, subject = GAPS[case]
    assert missing(gap) == Skipped(what, subject, str(gap))

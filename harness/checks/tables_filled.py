"""tables-filled: rows could be made for every table that the server takes, with all that the schema asks of them."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.states import gaps, head, line_of_entity, needing
from harness.counting import counted, form
from harness.run.model import Loaded


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per entity that has no rows for a reason of its own; one for all where there is none."""
    found, loaded = gaps(case), tuple(case.run.of(Loaded))
    for name in found:
        following = needing(head(case), {name})
        if not any(
            name in needing(head(case), {other}) and name != other and other not in following for other in found
        ):
            yield _one(check, case, name, found[name], [each for each in found if each in following])
    if loaded and not found:
        rows = sum(each.rows for each in loaded)
        filled = len({each.entity for each in loaded})
        tables = f"{counted(filled, 'table')} {form(filled, 'holds', 'hold')}"
        message = f"{tables} {counted(rows, 'row')} that the server took"
        yield check.found("holds", "all tables", message, case.plan.design.source())


def _one(check: Check, case: Case, name: str, why: str, following: list[str]) -> Finding:
    if not name:
        return check.found("unverified", "the database", why, case.plan.design.source())
    also = (
        f"; so {' and '.join(following)}, of which every row needs one of it, could not be either" if following else ""
    )
    message = f"{name} could not be filled{also}: {why}"
    return check.found("unverified", f"table {name}", message, line_of_entity(case, name))


FITTING = (
    "Give its columns values that fit in the scenario ([values]: a list, weights, or min and max), write the "
    "constraint more simply, or give the table 0 rows under [rows]."
)

CHECK = Check(
    name="tables-filled",
    question="Could rows be made for every table that the server takes?",
    why="Queries, plans, times and rollbacks are tried on rows. Where the harness cannot make those that a constraint "
    "asks for, such as a CHECK that it does not understand, the table stays empty, and nothing that reads it says "
    "anything; all other tables are filled, and judged.",
    remedy=FITTING,
    severity="warning",
    breaks="CHECK (checksum(code) = 3)   -- of a function that is not known here",
    holds="CHECK (checksum(code) = 3)   -- and in the scenario, under [values]: codes.code = ['A-81', 'A-92']",
    judge=judge,
    unverified=FITTING,
)

"""What plans are faulted for, and what looks like it and is no fault: trees of nodes, with no server."""

from dataclasses import replace

import pytest

from harness.checks.base import Case, Finding
from harness.checks.estimate_close import CHECK as ESTIMATE_CLOSE
from harness.checks.registry import judge
from harness.checks.scans_no_table import CHECK as SCANS_NO_TABLE
from harness.checks.sorts_by_index import CHECK as SORTS_BY_INDEX
from harness.facts import Access
from harness.run.model import Applied, Explained, Loaded, Run

MILLION = 1_000_000.0


def scan(rows: float, kept: float, *, filtered: bool = True, **more: object) -> Access:
    values = {"filter": "status = 'open'" if filtered else None, "rows_expected": kept, **more}
    return Access("scan", "Seq Scan", "orders", rows_returned=kept, rows_read=rows, **values)  # type: ignore[arg-type]


def over(operation: str, child: Access, rows: float, **more: object) -> Access:
    return Access(operation, operation.title(), rows_returned=rows, rows_read=rows, children=(child,), **more)  # type: ignore[arg-type]


def verdicts(case: Case, access: Access, check: str) -> list[Finding]:
    ups = [Applied("up", change.id, (), 0.0) for change in case.plan.changes]
    seen = (*ups, Loaded("orders", 1_000_000, 0, 1.0), Loaded("users", 500, 0, 1.0), Explained("1", access, None, 10))
    run: Run = replace(case.run, observations=seen)
    return list(judge(replace(case, run=run), select=(check,)))


def test_a_scan_of_a_large_table_for_a_few_rows_is_a_fault(case: Case) -> None:
    (found,) = verdicts(case, scan(MILLION, 12), SCANS_NO_TABLE.name)

    assert found.verdict == "broken"
    assert "1,000,000 rows of orders" in found.message
    assert found.severity == "warning"


def test_so_is_one_that_a_join_or_a_sort_throws_away(case: Case) -> None:
    (found,) = verdicts(
        case, over("limit", over("sort", scan(MILLION, MILLION, filtered=False), 10), 10), "scans-no-table"
    )

    assert found.verdict == "broken"


@pytest.mark.parametrize(
    "access",
    [
        over("aggregate", scan(MILLION, MILLION, filtered=False), 1),
        scan(MILLION, MILLION, filtered=False),
        scan(MILLION, 400_000),
        over("aggregate", scan(MILLION, 400_000), 5),
    ],
    ids=["a report", "all rows", "many rows", "a report of many rows"],
)
def test_a_table_that_is_wanted_whole_is_read_whole_with_good_reason(case: Case, access: Access) -> None:
    assert [f.verdict for f in verdicts(case, access, SCANS_NO_TABLE.name)] == ["holds"]


def test_a_small_table_is_read_whole_with_good_reason(case: Case) -> None:
    small = replace(scan(500, 1), entity="users")

    assert verdicts(case, small, SCANS_NO_TABLE.name) == []


def test_sorting_many_rows_for_the_first_few_is_a_fault_and_sorting_few_is_none(case: Case) -> None:
    many = over("limit", over("sort", scan(MILLION, 90_000), 10, detail=(("Sort Key", "created_at DESC"),)), 10)
    few = over("limit", over("sort", scan(MILLION, 90), 10), 10)
    whole = over("sort", scan(MILLION, 90_000), 90_000)
    (broken,), (small,), (all_,) = (verdicts(case, access, SORTS_BY_INDEX.name) for access in (many, few, whole))

    assert broken.verdict == "broken"
    assert "90,000 rows by created_at DESC to give the first 10" in broken.message
    assert (small.verdict, all_.verdict) == ("holds", "holds")
    assert "not by an index" in small.message


def test_a_sort_of_what_was_summed_up_can_be_in_no_index(case: Case) -> None:
    summed = over("limit", over("sort", over("aggregate", scan(MILLION, MILLION), 50_000), 10), 10)

    assert verdicts(case, summed, SORTS_BY_INDEX.name) == []


def test_an_estimate_far_off_matters_below_a_join_only(case: Case) -> None:
    off = scan(MILLION, 50_000, rows_expected=100.0)
    joined = over("hash join", off, 50_000, rows_expected=50_000.0)
    (found,) = verdicts(case, joined, ESTIMATE_CLOSE.name)

    assert found.verdict == "broken"
    assert "expects 100 rows of orders (Seq Scan) and gets 50,000" in found.message
    assert verdicts(case, off, ESTIMATE_CLOSE.name) == []


def test_an_estimate_is_not_off_where_a_limit_ended_it_early_or_rows_are_few(case: Case) -> None:
    early = over("limit", over("nested loop", scan(MILLION, 10, rows_expected=50_000.0), 10, rows_expected=10.0), 10)
    few = over("hash join", scan(MILLION, 200, rows_expected=2.0), 200, rows_expected=200.0)

    assert verdicts(case, early, ESTIMATE_CLOSE.name) == []
    assert [f.verdict for f in verdicts(case, few, ESTIMATE_CLOSE.name)] == ["holds"]

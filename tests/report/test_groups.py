"""Findings that say the same are told once, and none of their lines is lost."""

from collections.abc import Sequence

from harness.checks.base import Finding
from harness.report.groups import others, ranges, repeated
from harness.source import Source


def finding(line: int, message: str, *, subject: str = "migration 001 up", claim: str = "") -> Finding:
    return Finding("document-complete", "broken", subject, message, Source("d.md", line, line), "warning", claim=claim)


def lines(groups: Sequence[Sequence[Finding]]) -> list[list[int]]:
    return [[each.source.line for each in found] for found in groups]


def test_many_that_differ_in_names_and_figures_only_are_one_group_in_the_place_of_its_first() -> None:
    elided = [finding(n, f"`CREATE TABLE t{n} (...)` was filled from lines {n}, {n + 1}") for n in (5, 6, 7, 9, 30)]
    other = finding(8, "`-- indexes` was filled from line 3, and more")

    assert lines(repeated([*elided[:3], other, *elided[3:]])) == [[5, 6, 7, 9, 30], [8]]


def test_few_and_those_that_quote_the_document_stand_alone() -> None:
    few = [finding(n, "it has no purpose") for n in (1, 2, 3)]
    quoting = [finding(n, "it is over its target", claim="< 10 ms") for n in (4, 5, 6, 7)]

    assert lines(repeated([*few, *quoting])) == [[1], [2], [3], [4], [5], [6], [7]]


def test_every_other_line_is_named_with_its_subject_where_that_differs() -> None:
    same = [finding(n, "x") for n in (1, 2, 3, 4, 8, 10, 11)]

    assert others(same) == "lines 2-4, 8, 10, 11"
    assert others([finding(n, "x", subject=f"table t{n}") for n in (1, 2)]) == "2 table t2"
    assert ranges([7, 7, 5]) == "5, 7"

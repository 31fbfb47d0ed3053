"""Texts made from a regular expression match it, and different numbers give different texts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.seeding.patterns import NotUnderstood, compiled, found_in
from tests.seeding.building import made, rows_of, table

PATTERNS = (
    r"^[A-Z]{3}-\d{4}$", r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$", r"^\+?[1-9]\d{1,14}$", r"^(a|bc)+x$",
    r"^[^@]+@[^@]+$", "@", r"^.{3,}$", r"^#[0-9a-f]{6}$", r"^https?://", r"^[a-z0-9]+(-[a-z0-9]+)*$", r"^\w+\s\w+$",
    "[[:alpha:]]{2,}", r"^\d{3}-\d{2}-\d{4}$", r"^(?:EUR|USD)$", r"^[^0-9]+$", r"\mab\M",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@given(st.data())
def test_texts_match(pattern: str, data: st.DataObject) -> None:
    node = compiled(pattern, 0, 40)
    text = node.text(data.draw(st.integers(0, node.size - 1)))
    assert found_in(pattern, text, fold=False)
    assert len(text) <= 40


@pytest.mark.parametrize("pattern", PATTERNS)
def test_distinct_numbers_give_distinct_texts(pattern: str) -> None:
    node = compiled(pattern, 0, 40, distinct=True)
    count = min(node.size, 3000)
    texts = [node.text(i * (node.size // count)) for i in range(count)]
    assert len(set(texts)) == count
    assert all(found_in(pattern, text, fold=False) for text in texts)


@pytest.mark.parametrize("pattern", [r"^(?=.*[A-Z]).+$", r"(a)\1", "["])
def test_what_is_not_understood_says_so(pattern: str) -> None:
    with pytest.raises(NotUnderstood):
        compiled(pattern)


def test_a_short_length_is_kept() -> None:
    node = compiled("^[a-z]+$", 0, 3)
    assert all(re.fullmatch("[a-z]{1,3}", node.text(n)) for n in range(0, node.size, 97))


def test_a_least_length_is_reached() -> None:
    node = compiled("^[a-z]+$", 12, 20)
    assert len(node.text(0)) >= 12


def test_unique_texts_differ_in_more_than_their_case_while_there_are_enough() -> None:
    few = table("few", "id bigint", "code text", unique=("code",), checks=("code ~ '^[A-Za-z]{3}$'",))
    codes = [r["code"].lower() for r in rows_of(made(few, default_rows=3000), "few")]
    assert len(set(codes)) == 3000
    many = table("many", "id bigint", "code text", unique=("code",), checks=("code ~ '^[A-Za-z]{2}$'",))
    assert len({r["code"] for r in rows_of(made(many, default_rows=2000), "many")}) == 2000

"""When one index does the work of another."""

import pytest

from harness.checks.index_likeness import covers, leads
from harness.design.model import Index, IndexKey


def index(*keys: str, predicate: str | None = None, method: str = "btree", includes: tuple[str, ...] = ()) -> Index:
    made = tuple(IndexKey(key.removesuffix(" desc"), descending=key.endswith(" desc")) for key in keys)
    return Index("i", "t", made, unique=False, predicate=predicate, method=method, includes=includes)


@pytest.mark.parametrize(
    ("wider", "narrower", "expected"),
    [
        (index("a"), index("a"), True),
        (index("a", "b"), index("a"), True),
        (index("b", "a"), index("a"), False),
        (index("a"), index("a", "b"), False),
        (index("a"), index("a desc"), True),
        (index("a", "b desc"), index("a desc", "b"), True),
        (index("a", "b desc"), index("a", "b"), False),
        (index("a", predicate="x"), index("a"), False),
        (index("a", predicate="x"), index("a", predicate="x"), True),
        (index("a", "b", method="gin"), index("a", method="gin"), False),
        (index("a", method="gin"), index("a"), False),
        (index("a", "b"), index("a", includes=("c",)), False),
        (index("a", "b"), index("a", includes=("b",)), True),
    ],
)
def test_covers(wider: Index, narrower: Index, expected: bool) -> None:
    assert covers(wider, narrower) is expected


@pytest.mark.parametrize(
    ("candidate", "fields", "expected"),
    [
        (index("a", "b"), ("a",), True),
        (index("a", "b"), ("b", "a"), True),
        (index("b", "a"), ("a",), False),
        (index("a", predicate="(b > 1)"), ("a",), False),
        (index("a", predicate="(a IS NOT NULL)"), ("a",), True),
    ],
)
def test_leads(candidate: Index, fields: tuple[str, ...], expected: bool) -> None:
    assert leads(candidate, fields) is expected

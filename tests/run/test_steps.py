"""Which migrations a single step applies or takes back."""

import pytest

from harness.errors import InputError
from harness.plan.model import Change
from harness.run.steps import ahead, behind
from harness.source import Source

CHANGES = tuple(
    Change(id_, id_, (), (), down_derived=False, planned=False, source=Source("d.md", 1, 1)) for id_ in ("a", "b", "c")
)


@pytest.mark.parametrize(
    ("applied", "to", "expected"),
    [
        ((), None, "abc"),
        (("a",), None, "bc"),
        ((), "b", "ab"),
        (("a", "b"), "a", ""),
        (("a", "b", "c"), None, ""),
        (("a", "c"), None, "b"),
    ],
)
def test_up_applies_what_is_missing_in_order(applied: tuple[str, ...], to: str | None, expected: str) -> None:
    assert "".join(change.id for change in ahead(CHANGES, applied, to)) == expected


@pytest.mark.parametrize(
    ("applied", "to", "expected"),
    [
        ((), None, ""),
        (("a", "b", "c"), None, "c"),
        (("a", "b"), None, "b"),
        (("a", "b", "c"), "a", "cb"),
        (("a", "b", "c"), "c", ""),
        (("gone",), None, ""),
    ],
)
def test_down_takes_back_the_last_or_all_after_one(applied: tuple[str, ...], to: str | None, expected: str) -> None:
    assert "".join(change.id for change in behind(CHANGES, applied, to)) == expected


@pytest.mark.parametrize("step", [ahead, behind])
def test_a_migration_that_is_not_there_is_refused(step: object) -> None:
    with pytest.raises(InputError, match=r"no such migration: z \(there is: a, b, c\)"):
        step(CHANGES, (), "z")

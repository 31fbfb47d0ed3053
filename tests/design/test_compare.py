"""How a difference is told to people."""

from harness.design.compare import Difference

BODY = ", ".join(f"field_{number}: text" for number in range(40))


def test_of_two_long_definitions_only_what_differs_is_told() -> None:
    told = str(Difference("changed", "validator of orders", f"{BODY}, open, {BODY}", f"{BODY}, shut, {BODY}"))
    assert "open, field_0: text" in told
    assert "shut, field_0: text" in told
    assert len(told) < 200


def test_long_definitions_are_told_apart_where_one_goes_on() -> None:
    told = str(Difference("changed", "view v", BODY, f"{BODY}, last: text"))
    assert told.endswith("last: text")
    assert "field_39: text to …" in told


def test_short_definitions_are_told_whole() -> None:
    assert str(Difference("changed", "column a", "int", "")) == "column a changed from int to nothing"

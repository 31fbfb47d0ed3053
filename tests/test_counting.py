"""Nouns and verbs go with their number."""

from harness.counting import counted, form


def test_a_noun_goes_with_its_number() -> None:
    told = [counted(1, "query"), counted(2, "query"), counted(0, "row"), counted(1, "index"), counted(3, "index")]
    assert told == ["1 query", "2 queries", "0 rows", "1 index", "3 indexes"]
    assert [counted(2, "day"), counted(1234.4, "row"), counted(2, "new row")] == ["2 days", "1,234 rows", "2 new rows"]


def test_a_verb_goes_with_its_number() -> None:
    assert [form(number, "is", "are") for number in (0, 1, 2)] == ["are", "is", "are"]

"""What servers print of a CHECK is understood: expressions as data, with the atoms that they must become."""

from fractions import Fraction

import pytest

from harness.seeding.atoms import (
    Absent,
    Aligned,
    Among,
    Balance,
    Bound,
    Cased,
    Computed,
    Matches,
    Never,
    Opaque,
    Relates,
    Remainder,
    Sized,
)
from harness.seeding.conditions import branches, parsed
from harness.seeding.linear import solved
from harness.seeding.ticks import CALENDAR_SLACK, Moment, Span

NULL_A, NULL_B = Absent("a"), Absent("b")
THERE_A, THERE_B = Absent("a", negated=True), Absent("b", negated=True)
YEARS_18 = Moment(-Span(Fraction(18 * 31_557_600), CALENDAR_SLACK), whole=True)

CASES = {
    "((total > (0)::numeric))": [[Bound("total", ">", Fraction(0))]],
    "((status)::text = ANY ((ARRAY['new'::character varying, 'paid'::character varying])::text[]))": [
        [Among("status", ("new", "paid"))]
    ],
    "((status)::text <> ALL ((ARRAY['x'::character varying])::text[]))": [[Among("status", ("x",), negated=True)]],
    "(status = 'a'::order_status)": [[Bound("status", "=", "a")]],
    "((0 <= x) AND (x <= 5))": [[Bound("x", ">=", Fraction(0)), Bound("x", "<=", Fraction(5))]],
    "(x >= '-90'::integer)": [[Bound("x", ">=", "-90")]],
    "(x BETWEEN 1 AND 5)": [[Bound("x", ">=", Fraction(1)), Bound("x", "<=", Fraction(5))]],
    "NOT (x > 5)": [[Bound("x", "<=", Fraction(5))]],
    "(char_length((name)::text) >= 3)": [[Sized("name", ">=", 3)]],
    "(btrim(name) <> ''::text)": [[Sized("name", ">=", 1)]],
    "(array_length(tags, 1) <= 10)": [[Sized("tags", "<=", 10)]],
    "((code)::text ~ '^[A-Z]{3}$'::text)": [[Matches("code", "^[A-Z]{3}$")]],
    "((email)::text ~* '@'::text)": [[Matches("email", "@", fold=True)]],
    "((code)::text !~~ 'x%'::text)": [[Matches("code", "^x.*$", negated=True)]],
    "(jsonb_typeof(j) = 'array'::text)": [[Matches("j", r"^\[")]],
    "(json_type(`j`) = _utf8mb4'OBJECT')": [[Matches("j", r"^\{")]],
    "(to_days(`ends`) - to_days(`starts`) <= 30)": [[Relates("ends", "<=", "starts", Span(Fraction(30 * 86400)))]],
    "(lower((email)::text) = (email)::text)": [[Cased("email", upper=False)]],
    "((cur)::text = upper((cur)::text))": [[Cased("cur", upper=True)]],
    "((n % 2) = 0)": [[Remainder("n", 2, 0)]],
    "is_free": [[Bound("is_free", "=", value=True)]],
    "(NOT is_free)": [[Bound("is_free", "=", value=False)]],
    "(a IS NOT NULL)": [[THERE_A]],
    "(ends > starts)": [[Relates("ends", ">", "starts")]],
    "(ends >= (starts + '01:00:00'::interval))": [[Relates("ends", ">=", "starts", Span(Fraction(3600)))]],
    "(a IS DISTINCT FROM b)": [[THERE_A, THERE_B, Relates("a", "<>", "b")], [THERE_A, NULL_B], [NULL_A, THERE_B]],
    "(birth <= (CURRENT_DATE - '18 years'::interval))": [[Bound("birth", "<=", YEARS_18)]],
    "(created <= now())": [[Bound("created", "<=", Moment())]],
    "(EXTRACT(year FROM d) >= (2000)::numeric)": [[Bound("d", ">=", "2000-01-01")]],
    "((ends IS NULL) OR (ends > starts))": [[Absent("ends")], [Relates("ends", ">", "starts")]],
    "(num_nonnulls(a, b) = 1)": [[THERE_A, NULL_B], [NULL_A, THERE_B]],
    "((a IS NULL) <> (b IS NULL))": [[NULL_A, THERE_B], [THERE_A, NULL_B]],
    "((((a IS NOT NULL))::integer + ((b IS NOT NULL))::integer) = 1)": [[THERE_A, NULL_B], [NULL_A, THERE_B]],
    "(COALESCE(a, b) IS NOT NULL)": [[THERE_A, THERE_B], [THERE_A, NULL_B], [NULL_A, THERE_B]],
    "((s = 'x'::text) = (a IS NOT NULL))": [
        [Bound("s", "=", "x"), THERE_A],
        [Bound("s", "<>", "x"), NULL_A],
    ],
    "(is_free = (price = (0)::numeric))": [
        [Bound("is_free", "=", value=True), Bound("price", "=", Fraction(0))],
        [Bound("is_free", "=", value=False), Bound("price", "<>", Fraction(0))],
    ],
    "(`status` in (_utf8mb4'a',_utf8mb4'b'))": [[Among("status", ("a", "b"))]],
    "((`a` is null) or (`b` > 5))": [[NULL_A], [Bound("b", ">", Fraction(5))]],
    "(regexp_like(`a`,'^[a-z]+$'))": [[Matches("a", "^[a-z]+$")]],
    "false": [[Never()]],
    "true": [[]],
    "CASE WHEN k = 'p' THEN a <= 5 ELSE a > 5 END": [
        [Bound("k", "=", "p"), Absent("k", negated=True), Bound("a", "<=", Fraction(5))],
        [Bound("k", "<>", "p"), Bound("a", ">", Fraction(5))],
    ],
    "(COALESCE(a, 0) >= 1)": [[THERE_A, Bound("a", ">=", Fraction(1))]],
    "(GREATEST(a, b) < 9)": [[Bound("a", "<", Fraction(9)), Bound("b", "<", Fraction(9))]],
    "(LEAST(a, b) < 9)": [[Bound("a", "<", Fraction(9))], [Bound("b", "<", Fraction(9))]],
    "(abs(a) >= 3)": [[Bound("a", ">=", Fraction(3))], [Bound("a", "<=", Fraction(-3))]],
    "((a * 2) - 4 <= 6)": [[Bound("a", "<=", Fraction(5))]],
    "((ends - starts) <= 30)": [[Relates("ends", "<=", "starts", Fraction(30))]],
    "(datediff(`ends`,`starts`) <= 30)": [[Relates("ends", "<=", "starts", Span(Fraction(30 * 86400)))]],
    "(age((birth)::timestamp with time zone) >= '18 years'::interval)": [[Bound("birth", "<=", YEARS_18)]],
    "(date_trunc('month'::text, (m)::timestamp with time zone) = m)": [[Aligned("m", "month")]],
    "(EXTRACT(minute FROM slot) = ANY (ARRAY[(0)::numeric, (30)::numeric]))": [[Aligned("slot", 1800)]],
    "(lower((code)::text) = 'ab'::text)": [[Bound("code", "=", "ab")]],
    "(\"left\"(code, 2) = 'AB'::text)": [[Matches("code", "^AB")]],
    "((a > 5) = 1)": [[Bound("a", ">", Fraction(5))]],
    "((a > 5) is true)": [[Bound("a", ">", Fraction(5))]],
    "((0 <> (a > 5)))": [[Bound("a", ">", Fraction(5))]],
    "((a > 5) IS FALSE)": [[Bound("a", "<=", Fraction(5))]],
    "((n & 3) = 1)": [[Remainder("n", 4, 1)]],
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_what_a_server_prints_is_understood(text: str) -> None:
    tree = parsed(text)
    assert tree is not None
    assert [list(branch) for branch in branches(tree)] == CASES[text]


@pytest.mark.parametrize("text", ["(total = (subtotal + tax))", "(total = ((qty)::numeric * price))"])
def test_arithmetic_is_computed(text: str) -> None:
    tree = parsed(text)
    assert tree is not None
    ((found,),) = branches(tree)
    assert isinstance(found, Computed)
    assert found.field == "total"
    assert "total" not in found.others


@pytest.mark.parametrize(
    ("text", "last", "says"),
    [
        ("((used + reserved) <= capacity)", "capacity", ("capacity", ">=")),
        ("((used + reserved) <= capacity)", "used", ("used", "<=")),
        ("(((a + b) + c) = 100)", "b", ("b", "=")),
        ("(price - discount > cost)", "discount", ("discount", "<")),
    ],
)
def test_any_column_of_a_sum_can_be_reckoned_from_the_others(text: str, last: str, says: tuple[str, str]) -> None:
    tree = parsed(text)
    assert tree is not None
    ((found,),) = branches(tree)
    assert isinstance(found, Balance)
    reckoned = solved(found.of, found.operator, last)
    assert reckoned is not None
    assert (reckoned.field, reckoned.operator) == says
    assert set(reckoned.others) == set(found.fields) - {last}


@pytest.mark.parametrize("text", ["(my_check(a) > 3)", "((a ->> 'x'::text) <> 'y'::text)", "(a && b)"])
def test_what_is_not_understood_is_tried(text: str) -> None:
    tree = parsed(text)
    assert tree is not None
    assert any(isinstance(a, Opaque) for branch in branches(tree) for a in branch)


def test_too_many_alternatives_are_tried_instead() -> None:
    tree = parsed(" AND ".join(f"(a{n} = 1 OR b{n} = 2)" for n in range(8)))
    assert tree is not None
    ((found,),) = branches(tree)
    assert isinstance(found, Opaque)


@pytest.mark.parametrize("text", ["", "((", "SELECT", "a ="])
def test_what_does_not_parse_is_nothing(text: str) -> None:
    assert parsed(text) is None

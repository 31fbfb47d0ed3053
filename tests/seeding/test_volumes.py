"""How many rows each table gets: the scenario's number, a ratio, or what its keys have room for."""

from harness.seeding.volumes import BUDGET
from tests.seeding.building import made, table


def rows(*tables: object, **options: object) -> dict[str, int]:
    return {v.entity: v.rows for v in made(*tables, **options).volumes}  # type: ignore[arg-type]


USERS = table("users", "id integer")


def child(name: str, parent: str, *, unique: tuple[str, ...] = ()) -> object:
    return table(name, "id integer", "p integer", references={"p": parent}, unique=unique)


def test_parents_come_first() -> None:
    found = made(child("c", "b"), child("b", "a"), table("a", "id integer"))
    assert [v.entity for v in found.volumes] == ["a", "b", "c"]


def test_children_are_a_multiple_of_their_parent() -> None:
    assert rows(USERS, child("orders", "users")) == {"users": 400, "orders": 1600}
    assert rows(USERS, child("orders", "users"), rows={"users": 10}) == {"users": 10, "orders": 40}
    assert rows(USERS, child("orders", "users"), rows={"users": 9000}) == {"users": 9000, "orders": 36000}


def test_grandchildren_stay_in_proportion() -> None:
    found = rows(USERS, child("a", "users"), child("b", "a"), child("c", "b"), default_rows=10, ratio=50)
    assert found == {"users": 10, "a": 100, "b": 100, "c": 100}


def test_lookup_tables_are_small_and_do_not_count_as_parents() -> None:
    assert rows(table("countries", "id integer"), child("users", "countries")) == {"countries": 60, "users": 400}


def test_one_to_one_tables_have_one_row_a_parent() -> None:
    assert rows(USERS, child("profiles", "users", unique=("p",))) == {"users": 400, "profiles": 400}


def test_more_than_a_key_allows_is_cut_and_told() -> None:
    plans = table("plans", "code text", primary="code", checks=("(code IN ('free', 'pro', 'team'))",))
    (volume,) = made(plans, rows={"plans": 100}).volumes
    assert (volume.rows, volume.why) == (3, "no more fit plans_pkey")


def test_pairs_are_no_more_than_there_are() -> None:
    pairs = table("pairs", "a integer", "b integer", primary="a,b", references={"a": "users", "b": "tags"})
    found = rows(USERS, table("tags", "id integer"), pairs, rows={"users": 6, "tags": 5, "pairs": 1000})
    assert found["pairs"] == 30


def test_a_circle_has_an_order() -> None:
    left = table("left_", "id integer", "r integer null", references={"r": "right_"})
    right = table("right_", "id integer", "l integer", references={"l": "left_"})
    assert [v.entity for v in made(left, right).volumes] == ["left_", "right_"]


def test_no_rows_are_asked_for() -> None:
    assert rows(USERS, child("orders", "users"), rows={"users": 0}) == {"users": 0, "orders": 0}


def test_a_wide_schema_stays_within_its_budget() -> None:
    found = rows(USERS, *(child(f"c{n}", "users") for n in range(300)), ratio=10)
    assert sum(found.values()) <= (BUDGET + 301) * 400

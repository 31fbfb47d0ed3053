"""Plans as the servers tell them become trees in the common vocabulary: the ways of telling that need no server."""

from typing import Any

import pytest

from harness.adapters.mysql import blocks, iterators
from harness.adapters.mysql.forced import forced
from harness.adapters.mysql.rewritten import Rewritten, rewritten
from harness.facts import Access

NOTHING = Rewritten({}, {})


def iterated(plan: dict[str, Any], *constants: iterators.Constant) -> Access:
    return iterators.tree(plan, NOTHING, constants)


def table(name: str, **facts: Any) -> dict[str, Any]:
    """An iterator that scans a table, executed twice, three rows each time."""
    counted = {"actual_rows": 3.0, "actual_loops": 2, "actual_last_row_ms": 0.5, "estimated_rows": 4.0}
    return {
        "operation": f"Table scan on {name}", "access_type": "table", "table_name": name, "schema_name": "d",
        **counted, **facts,
    }  # fmt: skip


def test_counts_of_iterators_are_for_all_loops() -> None:
    node = iterated(table("orders", estimated_total_cost=7.5))
    assert (node.operation, node.native, node.entity, node.index) == ("scan", "Table scan", "orders", None)
    assert (node.loops, node.rows_expected, node.rows_returned, node.rows_read) == (2, 8.0, 6.0, 6.0)
    assert (node.elapsed_ms, node.cost) == (1.0, 7.5)


def test_a_plan_may_stand_alone_or_in_a_document() -> None:
    plan = {**table("orders"), "query": "select 1"}
    assert iterated(plan) == iterated({"query_plan": table("orders"), "json_schema_version": "2.0"})


def test_a_filter_above_a_table_is_one_node_with_it() -> None:
    condition = {"operation": "Filter: (a > 1)", "access_type": "filter", "condition": "(a > 1)"}
    node = iterated({**condition, "actual_rows": 1.0, "actual_loops": 2, "inputs": [table("orders")]})
    assert (node.native, node.filter, node.rows_returned, node.rows_read) == ("Table scan", "(a > 1)", 2.0, 6.0)
    assert node.children == ()


LOOKUPS = {
    "index only scan": ({"covering": True, "lookup_condition": "a = 1"}, "a = 1"),
    "index scan": (
        {"covering": False, "ranges": ["(1 < a)", "(a < 9)"], "pushed_index_condition": "x"},
        "(1 < a) OR (a < 9)",
    ),
}


@pytest.mark.parametrize("operation", LOOKUPS)
def test_an_index_tells_what_it_answers(operation: str) -> None:
    facts, condition = LOOKUPS[operation]
    node = iterated(table("orders", access_type="index", index_name="by_a", **facts))
    assert (node.operation, node.index, node.condition) == (operation, "by_a", condition)


def test_temporary_tables_of_the_server_are_no_entities() -> None:
    temporary = table("<subquery2>", access_type="index", index_name="<auto_distinct_key>", covering=False)
    del temporary["schema_name"]
    node = iterated(temporary)
    assert (node.operation, node.entity, node.index) == ("subquery", None, None)


@pytest.mark.parametrize(("told", "kind"), [("left join", "Left"), ("antijoin", "Anti"), ("inner join", "Inner")])
def test_a_join_says_what_it_is(told: str, kind: str) -> None:
    join = {"operation": "Nested loop", "access_type": "join", "join_type": told, "join_algorithm": "nested_loop"}
    node = iterated({**join, "inputs": [table("a"), table("b")]})
    assert (node.operation, dict(node.detail)["Join Type"]) == ("nested loop", kind)
    assert iterated({**join, "join_algorithm": "hash", "inputs": []}).operation == "hash join"


USER = iterators.Constant("u", "users", "by_email", "email = const", "Inner")
FETCHED = {
    "operation": "Rows fetched before execution",
    "access_type": "rows_fetched_before_execution",
    "actual_rows": 1.0,
}


def test_rows_fetched_before_execution_are_the_tables_they_come_from() -> None:
    node = iterated(FETCHED, USER)
    assert (node.operation, node.entity, node.index, node.rows_returned) == ("index scan", "users", "by_email", 1.0)
    node = iterated(FETCHED, USER, iterators.Constant("c", "carts", "PRIMARY", "id = const", "Left"))
    assert node.indexes() == ("by_email", "PRIMARY")
    assert dict(node.detail)["Join Type"] == "Left"


def test_rows_fetched_before_execution_that_no_iterator_shows_are_joined_to_what_is_read_first() -> None:
    limit = {"operation": "Limit: 5 row(s)", "access_type": "limit", "actual_rows": 3.0, "inputs": [table("orders")]}
    node = iterated(limit, USER)
    assert [n.operation for n in node.walk()] == ["limit", "nested loop", "index scan", "scan"]
    assert node.indexes() == ("by_email",)


def test_a_constant_row_that_an_iterator_shows_stands_there() -> None:
    row = {"operation": "Constant row from u", "access_type": "constant_row", "table_name": "users", "alias": "u"}
    join = {"operation": "Nested loop left join", "access_type": "join", "join_type": "left join"}
    node = iterated({**join, "inputs": [table("orders"), row]}, USER)
    assert [(n.entity, n.index) for n in node.walk()] == [(None, None), ("orders", None), ("users", "by_email")]


def test_what_has_no_cost_costs_what_is_below_it() -> None:
    limit = {"operation": "Limit: 5 row(s)", "access_type": "limit", "inputs": [table("a", estimated_total_cost=9.0)]}
    assert iterated(limit).cost == 9.0


def test_parts_of_an_index_merge_stand_below_it() -> None:
    parts = [table("t", access_type="index", index_name=name, covering=False) for name in ("i", "j")]
    node = iterated({"operation": "Deduplicate rows sorted by row ID", "access_type": "rowid_union", "inputs": parts})
    assert (node.operation, node.entity, node.indexes()) == ("bitmap heap scan", "t", ("i", "j"))


def test_a_select_inside_a_list_stands_below_with_its_place() -> None:
    node = iterated({**table("a"), "inputs_from_select_list": [table("b")]})
    assert [dict(child.detail)["Parent Relationship"] for child in node.children] == ["from select list"]


def blocked(block: dict[str, Any], query: Rewritten = NOTHING) -> Access:
    return blocks.tree({"query_block": block}, query)


def read(name: str, **facts: Any) -> dict[str, Any]:
    """A table that was read twice, ten rows each time, of which a tenth passed."""
    counted = {"r_loops": 2, "rows": 8, "filtered": 50, "r_rows": 10, "r_filtered": 10}
    return {"table": {"table_name": name, "access_type": "ALL", **counted, **facts}}


def test_counts_of_blocks_are_for_all_loops() -> None:
    node = blocked({"nested_loop": [read("t", r_engine_stats={"pages_accessed": 7}, attached_condition="t.a > 1")]})
    assert (node.operation, node.native, node.entity, node.filter) == ("scan", "Table scan", "t", "t.a > 1")
    assert (node.rows_expected, node.rows_read, node.rows_returned, node.pages_read) == (8.0, 20, 2.0, 7)


def test_a_plan_of_blocks_that_was_not_executed_counts_nothing() -> None:
    node = blocked({"nested_loop": [{"table": {"table_name": "t", "access_type": "ALL", "rows": 8, "filtered": 50}}]})
    assert (node.rows_expected, node.rows_read, node.rows_returned, node.pages_read) == (4.0, None, None, None)


ACCESSES = {
    ("ref", "i", ("a", "b"), ("const", "d.u.id")): ("index scan", "a = const and b = d.u.id"),
    ("range", "i", ("a",), None): ("index scan", "on (a)"),
    ("index", "i", ("a",), None): ("index scan", None),
    ("ALL", None, (), None): ("scan", None),
}


@pytest.mark.parametrize(("access", "expected"), ACCESSES.items())
def test_an_access_type_is_an_operation(access: tuple[Any, ...], expected: tuple[str, str | None]) -> None:
    kind, key, columns, ref = access
    facts = {"access_type": kind, "key": key, "used_key_parts": list(columns), "ref": ref and list(ref)}
    node = blocked({"nested_loop": [read("t", **{name: value for name, value in facts.items() if value})]})
    assert (node.operation, node.condition) == expected
    covering = blocked({"nested_loop": [read("t", **{**facts, "key": "i"}, using_index=True)]})
    assert covering.operation == "index only scan"


def test_constant_rows_are_read_once_though_nothing_counts_them() -> None:
    node = blocked(
        {
            "nested_loop": [
                read("t", access_type="const", key="PRIMARY", r_loops=0, rows=1, r_rows=None, r_filtered=None)
            ]
        }
    )
    assert (node.loops, node.rows_read, node.rows_returned, node.index) == (1, 1.0, 1.0, "PRIMARY")


def test_joins_of_blocks_are_what_the_rewritten_query_says() -> None:
    query = rewritten("select 1 from `d`.`users` `u` left join `d`.`orders` `o` on(`o`.`a` = 1) where 1", "d")
    loop = [read("u"), read("o"), read("x", not_exists=True), {"block-nl-join": {**read("y"), "join_type": "BNLH"}}]
    node = blocked({"nested_loop": loop}, query)
    joins = [(n.operation, dict(n.detail)["Join Type"]) for n in node.walk() if "Join Type" in dict(n.detail)]
    assert joins == [("hash join", "Inner"), ("nested loop", "Anti"), ("nested loop", "Left")]
    assert [n.entity for n in node.walk() if n.entity] == ["users", "orders", "x", "y"]


def test_steps_of_blocks_stand_above_what_they_work_on() -> None:
    sort = {"sort_key": "t.a", "r_loops": 1, "r_output_rows": 11, "r_limit": 10}
    node = blocked({"filesort": {**sort, "temporary_table": {"nested_loop": [read("t")]}}, "having_condition": "n > 1"})
    assert [n.operation for n in node.walk()] == ["sort", "materialize", "scan"]
    assert (node.rows_returned, node.filter, dict(node.detail)["sort key"]) == (10, "n > 1", "t.a")


def test_unions_derived_tables_and_subqueries_stand_in_the_tree() -> None:
    union = {"union_result": {"r_loops": 1, "r_rows": 5, "query_specifications": [
        {"query_block": {"nested_loop": [read("a")]}},
        {"query_block": {"table": {"message": "No tables used"}}},
    ]}}  # fmt: skip
    derived = read("<derived2>", key="key0", materialized={"query_block": union})
    subquery = {"expression_cache": {"query_block": {"nested_loop": [read("b")]}}}
    node = blocked({"nested_loop": [derived], "subqueries": [subquery]})
    assert [n.operation for n in node.walk()] == ["subquery", "materialize", "append", "scan", "values", "scan"]
    assert [n.entity for n in node.walk() if n.entity] == ["a", "b"]


def test_an_index_merge_of_blocks_names_its_indexes() -> None:
    parts = {"union": [{"range": {"key": "i", "used_key_parts": ["a"]}}, {"intersect": [{"range": {"key": "j"}}]}]}
    node = blocked({"nested_loop": [read("t", access_type="index_merge", index_merge=parts)]})
    assert (node.operation, node.indexes()) == ("bitmap heap scan", ("i", "j"))


def test_a_table_under_an_aggregate_that_no_plan_shows_keeps_its_own_count() -> None:
    counted = blocks.giving(blocked({"nested_loop": [read("t")]}), 1)
    assert [(n.operation, n.rows_returned) for n in counted.walk()] == [("other", 1), ("scan", 2.0)]


def test_changes_stand_on_top() -> None:
    assert blocked({"table": {"update": 1, **read("t")["table"]}}).operation == "modify"
    assert blocked({"table": {"table_name": "t"}}).operation == "modify"
    joined = blocks.changing(blocked({"nested_loop": [read("a"), read("b")]}))
    assert [n.operation for n in joined.walk()] == ["modify", "nested loop", "scan", "scan"]


def test_a_rewritten_query_tells_tables_and_joins() -> None:
    text = (
        "/* select#1 */ select `u`.`id` AS `from`,`d`.`o`.`id` AS `x` from `d`.`users` `u` left join (`d`.`orders` `o` "
        "join `shop`.`items` `i`) on((`d`.`o`.`user_id` = `u`.`id`)) semi join (`d`.`tags`) where true"
    )
    found = rewritten(text, "d")
    assert found.entities == {"u": "users", "o": "orders", "i": "shop.items", "tags": "tags"}
    assert [found.join(alias) for alias in ("u", "o", "i", "tags")] == ["Inner", "Left", "Inner", "Semi"]


HINTED = {
    "SELECT * FROM a": "SELECT * FROM a FORCE INDEX FOR JOIN (i, `key`)",
    "SELECT * FROM d.`a` AS x, b y WHERE x.id = ? -- a": (
        "SELECT * FROM d.`a` AS x FORCE INDEX FOR JOIN (i, `key`), b y WHERE x.id = ? -- a"
    ),
    "SELECT (SELECT 1 FROM a) FROM b JOIN a ON 1": (
        "SELECT (SELECT 1 FROM a FORCE INDEX FOR JOIN (i, `key`)) FROM b JOIN a FORCE INDEX FOR JOIN (i, `key`) ON 1"
    ),
    "WITH a AS (SELECT 1) SELECT * FROM a": "WITH a AS (SELECT 1) SELECT * FROM a",
    "SELECT * FROM a USE INDEX (i)": "SELECT * FROM a USE INDEX (i)",
    "DELETE FROM a WHERE id = 1": "DELETE FROM a WHERE id = 1",
    "SELECT FROM": "SELECT FROM",
}


@pytest.mark.parametrize(("text", "expected"), HINTED.items())
def test_hints_stand_behind_each_table_that_has_indexes(text: str, expected: str) -> None:
    assert forced(text, ["scan"], lambda table: ("i", "key") if table.endswith("a") else ()) == expected


def test_an_operation_without_a_hint_changes_nothing() -> None:
    assert forced("SELECT * FROM a", ["hash join"], lambda _: ("i",)) == "SELECT * FROM a"
    assert forced("SELECT * FROM a", ["sort"], lambda _: ("i",)) == (
        "SELECT * FROM a FORCE INDEX FOR ORDER BY (i) FORCE INDEX FOR GROUP BY (i)"
    )

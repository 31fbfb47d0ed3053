"""Forms of plans that the servers at hand do not give, as newer ones document them."""

from typing import Any

from harness.adapters.mongodb import pipeline


def explained(winning: dict[str, Any], stages: dict[str, Any] | None = None) -> dict[str, Any]:
    planner = {"namespace": "shop.users", "winningPlan": winning, "rejectedPlans": []}
    executed = {} if stages is None else {"executionStats": {"executionTimeMillis": 3, "executionStages": stages}}
    return {"queryPlanner": planner, **executed}


def test_the_short_way_to_a_document_goes_through_its_index() -> None:
    stage = {"stage": "EXPRESS_IXSCAN", "keyPattern": "{ _id: 1 }", "indexName": "_id_"}
    access = pipeline.tree(explained(stage, {**stage, "keysExamined": 1, "docsExamined": 1, "nReturned": 1}))
    assert (access.operation, access.entity, access.index) == ("index scan", "users", "_id_")
    assert (access.rows_returned, access.rows_read, access.pages_read, access.elapsed_ms) == (1, 1, 2, 3)


def test_the_short_way_into_a_clustered_collection_goes_by_its_key() -> None:
    access = pipeline.tree(explained({"stage": "EXPRESS_CLUSTERED_IXSCAN"}))
    assert (access.operation, access.index, access.rows_returned) == ("index scan", "_id_", None)


def test_a_short_write_tells_its_index() -> None:
    stage = {"stage": "EXPRESS_DELETE", "indexName": "_id_", "keysExamined": 1, "docsExamined": 1}
    access = pipeline.tree(explained(stage, {**stage, "nReturned": 0, "nWouldDelete": 1}))
    assert (access.operation, access.index, access.rows_returned) == ("modify", "_id_", 1)


def test_a_distinct_scan_that_fetches_is_not_covered() -> None:
    stage = {"stage": "DISTINCT_SCAN", "indexName": "i", "isFetching": True, "nReturned": 2, "keysExamined": 3}
    access = pipeline.tree(explained(stage, {**stage, "docsExamined": 2}))
    assert (access.operation, access.pages_read) == ("index scan", 5)


def test_steps_of_the_slot_based_engine_are_summed_up_in_their_stages() -> None:
    scan = {"stage": "IXSCAN", "planNodeId": 1, "indexName": "i", "indexBounds": {"a": ["[5, 5]"]}}
    plan = {"stage": "GROUP", "planNodeId": 3, "inputStage": {"stage": "FETCH", "planNodeId": 2, "inputStage": scan}}
    seek = {"stage": "seek", "planNodeId": 2, "nReturned": 7, "numReads": 7}
    keys = {"stage": "ixseek", "planNodeId": 1, "nReturned": 7, "indexName": "i", "keysExamined": 8, "numReads": 8}
    fetch = {"stage": "nlj", "planNodeId": 2, "nReturned": 7, "outerStage": keys, "innerStage": seek}
    steps = {"stage": "project", "planNodeId": 3, "nReturned": 2, "inputStage": fetch}
    group = pipeline.tree(explained({"isCached": False, "queryPlan": plan, "slotBasedPlan": {}}, steps))
    (fetched,) = group.children
    (scanned,) = fetched.children
    assert (group.operation, group.rows_returned, group.pages_read) == ("aggregate", 2, 15)
    assert (fetched.native, fetched.rows_returned, fetched.pages_read) == ("FETCH", 7, 15)
    assert (scanned.operation, scanned.index, scanned.rows_read, scanned.pages_read) == ("index scan", "i", 8, 8)
    assert scanned.condition == "a: [5, 5]"


def test_a_lookup_within_the_plan_tells_how_it_reads_the_other_collection() -> None:
    below = {"stage": "COLLSCAN", "planNodeId": 1}
    lookup = {
        "stage": "EQ_LOOKUP_UNWIND",
        "planNodeId": 2,
        "foreignCollection": "shop.orders",
        "localField": "_id",
        "foreignField": "user",
        "strategy": "IndexedLoopJoin",
        "indexName": "user_1",
        "inputStage": below,
    }
    join = pipeline.tree(explained({"queryPlan": lookup, "slotBasedPlan": {}}))
    scan, other = join.children
    assert (join.operation, join.index) == ("nested loop", None)
    assert (scan.operation, scan.entity) == ("scan", "users")
    assert (other.operation, other.entity, other.index, other.condition) == (
        "index scan",
        "orders",
        "user_1",
        "user = _id",
    )

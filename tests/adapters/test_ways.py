"""What every engine that can weigh an index must do: the ways with it and without it, and nothing of that lasts."""

from harness.design.model import Index, Schema
from harness.engine import Engine, Session
from harness.facts import Refusal
from harness.ways import Ways, Weighing
from tests.adapters.example import Example
from tests.adapters.test_contract import define, fill


def index(schema: Schema, entity: str, first: str) -> Index:
    found = schema.entity(entity)
    assert found
    return next(i for i in found.indexes if i.keys[0].text == first)


def weighed(session: Session, text: str, index: Index) -> Ways:
    assert isinstance(session, Weighing)
    ways = session.ways(text, index, execute=True)
    assert isinstance(ways, Ways)
    return ways


def test_an_index_that_the_query_compares_with_can_serve(engine: Engine, session: Session, example: Example) -> None:
    schema = define(engine, session, example)
    fill(session, schema, example)
    ways = weighed(session, example.query, index(schema, "orders", "user_id"))

    assert ways.through is not None
    assert "idx_orders_user" in ways.through.indexes()
    assert ways.beside is not None
    assert "idx_orders_user" not in ways.beside.indexes()
    assert ways.taken is (ways.through if ways.chosen else ways.beside)
    assert ways.through.cost is not None
    assert ways.beside.cost is not None


def test_an_index_that_the_query_does_not_ask_for_cannot_serve(
    engine: Engine, session: Session, example: Example
) -> None:
    schema = define(engine, session, example)
    fill(session, schema, example)

    for other in (index(schema, "users", "email"), index(schema, "orders", example.key)):
        ways = weighed(session, example.query, other)
        assert (ways.chosen, ways.through, ways.unknown) == (False, None, "")


def test_weighing_has_no_lasting_effect(engine: Engine, session: Session, example: Example) -> None:
    schema = define(engine, session, example)
    fill(session, schema, example)
    before = session.explain(example.query, execute=False)
    assert isinstance(session, Weighing)
    for number in range(session.samplings()):
        with session.sampled(["orders", "users"], number) as said:
            assert said
            weighed(session, example.query, index(schema, "orders", "user_id"))
    after = session.explain(example.query, execute=False)

    assert session.inspect() == schema
    assert not isinstance(before, Refusal)
    assert not isinstance(after, Refusal)
    assert before.indexes() == after.indexes()


def test_a_query_that_the_server_refuses_is_refused_here_too(
    engine: Engine, session: Session, example: Example
) -> None:
    schema = define(engine, session, example)
    assert isinstance(session, Weighing)
    assert isinstance(session.ways(example.wrong_query, index(schema, "orders", "user_id"), execute=True), Refusal)
    assert session.inspect() == schema

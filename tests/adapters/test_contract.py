"""What every engine must do. Nothing here knows one: engines are found by looking, and bring their own ``example``."""

import subprocess
import sys

import pytest

from harness import adapters
from harness.design.compare import differences
from harness.design.model import Entity, Field, ForeignKey, Index, IndexKey, Key, Schema, Statement
from harness.engine import Engine, Session, Unsatisfied
from harness.errors import InputError, ServerError
from harness.facts import Access, Batch, Refusal, bound
from harness.servers.model import Address, Server
from harness.source import Source
from harness.trying import COPY, FREQUENT, Trying
from tests.adapters.example import Example
from tests.adapters.scripts import FIRST_LINE, PATH, script

USERS, ORDERS = 50, 600


def designed(example: Example) -> Schema:
    orders = Entity(
        "orders",
        fields=(
            Field(example.key, example.whole, nullable=False),
            Field("user_id", example.whole, nullable=False),
            Field("total", example.decimal),
        ),
        keys=(Key(None, (example.key,), primary=True),),
        foreign_keys=(ForeignKey("orders_user", ("user_id",), "users", (example.key,), on_delete="CASCADE"),),
        indexes=(Index("idx_orders_user", "orders", (IndexKey("user_id"),)),),
        source=Source(PATH, 40, 60),
    )
    users = Entity(
        "users",
        fields=(Field(example.key, example.whole, nullable=False), Field("email", example.text, nullable=False)),
        keys=(Key(None, (example.key,), primary=True), Key("users_email", ("email",))),
        source=Source(PATH, 20, 30),
    )
    return Schema((orders, users))  # the child first: parents must come first all the same


def define(engine: Engine, session: Session, example: Example) -> Schema:
    effects = session.apply(engine.define(designed(example)), timeout_s=30)
    assert not [effect.refusal for effect in effects if effect.refusal]
    return session.inspect()


def fill(session: Session, schema: Schema, example: Example) -> None:
    users, orders = schema.entity("users"), schema.entity("orders")
    assert users
    assert orders
    with session.filling(schema):
        ids = range(1, USERS + 1)
        session.load(users, [Batch((example.key, "email"), (ids, [f"user{i}@example.com" for i in ids]), USERS)])
        numbers = range(1, ORDERS + 1)
        owners = [number % USERS + 1 for number in numbers]
        fields = (example.key, "user_id", "total")
        session.load(orders, [Batch(fields, (numbers, owners, [1.5] * ORDERS), ORDERS)])


def test_an_engine_is_named_as_its_folder(engine: Engine) -> None:
    assert engine.name in adapters.names()
    assert engine.title


def test_an_engine_is_found_again(engine: Engine) -> None:
    assert adapters.find(engine.name).name == adapters.find(engine.name).name == engine.name


def test_an_unknown_engine_is_the_callers_mistake() -> None:
    with pytest.raises(InputError, match="no support for nosuch"):
        adapters.find("nosuch")


def test_importing_an_engine_imports_no_driver(engine: Engine) -> None:
    program = f"import sys, harness.adapters.{engine.name}; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"psycopg", "postgast", "pymysql", "pymongo"} & set(modules)


def test_a_script_is_split_into_statements_that_keep_their_lines(engine: Engine, example: Example) -> None:
    found = engine.split(script(example.script))
    places = [(s.source.line - FIRST_LINE + 1, s.source.end_line - FIRST_LINE + 1) for s in found]
    assert places == [(2, 2), (4, 5), (7, 7)]
    assert not [s.text for s in found if s.text.endswith(";")]


def test_what_does_not_parse_is_one_invalid_statement_on_its_line(engine: Engine, example: Example) -> None:
    (statement,) = engine.split(script(example.unparsable))
    found = engine.intent(statement)
    assert found.verb == "invalid"
    assert found.refusal
    assert found.refusal.source == Source(PATH, FIRST_LINE, FIRST_LINE)


def test_a_statement_tells_how_it_is_taken_back(engine: Engine, session: Session, example: Example) -> None:
    before = define(engine, session, example)
    statement = script(example.addition)
    undo = engine.intent(statement).undo
    assert undo
    session.apply([statement], timeout_s=30)
    assert differences(before, session.inspect())
    session.apply([Statement(text, statement.source, "derived") for text in undo], timeout_s=30)
    assert session.inspect() == before


def test_a_designed_schema_can_be_made_and_read_back(engine: Engine, session: Session, example: Example) -> None:
    statements = engine.define(designed(example))
    assert {s.origin for s in statements} == {"derived"}
    if engine.traits("").foreign_keys is None:
        assert statements[0].source == Source(PATH, 20, 30)
    schema = define(engine, session, example)
    orders = schema.entity("orders")
    assert orders
    assert orders.primary_key
    if engine.traits(session.version).foreign_keys is None:
        assert [(k.name, k.target, k.on_delete) for k in orders.foreign_keys] == [("orders_user", "users", "CASCADE")]
    assert [f.name for f in orders.fields] == [example.key, "user_id", "total"]
    assert all(f.shape for f in orders.fields)
    assert schema.index("idx_orders_user")


def test_a_new_database_is_empty(session: Session) -> None:
    assert session.inspect() == Schema()


def test_inspecting_changes_nothing(engine: Engine, session: Session, example: Example) -> None:
    assert define(engine, session, example) == session.inspect()


def test_a_migration_stops_at_what_the_server_refuses(engine: Engine, session: Session, example: Example) -> None:
    before = define(engine, session, example)
    effects = session.apply(engine.split(script(example.broken)), timeout_s=30)
    assert [effect.refusal is None for effect in effects] == [True, False]
    refusal = effects[-1].refusal
    assert refusal
    assert refusal.source == Source(PATH, FIRST_LINE + 1, FIRST_LINE + 1)
    assert refusal.message
    if engine.traits(session.version).transactional_ddl is None:
        assert session.inspect() == before


def test_filling_leaves_the_schema_exactly_as_it_was(engine: Engine, session: Session, example: Example) -> None:
    schema = define(engine, session, example)
    fill(session, schema, example)
    assert session.inspect() == schema
    assert (session.count("users"), session.count("orders")) == (USERS, ORDERS)


def test_a_failure_while_filling_leaves_the_schema_exactly_as_it_was(
    engine: Engine, session: Session, example: Example
) -> None:
    schema = define(engine, session, example)
    with pytest.raises(ZeroDivisionError), session.filling(schema):
        raise ZeroDivisionError
    assert session.inspect() == schema


def test_rows_that_the_server_refuses_are_named(engine: Engine, session: Session, example: Example) -> None:
    schema = define(engine, session, example)
    users = schema.entity("users")
    assert users
    with pytest.raises(Unsatisfied) as caught:
        session.load(users, [Batch((example.key, "email"), ([1, 2], ["same@example.com"] * 2), 2)])
    assert caught.value.entity == "users"
    assert "users_email" in caught.value.refusal.detail
    assert session.count("users") == 0


def test_rows_without_their_parent_are_refused_at_the_end_of_filling(
    engine: Engine, session: Session, example: Example
) -> None:
    schema = define(engine, session, example)
    orders = schema.entity("orders")
    assert orders
    if engine.traits(session.version).foreign_keys is not None:
        pytest.skip("no foreign keys")
    with pytest.raises(Unsatisfied) as caught, session.filling(schema):
        session.load(orders, [Batch((example.key, "user_id"), ([1], [777]), 1)])
    assert caught.value.entity == "orders"
    assert session.inspect() == schema


def test_an_executed_plan_counts_what_it_read(engine: Engine, session: Session, example: Example) -> None:
    fill(session, define(engine, session, example), example)
    access = session.explain(example.query, execute=True)
    assert isinstance(access, Access)
    assert access.rows_returned == ORDERS / USERS
    reading = [node for node in access.walk() if node.entity == "orders"]
    assert reading
    assert all(node.rows_read is not None and node.rows_read >= (node.rows_returned or 0) for node in reading)
    assert (access.pages_read or 0) > 0


def test_ways_can_be_made_unattractive(engine: Engine, session: Session, example: Example) -> None:
    fill(session, define(engine, session, example), example)
    access = session.explain(example.query, execute=False, unattractive=["scan"])
    assert isinstance(access, Access)
    assert access.indexes() == ("idx_orders_user",)
    assert access.rows_returned is None


def test_explaining_has_no_lasting_effect(engine: Engine, session: Session, example: Example) -> None:
    fill(session, define(engine, session, example), example)
    assert isinstance(session.explain(example.deletion, execute=True), Access)
    assert session.count("orders") == ORDERS


def test_timing_has_no_lasting_effect(engine: Engine, session: Session, example: Example) -> None:
    fill(session, define(engine, session, example), example)
    times = session.timings([example.query, example.deletion, example.query])
    assert len(times) == 3
    assert all(ms > 0 for ms in times)
    assert session.count("orders") == ORDERS


def test_a_query_that_is_refused_says_why(engine: Engine, session: Session, example: Example) -> None:
    define(engine, session, example)
    refusal = session.explain(example.wrong_query, execute=True)
    assert isinstance(refusal, Refusal)
    assert "nothing_such" in refusal.message
    assert session.inspect()


def test_samples_come_from_the_rows_and_follow_the_seed(engine: Engine, session: Session, example: Example) -> None:
    schema = define(engine, session, example)
    fill(session, schema, example)
    drawn = session.sample("users", [example.key, "email"], 10, seed=1)
    assert len(set(drawn)) == 10
    assert drawn == session.sample("users", [example.key, "email"], 10, seed=1)
    assert drawn != session.sample("users", [example.key, "email"], 10, seed=2)
    (parameter,) = engine.parameters(script(example.query), schema)
    assert (parameter.entity, parameter.field, parameter.operator, parameter.value) == ("orders", "user_id", "=", "5")
    access = session.explain(bound(example.query, [(parameter, drawn[0][0])]), execute=True)
    assert isinstance(access, Access)
    assert access.rows_returned == ORDERS / USERS


def test_indexes_are_tried_on_copies_that_are_gone_afterwards(
    engine: Engine, session: Session, example: Example
) -> None:
    schema = define(engine, session, example)
    fill(session, schema, example)
    assert isinstance(session, Trying)
    with session.copies("orders", ["idx_orders_user"], 4, 200) as copies:
        assert (copies.parts, copies.rows) == (3, 200)
        assert all(copies.write(copy, part) > 0 for part in range(3) for copy in (1, 0))
        made = {entity.name: entity for entity in session.inspect().entities}
        found = [session.count(f"{COPY}{copy}") for copy in (0, 1)]
    assert found == [ORDERS, ORDERS]
    indexed = [any(index.keys[0].text == "user_id" for index in made[f"{COPY}{copy}"].indexes) for copy in (0, 1)]
    assert indexed == [True, False]
    with pytest.raises(ZeroDivisionError), session.copies("orders", [], 4, 200):
        1 / 0  # noqa: B018
    assert differences(schema, session.inspect()) == ()


def test_the_spread_of_values_is_told(engine: Engine, session: Session, example: Example) -> None:
    fill(session, define(engine, session, example), example)
    assert isinstance(session, Trying)
    found = session.spread("orders", "user_id")
    assert found
    assert (found.rows, found.distinct, len(found.frequent)) == (ORDERS, USERS, FREQUENT)
    assert {rows for _, rows in found.frequent} == {ORDERS // USERS}


def test_a_copy_of_a_database_has_its_rows(
    engine: Engine, engine_server: Server, database: Address, example: Example
) -> None:
    with engine.connect(database) as session:
        schema = define(engine, session, example)
        fill(session, schema, example)
    with engine.fresh(engine_server, "copy", template=database) as copy, engine.connect(copy) as session:
        assert session.inspect() == schema
        assert session.count("orders") == ORDERS


def test_a_fresh_database_is_gone_afterwards(engine: Engine, engine_server: Server) -> None:
    with engine.fresh(engine_server, "short-lived") as address, engine.connect(address) as session:
        assert session.version.startswith(engine_server.version.partition(".")[0])
    with pytest.raises(ServerError, match=address.database), engine.connect(address):
        pass


def test_nobody_answers_at_a_wrong_address(engine: Engine, engine_server: Server) -> None:
    nowhere = engine_server.address.of("harness_no_such_database")
    with pytest.raises(ServerError, match="harness_no_such_database"), engine.connect(nowhere):
        pass

"""A session that looks on is told what the migrating one wrote, and believes it only where nobody else wrote."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from harness.adapters.postgresql.apply import Done, apply, replay
from harness.adapters.postgresql.connection import Connection, connected, results
from harness.adapters.postgresql.footprint import Footprint
from harness.adapters.postgresql.inspect import inspect
from harness.adapters.postgresql.looks import Looks
from harness.design.model import Schema
from harness.engine import Engine
from harness.servers.model import Address
from tests.adapters.postgresql.changes import BASE, CASES
from tests.adapters.postgresql.test_looks import HOSTILE
from tests.adapters.scripts import script

TABLES = "CREATE TABLE a (id int PRIMARY KEY, n int); CREATE TABLE b (id int PRIMARY KEY, a_id int)"


@dataclass
class Three:
    """One migrates, one looks on, and one does what nobody expects."""

    engine: Engine
    migrating: Connection
    looks: Looks
    other: Connection

    def applied(self, text: str, *, again: bool = False) -> Done:
        """Run it, as it is run for the first time or ``again``."""
        return (replay if again else apply)(self.migrating, self.engine.split(script(text)), 30)

    def whole(self) -> Schema:
        """All that is there, as another session reads it."""
        return inspect(self.other)


@pytest.fixture
def three(engine: Engine, database: Address) -> Iterator[Three]:
    with connected(database) as migrating, connected(database) as looking, connected(database) as other:
        three = Three(engine, migrating, Looks(looking), other)
        three.applied(TABLES)
        for _ in range(3):
            three.looks.schema()
        yield three


WRITTEN = {
    "COMMENT ON TABLE a IS 'first'": {"pg_description"},
    "ALTER TABLE a ADD COLUMN more int": {"pg_class", "pg_attribute"},
    "ALTER TABLE a ALTER n SET DEFAULT 1": {"pg_attribute", "pg_attrdef", "pg_depend"},
    "CREATE INDEX a_n ON a (n)": {"pg_class", "pg_attribute", "pg_index", "pg_depend"},
    "CREATE SCHEMA more": {"pg_namespace"},
    "ALTER TABLE a DROP COLUMN n": {"pg_attribute"},
}


@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
@pytest.mark.parametrize("text", WRITTEN)
def test_the_catalogs_that_are_written_are_known(three: Three, text: str, again: bool) -> None:
    footprint = three.applied(text, again=again).footprint
    assert footprint
    assert footprint.catalogs == WRITTEN[text]


UNKNOWN = (
    "SET track_counts = off; COMMENT ON TABLE a IS 'uncounted'",
    "ALTER TABLE a SET (autovacuum_enabled = off); SELECT set_config('track_' || 'counts', 'off', false)",
    "DO $$ BEGIN EXECUTE 'COMMENT ON TABLE a IS ''done'''; END $$",
    "CREATE INDEX CONCURRENTLY a_n ON a (n)",
    "BEGIN; COMMENT ON TABLE a IS 'one'; COMMIT; BEGIN; COMMENT ON TABLE b IS 'two'; COMMIT",
    "CREATE TEMPORARY TABLE passing (id int); COMMENT ON TABLE a IS 'passed'",
    "INSERT INTO a VALUES (1, 1)",
    "ALTER TABLE nowhere ADD COLUMN n int",
    "COMMENT ON TABLE a IS 'track_counts'",
)


@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_what_may_be_more_than_one_counted_transaction_is_not_told(three: Three, again: bool) -> None:
    for text in UNKNOWN:
        assert three.applied(text, again=again).footprint is None, text
        assert three.looks.schema() == three.whole(), text


def test_what_is_told_is_believed_where_it_can_be(three: Three) -> None:
    """The other tests would pass if it never were: so a wrong footprint must lead astray."""
    before = three.looks.schema()
    done = three.applied("COMMENT ON TABLE a IS 'unseen'", again=True).footprint
    assert done
    assert three.looks.schema(Footprint(done.transaction, frozenset())) == before
    assert three.looks.schema() == three.whole() != before


OTHERS = {
    "another transaction before": ("COMMENT ON TABLE b IS 'before'", ""),
    "another transaction after": ("", "COMMENT ON TABLE b IS 'after'"),
    "a transaction that was undone": ("BEGIN; COMMENT ON TABLE b IS 'undone'; ROLLBACK", ""),
    "one that is still at work": ("BEGIN; COMMENT ON TABLE b IS 'open'", "COMMIT"),
    "one that ends with a part undone": (
        "BEGIN; SAVEPOINT s; COMMENT ON TABLE b IS 'a'; ROLLBACK TO s; COMMENT ON TABLE b IS 'b'; COMMIT",
        "",
    ),
}


@pytest.mark.parametrize(("before", "after"), OTHERS.values(), ids=OTHERS)
def test_what_others_write_is_seen(three: Three, before: str, after: str) -> None:
    three.looks.schema()
    results(three.other, before)
    done = three.applied("COMMENT ON TABLE a IS 'ours'", again=True).footprint
    assert done
    results(three.other, after)
    wrong = Footprint(done.transaction, frozenset({"pg_proc"}))
    assert three.looks.schema(wrong) == three.whole()


def test_one_that_began_before_the_last_look_is_seen(three: Three) -> None:
    results(three.other, "BEGIN; COMMENT ON TABLE b IS 'open'")
    three.looks.schema()
    done = three.applied("COMMENT ON TABLE a IS 'ours'", again=True).footprint
    results(three.other, "COMMIT")
    assert three.looks.schema(done) == three.whole()


def test_parts_of_a_transaction_that_have_ids_of_their_own_are_counted(three: Three) -> None:
    """A function that catches errors makes subtransactions, whoever calls it."""
    three.applied(
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN "
        "BEGIN EXECUTE 'COMMENT ON TABLE b IS ''caught'''; EXCEPTION WHEN others THEN NULL; END; RETURN 1; END $$"
    )
    three.looks.schema()
    done = three.applied("ALTER TABLE a ADD COLUMN called int DEFAULT f() NOT NULL", again=True)
    assert three.looks.schema(done.footprint) == three.whole()


def test_what_is_told_leads_to_what_a_whole_read_gives(three: Three) -> None:
    """After each change, and in turn as it is run for the first time and again."""
    told = 0
    for number, text in enumerate(filter(None, map(str.strip, HOSTILE.split(";\n")))):
        done = three.applied(text.removesuffix(";"), again=number % 2 == 0)
        told += done.footprint is not None
        assert three.looks.schema(done.footprint) == three.whole(), text
    assert told > 50


@pytest.mark.thorough
def test_no_kind_of_change_is_missed_by_what_is_told(three: Three) -> None:
    """All of them on one database, one after another."""
    for text in (BASE, *(text for case in CASES for text in (case.change, case.back) if text)):
        done = three.applied(text, again=True)
        assert three.looks.schema(done.footprint) == three.whole(), text

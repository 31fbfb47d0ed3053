"""Every metric that is known is read from a real server of each engine, by the query that people are given."""

from typing import get_args

import pytest

from harness.design.dialect import family
from harness.design.metrics import Metric, Place
from harness.engine import Session
from harness.facts import Refusal
from harness.metering import Gauge, Metering, Reading, reading

OF_SETS = {"replication lag", "oplog window"}
"""What only a member of MongoDB's replica sets has."""

NAMED = {
    "postgresql": ("pg_stat_statements", "pg_stat_user_indexes", "pg_locks", "track_io_timing", "log_lock_waits"),
    "mysql": ("performance_schema", "information_schema.innodb_trx", "Threads_running", "long_query_time",
              "SHOW GLOBAL STATUS"),
    "mongodb": ("$indexStats", "serverStatus", "collStats", "currentOp", "slowms", "mongotop"),
}  # fmt: skip
ABSENT = {
    "postgresql": ("pg_stat_user_indices", "pg_stat_nothing"),
    "mysql": ("sys.schema_used_indexes", "Innodb_buffer_pool_fun"),
}


def read(session: Session, gauge: Gauge) -> Reading | Refusal:
    assert isinstance(session, Metering)
    return session.read(gauge)


def test_each_metric_is_read_or_is_one_that_the_engine_has_not(session: Session) -> None:
    assert isinstance(session, Metering)
    unknown = set()
    for metric in get_args(Metric):
        gauges = session.gauges(metric)
        unknown |= set() if gauges else {metric}
        for gauge in gauges:
            found = read(session, gauge)
            alone = metric in OF_SETS and "rs." in gauge.query
            assert isinstance(found, Reading) or alone, (metric, gauge.source, found)
            assert (bool(gauge.query), gauge.lacks) == (True, "")
    assert unknown <= {"connection pool", "vacuum", "checkpoints", "transaction id age", "oplog window"}


def test_what_a_document_names_is_read_or_is_said_to_be_missing(session: Session, engine: object) -> None:
    name = family(engine.name)  # type: ignore[attr-defined]
    assert isinstance(session, Metering)
    for word in NAMED[name]:
        gauge = session.gauge(Place(word, name))
        found = read(session, gauge)
        assert isinstance(found, Reading), (word, gauge, found)
    for word in ABSENT.get(name, ()):
        gauge = session.gauge(Place(word, name))
        assert word.lower() in gauge.lacks.lower()
        assert not gauge.query


def test_nothing_is_left_of_what_makes_a_view_readable(session: Session) -> None:
    assert isinstance(session, Metering)
    before = session.inspect()
    for gauge in session.gauges("slow queries"):
        read(session, gauge)
    assert session.inspect() == before


@pytest.mark.parametrize(
    ("given", "wanted"),
    [([], Reading((), ())), ([{"a": b"x", "n": "12"}], Reading(("a", "n"), (("x", 12.0),))),
     ([{"a": None, "n": True}], Reading(("a", "n"), ((None, "true"),)))],
)  # fmt: skip
def test_numbers_are_numbers_however_a_driver_gives_them(given: list[dict[str, object]], wanted: Reading) -> None:
    assert reading(given) == wanted

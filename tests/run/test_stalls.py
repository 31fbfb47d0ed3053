"""What traffic tells of a statement: who is blamed for a wait, and what no lock explains."""

from harness.design.model import Statement
from harness.facts import Effect, Lock
from harness.run.flow import Flow, Gauge, Kind, Served, Span
from harness.run.stalls import Passage, alone, beside
from harness.source import Source

READER, WRITER, CONTROL = 1, 2, 3


def effect(text: str, start: float, length: float, *locks: tuple[str, str, float]) -> Effect:
    held = tuple(Lock(relation, mode, ms) for relation, mode, ms in locks)
    return Effect(Statement(text, Source("d.md", 1, 1)), length, held, started_s=start)


def served(session: int, kind: Kind, due: float, done: float, code: str = "") -> Served:
    return Served(session, kind, ("t",), due, due, done, code)


def passage(*effects: Effect, end: float) -> Passage:
    return Passage("002", "up", effects, ("t",), end)


READS = tuple(served(READER, "read", n / 100, n / 100 + 0.001) for n in range(100))
WRITES = tuple(served(WRITER, "write", n / 100, n / 100 + 0.001) for n in range(100))


def test_a_wait_is_blamed_on_the_statement_that_took_the_lock_not_on_the_one_that_ran() -> None:
    adds = effect("ALTER", 1.0, 0.01, ("t", "AccessExclusiveLock", 2000.0))
    fills = effect("UPDATE", 1.01, 1.9, ("t", "RowExclusiveLock", 1990.0))
    waits = (Span(READER, "t", "AccessShareLock", 1.1, 2.9),)

    first, second = beside(passage(adds, fills, end=3.0), Flow(READS, waits))

    assert [(s.kind, round(s.waited_ms)) for s in first.stalls] == [("read", 1800)]
    assert second.stalls == ()
    assert first.held_s == 2.0


def test_a_share_lock_stops_writers_and_an_earlier_stronger_one_is_blamed_for_readers() -> None:
    adds = effect("ALTER", 1.0, 0.01, ("t", "AccessExclusiveLock", 1000.0))
    index = effect("CREATE INDEX", 1.01, 0.9, ("t", "ShareLock", 990.0))
    alone_index = effect("CREATE INDEX", 1.01, 0.9, ("t", "ShareLock", 900.0))
    write = (Span(WRITER, "t", "RowExclusiveLock", 1.1, 1.9),)

    (only,) = beside(passage(alone_index, end=2.0), Flow(WRITES, write))
    first, second = beside(passage(adds, index, end=2.0), Flow((*READS, *WRITES), write))

    assert [s.kind for s in only.stalls] == ["write"]
    assert first.stalls
    assert not second.stalls


def test_what_is_slow_without_a_wait_for_a_lock_is_no_stall() -> None:
    slow = served(READER, "read", 1.0, 3.0)
    (measured,) = beside(passage(effect("CREATE INDEX CONCURRENTLY", 1.0, 2.0), end=3.0), Flow((*READS, slow)))

    assert measured.stalls == ()
    assert measured.during is not None
    assert measured.during.max_ms == 2000.0


def test_time_in_which_the_control_was_not_served_either_is_taken_off() -> None:
    """Overlapping late requests of the control count once."""
    stood_still = tuple(served(CONTROL, "control", 1.0 + n / 100, 2.0) for n in range(50))
    waits = (Span(READER, "t", "AccessShareLock", 1.0, 2.1),)
    adds = effect("ALTER", 1.0, 1.1, ("t", "AccessExclusiveLock", 1100.0))

    (measured,) = beside(passage(adds, end=2.1), Flow((*READS, *stood_still), waits))

    assert [round(s.waited_ms) for s in measured.stalls] == [100]


def test_errors_and_time_outs_are_told_apart_and_the_control_is_no_request() -> None:
    refused = (served(WRITER, "write", 1.1, 1.2, "23505"), served(WRITER, "write", 1.2, 1.3, "57014"))
    control = served(CONTROL, "control", 1.1, 1.2, "?")
    (measured,) = beside(passage(effect("ALTER", 1.0, 1.0), end=2.0), Flow((*refused, control)))

    assert measured.during is not None
    assert (measured.during.errors, measured.during.time_outs) == (1, 1)


def test_the_log_and_the_disk_are_read_from_the_looks_around_a_statement() -> None:
    gauges = (Gauge(0.9, 100, 10), Gauge(1.5, 400, 30), Gauge(2.1, 500, 20), Gauge(2.5, 900, 20))
    (measured,) = beside(passage(effect("ALTER", 1.0, 1.2), end=2.2), Flow(gauges=gauges))

    assert measured.log_bytes == 400
    assert measured.disk_bytes == (10, 30, 20)


def test_locks_of_a_statement_in_no_transaction_are_those_that_were_seen() -> None:
    holds = (Span(9, "t", "ShareUpdateExclusiveLock", 1.1, 1.9), Span(9, "other", "AccessShareLock", 5.0, 6.0))
    (measured,) = beside(passage(effect("CREATE INDEX CONCURRENTLY", 1.0, 1.0), end=2.0), Flow(holds=holds))

    assert [(x.relation, x.mode, round(x.held_ms)) for x in measured.locks] == [("t", "ShareUpdateExclusiveLock", 800)]


def test_without_traffic_a_lock_is_held_to_the_end_of_its_transaction() -> None:
    first, second = alone(passage(effect("A", 1.0, 0.1, ("t", "X", 500.0)), effect("B", 1.1, 0.4), end=1.5))

    assert (first.held_s, round(second.held_s, 3), first.paced) == (0.5, 0.4, False)


def test_what_a_statement_waits_itself_is_told_apart_from_what_it_keeps_others_waiting_for() -> None:
    """An ALTER behind a query of 0.8 s holds its lock for 0.1 s; a reader that came meanwhile waited 0.85 s."""
    slow = Served(READER, "read", ("t",), 0.9, 0.9, 1.75, query="3")
    queued = (Span(9, "t", "EXCLUSIVE", 1.0, 1.75, behind=(READER,)),)
    waits = (Span(5, "t", "SHARED_READ", 1.0, 1.85),)
    adds = effect("ALTER", 0.99, 0.86, ("t", "EXCLUSIVE", 860.0))

    (measured,) = beside(passage(adds, end=1.85), Flow((*READS, slow), waits, pending=queued))

    assert [(round(s.waited_ms), round(s.own_ms)) for s in measured.stalls] == [(850, 100)]
    assert measured.queued is not None
    assert (round(measured.queued.waited_ms), measured.queued.behind) == (750, ("query 3",))


def test_a_lock_that_is_waited_for_on_another_table_excuses_nothing() -> None:
    queued = (Span(9, "other", "AccessExclusiveLock", 1.1, 1.9, behind=(WRITER,)),)
    waits = (Span(READER, "t", "AccessShareLock", 1.0, 2.0),)
    adds = effect("ALTER", 1.0, 0.01, ("t", "AccessExclusiveLock", 1000.0))

    (measured,) = beside(passage(adds, end=2.0), Flow(READS, waits, pending=queued))

    assert [(round(s.waited_ms), round(s.own_ms)) for s in measured.stalls] == [(1000, 1000)]
    assert measured.queued is None

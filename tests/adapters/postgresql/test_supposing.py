"""The planner asked about indexes that are not there: where the extension is, and where it is not."""

import pytest

from harness.design.model import Index, IndexKey, Statement
from harness.engine import Session
from harness.source import Source
from harness.trying import Supposing
from tests.conftest import missing

ROWS = "INSERT INTO calls SELECT i, i % 5000, i % 2, 'c' || i FROM generate_series(1, 50000) i"
QUERY = "SELECT * FROM calls WHERE caller = 7"


def index(key: str, *, expression: bool = False) -> Index:
    return Index("idx", "calls", (IndexKey(key, expression=expression),), unique=False)


def prepared(session: Session, request: pytest.FixtureRequest) -> Supposing:
    for text in ("CREATE TABLE calls (id int PRIMARY KEY, caller int, kind int, line text)", ROWS, "ANALYZE calls"):
        assert session.apply((Statement(text, Source("", 1, 1)),), timeout_s=60)[0].refusal is None
    assert isinstance(session, Supposing)
    if session.version.startswith("15.") and session.supposed(QUERY, (index("caller"),)) == (None,):
        missing(request.config, "hypopg", "this PostgreSQL has no extension hypopg: install postgresql-15-hypopg")
    return session


def test_the_planner_tells_of_what_it_would_go_through(session: Session, request: pytest.FixtureRequest) -> None:
    supposing = prepared(session, request)
    told = supposing.supposed(QUERY, (index("caller"), index("kind"), index("lower(line)", expression=True)))

    assert told == ((True, False, None) if session.version.startswith("15.") else (None, None, None))


def test_what_is_supposed_has_no_lasting_effect(session: Session, request: pytest.FixtureRequest) -> None:
    supposing = prepared(session, request)
    before = session.inspect()
    supposing.supposed(QUERY, (index("caller"),))
    plan = session.explain(QUERY, execute=False)

    assert session.inspect() == before
    assert plan.indexes() == ()  # type: ignore[union-attr]


def test_an_index_or_a_query_that_is_refused_leaves_it_unknown(
    session: Session, request: pytest.FixtureRequest
) -> None:
    supposing = prepared(session, request)

    assert supposing.supposed(QUERY, (index("nobody"),)) == (None,)
    assert supposing.supposed("SELECT * FROM nowhere", (index("caller"),)) == (None,)
    assert supposing.supposed(QUERY, ()) == ()

"""Arrays that the example queries make longer, read from their texts."""

from harness.pushing import Pushing
from harness.run.bench import Bench
from harness.run.seen.rows import Pushed


def arrays(bench: Bench) -> None:
    """Read every query. What a migration pushes, it pushes once."""
    if isinstance(bench.engine, Pushing):
        for query in bench.plan.queries:
            bench.seen.extend(Pushed(query.id, push) for push in bench.engine.pushes(query.statement))

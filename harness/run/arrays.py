"""Arrays that the example queries make longer, read from their texts."""

from dataclasses import dataclass

from harness.pushing import Push, Pushing
from harness.run.bench import Bench
from harness.run.model import Observation


@dataclass(frozen=True, slots=True)
class Pushed(Observation):
    """A query makes an array longer each time that it is run."""

    query: str
    push: Push


def arrays(bench: Bench) -> None:
    """Read every query. What a migration pushes, it pushes once."""
    if isinstance(bench.engine, Pushing):
        for query in bench.plan.queries:
            bench.seen.extend(Pushed(query.id, push) for push in bench.engine.pushes(query.statement))

"""timestamps-zoned: a moment is stored with its zone."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.states import head, line_of_entity


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per table with timestamps."""
    if not case.run.traits.zoned:
        return
    for entity in head(case).entities:
        if entity.kind == "partition":  # its table is looked at
            continue
        moments = [f for f in entity.fields if f.shape is not None and f.shape.family == "timestamp"]
        bare = [f.name for f in moments if f.shape is not None and not f.shape.zoned]
        source = line_of_entity(case, entity.name)
        if bare:
            message = f"{', '.join(bare)}: a timestamp without a zone means another moment in each session's zone"
            yield check.found("broken", f"table {entity.name}", message, source)
        elif moments:
            yield check.found("holds", f"table {entity.name}", "its timestamps carry their zone", source)


CHECK = Check(
    name="timestamps-zoned",
    question="Are moments stored as TIMESTAMPTZ?",
    why="TIMESTAMP keeps the clock's reading and forgets the zone; two servers or two seasons disagree.",
    remedy="Use TIMESTAMPTZ; it takes the same 8 bytes.",
    severity="advice",
    breaks="created_at TIMESTAMP DEFAULT now()",
    holds="created_at TIMESTAMPTZ NOT NULL DEFAULT now()",
    judge=judge,
)

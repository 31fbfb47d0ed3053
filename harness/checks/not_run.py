"""Why a migration did not go up and down, so that nothing can be said of it."""

from harness.checks.base import Case
from harness.plan.model import Change

UP_REFUSED = "its up does not run"

WRITE = "Write the down beside the up, so that it can be tried."


def not_run(case: Case, change: Change) -> tuple[str, str] | None:
    """The reason, and what helps (empty where another finding tells it); None where it went up and down."""
    up, down = case.run.applied("up", change.id), case.run.applied("down", change.id)
    if up is None:
        return stopped_by(case, change.id) or "it was not run", ""
    if down is not None:
        return None if down.ok else ("its down does not run (see down-applies)", "")
    if not up.ok:
        return UP_REFUSED, ""
    if change.down is None:
        return "it has no down, and none can be derived from its up", WRITE
    return "its down was not run", ""


def stopped_by(case: Case, migration: str) -> str | None:
    """Why a migration's up was not run; None where it was."""
    skipped = case.run.skipped("up", migration)
    return skipped.reason if skipped is not None else None

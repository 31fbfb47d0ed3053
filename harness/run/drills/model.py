"""What a drill is, what it is given, and what it tells."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.facts import Effect
from harness.plan.migrations import FIRST
from harness.plan.model import Change
from harness.run.drills.standing import Standing
from harness.run.seen.drills import Trial
from harness.servers.model import Address

if TYPE_CHECKING:
    from harness.run.drills.rig import Rig


@dataclass(frozen=True, slots=True)
class Step:
    """One migration, with the databases on both sides of it. Both hold rows; neither is changed by a drill.

    Attributes:
        before: the database before it.
        after: the database after it: a copy of ``before`` with the up applied, and rows in the tables that it made.
        start: what ``before`` is like.
        made: what ``after`` was like before rows were put in new tables: what an up from ``before`` leads to.
        end: what ``after`` is like.
        up: what each statement of the up did, on these rows.
        down: what each statement of the down did; None where there is none, or where it is refused.
        repeatable: whether the same up on the same rows gives the same rows again.
    """

    change: Change
    before: Address
    after: Address
    start: Standing
    made: Standing
    end: Standing
    up: tuple[Effect, ...]
    down: tuple[Effect, ...] | None
    repeatable: bool = True


MADE_ANEW = "it is made of the sections, in an empty database, which is made anew"
"""Why nobody asks what is left of the tables' first creation, where no migration of the document is it."""


def made_of_sections(step: Step) -> bool:
    """Whether the migration is none of the document's, but what its sections say."""
    return step.change.id == FIRST


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill of the catalogue.

    Attributes:
        name: as ``--only`` takes it; the module has the same name with underscores.
        question: what it asks.
        checks: the checks that judge what it sees.
        run: tries one migration.
        advice: what to do in production, from everything that was tried.
    """

    name: str
    question: str
    checks: tuple[str, ...]
    run: "Callable[[Rig, Step], Iterable[Trial]]"
    advice: Callable[[Sequence[Trial]], str]

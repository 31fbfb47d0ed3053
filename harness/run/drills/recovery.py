"""What a migration that was cut off has left, and which of the ways out that the document gives lead out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from harness.abilities import Remain
from harness.design.compare import Difference
from harness.design.model import Statement
from harness.run.drills.model import Step
from harness.run.drills.rig import Rig
from harness.run.drills.standing import Standing, apart
from harness.run.model import Way
from harness.servers.model import Address

State = Literal["as before", "finished", "half-applied"]
SHOWN = 4


@dataclass(frozen=True, slots=True)
class WayOut:
    """A way out that was tried. ``refusal``: the server's words; ``left``: in what it missed what it was to lead to."""

    name: str
    refusal: str = ""
    left: tuple[Difference, ...] = ()

    @property
    def leads_out(self) -> bool:
        """Whether it was taken, and led exactly where it was to lead."""
        return not self.refusal and not self.left

    def __str__(self) -> str:
        """A few words for people."""
        if self.refusal:
            return f"{self.name} is refused: {self.refusal}"
        return f"{self.name} leads out" if self.leads_out else f"{self.name} does not: {some(self.left)}"


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What was found, and what was tried.

    Attributes:
        left: in what it is neither as before nor finished: compared with before.
        remains: what is no part of the schema.
        ways: tried in this order, up to the first that leads out.
    """

    state: State
    left: tuple[Difference, ...] = ()
    remains: tuple[Remain, ...] = ()
    ways: tuple[WayOut, ...] = ()

    @property
    def recovered(self) -> bool:
        """Whether nothing is wrong, or a way leads out."""
        return (self.state != "half-applied" and not self.remains) or any(way.leads_out for way in self.ways)

    def __str__(self) -> str:
        """One sentence for people."""
        found = [some(self.left)] if self.left else []
        found += [f"{remain.kind} {remain.name}" for remain in self.remains[:SHOWN]]
        state = f"{self.state}: {'; '.join(found)}" if found else self.state
        return "; ".join((state, *map(str, self.ways)))


def some(left: Sequence[Difference]) -> str:
    """The first differences, for people."""
    text = ", ".join(str(each) for each in left[:SHOWN])
    return text + (f" and {len(left) - SHOWN} more" if len(left) > SHOWN else "")


def aftermath(rig: Rig, database: Address, step: Step, way: Way) -> Aftermath:
    """Look at a database in which a migration was cut off, and try the ways out in it, one after the other."""
    origin, target = ends(step, way)
    found = rig.look(database, origin)
    left, missing = apart(origin, found), apart(target, found)
    if not found.remains:
        if not left:
            return Aftermath("as before")
        if not missing:
            return Aftermath("finished")
    state: State = "as before" if not left else "finished" if not missing else "half-applied"
    return Aftermath(state, left, found.remains, tuple(_ways(rig, database, step, way)))


def ends(step: Step, way: Way) -> tuple[Standing, Standing]:
    """What a migration starts from and leads to, in one direction; rows that differ each time are not compared."""
    origin, target = (step.start, step.made) if way == "up" else (step.end, step.start)
    if way == "down":  # rows of a down are compared where it started: what it loses is another question
        target = replace(target, rows={})
    return origin, target if step.repeatable else replace(target, rows={})


def _ways(rig: Rig, database: Address, step: Step, way: Way) -> Iterator[WayOut]:
    """The same again; else the other way, and then the same from there."""
    up, down = step.change.up, step.change.down
    origin, target = ends(step, way)
    same, other = (up, down) if way == "up" else (down or (), up)
    again = _tried(rig, database, f"{way} again", same, target)
    yield again
    if again.leads_out:
        return
    if other is None:
        yield WayOut("down", "the document gives none")
        return
    back = _tried(rig, database, "down" if way == "up" else "up", other, replace(origin, rows={}))
    yield back


def _tried(rig: Rig, database: Address, name: str, statements: Sequence[Statement], target: Standing) -> WayOut:
    refusal = rig.run(database, statements)
    if refusal is not None:
        return WayOut(name, refusal.message)
    return WayOut(name, left=apart(target, rig.look(database, target)))

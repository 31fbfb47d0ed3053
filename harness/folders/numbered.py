"""What readers of numbered files share: order, twins, and steps from pairs of files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.folders.model import Problem, Script, Step, Transaction
from harness.folders.text import whole
from harness.source import Source


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that its name makes part of a migration. ``order``: what entries are sorted by."""

    order: tuple[int, ...]
    id: str
    title: str
    path: Path


def spoken(title: str) -> str:
    """A file's words for people."""
    return title.replace("_", " ").replace("-", " ").strip()


def twins(entries: Iterable[Entry], what: str, remedy: str) -> list[Problem]:
    """A problem for each entry whose number another one has taken before it."""
    first: dict[tuple[int, ...], Entry] = {}
    found = []
    for entry in entries:
        if (other := first.setdefault(entry.order, entry)) is not entry:
            message = f"{other.path.name} has the {what} {entry.id} too: which of the two runs first is chance"
            found.append(Problem(f"migration {entry.id}", message, Source(str(entry.path), 1, 1), remedy))
    return found


def twins_of_pairs(ups: Iterable[Entry], downs: Iterable[Entry], what: str, remedy: str) -> list[Problem]:
    """The same for files of one direction each: what is said of two ups is not said of their downs again."""
    found = twins(ups, what, remedy)
    said = {problem.subject for problem in found}
    return found + [problem for problem in twins(downs, what, remedy) if problem.subject not in said]


def unique(entries: Sequence[Entry]) -> list[Entry]:
    """Entries in their order; a twin gets an id of its own, so that it can be run and spoken of."""
    taken: dict[str, int] = {}
    result = []
    for entry in sorted(entries, key=lambda e: (e.order, e.path.name)):
        taken[entry.id] = taken.get(entry.id, 0) + 1
        number = taken[entry.id]
        id_ = entry.id if number == 1 else f"{entry.id}#{number}"
        result.append(Entry(entry.order, id_, entry.title, entry.path))
    return result


def paired(entry: Entry, down: Path | None, transaction: Transaction) -> Step:
    """A step of one file for each direction."""
    up = whole(entry.path)
    back = None if down is None else Script((whole(down),), transaction)
    files = (str(entry.path), *([str(down)] if down else []))
    return Step(entry.id, entry.title, Script((up,), transaction), back, up.source, files)

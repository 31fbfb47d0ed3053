"""How far the work is: a bar on a terminal, plain lines in a pipe and in CI."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from harness.report.characters import one_line

TENTHS = 10


@dataclass(slots=True)
class Lines:
    """One line a stage, and one at each tenth of a stage that counts."""

    console: Console
    text: str = ""
    tenths: int = 0

    def stage(self, text: str) -> None:
        """A line for the stage."""
        self.text, self.tenths = one_line(text), 0
        self.console.print(self.text, soft_wrap=True)

    def advance(self, done: int, total: int) -> None:
        """A line when another tenth is done; none for the whole, since the next stage follows."""
        tenths = done * TENTHS // total if total > 0 else TENTHS
        if self.tenths < tenths < TENTHS:
            self.tenths = tenths
            self.console.print(f"{self.text}: {done:,} of {total:,}", soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Bars:
    """A spinner with the stage's name, and a bar while it counts."""

    progress: Progress
    task: TaskID

    def stage(self, text: str) -> None:
        """The stage's name; no bar until it counts."""
        self.progress.update(self.task, description=one_line(text), total=None, completed=0)

    def advance(self, done: int, total: int) -> None:
        """Fill the bar."""
        self.progress.update(self.task, completed=done, total=total)


@contextmanager
def bars(console: Console) -> Iterator[Bars]:
    """Bars that go away at the end."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(20), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield Bars(progress, progress.add_task("", total=None))

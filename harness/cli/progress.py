"""How far the work is: a bar on a terminal, plain lines in a pipe and in CI."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress_bar import ProgressBar
from rich.text import Text

from harness import underway
from harness.report.characters import one_line

TENTHS = 10
REFRESHES = 4
STAGE_WIDTH = 44
BESIDE_WIDTH = 24
"""Characters of a stage's name beside a statement: together they have 80 columns."""

SHOWN = 50
"""Characters of a statement that are shown while it runs."""

SILENT_S = 15.0
"""After so long without a line there is one that says what takes it; the next one after twice as long."""

SEEN_S = 2.0
"""A statement that runs for longer is shown beside the bar."""


@dataclass(slots=True)
class Lines:
    """One line a stage, and one at each tenth of a stage that counts."""

    console: Console
    rows: bool = False
    text: str = ""
    tenths: int = 0
    begun: float = 0.0
    before: int = -1
    due: float = float("inf")
    pause: float = SILENT_S

    def stage(self, text: str) -> None:
        """A line for the stage."""
        self.text, self.tenths, self.begun, self.before = one_line(text), 0, time.monotonic(), -1
        self.pause = SILENT_S
        self.due = self.begun + self.pause
        self.console.print(self.text, soft_wrap=True)

    def look(self) -> None:
        """A line when there was none for long: what is under way, and for how long."""
        moment = time.monotonic()
        if moment < self.due:
            return
        self.pause *= 2
        self.due = moment + self.pause
        sent = underway.now()
        spent = moment - (self.begun if sent is None else sent.since)
        self.console.print(f"{self.text}: {spent:.0f} s so far{'' if sent is None else shown(sent)}", soft_wrap=True)

    def advance(self, done: int, total: int) -> None:
        """A line when another tenth is done; none for the whole, since the next stage follows."""
        tenths = done * TENTHS // total if total > 0 else TENTHS
        if self.tenths < tenths < TENTHS:
            self.tenths = tenths
            self.due = time.monotonic() + self.pause
            self.console.print(f"{self.text}: {done:,} of {total:,}{self._pace(done, total)}", soft_wrap=True)
        if self.before < 0:
            self.before = done

    def _pace(self, done: int, total: int) -> str:
        """Rows in a second, and how long the rest takes at that."""
        spent = time.monotonic() - self.begun
        if not self.rows or spent <= 0 or done <= max(self.before, 0):
            return ""
        rate = (done - max(self.before, 0)) / spent
        return f" rows, {rate:,.0f} rows/s, {(total - done) / rate:,.0f} s left"


def shown(sent: underway.Sent) -> str:
    """Where a statement stands and how it begins."""
    text = one_line(" ".join(sent.statement.told.split()))
    return f" in {sent.statement.source}: {text[:SHOWN]}{'…' if len(text) > SHOWN else ''}"


@contextmanager
def lines(console: Console, *, rows: bool = False) -> Iterator[Lines]:
    """Lines, and those of a thread that looks whether there was none for long."""
    told, done = Lines(console, rows), threading.Event()

    def looking() -> None:
        while not done.wait(1.0):
            told.look()

    looker = threading.Thread(target=looking, daemon=True)
    looker.start()
    try:
        yield told
    finally:
        done.set()
        looker.join()


def _lasting() -> tuple[underway.Sent, float] | None:
    """The statement that takes long, and for how many seconds it runs."""
    sent = underway.now()
    spent = 0.0 if sent is None else time.monotonic() - sent.since
    return None if sent is None or spent < SEEN_S else (sent, spent)


class StageColumn(ProgressColumn):
    """The stage's name, shorter while a statement stands beside it."""

    def render(self, task: Task) -> Text:
        """The name."""
        return Text(one_line(task.description, BESIDE_WIDTH if _lasting() else STAGE_WIDTH))


class StatementColumn(ProgressColumn):
    """The statement that is under way, once it takes long."""

    def render(self, task: Task) -> Text:  # noqa: ARG002
        """For how long it runs, its line, and how it begins."""
        lasting = _lasting()
        if lasting is None:
            return Text("")
        sent, spent = lasting
        text = one_line(sent.statement.told)
        return Text(f"{spent:.0f} s in line {sent.statement.source.line}: {text}", overflow="ellipsis", no_wrap=True)


class CountingBar(BarColumn):
    """A bar for what can be counted, nothing for what cannot."""

    def render(self, task: Task) -> ProgressBar:
        """An empty bar takes no place."""
        return super().render(task) if task.total is not None else ProgressBar(total=1, width=0)


class RateColumn(ProgressColumn):
    """Rows in a second."""

    def render(self, task: Task) -> Text:
        """Nothing until something is known."""
        return Text(f"{task.speed:,.0f} rows/s" if task.speed and task.total is not None else "")


@dataclass(frozen=True, slots=True)
class Bars:
    """A spinner with the stage's name, and a bar while it counts."""

    progress: Progress
    task: TaskID

    def stage(self, text: str) -> None:
        """The stage's name; no bar until it counts."""
        self.progress.reset(self.task, description=one_line(text, STAGE_WIDTH), total=None)

    def advance(self, done: int, total: int) -> None:
        """Fill the bar."""
        self.progress.update(self.task, completed=done, total=total)


@contextmanager
def bars(console: Console, *, rows: bool = False) -> Iterator[Bars]:
    """Bars that go away at the end; with ``rows``, how many in a second and the time that is left.

    They are drawn seldom: drawing takes time from the queries that are timed.
    """
    pace = (RateColumn(), TimeRemainingColumn()) if rows else ()
    columns = (SpinnerColumn(), StageColumn(), CountingBar(20), *pace, TimeElapsedColumn(), StatementColumn())
    with Progress(*columns, console=console, transient=True, refresh_per_second=REFRESHES) as progress:
        yield Bars(progress, progress.add_task("reading", total=None))

"""Where the command line prints: results on the output, progress and errors on the error output."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TextIO

from rich.console import Console, RenderableType

from harness.cli.entry import UNREAD
from harness.cli.progress import bars, lines
from harness.errors import HarnessError
from harness.run.model import Progress, Silent

Color = Literal["auto", "always", "never"]
PIPE_WIDTH = 80


class Quits(Console):
    """A console that ends quietly when nobody reads any more (rich would end with 1, which is a verdict here)."""

    def on_broken_pipe(self) -> None:
        """End with the code that a shell gives to a program ended by SIGPIPE."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(UNREAD)


def console(file: TextIO, color: Color) -> Console:
    """A console for a stream: colours as asked, else as the stream and NO_COLOR want it; 80 columns in a pipe."""
    plain = color == "never" or (color == "auto" and ("NO_COLOR" in os.environ or not file.isatty()))
    return Quits(
        file=file,
        color_system=None if plain else "auto",
        force_terminal=True if color == "always" else None,
        width=None if file.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
    )


@dataclass(frozen=True, slots=True)
class Talk:
    """How much is said, and in which colours."""

    out: Console
    err: Console
    quiet: bool = False
    verbose: bool = False

    def result(self, *things: RenderableType, wrap: bool = True) -> None:
        """Print on the output; without ``wrap`` a long line stays one."""
        self.out.print(*things, sep="\n", soft_wrap=not wrap)

    def note(self, text: str) -> None:
        """Say something that is no result; not when quiet."""
        if not self.quiet:
            self.err.print(text, soft_wrap=True)

    def error(self, error: HarnessError) -> int:
        """Say what went wrong; its exit code."""
        self.err.print(f"error: {error}", soft_wrap=True)
        return error.exit_code

    @contextmanager
    def progress(self, *, rows: bool = False) -> Iterator[Progress]:
        """Bars on a terminal, plain lines elsewhere, nothing when quiet; ``rows``: with their pace."""
        if self.quiet:
            yield Silent()
        elif self.err.is_terminal and not self.err.is_dumb_terminal:
            with bars(self.err, rows=rows) as shown:
                yield shown
        else:
            with lines(self.err, rows=rows) as told:
                yield told


def talk(chosen: dict[str, Any]) -> Talk:
    """From the options of a command, which are taken out of ``chosen``."""
    color = chosen.pop("color")
    return Talk(console(sys.stdout, color), console(sys.stderr, color), chosen.pop("quiet"), chosen.pop("verbose"))

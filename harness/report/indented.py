"""Text folded inside a left margin, with no blanks at the ends of lines (rich's Padding leaves them in a pipe)."""

from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text


@dataclass(frozen=True, slots=True)
class Indented:
    """``head`` stands in the margin of the first line, and makes it wider where it must."""

    text: Text
    left: int = 2
    head: Text = field(default_factory=Text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        left = max(self.left, len(self.head))
        margin = self.head + Text(" " * (left - len(self.head)))
        for line in self.text.wrap(console, max(options.max_width - left, 10)) or [Text()]:
            line.rstrip()
            yield margin + line
            margin = Text(" " * left)

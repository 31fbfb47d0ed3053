"""Where a thing stands in the document: carried by every later type, so that a verdict can point at its line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A range of lines of one file.

    Attributes:
        path: the file as the user named it.
        line: first line, counted from 1.
        end_line: last line, inclusive; never before ``line``.
    """

    path: str
    line: int
    end_line: int

    def __str__(self) -> str:
        """``path:line``, the form that editors and CI annotations understand."""
        return f"{self.path}:{self.line}"

    def at(self, offset: int, length: int = 1) -> "Source":
        """The ``length`` lines that begin ``offset`` lines below the first line."""
        return Source(self.path, self.line + offset, self.line + offset + length - 1)

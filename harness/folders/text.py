"""The text of a migration file: whatever an editor wrote, with the lines that it has there."""

import re
from functools import lru_cache
from pathlib import Path

from harness.errors import InputError
from harness.files import decoded
from harness.folders.model import Piece, Problem
from harness.source import Source

SIZE_LIMIT = 200_000_000
"""Bytes. Data migrations of some tens of megabytes are met; more is a dump."""

CONFLICT = re.compile(r"^(?:<{7} \S|={7}$|>{7} \S|\|{7} \S)", re.MULTILINE)
CODE = re.compile(r"\s+|--[^\n]*|#[^\n]*|/\*.*?\*/", re.DOTALL)


def text_of(path: Path) -> str:
    r"""The text: UTF-8, UTF-16 with its mark, else Windows-1252; without a mark, and with ``\n`` at each line's end.

    Raises:
        InputError: it cannot be read, or is no text.
    """
    try:
        at = path.stat()
        if at.st_size > SIZE_LIMIT:
            raise InputError(
                f"{path}: {at.st_size / 1e6:.0f} MB is no migration, the limit is {SIZE_LIMIT // 10**6} MB"
            )
        return _text(path, at.st_mtime_ns, at.st_size)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{path}: cannot be read ({reason}): check the path and its permissions") from None


@lru_cache(maxsize=512)
def _text(path: Path, _changed_ns: int, _size: int) -> str:
    """Read once as long as the file is not changed: readers ask for it several times."""
    return _decoded(path.read_bytes(), path).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, path: Path) -> str:
    text = decoded(data)
    if text is None:
        raise InputError(f"{path}: not a text file: give the migration in UTF-8")
    return text


def whole(path: Path) -> Piece:
    """All of a file."""
    text = text_of(path)
    return Piece(text, Source(str(path), 1, max(1, text.count("\n") + (not text.endswith("\n")))))


def part(path: Path, text: str, first: int, end: int) -> Piece:
    """The lines ``first`` to ``end`` (from 0, ``end`` exclusive) of a file's text."""
    lines = text.split("\n")[first:end]
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    return Piece("\n".join(lines), Source(str(path), first + 1, first + max(1, len(lines))))


def line_at(text: str, offset: int) -> int:
    """The line, from 0, of a character."""
    return text.count("\n", 0, offset)


def empty(text: str) -> bool:
    """Whether there is nothing but space and comments."""
    return len(text) < 100_000 and not CODE.sub("", text)


def conflict(piece: Piece, subject: str) -> Problem | None:
    """The marks of a merge that nobody finished, on their line."""
    found = CONFLICT.search(piece.text) if "<<<<<<< " in piece.text else None
    if found is None or not found[0].startswith("<"):
        return None
    line = piece.source.at(line_at(piece.text, found.start()))
    message = f"a merge was not finished here: {piece.text[found.start() :].splitlines()[0][:60]}"
    return Problem(subject, message, line, "Choose one side, or both, and take the marks out.")


def filled(piece: Piece, pattern: re.Pattern[str], values: dict[str, str]) -> tuple[Piece, list[tuple[str, Source]]]:
    """A piece with its placeholders (group ``name``) replaced, and those that have no value, each on its line."""
    missing: list[tuple[str, Source]] = []

    def value(found: re.Match[str]) -> str:
        name = found["name"]
        if name in values:
            return values[name]
        missing.append((name, piece.source.at(line_at(piece.text, found.start()))))
        return found[0]

    return Piece(pattern.sub(value, piece.text), piece.source), missing

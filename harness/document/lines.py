"""The lines of a file made ready for a Markdown parser, none added and none removed, so that line numbers stay true.

Things of real documents that a Markdown parser does not forgive: the whole document inside an outer ``markdown`` fence
(its inner fences escaped, or not), YAML before it, comments in HTML, and a fence that somebody forgot to end. Quote
marks are taken off here too: what is quoted is read as what it is, and deep nesting costs no time.
"""

import re
from dataclasses import dataclass

OPENING = re.compile(r"^(?P<lead>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
ESCAPED = re.compile(r"^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)((?:\\`){3,})")
QUOTE = re.compile(r"^ {0,3}(?:>[ \t]?)+")
TAGS = re.compile(r"^\s*(?:</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>\s*)+$", re.IGNORECASE)
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S")
FRONT_KEY = re.compile(r"^[\w-]+[ \t]*:")
MARKDOWN = {"markdown", "md", "mdx", "gfm"}
FRONT_MATTER_LINES = 200


@dataclass(frozen=True, slots=True)
class Lines:
    """A file's lines, prepared.

    Attributes:
        lines: as many as the file has; marks of an outer fence, YAML, quote marks and HTML comments are blanked.
        body: how many lines stand before the document: the text before an outer fence, else 0.
        front: first and last line (from 0, last exclusive) of what the YAML at the top holds; None without one.
        unended: lines (from 0) that open a fence which is never ended.
    """

    lines: tuple[str, ...]
    body: int
    front: tuple[int, int] | None
    unended: frozenset[int]


def prepare(raw: tuple[str, ...]) -> Lines:
    """The lines of a file, made ready for a Markdown parser."""
    lines = list(raw)
    front = _front_matter(lines)
    if front is not None:
        lines[front[0] - 1 : front[1] + 1] = [""] * (front[1] - front[0] + 2)
    body = _unwrap(lines)
    lines[:] = [ESCAPED.sub(lambda m: m[1] + m[2].replace("\\", ""), line) for line in lines]
    _unquote(lines)
    unended = _end_fences(lines)
    _blank_comments(lines)
    return Lines(tuple(lines), body, front, frozenset(unended))


def _front_matter(lines: list[str]) -> tuple[int, int] | None:
    if len(lines) < 3 or lines[0].rstrip() != "---" or not FRONT_KEY.match(lines[1]):
        return None
    for number, line in enumerate(lines[1:FRONT_MATTER_LINES], start=1):
        if line.rstrip() in {"---", "..."}:
            return 1, number
    return None


def _unwrap(lines: list[str]) -> int:
    """Blanks the marks of the fence that holds the whole document; the number of lines before its content, else 0."""
    number = -1
    while (number := number + 1) < len(lines):
        opening = OPENING.match(lines[number])
        if opening is None or opening["info"].strip().lower() not in MARKDOWN or opening["lead"].strip():
            continue
        end = _outer_end(lines, number, opening["mark"])
        if _is_document(lines, number, end):
            lines[number] = ""
            if end < len(lines):
                lines[end] = ""
            return number + 1
        number = end
    return 0


def _outer_end(lines: list[str], start: int, mark: str) -> int:
    """The line that ends the outer fence: the first bare mark, or the last where inner fences were not escaped."""
    bare: list[int] = []
    inner = 0
    for number in range(start + 1, len(lines)):
        found = OPENING.match(lines[number])
        if found is None or found["mark"][0] != mark[0] or len(found["mark"]) < len(mark):
            continue
        if found["info"].strip():
            inner += not bare
        else:
            bare.append(number)
            if not inner:
                return number
    marks = sum(1 for line in lines[start + 1 :] if (m := OPENING.match(line)) and len(m["mark"]) >= len(mark))
    return bare[-1] if bare and marks % 2 else len(lines)


def _is_document(lines: list[str], start: int, end: int) -> bool:
    inside = [line for line in lines[start + 1 : end] if line.strip()]
    outside = [line for line in (*lines[:start], *lines[end + 1 :]) if line.strip()]
    if sum(1 for line in inside if HEADING.match(line)) < 2:
        return False
    plain = not any(line.lstrip().startswith("|") or OPENING.match(line) for line in outside)
    return plain or len(inside) >= len(outside)


def _unquote(lines: list[str]) -> None:
    """Takes quote marks off, except in fences that are not quoted themselves."""
    mark = ""
    for number, line in enumerate(lines):
        quoted = QUOTE.match(line)
        if quoted and not mark:
            lines[number] = line[quoted.end() :]
        elif found := OPENING.match(line):
            if not mark:
                mark = found["mark"]
            elif found["mark"].startswith(mark) and not found["info"].strip():
                mark = ""


def _end_fences(lines: list[str]) -> set[int]:
    """Ends each fence that is never ended where the next section begins; the lines that open such fences."""
    unended: set[int] = set()
    number = 0
    while number < len(lines):
        opening = OPENING.match(lines[number])
        if opening is None:
            number += 1
            continue
        end, ended = _fence_end(lines, number, opening)
        if not ended:
            unended.add(number)
            if end < len(lines):
                lines[end] = re.sub(r"[^ \t]", " ", opening["lead"]) + opening["mark"]
        number = end + 1
    return unended


def _fence_end(lines: list[str], start: int, opening: re.Match[str]) -> tuple[int, bool]:
    """The line of a fence's end mark; for a forgotten one, a blank line that can take it, or the end of the file."""
    example = opening["info"].strip().lower() in MARKDOWN
    before_heading: int | None = None
    for number in range(start + 1, len(lines)):
        found = OPENING.match(lines[number])
        if found is not None and found["mark"][0] == opening["mark"][0]:
            if len(found["mark"]) >= len(opening["mark"]) and not found["info"].strip():
                return number, True
            if len(found["mark"]) == len(opening["mark"]) and not example:
                if before_heading is not None:
                    return before_heading, False
                return (number - 1, False) if not lines[number - 1].strip() else (len(lines), False)
        elif before_heading is None and HEADING.match(lines[number]) and not lines[number - 1].strip():
            before_heading = number - 1 if number - 1 > start else None
    return (before_heading if before_heading is not None else len(lines)), False


def _blank_comments(lines: list[str]) -> None:
    """Blanks HTML comments outside fences, and lines of nothing but tags; a comment that is never ended is text."""
    mark: str | None = None
    number = 0
    last = max((n for n, line in enumerate(lines) if "-->" in line), default=-1)
    while number < len(lines):
        found = OPENING.match(lines[number])
        if mark is not None:
            ends = found is not None and found["mark"].startswith(mark) and not found["info"].strip()
            mark = None if ends else mark
        elif found is not None:
            mark = found["mark"]
        elif number <= last:
            number = _blank_in(lines, number, last)
        if mark is None and TAGS.match(lines[number]):
            lines[number] = ""
        number += 1


def _blank_in(lines: list[str], number: int, last: int) -> int:
    """Blanks the comments that begin on a line; the line on which the last of them ends."""
    lines[number] = re.sub(r"<!--.*?-->", "", lines[number])
    kept, begun, _ = lines[number].partition("<!--")
    if not begun:
        return number
    end = next((n for n in range(number + 1, last + 1) if "-->" in lines[n]), None)
    if end is None:
        return number
    lines[number] = kept
    lines[number + 1 : end] = [""] * (end - number - 1)
    lines[end] = lines[end].partition("-->")[2]
    return end

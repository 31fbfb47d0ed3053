"""Diagrams: boxes drawn with characters (several on a line), and mermaid's ``erDiagram``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from harness.design.drawn import Box, Diagram
from harness.design.names import IDENTIFIER
from harness.document.model import Fence

_TOP = re.compile(r"[┌╔╭┏][─═━┬╦┳]+[┐╗╮┓]|\+[-=]+(?:\+[-=]+)*\+")
_BOTTOM = set("└╚╰┗+")
_SEPARATOR = set("├╠┣+")
_SIDES = set("│║┃|├┤╠╣┣┫╬┼+╪╫")
_CONNECTORS = set("─│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬╭╮╰╯━┃-|+<>^vV*◀▶◄►▲▼←→↑↓/\\╱╲∞")
_HEADS = set("▶►→◀◄←▲▼↑↓<>^v")
_WIDEST = 2000
_MERMAID_ARROW = re.compile(
    r"^\s*\"?(?P<left>[\w-]+)\"?\s*(?:[|}o][|o{}]|\}[|o])(?:--|\.\.)(?:[|o}{][|o{}]|[|o]\{)\s*\"?(?P<right>[\w-]+)\"?\s*(?::.*)?$"
)
_MERMAID_BLOCK = re.compile(r"^\s*\"?(?P<name>[\w-]+)\"?(?:\s*\[[^\]]*\])?\s*\{\s*(?P<close>\})?\s*$")


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A box on the grid of characters; rows and columns from 0, borders included."""

    top: int
    left: int
    bottom: int
    right: int
    name: str
    fields: tuple[str, ...]


def read(fence: Fence) -> Diagram | None:
    """The diagram that a fence draws; None when it draws none."""
    if fence.language == "mermaid" or re.match(r"\s*erDiagram\b", fence.text):
        return _mermaid(fence) if re.search(r"^\s*erDiagram\b", fence.text, re.MULTILINE) else None
    if fence.language not in {"", "text", "txt", "ascii", "plaintext", "diagram", "plain"}:
        return None
    lines = fence.text.split("\n")
    if max(len(line) for line in lines) > _WIDEST:
        return None
    drawn = tuple(_boxes(lines))
    if not drawn:
        return None
    boxes = tuple(Box(d.name, d.fields, fence.source.at(d.top, d.bottom - d.top + 1)) for d in drawn)
    return Diagram(boxes, tuple(_arrows(lines, drawn)), fence.source)


def _boxes(lines: list[str]) -> Iterator[_Drawn]:
    inside: list[_Drawn] = []
    for row, line in enumerate(lines):
        for found in _TOP.finditer(line):
            left, right = found.start(), found.end() - 1
            if any(d.top <= row <= d.bottom and d.left <= left <= d.right for d in inside):
                continue
            if (box := _box(lines, row, left, right)) is not None:
                inside.append(box)
                yield box


def _box(lines: list[str], top: int, left: int, right: int) -> _Drawn | None:
    """The box below a top border: its first part is the name, the rest are fields."""
    parts: list[list[str]] = [[]]
    for row in range(top + 1, len(lines)):
        line = lines[row].ljust(right + 1)
        if line[left] in _BOTTOM and not line[left + 1 : right].strip("─═━┴┬┼-=+┻╩╧"):
            texts = [text for part in parts[1:] for text in part]
            if line[left] == "+" and not texts and _continues(lines, row, left, right):
                parts.append([])
                continue
            names = parts[0] if len(parts) > 1 else parts[0][:1]
            fields = texts if len(parts) > 1 else parts[0][1:]
            name = " ".join(names).strip()
            return _Drawn(top, left, row, right, name, tuple(_field(t) for t in fields if _field(t))) if name else None
        if line[left] in _SEPARATOR and not line[left + 1 : right].strip("─═━┼┬┴-=+"):
            parts.append([])
        elif line[left] in _SIDES:
            text = line[left + 1 : right].strip(" │|║┃")
            parts[-1] += [text] if text else []
        else:
            return None
    return None


def _continues(lines: list[str], row: int, left: int, right: int) -> bool:
    """Whether a ``+---+`` line separates name and fields, so that the box goes on below it."""
    following = lines[row + 1].ljust(right + 1) if row + 1 < len(lines) else ""
    return len(following) > right and following[left] == "|" and following[right] == "|"


def _field(text: str) -> str:
    """A field's name in a box: ``id (PK)`` and ``* id: uuid`` are ``id``."""
    found = re.match(rf"^(?:PK|FK|UK|[*#+•\-◆○●🔑]|\s)*\s*({IDENTIFIER})", text)
    return found[1] if found else ""


def _arrows(lines: list[str], drawn: tuple[_Drawn, ...]) -> Iterator[tuple[str, str]]:
    """Pairs of boxes that one line of connectors joins; from the side without an arrow head to the side with one."""
    owner = {(row, column): n for n, d in enumerate(drawn) for row in range(d.top, d.bottom + 1)
             for column in range(d.left, d.right + 1)}  # fmt: skip
    seen: set[tuple[int, int]] = set()
    for row, line in enumerate(lines):
        for column in range(len(line)):
            start = (row, column)
            if start in seen or start in owner or not _connects(lines, row, column):
                continue
            touched = _flood(lines, start, owner, seen)
            order = sorted(touched, key=lambda n: (touched[n], n))
            for other in order[1:]:
                yield drawn[order[0]].name, drawn[other].name


def _connects(lines: list[str], row: int, column: int) -> bool:
    """Whether a character is part of a connector; a ``1`` or ``N`` is one between connectors."""
    line = lines[row]
    if column >= len(line):
        return False
    if line[column] in _CONNECTORS and not line[column].isalpha():
        return True
    near = line[max(0, column - 1) : column] + line[column + 1 : column + 2]
    return line[column] in "1NnMm0:.vV" and any(mark in _CONNECTORS and not mark.isalpha() for mark in near)


def _flood(
    lines: list[str], start: tuple[int, int], owner: dict[tuple[int, int], int], seen: set[tuple[int, int]]
) -> dict[int, bool]:
    """The boxes that a connector touches, each with whether it ends there with an arrow head."""
    touched: dict[int, bool] = {}
    todo = [start]
    seen.add(start)
    while todo:
        row, column = todo.pop()
        for near in ((row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column)):
            if near in owner:
                touched[owner[near]] = touched.get(owner[near], False) or lines[row][column] in _HEADS
            elif near not in seen and 0 <= near[0] < len(lines) and near[1] >= 0 and _connects(lines, *near):
                seen.add(near)
                todo.append(near)
    return touched


def _mermaid(fence: Fence) -> Diagram:
    boxes: dict[str, Box] = {}
    arrows: list[tuple[str, str]] = []
    opened: tuple[str, int, list[str]] | None = None
    for number, line in enumerate(fence.text.split("\n")):
        if opened is not None:
            if line.strip() == "}":
                name, first, held = opened
                boxes[name] = Box(name, tuple(held), fence.source.at(first, number - first + 1))
                opened = None
            elif words := line.split():
                opened[2].append(words[1] if len(words) > 1 else words[0])
        elif block := _MERMAID_BLOCK.match(line):
            opened = None if block["close"] else (block["name"], number, [])
            boxes.setdefault(block["name"], Box(block["name"], (), fence.source.at(number)))
        elif arrow := _MERMAID_ARROW.match(line):
            arrows.append((arrow["left"], arrow["right"]))
            for name in (arrow["left"], arrow["right"]):
                boxes.setdefault(name, Box(name, (), fence.source.at(number)))
    return Diagram(tuple(boxes.values()), tuple(arrows), fence.source)

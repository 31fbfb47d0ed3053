"""Diagrams as a document draws them."""

from dataclasses import dataclass

from harness.source import Source


@dataclass(frozen=True, slots=True)
class Box:
    """An entity as a diagram draws it: the name and the fields in it."""

    name: str
    fields: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Diagram:
    """An ASCII or mermaid diagram; ``arrows`` are pairs of entity names as drawn."""

    boxes: tuple[Box, ...]
    arrows: tuple[tuple[str, str], ...]
    source: Source

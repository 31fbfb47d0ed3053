"""Lines that label what follows them: bold words, words with a colon, the mark of a way up or down."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from harness.design import headings, names, types
from harness.design.headings import Topic
from harness.document.model import Fence, Item, Paragraph, Table
from harness.source import Source

Content = Fence | Table | Item | Paragraph

_CLAIMING = {"indexes", "uses", "relationships", "constraints", "performance", "columns", "purpose", "sql"}
_WAY = re.compile(
    r"(?:\*\*|__)?(?P<word>up|upgrade|forwards?|down|downgrade|roll ?back|revert|undo|zurück|hin)(?:\*\*|__)?"
    r"\s*(?:$|[(:,;–—]|-\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A block, and the bold label that it stands under (empty when there is none); ``topic`` is the label's."""

    block: Content
    label: str = ""
    topic: Topic | None = None


def parts(blocks: tuple[Content, ...]) -> tuple[Part, ...]:
    """The blocks with the labels they stand under; paragraphs cut where a line begins with a bold label."""
    result: list[Part] = []
    base: tuple[str, Topic | None] = ("", None)
    nested: list[tuple[int, str, Topic | None]] = []
    held = [piece for b in blocks for piece in _pieces(b)]
    for block, following in zip_longest(held, held[1:]):
        found = label(block) or _way(block, following)
        if isinstance(block, Paragraph) and found is not None:
            base, nested = found, []
        elif isinstance(block, Item):
            nested = [entry for entry in nested if entry[0] < block.depth]
            if found is not None:
                nested.append((block.depth, *found))
        result.append(Part(block, *(nested[-1][1:] if nested else base)))
    return tuple(result)


def ways(blocks: Sequence[Content]) -> set[Topic | None]:
    """The topics of the paragraphs that label what follows them."""
    followed = zip_longest(blocks, blocks[1:])
    return {(label(b) or _way(b, then) or ("", None))[1] for b, then in followed if isinstance(b, Paragraph)}


def _way(block: Content, following: Content | None) -> tuple[str, Topic | None] | None:
    """The label of code that a line leads to with a way and more words: ``Down (loses the notes)``, ``up``."""
    if not isinstance(block, Paragraph) or not isinstance(following, Fence):
        return None
    word = leads_a_way(block.text)
    return (word, headings.topic(word)) if word else None


def leads_a_way(text: str) -> str:
    """The word for up or down that a line begins with as its label; empty where it begins with none."""
    found = _WAY.match(text.strip())
    return found["word"].lower() if found else ""


def _pieces(block: Content) -> Iterator[Content]:
    if not isinstance(block, Paragraph):
        yield block
        return
    lines = block.text.split("\n")
    starts = [0, *(n for n, line in enumerate(lines) if n and re.match(r"\s*(?:\*\*|__)[^*]+", line))]
    for first, end in zip(starts, (*starts[1:], len(lines)), strict=True):
        source = Source(block.source.path, block.source.line + first, block.source.line + end - 1)
        yield Paragraph("\n".join(lines[first:end]), block.trail, source)


def label(block: Content) -> tuple[str, Topic | None] | None:
    """A paragraph's or item's label, where it labels what follows or is said."""
    if not isinstance(block, Paragraph | Item):
        return None
    found = names.label(block.text)
    if found is None or types.begins_type(found[1]) or found[0].startswith(("with ", "without ", "no ")):
        return None
    word, rest = found
    topic = headings.topic(word)
    bold = block.text.lstrip().startswith(("**", "__"))
    if isinstance(block, Item):
        return (word, topic) if topic in _CLAIMING or (topic is not None and not rest) else None
    return (word, topic) if bold or not rest or topic in _CLAIMING else None

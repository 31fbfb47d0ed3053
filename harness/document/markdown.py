"""Markdown into blocks, tolerantly: whatever text comes in, a Document or one clear InputError comes out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from harness.document.lines import Lines, prepare
from harness.document.model import Block, Document, Fence, Heading, Item, Paragraph, Row, Table, Trail
from harness.errors import InputError
from harness.files import decoded
from harness.source import Source

SIZE_LIMIT = 1_000_000
"""Bytes. The longest public design documents have some 200 thousand; more than this is another kind of file."""

DEEPEST = 100
"""Levels of nesting, two for each list in a list. The parser's own limit of 20 is met in outlines."""

LONGEST_HEADING = 500
"""Characters. Nobody writes a longer one; links and emphasis in it are left as they are."""

LINE_END = re.compile(r"\r\n|\n|\r")
TICKS = re.compile(r"`+")
ESCAPE = re.compile(r"\\([!-)+-/:-@\[\]^_{|}~])")
CELL_END = re.compile(r"(?<!\\)\|")


def read(path: Path) -> Document:
    """The document in a file; raises InputError with one message when there is none to be read."""
    return parse(_text(path), str(path))


def parse(text: str, path: str) -> Document:
    """The document in a text; ``path`` is what its lines are named by."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise InputError(f"{path}: the document is empty: write a design, or begin with `harness init`")
    if "\0" in text:
        raise InputError(f"{path}: not a text file: give a Markdown document")
    raw = tuple(LINE_END.split(text))
    lines = raw[:-1] if raw[-1] == "" else raw
    prepared = prepare(lines)
    outside = _blocks(prepared, path, 0, prepared.body)
    blocks = _blocks(prepared, path, prepared.body, len(lines))
    title = next((b.text for b in blocks if isinstance(b, Heading)), "") or Path(path).stem
    return Document(path, title, len(lines), blocks, _front_matter(lines, prepared, path), outside)


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a directory: name the Markdown file in it")
        with path.open("rb") as file:  # which may be a pipe or a device: its size is only known when it is read
            data = file.read(SIZE_LIMIT + 1)
            size = max(path.stat().st_size, len(data))
        if size > SIZE_LIMIT:
            limit = f"{SIZE_LIMIT // 1_000_000} MB"
            raise InputError(f"{path}: {size / 1e6:.1f} MB is no design document: split it, the limit is {limit}")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file: check the name, or make one with `harness init`") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InputError(f"{path}: cannot be read ({reason}): check the path and its permissions") from None
    return _decoded(data, path)


def _decoded(data: bytes, path: Path) -> str:
    text = decoded(data)
    if text is None:
        raise InputError(f"{path}: not a text file: give a Markdown document, in UTF-8")
    return text


def _front_matter(lines: tuple[str, ...], prepared: Lines, path: str) -> Fence | None:
    if prepared.front is None:
        return None
    first, end = prepared.front
    return Fence("yaml", "".join(f"{line}\n" for line in lines[first:end]), (), Source(path, first + 1, max(end, 1)))


def _blocks(prepared: Lines, path: str, first: int, end: int) -> tuple[Block, ...]:
    """The blocks of a range of lines (from 0, ``end`` exclusive)."""
    if first >= end:
        return ()
    # Inline marks stay in the text: ticks and bold labels matter to whoever reads it, and parsing them takes long.
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable("table")
    parser.disable(["reference", "html_block", "blockquote"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    text = "\n" * first + "\n".join(prepared.lines[first:end]) + "\n"
    tokens = parser.parse(text)
    _all_there(tokens, path)
    return tuple(_Reader(path, prepared).read(tokens))


def _all_there(tokens: list[Token], path: str) -> None:
    """The parser says nothing of what it leaves out below its deepest level, nor of all that follows."""
    at = next((token.map for token in tokens if token.level >= DEEPEST - 1 and token.map), None)
    if at is not None:
        raise InputError(f"{path}:{at[0] + 1}: lists are nested too deeply to be read: write this part in fewer levels")


@dataclass(slots=True)
class _Reader:
    """One walk over the tokens. ``lists`` holds a marker for each list that is open, ``item`` one that has no text."""

    path: str
    prepared: Lines
    trail: Trail = ()
    lists: list[str] = field(default_factory=list)
    item: str | None = None

    def read(self, tokens: list[Token]) -> Iterator[Block]:
        """The blocks that the tokens hold."""
        position = 0
        while position < len(tokens):
            token = tokens[position]
            match token.type:
                case "heading_open":
                    heading = self._heading(token, tokens[position + 1])
                    yield heading
                    self.trail = (*(h for h in self.trail if h.level < heading.level), heading)
                case "paragraph_open":
                    yield self._paragraph(tokens[position + 1])
                case "fence" | "code_block":
                    self.item = None
                    yield self._fence(token)
                case "table_open":
                    end = _closing(tokens, position)
                    yield self._table(token, tokens[position:end])
                    position = end
                case _:
                    self._list(token)
            position += 1

    def _list(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self.lists.append("-")
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self.item = f"{token.info}." if token.info else "-"
            case "list_item_close":
                self.item = None

    def _source(self, token: Token) -> Source:
        first, end = token.map or (0, 1)
        return Source(self.path, first + 1, max(first + 1, end))

    def _heading(self, token: Token, inline: Token) -> Heading:
        self.item = None
        return Heading(int(token.tag[1:]), plain(inline.content), self._source(token))

    def _paragraph(self, inline: Token) -> Paragraph | Item:
        text, source = unescaped(inline.content), self._source(inline)
        marker, self.item = self.item, None
        if marker is None:
            return Paragraph(text, self.trail, source)
        return Item(text, len(self.lists) - 1, marker, self.trail, source)

    def _fence(self, token: Token) -> Fence:
        first, _ = token.map or (0, 1)
        ended = first not in self.prepared.unended
        text = token.content if ended else f"{token.content.rstrip()}\n".removeprefix("\n")
        count = text.count("\n")
        start = min(first + 1 if token.type == "fence" else first, len(self.prepared.lines) - 1)
        language = token.info.split()[0].lower().strip("{}.") if token.info.strip() else ""
        source = Source(self.path, start + 1, max(start + 1, start + count))
        return Fence(language, text, self.trail, source, ended)

    def _table(self, token: Token, tokens: list[Token]) -> Table:
        self.item = None
        rows: list[Row] = []
        for number, inner in enumerate(tokens):
            if inner.type == "tr_open":
                cells = tuple(t.content for t in tokens[number : _closing(tokens, number)] if t.type == "inline")
                source = self._source(inner)
                if rows:
                    cells = self._overflow(cells, source.line)
                rows.append(Row(tuple(unescaped(cell) for cell in cells), source))
        return Table(rows[0].cells, tuple(rows[1:]), self.trail, self._source(token))

    def _overflow(self, cells: tuple[str, ...], line: int) -> tuple[str, ...]:
        """The cells of a row; what stands behind the header's last column belongs to the last cell."""
        raw = [cell.strip() for cell in CELL_END.split(self.prepared.lines[line - 1].strip().strip("|"))]
        extra = [cell for cell in raw[len(cells) :] if cell]
        return (*cells[:-1], " | ".join((cells[-1], *extra))) if extra else cells


def _closing(tokens: list[Token], position: int) -> int:
    """The position of the token that closes the one at ``position``."""
    opening = tokens[position]
    wanted = opening.type.replace("_open", "_close")
    return next(
        n for n in range(position, len(tokens)) if tokens[n].type == wanted and tokens[n].level == opening.level
    )


def unescaped(text: str) -> str:
    r"""Markdown text with its escapes undone (``user\_id``); in code spans only those that nobody means."""
    if "\\" not in text:
        return text
    parts: list[str] = []
    end = 0
    for first, last in code_spans(text):
        parts += (ESCAPE.sub(r"\1", text[end:first]), text[first:last].replace("\\_", "_").replace("\\|", "|"))
        end = last
    return "".join((*parts, ESCAPE.sub(r"\1", text[end:])))


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where code spans stand, ticks included: from a run of ticks to the next run that is as long."""
    runs = list(TICKS.finditer(text))
    later: dict[int, list[int]] = {}
    for number in reversed(range(len(runs))):
        later.setdefault(len(runs[number][0]), []).append(number)
    number = 0
    while number < len(runs):
        same = later[len(runs[number][0])]
        while same and same[-1] <= number:
            same.pop()
        if same:
            yield runs[number].start(), runs[same[-1]].end()
            number = same[-1]
        number += 1


def plain(text: str) -> str:
    """Markdown text without marks: ticks, asterisks, links; underscores stay where they are part of a name."""
    text = unescaped(text).replace("`", "").replace("*", "")
    if len(text) <= LONGEST_HEADING:
        text = re.sub(r"!?\[([^\]\[]*)\]\([^()]*\)", r"\1", text)
        text = re.sub(r"(?<!\w)__?(\S(?:.*?\S)?)__?(?!\w)", r"\1", text)
    return " ".join(text.split())

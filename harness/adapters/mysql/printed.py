"""What ``SHOW CREATE TABLE`` prints, taken apart: the one text in which both engines tell all of a table.

``information_schema`` has no prefix of a default (a text ``NULL`` looks like none), cuts binary defaults off, and knows
only some of the options. The printed text is whole, and the server's own: keywords of clauses in capitals, names in
backticks, expressions in small letters.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.adapters.mysql.grammar import Lexeme, closing, code, lexemes, parts

Run = Sequence[Lexeme]

COLUMN_CLAUSES = (
    "CHARACTER SET", "COLLATE", "GENERATED ALWAYS AS", "VIRTUAL", "STORED", "PERSISTENT", "NOT NULL", "NULL", "DEFAULT",
    "ON UPDATE", "AUTO_INCREMENT", "INVISIBLE", "COMMENT", "CHECK", "COLUMN_FORMAT", "STORAGE", "SRID", "REF_SYSTEM_ID",
    "COMPRESSED", "WITHOUT SYSTEM VERSIONING", "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE", "NOT SECONDARY",
)  # fmt: skip
KEY_CLAUSES = ("USING", "KEY_BLOCK_SIZE", "WITH PARSER", "COMMENT", "INVISIBLE", "IGNORED", "ENGINE_ATTRIBUTE",
               "SECONDARY_ENGINE_ATTRIBUTE")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printed:
    """A table's text.

    Attributes:
        text: all of it.
        definitions: what stands between the outer parentheses, cut at its commas.
        options: what follows, up to the partitions.
        partitions: from ``PARTITION BY`` to the end; empty when it has none.
    """

    text: str
    definitions: tuple[Run, ...]
    options: Run
    partitions: str

    def of(self, run: Run) -> str:
        """The text of a run of lexemes."""
        return cut(self.text, run)

    def with_definitions(self, definitions: Iterable[Run]) -> str:
        """The table's text with only these definitions."""
        start = self.definitions[0][0].start
        head, rest = self.text[:start], self.text[self.definitions[-1][-1].end :]
        # A mark of the last definition's executable comment would be left over.
        return f"{head}{', '.join(map(self.of, definitions))}{rest[rest.index(')') :]}"


def printed(text: str) -> Printed:
    """The parts of a table's text."""
    found = code(text)
    first = next(index for index, lexeme in enumerate(found) if lexeme.text == "(")
    end = closing(found, first)
    tail = found[end:]
    border = next((i for i, lexeme in enumerate(tail) if lexeme.text == "PARTITION"), len(tail))
    return Printed(text, parts(found[first + 1 : end - 1]), tail[:border], cut(text, tail[border:]))


def cut(text: str, run: Run) -> str:
    """The text of a run of lexemes that follow each other, without the marks of executable comments."""
    piece = text[run[0].start : run[-1].end] if run else ""
    for mark in reversed(lexemes(piece) if "/*" in piece else ()):
        if mark.kind in {"open", "close"}:
            piece = piece[: mark.start] + piece[mark.end :].lstrip()
    return piece


def clauses(text: str, run: Run, known: Sequence[str]) -> dict[str, str]:
    """The clauses of a definition by their keywords, with the text that follows each; before the first: ````."""
    starts = list(_starts(run, known))
    borders = [*(start for start, _ in starts[1:]), len(run)] if starts else []
    result = {"": cut(text, run[: starts[0][0] if starts else len(run)])}
    for (start, phrase), end in zip(starts, borders, strict=True):
        inside = run[start + phrase.count(" ") + 1 : end]
        result[phrase] = cut(text, inside[1:] if inside and inside[0].text == "=" else inside)
    return result


def _starts(run: Run, known: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Where each clause begins. A word in parentheses begins none, nor does the NULL of ``DEFAULT NULL``."""
    depth, behind = 0, 0
    for index, lexeme in enumerate(run):
        depth += (lexeme.text == "(") - (lexeme.text == ")")
        if depth or index < behind or lexeme.kind != "word" or run[index - 1].text == "DEFAULT":
            continue
        phrase = next((p for p in known if _stands(run[index:], p.split(" "))), None)
        if phrase is not None:
            yield index, phrase
            behind = index + phrase.count(" ") + 1


def _stands(run: Run, words: Sequence[str]) -> bool:
    return [lexeme.text for lexeme in run[: len(words)]] == words


def bare(expression: str) -> str:
    """An expression without parentheses around all of it, and in plain spelling."""
    text = plain(expression)
    found = lexemes(text)
    while found and found[0].text == "(" and closing(found, 0) == len(found):
        found = found[1:-1]
    return cut(text, found)


def plain(expression: str) -> str:
    r"""An expression with texts as ``'b''c'``, where the server prints ``_utf8mb4'b\'c'`` (MySQL) or ``'b\'c'``.

    Every connection of the harness speaks utf8mb4, so that introducer says nothing.
    """
    result, last = [], 0
    found = lexemes(expression)
    for lexeme, following in zip(found, [*found[1:], None], strict=True):
        if lexeme.text == "_utf8mb4" and following is not None and following.kind == "string":
            result.append(expression[last : lexeme.start])
            last = following.start
        elif lexeme.kind == "string" and "\\'" in lexeme.text:
            result += [expression[last : lexeme.start], _requoted(lexeme.text)]
            last = lexeme.end
    return "".join((*result, expression[last:]))


def _requoted(string: str) -> str:
    r"""A literal with ``''`` for ``\'``; a doubled backslash stays what it is."""
    return "\\\\".join(part.replace("\\'", "''") for part in string.split("\\\\"))


def text_of(string: str) -> str:
    r"""The text that a printed literal (of a comment, a label) stands for; printed with ``\0 \n \r \\ ''``."""
    unescaped = {"0": "\0", "n": "\n", "r": "\r", "\\": "\\", "'": "'", '"': '"', "Z": "\x1a", "t": "\t"}
    result, index, inner = [], 0, string[1:-1]
    while index < len(inner):
        pair = inner[index : index + 2]
        if pair == "''":
            result.append("'")
        elif pair[0] == "\\" and len(pair) == 2:
            result.append(unescaped.get(pair[1], pair[1]))
        else:
            result.append(pair[0])
            index -= 1
        index += 2
    return "".join(result)


def pairs(text: str, run: Run) -> Mapping[str, str]:
    """Table options as they are printed: ``ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 WITH SYSTEM VERSIONING``."""
    result: dict[str, str] = {}
    index = name = 0
    while index < len(run):
        if run[index].text == "=" and index > name:
            end = closing(run, index + 1) if run[index + 1 : index + 2] and run[index + 1].text == "(" else index + 2
            result[cut(text, run[name:index])] = cut(text, run[index + 1 : end])
            index = name = end
        else:
            index += 1
    if name < len(run):
        result["other"] = cut(text, run[name:])
    return result

"""What cannot be read ends in one clear message, and whatever else is given is read, soon."""

import os
import random
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.design.build import build
from harness.document.markdown import SIZE_LIMIT, parse, read
from harness.errors import InputError

SIZE = 60_000
PIECES = (
    *("#", "## ", "```", "```sql\n", "~~~", "|", "---", "- ", "1. ", "  ", "\n", "\n\n", "`", "**", "<!--", "-->", ">"),
    *("\\", "\t", "users", "Table: x", "CREATE TABLE a (", ");", "SELECT 1;", "-- Up", "-- Down", "PRIMARY KEY"),
    *(
        "CHECK (",
        "DEFAULT '",
        "FK → a(b)",
        "| Column | Type | Constraints |\n|---|---|---|\n",
        "**Indexes:**",
        "O(log n)",
    ),
    *(
        "`idx_a` ON (",
        "< 5 ms",
        "O(log n)",
        "┌──┐\n│ a│\n└──┘",
        "{",
        "}",
        "erDiagram",
        "## Queries",
        "## Migrations",
        "$$",
        "'",
    ),
    *("### Migration 001: x", '"', "(", ")", "...", "\ufeff", "é", "表"),
)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the document is empty"),
        (b" \r\n\t\n", "the document is empty"),
        (b"\xef\xbb\xbf", "the document is empty"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "not a text file"),
        (b"# T\n\x00", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x8d\x90", "not a text file"),
        (b"\xff\xfe\x00", "not a text file"),
        (b"# x\n" * SIZE_LIMIT, "MB is no design document"),
    ],
    ids=["empty", "blank", "mark only", "program", "zero byte", "image", "half a character", "too big"],
)
def test_what_is_no_document_is_refused_in_one_line(data: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(data)

    with pytest.raises(InputError) as refusal:
        read(path)
    message = str(refusal.value)
    assert message.startswith(f"{path}: ")
    assert says in message
    assert "\n" not in message


def test_ten_megabytes_of_noise_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "noise.md"
    path.write_bytes(random.Random(1).randbytes(10_000_000))

    with pytest.raises(InputError, match=r"10\.0 MB is no design document: split it, the limit is 1 MB"):
        read(path)


def test_a_missing_file_and_a_directory_are_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file: check the name"):
        read(tmp_path / "none.md")
    with pytest.raises(InputError, match="is a directory: name the Markdown file in it"):
        read(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        read(Path("a\0b.md"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("# T\n")
    path.chmod(0)

    with pytest.raises(InputError, match=r"cannot be read .*permission denied"):
        read(path)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", "Größe → 表"), ("utf-8-sig", "Größe"), ("cp1252", "Größe – “x” €"), ("utf-16", "Größe → 表")],
)
def test_old_encodings_are_read(encoding: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(f"# {text}\r\n".encode(encoding))

    assert read(path).title == text


def test_a_cp1252_file_keeps_its_text(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_bytes("## Table: users\n\n| Column | Type |\n|---|---|\n| größe | int |\n".encode("cp1252"))

    (entity,) = build(read(path)).schema.entities
    assert [f.name for f in entity.fields] == ["größe"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=60).map("".join))
def test_any_text_is_a_design_or_is_refused(text: str) -> None:
    try:
        document = parse(text, "x.md")
    except InputError as refusal:
        assert str(refusal).startswith("x.md: ")  # noqa: PT017  (a refusal is one of two good ends)
        return
    design = build(document)
    assert all(1 <= u.source.line <= u.source.end_line <= max(1, design.lines) for u in design.unread)


def noise() -> dict[str, str]:
    """Texts that are slow to read for a reader that looks at anything twice."""
    some = random.Random(1)
    size = SIZE
    return {
        "printable": "".join(some.choices(string.printable.replace("\0", ""), k=size)),
        "one line": "word " * (size // 5),
        "many lines": "word word\n" * (size // 10),
        "quotes": "> " * 100 + "a\n" + "b\n" * (size // 2),
        "dashes": "- " * (size // 2),
        "nested list": "".join("  " * depth + "- a\n" for depth in range(45)),
        "open fences": "```sql\n" * (size // 7),
        "fences and headings": "```sql\n\n## h\n" * (size // 13),
        "growing fences": "\n".join("`" * (n + 3) + "x" for n in range(600)),
        "outer fences": "```markdown\n" * (size // 12),
        "brackets": "[" * size,
        "ticks": "`a" * (size // 2),
        "growing ticks": "\\ " + "".join("`" * n + " " for n in range(1, 600)),
        "pipes": "|a" * (size // 2),
        "table": "|a|b|\n|-|-|\n" + "|x|y|\n" * (size // 6),
        "columns": "### Table: t\n\n|Column|Type|Constraints|\n|-|-|-|\n" + "|x|y|(((|\n" * (size // 10),
        "one cell": "### Table: t\n\n|Column|Type|Constraints|\n|-|-|-|\n|x|int|" + "CHECK (" * (size // 7) + "|\n",
        "one default": "### Table: t\n\n|Column|Type|Constraints|\n|-|-|-|\n|x|int|DEFAULT "
        + "a " * (size // 2)
        + "|\n",
        "one bullet": "### Table: t\n\n**Indexes:**\n\n- `idx` ON (" + "a, (" * (size // 4) + "\n",
        "comma list": "### Table: t\n\n**Indexes:** " + "`idx_a`, " * (size // 9) + "\n",
        "headings": "# a\n" * (size // 4),
        "tables": "## Table: t\n" * (size // 12),
        "comments": "<!-- \n" * (size // 6),
        "quotes in SQL": "```sql\n" + "'" * size + "\n```\n",
        "dollars in SQL": "```sql\n" + "$a$ $b$ " * (size // 8) + "\n```\n",
        "statements": "## Queries\n\n```sql\n" + "SELECT 1;\n" * (size // 10) + "```\n",
        "times": "## Queries\n\n```sql\nSELECT 1;\n```\n\n" + "< 5 ms " * (size // 7) + "\n",
        "parentheses": "## Queries\n\n```sql\nSELECT 1;\n```\n\nO(" + "(" * size + "\n",
        "boxes": "```\n" + "+--+" * (size // 40) + "\n" + "+--+\n" * (size // 5) + "```\n",
        "lines of boxes": "```\n" + ("─" * 200 + "\n") * (size // 201) + "```\n",
        "underscores": "# " + "_a " * (size // 3),
        "arrows": "## Relationships\n\n- " + "a." * (size // 2) + "\n",
    }


@pytest.mark.parametrize("name", noise())
def test_noise_is_read_to_its_end(name: str) -> None:
    build(parse(noise()[name], "noise.md"))

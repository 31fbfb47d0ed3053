"""What is read of Markdown: blocks with their own lines, through everything that editors and renderers do to a file."""

import pytest

from harness.document.markdown import code_spans, parse, plain, unescaped
from harness.document.model import Block, Document, Fence, Heading, Item, Paragraph, Table


def read(text: str) -> Document:
    return parse(text, "x.md")


def only(document: Document, kind: type[Block]) -> list[Block]:
    return [block for block in document.blocks if isinstance(block, kind)]


def test_blocks_know_their_lines_and_headings() -> None:
    document = read("# One\n\ntext\nmore\n\n## Two\n\n- a\n  - b\n\n1. c\n")

    assert [(type(b).__name__, b.source.line, b.source.end_line) for b in document.blocks] == [
        ("Heading", 1, 1), ("Paragraph", 3, 4), ("Heading", 6, 6), ("Item", 8, 8), ("Item", 9, 9), ("Item", 11, 11),
    ]  # fmt: skip
    items = only(document, Item)
    assert [(i.text, i.depth, i.marker, [h.text for h in i.trail]) for i in items if isinstance(i, Item)] == [
        ("a", 0, "-", ["One", "Two"]), ("b", 1, "-", ["One", "Two"]), ("c", 0, "1.", ["One", "Two"]),
    ]  # fmt: skip


def test_a_fence_holds_its_code_dedented_and_the_lines_of_the_code() -> None:
    (fence,) = only(read("1. step\n\n   ```SQL title=x\n   SELECT 1;\n     FROM t;\n   ```\n"), Fence)

    assert isinstance(fence, Fence)
    assert (fence.language, fence.text, fence.source.line, fence.source.end_line) == (
        "sql",
        "SELECT 1;\n  FROM t;\n",
        4,
        5,
    )
    assert fence.ended


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "byte order mark"])
def test_ends_of_lines_and_a_byte_order_mark_change_nothing(start: str, end: str) -> None:
    text = "# T\n\n```sql\nSELECT 1;\n\nSELECT 2;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"

    assert read(start + text.replace("\n", end)) == read(text)


def test_table_cells_are_padded_and_freed_of_escapes() -> None:
    (table,) = only(read("| a | b |\n|---|---|\n| user\\_id | `x \\| y` |\n| only |\n| 1 | 2 | 3 |\n"), Table)

    assert isinstance(table, Table)
    assert table.header == ("a", "b")
    assert [(row.cells, row.source.line) for row in table.rows] == [
        (("user_id", "`x | y`"), 3), (("only", ""), 4), (("1", "2 | 3"), 5),
    ]  # fmt: skip


def test_an_outer_markdown_fence_is_the_document_and_what_stands_before_it_is_not() -> None:
    inside = "# Design\n## Tables\n\\`\\`\\`sql\nSELECT 1;\n\\`\\`\\`\n"
    document = read(f"# Purpose\n\n- do\n\n```markdown\n{inside}```\n\n## Notes\n\n- x\n")

    assert document.title == "Design"
    assert [b.text for b in only(document, Heading) if isinstance(b, Heading)] == ["Design", "Tables", "Notes"]
    assert [(f.text, f.source.line) for f in only(document, Fence) if isinstance(f, Fence)] == [("SELECT 1;\n", 9)]
    assert [b.source.line for b in document.preamble] == [1, 3]


@pytest.mark.parametrize("mark", ["```", "````", "~~~~"])
def test_inner_fences_of_an_outer_fence_need_no_escapes(mark: str) -> None:
    document = read(f"{mark}md\n# A\n\n## B\n\n```sql\nSELECT 1;\n```\n\n## C\n\n```\nbox\n```\n{mark}\n")

    assert [b.text for b in only(document, Heading) if isinstance(b, Heading)] == ["A", "B", "C"]
    assert [f.text for f in only(document, Fence) if isinstance(f, Fence)] == ["SELECT 1;\n", "box\n"]


def test_a_small_markdown_example_is_a_fence_like_others() -> None:
    document = read("# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```markdown\n# x\n```\n\n## B\n")

    assert [b.text for b in only(document, Heading) if isinstance(b, Heading)] == ["A", "B"]
    assert document.preamble == ()


def test_yaml_at_the_top_is_no_part_of_the_text() -> None:
    document = read("---\ntitle: x\ndatabase: mysql\n---\n# T\n")

    assert document.front_matter is not None
    assert (document.front_matter.text, document.front_matter.source.line) == ("title: x\ndatabase: mysql\n", 2)
    assert [b.source.line for b in document.blocks] == [5]


@pytest.mark.parametrize(
    ("text", "fences"),
    [
        ("```sql\nSELECT 1;\n", [("SELECT 1;\n", False)]),
        ("```sql\nSELECT 1;\n\n## Next\n\ntext\n", [("SELECT 1;\n", False)]),
        ("```sql\nA\n\n## B\n\n```sql\nC\n```\n", [("A\n", False), ("C\n", True)]),
        ("~~~\nA\n```\nB\n~~~\n", [("A\n```\nB\n", True)]),
    ],
    ids=["to the end", "to the next heading", "to the next fence", "other marks are text"],
)
def test_a_forgotten_end_of_a_fence_swallows_no_section(text: str, fences: list[tuple[str, bool]]) -> None:
    assert [(f.text, f.ended) for f in only(read(text), Fence) if isinstance(f, Fence)] == fences


def test_comments_in_html_are_not_read_but_in_code() -> None:
    document = read("text <!-- a --> more\n\n<!--\n# hidden\n-->\n\n```\n<!-- code -->\n```\n\n<!-- never ended\n")

    assert [(type(b).__name__, getattr(b, "text", "")) for b in document.blocks] == [
        ("Paragraph", "text  more"), ("Fence", "<!-- code -->\n"), ("Paragraph", "<!-- never ended"),
    ]  # fmt: skip


def test_what_is_quoted_is_read_as_what_it_is() -> None:
    document = read("> ## A\n> - b\n>\n> ```sql\n> SELECT 1;\n> ```\n")

    assert [type(b).__name__ for b in document.blocks] == ["Heading", "Item", "Fence"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("`users` **Table**", "users Table"),
        ("order_items and _note_", "order_items and note"),
        ("[Users](#users) ![x](y.png)", "Users x"),
        ("user\\_id", "user_id"),
    ],
)
def test_headings_are_freed_of_marks(text: str, said: str) -> None:
    assert plain(text) == said


def test_escapes_in_code_stay_but_for_those_that_nobody_means() -> None:
    assert unescaped(r"a\_b `c\_d` `\d+\.` \*x") == r"a_b `c_d` `\d+\.` \*x"


def test_code_spans_end_at_as_many_ticks() -> None:
    text = "`a` ``b ` c`` ``` d `e`"

    assert [text[first:end] for first, end in code_spans(text)] == ["`a`", "``b ` c``", "`e`"]


def test_a_document_without_headings_is_named_by_its_file() -> None:
    assert parse("text", "a/orders.md").title == "orders"
    assert [b.text for b in parse("text", "x.md").blocks if isinstance(b, Paragraph)] == ["text"]

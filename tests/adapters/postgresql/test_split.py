"""Scripts are cut where the server would cut them, and where it could not, so that one fault hides nothing else."""

import postgast
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.adapters.postgresql.split import statements
from harness.design.model import Statement
from harness.source import Source
from tests.adapters.scripts import FIRST_LINE, script

CASES = {
    "nothing": ("", []),
    "only comments": ("-- a;\n/* b; */ ;;\n", []),
    "semicolons in literals": ("SELECT 'a;b'; SELECT \"c;d\", $$e;f$$, $x$;$$;$x$, E'\\';'", [1, 1]),
    "nested comments": ("SELECT /* a /* ; */ ; */ 1; SELECT 2", [1, 1]),
    "a comment at the end": ("SELECT 1; -- the end", [1]),
    "an SQL-standard body": (
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;\nSELECT 3",
        [1, 2],
    ),
    "a rule with actions": ("CREATE RULE r AS ON INSERT TO t DO (\nDELETE FROM a;\nDELETE FROM b);\nSELECT 1", [1, 4]),
    "transaction words": ("BEGIN;\nEND;\nSELECT 1", [1, 2, 3]),
    "Windows line ends": ("SELECT 1;\r\n\r\nSELECT\r\n2;\r\n", [1, 3]),
    "psql commands": ("\\connect 'shop\nSELECT 1;\n  \\set x ';'\nSELECT 2;", [1, 2, 3, 4]),
    "the rows of a dump": ("COPY t (a) FROM stdin;\n1\tit's\n2\tb;\n\\.\n\nSELECT 1;", [1, 6]),
    "a backslash in a literal": ("SELECT 'a\n\\b';\nSELECT 2", [1, 3]),
    "a parenthesis never closed": ("CREATE TABLE a (id int;\nCREATE TABLE b (id int);", [1, 2]),
    "a parenthesis too many": ("CREATE TABLE a (id int));\nSELECT 1;", [1, 2]),
    "a literal never closed": ("SELECT 1;\nSELECT 'abc;\nSELECT 2", [1, 2]),
    "not SQL at all": ("Some words, (and brackets;\n", [1]),
    "letters beyond ASCII": ("SELECT 'größer; 😀';\nSELECT 'é'", [1, 2]),
    "a zero byte": ("SELECT 1;\0\nSELECT 2", [1, 2]),
}


@pytest.mark.parametrize(("text", "lines"), CASES.values(), ids=CASES)
def test_statements_begin_on_their_own_lines(text: str, lines: list[int]) -> None:
    assert [s.source.line - FIRST_LINE + 1 for s in statements(script(text))] == lines


def test_a_statement_has_neither_comments_around_it_nor_its_semicolon() -> None:
    (found,) = statements(script("-- above\nSELECT 1, -- inside\n  2 ; -- behind"))
    assert found.text == "SELECT 1, -- inside\n  2"
    assert (found.source.line, found.source.end_line) == (FIRST_LINE + 1, FIRST_LINE + 2)


def test_a_text_longer_than_its_source_stands_on_the_whole_source() -> None:
    source = Source("d.md", 5, 6)
    found = statements(Statement("SELECT 1;\nSELECT 2;\nSELECT 3", source, "filled"))
    assert [(s.source, s.origin) for s in found] == [(source, "filled")] * 3


@given(st.text(alphabet="ab;'\"$\\-/*()\n é\0", max_size=60))
def test_splitting_never_fails_and_loses_no_line(text: str) -> None:
    for found in statements(script(text)):
        assert found.text
        assert FIRST_LINE <= found.source.line <= found.source.end_line <= FIRST_LINE + text.count("\n")


PARSEABLE = st.lists(
    st.sampled_from(
        [
            "SELECT 1",
            "SELECT ';' AS \";\"",
            "CREATE TABLE t (a int, b text DEFAULT $$;$$)",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END",
            "DO $x$ BEGIN PERFORM 1; END $x$",
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)",
            "INSERT INTO t VALUES ('it''s; so')",
        ]
    ),
    max_size=6,
)


@given(PARSEABLE, st.sampled_from([";", ";\n", " ; -- c;\n", ";/* ; */"]))
def test_what_parses_is_cut_as_the_parser_cuts_it(texts: list[str], between: str) -> None:
    whole = between.join(texts)
    assert [s.text for s in statements(script(whole))] == [part.strip() for part in postgast.split(whole)]

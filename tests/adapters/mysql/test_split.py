"""Scripts are cut where the servers' own client cuts them, and where people mean it."""

import random

import pytest

from harness.adapters.mysql.split import statements
from tests.adapters.scripts import FIRST_LINE, script

BODIES = [
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW\nBEGIN\n  SET NEW.x = 1;\n  SET NEW.y = 2;\nEND",
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = 1",
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW FOLLOWS s IF NEW.x > 1 THEN SET NEW.x = IF(1, 2, 3); END IF",
    "CREATE DEFINER = `a`@`%` PROCEDURE p(n int) BEGIN DECLARE i INT; a: WHILE i < n DO SET i = 1; END WHILE a; END",
    "CREATE OR REPLACE PROCEDURE p() BEGIN IF a THEN SELECT 1; ELSEIF b THEN SELECT 2; ELSE SELECT 3; END IF; END",
    "CREATE PROCEDURE p() BEGIN CASE x WHEN 1 THEN DO 1; ELSE BEGIN END; END CASE; DO CASE 1 WHEN 2 THEN 3 END; END",
    "CREATE PROCEDURE p() BEGIN REPEAT SET x = REPEAT('a', 2); UNTIL x END REPEAT; l: LOOP LEAVE l; END LOOP; END",
    "CREATE PROCEDURE IF NOT EXISTS p() SELECT 1",
    "CREATE FUNCTION f() RETURNS int NO SQL BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END; RETURN 1; END",
    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM a; DELETE FROM b; END",
    "BEGIN NOT ATOMIC SELECT 1; SELECT 2; END",
    "CREATE TABLE event (`begin` int, `case` int)",
    "/*!50003 CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.x = 1; END */",
]


@pytest.mark.parametrize("body", BODIES)
def test_a_body_stays_whole_without_a_delimiter(body: str) -> None:
    found = statements(script(f"SELECT 0;\n{body};\nDROP TABLE IF EXISTS a;\nBEGIN;\nCOMMIT"))
    assert [s.text for s in found] == ["SELECT 0", body, "DROP TABLE IF EXISTS a", "BEGIN", "COMMIT"]
    assert found[1].source.end_line - found[1].source.line == body.count("\n")


CUTS = {
    "SELECT 1; SELECT 2": ["SELECT 1", "SELECT 2"],
    ";;  ; -- nothing\n# at all\n/* here; */": [],
    "SELECT ';', \"a;b\", `c;d`, 'it''s; so', 'it\\'s; so', x'3b';": [
        "SELECT ';', \"a;b\", `c;d`, 'it''s; so', 'it\\'s; so', x'3b'"
    ],
    "SELECT 1 -- a; b\n + 2 # c; d\n + /* e; f */ 3; SELECT 4": [
        "SELECT 1 -- a; b\n + 2 # c; d\n + /* e; f */ 3", "SELECT 4",
    ],
    "SELECT 5--1; SELECT 2": ["SELECT 5--1", "SELECT 2"],
    "/*!40101 SET NAMES utf8; */; SELECT 1": ["/*!40101 SET NAMES utf8; */", "SELECT 1"],
    "CREATE TABLE t (a int) /*!50100 PARTITION BY KEY (a) */; SELECT 1": [
        "CREATE TABLE t (a int) /*!50100 PARTITION BY KEY (a) */", "SELECT 1",
    ],
    "SELECT 1\\G\nSELECT 2\\g": ["SELECT 1", "SELECT 2"],
    "CREATE TABLE t (a int;\nSELECT 1": ["CREATE TABLE t (a int", "SELECT 1"],
    "SELECT 'never closed; SELECT 2": ["SELECT 'never closed; SELECT 2"],
    "DELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n SELECT 1;\nEND//\nSELECT 2; //\nDELIMITER ;\nSELECT 3; SELECT 4": [
        "CREATE PROCEDURE p()\nBEGIN\n SELECT 1;\nEND", "SELECT 2", "SELECT 3", "SELECT 4",
    ],
    "delimiter $$\nSELECT '$$', 1 -- $$\n, 2$$ SELECT 3 $$": ["SELECT '$$', 1 -- $$\n, 2", "SELECT 3"],
    "DELIMITER //\nSELECT 1": ["SELECT 1"],
    "SELECT 'x\nDELIMITER //\n'; SELECT 2": ["SELECT 'x\nDELIMITER //\n'", "SELECT 2"],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CUTS.items(), ids=[repr(text[:40]) for text in CUTS])
def test_a_script_is_cut_at_its_delimiters(text: str, expected: list[str]) -> None:
    assert [s.text for s in statements(script(text))] == expected


def test_lines_stay_true_across_delimiters_comments_and_carriage_returns() -> None:
    text = "-- one\r\n\r\nSELECT\r\n 1;\r\nDELIMITER //\r\nSELECT 2//\r\nDELIMITER ;\r\n# note\r\nSELECT 3;\r\n"
    places = [(s.source.line - FIRST_LINE, s.source.end_line - FIRST_LINE) for s in statements(script(text))]
    assert places == [(2, 3), (5, 5), (8, 8)]


@pytest.mark.parametrize("seed", range(40))
def test_every_statement_stands_at_its_lines_whatever_the_text(seed: int) -> None:
    pieces = ["SELECT", " ", "\n", ";", "'", '"', "`", "--", "-- ", "#", "/*", "*/", "/*!", "(", ")", "BEGIN", "END",
              "IF", "CREATE", "TRIGGER", "CASE", "DELIMITER //", "//", "\\", "\\G", "x", "é", "\0"]  # fmt: skip
    generator = random.Random(seed)
    text = "".join(generator.choice(pieces) for _ in range(120))
    lines = text.split("\n")
    for statement in statements(script(text)):
        first, last = statement.source.line - FIRST_LINE, statement.source.end_line - FIRST_LINE
        assert statement.text in "\n".join(lines[first : last + 1])
        assert statement.text == statement.text.strip()

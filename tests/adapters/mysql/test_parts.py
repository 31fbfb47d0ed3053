"""What is read without a server: printed tables, shapes, the constraint that an index stands behind."""

import pytest

from harness.adapters.mysql.algorithm import change
from harness.adapters.mysql.constrained import constrained
from harness.adapters.mysql.printed import bare, printed
from harness.adapters.mysql.shape import shape
from harness.design.model import ForeignKey, Index, IndexKey


def index(name: str, *columns: str, unique: bool = False) -> Index:
    return Index(name, "t", tuple(IndexKey(column, descending=False) for column in columns), unique, method="btree")


KEY = ForeignKey("t_other", ("a",), "other", ("id",))

BEHIND = {
    "a primary key": ([index("PRIMARY", "a", unique=True)], [], ["PRIMARY"]),
    "a unique key": ([index("uq", "a", "b", unique=True)], [], ["uq"]),
    "of two unique ones the first": ([index("y", "a", unique=True), index("x", "a", unique=True)], [], ["y", None]),
    "of two the one that the server named": (
        [index("uq", "a", unique=True), index("a", "a", unique=True)],
        [],
        [None, "a"],
    ),
    "a unique one is the primary key's double": (
        [index("PRIMARY", "a", unique=True), index("a", "a", unique=True)],
        [],
        ["PRIMARY", None],
    ),
    "any other stands alone": ([index("idx", "a")], [KEY], [None]),
    "a foreign key's, of its name": ([index("t_other", "a")], [KEY], ["t_other"]),
    "a foreign key's, of its column's name": ([index("a", "a")], [KEY], ["t_other"]),
    "a longer one of that name is no foreign key's": ([index("t_other", "a", "b")], [KEY], [None]),
}


@pytest.mark.parametrize("case", BEHIND)
def test_an_index_stands_behind_at_most_one_constraint(case: str) -> None:
    indexes, foreign_keys, wanted = BEHIND[case]
    assert [found.constraint for found in constrained(indexes, foreign_keys)] == wanted


PLAIN = {
    "((`a` > 0) and (`b` in (_utf8mb4'x',_utf8mb4'it\\'s')))": "(`a` > 0) and (`b` in ('x','it''s'))",
    "(`a` between 1 and 5)": "`a` between 1 and 5",
    "(`a` + 1) * (`b`)": "(`a` + 1) * (`b`)",
    "_latin1'x'": "_latin1'x'",
    "_utf8mb4'a\\\\\\'b'": "'a\\\\''b'",
    "`_utf8mb4` = '_utf8mb4'": "`_utf8mb4` = '_utf8mb4'",
}


@pytest.mark.parametrize("text", PLAIN)
def test_an_expression_is_told_in_plain_spelling(text: str) -> None:
    assert bare(text) == PLAIN[text]


def test_a_printed_table_comes_apart_at_its_commas_only() -> None:
    text = (
        "CREATE TABLE `t, (x)` (\n  `a` enum('x,y','(') DEFAULT 'x,y',\n  KEY `k` (`a`) /*!80000 INVISIBLE */\n"
        ") ENGINE=InnoDB COMMENT='a, b) PARTITION BY'\n/*!50100 PARTITION BY HASH (`a`)\nPARTITIONS 2 */"
    )
    found = printed(text)
    assert [found.of(run) for run in found.definitions] == [
        "`a` enum('x,y','(') DEFAULT 'x,y'",
        "KEY `k` (`a`) INVISIBLE",
    ]
    assert found.of(found.options) == "ENGINE=InnoDB COMMENT='a, b) PARTITION BY'"
    assert found.partitions == "PARTITION BY HASH (`a`)\nPARTITIONS 2"


SHAPES = {
    "tinyint(1)": ("boolean", {}),
    "tinyint": ("integer", {"width": 1, "unsigned": False}),
    "int(10) unsigned zerofill": ("integer", {"width": 4, "unsigned": True}),
    "bigint unsigned": ("integer", {"width": 8, "unsigned": True}),
    "year": ("integer", {"detail": "year"}),
    "decimal(7,3)": ("decimal", {"precision": 7, "scale": 3}),
    "decimal(10,0)": ("decimal", {"precision": 10, "scale": 0}),
    "double": ("float", {"width": 8, "precision": None, "scale": None}),
    "float(7,2)": ("float", {"precision": 7, "scale": 2}),
    "varchar(12)": ("text", {"length": 12, "fixed": False}),
    "char(3)": ("text", {"length": 3, "fixed": True}),
    "tinytext": ("text", {"length": 63}),
    "varbinary(16)": ("bytes", {"length": 16, "fixed": False}),
    "date": ("date", {}),
    "time(3)": ("time", {"precision": 3, "zoned": False}),
    "datetime": ("timestamp", {"precision": 0, "zoned": False, "detail": ""}),
    "timestamp(6)": ("timestamp", {"precision": 6, "zoned": True, "detail": "unix"}),
    "json": ("json", {}),
    "bit(5)": ("bits", {"length": 5, "fixed": True}),
    "enum('a','it''s','(b)')": ("enum", {"labels": ("a", "it's", "(b)"), "detail": ""}),
    "set('a','b')": ("enum", {"labels": ("a", "b"), "detail": "set"}),
    "polygon": ("geometry", {"detail": "geometry(polygon)"}),
    "uuid": ("uuid", {}),
    "inet6": ("network", {"detail": "inet6"}),
    "vector(3)": ("other", {"detail": "vector"}),
}


@pytest.mark.parametrize("type_", SHAPES)
def test_a_shape_says_what_values_a_column_takes(type_: str) -> None:
    family, facts = SHAPES[type_]
    found = shape(type_)
    assert found.family == family
    assert {name: getattr(found, name) for name in facts} == facts


def test_a_tinyint_that_counts_is_no_boolean() -> None:
    assert shape("tinyint(1)", counted=True).family == "integer"


def test_a_text_that_is_kept_valid_json_is_json() -> None:
    assert shape("longtext", json=True).family == "json"


TRIALS = {
    "ALTER TABLE t ADD a int": "ALTER TABLE t ALGORITHM=COPY, LOCK=NONE, ADD a int",
    "ALTER IGNORE TABLE `t` ADD a int": "ALTER IGNORE TABLE `t` ALGORITHM=COPY, LOCK=NONE, ADD a int",
    "ALTER TABLE t PARTITION BY HASH (a)": "ALTER TABLE t ALGORITHM=COPY, LOCK=NONE PARTITION BY HASH (a)",
    "CREATE INDEX i ON t (a)": "CREATE INDEX i ON t (a) ALGORITHM=COPY LOCK=NONE",
    "CREATE UNIQUE INDEX i USING BTREE ON t (a)": "CREATE UNIQUE INDEX i USING BTREE ON t (a) ALGORITHM=COPY LOCK=NONE",
    "DROP INDEX `on x` ON t": "ALTER TABLE t ALGORITHM=COPY, LOCK=NONE, DROP INDEX `on x`",
}


@pytest.mark.parametrize("text", TRIALS)
def test_a_trial_is_the_statement_with_an_algorithm(text: str) -> None:
    found = change(text)
    assert found
    assert found.entity == "t"
    assert found.with_("COPY", "NONE") == TRIALS[text]


@pytest.mark.parametrize(
    "text", ["CREATE TABLE t (a int)", "DROP TABLE t", "ALTER VIEW v AS SELECT 1", "ALTER TABLE d.t ADD a int"]
)
def test_other_statements_are_not_tried(text: str) -> None:
    assert change(text) is None

"""Definitions as the server prints them, as columns, keys, checks and indexes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.grammar import Cursor, code, parts
from harness.adapters.mysql.printed import COLUMN_CLAUSES, KEY_CLAUSES, Printed, Run, bare, clauses, cut, plain, text_of
from harness.adapters.mysql.shape import FAMILIES, shape
from harness.design.model import Check, Field, ForeignKey, Index, IndexKey, Key, Options

PRIMARY = "PRIMARY"
KINDS = {"FULLTEXT": "fulltext", "SPATIAL": "spatial", "VECTOR": "vector"}
INDEXES = frozenset({PRIMARY, "UNIQUE", "KEY", *KINDS})
COLLATED = frozenset({"CHARACTER SET", "COLLATE"})
NUMBERS = frozenset({"integer", "decimal", "float"})


@dataclass(frozen=True, slots=True)
class CharacterSets:
    """The server's character sets.

    Attributes:
        usual: each with the collation that it has when none is said.
        widest: each with the bytes of its widest character.
    """

    usual: tuple[tuple[str, str], ...]
    widest: tuple[tuple[str, int], ...]

    def collated(self, name: str | None, collation: str | None) -> tuple[str | None, str | None]:
        """A character set with a collation: the one that is said, else its usual one."""
        return name, collation or next((usual for each, usual in self.usual if each == name), None)

    def characters(self, name: str | None) -> int:
        """Most bytes that one character takes."""
        return next((width for each, width in self.widest if each == name), 4)


def options(**facts: str | None) -> Options:
    """The facts that there are, sorted by name."""
    return tuple(sorted((name, value) for name, value in facts.items() if value))


def field(
    table: Printed, run: Run, checks: Sequence[Check], sets: CharacterSets, usual: tuple[str | None, str | None]
) -> Field:
    """A column; ``checks`` are the table's, ``usual`` is the character set and collation of its columns.

    A column that has others is printed with them: what is not printed is the table's, or the character set's usual one.
    """
    said = clauses(table.text, run[1:], COLUMN_CLAUSES)
    name, type_ = run[0].name, said[""]
    default = _default(said.get("DEFAULT"), type_)
    about = [check.expression or "" for check in checks if check.fields == (name,)]
    own = said.get("CHARACTER SET", usual[0])
    collation = usual[1] if said.keys().isdisjoint(COLLATED) else sets.collated(own, said.get("COLLATE"))[1]
    return Field(
        name=name,
        type=type_,
        nullable="NOT NULL" not in said,
        default=default,
        generated=bare(said["GENERATED ALWAYS AS"]) if "GENERATED ALWAYS AS" in said else None,
        identity="auto" if "AUTO_INCREMENT" in said else None,
        collation=collation if collation != usual[1] else None,
        description=text_of(said["COMMENT"]) if "COMMENT" in said else "",
        options=_column_options(said),
        shape=shape(
            type_,
            characters=sets.characters(own),
            json=f"json_valid(`{name}`)" in about,
            counted=default not in {None, "0", "1"} or any(name in check.fields for check in checks),
        ),
    )


def _default(printed: str | None, type_: str) -> str | None:
    """A default as SQL. MySQL prints numbers as texts; a default NULL is none."""
    if printed is None or printed == "NULL":
        return None
    text = plain(printed).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    numeric = FAMILIES.get(type_.partition("(")[0].partition(" ")[0]) in NUMBERS or type_.startswith("year")
    return text[1:-1] if numeric and text.startswith("'") else text


def _column_options(said: dict[str, str]) -> Options:
    return options(
        generated=next((kind.lower() for kind in ("VIRTUAL", "STORED", "PERSISTENT") if kind in said), None),
        on_update=said.get("ON UPDATE"),
        invisible="yes" if "INVISIBLE" in said else None,
        srid=said.get("SRID") or said.get("REF_SYSTEM_ID"),
        column_format=said.get("COLUMN_FORMAT"),
        storage=said.get("STORAGE"),
        compressed="yes" if "COMPRESSED" in said else None,
        versioned="no" if "WITHOUT SYSTEM VERSIONING" in said else None,
        engine_attribute=said.get("ENGINE_ATTRIBUTE"),
        secondary_engine_attribute=said.get("SECONDARY_ENGINE_ATTRIBUTE"),
        secondary="no" if "NOT SECONDARY" in said else None,
    )


def column_check(table: Printed, run: Run) -> Check | None:
    """The CHECK that MariaDB keeps in a column's definition, under the column's name."""
    condition = clauses(table.text, run[1:], COLUMN_CLAUSES).get("CHECK")
    return None if condition is None else _check(run[0].name, condition, {run[0].name}, enforced=True)


def check(table: Printed, run: Run, columns: Collection[str]) -> Check:
    """``CONSTRAINT `name` CHECK (condition) [NOT ENFORCED]``."""
    enforced = [lexeme.text for lexeme in run[-2:]] != ["NOT", "ENFORCED"]
    return _check(run[1].name, table.of(run[3:] if enforced else run[3:-2]), columns, enforced=enforced)


def _check(name: str, condition: str, columns: Collection[str], *, enforced: bool) -> Check:
    expression = bare(condition)
    names = dict.fromkeys(lexeme.name for lexeme in code(expression) if lexeme.kind == "quoted")
    fields = tuple(name for name in names if name in columns)
    return Check(name, expression, fields, options=options(enforced=None if enforced else "no"))


def foreign_key(run: Run, flavour: Flavour) -> ForeignKey:
    """``CONSTRAINT `name` FOREIGN KEY (…) REFERENCES …``."""
    cursor = Cursor(run, 1)
    name = cursor.entity()
    cursor.take("FOREIGN KEY")
    fields = cursor.list()
    cursor.take("REFERENCES")
    target, target_fields = cursor.entity(), cursor.list()
    rules = {"DELETE": flavour.unsaid_action, "UPDATE": flavour.unsaid_action}
    while event := cursor.take("ON DELETE", "ON UPDATE"):
        action = cursor.take("CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION")
        rules[event.removeprefix("ON ")] = action
    return ForeignKey(name, fields, target, target_fields, rules["DELETE"], rules["UPDATE"])


def index(table: Printed, run: Run, entity: str) -> Index:
    """``[UNIQUE] KEY `name` (…) …``; what it stands behind is told by ``constrained``."""
    kind = run[0].text
    start = next(i for i, lexeme in enumerate(run) if lexeme.text == "(")
    cursor = Cursor(run, start)
    cursor.skip()
    said = clauses(table.text, cursor.rest, KEY_CLAUSES)
    return Index(
        name=PRIMARY if kind == PRIMARY else run[start - 1].name,
        entity=entity,
        keys=tuple(_index_key(table.text, part) for part in parts(run[start + 1 : cursor.position - 1])),
        unique=kind in {PRIMARY, "UNIQUE"},
        method=KINDS.get(kind, "btree"),
        options=options(
            using=said.get("USING"),
            key_block_size=said.get("KEY_BLOCK_SIZE"),
            parser=said.get("WITH PARSER"),
            invisible="yes" if "INVISIBLE" in said else None,
            ignored="yes" if "IGNORED" in said else None,
            comment=text_of(said["COMMENT"]) if "COMMENT" in said else None,
            engine_attribute=said.get("ENGINE_ATTRIBUTE"),
            other=said[""],
        ),
        definition=table.of(run),
    )


def _index_key(text: str, part: Run) -> IndexKey:
    descending = part[-1].text == "DESC"
    keys = part[:-1] if part[-1].text in {"DESC", "ASC"} else part
    if keys[0].text == "(":
        return IndexKey(bare(cut(text, keys)), expression=True, descending=descending)
    length = int(keys[2].text) if len(keys) > 2 and keys[1].text == "(" else None
    return IndexKey(keys[0].name, descending=descending, length=length)


def key(index: Index) -> Key | None:
    """The constraint that a unique index is; none for one on an expression or on the beginning of a text."""
    if not index.unique or any(part.expression or part.length is not None for part in index.keys):
        return None
    return Key(index.name, tuple(part.text for part in index.keys), primary=index.name == PRIMARY)

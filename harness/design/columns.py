"""Column tables and bullets as fields, with the keys, references and checks that are said of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from harness.design import constraints, tables, types
from harness.design.claim_types import Relates
from harness.design.constraints import Marks, Reference, marks, merged
from harness.design.facts import Column, Fact, Known, Part, Prose
from harness.design.model import Check, Field, ForeignKey, Index, IndexKey, Key, Options, Unread
from harness.design.names import IDENTIFIER, PATH, bare, is_name
from harness.document.model import Item, Row, Table
from harness.source import Source

_YES_TEXT = "yes y true ✓ ✔ ✔️ ✅ x да sí si sim evet oui ja 1 ☑ ☑️ ● • m unique pk 是 はい 예"
_YES = frozenset(_YES_TEXT.split())
_NO_TEXT = "no n false ✗ ✘ ❌ нет não nao hayır non nein 0 - – — none n/a o ☐ × ✖ ✖️ 否 いいえ 아니오"
_NO = frozenset(_NO_TEXT.split()) | {""}
_KEY_WORDS = {"pri": "PRIMARY KEY", "uni": "UNIQUE", "mul": "INDEX", "pri, mul": "PRIMARY KEY"}
_FIELD = rf"{IDENTIFIER}(?:\[\])?(?:\.{IDENTIFIER}(?:\[\])?)*"
_SEPARATED = re.compile(rf"^{_FIELD}(?:\s*(?:/|,|&|\+|\band\b)\s*{_FIELD})+$")
_TABLE_LEVEL = re.compile(
    r"^(?:composite\s+)?(?:primary key|unique|foreign key|check|constraint|pk)\b\s*(?P<rest>.*)$", re.IGNORECASE
)
_BULLET = re.compile(
    rf"^[`*\"]*(?P<name>{_FIELD})[`*\"]*(?P<flag>\s*\((?:PK|FK)\))?[`*]*\s*(?:[:\uff1a–—=-]\s*)?(?P<rest>.+)$",
    re.DOTALL,
)
_UNQUOTED_ENUM = re.compile(r"^(enum)\s*[:(\[]\s*([^'\"()\[\]]+)[)\]]?(.*)$", re.IGNORECASE | re.DOTALL)
_CONSTANT = re.compile(
    r"^(?:-?\d[\d.]*|true|false|null|now|uuid|current_\w+|localtime\w*|.*[('\"\[{:].*)$", re.IGNORECASE | re.DOTALL
)


@dataclass(slots=True)
class _Said:
    """One field as one row or bullet says it; ``in_words``: what it says of null stands in a note among other words."""

    entity: str
    name: str
    type: str
    marks: Marks
    text: str
    source: Source
    description: str = ""
    in_words: bool = False


@dataclass(slots=True)
class _Listing:
    """The fields of one table or list.

    Attributes:
        complete: NOT NULL is said where it holds, as it is said of others.
        lists_defaults: there is a column for defaults, or one that they are said in.
    """

    line: int
    complete: bool
    lists_defaults: bool = True
    said: list[_Said] = field(default_factory=list)
    owner: str | None = None


def of_table(table: Table, entity: str | None, known: Known) -> tuple[Fact, ...]:
    """The facts of a column table; of every entity that it names when it has a column for that."""
    roles = tables.roles(table.header)
    complete = bool({"constraints", "nullable", "required"} & {role for role in roles if role})
    listing = _Listing(table.source.line, complete, bool({"constraints", "default"} & set(roles)))
    entity = None if "table" in roles else entity
    facts: list[Fact] = [Prose(replace(table.source, end_line=min(table.source.line + 1, table.source.end_line)))]
    for row in table.rows:
        held: dict[str, str] = {}
        for role, cell in zip(roles, row.cells, strict=False):
            if role and cell.strip():
                held[role] = f"{held[role]}; {cell}" if role in held else cell
        owner = _owner(held, entity, known, listing)
        facts += _row(row, held, owner, known, listing)
    return (*facts, *_facts(listing, known))


def _owner(held: dict[str, str], entity: str | None, known: Known, listing: _Listing) -> str | None:
    """The entity that a row is about: as it says, else as the row above."""
    if "table" in held:
        name = bare(held["table"])
        listing.owner = known.entity(name) or name
        return listing.owner
    return entity or listing.owner


def _row(row: Row, held: dict[str, str], entity: str | None, known: Known, listing: _Listing) -> Iterator[Fact]:
    text = " | ".join(cell for cell in row.cells if cell)
    if not text.strip(" |-–—."):
        yield Prose(row.source)
        return
    found = _names(held.get("name", ""))
    if entity is None:
        yield Unread(text, "columns of no table that the reader knows", row.source)
    elif _TABLE_LEVEL.match(bare(held.get("name", ""))) and not is_name(bare(held.get("name", ""))):
        line = " ".join((bare(held["name"]), held.get("type", ""), held.get("constraints", "")))
        yield from table_level(line, entity, known, row.source)
    elif found is None:
        yield Unread(text, "no column's name is in it", row.source)
    elif not held.get("type", "").strip(" -–—"):
        yield Unread(text, "no type is given", row.source)
    else:
        names, flags = found
        type_, said = _said(held, flags)
        noted = merged(said, _noted(held))
        in_words = said.nullable is None
        description = bare(held.get("description", "")) or bare(held.get("notes", ""))
        for name in names:
            listing.said.append(_Said(entity, name, type_, noted, text, row.source, description, in_words))


def _names(cell: str) -> tuple[tuple[str, ...], str] | None:
    """The columns that a name cell names, and what else it says: ``created_at / updated_at``, ``id (PK)``."""
    text = re.sub(r"^[^\w\"]+", "", bare(cell).replace('"', "")).rstrip("*?!† ")
    if _SEPARATED.match(text):
        return tuple(re.findall(_FIELD, re.sub(r"\band\b", ",", text))), ""
    found = re.match(rf"({_FIELD})(?:\s*[(,:\s]\s*(.*?)\)?)?$", text, re.DOTALL)
    return ((found[1],), _flags(found[2] or "")) if found else None


def _flags(text: str) -> str:
    """What stands behind a name, if it is constraint words alone."""
    return text if text and not marks(text).rest else ""


def _said(held: dict[str, str], flags: str) -> tuple[str, Marks]:
    type_, after = typed(held.get("type", ""))
    if re.fullmatch(r"\s*\d+(?:\s*,\s*\d+)?\s*", held.get("length", "")) and "(" not in type_:
        type_ = f"{type_}({held['length'].strip()})"
    # What else a type's cell says is a remark: ``UUID (from the identity provider)``.
    said = merged(marks(flags), replace(marks(after), rest=""))
    for role in ("constraints", "key", "nullable", "required", "default", "unique", "primary", "foreign", "values"):
        if role in held:
            said = merged(said, _cell(role, held[role]))
    return type_, said


def _noted(held: dict[str, str]) -> Marks:
    """What is said in words, in a note or a description."""
    return merged(constraints.from_prose(held.get("notes", "")), constraints.from_prose(held.get("description", "")))


def typed(cell: str) -> tuple[str, str]:
    """A type as written, and the words that follow it in its cell."""
    text = cell.replace("`", "").replace("**", "").replace("<br>", ", ").strip()
    if enum := _UNQUOTED_ENUM.match(text):
        return enum[1], f"one of: {enum[2].strip()}; {enum[3].strip()}"
    return types.cut(text)


def _cell(role: str, cell: str) -> Marks:
    """What a cell says under a header that asks one question."""
    plain = bare(cell).lower()
    if role == "default":
        return _default(cell)
    if role in {"key", "foreign", "values"}:
        return Marks() if plain in _NO else marks(_spelled_out(role, cell, plain))
    if plain not in _YES | _NO or role == "constraints":
        return marks(cell)
    return _answer(role, yes=plain in _YES)


def _spelled_out(role: str, cell: str, plain: str) -> str:
    """A short answer in the words that ``marks`` reads."""
    if role == "key":
        return _KEY_WORDS.get(plain, cell)
    if role == "values":
        return f"one of: {cell}"
    return cell if re.match(r"fk|foreign|→|ref", plain) else f"FK → {cell}"


def _answer(role: str, *, yes: bool) -> Marks:
    """What a yes or a no means under a header."""
    if role in {"nullable", "required"}:
        return Marks(nullable=yes == (role == "nullable"))
    if role == "unique":
        return Marks(uniques=((),) if yes else ())
    return Marks(primary=yes)


def _default(cell: str) -> Marks:
    text = cell.strip().strip("`").strip()
    if text.lower() in _NO - {"0", "false", "no", "n"}:
        return Marks()
    said = marks(text)
    if said.identity and not said.rest:
        return said
    return Marks(default=re.sub(r"(?i)^default\s+", "", text))


def of_bullets(items: tuple[Item, ...], entity: str, known: Known) -> tuple[Fact, ...]:
    """The facts of a list of columns (see ``is_column``)."""
    listing = _Listing(items[0].source.line, complete=False)
    for item in items:
        listing.said.append(_bullet(item, entity))
    return _facts(listing, known)


def is_column(text: str) -> bool:
    """Whether a bullet describes a column: a name, then a type that some engine has."""
    found = _BULLET.match(text.strip())
    return found is not None and types.begins_type(found["rest"])


def is_bare(text: str) -> bool:
    """Whether a bullet is a column's name with no type: `` `phone` (nullable)``."""
    return re.fullmatch(rf"`?{_FIELD}`?(?:\s*\([^()]*\))?", text.strip()) is not None


def _bullet(item: Item, entity: str) -> _Said:
    found = _BULLET.match(item.text.strip())
    assert found is not None
    rest = found["rest"].replace("`", "").replace("**", "").strip()
    if rest.startswith("("):
        end = constraints.balanced(rest, 0)
        words, description = rest[1 : end - 1], rest[end:]
    else:
        words, description = _described(rest)
    type_, after = typed(words)
    said = merged(marks((found["flag"] or "").strip(" ()")), marks(after))
    said = merged(replace(said, rest=""), constraints.from_prose(description))
    return _Said(entity, found["name"], type_, said, item.text, item.source, description.strip(" -–—:,."))


def _described(text: str) -> tuple[str, str]:
    """The words of a bullet, and its description behind a dash."""
    found = re.search(r"\s[-–—]\s|\s?—\s?|\s(?:#|//)\s", text)
    return (text[: found.start()], text[found.end() :]) if found else (text, "")


def _facts(listing: _Listing, known: Known) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    complete = listing.complete or any(s.marks.nullable is False and not s.in_words for s in listing.said)
    for entity in dict.fromkeys(s.entity for s in listing.said):
        said = [s for s in listing.said if s.entity == entity]
        fields = (replace(_field(s, complete=complete), lists_defaults=listing.lists_defaults) for s in said)
        facts += (Column(entity, each, listing.line) for each in fields)
        primary = next((s.marks.composite for s in said if s.marks.composite), ())
        primary = primary or tuple(s.name for s in said if s.marks.primary)
        if primary:
            source = next(s.source for s in said if s.marks.primary)
            facts.append(Part(entity, Key(None, primary, primary=True, source=source)))
        for one in said:
            facts += _parts(one, known)
    return tuple(facts)


def _field(said: _Said, *, complete: bool) -> Field:
    nullable = said.marks.nullable
    if said.marks.primary:
        nullable = False
    elif nullable is None and complete and not said.marks.identity and "serial" not in said.type.lower():
        nullable = True
    default = said.marks.default
    if default is not None and not _CONSTANT.match(default):
        default = "'" + default.replace("'", "''") + "'"
    if default is not None and default.upper() == "NULL":
        default = None
    options: Options = tuple(sorted(set(said.marks.options)))
    collation = next((value for name, value in options if name == "collate"), None)
    return Field(
        said.name, said.type, nullable, default, said.marks.generated, said.marks.identity, collation,
        said.description, tuple(o for o in options if o[0] != "collate"), source=said.source,
    )  # fmt: skip


def _parts(said: _Said, known: Known) -> Iterator[Fact]:
    entity, name, source = said.entity, said.name, said.source
    for others in said.marks.uniques:
        fields = others if name in others else (name, *others)
        yield Part(entity, Key(None, fields, source=source))
    for condition in said.marks.checks:
        yield Part(entity, check(condition, name, source))
    if said.marks.reference is not None:
        reference = said.marks.reference
        claim = Relates(
            entity, (name,), *aim(reference, known), reference.on_delete, reference.on_update, said.text, source
        )
        yield from (related(claim), claim)
    elif said.marks.unaimed:
        yield Part(entity, ForeignKey(None, (name,), "", source=source))
    if said.marks.index:
        yield Part(entity, Index(None, entity, (IndexKey(name),), source=source))
    if said.marks.rest:
        yield Unread(said.marks.rest, f"not understood as a constraint of {entity}.{name}", source)


def check(condition: str | None, name: str, source: Source) -> Check:
    """A check of one column: ``> 0`` said of ``total`` is ``total > 0``."""
    if condition is None:
        return Check(None, None, (name,), source=source)
    text = condition
    if re.match(r"(?i)(?:[<>=!~]|(?:not\s+)?(?:in|between|like|ilike|similar)\b|is\b)", text):
        text = f"{name} {text}"
        text = re.sub(r"(?i)\b(and|or)\s+(?=[<>=!])", rf"\1 {name} ", text)
    return Check(None, text, (name,), source=source)


def related(claim: Relates) -> Part:
    """The foreign key that a claim of a relationship describes."""
    key = ForeignKey(
        None,
        claim.fields,
        claim.target,
        claim.target_fields,
        claim.on_delete,
        claim.on_update,
        source=claim.source,
    )
    return Part(claim.entity, key)


def aim(reference: Reference, known: Known) -> tuple[str, tuple[str, ...]]:
    """Entity and fields that a reference points to: ``users.id`` is a field, ``auth.users`` a table elsewhere."""
    target = reference.target
    before, dot, last = target.rpartition(".")
    whole = known.entity(target) if reference.fields or not dot or target in known.entities else None
    if not dot or whole or reference.fields:
        return whole or target, reference.fields
    owner = known.entity(before)
    if owner is not None:
        return owner, (last,)
    return (before, (last,)) if re.search(r"^(?:id|uuid|code|key)$|_id$|Id$", last) else (target, ())


_LIST_OF = re.compile(rf"`?\(?\s*(?P<list>`?{PATH}`?(?:\s*(?:,|\+|and)\s*`?{PATH}`?)*)\s*\)?`?", re.IGNORECASE)
_KEY_LINE = re.compile(
    r"(?:\bcomposite\s+)?\b(?P<kind>primary\s+key|unique(?:\s+(?:constraint|key|index|together))?|pk)\b\s*(?:[:=]|on|is|of|across|for)?\s*"
    r"(?:the\s+combination\s+of\s+)?(?P<list>`?\([^()]+\)`?|`[^`]+`(?:\s*(?:,|\+|and)\s*`[^`]+`)*)",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    rf"\**(?P<name>{IDENTIFIER})\**\s*(?:[:–—-]\s*)?(?:must|should|is|has\s+to|can\s+only)\s+be\s+(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_IS_UNIQUE = re.compile(
    rf"\**(?P<list>{IDENTIFIER}(?:(?:\s*,\s*|\s+and\s+){IDENTIFIER})*)\**\s+(?:is|are|must\s+be)\s+(?:each\s+)?unique\b",
    re.IGNORECASE,
)
_FOREIGN_LINE = re.compile(r"foreign\s+key\s*`?\((?P<fields>[^()]+)\)`?", re.IGNORECASE)


def table_level(text: str, entity: str, known: Known, source: Source) -> Iterator[Fact]:
    """A constraint said of a whole table: ``PRIMARY KEY (post_id, tag_id)``, ``Rating must be between 1 and 5``."""
    text = re.sub(r"@+(?=unique|id\b)", "", text).replace("([", "(").replace("])", ")")
    plain = text.replace("`", "")
    found: list[Fact] = []
    if foreign := _FOREIGN_LINE.search(text):
        said = marks(text[foreign.end() :].replace("`", ""))
        if said.reference is not None:
            names, target = constraints.fields(foreign["fields"]), aim(said.reference, known)
            actions = (said.reference.on_delete, said.reference.on_update)
            claim = Relates(entity, names, *target, *actions, text, source)
            found += (related(claim), claim)
    elif key := _KEY_LINE.search(text):
        primary = key["kind"].lower().startswith(("primary", "pk"))
        found.append(
            Part(entity, Key(None, constraints.fields(key["list"].strip("`")), primary=primary, source=source))
        )
    elif unique := _IS_UNIQUE.match(plain):
        fields = constraints.fields(unique["list"])
        if all(known.has_field(entity, name) for name in fields):
            found += (Part(entity, Key(None, (name,), source=source)) for name in fields)
    elif condition := re.search(r"\bCHECK\s*(?=\()", plain):
        expression = constraints.unparenthesised(plain[condition.end() : constraints.balanced(plain, condition.end())])
        found.append(Part(entity, replace(check(expression, "", source), fields=_mentioned(expression, entity, known))))
    elif english := _ENGLISH.match(plain):
        name = next((f for f in known.entities.get(entity, ()) if f.lower() == english["name"].lower()), None)
        said = marks(english["rest"])
        if name is not None and not said.rest and said.checks:
            found += (Part(entity, check(condition_, name, source)) for condition_ in said.checks)
    yield from found


def _mentioned(expression: str, entity: str, known: Known) -> tuple[str, ...]:
    words = {w.lower() for w in re.findall(IDENTIFIER, expression)}
    return tuple(f for f in known.entities.get(entity, ()) if f.lower() in words)

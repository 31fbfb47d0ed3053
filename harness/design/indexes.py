"""Index lists: bullets, numbered items, tables, comma lists, and documents' ways to say what an index is on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from harness.design import mongo_indexes, tables
from harness.design.constraints import balanced
from harness.design.facts import Fact, Known, Part, Prose
from harness.design.model import Index, IndexKey, Key, Unread
from harness.design.names import IDENTIFIER, PATH, bare, is_name
from harness.design.tables import Role
from harness.document.model import Table
from harness.source import Source

INDEXISH = re.compile(
    r"^(?:idx|ix|ixf|index|unique|uq|ux|uidx|uix|uk|unq|gin|gist|pk|fk|brin)_|_(?:idx|index|ix|key|pkey|uniq|unique|uq|gin|fk|uidx)\d*$|"
    r"(?-i:^(?:idx|ix)[A-Z])",
    re.IGNORECASE,
)
_METHODS = {
    "b-tree": "btree",
    "sp-gist": "spgist",
    **{name: name for name in ("btree", "gin", "gist", "brin", "hash", "spgist", "fulltext", "hnsw", "ivfflat")},
}
_FLAGS = {*_METHODS, "unique", "partial", "composite", "primary", "sparse", "covering", "compound"}
_METHOD = re.compile(r"\b(b-?tree|gin|sp-?gist|gist|brin|hash|fulltext|hnsw|ivfflat)\b(?!_)", re.IGNORECASE)
_FUNCTIONS_TEXT = """
lower upper date coalesce to_tsvector date_trunc md5 trim substring extract left right jsonb_path_ops cast year
month concat length abs nullif
"""
_FUNCTIONS = frozenset(_FUNCTIONS_TEXT.split())
_LEAD = re.compile(
    r"^(?:create\s+)?(?P<kinds>(?:(?:composite|compound|partial|unique|gin|gist|b-?tree|brin|hash|full[- ]?text|"
    r"covering|functional|"
    r"single[- ]column|multi[- ]column|expression|clustered|non[- ]?clustered|simple|regular|secondary)\s+)*)"
    r"(?:(?:index(?:es)?|key|constraint)s?\b\s*)?(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?",
    re.IGNORECASE,
)
_NAME = rf"[`\"]?(?P<name>{IDENTIFIER})[`\"]?"
_NAME_ON = re.compile(rf"^{_NAME}\s*(?P<flags>\([^()]*\))?[`\s:–—-]*\bon\b[\s:]*", re.IGNORECASE)
_NAME_THEN = re.compile(
    rf"^{_NAME}\s*(?P<flags>\((?:unique|partial|gin|gist|b-?tree|hash|brin|composite)[^()]*\))?"
    r"\s*(?:(?:[:–—]|-|→|->)\s*(?=[`(])|(?=\())",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^(?P<text>.+?)(?:\s+(?P<order>asc|desc|ascending|descending|↓|↑))?(?:\s+nulls\s+(?P<nulls>first|last))?$",
    re.IGNORECASE | re.DOTALL,
)
_PARTIAL = re.compile(r"\bpartial\b[:\s]*\((?P<condition>[^()]*(?:=|<|>|\bis\b|\bin\b)[^()]*)\)", re.IGNORECASE)
_WHERE = re.compile(r"\bwhere\b\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Keys:
    table: str
    keys: tuple[IndexKey, ...]
    rest: str


def read(text: str, entity: str | None, known: Known, source: Source) -> tuple[Fact, ...]:
    """What one line says of indexes; nothing where it speaks of none in particular."""
    text = re.sub(r"\*\*|__(?=\W|$)", "", text).strip().rstrip(",;")
    if found := mongo_indexes.KEYS.search(text):
        return _mongo(found, text, entity, source)
    if re.match(r"(?i)[`(]*(?:(?:composite\s+)?primary(?:\s+key)?|pk)\b", text):
        return _primary(text, entity, known, source)
    lead = _LEAD.match(text)
    assert lead is not None
    rest = text[lead.end() :].strip() if not text.startswith("`") else _opened(text)
    index = _read(rest, lead["kinds"] if not text.startswith("`") else _lead_kinds(text), entity, known, source)
    return () if index is None else _facts(index, text, source)


def _facts(index: Index, text: str, source: Source) -> tuple[Fact, ...]:
    """An index that was read, or the key that it is, or several where the words are in the plural."""
    if not index.entity:
        return (Unread(text, "an index of no table that the reader knows", source),)
    constraint = index.name is None and re.match(r"(?i)unique\b(?!\s+(?:\w+\s+)?index)", text) and index.keys
    if constraint and not any(k.expression for k in index.keys) and index.predicate is None:
        return (Part(index.entity, Key(None, tuple(k.text for k in index.keys), source=source)),)
    if index.name is None and re.match(
        r"(?i)(?:\w+\s+)?indexes\s+on\s+[^(]", text
    ):  # several, not one of several fields
        return tuple(Part(index.entity, replace(index, keys=(key,))) for key in index.keys)
    return (Part(index.entity, index),)


def _opened(text: str) -> str:
    """A line that begins with SQL in ticks, without ``CREATE INDEX`` in it."""
    lead = re.match(
        r"`(?:create\s+(?:unique\s+)?)?(?:unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?",
        text,
        re.IGNORECASE,
    )
    return "`" + text[lead.end() :] if lead else text


def _lead_kinds(text: str) -> str:
    return "unique" if re.match(r"(?i)`(?:create\s+)?unique\b", text) else ""


def _read(text: str, kinds: str, entity: str | None, known: Known, source: Source) -> Index | None:
    flags = kinds
    name: str | None = None
    found = _NAME_ON.match(text)
    if found is None and re.match(r"(?i)on\b", text):
        keys = _keys(re.sub(r"(?i)^on\b\s*:?\s*", "", text), entity, known)
    elif found is not None:
        name, flags = found["name"], f"{flags} {found['flags'] or ''}"
        keys = _keys(text[found.end() :], entity, known)
    else:
        name, flags, keys = _unsaid(text, flags, entity, known)
    if name is None and not (keys and keys.keys):
        return None
    keys = keys or _Keys("", (), text)
    owner = known.entity(keys.table) or keys.table or entity or _named_in(name or "", known)
    said = f"{flags} {keys.rest}"
    unique = True if re.search(r"(?i)\bunique\b", said) else None
    predicate = _predicate(text)
    return Index(name, owner or "", keys.keys, unique, predicate, _method(said), _includes(keys.rest),
                 purpose=_purpose(keys.rest, predicate), source=source)  # fmt: skip


def _purpose(rest: str, predicate: str | None) -> str:
    """What is said of an index behind its fields, flags and condition."""
    rest = re.sub(r"(?i)\busing\s+\w+", "", rest)
    if predicate and predicate in rest:
        rest = rest.partition(predicate)[2]
    while found := re.match(
        r"(?i)[\s`:,.;–—-]*(?:\((?:unique|partial|composite|sparse|gin|gist|b-?tree|primary)[^()]*\)|include\s*\([^()]*\)|\))",
        rest,
    ):
        rest = rest[found.end() :]
    return bare(re.sub(r"^[\s`:,.;–—-]+", "", rest))


def _unsaid(text: str, flags: str, entity: str | None, known: Known) -> tuple[str | None, str, _Keys | None]:
    """A line with no ON in it: a name and fields, a name alone, or fields alone."""
    head = re.match(_NAME, text)
    name = head["name"] if head else ""
    is_field = bool(name) and entity is not None and known.has_field(entity, name)
    is_index = bool(name) and not is_field and (INDEXISH.search(name) is not None or known.index(name) is not None)
    if (
        (then := _NAME_THEN.match(text))
        and (is_index or not is_field)
        and known.entity(name) is None
        and name.lower() not in _FUNCTIONS
    ):
        keys = _keys(text[then.end() :], entity, known)
        flagged = keys is not None and all(k.text.lower() in _FLAGS for k in keys.keys)
        if keys is not None and not flagged and (is_index or text.startswith("`")):
            return name, f"{flags} {then['flags'] or ''}", keys
    if is_index and head:
        return name, flags, _after_name(text[head.end() :], entity, known)
    if is_field or text.startswith(("(", "`")) or known.entity(name) is not None:
        keys = _keys(text, entity, known)
        likely = keys is not None and (is_field or text.startswith("(") or _plausible(keys, entity, known))
        return None, flags, keys if likely else None
    return None, flags, None


def _after_name(rest: str, entity: str | None, known: Known) -> _Keys:
    """Fields behind an index's name and a colon or the word UNIQUE; none where what follows is not fields."""
    found = re.match(
        r"\s*(?:[::–—-]\s*)?(?P<unique>unique\s*(?:index|constraint)?\s*(?:on\s*)?)?(?=[\w(])", rest, re.IGNORECASE
    )
    keys = _keys(rest[found.end() :], entity, known) if found else None
    if found is None or keys is None or not keys.keys:
        return _Keys("", (), rest)
    owner = known.entity(keys.table) or entity
    if owner is None or not all(known.has_field(owner, k.text) for k in keys.keys):
        return _Keys("", (), rest)
    return replace(keys, rest=f"{found['unique'] or ''} {keys.rest}")


def _plausible(keys: _Keys, entity: str | None, known: Known) -> bool:
    """Whether what stands in ticks can be the fields of an index."""
    owner = known.entity(keys.table) or entity
    fields = known.entities.get(owner or "", ())
    return bool(keys.table) or (owner is not None and (not fields or all(
        k.expression or known.has_field(owner, k.text) for k in keys.keys)))  # fmt: skip


def _keys(text: str, entity: str | None, known: Known) -> _Keys | None:
    """Table and fields at the beginning of a text: ``t(a, b)``, ``(a DESC)``, `` `a`, `b` ``, ``t.a``."""
    text = re.sub(rf"^(`?{PATH})\.\[([^\[\]]*)\]", r"\1(\2)", text.strip())
    using = re.match(rf"[`\"]?({PATH})[`\"]?\s+using\s+\w+\s*(?=\()", text, re.IGNORECASE)
    called = using or re.match(rf"[`\"]?({PATH})[`\"]?\s*(?=\()", text)
    if called and (using or _is_table(called[1], entity, known)):
        end = balanced(text, called.end())
        method = using[0].replace(using[1], "", 1) if using else ""
        return _Keys(called[1], index_keys(text[called.end() + 1 : end - 1]), f"{method} {text[end:]}")
    if text.startswith("("):
        end = balanced(text, 0)
        return _Keys("", index_keys(text[1 : end - 1]), text[end:])
    if spans := re.match(r"`[^`]+`(?:\s*(?:,|\+|and|&)\s*`[^`]+`)*", text):
        inner = re.sub(r"`\s*(?:,|\+|and|&)\s*`", ", ", spans[0]).strip("`")
        inner = _WHERE.split(inner)[0].strip()
        if re.match(rf"{PATH}\s*\(", inner) and _is_table(inner.split("(")[0].strip(), entity, known):
            nested = _keys(inner, entity, known)
            return replace(nested, rest=f"{nested.rest} {text[spans.end() :]}") if nested else None
        inner = inner[1:-1] if inner.startswith("(") and balanced(inner, 0) == len(inner) else inner
        return _qualified(index_keys(inner), text[spans.end() :], known)
    listed = re.match(
        rf"{PATH}(?:\([^()]*\))?(?:\s+(?:asc|desc))?(?:\s*[,+]\s*{PATH}(?:\([^()]*\))?(?:\s+(?:asc|desc))?)*",
        text,
        re.IGNORECASE,
    )
    return _qualified(index_keys(listed[0].replace("+", ",")), text[listed.end() :], known) if listed else None


def _is_table(name: str, entity: str | None, known: Known) -> bool:
    return known.entity(name) is not None or (entity is None and name.lower() not in _FUNCTIONS)


def _qualified(keys: tuple[IndexKey, ...], rest: str, known: Known) -> _Keys:
    """Fields such as ``users.email`` as a table and its fields."""
    table = ""
    plain: list[IndexKey] = []
    for key in keys:
        before, dot, last = key.text.rpartition(".")
        if dot and not key.expression and known.entity(before):
            table = before
            key = replace(key, text=last)  # noqa: PLW2901
        plain.append(key)
    return _Keys(table, tuple(plain), rest)


def index_keys(text: str) -> tuple[IndexKey, ...]:
    """The keys in a list such as ``status, created_at DESC``."""
    if re.fullmatch(rf"{PATH}(?:\s+\+\s+{PATH})+", text.strip()):
        text = text.replace("+", ",")
    parts: list[str] = []
    start = depth = 0
    for position, mark in enumerate(text):
        depth += (mark in "([") - (mark in ")]")
        if mark == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return tuple(_key(part.replace("`", "").strip()) for part in (*parts, text[start:]) if part.strip("` "))


def _key(text: str) -> IndexKey:
    found = _ORDER.match(text)
    name, order, nulls = (found["text"], found["order"], found["nulls"]) if found else (text, None, None)
    descending = None if order is None else order.lower() in {"desc", "descending", "↓"}
    nulls = nulls.lower() if nulls else None
    name = name.strip().strip('"')
    if prefix := re.fullmatch(rf"({IDENTIFIER})\s*\((\d+)\)", name):
        return IndexKey(prefix[1], False, descending, nulls, int(prefix[2]))
    if opclass := re.fullmatch(rf"({IDENTIFIER})\s+(\w+_ops|varchar_pattern_ops)", name):
        return IndexKey(opclass[1], False, descending, nulls, options=(("opclass", opclass[2]),))
    return IndexKey(name, not is_name(name), descending, nulls)


def _predicate(text: str) -> str | None:
    """The condition of a partial index, without the word WHERE."""
    found = _WHERE.search(text)
    if found is None:
        partial = _PARTIAL.search(text)
        return partial["condition"].strip("` ") if partial else None
    if re.search(r"\s[–—-]\s", text[: found.start()]) and found[0].islower():
        return None  # "- where a product lies" is prose
    rest = text[found.end() :]
    inside = text[: found.start()].count("`") % 2 == 1
    if inside or rest.startswith("`"):
        return rest.lstrip("`").split("`")[0].strip()
    rest = (
        re.split(r"\s[–—-]\s|\((?:unique|partial)\b[^()]*\)", rest, maxsplit=1, flags=re.IGNORECASE)[0]
        .strip()
        .rstrip(".;")
    )
    opened = rest.count("(") - rest.count(")")
    return (rest.rstrip(")") if opened < 0 else rest).strip("` ") or None


def _method(text: str) -> str | None:
    found = _METHOD.search(text)
    return _METHODS.get(found[1].lower(), found[1].lower()) if found else None


def _includes(text: str) -> tuple[str, ...]:
    found = re.search(r"\binclud(?:e|es|ing)\s*`?\(([^()]*)\)", text, re.IGNORECASE)
    return tuple(bare(part) for part in found[1].split(",")) if found else ()


def _named_in(name: str, known: Known) -> str | None:
    """The entity that an index's name speaks of: ``idx_order_items_sku``."""
    held = [e for e in known.entities if f"_{e.lower()}_" in f"_{name.lower()}_"]
    return max(held, key=len, default=None)


def _primary(text: str, entity: str | None, known: Known, source: Source) -> tuple[Fact, ...]:
    rest = re.sub(
        r"(?i)^[`(]*(?:composite\s+)?(?:primary(?:\s+key)?|pk)\b(?:\s+index)?[`):\s–—-]*(?:on\b|:)?", "", text
    ).strip()
    keys = _keys(rest, entity, known)
    owner = (known.entity(keys.table) or entity) if keys else entity
    if owner is None or keys is None or not keys.keys or any(k.expression for k in keys.keys):
        return ()
    return (Part(owner, Key(None, tuple(k.text for k in keys.keys), primary=True, source=source)),)


def _mongo(found: re.Match[str], text: str, entity: str | None, source: Source) -> tuple[Fact, ...]:
    """``{ email: 1, created: -1 } (unique, sparse)``, or the same in ``createIndex``."""
    index = mongo_indexes.index(found, text, entity, source)
    if index is None:
        return (Unread(text, "an index of no collection that the reader knows", source),)
    return (Part(index.entity, index),)


def _with_purpose(fact: Fact, purpose: str) -> Fact:
    if isinstance(fact, Part) and isinstance(fact.thing, Index):
        return replace(fact, thing=replace(fact.thing, purpose=purpose))
    return fact


def _as_line(held: dict[Role, str], keys: Role, name: str) -> str:
    """A row of a table whose keys are in the notation of mongosh, as the line that says the same."""
    unique = "unique" if re.match(r"(?i)\s*(?:unique|yes|✓|✅|true|y)\b", held.get("unique", "")) else ""
    predicate = f"partial {held['predicate']}" if "predicate" in held else ""
    options = (held.get(role, "") for role in ("type", "constraints", "notes"))
    ticked = f"`{bare(name).split()[0]}`" if bare(name) and name != held[keys] else ""
    purpose = f" - {held['description']}" if held.get("description") else ""
    return (
        " ".join(part for part in (ticked, held[keys].replace("`", ""), *options, unique, predicate) if part) + purpose
    )


def of_table(table: Table, entity: str | None, known: Known) -> Iterator[Fact]:
    """The facts of a table of indexes."""
    roles = tables.roles(table.header)
    yield Prose(replace(table.source, end_line=min(table.source.line + 1, table.source.end_line)))
    for row in table.rows:
        held = {role: cell for role, cell in zip(roles, row.cells, strict=False) if role and cell.strip(" -–—")}
        yield from _row(held, " | ".join(c for c in row.cells if c), entity, known, row.source)


def _row(held: dict[Role, str], text: str, entity: str | None, known: Known, source: Source) -> Iterator[Fact]:
    name_cell = held.get("index") or (held.get("name") if "columns" in held else None) or ""
    field_cell = held.get("columns") or (held.get("name") if "index" in held else None) or ""
    owner_cell = bare(held.get("table", ""))
    owner = (known.entity(owner_cell) or owner_cell) if owner_cell else entity
    listing: tuple[Role, ...] = ("columns", "key", "index", "name")
    if role := next((role for role in listing if mongo_indexes.KEYS.search(held.get(role, ""))), None):
        for fact in read(_as_line(held, role, name_cell), owner, known, source):
            yield _with_purpose(fact, bare(held.get("description", "")))
        return
    kinds = " ".join((held.get("type", ""), held.get("method", "")))
    keys = (
        _keys(field_cell if "`" in field_cell or "(" in field_cell else bare(field_cell), owner, known)
        if field_cell
        else None
    )
    name = bare(name_cell).split()[0].split("(")[0] if bare(name_cell) else ""
    owner = (known.entity(keys.table) if keys and keys.table else None) or owner or _named_in(name, known)
    if owner is None or not ((keys and keys.keys) or is_name(name)):
        yield from (read(text, owner, known, source) or (Unread(text, "not understood as an index", source),))
        return
    fields = keys.keys if keys else ()
    if fields and re.search(r"(?i)\bprimary\b|^pk$", f"{kinds} {name}".strip()):
        yield Part(owner, Key(None, tuple(k.text for k in fields), primary=True, source=source))
        return
    said = f"{kinds} {held.get('unique', '')} {held.get('notes', '')} {keys.rest if keys else ''}"
    unique = (
        bool(re.search(r"(?i)\bunique\b|^\s*(?:yes|✓|✅|true|y)", f"{held.get('unique', '')} "))
        or "unique" in kinds.lower()
    )
    predicate = bare(held["predicate"]) if "predicate" in held else _predicate(kinds) or _predicate(text)
    yield Part(owner, Index(name if is_name(name) else None, owner, fields, unique or None,
                            re.sub(r"(?i)^where\s+", "", predicate) if predicate else None, _method(said),
                            _includes(said), purpose=bare(held.get("description", "")), source=source))  # fmt: skip

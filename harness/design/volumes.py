"""Sentences that say how much data there is: "10M users", "about 50 orders per user", "5% cancelled", "kept 90 days".

Read with more care than reach: a number counts only beside the name of a table of the design, and not in a sentence
that sets a limit, a target or a condition ("at most 5 addresses", "once we pass 100M orders", "< 10ms at 1M rows").
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.design.claim_types import GainsRows, HasRatio, HasRows, HasShare, KeepsRows, Quantity
from harness.design.model import Check, Entity, Field, ForeignKey, Schema
from harness.document.model import Document, Fence, Heading, Item, Paragraph, Table
from harness.source import Source

UNITS = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9}
DAYS = {"day": 1.0, "week": 7.0, "month": 365 / 12, "year": 365.0,
        "tag": 1.0, "woche": 7.0, "monat": 365 / 12, "jahr": 365.0, "p.a.": 365.0}  # fmt: skip
NUMBER = r"(?P<n>\d{1,3}(?:[,_]\d{3})+|\d+(?:\.\d+)?)\s?(?P<u>k|thousand|mn?|million|bn?|billion)?\b\+?"
ABOUT = r"(?:(?:about|around|roughly|approximately|approx\.?|on average|an average of|typically|some|~|≈)\s*)*"
PERIOD = r"(?:(?:per|a|each|every|pro|/)\s*(?P<period>day|week|month|year|tag|woche|monat|jahr)\b|(?P<annum>p\.\s?a\.))"
LEAST = 1000
"""Rows below which a number beside a table's name is no volume, unless the sentence speaks of volumes."""

NOT_VOLUMES = re.compile(
    r"\b(?:at most|at least|up to|no more than|less than|fewer than|more than|exceed\w*|beyond|once|when|if|until|"
    r"max(?:imum)?|min(?:imum)?|limit\w*|threshold|may|can|must|should|only|allow\w*|batch\w*|chunks?|pages?|"
    r"at a time|concurrent\w*|cached?|per (?:second|minute|hour|request)|alert\w*|test\w*|e\.g|example)\b"
    r"|\d\s*(?:ms|s|sec|seconds?|milliseconds?|minutes?|[KMGT]i?B)\b|/s\b|[<>≤≥]",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"\b(?:quer(?:y|ies)|migrations?|index(?:es|ing)?|monitor\w*|backups?|partition\w*|performance|security|example)\b",
    re.IGNORECASE,
)
"""Headings under which numbers are about something else."""

CUE = re.compile(
    r"\b(?:volumes?|expect\w*|estimat\w*|typical\w*|currently|today|about|around|roughly|approximately|holds?|stores?|"
    r"has|have|there (?:are|will be)|rows?|records?|documents?|data|in production)\b|[~≈]",
    re.IGNORECASE,
)
STRONG = re.compile(r"\b(?:volumes?|rows|records|documents|expected|typical\w*|estimated)\b", re.IGNORECASE)
PLACES = re.compile(
    r"\b(?:volumes?|scal\w*|growth|size|sizing|capacity|assumptions?|estimates?|overview)\b", re.IGNORECASE
)
ROWS_COLUMN = re.compile(
    r"\b(?:rows?|volumes?|records?|documents?|row count|cardinality|size|zeilen|datensätze|filas|registros|lignes)\b",
    re.IGNORECASE,
)
DOTTED = re.compile(r"\b(?:zeilen|datensätze|filas|registros)\b", re.IGNORECASE)
"""Headers in languages that part thousands by dots."""
GROWTH_COLUMN = re.compile(r"\b(?:growth|zuwachs|wachstum|crecimiento|crescimento|croissance)\b", re.IGNORECASE)
AVERAGE = re.compile(r"\b(?:about|around|roughly|approximately|average|typical\w*)\b|[~≈]", re.IGNORECASE)
LISTED = re.compile(r"(?P<field>\w+)[\"`)]?\s+in\s*\((?P<values>\s*'[^)]*)\)", re.IGNORECASE)
QUOTED = re.compile(r"'([^']*)'")
NAME = r"[\"`]?(?P<name>[\w.]+)[\"`]?"
CREATED = re.compile(
    rf"\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?{NAME}\s*\((?P<body>[^;]*)"
    r"|\bcreateCollection\(\s*[\"'](?P<collection>\w+)",
    re.IGNORECASE,
)
REFERENCES = re.compile(r"\breferences\s+[\"`]?(?:\w+\.)?(\w+)", re.IGNORECASE)
ENUM = re.compile(rf"\bcreate\s+type\s+{NAME}\s+as\s+enum\s*\((?P<values>[^)]*)\)", re.IGNORECASE)
INLINE_ENUM = re.compile(r"(?P<field>\w+)[\"`]?\s+(?P<type>enum\s*\([^)]*\))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Names:
    """How the design's tables are written in sentences, and the values that columns may have."""

    entities: Mapping[str, Entity]
    pattern: str
    values: Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    places: str
    source: Source


def volumes(document: Document, schema: Schema) -> tuple[Quantity, ...]:
    """What the document says of volumes, in its order; the first that is said of one thing counts."""
    entities = tuple(_entities(document, schema))
    if not entities:
        return ()
    names = _names(entities)
    found: dict[tuple[object, ...], Quantity] = {}
    for block in document.blocks:
        for each in _of_block(block, names):
            found.setdefault(_subject(each), each)
    return tuple(found.values())


def _subject(each: Quantity) -> tuple[object, ...]:
    match each:
        case HasRatio():
            return HasRatio, each.entity, each.parent
        case HasShare():
            return HasShare, each.entity, each.field, each.value
        case _:
            return type(each), each.entity


def _entities(document: Document, schema: Schema) -> Iterator[Entity]:
    """The tables of the design, with what stands about them in tables of columns, and in SQL as far as a look tells."""
    written: dict[str, Entity] = {}
    fences = [block.text for block in document.blocks if isinstance(block, Fence)]
    enums = {m["name"].lower(): QUOTED.findall(m["values"]) for text in fences for m in ENUM.finditer(text)}
    for text in fences:
        for match in CREATED.finditer(text):
            name, body = (match["name"] or match["collection"]).rpartition(".")[2], match["body"] or ""
            keys = tuple(ForeignKey(None, (), target, ()) for target in REFERENCES.findall(body))
            checks = [Check(None, each[0]) for each in LISTED.finditer(body)]
            columns = re.findall(r"^\s*[\"`]?(\w+)[\"`]?\s+(\w+)", body, re.MULTILINE)
            fields = tuple(
                Field(f, f"enum({','.join(map(repr, enums[t.lower()]))})") for f, t in columns if t.lower() in enums
            )
            fields += tuple(Field(m["field"], m["type"]) for m in INLINE_ENUM.finditer(body))
            written.setdefault(name.lower(), Entity(name, foreign_keys=keys, checks=tuple(checks), fields=fields))
    for entity in schema.entities:
        other = written.pop(entity.name.rpartition(".")[2].lower(), None)
        yield (
            entity
            if other is None
            else replace(
                entity,
                foreign_keys=(*entity.foreign_keys, *other.foreign_keys),
                checks=(*entity.checks, *other.checks),
                fields=(*entity.fields, *other.fields),
            )
        )
    yield from written.values()


def _names(found: Sequence[Entity]) -> _Names:
    entities: dict[str, Entity] = {}
    for entity in found:
        for form in _forms(entity.name.rpartition(".")[2].lower()):
            entities.setdefault(form, entity)
    pattern = "|".join(re.escape(form) for form in sorted(entities, key=len, reverse=True))
    values: dict[str, list[tuple[str, str]]] = {}
    for entity in found:
        for field, options in _listed(entity):
            for value in options:
                for form in {value.lower(), value.lower().replace("_", " ")}:
                    values.setdefault(form, []).append((entity.name, field))
    return _Names(entities, pattern, {form: tuple(where) for form, where in values.items()})


def _forms(name: str) -> Iterator[str]:
    """A table's name as one and as many, with blanks for its underscores."""
    for word in dict.fromkeys((name, name.replace("_", " "))):
        single = f"{word[:-3]}y" if word.endswith("ies") else re.sub(r"(?<=[sxzh])es$|(?<![su])s$", "", word)
        many = f"{single[:-1]}ies" if re.search(r"[^aeiou]y$", single) else f"{single}s"
        yield from (word, single, many, f"{single}es")


def _listed(entity: Entity) -> Iterator[tuple[str, list[str]]]:
    """The values that a CHECK or an ENUM lists, by column."""
    for check in entity.checks:
        for match in LISTED.finditer(check.expression or ""):
            yield match["field"], QUOTED.findall(match["values"])
    for field in entity.fields:
        if re.match(r"enum\s*\(", field.type, re.IGNORECASE):
            yield field.name, QUOTED.findall(field.type)


def _of_block(block: object, names: _Names) -> Iterator[Quantity]:
    if isinstance(block, Heading):
        return
    if isinstance(block, Table):
        if not _elsewhere(block.trail):
            yield from _of_table(block, names)
    elif isinstance(block, Paragraph | Item) and not _elsewhere(block.trail):
        places = " / ".join(heading.text for heading in block.trail)
        for sentence in _sentences(block):
            yield from _of_sentence(replace(sentence, places=places), names)


def _elsewhere(trail: tuple[Heading, ...]) -> bool:
    inner = [heading.text for heading in trail[1:]] or [""]
    return any(ELSEWHERE.search(text) for text in inner) and not PLACES.search(inner[-1])


def _sentences(block: Paragraph | Item) -> Iterator[_Sentence]:
    begin = 0
    for end in [*(m.end() for m in re.finditer(r"[.;!?](?=\s)\s*", block.text)), len(block.text)]:
        text = block.text[begin:end]
        if re.search(r"\d", text):
            line = min(block.source.line + block.text.count("\n", 0, begin), block.source.end_line)
            plain = " ".join(re.sub(r"[`*]", "", text).split())
            yield _Sentence(plain, "", replace(block.source, line=line))
        begin = end


def _of_sentence(sentence: _Sentence, names: _Names) -> Iterator[Quantity]:
    text = sentence.text
    kept = _kept(sentence, names)
    if kept is not None:
        yield kept
    # A table may well be called alerts, or pages.
    if NOT_VOLUMES.search(re.sub(rf"\b(?:{names.pattern})\b", "", text, flags=re.IGNORECASE)):
        return
    yield from _shares(sentence, names)
    gains = _gains(sentence, names)
    if gains is not None:
        yield gains
        yield from _rows(sentence, names)
        return
    ratios = list(_ratios(sentence, names))
    yield from ratios
    many = {ratio.entity for ratio in ratios}
    yield from (rows for rows in _rows(sentence, names) if rows.entity not in many)


def _rows(sentence: _Sentence, names: _Names) -> Iterator[HasRows]:
    text = sentence.text
    cue = CUE.search(text) or PLACES.search(sentence.places)
    within = r"(?:(?:registered|total)\s+|(?:rows?|records?|documents?)\s+(?:in|of)\s+(?:the\s+)?)?"
    counted = rf"(?<![\w.,%-]){NUMBER}\s*{within}(?P<e>{names.pattern})\b(?!\s+(?:per\b|table)|\s*{PERIOD})"
    rows_of = rf"{ABOUT}{NUMBER}(?:\s*(?:rows|records|documents))?\s*(?:$|[,;.(](?!\d))"
    listed = rf"^(?P<e>{names.pattern})(?:\s+table)?\s*[:=–-]\s*{rows_of}"
    found = (*re.finditer(counted, text, re.IGNORECASE), *re.finditer(listed, text, re.IGNORECASE))
    # "200 tenants, 20,000 users" counts, whatever the words around it; so does a sentence that is nothing else.
    counts = len({m["e"].lower() for m in found}) > 1 and any(_number(m) >= LEAST for m in found)
    alone = re.fullmatch(rf"{ABOUT}{NUMBER}\s*(?:{names.pattern})\W*", text, re.IGNORECASE) is not None
    for match in found:
        rows = _number(match)
        strong = counts or STRONG.search(text) or STRONG.search(sentence.places)
        if (cue or counts or alone) and rows == int(rows) and (rows >= LEAST or strong):
            yield HasRows(names.entities[match["e"].lower()].name, int(rows), text, sentence.source)


def _ratios(sentence: _Sentence, names: _Names) -> Iterator[HasRatio]:
    child, parent = rf"(?P<c>{names.pattern})\b", rf"(?P<p>{names.pattern})\b"
    forms = (
        rf"(?<![\w.,-]){NUMBER}\s*{child}\s+(?:per|for each|for every)\s+{parent}",
        rf"\b{child}\s+per\s+{parent}\s*[:=|]\s*{ABOUT}{NUMBER}",
        rf"\b(?:each|every|an average|a typical)\s+{parent}\s+\w+\s+{ABOUT}{NUMBER}\s*{child}",
    )
    for place, form in enumerate(forms):
        for match in re.finditer(form, sentence.text, re.IGNORECASE):
            pair = [names.entities[match[each].lower()] for each in ("c", "p")]
            referring = {key.target.lower() for key in pair[0].foreign_keys}
            if pair[1].name.lower() in referring and (place < 2 or AVERAGE.search(sentence.text)):
                yield HasRatio(pair[0].name, pair[1].name, _number(match), sentence.text, sentence.source)


def _shares(sentence: _Sentence, names: _Names) -> Iterator[HasShare]:
    if not names.values:
        return
    value = "|".join(re.escape(form) for form in sorted(names.values, key=len, reverse=True))
    named = _said(sentence.text, names)
    linked = rf"(?:\s+of\s+(?:all\s+|the\s+)*(?:{names.pattern})\b)?(?:\s+(?:are|is|were|have been|in|on|end|stay))*"
    for match in re.finditer(rf"(?P<n>\d+(?:\.\d+)?)\s?%{linked}\s+(?P<v>{value})\b", sentence.text, re.IGNORECASE):
        where = [each for each in names.values[match["v"].lower()] if not named or each[0] in named]
        share = float(match["n"]) / 100
        if len(set(where)) == 1 and share <= 1:
            entity, field = where[0]
            options = next(v for f, v in _listed(_entity(names, entity)) if f == field)
            exact = next(v for v in options if match["v"].lower() in {v.lower(), v.lower().replace("_", " ")})
            yield HasShare(entity, field, exact, share, tuple(options), sentence.text, sentence.source)


def _entity(names: _Names, name: str) -> Entity:
    return next(entity for entity in names.entities.values() if entity.name == name)


def _gains(sentence: _Sentence, names: _Names) -> GainsRows | None:
    found = re.search(rf"{NUMBER}\s*(?:new\s+|more\s+)?(?:(?:{names.pattern})\b|rows|records|documents)?\s*{PERIOD}",
                      sentence.text, re.IGNORECASE)  # fmt: skip
    entity = _only(sentence.text, names)
    if found is None or entity is None:
        return None
    return GainsRows(entity.name, _number(found), _days(found), sentence.text, sentence.source)


def _days(found: re.Match[str]) -> float:
    """The days of a period that was matched."""
    return DAYS[(found["period"] or "p.a.").lower()]


def _kept(sentence: _Sentence, names: _Names) -> KeepsRows | None:
    words = r"\b(?:retention|retained|kept|keep|keeps|(?:deleted|purged|archived|removed) after)\b\D{0,30}?"
    found = re.search(rf"{words}(?P<n>\d+)\s*(?P<period>day|week|month|year)s?\b", sentence.text, re.IGNORECASE)
    entity = _only(sentence.text, names)
    if found is None or entity is None or re.search(r"\bbackups?\b", sentence.text, re.IGNORECASE):
        return None
    days = float(found["n"]) * DAYS[found["period"].lower()]
    return KeepsRows(entity.name, days, sentence.text, sentence.source)


def _only(text: str, names: _Names) -> Entity | None:
    """The one table that a sentence speaks of."""
    said = _said(text, names)
    return _entity(names, said.pop()) if len(said) == 1 else None


def _said(text: str, names: _Names) -> set[str]:
    """The tables that a sentence names."""
    return {names.entities[m.lower()].name for m in re.findall(rf"\b({names.pattern})\b", text, re.IGNORECASE)}


def _number(match: re.Match[str]) -> float:
    return float(re.sub(r"[,_]", "", match["n"])) * UNITS.get((match["u"] or "").lower(), 1)


def _of_table(table: Table, names: _Names) -> Iterator[Quantity]:
    """A table with a table's name in its first column and rows in another."""
    columns = [place for place, text in enumerate(table.header) if place and ROWS_COLUMN.search(text)]
    dotted = {place for place in columns if DOTTED.search(table.header[place])}
    growths = [place for place, text in enumerate(table.header) if place and GROWTH_COLUMN.search(text)]
    for row in table.rows:
        cells = [" ".join(re.sub(r"[`*]", "", cell).split()) for cell in row.cells]
        entity = names.entities.get(cells[0].lower()) if cells else None
        if entity is None:
            continue
        text = " | ".join(cells)
        for place in columns:
            cell = _undotted(cells[place]) if place in dotted else cells[place]
            match = re.fullmatch(rf"{ABOUT}{NUMBER}(?:\s*(?:rows|records|documents))?", cell, re.IGNORECASE)
            if match is not None:
                yield HasRows(entity.name, int(_number(match)), text, row.source)
                break
        for place in growths:
            # "Growth per year" says of every number below it what it is of.
            said = re.search(PERIOD, table.header[place], re.IGNORECASE)
            cell = _undotted(cells[place]) if dotted else cells[place]
            growth = rf"{NUMBER}(?:\s*(?:rows|records|documents))?\s*{PERIOD}"
            match = re.search(growth, f"{cell} {said[0] if said else ''}", re.IGNORECASE)
            if match is not None:
                yield GainsRows(entity.name, _number(match), _days(match), text, row.source)


def _undotted(cell: str) -> str:
    """``2.000`` as ``2000``."""
    return re.sub(r"(?<=\d)\.(?=\d{3}\b)", "", cell)

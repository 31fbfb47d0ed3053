"""What is said of a column in a cell or a bullet: keys, null, default, references, checks, in all their notations."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from harness.design.names import IDENTIFIER, PATH, bare

ACTION = r"CASCADE|SET\s+NULL|SET\s+DEFAULT|RESTRICT|NO\s+ACTION"
_TICKED_PATH = rf"[`\"]?{IDENTIFIER}[`\"]?(?:\.[`\"]?{IDENTIFIER}[`\"]?)*"


@dataclass(frozen=True, slots=True)
class Reference:
    """``target`` as written: ``users``, ``users.id`` or ``auth.users``; ``fields`` when they stand in parentheses."""

    target: str
    fields: tuple[str, ...] = ()
    on_delete: str | None = None
    on_update: str | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said of one column.

    Attributes:
        composite: the fields of a primary key that is given as a list.
        uniques: lists of fields that are unique together; an empty one means this column alone.
        reference: where it points; ``unaimed`` when it is said to be a foreign key with no target.
        checks: conditions as written, without the word CHECK; None where it is elided.
        index: it is said to be indexed.
        options: what is kept as written (``on update``, ``collate``).
        rest: words that were not understood.
    """

    primary: bool = False
    composite: tuple[str, ...] = ()
    uniques: tuple[tuple[str, ...], ...] = ()
    nullable: bool | None = None
    default: str | None = None
    generated: str | None = None
    identity: str | None = None
    reference: Reference | None = None
    unaimed: bool = False
    checks: tuple[str | None, ...] = ()
    index: bool = False
    options: tuple[tuple[str, str], ...] = ()
    rest: str = ""


def marks(text: str) -> Marks:
    """Everything that a constraints cell, or the words after a type, say."""
    text = re.sub(r"<br\s*/?>|\*\*", lambda m: ", " if m[0].startswith("<") else "", text).strip()
    result, rest, position = Marks(), "", 0
    while position < len(text):
        for pattern, rule in _RULES:
            found = pattern.match(text, position)
            if found and (read := rule(result, found, text)) is not None:
                result, position = read
                break
        else:
            word = _WORD.match(text, position)
            end = word.end() if word else position + 1
            rest += f" {text[position:end].strip()}"
            position = end
    rest = " ".join(part for part in rest.split() if re.search(r"\w", part))
    return replace(result, rest=rest)


def from_prose(text: str) -> Marks:
    """What a note or a description says in constraint words; everything else in it is prose."""
    result = Marks()
    for found in _IN_PROSE.finditer(text):
        value = _VALUE.match(text, found.end()) if found[0].lower().startswith("default") else None
        read = marks(text[found.start() : value.end() if value else _prose_end(text, found)])
        result = merged(result, replace(read, rest=""))
    return result


def merged(first: Marks, second: Marks) -> Marks:
    """Both together; what the first says goes before."""
    return Marks(
        first.primary or second.primary,
        first.composite or second.composite,
        tuple(dict.fromkeys((*first.uniques, *second.uniques))),
        first.nullable if first.nullable is not None else second.nullable,
        first.default if first.default is not None else second.default,
        first.generated if first.generated is not None else second.generated,
        first.identity or second.identity,
        first.reference or second.reference,
        (first.unaimed or second.unaimed) and not (first.reference or second.reference),
        tuple(dict.fromkeys((*first.checks, *second.checks))),
        first.index or second.index,
        (*first.options, *second.options),
        " ".join(part for part in (first.rest, second.rest) if part),
    )


_WORD = re.compile(r"[^\W_][\w'’-]*")
_CASED = r"PRIMARY KEY|NOT NULL|UNIQUE|AUTO_INCREMENT|FOREIGN KEY|REFERENCES|CHECK\s*\(|GENERATED\s+(?:ALWAYS|BY)"
_IN_PROSE = re.compile(
    rf"\b(?:{_CASED})|(?:\bFK\b\s*(?:→|->|to\b|:)|→|\bFK\s*\()\s*{_TICKED_PATH}|\bPK\b(?=\s*(?:[,;.)]|$))|"
    r"(?:^|(?<=[,;.]\s))(?i:primary key|nullable|required|unique|not null|optional)(?=\s*(?:[,;.)]|$))|"
    rf"\b(?i:references?(?:\s+to)?|refers\s+to|points\s+to)\s+(?=`?{IDENTIFIER}`?\.`?{IDENTIFIER})|"
    r"\b(?i:defaults?(?:\s+to|:|\s*=)?)\s+(?=`|'|-?\d|\w+\(\)|(?i:true|false|null|now|current_\w+)\b)"
)
_VALUE = re.compile(r"`[^`]+`|'[^']*'(?:::\w+)?|-?\d[\d.]*|\w+(?:\([^()]*\))?")
_ENDS = re.compile(r"[;.](?:\s|$)|\s[-–—]\s|,(?=\s)(?!\s+on\s+(?:delete|update)\b)", re.IGNORECASE)


def _prose_end(text: str, found: re.Match[str]) -> int:
    """Where the words of a constraint in prose end: a full stop, a dash or a comma outside parentheses and quotes."""
    depth = 0
    quote = ""
    for position in range(found.start(), len(text)):
        mark = text[position]
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'`":
            quote = mark
        elif position >= found.end() and depth <= 0 and _ENDS.match(text, position):
            return position
        depth += (mark in "([") - (mark in ")]") if not quote else 0
    return len(text)


def balanced(text: str, start: int) -> int:
    """The position after the parenthesis that closes the one at ``start``; the text's end when none does."""
    depth = 0
    quote = ""
    for position in range(start, len(text)):
        mark = text[position]
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"":
            quote = mark
        else:
            depth += (mark == "(") - (mark == ")")
            if depth == 0:
                return position + 1
    return len(text)


def unparenthesised(text: str) -> str:
    """A condition without ticks and parentheses around all of it."""
    text = text.strip().strip("`").strip()
    while text.startswith("(") and balanced(text, 0) == len(text) and text.endswith(")"):
        text = text[1:-1].strip()
    return text


def fields(text: str) -> tuple[str, ...]:
    """The names in a list such as ``(post_id, tag_id)``."""
    return tuple(n for n in (bare(part).strip('()` "') for part in re.split(r",|\s\+\s|\sand\s", text)) if n)


_Read = tuple[Marks, int] | None
_NEXT = re.compile(
    r"\s*(?:[,;|]|$|\b(?:NOT\s+NULL|NULL\b(?!IF)|PRIMARY|PK\b|UNIQUE|UK\b|CHECK\b|REFERENCES|FOREIGN|FK\b|AUTO_INCREMENT|"
    r"GENERATED|COMMENT|COLLATE|INDEX(?:ED)?\b|NULLABLE|REQUIRED|DEFAULT)|ON\s+(?:UPDATE|DELETE)\b|[-–—]\s|→|<br)",
    re.IGNORECASE,
)


def _separator(result: Marks, found: re.Match[str], _: str) -> _Read:
    return result, found.end()


def _primary(result: Marks, found: re.Match[str], _: str) -> _Read:
    return replace(result, primary=True, composite=fields(found["list"] or "") or result.composite), found.end()


def _unique(result: Marks, found: re.Match[str], _: str) -> _Read:
    return replace(result, uniques=(*result.uniques, fields(found["list"] or found["with"] or ""))), found.end()


def _null(nullable: bool) -> Callable[[Marks, re.Match[str], str], _Read]:
    return lambda result, found, _: (replace(result, nullable=nullable), found.end())


def _default(result: Marks, found: re.Match[str], text: str) -> _Read:
    position = found.end()
    if text[position : position + 1] == "`" and (end := text.find("`", position + 1)) > 0:
        return replace(result, default=text[position + 1 : end].strip()), end + 1
    while position < len(text) and (position == found.end() or not _NEXT.match(text, position)):
        if text[position] == "(":
            position = balanced(text, position)
        elif text[position] in "'\"":
            closing = text.find(text[position], position + 1)
            position = closing + 1 if closing > 0 else len(text)
        elif text[position] == ")":
            break
        else:
            position = _token_end(text, position)
    value = text[found.end() : position].strip().strip("`").rstrip(".").strip()
    return (replace(result, default=value), position) if value else None


def _token_end(text: str, position: int) -> int:
    word = re.compile(r"[\w.$]+|\s+|.", re.DOTALL).match(text, position)
    return word.end() if word else position + 1


def _check(result: Marks, found: re.Match[str], text: str) -> _Read:
    start = found.end()
    if text[start : start + 1] == "`" and (closing := text.find("`", start + 1)) > 0:
        end = closing + 1
    elif text[start : start + 1] == "(":
        end = balanced(text, start)
    else:
        end = _condition_end(text, start)
    condition: str | None = unparenthesised(text[start:end])
    if not condition:
        return None
    elided = re.search(r"\.{3}|…", re.sub(r"'[^']*'", "", condition))
    return replace(result, checks=(*result.checks, None if elided else condition)), end


def _condition_end(text: str, position: int) -> int:
    """Where a condition without parentheses ends: ``> 0``, ``IN ('a', 'b')``, ``>= 1 AND <= 5``."""
    while position < len(text):
        if text[position] == "(":
            position = balanced(text, position)
        elif text[position] == "'":
            closing = text.find("'", position + 1)
            position = closing + 1 if closing > 0 else len(text)
        elif text[position] in ",;)|" or _NEXT_AFTER_CHECK.match(text, position):
            break
        else:
            position = _token_end(text, position)
    return position


_NEXT_AFTER_CHECK = re.compile(
    r"\s+(?:NOT\s+NULL|PRIMARY|UNIQUE|DEFAULT|REFERENCES|FOREIGN|FK\b|CHECK|INDEX(?:ED)?)\b", re.IGNORECASE
)


def _between(result: Marks, found: re.Match[str], _: str) -> _Read:
    return replace(result, checks=(*result.checks, f"BETWEEN {found['low']} AND {found['high']}")), found.end()


def _comparison(result: Marks, found: re.Match[str], _: str) -> _Read:
    return replace(
        result, checks=(*result.checks, bare(found["check"]).replace("≥", ">=").replace("≤", "<="))
    ), found.end()


def _values(result: Marks, found: re.Match[str], _: str) -> _Read:
    labels = [bare(part).strip("'\"` ") for part in re.split(r"[,|/]", found["values"])]
    listed = ", ".join(f"'{v}'" for v in labels if v)
    elided = "..." in found["values"] or "…" in found["values"]
    return replace(result, checks=(*result.checks, None if elided else f"IN ({listed})")), found.end()


def _reference(result: Marks, found: re.Match[str], _: str) -> _Read:
    target = re.sub(r"[`\"]", "", found["target"])
    if target.lower() in {"key", "to", "the", "on", "not", "null", "unique", "and", "a"}:
        return None
    reference = Reference(target.removeprefix("public."), fields(found["fields"] or ""))
    return replace(result, reference=reference, unaimed=False), found.end()


def _unaimed(result: Marks, found: re.Match[str], _: str) -> _Read:
    return replace(result, unaimed=result.reference is None), found.end()


def _action(result: Marks, found: re.Match[str], _: str) -> _Read:
    if result.reference is None:
        return None
    action = re.sub(r"\s+", " ", (found["action"] or found["before"] or "CASCADE").upper())
    event = "on_update" if "update" in found[0].lower() else "on_delete"
    if event == "on_update":
        return replace(result, reference=replace(result.reference, on_update=action)), found.end()
    return replace(result, reference=replace(result.reference, on_delete=action)), found.end()


def _identity(how: str | None) -> Callable[[Marks, re.Match[str], str], _Read]:
    def read(result: Marks, found: re.Match[str], _: str) -> _Read:
        return replace(result, identity=how or re.sub(r"\s+", " ", found["how"].lower())), found.end()

    return read


def _generated(result: Marks, found: re.Match[str], text: str) -> _Read:
    end = balanced(text, found.end() - 1)
    after = re.compile(r"\s*(STORED|VIRTUAL)\b", re.IGNORECASE).match(text, end)
    stored = ((*result.options, (after[1].lower(), "yes")),) if after else (result.options,)
    generated = unparenthesised(text[found.end() - 1 : end])
    return replace(result, generated=generated, options=stored[0]), after.end() if after else end


def _option(result: Marks, found: re.Match[str], _: str) -> _Read:
    return replace(
        result, options=(*result.options, (" ".join(found["name"].lower().split()), bare(found["value"])))
    ), found.end()


def _index(result: Marks, found: re.Match[str], _: str) -> _Read:
    return replace(result, index=True), found.end()


_PRIMARY_KEY = (
    r"(?:(?:primary\s+key|primary|pk\d?|primärschlüssel|clave\s+primaria|chave\s+primária|clé\s+primaire|"
    r"birincil\s+anahtar|первичный\s+ключ)\b|主键)"
)
_FOREIGN_KEY = (
    r"(?:(?:foreign\s+key|fk|fremdschlüssel|clave\s+(?:foránea|externa)|chave\s+estrangeira|clé\s+étrangère|"
    r"yabancı\s+anahtar|внешний\s+ключ)\b|外键)"
)
_Rule = Callable[[Marks, re.Match[str], str], _Read]
_ARROW = r"(?:→|⟶|➜|➔|->|-->|=>|⇒|↗|>)"
_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), rule)
    for pattern, rule in (
        (r"[\s,;·•&+、，；]+|(?:and|with)\b|[—–-]+(?=\s|$)|\bn/?a\b|none\b", _separator),
        (
            (
                r"(?:part\s+of\s+(?:the\s+)?)?(?:composite\s+)?" + _PRIMARY_KEY + r"(?:\s*\(?part\b[^),]*\)?)?"
                r"(?:\s*[:=]?\s*`?\((?P<list>[^()]*,[^()]*)\)`?)?"
            ),
            _primary,
        ),
        (r"composite\s+key\s*`?\((?P<list>[^()]*)\)`?", _primary),
        (
            (
                rf"(?:{_FOREIGN_KEY}\s*(?:\({IDENTIFIER}\)\s*)?)?(?:(?:{_ARROW}|refer(?:ences?|s)\b|points\b|refs?\b:?|to\b|:|=)\s*)+\(?"
                rf"(?P<target>{_TICKED_PATH})(?:\s*\((?P<fields>[^()]*)\))?\)?`?"
            ),
            _reference,
        ),
        (
            rf"(?:foreign\s+key|fk)\s*\(?\s*`?(?P<target>{PATH})`?(?:\s*\((?P<fields>[^()]*)\))?\)?(?=\s*(?:$|[,;)]|on\b))",
            _reference,
        ),
        (_FOREIGN_KEY, _unaimed),
        (
            (
                rf"on\s+(?:delete|update)\s*:?\s*(?P<action>{ACTION})|(?P<before>{ACTION})\s+on\s+(?:delete|update)|"
                r"cascade\s+deletes?"
            ),
            _action,
        ),
        (r"(?P<name>on\s+update)\s+(?P<value>current_timestamp(?:\(\d*\))?|now\(\))", _option),
        (
            (
                r"not\s*[-_]?null(?:able)?\b|non[- ]?null(?:able)?\b|nn\b|required\b|mandatory\b|обязательн\w*|"
                r"zorunlu\b|obrigat\w+|非空|不为空|不能为空|必須"
            ),
            _null(False),
        ),
        (r"null(?:able|s\s+allowed)?\b|optional\b|необязательн\w*|可空|可为空", _null(True)),
        (
            (
                r"(?:composite\s+)?(?:(?:unique|uniq|uk|uq|eindeutig)\b|唯一)(?:\s+(?:key|index|constraint))?"
                r"(?:\s*`?\((?P<list>[^()]*)\)`?|\s+(?:with|together\s+with)\s+`?(?P<with>\(?[\w, `]+\)?))?"
            ),
            _unique,
        ),
        (r"generated\s+(?P<how>always|by\s+default)\s+as\s+identity(?:\s*\([^()]*\))?", _identity(None)),
        (r"(?:generated\s+always\s+)?as\s*(?=\()\(", _generated),
        (
            r"auto[\s_-]*incr(?:ement(?:ing|ed)?)?\b|ai\b|auto\b|自增(?:长)?|identit(?:y|ät)\b(?:\s*\([^()]*\))?",
            _identity("auto"),
        ),
        (r"defaults?\b(?:\s+value)?\s*(?:to\b|:|=)?\s*", _default),
        (r"(?:with\s+)?check(?:\s+constraint)?\s*:?\s*", _check),
        (
            r"(?:must\s+be\s+|value\s+)?between\s+(?P<low>-?[\d.]+)\s+and\s+(?P<high>-?[\d.]+)(?:\s*\(?inclusive\)?)?",
            _between,
        ),
        (r"(?:must\s+be\s+)?`?(?P<check>(?:>=|<=|<>|!=|>|<|≥|≤)\s*-?[\d.]+)`?", _comparison),
        (
            r"(?:enum|one\s+of|values?|allowed(?:\s+values)?|in)\s*:?\s*\(?(?P<values>['\"`][^)\n;]*|[\w-]+(?:\s*[|/,]\s*[\w-]+)+)\)?",
            _values,
        ),
        (r"(?P<values>'[^']*'(?:\s*[|,/]\s*'[^']*')+)", _values),
        (r"(?P<name>collate)\s+(?P<value>[\"\w.-]+)", _option),
        (r"(?:indexed|index|idx)\b", _index),
    )
)

"""Types as they are written in cells and bullets: where one begins, and where the words after it begin."""

import re

_KNOWN_TEXT = """
int integer bigint smallint tinyint mediumint int2 int4 int8 serial bigserial smallserial serial4 serial8 uuid
guid varchar char character text string str citext nvarchar nchar varchar2 clob tinytext mediumtext longtext
bool boolean bit date datetime datetime2 timestamp timestamptz timetz time interval year json jsonb decimal
numeric number float float4 float8 double real money bytea blob tinyblob mediumblob longblob binary varbinary
inet cidr macaddr enum set array object objectid bson long isodate vector geometry geography point polygon
tsvector tsquery hstore xml uniqueidentifier int64 int32 ulid ltree int4range int8range numrange tsrange
tstzrange daterange halfvec map mixed decimal128 unsigned
"""
_KNOWN = frozenset(_KNOWN_TEXT.split())
_NAME = re.compile(rf"^(?:{'|'.join(sorted(_KNOWN, key=len, reverse=True))})(?![\w.])", re.IGNORECASE)
_WORDS_AFTER = re.compile(
    r"\b(?:primary|pk|fk|foreign|not\s+null|null(?:able)?|unique|uk|uq|default|check|references?|auto[_ -]?increment|"
    r"generated|identity|required|optional|index(?:ed)?|collate|comment|constraint|on\s+(?:delete|update)|composite|"
    r"autoincrement|immutable|nn)\b|→|->|=>|⇒|,|;|\s[-–—]\s|[✓✅]",
    re.IGNORECASE,
)


def begins_type(text: str) -> bool:
    """Whether a text begins with the name of a type that some engine has."""
    return _NAME.match(text.lstrip("`*( ")) is not None


def cut(text: str) -> tuple[str, str]:
    """A type, and the words after it: ``VARCHAR(255) UNIQUE`` is ``VARCHAR(255)`` and ``UNIQUE``."""
    text = text.strip()
    depth = 0
    quote = ""
    for position, mark in enumerate(text):
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"":
            quote = mark
        elif mark in "([{<":
            if mark == "(" and depth == 0 and position and _WORDS_AFTER.match(text, position + 1):
                return text[:position].strip(), _unwrapped(text[position:])
            if mark == "(" and depth == 0 and position and _is_remark(text, position):
                return text[:position].strip(), text[position:].partition(")")[2].strip(" ,;")
            depth += 1
        elif mark in ")]}>" and depth:
            depth -= 1
        elif depth == 0 and _starts_word(text, position) and _WORDS_AFTER.match(text, position):
            return text[:position].strip(), text[position:].strip(" ,;")
    return text, ""


def _is_remark(text: str, position: int) -> bool:
    """Whether a parenthesis holds a remark and no type's arguments: ``text (PAID / PENDING)``."""
    inner = text[position + 1 : text.find(")", position)]
    return text[position - 1].isspace() and re.search(r"^[^\W\d]\w* |[^\W\d]\w*\s*/", inner) is not None


def _starts_word(text: str, position: int) -> bool:
    return position > 0 and not (
        text[position].isalnum() and (text[position - 1].isalnum() or text[position - 1] == "_")
    )


def _unwrapped(text: str) -> str:
    """``(PK) rest`` as ``PK rest``."""
    inner, closed, rest = text[1:].partition(")") if "(" not in text[1:] else (text[1:].rstrip(")"), "", "")
    return f"{inner}, {rest}".strip(" ,") if closed else inner

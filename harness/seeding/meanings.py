"""What a column is about, by its name, its table and its description: only a hint for what its values look like."""

import re
from functools import lru_cache

from harness.design.model import Entity, Field
from harness.seeding import german
from harness.seeding.hints import (
    CODED,
    CREATION,
    FEW,
    FIRMS,
    FLAGS,
    GOODS,
    GROUPS,
    LOOKUPS,
    NAMED,
    NUMBER,
    PEOPLE,
    PLACES,
    RARELY_THERE,
    STATUSES,
    STAYS,
    TEXT,
    TIME,
    TRADES,
)


def _first(table: tuple[tuple[str, str], ...], name: str) -> str:
    return next((meaning for pattern, meaning in table if re.search(pattern, name)), "")


def plain(name: str) -> str:
    """``createdAt``, ``Created_At`` and ``erstellt_am`` as ``created_at``; the last part of a dotted name."""
    last = name.rsplit(".", 1)[-1]
    lower = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last).lower()
    return german.english(lower, german=german.spoken())


@lru_cache(maxsize=4096)
def _text(name: str, entity: str, description: str) -> str:
    found = _first(TEXT, name)
    match found:
        case "name":
            return of_name(entity)
        case "title":
            return of_title(entity)
        case "paragraph" | "sentence" | "word" | "metric" | "category" | "company" if special := _trade(name, entity):
            found = special
        case "paragraph" | "sentence" if re.search(r"review|rating|testimonial|comment", entity):
            found = "review"
        case "paragraph" if any(word in entity for word in GOODS) and "article" not in entity:
            found = "description"
        case "password hash" if "argon" in description.lower():
            found = "argon2 hash"
    return found or _first(TEXT[:12], description.lower())


def _trade(name: str, entity: str) -> str:
    return next((m for column, table, m in TRADES if re.search(column, name) and re.search(table, entity)), "")


def text(entity: Entity, field: Field) -> str:
    """What a text is: ``email``, ``full name``, ``company``, ``sku`` …; empty when nothing says."""
    name, table = plain(field.name), plain(entity.name)
    if name == "state":
        return "state" if any(re.search(r"city|zip|postal", plain(f.name)) for f in entity.fields) else "status"
    if re.fullmatch(r"(iso_?)?code(_?[23])?|id|iso[_23]*", name):
        return next(
            (meaning for word, meaning in CODED.items() if word in table), _text(name, table, field.description)
        )
    found = _text(name, table, field.description)
    return "stay review" if found == "review" and any(re.search(STAYS, plain(f.name)) for f in entity.fields) else found


def statuses(entity: Entity) -> tuple[str, ...] | None:
    """The usual statuses of such a table; None when it says nothing."""
    return next((found for pattern, found in STATUSES if re.search(pattern, plain(entity.name))), None)


def usual(field: Field) -> str | None:
    """The text that a default gives, which is then the usual one."""
    found = re.match(r"'([^']+)'", field.default or "")
    return found[1] if found else None


def of_name(entity: str) -> str:
    """What the ``name`` of a row of that table is."""
    if found := next((meaning for pattern, meaning in NAMED if re.search(pattern, entity)), ""):
        return found
    kinds = ((PEOPLE, "full name"), (FIRMS, "company"), (GOODS, "product"), (GROUPS, "category"))
    for words, meaning in kinds:
        if any(word in entity for word in words):
            return meaning
    if re.search(PLACES, entity):
        return "place"
    special = {"countr": "country", "cit": "city", "role": "role", "event": "title", "project": "title"}
    return next((meaning for word, meaning in special.items() if word in entity), "label")


def of_title(entity: str) -> str:
    """What the ``title`` of a row of that table is."""
    if re.search(r"employee|staff|contact|person|people|member", entity):
        return "job"
    if re.search(PLACES, entity) or any(word in entity for word in (*GOODS[:-4], *GROUPS)):
        return of_name(entity) if "article" not in entity else "title"
    pools = ((r"propert|listing|hotel|room|apartment|house|home", "home title"),
             (r"ticket|issue|task|todo|case|bug|request", "task title"),
             (r"letter|mail|message|campaign|notification", "letter title"))  # fmt: skip
    return next((pool for pattern, pool in pools if re.search(pattern, entity)), "title")


def number(field: Field) -> str:
    """What a number counts: ``money``, ``quantity``, ``rating`` …; empty when nothing says."""
    return _first(NUMBER, plain(field.name))


def is_price(field: Field) -> bool:
    """Whether a number is the price of one thing, as it stands on a tag."""
    return re.search(r"price|(^|_)fee$|^cost$|^rate$", plain(field.name)) is not None


def measured_by(entity: Entity, field: Field) -> str | None:
    """The field that names the quantity whose value or unit a field holds (``metric`` beside ``value``)."""
    if number(field) != "value" and _first(TEXT, plain(field.name)) != "unit":
        return None
    inside = field.name.rpartition(".")[0]
    names = (f.name for f in entity.fields if f.nullable is False and f.shape is not None)
    beside = (n for n in names if n.rpartition(".")[0] == inside)
    return next((n for n in beside if re.fullmatch(r"metric(_name)?|sensor_type|quantity|measure", plain(n))), None)


def instant(field: Field) -> str:
    """What happened then: ``birth``, ``later``, ``updated``, ``end`` …; empty for the event itself (created)."""
    return _first(TIME, plain(field.name))


def is_creation(field: Field) -> bool:
    """Whether an instant is that of the row itself."""
    return re.search(CREATION, plain(field.name)) is not None


def truth(field: Field) -> float:
    """The share of rows for which a flag is true."""
    name = plain(field.name)
    found = next((share for pattern, share in FLAGS if re.search(pattern, name)), None)
    if found is not None:
        return found
    default = (field.default or "").lower()
    return 0.85 if "true" in default or default == "1" else 0.15 if "false" in default or default == "0" else 0.5


def absence(field: Field) -> float:
    """The share of NULL in a nullable field."""
    name = plain(field.name)
    if re.search(RARELY_THERE, name):
        return 0.95 if re.search(r"deceas|died|delet|archiv|bann|revok|suspend|terminat", name) else 0.85
    if re.search(r"^(created|updated|inserted|modified)_?(at|on|date)$", name) or field.default is not None:
        return 0.0
    return 0.1 if instant(field) in {"", "updated", "birth"} else 0.3


def few(entity: str) -> int | None:
    """How many rows a lookup table usually has, by its name."""
    return next((rows for word, rows in FEW.items() if word in plain(entity)), None)


def is_lookup(entity: str) -> bool:
    """Whether a table is one of few rows by nature: countries, roles, order_statuses."""
    return re.search(LOOKUPS, plain(entity)) is not None

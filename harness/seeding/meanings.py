"""What a column is about, by its name, its table and its description: only a hint for what its values look like."""

import re
from functools import lru_cache

from harness.design.model import Entity, Field

PEOPLE = (
    "user", "customer", "person", "people", "employee", "member", "contact", "author", "patient", "student", "lead",
    "teacher", "client", "staff", "profile", "subscriber", "admin", "guest", "driver", "doctor",
    "buyer", "account", "agent",
)  # fmt: skip
FIRMS = (
    "compan", "organi", "vendor", "supplier", "tenant", "merchant", "publisher", "brand", "manufacturer", "store",
    "shop", "firm", "business",
)  # fmt: skip
GOODS = ("product", "item", "article", "good", "listing", "variant", "part", "material")
PLACES = r"warehouse|branch|office|(^|_)sites?$|location|depot|hub|facilit|venue|clinic|plant"
GROUPS = ("categor", "tag", "topic", "department", "genre", "collection", "label")
LOOKUPS = (
    r"(categor(y|ies)|roles?|permissions?|countr(y|ies)|currenc(y|ies)|languages?|locales?|settings?|configs?|"
    r"configurations?|plans?|departments?|units?|regions?|states?|timezones?|genres?|priorit(y|ies)|features?|"
    r"feature_flags?|tiers?|levels?|warehouses?|tax_rates?|shipping_methods?|payment_methods?)$|"
    r"(_types?|_status(es)?|_kinds?|_levels?|_categor(y|ies)|_lookup|_config)$|^(lookup|ref|dim|enum)_"
)

TEXT: tuple[tuple[str, str], ...] = (
    (r"(password|passwd|pwd)", "password hash"),
    (r"e_?mail", "email"),
    (r"(first|given|fore)_?name", "first name"),
    (r"(last|family|sur)_?name", "last name"),
    (r"middle_?name", "first name"),
    (
        (
            r"(full|display|contact|real|customer|user|recipient|author|employee|person|holder|owner|billing|"
            r"shipping)_name"
        ),
        "full name",
    ),
    (r"^(user_?name|login|nick_?name|handle|screen_name|actor)$|_(username|login|handle|by)$", "username"),
    (
        r"^(reader|author|assignee|reporter|sender|recipient|customer|patient|driver|signer|guest|buyer|reviewer)$",
        "full name",
    ),
    (r"(^|_)iban$", "iban"),
    (r"^(door|room_?(no|number)?)$", "door"),
    (r"phone|mobile|^fax|cell", "phone"),
    (r"avatar|image_url|photo|thumbnail|picture|cover", "image url"),
    (r"url|link|website|homepage|uri$|webhook|endpoint|referr?er", "url"),
    (r"slug|permalink", "slug"),
    (r"(^|_)(upc|ean|barcode|gtin|isbn)(_?13)?$", "barcode"),
    (r"(^|_)(sku|mpn|part_number)$", "sku"),
    (r"country_?(code)?(_2|_alpha2|_iso)?$|^nationality$", "country"),
    (r"currency", "currency"),
    (r"colou?r", "colour"),
    (r"user_?agent|browser", "user agent"),
    (r"(^|_)(ip|ip_addr(ess)?|remote_addr)$", "ip"),
    (r"mac_addr", "mac"),
    (r"^(street|addr)|address(_line)?(_?1)?$|line_?1$|street", "street address"),
    (r"address_?line_?2|line_?2$|apartment|suite", "suite"),
    (r"city|town", "city"),
    (r"(postal|zip|post)_?code|(^|_)zip$|postcode", "postal code"),
    (r"^(state|province)_code$|(billing|shipping|home|mailing|address|delivery)_state|(^|_)province$", "state"),
    (r"^region$", "state"),
    (r"company|organi[sz]ation|employer|vendor|supplier|brand|manufacturer|merchant", "company"),
    (r"job|occupation|profession|position_title", "job"),
    (r"time_?zone|^tz$", "timezone"),
    (r"locale", "locale"),
    (r"lang(uage)?(_code)?$", "language"),
    (r"mime|content_type|media_type", "mime type"),
    (r"file_?name|original_name", "file name"),
    (r"path|directory|storage_key|object_key|^key$", "path"),
    (r"(checksum|sha|md5|digest|hash|fingerprint|etag)", "hash"),
    (r"token|secret|api_key|session_?(id|key)|nonce|refresh|salt|signature", "token"),
    (r"uuid|guid", "uuid"),
    (
        (
            r"(tracking|reference|order|invoice|transaction|confirmation|serial|account|ticket|receipt|batch|lot|"
            r"card|po|external|payment|charge|stripe|idempotency)_?(number|no|num|code|ref|reference|id|key)$|"
            r"^(reference|ref|number)$"
        ),
        "reference",
    ),
    (r"(^|_)serial$", "reference"),
    (r"(^|_)model$", "model"),
    (r"(^|_)metric(_name)?$", "metric"),
    (r"(^|_)rule(_name)?$", "rule"),
    (r"error|exception|failure_reason", "error"),
    (r"(^|_)(query|words|search(_term|_text|es)?|term)$", "search"),
    (r"review|feedback|testimonial", "review"),
    (r"coupon|promo|voucher|discount_code|gift", "coupon"),
    (r"gender|^sex$", "gender"),
    (r"role", "role"),
    (r"http_method|request_method", "http method"),
    (r"payment_method|method|gateway|provider", "method"),
    (r"carrier", "carrier"),
    (r"status|^state$|_state$", "status"),
    (r"priority|severity|urgency", "priority"),
    (r"(log_)?level", "level"),
    (r"event(_type|_name)?$", "event"),
    (r"^action", "action"),
    (r"(resource|entity|object|subject|target|owner|commentable|record|auditable)_type", "entity"),
    (r"type|kind|tier|plan|class|mode|segment|grade|source|channel|variant", "kind"),
    (r"categor|genre|department|topic", "category"),
    (r"tag|keyword|label", "word"),
    (r"^size$|_size$", "size name"),
    (r"^(unit|uom)|_unit$", "unit"),
    (r"version", "version"),
    (r"domain|host", "domain"),
    (r"title|subject|headline|heading", "title"),
    (r"^id$|_id$|_key$", "identifier"),
    (r"(^|_)(bio|about|biography)", "bio"),
    (r"body|content|description|article|details|summary|abstract|text", "paragraph"),
    (r"comment|note|message|reason|remark|caption|memo|excerpt|answer|question", "sentence"),
    (r"first|given", "first name"),
    (r"last|family", "last name"),
    (r"name", "name"),
    (r"code$|^code|abbrev", "code"),
)
NUMBER: tuple[tuple[str, str], ...] = (
    (r"lat(itude)?$", "latitude"),
    (r"(lng|lon|long|longitude)$", "longitude"),
    (r"rating|stars", "rating"),
    (r"percent|pct|_rate$|^rate$|discount|commission", "percent"),
    (r"^nights|_nights$|^beds|_beds$|bedrooms?|bathrooms?|adults|children|passengers", "few"),
    (r"quantity|^qty|_qty$|seats|guests", "quantity"),
    (r"^(value|reading|measurement)$", "value"),
    (r"reserved|allocated|backorder|on_hold", "reserved"),
    (r"stock|inventory|on_hand|available|capacity", "stock"),
    (r"year", "year"),
    (r"^age$|_age$", "age"),
    (r"cents|_minor$", "cents"),
    (
        (
            r"price|amount|total|cost|fee|subtotal|balance|salary|revenue|budget|spent|paid|value|credit|debit|"
            r"wage|^sum$|_sum$|charge|refund|closing|opening"
        ),
        "money",
    ),
    (r"tax|shipping|tip", "extra"),
    (r"weight|mass", "weight"),
    (r"length|width|height|depth|distance|radius", "measure"),
    (r"size|bytes", "bytes"),
    (r"duration|elapsed|seconds|latency|_ms$|minutes|hours", "duration"),
    (r"score|points|karma", "score"),
    (r"position|sort|^order$|_order$|rank|sequence|line_no|line_number|ordinal|display_order|index", "position"),
    (r"version|revision", "version"),
    (r"attempt|retr(y|ies)|failed_", "small"),
    (r"count|views|likes|num_|number_of|hits|visits|clicks|downloads|followers", "count"),
    (r"level|priority|tier|depth", "small"),
    (r"temperature", "temperature"),
    (r"http_?(status|code)|status_code", "http status"),
    (r"port$", "port"),
    (r"month", "month"),
    (r"hour$", "hour"),
    (r"day$|days$", "days"),
)
TIME: tuple[tuple[str, str], ...] = (
    (r"birth|^dob$|born", "birth"),
    (
        (
            r"expir|valid_(until|to)|due|end(s|ed)?_?(at|on|date|time)?$|renew|deadline|_until$|_to$|next_|"
            r"checkout|check_?(in|out)|return_date|scheduled|delivery_date|depart|arriv|(^|_)stays?_|remind|appointment"
        ),
        "later",
    ),
    (r"delet|archiv|cancel|refund|revok|banned|closed|terminat|dismiss", "end"),
    (r"updat|modif|chang|last_|synced|seen", "updated"),
    (r"complet|finish|resolv|deliver|read_at|return", "done"),
    (r"ship|dispatch|fulfil|process|confirm|verif|approv|publish|accept", "step"),
    (r"paid|pay|charg|captur|sent", "paid"),
    (r"start|begin|from", "start"),
    (r"hire|join|found|establish", "past"),
)
CREATION = r"creat|insert|register|record|plac|post|occur|happen|(^|_)(at|on|timestamp|ts)$"
FLAGS: tuple[tuple[str, float], ...] = (
    (r"delet|bann|archiv|block|lock|suspend|spam|refund|cancel|fraud|expired|disab|hidden|flag|blacklist", 0.03),
    (r"admin|staff|super|root|system|internal|test", 0.02),
    (r"default|primary|main", 0.3),
    (r"activ|enabled|visible|valid|available|public|success|is_open", 0.9),
    (r"verif|confirm|approv|read|paid|complete|subscrib|published|accept", 0.75),
    (r"feature|premium|vip|promo|sale|urgent", 0.12),
)
RARELY_THERE = r"delet|archiv|cancel|refund|bann|revok|suspend|terminat|clos|middle_name|line_?2|suite|error|fail|block"


def _first(table: tuple[tuple[str, str], ...], name: str) -> str:
    return next((meaning for pattern, meaning in table if re.search(pattern, name)), "")


def plain(name: str) -> str:
    """``createdAt`` and ``Created_At`` as ``created_at``; the last part of a dotted name."""
    last = name.rsplit(".", 1)[-1]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last).lower()


@lru_cache(maxsize=4096)
def _text(name: str, entity: str, description: str) -> str:
    found = _first(TEXT, name)
    match found:
        case "name":
            return of_name(entity)
        case "title":
            return of_title(entity)
        case "paragraph" | "sentence" if re.search(r"review|rating|testimonial|comment", entity):
            found = "review"
        case "paragraph" if any(word in entity for word in GOODS) and "article" not in entity:
            found = "description"
        case "password hash" if "argon" in description.lower():
            found = "argon2 hash"
    return found or _first(TEXT[:12], description.lower())


def text(entity: Entity, field: Field) -> str:
    """What a text is: ``email``, ``full name``, ``company``, ``sku`` …; empty when nothing says."""
    name, table = plain(field.name), plain(entity.name)
    if name == "state":
        return "state" if any(re.search(r"city|zip|postal", plain(f.name)) for f in entity.fields) else "status"
    if re.fullmatch(r"(iso_?)?code(_?[23])?|id|iso[_23]*", name):
        return next(
            (meaning for word, meaning in CODED.items() if word in table), _text(name, table, field.description)
        )
    return _text(name, table, field.description)


CODED = {"countr": "country", "currenc": "currency", "language": "language", "locale": "locale"}
"""Tables whose rows are known by a code of their own."""
STATUSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"order|shipment|deliver", ("pending", "paid", "processing", "shipped", "delivered", "cancelled", "returned")),
    (r"payment|charge|transaction|transfer", ("succeeded", "pending", "failed", "refunded")),
    (r"invoice|bill", ("paid", "open", "overdue", "void")),
    (r"post|article|page|product|listing|course", ("published", "draft", "archived")),
    (r"ticket|issue|task|request|case", ("open", "in_progress", "resolved", "closed")),
    (r"subscription|membership|licen", ("active", "trialing", "past_due", "cancelled", "expired")),
    (r"job|import|export|queue|run", ("completed", "running", "queued", "failed")),
    (r"booking|reservation|appointment", ("confirmed", "pending", "completed", "cancelled")),
    (r"user|account|customer|member|employee", ("active", "inactive", "suspended")),
)


def statuses(entity: Entity) -> tuple[str, ...] | None:
    """The usual statuses of such a table; None when it says nothing."""
    return next((found for pattern, found in STATUSES if re.search(pattern, plain(entity.name))), None)


def usual(field: Field) -> str | None:
    """The text that a default gives, which is then the usual one."""
    found = re.match(r"'([^']+)'", field.default or "")
    return found[1] if found else None


def of_name(entity: str) -> str:
    """What the ``name`` of a row of that table is."""
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
        return 0.95 if re.search(r"delet|archiv|bann|revok|suspend|terminat", name) else 0.85
    if re.search(r"^(created|updated|inserted|modified)_?(at|on|date)$", name) or field.default is not None:
        return 0.0
    return 0.1 if instant(field) in {"", "updated", "birth"} else 0.3


FEW = {
    "countr": 60,
    "role": 5,
    "status": 6,
    "plan": 4,
    "tier": 4,
    "level": 5,
    "priorit": 4,
    "type": 8,
    "kind": 6,
    "permission": 30,
}


def few(entity: str) -> int | None:
    """How many rows a lookup table usually has, by its name."""
    return next((rows for word, rows in FEW.items() if word in plain(entity)), None)


def is_lookup(entity: str) -> bool:
    """Whether a table is one of few rows by nature: countries, roles, order_statuses."""
    return re.search(LOOKUPS, plain(entity)) is not None

"""What names of columns and tables tell of their values: patterns, the first that is found counts."""

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
    r"configurations?|plans?|departments?|units?|regions?|states?|timezones?|genres?|priorit(y|ies)|features?|subjects?|"
    r"feature_flags?|tiers?|levels?|warehouses?|tax_rates?|shipping_methods?|payment_methods?)$|"
    r"(_types?|_status(es)?|_kinds?|_levels?|_categor(y|ies)|_lookup|_config)$|^(lookup|ref|dim|enum)_"
)

TEXT: tuple[tuple[str, str], ...] = (
    (r"(password|passwd|pwd)", "password hash"),
    (r"e_?mail", "email"),
    (r"^last_?(4|four)$|_last_?(4|four)$", "last digits"),
    (r"tracking", "tracking"),
    (r"(house|street|building)_?(no|nr|num|number)$", "house number"),
    (r"(^|_)(vat|tax)_?(id|no|nr|number|reg)|_ust_?id|^ust_?id", "vat id"),
    (r"^(stripe|paddle|braintree|adyen)_", "gateway id"),
    (r"(status|away)_(message|text)", "sentence"),
    (r"(message|msg)_type", "message type"),
    (r"(card|cc)_(brand|type|network)", "card brand"),
    (r"(failure|decline)_code", "decline code"),
    (r"(failure|decline)_(message|reason)", "decline"),
    (r"^(platform|os|device_(type|os))$", "platform"),
    (r"emoji|^reaction$", "emoji"),
    (r"scopes?$", "scope"),
    (r"key_prefix", "key prefix"),
    (r"blood_?(type|group)", "blood type"),
    (r"specialty|speciali[sz]ation", "specialty"),
    (r"medication|^drug|medicine", "medication"),
    (r"dosage|^dose$", "dosage"),
    (r"^frequency$", "frequency"),
    (r"^test(_name)?$|lab_test", "lab test"),
    (r"allerg", "allergy"),
    (r"diagnosis(_name|_text)?$", "diagnosis"),
    (r"icd_?(10|9)?", "icd"),
    (r"reference_range", "reference range"),
    (r"salutation", "salutation"),
    (r"licen[cs]e_?plate|^plate(_number)?$|number_plate", "plate"),
    (r"^vin$|vehicle_identification", "vin"),
    (r"(^|_)(bic|swift)(_code)?$", "bic"),
    (r"school_year", "school year"),
    (
        (
            r"(license|licence|insurance|policy|member|membership|passport|registration|permit|contract|file|case|"
            r"document|employee|student|customer|patient|delivery|offer)_?(number|no|nr|num)$|^mrn$"
        ),
        "reference",
    ),
    (r"reference$|_ref$", "reference"),
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
    (r"comment|note|message|instruction|reason|remark|caption|memo|excerpt|answer|question", "sentence"),
    (r"first|given", "first name"),
    (r"last|family", "last name"),
    (r"name", "name"),
    (r"code$|^code|abbrev", "code"),
)
NUMBER: tuple[tuple[str, str], ...] = (
    (r"lat(itude)?$", "latitude"),
    (r"(lng|lon|long|longitude)$", "longitude"),
    (r"rating|stars", "rating"),
    (r"systolic", "systolic"),
    (r"diastolic", "diastolic"),
    (r"heart_rate|pulse", "pulse"),
    (r"oxygen|spo2", "saturation"),
    (r"respiratory", "breaths"),
    (r"(tax|vat)_(rate|percent|pct)", "tax rate"),
    (r"weekly_hours", "few"),
    (r"percent|pct|_rate$|^rate$|discount|commission", "percent"),
    (r"shipping|postage|delivery_fee", "extra"),
    (r"refill", "rare"),
    (r"^height_cm|body_height", "body height"),
    (r"^weight_kg$|body_weight", "body weight"),
    (r"salary|annual_income|revenue|budget", "salary"),
    (r"credit_limit", "limit"),
    (r"mileage|odometer", "mileage"),
    (r"grams$|weight_g$", "grams"),
    (r"helpful|upvotes", "few hundred"),
    (r"response_(status|code)", "http status"),
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
    (r"(duration_minutes|minutes|duration_min)$", "minutes"),
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
            r"checkout|^(until|to)$|check_?(in|out)|return_date|scheduled|delivery_date|depart|arriv|(^|_)stays?_|remind|appointment"
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
RARELY_THERE = (
    r"deceas|died|death|delet|archiv|cancel|refund|bann|revok|suspend|terminat|clos|middle_name|line_?2|suite|error|"
    r"fail|block"
)

CODED = {"plan": "plan code", "countr": "country", "currenc": "currency", "language": "language", "locale": "locale"}
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

TRADES = (
    (r"description|^text$", r"invoice.*(line|item)|line_item|charge", "line item"),
    (r"description", r"coupon|promo|voucher|offer|campaign", "offer"),
    (r"description", r"diagnos", "diagnosis"),
    (r"reason", r"appointment|visit|consultation", "visit"),
    (r"instruction", r"prescription|medication", "instruction"),
    (r"body|content|text|message", r"message|chat|repl", "message"),
    (r"body|content|text", r"^posts?$|article|blog|stor(y|ies)|page", "essay"),
    (r"label", r"address", "address label"),
    (r"manufacturer|brand|^make$", r"vehicle|(^|_)cars?$|truck|fleet", "maker"),
    (r"topic", r"channel|room", "title"),
    (r"metric", r"usage|billing|subscription|quota|meter", "usage"),
)
"""What a text is in the tables of a trade: names of columns and of tables, and the meaning."""

NAMED = (
    (r"room_?types?$", "room type"),
    (r"(^|_)plans?$|pricing", "plan"),
    (r"channel|chat_?room", "channel"),
    (r"^subjects?$|course_subject", "subject"),
    (r"medication|drug", "medication"),
)
"""Tables whose rows are named by few words."""

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

STAYS = r"propert(?:y|ies)|hotel|(?:^|_)room|listing|apartment|(?:^|_)stay|booking|reservation"
"""Columns of a review that is of a place where somebody stayed."""

"""Realistic words, made by Faker once and cached: vectors draw from these pools, so Faker's speed does not matter.

The pools are the same for every seed (they are filled from a seed of their own); what a seed decides is the draw.
Each pool holds distinct values without digits at the end, so that a number can be appended and stay unambiguous.
"""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from harness.seeding import locales, phrases, vocabulary
from harness.seeding.kept import kept

if TYPE_CHECKING:
    from faker import Faker

POOL_SEED = 20240229
Texts = NDArray[np.object_]

STREETS = ("Street", "Avenue", "Road", "Lane", "Drive", "Court", "Way", "Place")
PLACES = ("Central", "Park", "Harbour", "Airport", "Gate", "Works")
METRICS = ("temperature", "humidity", "pressure", "voltage", "vibration", "flow")
QUALITIES = (
    "Classic", "Compact", "Modern", "Handmade", "Slim", "Everyday", "Premium", "Vintage", "Portable", "Sturdy",
    "Soft", "Light", "Smart", "Foldable", "Round", "Large",
)  # fmt: skip
MATERIALS = (
    "Oak", "Steel", "Cotton", "Linen", "Ceramic", "Leather", "Bamboo", "Glass", "Walnut", "Copper", "Wool", "Granite",
    "Birch", "Felt", "Canvas", "Brass",
)  # fmt: skip
GOODS = (
    "Chair", "Lamp", "Backpack", "Desk", "Mug", "Blanket", "Keyboard", "Notebook", "Kettle", "Jacket", "Wallet",
    "Shelf", "Headphones", "Bottle", "Pillow", "Clock", "Scarf", "Tray", "Speaker", "Umbrella", "Basket", "Mirror",
    "Towel", "Bowl", "Stool", "Bench", "Vase", "Candle", "Frame", "Hook", "Rack", "Box", "Bag", "Case", "Stand",
    "Holder", "Board", "Pan", "Plate", "Cup", "Spoon", "Apron", "Cushion", "Curtain", "Rug", "Hat", "Belt", "Gloves",
    "Slippers", "Tent",
)  # fmt: skip
CATEGORIES = (
    "Home & Living", "Office", "Outdoor", "Kitchen", "Bedroom", "Garden", "Travel", "Gifts", "Clothing", "Accessories",
    "Furniture", "Lighting", "Electronics", "Sports", "Toys", "Books", "Beauty", "Health", "Stationery", "Storage",
    "Bathroom", "Dining", "Decoration", "Textiles", "Tools", "Pets", "Baby", "Shoes", "Bags", "Jewelry", "Music",
    "Games", "Photography", "Crafts", "Appliances", "Grocery", "Automotive", "Watches", "Camping", "Cycling",
)  # fmt: skip
FINER = (
    "Desk Lamps", "Floor Lamps", "Office Chairs", "Dining Chairs", "Desks", "Shelves", "Bedding", "Rugs", "Curtains",
    "Cushions", "Cookware", "Tableware", "Glassware", "Coffee & Tea", "Kitchen Textiles", "Candles", "Vases", "Mirrors",
    "Picture Frames", "Wall Clocks", "Backpacks", "Suitcases", "Wallets", "Belts", "Scarves", "Hats & Gloves",
    "Jackets", "Knitwear", "Sneakers", "Boots", "Slippers", "Headphones", "Speakers", "Keyboards", "Monitors",
    "Chargers & Cables",
    "Notebooks", "Pens & Pencils", "Desk Organisers", "Paper", "Board Games", "Puzzles", "Building Sets", "Plush Toys",
    "Tents", "Sleeping Bags", "Water Bottles", "Garden Tools", "Plant Pots", "Outdoor Furniture", "Barbecue",
    "Hand Tools", "Power Tools", "Fittings", "Towels", "Soaps", "Skin Care", "Hair Care", "Vitamins", "First Aid",
    "Dog Supplies", "Cat Supplies", "Baby Clothing", "Strollers", "Bicycle Parts", "Helmets", "Yoga", "Running",
    "Camera Bags", "Lenses", "Yarn", "Paints & Brushes", "Vacuum Cleaners", "Kettles & Toasters", "Snacks", "Spices",
    "Car Care", "Sunglasses", "Umbrellas", "Gift Cards",
)  # fmt: skip
WEARERS = ("Women's", "Men's", "Kids'")
WORN = ("Clothing", "Shoes", "Jackets", "Knitwear", "Sneakers", "Boots", "Watches", "Accessories", "Hats & Gloves")
ROLES = ("user", "admin", "editor", "viewer", "manager", "support", "moderator", "owner", "guest", "auditor")
STATUSES = ("active", "completed", "pending", "processing", "inactive", "cancelled", "failed", "archived")
KINDS = ("standard", "premium", "basic", "internal", "external", "trial", "custom", "legacy")
PRIORITIES = ("normal", "low", "high", "urgent")
METHODS = ("card", "paypal", "bank_transfer", "apple_pay", "gift_card", "cash")
COLOURS = (
    "black",
    "white",
    "grey",
    "navy",
    "red",
    "green",
    "blue",
    "beige",
    "brown",
    "yellow",
    "pink",
    "orange",
    "teal",
)
SIZES = ("M", "L", "S", "XL", "XS", "XXL")
GENDERS = ("female", "male", "other", "undisclosed")
UNITS = ("pcs", "kg", "g", "l", "ml", "m", "cm", "box")
EVENTS = (
    "page_view",
    "click",
    "login",
    "logout",
    "search",
    "add_to_cart",
    "checkout",
    "purchase",
    "signup",
    "download",
)
ACTIONS = ("create", "update", "delete", "login", "logout", "export", "import", "approve", "reject", "view")
ENTITIES = ("user", "order", "product", "invoice", "comment", "session", "document", "payment")
LEVELS = ("info", "warning", "debug", "error", "critical")
HTTP_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
EXTENSIONS = ("pdf", "png", "jpg", "csv", "docx", "xlsx", "txt", "zip")
MIME_TYPES = (
    "image/jpeg", "image/png", "application/pdf", "text/plain", "text/csv", "application/json", "video/mp4",
    "text/html",
)  # fmt: skip
CURRENCIES = (
    "USD", "EUR", "GBP", "JPY", "CAD", "AUD", "CHF", "SEK", "NOK", "DKK", "PLN", "INR", "BRL", "MXN", "SGD", "NZD",
    "CNY", "HKD", "KRW", "ZAR", "TRY", "CZK", "HUF", "ILS", "THB", "MYR", "IDR", "PHP", "AED", "SAR", "RON", "BGN",
    "CLP", "COP", "PEN", "ARS", "TWD", "VND", "EGP", "NGN", "KES", "MAD", "UAH", "KZT", "ISK", "QAR", "KWD", "BHD",
    "JOD", "PKR", "BDT", "LKR", "UYU", "CRC", "DOP", "GTQ", "GHS", "TND", "RSD", "GEL",
)  # fmt: skip
LOCALES = ("en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "pt-BR", "nl-NL", "sv-SE", "pl-PL", "ja-JP")
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "ja", "ko", "zh", "tr", "da", "fi", "cs")
TIMEZONES = (
    "America/New_York", "Europe/Berlin", "Europe/London", "America/Chicago", "America/Los_Angeles", "Asia/Tokyo",
    "Europe/Paris", "Asia/Singapore", "Australia/Sydney", "America/Sao_Paulo", "UTC",
)  # fmt: skip
FIXED: dict[str, tuple[str, ...]] = {
    "category": (*CATEGORIES, *FINER, *(f"{who} {each}" for who in WEARERS for each in WORN)),
    "role": ROLES, "status": STATUSES, "kind": KINDS, "priority": PRIORITIES,
    "method": METHODS, "colour": COLOURS, "size name": SIZES, "gender": GENDERS, "unit": UNITS, "event": EVENTS,
    "action": ACTIONS, "entity": ENTITIES, "level": LEVELS, "http method": HTTP_METHODS, "mime type": MIME_TYPES,
    "currency": CURRENCIES, "locale": LOCALES, "language": LANGUAGES, "timezone": TIMEZONES,
    "metric": METRICS, **vocabulary.WORDS,
}  # fmt: skip
"""Words that are few by nature, the common ones first."""


def texts(values: Sequence[str]) -> Texts:
    """An array of str objects."""
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result


@lru_cache(maxsize=4)
def _faker(locale: str) -> "Faker":
    from faker import Faker  # noqa: PLC0415  (slow, and not needed where the words are kept)

    return in_order(Faker(locale))


def in_order(faker: "Faker") -> "Faker":
    """A Faker that gives the same words in every process: Italian cities come from a set, in an order of its own."""
    for provider in faker.get_providers() if "it_IT" in faker.locales else ():
        if isinstance(cities := getattr(provider, "cities", None), list | tuple | set):
            provider.cities = sorted(set(cities))
    return faker


REGIONS = ("state", "administrative_unit", "region", "province", "prefecture", "county", "department", "canton", "city")
"""What the large parts of a country are called in Faker's locales."""


def region(faker: "Faker") -> str:
    """A large part of the country, by its name."""
    for name in REGIONS:
        if hasattr(faker, name):
            found = getattr(faker, name)()
            return str(found[-1] if isinstance(found, tuple) else found)
    return str(faker.city())


def region_code(faker: "Faker") -> str:
    """Letters of one."""
    return str(faker.state_abbr() if hasattr(faker, "state_abbr") else region(faker)[:2].upper())


def _makers(faker: "Faker", random: Random) -> dict[str, tuple[Callable[[], str], int]]:
    return {
        "first name": (faker.first_name, 2500),
        "last name": (faker.last_name, 5000),
        "company": (faker.company, 1500),
        "street": (lambda: _street(faker, random), 1500),
        "city": (faker.city, 1500),
        "state": (lambda: region(faker), 300),
        "state code": (lambda: region_code(faker), 300),
        "postal code": (faker.postcode, 2000),
        "country": (chain(_country_names(), iter(faker.country, None)).__next__, 1500),
        "country code": (chain(_countries(), iter(faker.country_code, None)).__next__, 2500),
        "country code 3": (lambda: str(faker.country_code(representation="alpha-3")), 2500),
        "job": (faker.job, 1000),
        "place": (lambda: f"{faker.city()} {random.choice(PLACES)}", 1500),
        "title": (lambda: faker.sentence(nb_words=5).rstrip("."), 2000),
        "sentence": (lambda: faker.sentence(nb_words=9), 2000),
        "review": (lambda: faker.paragraph(nb_sentences=2), 1000),
        "paragraph": (lambda: faker.paragraph(nb_sentences=3), 1000),
        "word": (faker.word, 2500),
        "phrase": (lambda: f"{faker.word()} {faker.word()}", 2000),
        "label": (lambda: f"{faker.word()} {faker.word()}", 2000),
        "user agent": (faker.user_agent, 500),
        "domain": (lambda: f"{faker.domain_word()}.example.{random.choice(('com', 'org', 'net'))}", 1500),
        "salt": (lambda: _drawn(random, BCRYPT, 22), 2048),
        "digest": (lambda: _drawn(random, BCRYPT, 24), 2048),
        "tail": (lambda: _drawn(random, BCRYPT, 19), 2048),
        "json settings": (lambda: json.dumps(_settings(random)), 400),
        "json attributes": (lambda: json.dumps(_attributes(random)), 500),
        "json features": (lambda: json.dumps(_features(random)), 300),
        "json address": (lambda: json.dumps(_address(faker)), 600),
        "json list": (lambda: json.dumps(sorted({_word(faker, random) for _ in range(random.randint(1, 4))})), 400),
        "json event": (lambda: json.dumps(_event(faker, random)), 800),
    }


BCRYPT = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def _drawn(random: Random, alphabet: str, count: int) -> str:
    return "".join(random.choices(alphabet, k=count))


def _word(faker: "Faker", random: Random) -> str:
    return random.choice(phrases.LISTS["noun"]) if is_english() else str(faker.word())


def is_english() -> bool:
    """Whether rows are made in English, whose phrases are at hand."""
    return locales.current().startswith("en_")


def _settings(random: Random) -> dict[str, Any]:
    return {
        "theme": random.choice(("light", "dark", "system")),
        "language": random.choice(LANGUAGES),
        "notifications": {"email": random.random() < 0.8, "push": random.random() < 0.4},
        "page_size": random.choice((10, 25, 50, 100)),
    }


def _attributes(random: Random) -> dict[str, Any]:
    return {
        "colour": random.choice(COLOURS),
        "material": random.choice(MATERIALS).lower(),
        "size": random.choice(SIZES),
        "weight_g": random.randint(4, 400) * 10,
        "washable": random.random() < 0.4,
    }


def _features(random: Random) -> dict[str, Any]:
    return {
        "seats": random.choice((1, 5, 10, 25, 100)),
        "storage_gb": random.choice((1, 10, 50, 200, 1000)),
        "api_access": random.random() < 0.7,
        "sso": random.random() < 0.3,
        "support": random.choice(("community", "email", "priority")),
    }


def _address(faker: "Faker") -> dict[str, Any]:
    return {
        "street": faker.street_address(),
        "city": faker.city(),
        "state": region_code(faker),
        "postal_code": faker.postcode(),
        "country": locales.country(),
    }


def _event(faker: "Faker", random: Random) -> dict[str, Any]:
    return {
        "source": random.choice(("web", "ios", "android", "api")),
        "action": random.choice(EVENTS),
        "value": random.randint(1, 500),
        "label": _word(faker, random),
        "tags": sorted({_word(faker, random) for _ in range(2)}),
    }


COMMON_COUNTRIES = ("US", "GB", "DE", "FR", "CA", "AU", "NL", "ES", "IT", "SE", "JP", "BR", "IN", "PL", "MX", "CH")


def _countries() -> tuple[str, ...]:
    """Common ones, the locale's own first."""
    own = locales.country()
    return (own, *(each for each in COMMON_COUNTRIES if each != own))


def country_name(code: str) -> str:
    """The English name of a country's two letters; the letters where there is none."""
    from faker.providers.date_time import Provider  # noqa: PLC0415  (slow, and not needed where the words are kept)

    return next((c.name for c in Provider.countries if c.alpha_2_code == code), code)


def _country_names() -> tuple[str, ...]:
    """Common countries in English; none where rows are made in another language."""
    return tuple(map(country_name, _countries())) if is_english() else ()


def _street(faker: "Faker", random: Random) -> str:
    if locales.current().startswith("en_"):
        named = faker.last_name() if random.random() < 0.6 else random.choice(phrases.LISTS["noun"]).title()
        return f"{named} {random.choice(STREETS)}"
    return str(faker.street_name()).rstrip("0123456789 ")


def pool(name: str) -> Texts:
    """The pool of that name in the locale that rows are made under: distinct texts, always the same."""
    return texts(FIXED[name]) if name in FIXED else _pool(name, locales.current())


@lru_cache(maxsize=128)
def _pool(name: str, locale: str) -> Texts:
    return texts(kept(name, locale, lambda: _made(name, locale)))


def _made(name: str, locale: str) -> Sequence[str]:
    faker, random = _faker(locale), Random(f"{POOL_SEED}/{name}")
    faker.seed_instance(f"{POOL_SEED}/{name}")
    maker, draws = (_makers(faker, random) | phrases.makers(random, locale.partition("_")[0]))[name]
    return tuple(dict.fromkeys(maker() for _ in range(draws)))

"""Realistic words, made by Faker once and cached: vectors draw from these pools, so Faker's speed does not matter.

The pools are the same for every seed (they are filled from a seed of their own); what a seed decides is the draw.
Each pool holds distinct values without digits at the end, so that a number can be appended and stay unambiguous.
"""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from random import Random
from typing import Any

import numpy as np
from faker import Faker
from numpy.typing import NDArray

LOCALE = "en_US"
POOL_SEED = 20240229
Texts = NDArray[np.object_]

STREETS = ("Street", "Avenue", "Road", "Lane", "Drive", "Court", "Way", "Place")
PLACES = ("Central", "Park", "Harbour", "Airport", "Gate", "Works")
METRICS = ("temperature", "humidity", "pressure", "voltage", "vibration", "flow")
MATERIALS = (
    "Oak", "Steel", "Cotton", "Linen", "Ceramic", "Leather", "Bamboo",
    "Glass", "Walnut", "Copper", "Wool", "Granite",
)  # fmt: skip
QUALITIES = (
    "Classic", "Compact", "Modern", "Handmade", "Slim", "Everyday", "Premium",
    "Vintage", "Portable", "Sturdy", "Soft",
)  # fmt: skip
GOODS = (
    "Chair", "Lamp", "Backpack", "Desk", "Mug", "Blanket", "Keyboard", "Notebook", "Kettle", "Jacket", "Wallet",
    "Shelf", "Headphones", "Bottle", "Pillow", "Clock", "Scarf", "Tray", "Speaker", "Umbrella", "Basket",
    "Mirror", "Towel",
)  # fmt: skip
CATEGORIES = (
    "Electronics", "Books", "Home & Kitchen", "Clothing", "Sports", "Toys", "Garden", "Beauty", "Grocery", "Automotive",
    "Health", "Music", "Office", "Pets", "Shoes", "Jewelry", "Tools", "Baby", "Travel", "Games", "Outdoor", "Furniture",
    "Lighting", "Stationery", "Photography", "Crafts", "Appliances", "Software", "Movies", "Watches",
)  # fmt: skip
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
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "CAD",
    "AUD",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "INR",
    "BRL",
    "MXN",
    "SGD",
    "NZD",
)
LOCALES = ("en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "pt-BR", "nl-NL", "sv-SE", "pl-PL", "ja-JP")
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "ja", "ko", "zh", "tr", "da", "fi", "cs")
TIMEZONES = (
    "America/New_York", "Europe/Berlin", "Europe/London", "America/Chicago", "America/Los_Angeles", "Asia/Tokyo",
    "Europe/Paris", "Asia/Singapore", "Australia/Sydney", "America/Sao_Paulo", "UTC",
)  # fmt: skip
FIXED: dict[str, tuple[str, ...]] = {
    "category": CATEGORIES, "role": ROLES, "status": STATUSES, "kind": KINDS, "priority": PRIORITIES,
    "method": METHODS, "colour": COLOURS, "size name": SIZES, "gender": GENDERS, "unit": UNITS, "event": EVENTS,
    "action": ACTIONS, "entity": ENTITIES, "level": LEVELS, "http method": HTTP_METHODS, "mime type": MIME_TYPES,
    "currency": CURRENCIES, "locale": LOCALES, "language": LANGUAGES, "timezone": TIMEZONES,
    "metric": METRICS,
}  # fmt: skip
"""Words that are few by nature, the common ones first."""


def texts(values: Sequence[str]) -> Texts:
    """An array of str objects."""
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result


@lru_cache(maxsize=1)
def _faker() -> Faker:
    return Faker(LOCALE)


def _makers(faker: Faker, random: Random) -> dict[str, tuple[Callable[[], str], int]]:
    return {
        "first name": (faker.first_name, 2500),
        "last name": (faker.last_name, 5000),
        "company": (faker.company, 1500),
        "street": (lambda: f"{faker.last_name()} {random.choice(STREETS)}", 1500),
        "city": (faker.city, 1500),
        "state": (faker.state, 300),
        "state code": (faker.state_abbr, 300),
        "postal code": (faker.postcode, 2000),
        "country": (faker.country, 1500),
        "country code": (chain(COMMON_COUNTRIES, iter(faker.country_code, None)).__next__, 2500),
        "country code 3": (lambda: str(faker.country_code(representation="alpha-3")), 2500),
        "job": (faker.job, 1000),
        "place": (lambda: f"{faker.city()} {random.choice(PLACES)}", 1500),
        "product": (lambda: " ".join(map(random.choice, (QUALITIES, MATERIALS, GOODS))), 3000),
        "title": (lambda: faker.sentence(nb_words=5).rstrip("."), 2000),
        "sentence": (lambda: faker.sentence(nb_words=9), 2000),
        "paragraph": (lambda: faker.paragraph(nb_sentences=3), 1000),
        "word": (faker.word, 2500),
        "phrase": (lambda: f"{faker.word()} {faker.word()}", 2000),
        "user agent": (faker.user_agent, 500),
        "domain": (lambda: f"{faker.domain_word()}.example.{random.choice(('com', 'org', 'net'))}", 1500),
        "password hash": (lambda: "$2b$12$" + _drawn(random, BCRYPT, 53), 4000),
        "json settings": (lambda: json.dumps(_settings(random)), 400),
        "json address": (lambda: json.dumps(_address(faker)), 600),
        "json list": (lambda: json.dumps(sorted({faker.word() for _ in range(random.randint(1, 4))})), 400),
        "json event": (lambda: json.dumps(_event(faker, random)), 800),
    }


BCRYPT = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def _drawn(random: Random, alphabet: str, count: int) -> str:
    return "".join(random.choices(alphabet, k=count))


def _settings(random: Random) -> dict[str, Any]:
    return {
        "theme": random.choice(("light", "dark", "system")),
        "language": random.choice(LANGUAGES),
        "notifications": {"email": random.random() < 0.8, "push": random.random() < 0.4},
        "page_size": random.choice((10, 25, 50, 100)),
    }


def _address(faker: Faker) -> dict[str, Any]:
    return {
        "street": faker.street_address(),
        "city": faker.city(),
        "state": faker.state_abbr(),
        "postal_code": faker.postcode(),
        "country": "US",
    }


def _event(faker: Faker, random: Random) -> dict[str, Any]:
    return {
        "source": random.choice(("web", "ios", "android", "api")),
        "action": random.choice(EVENTS),
        "value": random.randint(1, 500),
        "label": faker.word(),
        "tags": sorted({faker.word() for _ in range(2)}),
    }


COMMON_COUNTRIES = ("US", "GB", "DE", "FR", "CA", "AU", "NL", "ES", "IT", "SE", "JP", "BR", "IN", "PL", "MX", "CH")


@lru_cache(maxsize=64)
def pool(name: str) -> Texts:
    """The pool of that name: distinct texts, always the same."""
    if name in FIXED:
        return texts(FIXED[name])
    faker, random = _faker(), Random(f"{POOL_SEED}/{name}")
    faker.seed_instance(f"{POOL_SEED}/{name}")
    maker, draws = _makers(faker, random)[name]
    return texts(tuple(dict.fromkeys(maker() for _ in range(draws))))


@lru_cache(maxsize=256)
def fitted(name: str, longest: int | None) -> Texts:
    """The texts of a pool that are not longer; empty when none is."""
    words = pool(name)
    return words if longest is None else texts([word for word in words if len(word) <= longest])

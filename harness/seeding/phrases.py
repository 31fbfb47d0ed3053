"""Things to say in English: labels, titles, notes, reviews and descriptions, from short patterns with places for words.

Faker's sentences are words in a row; a person who is shown rows sees that at once. A pattern is a text with words in
braces, each replaced by one of a list: ``{noun}``, ``{adjective}``. Locales of other languages keep Faker's sentences.
"""

import re
from collections.abc import Callable, Mapping
from random import Random

from harness.seeding import phrases_german

LISTS: Mapping[str, tuple[str, ...]] = {
    "adjective": (
        "quiet", "bright", "early", "blue", "small", "silver", "northern", "open", "warm", "green", "golden",
        "simple", "central", "modern", "hidden", "steady", "distant", "gentle", "fresh", "royal", "clear", "southern",
        "amber", "broad", "calm", "rapid", "lucky", "solid", "upper", "white", "crisp", "tidy", "western", "young",
        "old", "red", "tall", "deep", "light", "sunny",
    ),
    "noun": (
        "garden", "river", "window", "harbour", "market", "bridge", "forest", "engine", "signal", "mountain", "table",
        "letter", "kitchen", "camera", "station", "island", "lantern", "compass", "museum", "castle", "meadow",
        "planet", "orchard", "library", "anchor", "ticket", "ladder", "basket", "summit", "valley", "corner",
        "feather", "mirror", "paper", "pocket", "guitar", "winter", "summer", "coffee", "bread", "cotton", "copper",
        "marble", "pepper", "rocket", "saddle", "shadow", "shelter", "shore", "sparrow", "spring", "stone", "street",
        "studio", "temple", "thunder", "tower", "train", "village", "violin", "wagon", "water", "whistle", "willow",
        "wonder", "workshop", "yard", "cellar", "canvas", "candle", "cabin", "bakery", "atlas", "archive", "bicycle",
        "blanket", "bottle", "bucket", "button", "canal", "carpet", "chapel", "circle", "cloud", "cottage", "delta",
        "desk", "dune", "falcon", "ferry", "field", "fountain", "gallery", "gate", "glacier", "grove", "hill",
        "horizon", "inlet", "ivory", "jacket", "kettle", "lagoon", "lighthouse", "maple", "mill", "nest", "oasis",
        "olive", "opera", "palace", "parade", "path", "pearl", "pier", "pine", "pond", "prairie", "quarry", "reef",
        "ridge", "road", "sail", "school", "seed", "sky", "slope", "snow", "square", "star", "stream", "sun", "tent",
        "theatre", "tide", "trail", "tulip", "vault", "vine", "wall", "wave", "well", "wheel", "wind", "wood",
    ),
    "topic": (
        "account", "address", "invoice", "delivery", "password", "refund", "report", "export", "order", "payment",
        "subscription", "contract", "calendar", "backup", "dashboard", "search", "profile", "receipt", "discount",
        "notification", "upload", "login", "shipment", "warranty", "booking", "schedule", "budget", "permission",
    ),
    "person": (
        "The customer", "A colleague", "The supplier", "Our partner", "The manager", "Accounting", "The new team",
        "Support", "The driver", "Purchasing", "The auditor", "The warehouse",
    ),
    "did": (
        "asked about", "confirmed", "wants to change", "has checked", "is waiting for", "called about", "approved",
        "sent a reminder about", "will take care of", "returned", "could not find", "forwarded", "has signed",
    ),
    "when": (
        "today", "this morning", "yesterday", "last week", "on Monday", "on Friday", "before noon", "after the weekend",
        "by phone", "in writing", "once more", "at the end of the month",
    ),
    "thing": (
        "chair", "lamp", "jacket", "backpack", "kettle", "mug", "desk", "bottle", "blanket", "shelf", "bag", "speaker",
        "clock", "bowl", "scarf", "pillow", "stove", "tent", "knife", "mirror",
    ),
    "good": (
        "very well made", "exactly as described", "better than expected", "easy to use", "worth the price",
        "just what I needed", "sturdy and light", "pleasant to look at", "still like new after months",
    ),
    "bad": (
        "smaller than it looks", "a little too expensive", "scratched when it arrived", "louder than I hoped",
        "not quite the colour in the picture", "harder to clean than promised", "late by a week",
    ),
    "service": (
        "Delivery was quick", "The staff was friendly", "Packaging was fine", "Support answered within a day",
        "The instructions are clear", "Returning it was simple", "It arrived on time", "Everything was in the box",
    ),
    "advice": (
        "I would buy it again.", "Recommended.", "My family loves it.", "Five stars from us.",
        "I might try another one.", "Good value overall.", "We will come back.", "Not for everyone.",
    ),
    "material": ("oak", "steel", "cotton", "linen", "ceramic", "leather", "bamboo", "glass", "walnut", "wool"),
    "place": ("home", "the office", "the kitchen", "travelling", "the garden", "small rooms", "long days", "gifts"),
    "quality": (
        "Made to last.", "Easy to clean.", "Comes with two years of warranty.", "Packed without plastic.",
        "Available in three colours.", "Designed for daily use.", "Made by hand in small numbers.",
        "Delivered ready to use.", "Spare parts can be ordered.", "A favourite of our customers.",
    ),
    "spot": (
        "the room", "the bed", "the bathroom", "breakfast", "the view", "the kitchen", "the garden", "the terrace",
        "the living room",
    ),
    "liked": (
        "just as in the pictures", "spotless", "better than expected", "worth the price", "very quiet at night",
        "lovely in the morning", "all that we needed", "a real surprise", "the best part of our stay",
    ),
    "disliked": (
        "smaller than it looks", "a little worn", "louder than we hoped", "not ready when we arrived",
        "not quite as described", "too cold in the evening", "hard to find",
    ),
    "host": (
        "Check-in was quick", "The host was friendly", "The staff helped us with everything",
        "We got an answer within minutes", "Parking was easy", "The station is a short walk away",
        "The keys were where they should be", "Checking out was simple",
    ),
    "return": (
        "We will come back.", "Recommended.", "The children loved it.", "Five stars from us.", "Good value overall.",
        "Perfect for a weekend.", "Not for light sleepers.", "We stayed a night longer.",
    ),
    "stay": ("apartment", "room", "cottage", "loft", "studio", "house", "flat", "cabin", "suite", "villa"),
    "near": (
        "near the harbour", "by the river", "in the old town", "with a garden", "with a view", "close to the station",
        "on the hill", "at the market square", "for families", "under the roof", "by the sea", "next to the park",
    ),
    "verb": ("choose", "plan", "repair", "store", "clean", "paint", "sell", "pack", "share", "compare", "measure"),
    "month": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    "count": ("Three", "Five", "Seven", "Ten"),
    "metric": ("temperature", "humidity", "pressure", "voltage", "vibration", "flow", "battery", "signal"),
    "limit": ("too high", "too low", "unstable", "not reported", "rising fast", "falling fast", "out of range"),
    "system": ("database", "payment gateway", "mail server", "cache", "search index", "upstream", "queue", "storage"),
    "fault": (
        "connection timed out", "connection refused", "too many requests", "invalid response", "authentication failed",
        "no space left", "service unavailable", "certificate expired", "broken pipe", "lock wait timeout",
    ),
}  # fmt: skip

PATTERNS: Mapping[str, tuple[str, ...]] = {
    "label": ("{Adjective} {noun}",),
    "phrase": ("{adjective} {noun}", "{noun} {noun}"),
    "word": ("{noun}", "{adjective}", "{topic}", "{material}"),
    "rule": ("{metric} {limit}",),
    "title": (
        "The {adjective} {noun}", "{Noun} and {noun}", "How to {verb} a {noun}", "{count} ways to {verb} a {noun}",
        "A {adjective} {noun} in {month}", "What a {noun} needs", "Notes on the {adjective} {noun}",
        "The {noun} at the {noun}",
    ),
    "home title": ("{Adjective} {stay} {near}",),
    "task title": (
        "Cannot change the {topic}", "{Topic} is missing from the {topic}", "Update the {topic} page",
        "{Topic} fails after login", "Question about my {topic}", "Add {topic} to the {topic}",
        "Wrong {topic} in {month}", "Please check the {topic} of {month}", "Improve the {topic}",
    ),
    "letter title": (
        "Your {topic} for {month}", "News in {month}: the {adjective} {noun}", "{count} ideas for {month}",
        "Your {topic} has changed", "Last days: the {adjective} {noun}", "About your {topic}", "Welcome to the {noun}",
    ),
    "sentence": (
        "{person} {did} the {topic} {when}.", "{Topic} was changed {when}.", "{person} {did} the {topic}.",
        "Please look at the {topic} {when}.", "The {topic} of {month} is complete.",
        "{person} {did} the {topic} of {month}.",
    ),
    "review": (
        "The {thing} is {good}. {advice}", "{service}, and the {thing} is {good}. {advice}",
        "The {thing} is {good}, but {bad}. {service}.", "{service}. The {thing} is {good}. {advice}",
        "Sadly the {thing} was {bad}. {service}.", "{service}. {advice}",
    ),
    "stay review": (
        "{Spot} was {liked}. {return}", "{host}, and {spot} was {liked}. {return}",
        "{Spot} was {liked}, but {spot} was {disliked}. {host}.", "{host}. {Spot} was {liked}. {return}",
        "Sadly {spot} was {disliked}. {host}.", "{host}. {return}",
    ),
    "paragraph": (
        "{person} {did} the {topic} {when}. The {topic} of {month} is complete. The {topic} follows {when}.",
        "{Topic} and {topic} for {month}. {person} {did} the {topic} {when}.",
        "Covers the {topic}, the {topic} and the {topic}. {person} {did} it {when}.",
        "The {topic} was changed {when}. Please look at the {topic} as well.",
    ),
    "essay": (
        "The {noun} at the {noun} was {adjective} in {month}. {person} {did} the {topic} {when}. {service}.",
        "Every {adjective} {noun} needs a {noun}. In {month} the {noun} is {adjective}, the {noun} {adjective}.",
        "First {verb} the {noun}, then the {noun}. A {adjective} {noun} takes until {month}.",
    ),
    "message": (
        "Can you send me the {topic} {when}?", "Thanks, got it!", "The {topic} is done.",
        "Who takes care of the {topic}?",
        "I will look at the {topic} {when}.", "Good morning! Any news about the {topic}?", "Sounds good to me.",
        "The {topic} of {month} is still open.", "Sorry, I was away {when}.", "Let us talk about the {topic} {when}.",
        "{person} {did} the {topic} {when}.", "See you {when}.", "Here is the {topic} for {month}.",
    ),
    "bio": (
        "Writes about {noun} and {noun}, lives near the {noun}.", "Works on {topic} and {topic} since {month}.",
        "Likes {noun}, {noun} and the {adjective} {noun}.", "Collects every {adjective} {noun}.",
    ),
    "description": (
        "Made for {place}. {quality}", "{adjective} and well made. {quality} {quality}",
        "In {material} as well. {quality} {service}.", "For {place}. {quality} {quality}", "{quality} For {place}.",
    ),
    "search": ("{adjective} {noun}", "{noun}", "{material} {thing}", "{thing} for {place}", "{noun} {month}"),
    "error": ("{system}: {fault}", "{fault} while reading the {topic}", "{system}: {fault} after 30 s"),
}  # fmt: skip
WORD = re.compile(r"\{(\w+)\}")


def _made(pattern: str, random: Random, lists: Mapping[str, tuple[str, ...]]) -> str:
    def word(found: re.Match[str]) -> str:
        name = found[1]
        text = WORD.sub(word, random.choice(lists[name.lower()]))
        return text[0].upper() + text[1:] if name[0].isupper() else text

    made = WORD.sub(word, pattern)
    if lists is not LISTS:  # German nouns have capitals, but in the middle of a word
        return re.sub(r"(?<=[a-zäöü])[A-ZÄÖÜ]", lambda found: found[0].lower(), made)
    return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", made[0].upper() + made[1:] if pattern[0] != "{" else made)


DRAWS = {
    "word": 3000,
    "rule": 800,
    "review": 4000,
    "stay review": 4000,
    "paragraph": 4000,
    "description": 4000,
    "label": 4000,
}


def makers(random: Random, language: str) -> dict[str, tuple[Callable[[], str], int]]:
    """How each pool of such texts is drawn in a language, and how often; none in one that has no phrases."""
    if language not in SPOKEN:
        return {}
    patterns, lists = SPOKEN[language]

    def maker(those: tuple[str, ...]) -> Callable[[], str]:
        return lambda: _made(random.choice(those), random, lists)

    return {name: (maker(those), DRAWS.get(name, 2500)) for name, those in patterns.items()}


SPOKEN = {"en": (PATTERNS, LISTS), "de": (phrases_german.PATTERNS, phrases_german.LISTS)}

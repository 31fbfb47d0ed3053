"""Where a row is: its city, region, postal code, country, time zone and position belong together.

A few hundred places are made once; each row is at one of them, so all columns that say where agree with each other.
Where a table has a country, places are of several, the locale's own most often; their names and positions are those of
real cities that Faker knows. Where it has none, all are of the locale's own country.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from harness.design.model import Entity
from harness.seeding import hints, locales, meanings, pools
from harness.seeding.counters import Ints, below, key, permuted, skewed
from harness.seeding.kinds import Drawing, Kind, Values, spaced
from harness.seeding.pools import texts

if TYPE_CHECKING:
    from faker import Faker

SPOKEN = {
    "US": "en_US", "GB": "en_GB", "DE": "de_DE", "FR": "fr_FR", "NL": "nl_NL", "ES": "es_ES", "IT": "it_IT",
    "AU": "en_AU", "CA": "en_CA", "PL": "pl_PL", "BR": "pt_BR", "IN": "en_IN",
}  # fmt: skip
"""Countries that places are of, and the locale of their postal codes and regions."""
PROVIDERS = ["faker.providers.address", "faker.providers.person"]
"""All that places need: Faker is slow to start with all it has."""
OWN_SHARE = 0.45
MANY = 400
NEAR = 1 << 16
"""Positions around a place: within about five kilometres."""
TEXTS = frozenset({"city", "state", "postal code", "country", "timezone", "place"})
POSITION = ("latitude", "longitude")
NOWHERE = (("0", "0", "", "", "UTC"),)
"""Of a country whose cities are not known."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place. ``codes``: the letters of region and country by their length."""

    city: str
    state: str
    state_code: str
    postal_code: str
    country: str
    latitude: float
    longitude: float
    timezone: str


@lru_cache(maxsize=16)
def spots(locale: str, *, abroad: bool, regional: bool, once: bool) -> tuple[Spot, ...]:
    """The places of a locale: those at home, or with those ``abroad``; each ``once``, or as often as people are there.

    ``regional`` ones have made-up cities, since which region a real one is in is not known here.
    """
    from faker import Faker  # noqa: PLC0415  (slow, and few tables have places)

    random, home = Random(f"{pools.POOL_SEED}/{locale}/{abroad}/{regional}"), locale.rpartition("_")[2]
    shares = {country: (1 - OWN_SHARE) / (2 + place) for place, country in enumerate(SPOKEN) if country != home}
    countries = [home, *shares] if abroad else [home]
    weights = [sum(shares.values()) * OWN_SHARE / (1 - OWN_SHARE), *shares.values()] if abroad else [1.0]
    spoken = {country: locale if country == home else SPOKEN[country] for country in countries}
    fakers = {country: pools.in_order(Faker(each, PROVIDERS)) for country, each in spoken.items()}
    for faker in fakers.values():
        faker.seed_instance(f"{pools.POOL_SEED}/place")
    drawn = random.choices(countries, weights, k=MANY)
    found = [_spot(country, fakers[country], random, regional=regional) for country in drawn]
    first = {(spot.city, spot.country): spot for spot in reversed(found)}
    return tuple(first.values()) if once else tuple(first[spot.city, spot.country] for spot in found)


@cache
def _real(country: str) -> tuple[tuple[str, ...], ...]:
    """Cities that Faker knows: latitude, longitude, name, country, time zone."""
    from faker.providers.geo import Provider  # noqa: PLC0415  (slow, and few tables have places)

    return tuple(land for land in Provider.land_coords if land[3] == country)


def _spot(country: str, faker: "Faker", random: Random, *, regional: bool) -> Spot:
    latitude, longitude, city, _, zone = random.choice(_real(country) if country in SPOKEN else NOWHERE)
    state, code = pools.region(faker), pools.region_code(faker)
    postcode = str(faker.postcode())
    if country == "US":
        code = str(faker.state_abbr(include_territories=False, include_freely_associated_states=False))
        state, postcode = STATES.get(code, state), str(faker.postcode_in_state(code))
    named = city if city and not regional else str(faker.city())
    return Spot(named, state, code, postcode, country, float(latitude), float(longitude), str(zone))


STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho",
    "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi",
    "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio",
    "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """What one column says of the place that its row is at. All such columns of a table draw the same places.

    Attributes:
        part: ``city``, ``state``, ``latitude`` …
        even: the rows are places themselves, so that none is more popular.
        longest: letters of a code, where the column is too short for a name; None for as many as there are.
        unit: ticks of a degree; 0 for texts.
    """

    part: str
    locale: str
    abroad: bool
    regional: bool
    even: bool = False
    longest: int | None = None
    unit: int = 0

    @property
    def spots(self) -> Sequence[Spot]:
        """The places that rows are at, each once where rows are places."""
        return spots(self.locale, abroad=self.abroad, regional=self.regional, once=self.even)

    @property
    def size(self) -> int:
        """Places, and what is near them."""
        return len(self.spots) * NEAR

    def draw(self, of: int, rows: Drawing) -> Ints:
        """The place of each row (``of`` is the table's key of places): some are much more popular."""
        count = len(self.spots)
        place = permuted(of, rows.numbers % count, count)
        if not self.even:
            place = permuted(of, skewed(of, rows.numbers, count), count)
        return place * NEAR + below(key(of, self.part), rows.numbers, NEAR)

    def raw(self, ordinals: Ints) -> Values:
        """That part of each place."""
        place, near = np.divmod(ordinals, NEAR)
        if self.unit:
            degrees = np.array([getattr(spot, self.part) for spot in self.spots])
            return np.floor((degrees[place] + (near / NEAR - 0.5) * 0.1) * self.unit).astype(np.int64)
        found = _texts(self)[place]
        if self.part != "postal code":
            return found
        pairs = zip(found.tolist(), (near % 100).tolist(), strict=True)
        return texts([f"{code[:-2]}{n:02d}" if code[-2:].isdigit() else code for code, n in pairs])

    def text(self, spot: Spot) -> str:
        """The part of one place."""
        short = self.longest is not None and self.longest <= 3
        match self.part:
            case "country":
                return country(spot.country, self.longest if short else None)
            case "state":
                return spot.state_code if short else spot.state
            case "place":
                return f"{spot.city} {pools.PLACES[len(spot.city) % len(pools.PLACES)]}"
        return str(getattr(spot, self.part.replace(" ", "_")))

    def samples(self) -> Ints:
        """From everywhere, and the place with the longest text."""
        if self.unit:
            return spaced(self.size)
        longest = int(np.argmax([len(text) for text in _texts(self)]))
        return np.append(spaced(self.size), longest * NEAR)


@lru_cache(maxsize=64)
def _texts(of: Place) -> Values:
    return texts([of.text(spot) for spot in of.spots])


GERMAN = {
    "US": "Vereinigte Staaten", "GB": "Vereinigtes Königreich", "DE": "Deutschland", "FR": "Frankreich",
    "NL": "Niederlande", "ES": "Spanien", "IT": "Italien", "AU": "Australien", "CA": "Kanada", "PL": "Polen",
    "BR": "Brasilien", "IN": "Indien", "AT": "Österreich", "CH": "Schweiz",
}  # fmt: skip


def country(code: str, length: int | None) -> str:
    """A country's name, or its letters where only two or three fit (ISO 3166-1)."""
    from faker.providers.date_time import Provider  # noqa: PLC0415  (slow, and few tables have places)

    found = next((c for c in Provider.countries if c.alpha_2_code == code), None)
    if found is None or length == 2:
        return code
    if length is None and locales.current().startswith("de_") and code in GERMAN:
        return GERMAN[code]
    return str(found.alpha_3_code if length == 3 else found.name)


def placed(entity: Entity, part: str, longest: int | None, unit: int = 0) -> Kind | None:
    """The kind of a column that says where its row is; None where it is the only one that does."""
    if part not in TEXTS | set(POSITION):
        return None
    parts = _parts(entity)
    several = {p for p in parts if p not in {"timezone", "place"}}
    if len(parts) < 2 or not several or (part in POSITION and set(POSITION) > parts):
        return None
    abroad, regional = "country" in parts or "timezone" in parts, "state" in parts
    if part == "timezone" and parts <= {"timezone", "country"}:
        return None
    own = locales.current()
    known = own.rpartition("_")[2] in SPOKEN
    even = "place" in parts or re.search(hints.PLACES, meanings.plain(entity.name)) is not None
    return Place(part, own, abroad, regional, even, longest, unit) if known else None


def _parts(entity: Entity) -> set[str]:
    """What the columns of a table say of where a row is."""
    linked = {name for k in entity.foreign_keys for name in k.fields}
    found = set[str]()
    for each in entity.fields:
        if each.shape is None or each.name in linked or "." in each.name:
            continue
        if each.shape.family == "text":
            found.add(meanings.text(entity, each))
        elif each.shape.family in {"decimal", "float"}:
            found.add(meanings.number(each))
    return found & (TEXTS | set(POSITION))

"""Words of a locale: names, the mails that go with them, streets, and what is said of a locale that there is not."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faker.config import AVAILABLE_LOCALES

from harness.design.model import Schema
from harness.errors import InputError
from harness.plan.scenario import RENAMED, read
from harness.seeding import locales, pools
from harness.seeding.memo import read as read_memo
from harness.seeding.memo import written
from harness.seeding.model import Order
from harness.seeding.rows import seeded
from tests.seeding.building import table

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = table(
    "people", "id integer", "name text", "email text", "phone text", "street_address text", "country_code text",
    "bio text", unique=("email",),
)  # fmt: skip


def rows(locale: str, count: int = 3000) -> dict[str, list[str]]:
    made = seeded(read_memo(written(Order(Schema((PEOPLE,)), 42, NOW, rows={"people": count}, locale=locale))))
    assert not made.unfillable
    found: dict[str, list[str]] = {}
    for batch in made.batches("people"):
        for name, values in zip(batch.fields, batch.columns, strict=True):
            found.setdefault(name, []).extend(map(str, values))
    return found


def test_names_are_german_and_mails_match_them() -> None:
    found = rows("de_DE")
    assert any(re.search("[äöüß]", name) for name in found["name"])
    for name, mail in zip(found["name"], found["email"], strict=True):
        first, last = (locales.spelled(part).lower() for part in name.split(" ")[:2])
        assert mail.partition("@")[0].startswith(f"{first}.{last}")
    assert all(mail.isascii() for mail in found["email"])
    assert len(set(found["email"])) == len(found["email"])
    assert all(phone.startswith("+49-") for phone in found["phone"])
    assert any(re.search("straße|weg|platz|allee|ring|gasse", street) for street in found["street_address"])


def test_names_in_another_script_have_mails_that_can_be_sent() -> None:
    found = rows("ja_JP")
    assert not any(name.isascii() for name in found["name"])
    assert all(mail.isascii() for mail in found["email"])
    assert len(set(found["email"])) == len(found["email"])


def test_the_usual_locale_is_not_changed_by_another_one() -> None:
    before = rows("en_US", 50)
    rows("fr_FR", 50)
    assert rows("en_US", 50) == before


SHOWN = ("ar_AA", "de_CH", "el_GR", "fr_FR", "gu_IN", "hi_IN", "ru_RU", "zh_CN")
"""Of each script some; ``HARNESS_SEEDS=20`` tries all."""
ALL = sorted(each for each in AVAILABLE_LOCALES if "_" in each and each not in RENAMED)


@pytest.mark.thorough
@pytest.mark.parametrize("locale", ALL if os.environ.get("HARNESS_SEEDS") else SHOWN)
def test_every_locale_of_faker_has_every_pool(locale: str) -> None:
    with locales.speaking(locale):
        for name in pools._makers(pools._faker(locale), pools.Random(1)):
            assert len(pools.pool(name)), name
    assert len(set(rows(locale, 200)["email"])) == 200


@pytest.mark.parametrize(
    ("value", "message"), [('"de-DE"', "did you mean de_DE"), ('"xx"', "there is: "), ("7", "no such")]
)
def test_a_locale_that_there_is_not_is_said(tmp_path: Path, value: str, message: str) -> None:
    (tmp_path / "x.toml").write_text(f"locale = {value}", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read(tmp_path / "x.toml")


PLACES = """
from datetime import UTC, datetime
from harness.seeding.model import Order
from harness.seeding.rows import seeded
from tests.seeding.building import Schema, rows_of, table
homes = table("homes", "id bigint", "city text", "state text", "country char(2)", "name text", "company text")
for locale in ("it_IT",):
    order = Order(Schema((homes,)), 42, datetime(2026, 1, 1, tzinfo=UTC), {"homes": 300}, locale=locale)
    print(rows_of(seeded(order), "homes"))
"""


def test_every_process_makes_the_same_places(tmp_path: Path) -> None:
    said = []
    for number in ("1", "2"):
        place = {"PYTHONHASHSEED": number, "XDG_CACHE_HOME": str(tmp_path / number), "PYTHONPATH": "."}
        done = subprocess.run([sys.executable, "-c", PLACES], env=os.environ | place, capture_output=True, check=True)
        said.append(done.stdout)
    assert said[0] == said[1]

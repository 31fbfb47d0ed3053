"""Words that were made before are the words that would be made."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.seeding import kept, pools


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for each in (kept._home, pools._pool):
        each.cache_clear()
    yield tmp_path / "schema-harness" / "pools"
    for each in (kept._home, pools._pool):
        each.cache_clear()


def again(name: str) -> list[str]:
    pools._pool.cache_clear()
    return list(pools.pool(name))


def test_a_pool_is_the_same_from_the_cache(home: Path) -> None:
    made = again("job")
    [file] = home.rglob("*.json")
    assert (file.name, json.loads(file.read_text())) == ("job.json", made)
    file.write_text(json.dumps(["only one"]))
    assert again("job") == ["only one"]


@pytest.mark.parametrize("text", ["", "[", "[]", "{}", "null"])
def test_what_cannot_be_read_is_made_again(home: Path, text: str) -> None:
    made = again("job")
    [file] = home.rglob("*.json")
    file.write_text(text)
    assert again("job") == made
    assert json.loads(file.read_text()) == made


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(home: Path) -> None:
    home.parent.write_text("a file where the cache would be")
    assert len(again("job")) > 100

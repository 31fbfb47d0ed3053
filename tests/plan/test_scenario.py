"""Scenarios, and the messages for wrong ones."""

from pathlib import Path

import pytest

from harness.errors import InputError
from harness.plan.model import Scenario
from harness.plan.scenario import found, read


def test_a_scenario_says_how_many_rows(tmp_path: Path) -> None:
    path = tmp_path / "big.toml"
    path.write_text('seed = 7\nruns = 50\nengine_version = "17"\n[rows]\nusers = 100_000\n')

    assert read(path) == Scenario("big", str(path), 7, (("users", 100_000),), runs=50, engine_version="17")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sed = 1", "did you mean seed"),
        ("seed = -1", "seed must be a whole number"),
        ("seed = true", "seed must be a whole number"),
        ("rows = 5", "[rows]"),
        ('[rows]\nusers = "many"', "rows.users must be a whole number"),
        ("seed = ", "cannot be read as TOML"),
    ],
)
def test_a_wrong_scenario_says_where_and_why(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text)

    with pytest.raises(InputError, match=f"s.toml: .*{words.replace('[', chr(92) + '[')}"):
        read(path)


def test_a_scenario_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such scenario"):
        found(tmp_path / "designs" / "x.md", "nope")
    assert found(tmp_path / "designs" / "x.md", None) == Scenario()

"""What is said where Debian's packages cannot be had; that they can is shown by every run of the tests for MySQL."""

import platform
from pathlib import Path

import pytest

from harness.adapters.mysql import unpack
from harness.adapters.mysql.product import PRODUCT
from harness.errors import ServerError

URIS = "'http://mirror.example/{}/dists/{}/InRelease' mirror.example_dists_InRelease 0"


@pytest.fixture
def debian(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A Debian 12 whose apt-get is what the test puts into the directory."""
    system = {"ID": "debian", "NAME": "Debian GNU/Linux", "VERSION_CODENAME": "bookworm"}
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: system)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def apt(place: Path, script: str) -> None:
    (place / "apt-get").write_text(f"#!/bin/sh\n{script}\n")
    (place / "apt-get").chmod(0o755)


def refused() -> str:
    with pytest.raises(ServerError) as raised:
        unpack.unpack(PRODUCT, lambda _: None)
    return str(raised.value)


def test_another_system_is_told_what_to_do_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"ID": "fedora", "NAME": "Fedora Linux"})
    assert refused() == (
        "the packages are Debian's, and this is Fedora Linux: use Docker, or install a server in the way that is usual "
        "here"
    )


def test_a_debian_without_a_source_of_itself_is_told_so(debian: Path) -> None:
    apt(debian, f'echo "{URIS.format("other", "stable-of-others")}"')
    assert refused() == "apt has no source with Debian bookworm: see /etc/apt/sources.list"


def test_the_mirror_is_the_one_of_the_machines_own_release(debian: Path) -> None:
    listed = [("security", "bookworm-security"), ("others", "main"), ("pool", "bookworm"), ("late", "bookworm")]
    lines = "\n".join(URIS.format(*each) for each in listed)
    apt(debian, f'if [ "$1" = update ]; then echo "{lines}"; else cat "${{3%/*}}/sources.list" >&2; exit 100; fi')
    said = refused()
    assert said.startswith("apt-get failed (exit 100):")
    assert "http://mirror.example/pool sid main" in said


def test_what_apt_says_last_is_passed_on_and_nothing_is_left(debian: Path) -> None:
    lines = URIS.format("pool", "bookworm")
    apt(debian, f'if [ "$1" = update ]; then echo "{lines}"; else echo "E: no room" >&2; exit 1; fi')
    assert refused() == "apt-get failed (exit 1):\n  E: no room"
    assert {path.name for path in (debian / "cache/schema-harness/programs").iterdir()} == {"lock", "mysql"}


def test_as_a_command_it_says_it_in_one_line_and_exits_with_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"ID": "fedora", "NAME": "Fedora Linux"})
    assert unpack.main() == 3
    assert capsys.readouterr().err.startswith("no MySQL was unpacked: the packages are Debian's")

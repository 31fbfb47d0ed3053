"""Where the server's program is on this machine: named, on PATH, where distributions put it, or unpacked before.

``mysqld`` is the program of MySQL, and a name that MariaDB's answers to as well: what it says of itself decides.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from harness.adapters.mysql.address import maker
from harness.adapters.mysql.product import Product
from harness.servers.model import Binaries, Missing
from harness.servers.places import cache
from harness.servers.ready import is_older, is_version


def find(product: Product, asked: str | None) -> Binaries | Missing:
    """The first programs that fit, in the order of the module's title.

    Args:
        product: the engine.
        asked: the version to find (``9``, ``8.4``); None takes any that is not too old.
    """
    looked: dict[Path, str] = {}
    for how, home in _candidates(product):
        if home in looked:
            continue
        title, version = _identity(product, home)
        if title == product.title and _fits(version, asked, product.oldest):
            return Binaries(home, version, how)
        looked[home] = f"{how}: {title} {version}" if title else f"{how}: no programs of {product.title}"
    return Missing((*looked.values(), *_nowhere(product)), _remedy(product, asked))


def server(product: Product, home: Path) -> Path | None:
    """The server's program in a directory."""
    there = (home / name for name in product.programs)
    return next((program for program in there if os.access(program, os.X_OK) and program.is_file()), None)


def unpacked(product: Product) -> Path:
    """Where ``unpack`` puts an engine's programs, one directory for each version."""
    return cache() / "programs" / product.engine


def _candidates(product: Product) -> Iterator[tuple[str, Path]]:
    """How each was found, and the directory."""
    named = os.environ.get(product.binaries_variable)
    if named:
        yield f"{product.binaries_variable}={named}", Path(named)
        return  # who names a place means that place
    for directory in os.environ.get("PATH", os.defpath).split(os.pathsep):
        program = server(product, Path(directory or "."))
        if program:
            # A link in /usr/local/bin: what belongs to the program is where it leads.
            yield f"{program} on PATH", program.resolve().parent
    for pattern in (*product.places, f"{unpacked(product)}/*"):
        for home in sorted(Path("/").glob(pattern[1:]), key=_numbers, reverse=True):
            if server(product, home):
                yield str(home), home


def _nowhere(product: Product) -> Iterator[str]:
    """The places where nothing was found, unless one place alone was to be looked at."""
    if os.environ.get(product.binaries_variable):
        return
    yield f"PATH, {', '.join(product.places)}: no other {' or '.join(product.programs)}"
    if not unpacked(product).exists():
        yield f"{unpacked(product)}: nothing unpacked"


def _identity(product: Product, home: Path) -> tuple[str, str]:
    """What the program says of itself: the title of its engine and its version; nothing when it cannot be used."""
    program = server(product, home)
    if program is None or product.initialise(program, Path("data")) is None:
        return "", ""
    try:
        said = subprocess.run(
            [program, "--no-defaults", "--version"], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return "", ""  # of another architecture, or its libraries are missing
    number = re.search(r"\bVer (\d\S*)", said.stdout)
    return maker(number[1]) if number else ("", "")


def _fits(version: str, asked: str | None, oldest: str) -> bool:
    return is_version(version, asked) if asked else not is_older(version, oldest)


def _numbers(home: Path) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", str(home)))


def _remedy(product: Product, asked: str | None) -> str:
    named = f"name the directory of its programs with {product.binaries_variable}"
    if asked:
        return f"install {product.title} {asked}, {named}, or leave the version out"
    return f"{product.remedy}; or {named}"

"""Where a project keeps its configuration, and what that says of the engine."""

import re
from collections.abc import Iterator
from pathlib import Path

from harness.folders.text import text_of

SCHEMES = (
    ("postgresql", r"postgres(?:ql)?"),
    ("mariadb", r"mariadb"),
    ("mysql", r"mysql2?"),
    ("mongodb", r"mongodb"),
)
URL = re.compile(
    r"\b(?:" + "|".join(f"(?P<{name}>{scheme})" for name, scheme in SCHEMES) + r")(?:\+\w+)?:", re.IGNORECASE
)
HIGHEST = 6
"""How many folders above are looked into; a repository's root ends it earlier."""


def above(path: Path, *names: str) -> Iterator[Path]:
    """The files of these names in a folder and those above it, nearest first, up to the repository's root."""
    folder = path.resolve()
    for _ in range(HIGHEST):
        yield from (file for name in names if (file := folder / name).is_file())
        if (folder / ".git").exists() or folder.parent == folder:
            return
        folder = folder.parent


def engine_in(text: str) -> str:
    """The engine of the first address of a database in a text; empty when there is none."""
    found = URL.search(text)
    return "" if found is None else str(found.lastgroup)


def engine_above(path: Path) -> str:
    """The engine of the address that the project's environment file gives (DATABASE_URL)."""
    for file in above(path, ".env", ".env.example", "dbconfig.yml", "Makefile", "docker-compose.yml", "compose.yaml"):
        lines = (
            line for line in text_of(file).split("\n") if re.search(r"url|dsn|dbstring|image", line, re.IGNORECASE)
        )
        if found := next((engine for line in lines if (engine := engine_in(line))), ""):
            return found
    return ""

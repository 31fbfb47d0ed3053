"""Designs and migration folders of a project that nobody named."""

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from harness.folders import alembic, flyway, plain
from harness.folders.read import tool_of

ASIDE = frozenset(
    {"test", "tests", "spec", "fixtures", "testdata", "examples", "node_modules", "vendor", "site-packages", "venv",
     ".venv", "target", "dist", "build", "reports"}
)  # fmt: skip
"""Folders in which migrations are somebody else's, or meant for a test."""

ENDINGS = (".sql", ".py", ".js", ".mjs", ".ts", ".plan", ".go")
NAMED = ("migrat", "changelog", "flyway", "sqitch", "alembic", "drizzle")
"""Words in the path of a folder that plain numbered SQL is looked for in."""

LOWEST = 2
"""How far above a file its migration folder may be (Diesel's are one above)."""


def files_below(root: Path) -> tuple[str, ...]:
    """Every file, where git is not there to tell."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in ASIDE and not name.startswith(".")]
        found += [(Path(folder) / name).relative_to(root).as_posix() for name in names]
    return tuple(found)


def designs(files: Iterable[str]) -> tuple[str, ...]:
    """The documents in ``designs/``."""
    return tuple(sorted(f for f in files if PurePosixPath(f).match("designs/*.md") and f.count("/") == 1))


def _one(root: Path, folder: PurePosixPath, tool: str) -> bool:
    """Whether a folder is a project's own one, and not some scripts, or several projects' folders below one."""
    path = root.resolve().name if folder == PurePosixPath() else str(folder)
    named = any(word in path.lower() for word in NAMED)
    return named or (flyway.rooted(root / folder) if tool == flyway.TOOL else tool != plain.TOOL)


def folders(root: Path, files: Iterable[str]) -> tuple[str, ...]:
    """The migration folders, outermost of each kind first found; ``.`` for the root itself."""
    candidates: dict[PurePosixPath, None] = {}
    for name in files:
        path = PurePosixPath(name)
        if path.suffix in ENDINGS and not ASIDE & set(path.parts):
            candidates |= dict.fromkeys(list(path.parents)[:LOWEST])
    found: list[PurePosixPath] = []
    for folder in sorted(candidates, key=lambda f: (len(f.parts), str(f))):
        if any(folder.is_relative_to(other) for other in found if other != PurePosixPath()):
            continue
        tool = tool_of(root / folder)
        if tool and _one(root, folder, tool):
            found.append(folder)
    return tuple(str(folder) for folder in _once(root, found))


def _once(root: Path, found: list[PurePosixPath]) -> list[PurePosixPath]:
    """Without what is found twice: Alembic's folder of revisions, and the root that has its configuration."""
    top = PurePosixPath()
    if top not in found or tool_of(root) != alembic.TOOL:
        return found
    inner = [f for f in found if f != top and tool_of(root / f) == alembic.TOOL and not alembic.configured(root / f)]
    out = inner if alembic.spread(root) or not inner else [top]
    return [folder for folder in found if folder not in out]

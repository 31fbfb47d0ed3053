"""Alembic: each revision's SQL by Alembic's own offline mode, in the order of the revisions; lines of the Python file.

What a revision reads from the database cannot be written as SQL; it is then said on its line, and what comes after is
not judged. The folder is the one with ``alembic.ini``, or the one with ``env.py`` and ``versions/``.
"""

import re
from pathlib import Path

from harness.errors import InputError
from harness.folders.emitted import emitted, steps
from harness.folders.model import Folder, Problem, Settings, Step
from harness.folders.places import above, engine_in
from harness.folders.text import text_of

TOOL = "alembic"
URLS = {"postgresql": "postgresql://", "mysql": "mysql+pymysql://", "mariadb": "mariadb+pymysql://"}
REMEDY = "Write it without reading the database (op.execute), or leave data to a script of its own."


def fits(path: Path) -> bool:
    """Whether its configuration or its environment is there."""
    return configured(path) or ((path / "env.py").is_file() and (path / "versions").is_dir())


def configured(path: Path) -> bool:
    """Whether its configuration is in the folder."""
    return (path / "alembic.ini").is_file()


def spread(path: Path) -> bool:
    """Whether the configuration in a folder names several places for revisions."""
    return re.search(r"(?m)^[ \t]*version_locations[ \t]*=", text_of(path / "alembic.ini")) is not None


def read(path: Path, settings: Settings) -> Folder:
    """The revisions, emitted."""
    ini = next(above(path, "alembic.ini"), None)
    if ini is None:
        raise InputError(f"{path}: there is no alembic.ini here or above: name the folder that has it")
    engine = settings.engine or engine_in(text_of(ini))
    found = emitted("emit_alembic.py", (str(ini), URLS.get(engine, "")), ini.parent, settings.python, TOOL)
    made: list[Step] = []
    problems: list[Problem] = []
    for step, said in steps(found, ini.parent, REMEDY):
        made.append(step)
        problems += said
    return Folder(str(path), TOOL, engine, tuple(made), tuple(problems))

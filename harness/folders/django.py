"""Django: each migration's SQL as ``sqlmigrate`` writes it, in the order of the graph; lines of the operations.

The migrations of other packages' apps are applied and trusted. RunPython is a program on the project's models: it is
not run, and that is said. The folder is the one with ``manage.py``.
"""

from pathlib import Path

from harness.folders.emitted import emitted, steps
from harness.folders.model import Folder, Problem, Settings, Step

TOOL = "django"
BACKENDS = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql"}
REMEDY = "Nothing, where it only changes rows; else write the change of the schema as an operation of its own."


def fits(path: Path) -> bool:
    """Whether it is a project of Django."""
    return (path / "manage.py").is_file() and any(path.glob("*/migrations/0*.py"))


def read(path: Path, settings: Settings) -> Folder:
    """The migrations, emitted."""
    backend = BACKENDS.get(settings.engine, "")
    answer = emitted("emit_django.py", (str(path.resolve()), backend), path, settings.python, TOOL)
    made: list[Step] = []
    problems: list[Problem] = []
    for step, said in steps(answer["migrations"], path, REMEDY):
        made.append(step)
        problems += said
    return Folder(str(path), TOOL, settings.engine or str(answer["engine"]), tuple(made), tuple(problems))

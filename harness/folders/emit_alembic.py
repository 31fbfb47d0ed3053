"""Run in a project's own environment, never imported: Alembic's SQL of each revision, with the lines of its file.

``python emit_alembic.py INI OUTPUT URL``. Writes JSON: a list of revisions, oldest first, each with ``up`` and ``down``
as pairs of text and line, or ``error`` and its line. Nothing is connected to: this is Alembic's offline mode.
"""

import io
import json
import sys
import traceback
from pathlib import Path
from typing import Any


def main(ini: str, output: str, url: str) -> None:
    """Emit every revision."""
    from alembic import command  # noqa: PLC0415  (of the project's environment)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.ddl.impl import DefaultImpl  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(ini, stdout=io.StringIO(), output_buffer=io.StringIO())
    configured = config.get_main_option("sqlalchemy.url") or ""
    if url and (not configured or configured.startswith("driver:")):
        config.set_main_option("sqlalchemy.url", url)
    taken: list[tuple[str, int]] = []
    at = [""]

    def static_output(self: Any, text: str) -> None:  # noqa: ARG001
        line = _line(at[0])
        if line:
            taken.append((text, line))

    setattr(DefaultImpl, "static_output", static_output)  # noqa: B010  (a method of theirs)
    found = []
    for revision in reversed(list(ScriptDirectory.from_config(config).walk_revisions())):
        at[0] = str(Path(revision.path).resolve())
        entry: dict[str, Any] = {"id": revision.revision, "title": revision.doc or "", "path": revision.path}
        before = revision.down_revision
        for way, run in (("up", command.upgrade), ("down", command.downgrade)):
            taken.clear()
            if isinstance(before, tuple):  # a merge of branches changes nothing by itself
                entry[way] = []
                continue
            here, there = revision.revision, before or "base"
            try:
                run(config, f"{there}:{here}" if way == "up" else f"{here}:{there}", sql=True)
            except Exception as error:
                entry["error" if way == "up" else "down_error"] = [
                    f"{type(error).__name__}: {error}",
                    _raised(error, at[0]),
                ]
            entry[way] = list(taken)
        found.append(entry)
    Path(output).write_text(json.dumps(found), encoding="utf-8")


def _line(path: str) -> int:
    """The line of a file that is at work now; 0 when it is not."""
    for frame, line in traceback.walk_stack(None):
        if str(Path(frame.f_code.co_filename).resolve()) == path:
            return line
    return 0


def _raised(error: BaseException, path: str) -> int:
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if str(Path(f.filename).resolve()) == path]
    return lines[-1] or 1 if lines else 1


if __name__ == "__main__":
    sys.path.pop(0)  # this file's folder, whose modules have the names of the tools
    main(*sys.argv[1:4])

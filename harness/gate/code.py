"""Whether a migration that is written in Python does as before, told by its code with none of it run."""

import ast
from pathlib import Path
from typing import Literal

from harness.folders import alembic

DOWN = {alembic.TOOL: "downgrade"}
"""The function that a tool goes back by. Django's way back stands within each operation."""

Change = Literal["none", "down", "up"]


def changed(old: Path, new: Path, tool: str) -> Change:
    """What of a file is another one than before: comments, spaces and docstrings are nothing."""
    was, now = _parsed(old), _parsed(new)
    if was is None or now is None:
        return "up"
    if ast.dump(was) == ast.dump(now):
        return "none"
    for tree in (was, now):
        tree.body = [each for each in tree.body if not _named(each, DOWN.get(tool, ""))]
    return "down" if ast.dump(was) == ast.dump(now) else "up"


def _named(statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, ast.FunctionDef) and statement.name == name


def _parsed(path: Path) -> ast.Module | None:
    """The code without its docstrings; None where there is none to be read."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [each for each in node.body if not _text(each)]
    return tree


def _text(statement: ast.stmt) -> bool:
    """Whether it is a text alone, which does nothing."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )

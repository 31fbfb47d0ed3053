"""Run in a project's own environment, never imported: Django's SQL of each migration, with the lines of its operations.

``python emit_django.py FOLDER OUTPUT BACKEND``. Writes JSON: a list of migrations in the order in which they are
applied, the apps of other packages first, each with ``up`` and ``down`` as pairs of text and line. Nothing is
connected to, so an operation that asks the database (removing a constraint without a name) is told as an error.
"""

import ast
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

SETTINGS = re.compile(r"DJANGO_SETTINGS_MODULE[\"']\s*,\s*[\"']([\w.]+)")
UNASKED: dict[str, dict[str, Any]] = {
    "postgresql": {"pg_version": 150000},
    "mysql": {
        "mysql_server_data": {
            "version": "8.4.0",
            "sql_mode": "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES",
            "default_storage_engine": "InnoDB",
            "sql_auto_is_null": False,
            "lower_case_table_names": 0,
            "has_zoneinfo_database": True,
        },
    },
}
"""What a connection would ask the server of itself, and remember."""

NOT_SQL = "CANNOT BE WRITTEN AS SQL"


def main(folder: str, output: str, backend: str) -> None:
    """Emit every migration."""
    root = Path(folder).resolve()
    sys.path.insert(0, str(root))
    os.chdir(root)
    said = SETTINGS.search((root / "manage.py").read_text(encoding="utf-8"))
    if said:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", said[1])
    import django  # noqa: PLC0415  (of the project's environment)
    from django.conf import settings  # noqa: PLC0415

    if backend:
        settings.DATABASES["default"] = {"ENGINE": f"django.db.backends.{backend}", "NAME": "harness"}
    django.setup()
    from django.apps import apps  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415

    connection = connections["default"]
    vars(connection).update(UNASKED.get(connection.vendor, {}))
    quote = connection.schema_editor(collect_sql=True).quote_value

    def composed(sql: str, params: Any) -> str:
        """What a cursor would make of a statement and its values; a cursor would connect."""
        return str(sql) % tuple(map(quote, params or ()))

    connection.ops.compose_sql = composed
    loader = MigrationLoader(None, replace_migrations=False)
    loader.connection = connection
    own = {
        c.label
        for c in apps.get_app_configs()
        if Path(c.path).resolve().is_relative_to(root) and "site-packages" not in c.path
    }
    found = [_entry(loader, node, own) for node in _order(loader, own)]
    answer = {"engine": connection.vendor, "migrations": found}
    Path(output).write_text(json.dumps(answer), encoding="utf-8")


def _order(loader: Any, own: set[str]) -> list[Any]:
    """Every node after what it needs; those of other packages as early as that allows."""
    leaves = sorted(loader.graph.leaf_nodes(), key=lambda node: (node[0] in own, node))
    return list(dict.fromkeys(node for leaf in leaves for node in loader.graph.forwards_plan(leaf)))


def _entry(loader: Any, node: Any, own: set[str]) -> dict[str, Any]:
    migration = loader.graph.nodes[node]
    module = sys.modules[type(migration).__module__]
    path = str(module.__file__)
    lines = _lines(path)
    entry: dict[str, Any] = {
        "id": f"{node[0]}.{node[1]}", "title": node[1], "path": path, "own": node[0] in own, "atomic": migration.atomic,
    }  # fmt: skip
    migration.atomic = False  # a transaction would connect, though nothing is sent
    for way, backwards in (("up", False), ("down", True)):
        try:
            texts = loader.collect_sql([(migration, backwards)])
        except Exception as error:
            entry["error" if way == "up" else "down_error"] = [f"{type(error).__name__}: {error}", 1]
            entry[way] = []
            continue
        entry[way] = list(_placed(texts, lines[::-1] if backwards else lines))
        entry.setdefault("unwritten", [line for text, line in _noted(texts, lines) if NOT_SQL in text])
    return entry


def _lines(path: str) -> list[int]:
    """The line of each operation."""
    for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "operations" for t in node.targets):
            return [each.lineno for each in getattr(node.value, "elts", [])]
    return []


def _noted(texts: list[str], lines: list[int]) -> Any:
    """Each text with the line of its operation, which a comment of three lines begins."""
    number, bars = -1, 0
    for text in texts:
        if text == "--":
            bars += 1
            number += bars % 2
        yield text, lines[number] if 0 <= number < len(lines) else 1


def _placed(texts: list[str], lines: list[int]) -> Any:
    return ((text, line) for text, line in _noted(texts, lines) if text.strip() and not text.startswith("--"))


if __name__ == "__main__":
    sys.path.pop(0)  # this file's folder, whose modules have the names of the tools
    main(*sys.argv[1:4])

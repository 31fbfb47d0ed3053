"""The design document and the scenario that ``harness init`` writes: small, complete, and every claim in it holds."""

from importlib.resources import files
from string import Template

STARTERS = {
    "postgresql": ("postgresql.md", "PostgreSQL"),
    "mysql": ("mysql.md", "MySQL"),
    "mariadb": ("mysql.md", "MariaDB"),
    "mongodb": ("mongodb.md", "MongoDB"),
}
"""For each engine the document in ``starters/``, and what its Type says."""


class _Starter(Template):
    """``%{title}``: ``$`` has meanings of its own in a document about databases."""

    delimiter = "%"


def document(engine: str, *, title: str, name: str, date: str) -> str:
    """The document of a new design."""
    file, type_ = STARTERS[engine]
    text = files("harness.cli").joinpath("starters", file).read_text(encoding="utf-8")
    return _Starter(text).substitute(title=title, name=name, date=date, type=type_)


def scenario(name: str) -> str:
    """How much data it is tried with."""
    return f"""\
# How much data designs/{name}.md is tried with.
seed = 42
runs = 200

[rows]
customers = 10_000
bookings = 100_000
"""

"""The projects under ``projects/``: where each keeps its migrations, and what its marks say shall be found.

A mark (``expect: CHECK VERDICT, …``) stands in a comment on the guilty line. Only what is broken is marked; warnings
and errors count, advice does not.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from harness.checks.base import Finding

PROJECTS = Path(__file__).parent / "projects"
MARK = re.compile(r"expect: (?P<findings>[\w-]+ \w+(?:, [\w-]+ \w+)*)")


@dataclass(frozen=True)
class Project:
    name: str
    tool: str
    migrations: Path
    engine: str = "postgresql"

    @property
    def right(self) -> bool:
        return self.name.endswith("-right")


def project(name: str, tool: str, folder: str, engine: str = "postgresql") -> Project:
    return Project(name, tool, PROJECTS / name / folder, engine)


ALL = [
    project("plain-right", "plain", "sql"),
    project("plain-naive", "plain", "sql"),
    project("golang-migrate-right", "golang-migrate", "db/migrations"),
    project("golang-migrate-naive", "golang-migrate", "db/migrations"),
    project("dbmate-right", "dbmate", "db/migrations"),
    project("dbmate-naive", "dbmate", "db/migrations"),
    project("goose-right", "goose", "migrations"),
    project("goose-naive", "goose", "migrations"),
    project("flyway-right", "flyway", "sql"),
    project("flyway-naive", "flyway", "sql"),
    project("diesel-right", "diesel", "migrations"),
    project("diesel-naive", "diesel", "migrations"),
    project("prisma-right", "prisma", "prisma/migrations"),
    project("prisma-naive", "prisma", "prisma/migrations"),
    project("sqitch-right", "sqitch", "."),
    project("sqitch-naive", "sqitch", "."),
    project("liquibase-right", "liquibase", "changelog"),
    project("liquibase-naive", "liquibase", "changelog"),
    project("alembic-right", "alembic", "."),
    project("alembic-naive", "alembic", "."),
    project("django-right", "django", "."),
    project("django-naive", "django", "."),
    project("migrate-mongo-right", "migrate-mongo", "migrations", "mongodb"),
    project("migrate-mongo-naive", "migrate-mongo", "migrations", "mongodb"),
    project("mysql-right", "golang-migrate", "migrations", "mysql"),
]

Found = set[tuple[str, int, str]]
"""File (below the project), line, and check with its verdict."""


def marked(project: Project) -> Found:
    files = (file for file in (PROJECTS / project.name).rglob("*") if file.is_file() and file.suffix != ".pyc")
    return {
        (file.relative_to(PROJECTS / project.name).as_posix(), number, finding)
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        for match in MARK.finditer(line)
        for finding in match["findings"].split(", ")
    }


def found(project: Project, findings: tuple[Finding, ...]) -> Found:
    root = (PROJECTS / project.name).resolve()
    return {
        (Path(f.source.path).resolve().relative_to(root).as_posix(), f.source.line, f"{f.check} {f.verdict}")
        for f in findings
        if f.verdict == "broken" and f.severity != "advice"
    }

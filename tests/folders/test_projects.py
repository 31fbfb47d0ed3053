"""Each tool's folder gives the findings that its files are marked with, each on its line, and no other."""

import pytest

from harness.folders.model import Settings
from harness.folders.read import read, tool_of
from harness.pipeline import Options, understood, verified
from harness.run.model import Silent
from tests.folders.projects import ALL, Project, found, marked

TRUE_OF_MOST = ("rollback-keeps-data",)
"""Any down that drops a column or a table loses what was written to it, in the right projects too."""

SHORT = {"golang-migrate-naive"}
"""Run in a bare run too; CI runs all."""


@pytest.mark.parametrize("project", ALL, ids=lambda project: project.name)
def test_a_folder_s_tool_is_found_out(project: Project) -> None:
    assert tool_of(project.migrations) == project.tool
    design = understood(project.migrations)
    assert design.tool == project.tool
    assert design.engine == project.engine
    assert design.migrations


@pytest.mark.parametrize("project", [p for p in ALL if p.right], ids=lambda project: project.name)
def test_a_right_folder_has_no_problem(project: Project) -> None:
    """What needs a database to be written as SQL (a few of Django's own downs) is not verified, which is no fault."""
    before = set(project.migrations.rglob("*"))
    assert [p for p in read(project.migrations, Settings()).problems if p.verdict == "broken"] == []
    assert set(project.migrations.rglob("*")) == before


@pytest.mark.parametrize(
    "project",
    [pytest.param(p, marks=() if p.name in SHORT else pytest.mark.thorough) for p in ALL],
    ids=lambda project: project.name,
)
def test_a_folder_is_judged_as_marked(project: Project) -> None:
    report = verified(project.migrations, Options(server="local", rows=("100",), ignore=TRUE_OF_MOST), Silent())
    assert found(project, report.findings) == marked(project)

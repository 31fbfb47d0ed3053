"""The small design of the report's tests, as a case that checks can be asked about."""

import pytest

from harness.checks.base import Case
from harness.report.model import Report
from tests.report.conftest import design, findings, plan, report, run

__all__ = ["case", "design", "findings", "plan", "report", "run"]


@pytest.fixture
def case(report: Report) -> Case:
    return Case(report.plan, report.run)

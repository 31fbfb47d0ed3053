"""The report as values: findings and figures, before they are put into words. The exit code is derived from it."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from harness.checks.base import Finding
from harness.checks.suppression_used import Suppressed
from harness.plan.model import Plan
from harness.run.model import Run

FailOn = Literal["broken", "warning", "unverified"]


@dataclass(frozen=True, slots=True)
class Report:
    """One verified design.

    Attributes:
        harness: the harness's own version.
        findings: in the order of the document's lines.
        suppressed: findings that a comment or a baseline silences.
        earlier: how many findings are about what a change did not touch, and are left out.
        fail_on: ``broken``: errors fail; ``warning``: warnings too; ``unverified``: whatever could not be checked too.
    """

    harness: str
    plan: Plan
    run: Run
    findings: tuple[Finding, ...]
    fail_on: FailOn = "broken"
    suppressed: tuple[Suppressed, ...] = ()
    earlier: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many findings of each verdict; all three keys are always there."""
        counted = Counter(f.verdict for f in self.findings)
        return {verdict: counted.get(verdict, 0) for verdict in ("holds", "broken", "unverified")}

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that make the run fail."""
        severities = {"error"} if self.fail_on == "broken" else {"error", "warning"}
        return tuple(
            f
            for f in self.findings
            if (f.verdict == "broken" and f.severity in severities)
            or (f.verdict == "unverified" and self.fail_on == "unverified")
        )

    @property
    def verdict(self) -> Literal["holds", "broken"]:
        """``broken`` when something fails the run."""
        return "broken" if self.failing else "holds"

    @property
    def exit_code(self) -> int:
        """0 when it holds, 1 when it is broken."""
        return 1 if self.failing else 0

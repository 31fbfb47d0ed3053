"""What a check is: a question, the words that explain it, and a pure function from what was seen to findings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from harness.facts import Refusal
from harness.plan.model import Plan
from harness.run.model import Run
from harness.source import Source

Verdict = Literal["holds", "broken", "unverified"]
Severity = Literal["error", "warning", "advice"]

RIGHTS = "Give that right to the user of the address, or use a server of the harness's own: --server local or docker."


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a check may look at."""

    plan: Plan
    run: Run


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict on one claim or property.

    Attributes:
        check: the check's name.
        verdict: ``holds``, ``broken``, or ``unverified`` with the reason in ``message``.
        subject: what it is about: ``query 1 / idx_users_email``.
        message: one or two sentences, for people; says what was seen, with figures.
        source: the line that the verdict is about.
        severity: of a break.
        claim: the document's own words, where there are any.
        evidence: values that JSON can hold.
        remedy: what to do; empty when it holds.
        follows: the finding that it only follows from, where it could not be looked at for that one's sake:
            ``up-applies: migration 003``; empty where it stands for itself.
    """

    check: str
    verdict: Verdict
    subject: str
    message: str
    source: Source
    severity: Severity = "error"
    claim: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    remedy: str = ""
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One entry of the catalogue. Its words are used by the command line, the report and the pages alike.

    Attributes:
        name: what should hold (``index-used``); the module has the same name with underscores.
        question: what it asks, one sentence.
        why: why it matters, in a few sentences.
        remedy: what to do when it breaks.
        severity: of a break, unless a finding says otherwise.
        breaks: a small example that breaks it.
        holds: its mended twin.
        judge: the findings for a case.
        unverified: what to do where it could not be looked at, whatever the reason; empty where that depends on it.
    """

    name: str
    question: str
    why: str
    remedy: str
    severity: Severity
    breaks: str
    holds: str
    judge: "Callable[[Check, Case], Iterable[Finding]]"
    unverified: str = ""

    def found(
        self,
        verdict: Verdict,
        subject: str,
        message: str,
        source: Source,
        *,
        severity: Severity | None = None,
        claim: str = "",
        evidence: Mapping[str, Any] | None = None,
        remedy: str | None = None,
    ) -> Finding:
        """A finding of this check, with its severity and remedy unless others are given.

        The remedy is for a break: what could not be looked at is not mended by it.
        """
        usual = {"holds": "", "broken": self.remedy, "unverified": self.unverified}[verdict]
        return Finding(
            check=self.name,
            verdict=verdict,
            subject=subject,
            message=message,
            source=source,
            severity=severity or self.severity,
            claim=claim,
            evidence=evidence or {},
            remedy=usual if remedy is None or verdict == "holds" else remedy,
        )

    def refused(
        self,
        case: Case,
        subject: str,
        message: str,
        refusal: Refusal,
        *,
        evidence: Mapping[str, Any] | None = None,
        remedy: str | None = None,
    ) -> Finding:
        """A finding about what the server does not take: a break, unless its user lacks a right there.

        On a server of ours the user has all rights; that of an address has those that somebody gave it.
        """
        if refusal.denied and case.run.server == "url":
            told = f"{message}; the user of this address has not the right to it, which says nothing of the design"
            return self.found("unverified", subject, told, refusal.source, evidence=evidence, remedy=RIGHTS)
        return self.found("broken", subject, message, refusal.source, evidence=evidence, remedy=remedy)

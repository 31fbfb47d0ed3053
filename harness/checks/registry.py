"""The catalogue of checks, discovered: each module of this package that has a ``CHECK``."""

import importlib
import pkgutil
from collections.abc import Collection
from functools import cache

import harness.checks
from harness.checks.base import Case, Check, Finding
from harness.checks.consequences import traced
from harness.checks.wording import put, wording


@cache
def catalogue() -> tuple[Check, ...]:
    """All checks, by name."""
    modules = (
        importlib.import_module(f"harness.checks.{m.name}") for m in pkgutil.iter_modules(harness.checks.__path__)
    )
    return tuple(sorted((m.CHECK for m in modules if hasattr(m, "CHECK")), key=lambda check: check.name))


def judge(case: Case, *, select: Collection[str] = (), ignore: Collection[str] = ()) -> tuple[Finding, ...]:
    """All findings, in the order of the document's lines; of the selected checks only, if any are selected."""
    checks = (c for c in catalogue() if (not select or c.name in select) and c.name not in ignore)
    worded = wording(case)
    found = traced(case, (finding for check in checks for finding in check.judge(check, case)))
    findings = [put(finding, worded) for finding in found]
    return tuple(sorted(findings, key=lambda f: (f.source.line, f.check, f.subject)))

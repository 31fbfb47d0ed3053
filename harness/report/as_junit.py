"""The report for test dashboards: JUnit XML, one test case a finding, the class name being the check.

What fails the run is a ``failure``; what could not be checked is ``skipped``; a warning that does not fail the run
passes, and stands in the suite's ``system-out``, so that a dashboard and the exit code never disagree. The file is
valid against the schema of Ant (which asks for ``package``, ``id``, ``hostname`` and a time without zone) and that of
Jenkins' xUnit plugin.
"""

from collections import Counter
from xml.etree import ElementTree as ET

from harness.checks.base import Finding
from harness.report.characters import one_line, printable
from harness.report.drills import DrillFigures, drills
from harness.report.model import Report


def junit_text(*reports: Report) -> str:
    """The XML of one report or several, with its declaration."""
    root = ET.Element("testsuites")
    root.extend([_suite(report, number) for number, report in enumerate(reports)])
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(report: Report, number: int) -> ET.Element:
    failing, counts = set(map(id, report.failing)), Counter(f.verdict for f in report.findings)
    unverified_failing = sum(f.verdict == "unverified" for f in report.failing)
    drilled = drills(report)
    suite = ET.Element(
        "testsuite",
        name=one_line(report.plan.design.name),
        package="harness",
        id=str(number),
        hostname="localhost",
        timestamp=report.run.started[:19],
        time=f"{report.run.seconds:.3f}",
        tests=str(len(report.findings) + len(drilled)),
        failures=str(len(report.failing)),
        errors="0",
        skipped=str(counts["unverified"] - unverified_failing + sum(d.ok is None for d in drilled)),
    )
    suite.append(_properties(report))
    seen: Counter[tuple[str, str]] = Counter()
    for finding in report.findings:
        seen[finding.check, finding.subject] += 1
        suite.append(_case(finding, seen[finding.check, finding.subject], fails=id(finding) in failing))
    suite.extend(_drill(drill) for drill in drilled)
    ET.SubElement(suite, "system-out").text = _tolerated(report, failing)
    ET.SubElement(suite, "system-err").text = ""
    return suite


def _properties(report: Report) -> ET.Element:
    run, element = report.run, ET.Element("properties")
    values = {
        "harness": report.harness,
        "path": report.plan.design.path,
        "engine": run.engine,
        "version": run.version,
        "server": run.server,
        "scenario": report.plan.scenario.name,
        "seed": str(report.plan.scenario.seed),
    }
    for name, value in values.items():
        ET.SubElement(element, "property", name=name, value=one_line(value))
    return element


def _case(finding: Finding, nth: int, *, fails: bool) -> ET.Element:
    """The name leaves the line out, so that a test keeps its history when the document grows above it."""
    name = one_line(finding.subject) + (f" #{nth}" if nth > 1 else "")
    case = ET.Element("testcase", classname=finding.check, name=name, time="0")
    if fails:
        failure = ET.SubElement(case, "failure", type=finding.severity, message=one_line(finding.message))
        failure.text = _words(finding)
    elif finding.verdict == "unverified":
        ET.SubElement(case, "skipped", message=one_line(finding.message))
    return case


def _drill(drill: DrillFigures) -> ET.Element:
    """One case a drill. What it broke stands in the findings: it fails there, so that nothing is counted twice."""
    case = ET.Element("testcase", classname="drill", name=drill.name, time=f"{drill.seconds:.3f}")
    if drill.ok is None:
        ET.SubElement(case, "skipped", message=one_line(drill.summary))
    trials = (f"{t.result}: {t.migration} {t.way or ''} {t.subject}: {t.message}" for t in drill.trials)
    text = "\n".join((f"in production: {drill.advice}", *trials))
    ET.SubElement(case, "system-out").text = printable(text)
    return case


def _words(finding: Finding) -> str:
    said = f"\nsaid: {finding.claim}" if finding.claim else ""
    remedy = f"\nremedy: {finding.remedy}" if finding.remedy else ""
    return printable(f"{finding.source}: {finding.check}: {finding.subject}: {finding.message}{said}{remedy}")


def _tolerated(report: Report, failing: set[int]) -> str:
    found = (f for f in report.findings if f.verdict == "broken" and id(f) not in failing)
    return "\n\n".join(f"{f.severity}: {_words(f)}" for f in found)

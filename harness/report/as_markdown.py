"""The report as Markdown: for a pull request's comment, a wiki, or a reader without a browser."""

import re
from collections.abc import Iterable, Iterator, Sequence

from harness.checks.base import Finding
from harness.report import figures
from harness.report.access_tree import tree
from harness.report.characters import one_line, printable
from harness.report.drills import DrillFigures, drills
from harness.report.figures import MigrationFigures, QueryFigures
from harness.report.groups import (
    broken,
    consequences,
    following,
    headline,
    holding,
    numbered,
    place,
    places,
    reasons,
)
from harness.report.measures import count, limit, milliseconds, seconds
from harness.report.model import Report
from harness.run.model import Applied
from harness.run.seen.drills import Trial

ROUND_TRIPS = {"exact": "exact", "order": "column order", "differs": "**differs**", "not-run": "not run"}

OUTCOMES = {True: "passed", False: "**failed**", None: "not tried"}


def markdown_text(report: Report) -> str:
    """The whole report; ends in a newline."""
    return "\n".join(_blocks(report)).rstrip() + "\n"


def _blocks(report: Report) -> Iterator[str]:
    yield from _head(report)
    yield from _broken(report, "Broken", broken(report, "error"))
    yield from _broken(report, "Warnings", broken(report, "warning"))
    yield from _broken(report, "Advice", broken(report, "advice"))
    yield from _migrations(report, figures.migrations(report))
    yield from _queries(report, figures.queries(report))
    yield from _drills(report, drills(report))
    yield from _data(report)
    yield from _unverified(report)
    yield from _holding(report)
    yield from _notes(report)


def _head(report: Report) -> Iterator[str]:
    run, scenario, design = report.run, report.plan.scenario, report.plan.design
    yield f"# {inline(design.name)}: {headline(report)}"
    yield ""
    yield f"{code(design.path)}, run on {run.engine} {run.version} ({run.server})"
    yield f"with scenario {inline(scenario.name)}, seed {scenario.seed}, in {seconds(run.seconds)}."
    yield ""


def _broken(report: Report, title: str, findings: tuple[Finding, ...]) -> Iterator[str]:
    if not findings:
        return
    yield f"## {title}"
    yield ""
    for finding in findings:
        yield f"- **{inline(place(report, finding.source))}** · `{finding.check}` · {inline(finding.subject)}  "
        yield f"  {inline(finding.message)}"
        if finding.claim:
            yield f"  - said: {code(finding.claim)}"
        if finding.remedy:
            yield f"  - remedy: {inline(finding.remedy)}"
    yield ""


def _migrations(report: Report, migrations: Sequence[MigrationFigures]) -> Iterator[str]:
    shown, left = figures.reached(migrations)
    rows = [
        (
            inline(numbered(report, m.change.source)),
            inline(f"{m.change.id} {m.change.title}") + (" (planned)" if m.change.planned else ""),
            applied_text(m.up),
            applied_text(m.down) + (", derived" if m.down and m.change.down_derived else ""),
            ROUND_TRIPS[m.round_trip],
        )
        for m in shown
    ]
    if left:
        first = inline(numbered(report, left[0].change.source))
        rows.append((first, f"{len(left)} more", "not run", "not run", "not run"))
    yield from table("Migrations", ("line", "migration", "up", "down", "round trip"), rows)


def applied_text(applied: Applied | None) -> str:
    """How long it took, or what became of it."""
    if applied is None:
        return "not run"
    return seconds(applied.elapsed_s) if applied.ok else "**refused**"


def _queries(report: Report, queries: tuple[QueryFigures, ...]) -> Iterator[str]:
    rows = [
        (
            inline(numbered(report, q.query.source)),
            inline(f"{q.query.id} {q.query.title}"),
            milliseconds(q.percentile_ms(50)),
            milliseconds(q.percentile_ms(95)),
            milliseconds(q.percentile_ms(99)),
            limit(q.target.limit_ms) if q.target else "–",
            ", ".join(code(name) for name in q.used) or "–",
        )
        for q in queries
    ]
    if not any(q.explained or q.skipped for q in queries):  # a drill asks none
        return
    yield from table("Queries", ("line", "query", "p50", "p95", "p99", "target", "indexes used"), rows)
    for query in queries:
        if query.access:
            yield from folded(f"Plan of query {inline(query.query.id)}", ["```text", tree(query.access), "```"])


def _drills(report: Report, found: tuple[DrillFigures, ...]) -> Iterator[str]:
    rows = [(f"`{d.name}`", OUTCOMES[d.ok], inline(d.summary), seconds(d.seconds), inline(d.advice)) for d in found]
    yield from table("Drills", ("drill", "outcome", "trials", "took", "in production"), rows)
    for drill in found:
        lines = [
            f"- {inline(place(report, t.source))} · {t.result} · {inline(_what(t))}: {inline(t.message)}"
            for t in drill.trials
        ]
        if lines:
            yield from folded(f"Trials of {drill.name}: {inline(drill.summary)}", lines)


def _what(trial: Trial) -> str:
    return " ".join(part for part in (trial.migration, trial.way or "", trial.subject) if part)


def _data(report: Report) -> Iterator[str]:
    data = figures.data(report)
    why = dict(data.why)
    rows = [(code(name), count(rows), inline(why.get(name, ""))) for name, rows in data.rows]
    yield from table("Data", ("entity", "rows", "why"), rows)


def _unverified(report: Report) -> Iterator[str]:
    lines = [*caused(report)]
    lines += [
        f"- `{check}`, {inline(places(report, (f.source for f in found), len(found)))}: {inline(message)}"
        for (check, message), found in reasons(report).items()
    ]
    if lines:
        yield from folded(f"Not verified: {report.counts['unverified']}", lines)


def caused(report: Report) -> Iterator[str]:
    """A line for each cause that leaves more than one finding unverified."""
    for cause, found in consequences(report).items():
        yield f"- {inline('; '.join(following(report, cause, found)))}"


def _holding(report: Report) -> Iterator[str]:
    found = holding(report)
    if found:
        lines = [
            f"- {inline(place(report, f.source))} · `{f.check}` · {inline(f.subject)}: {inline(f.message)}"
            for f in found
        ]
        yield from folded(f"Holds: {len(found)}", lines)


def _notes(report: Report) -> Iterator[str]:
    notes = report.plan.notes
    if notes:
        lines = [
            f"- {inline(place(report, n.source))} · {n.kind} · {inline(n.subject)}: {inline(n.message)}" for n in notes
        ]
        yield from folded(f"Made executable: {len(lines)} filled, derived, missing or left out", lines)


def table(title: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """A table under a heading (none for an empty title); nothing when it has no rows."""
    if rows:
        if title:
            yield f"## {title}"
            yield ""
        yield f"| {' | '.join(header)} |"
        yield f"|{'---|' * len(header)}"
        yield from (f"| {' | '.join(row)} |" for row in rows)
        yield ""


def folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines that a reader opens."""
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"
    yield ""


def inline(text: str) -> str:
    """Any text as inline Markdown that shows it as it is, in a table too."""
    return re.sub(r"([\\`*_\[\]<>|~#])", r"\\\1", one_line(text)).replace("&", "&amp;")


def code(text: str) -> str:
    """A code span that any text fits in: its ticks outnumber those inside; bars are escaped for tables."""
    line = one_line(printable(text)).replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"

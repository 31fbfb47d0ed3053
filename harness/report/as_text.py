"""The report for a terminal: what is broken first, the verdict last; good at 80 columns and in a pipe.

Everything is built from ``Text``: words of documents and servers are never read as markup.
"""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from harness.checks.base import Case, Finding
from harness.checks.wording import wording
from harness.counting import counted
from harness.design.names import slug
from harness.facts import Access
from harness.report import figures
from harness.report.access_tree import lines
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
    others,
    places,
    reasons,
    repeated,
    singly,
    unverified,
)
from harness.report.indented import Indented
from harness.report.measures import count, limit, milliseconds, seconds
from harness.report.model import Report
from harness.run.model import Applied
from harness.source import Source

CLAIM_WIDTH = 240
LINES_SHOWN = 12
TRIALS_SHOWN = 6
BRIEF_S = 0.005
"""A drill that takes less has looked at what was there already."""
STYLES = {"broken": "bold red", "holds": "bold green", "warning": "yellow", "advice": "cyan", "quiet": "dim"}

OUTCOMES = {True: ("passed", STYLES["holds"]), False: ("failed", STYLES["broken"]), None: ("not tried", "bold")}
"""What a drill's ``ok`` is called."""


def as_text(report: Report, *, verbose: bool = False) -> RenderableType:
    """The whole report but for its last line (see ``verdict_line``)."""
    return Group(*_parts(report, verbose=verbose))


def verdict_line(report: Report) -> Text:
    """One line: verdict, counts, seconds."""
    name, took = one_line(report.plan.design.name), seconds(report.run.seconds)
    return Text.assemble((f"{name}: ", "bold"), (headline(report), STYLES[report.verdict]), f" · {took}")


def _parts(report: Report, *, verbose: bool) -> Iterator[RenderableType]:
    yield _about(report)
    yield from _findings("broken", STYLES["broken"], singly(broken(report, "error")))
    grouped = singly if verbose else repeated
    yield from _findings("warnings", STYLES["warning"], grouped(broken(report, "warning")))
    yield from _findings("advice", STYLES["advice"], grouped(broken(report, "advice")))
    yield from _unverified(report, verbose=verbose)
    yield from _holding(report, verbose=verbose)
    yield from _silenced(report, verbose=verbose)
    yield from _migrations(figures.migrations(report), verbose=verbose)
    yield from _queries(figures.queries(report), verbose=verbose)
    yield from _drills(report, drills(report), verbose=verbose)
    yield from _data(report)
    yield from _notes(report, verbose=verbose)
    yield Text("")


def _about(report: Report) -> Text:
    run, scenario = report.run, report.plan.scenario
    image = f", image {run.image}" if run.image else ""
    return Text(
        f"{one_line(report.plan.design.path)} on {run.engine} {run.version} ({run.server}{image}), "
        f"scenario {scenario.name}, seed {scenario.seed}"
    )


def _title(text: str, style: str) -> Text:
    return Text(f"\n{text}", style=style)


def _findings(title: str, style: str, groups: Sequence[Sequence[Finding]]) -> Iterator[RenderableType]:
    if groups:
        yield _title(f"{title}: {sum(map(len, groups))}", style)
        for found in groups:
            yield from _finding(found[0], style, found)


def _finding(finding: Finding, style: str, alike: Sequence[Finding] = ()) -> Iterator[RenderableType]:
    """A finding, and where the others stand that say the same."""
    yield Text.assemble((f"{finding.source} ", "bold"), (finding.check, style), f" {one_line(finding.subject)}")
    yield Indented(Text(printable(finding.message)))
    if len(alike) > 1:
        yield Indented(Text.assemble((f"{len(alike) - 1} more alike: ", "dim"), one_line(others(alike))))
    if finding.claim:
        yield Indented(Text.assemble(("said: ", "dim"), (one_line(finding.claim, CLAIM_WIDTH), "italic")))
    if finding.remedy:
        yield Indented(Text.assemble(("remedy: ", "dim"), printable(finding.remedy)))


def _unverified(report: Report, *, verbose: bool) -> Iterator[RenderableType]:
    findings = unverified(report)
    if not findings:
        return
    yield _title(f"not verified: {len(findings)}" + ("" if verbose else " (each in full with --verbose)"), "bold")
    if verbose:
        for finding in findings:
            yield from _finding(finding, "bold")
        return
    for cause, found in consequences(report).items():
        sentence, rest = following(report, cause, found)
        yield Indented(Text.assemble(one_line(sentence), (f"; {rest}", "dim")))
    for (check, message), found in reasons(report).items():
        lines = places(report, (f.source for f in found), LINES_SHOWN)
        yield Indented(Text.assemble(f"{check} ", (f"{lines}:", "dim"), f" {one_line(message)}"))


def _holding(report: Report, *, verbose: bool) -> Iterator[RenderableType]:
    findings = holding(report)
    if not findings or not verbose:
        return
    yield _title(f"holds: {len(findings)}", STYLES["holds"])
    for finding in findings:
        said = f" {one_line(finding.subject)}: {one_line(finding.message)}"
        yield Indented(Text.assemble((finding.check, "green"), said), head=_head(report, finding.source))


def _silenced(report: Report, *, verbose: bool) -> Iterator[RenderableType]:
    """What a comment or the baseline silences, and what a change did not touch."""
    if report.suppressed:
        yield _title(f"silenced: {len(report.suppressed)}", STYLES["quiet"])
    for each in report.suppressed if verbose else ():
        said = f" {one_line(each.finding.subject)}: {one_line(each.reason)} ({each.where})"
        yield Indented(Text.assemble((each.finding.check, "dim"), said))
    if report.earlier:
        said = f"{counted(report.earlier, 'finding')} about what the change does not touch: not shown"
        yield Text(f"\n{said}", style="dim")


def _head(report: Report, source: Source) -> Text:
    return Text(f"{numbered(report, source):>5} ", "dim")


def _migrations(migrations: Sequence[MigrationFigures], *, verbose: bool) -> Iterator[RenderableType]:
    shown, left = figures.reached(migrations, whole=verbose)
    rows = [
        (
            Text(_titled(m.change.id, m.change.title)),
            _applied(m.up),
            _applied(m.down) + Text(" derived" if m.down and m.change.down_derived else "", style="dim"),
            Text(m.round_trip.replace("-", " "), style="green" if m.round_trip == "exact" else "yellow"),
        )
        for m in shown
    ]
    if left:
        untried = Text("not run", style="dim")
        rows.append((Text(f"{len(left)} more after it", style="dim"), untried, untried, untried))
    yield from _table(("migration", "up", "down", "round trip"), rows, names=0)


def _titled(name: str, title: str) -> str:
    """Id and title; the title alone where the id is made of it."""
    return one_line(title if slug(title).startswith(name) else f"{name} {title}")


def _applied(applied: Applied | None) -> Text:
    if applied is None:
        return Text("not run", style="dim")
    return Text(seconds(applied.elapsed_s)) if applied.ok else Text("refused", style="red")


def _queries(queries: tuple[QueryFigures, ...], *, verbose: bool) -> Iterator[RenderableType]:
    rows = [
        (
            Text(_titled(q.query.id, q.query.title)),
            *(Text(milliseconds(q.percentile_ms(percent))) for percent in (50, 95, 99)),
            Text(limit(q.target.limit_ms) if q.target else "–"),
            Text("\n".join(map(one_line, q.used)) or "–"),
        )
        for q in queries
    ]
    if not any(q.explained or q.skipped for q in queries):  # a drill asks none
        return
    yield from _table(("query", "p50", "p95", "p99", "target", "indexes used"), rows, names=5)
    for query in queries if verbose else ():
        if query.access:
            yield Text(f"plan of query {one_line(query.query.id)}", style="bold")
            yield from plan(query.access)


def plan(access: Access) -> Iterator[RenderableType]:
    """A query's plan, a node a line, each folded under itself."""
    for depth, node, seen in lines(access):
        yield Indented(Text.assemble(node, (f"  ({seen})", "dim")), left=2 * depth + 2)


def percentiles(figures: QueryFigures) -> str:
    """The times of a query, on one line."""
    runs = counted(len(figures.timed.samples_ms), "run") if figures.timed else "no runs"
    times = ", ".join(f"p{percent} {milliseconds(figures.percentile_ms(percent))}" for percent in (50, 95, 99))
    cold = "" if figures.cold_ms is None else f", cold {milliseconds(figures.cold_ms)}"
    trip = "" if figures.trip_ms is None else f"; round trip {milliseconds(figures.trip_ms)}"
    noise = "" if figures.noise is None else f"; machine {figures.noise:.1f} times its best"
    return f"{times} of {runs}{cold}{trip}{noise}"


def _table(header: tuple[str, ...], rows: Sequence[tuple[Text, ...]], *, names: int) -> Iterator[RenderableType]:
    """The first column folds at words; the others keep theirs on one line, those of figures to the right."""
    if not rows:
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for number, name in enumerate(header):
        text = number in {0, names}
        table.add_column(name, no_wrap=number > 0, overflow="fold", justify="left" if text else "right")
    for row in rows:
        table.add_row(*row)
    yield Text("")
    yield table


def _drills(report: Report, found: tuple[DrillFigures, ...], *, verbose: bool) -> Iterator[RenderableType]:
    for drill in found:
        word, style = OUTCOMES[drill.ok]
        yield Text("")
        yield Text.assemble(
            (f"drill {drill.name}: ", "bold"),
            (word, style),
            f" · {drill.summary}",
            (f" · {seconds(drill.seconds)}" if drill.seconds >= BRIEF_S else "", "dim"),
        )
        for trial in drill.trials if verbose else drill.telling[:TRIALS_SHOWN]:
            place = " ".join(part for part in (trial.migration, trial.way or "", trial.subject) if part)
            yield Indented(
                Text.assemble((one_line(place), "bold"), f": {one_line(trial.message)}"),
                head=_head(report, trial.source),
            )
        if not verbose and len(drill.telling) > TRIALS_SHOWN:
            yield Indented(Text(f"and {len(drill.telling) - TRIALS_SHOWN} more (with --verbose)", style="dim"))
        yield Indented(Text.assemble(("in production: ", "dim"), printable(drill.advice)))


def _data(report: Report) -> Iterator[RenderableType]:
    data = figures.data(report)
    if data.rows:
        worded = wording(Case(report.plan, report.run))
        speed = worded(f" ({count(data.rows_per_second)} rows/s)") if data.rows_per_second else ""
        each = ", ".join(f"{one_line(name)} {count(rows)}" for name, rows in data.rows)
        yield Text("")
        yield Indented(
            Text(f"{worded(counted(data.total, 'row'))} in {seconds(data.seconds)}{speed}: {each}"), head=Text("data: ")
        )
        yield from _scaled(report)


def _scaled(report: Report) -> Iterator[RenderableType]:
    """That there are fewer rows than the document speaks of."""
    share = min((each.share for each in report.plan.scenario.said), default=1.0)
    if share < 1:
        name = next(each.entity for each in report.plan.scenario.said if each.share == share)
        more = f"more by a scenario, or --rows {one_line(name)}=N"
        said = f"{100 * share:.3g}% of the volumes that the document gives; {more}"
        yield Indented(Text(said, style="dim"), left=6)


def _notes(report: Report, *, verbose: bool) -> Iterator[RenderableType]:
    notes = report.plan.notes
    if not notes:
        return
    if not verbose:
        kinds = {note.kind: sum(n.kind == note.kind for n in notes) for note in notes}
        yield Text("made executable: " + ", ".join(f"{number} {kind}" for kind, number in kinds.items()), style="dim")
        return
    yield _title("made executable", "bold")
    for note in notes:
        said = f" {one_line(note.subject)}: {one_line(note.message)}"
        yield Indented(Text.assemble((note.kind, "cyan"), said), head=_head(report, note.source))

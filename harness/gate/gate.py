"""The gate: what is to be judged found out, each design and folder tried, and the reports together."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from harness.design.folder import build
from harness.design.model import Design
from harness.errors import HarnessError
from harness.folders.model import Folder
from harness.folders.read import read as read_folder
from harness.gate.documents import history
from harness.gate.relevance import Diff, Relevant
from harness.gate.scope import Scope, scope
from harness.pipeline import Options, engine_of, plan_for, serving, tried, understood, wants_members
from harness.plan.model import Change, Plan
from harness.report.model import Report
from harness.run.model import Progress
from harness.servers.model import Server

Amend = Callable[[Design], Design]


@dataclass(frozen=True, slots=True)
class Job:
    """One run of the gate: a plan, and the files whose findings count (None: all)."""

    plan: Plan
    files: frozenset[str] | None = None


def jobs(found: Relevant, options: Options, amend: Amend) -> Iterator[Job]:
    """What the gate has to do. ``amend`` adds what was given beside the files (queries) to each folder's design."""
    for path in found.paths:
        if path.is_file():
            design = understood(path, options.folders)
            plan = plan_for(design, path, options)
            folders = {each.resolve() for each in found.paths if each.is_dir()}
            told = history(path, design, found.diff, options.folders, folders) if found.diff is not None else ()
            yield Job(replace(plan, history=told))
            continue
        folder = read_folder(path, options.folders)
        plan = plan_for(amend(build(folder)), path, options)
        if found.diff is None:
            yield Job(plan)
        else:
            diff = found.diff
            base = (diff.commit, diff.name)
            seen = scope(folder, diff.within(path), diff.repository, base, diff.paths)
            yield from _scoped(plan, folder, seen, diff)


def carried_out(
    todo: Sequence[Job],
    options: Options,
    progress: Progress,
    tell: Callable[[str], None],
    failed: Callable[[HarnessError], None],
) -> Iterator[Report]:
    """Each job in turn, on one server for each engine; one that cannot be done keeps no other from being done."""
    with ExitStack() as servers:
        there: dict[tuple[str, str | None, bool], Server] = {}
        for job in todo:
            engine = engine_of(job.plan.design)
            key = engine.name, job.plan.scenario.engine_version, wants_members(engine, job.plan)
            try:
                if key not in there:
                    progress.stage(f"starting {engine.title}")
                    there[key] = servers.enter_context(serving(engine, job.plan, options, tell))
                yield tried(job.plan, options, progress, tell, limited=_limit(job), on=there[key])
            except HarnessError as error:
                there.pop(key, None)
                failed(error)


def _limit(job: Job) -> Callable[[Report], Report]:
    return lambda report: limited(report, job)


def _scoped(plan: Plan, folder: Folder, found: Scope, diff: Diff) -> Iterator[Job]:
    """A job for each run of migrations that stand together; the last one judges the schema and the queries too."""
    judged = found.judged or frozenset()
    files = (
        frozenset(f for step in folder.steps if step.id in judged for f in step.files)
        | frozenset(edit.source.path for edit in found.history)
        | _changed_files(folder, diff)
    )
    missing = {p.source.path for p in plan.design.problems if not Path(p.source.path).exists()}
    files |= {path for path in missing if diff.touches(Path(path).parent)}
    wrong = any(p.source.path in files for p in plan.design.problems)
    runs = list(_runs(plan.changes, judged))
    last = len(plan.changes)
    if not runs or runs[-1][1] < last:
        runs.append((last, last))
    for number, (first, end) in enumerate(runs):
        final = number == len(runs) - 1
        if first == end and not (final and (found.history or wrong)):
            continue
        ids = {c.id for c in plan.changes[first:end]}
        name = plan.design.name if final else f"{plan.design.name}-{plan.changes[first].id}"
        history = tuple(e for e in found.history if e.migration in ids or (final and e.migration not in judged))
        design = replace(
            plan.design,
            name=name,
            migrations=tuple(m for m in plan.design.migrations if m.id in ids),
            claims=tuple(c for c in plan.design.claims if getattr(c, "migration", None) in {None, *ids}),
            problems=plan.design.problems if final else (),
            queries=plan.design.queries if final else (),
        )
        yield Job(
            replace(
                plan,
                design=design,
                base=(*plan.base, *plan.changes[:first]),
                changes=plan.changes[first:end],
                queries=plan.queries if final else (),
                history=history,
            ),
            files,
        )


def _changed_files(folder: Folder, diff: Diff) -> frozenset[str]:
    """What else was changed in the folder: a plan, a changelog."""
    own = diff.within(folder.path)
    inside = (p for p in diff.paths if own == "." or p.startswith(f"{own}/"))
    return frozenset(str(Path(folder.path) / (p if own == "." else p.removeprefix(f"{own}/"))) for p in inside)


def _runs(changes: Sequence[Change], judged: frozenset[str]) -> Iterator[tuple[int, int]]:
    """First and end of each run of judged migrations."""
    first: int | None = None
    for number, change in enumerate((*changes, None)):
        inside = change is not None and change.id in judged
        if inside and first is None:
            first = number
        elif not inside and first is not None:
            yield first, number
            first = None


def limited(report: Report, job: Job) -> Report:
    """The report with the findings of the job's files alone."""
    if job.files is None:
        return report
    kept = tuple(f for f in report.findings if f.source.path in job.files)
    return replace(report, findings=kept, earlier=len(report.findings) - len(kept))

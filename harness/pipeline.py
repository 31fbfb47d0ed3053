"""The stages, in order; the only module that knows them all. Read this first.

document -> design -> plan -> server -> run -> findings -> report
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from harness import __version__, adapters
from harness.checks.base import Case
from harness.checks.registry import catalogue, judge
from harness.checks.suppression_used import settled as silenced
from harness.checks.wording import wording
from harness.design import folder as migrations
from harness.design.build import build as designed
from harness.design.dialect import FAMILIES, family
from harness.design.ignores import ignores
from harness.design.model import Design
from harness.document.markdown import read
from harness.document.model import Document
from harness.engine import Engine
from harness.errors import InputError
from harness.folders.model import Problem, Settings
from harness.folders.read import read as read_folder
from harness.folders.text import text_of
from harness.gathering import Gathering
from harness.plan.build import build as plan_of
from harness.plan.model import Plan, Scenario
from harness.plan.outside import sharing
from harness.plan.scenario import MOST_ROWS, found
from harness.report.model import FailOn, Report
from harness.run.bench import Bench
from harness.run.drills.catalogue import DRILLS
from harness.run.drills.walk import drill, lightened
from harness.run.execute import execute
from harness.run.model import Observation, Progress, Run
from harness.run.safer import offers
from harness.run.seen.drills import Trial
from harness.run.settle import settled
from harness.servers.leftovers import listing, sweep
from harness.servers.model import Server
from harness.servers.provider import provide, silent
from harness.source import Source

CHOICES = frozenset(("auto", "docker", "local"))
"""What ``--server`` takes beside a URL: each time a server of our own."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller chose; see the command line's ``--help`` for the words.

    Attributes:
        server: ``auto``, ``docker``, ``local`` or a URL.
        engine: the engine to run on instead of the one that the document names; None takes the document's.
        rows: ``"10000"`` (every root entity) or ``"orders=100000"``.
        statement_timeout: seconds that a statement may take; None takes the scenario's.
        tool: the migration tool that a folder belongs to; None finds it out.
        placeholders: ``"name=value"``, for ``${name}`` in a folder's migrations.
        python: the interpreter of a project whose migration tool is written in Python.
    """

    server: str = "auto"
    engine: str | None = None
    engine_version: str | None = None
    image: str | None = None
    scenario: str | None = None
    rows: tuple[str, ...] = ()
    seed: int | None = None
    statement_timeout: int | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: FailOn = "broken"
    keep: bool = False
    tool: str | None = None
    placeholders: tuple[str, ...] = ()
    python: Path | None = None

    @property
    def folders(self) -> Settings:
        """What the readers of migration folders are told."""
        for given in self.placeholders:
            if "=" not in given:
                raise InputError(f"--placeholder {given}: give NAME=VALUE")
        values = dict(given.split("=", 1) for given in self.placeholders)
        return Settings(self.tool or "", self.engine or "", values, self.python)


def located(design: str) -> Path:
    """The file of a design: a path, or a name in ``designs/``.

    Raises:
        InputError: there is no such file; names that are near are offered.
    """
    path = Path(design)
    if path.suffix or path.is_dir() or len(path.parts) > 1:
        return path
    named = Path("designs") / f"{design}.md"
    if named.is_file():
        return named
    there = sorted(p.stem for p in Path("designs").glob("*.md"))
    near = get_close_matches(design, there, n=1)
    hint = (
        f"did you mean {near[0]}?"
        if near
        else f"there is: {', '.join(there)}"
        if there
        else "there is no designs/ here"
    )
    raise InputError(f"{design}: no such design ({named} does not exist); {hint}")


def understood(path: Path, settings: Settings | None = None) -> Design:
    """What was read from a document, or from a migration folder."""
    if path.is_dir() and not any(path.glob("*.md")):
        return migrations.build(read_folder(path, settings or Settings()))
    document = read(path)
    design = designed(document)
    below = _folder(document, path)
    if below is None:
        return design
    place, source = below
    if not place.is_dir():
        message, remedy = f"there is no folder {place}", "Give the path from here, or from the document's folder."
        return replace(design, problems=(Problem("migrations", message, source, remedy, "unverified"),))
    return migrations.joined(design, read_folder(place, settings or Settings(engine=design.engine)))


def _folder(document: Document, path: Path) -> tuple[Path, Source] | None:
    """The folder that a document says its migrations are in, from the document's place or from here."""
    named = migrations.named(document)
    if named is None:
        return None
    return migrations.placed(named[0], path), named[1]


def planned(path: Path, options: Options) -> Plan:
    """What would be run; needs no server."""
    return plan_for(understood(path, options.folders), path, options)


def plan_for(design: Design, path: Path, options: Options) -> Plan:
    """The plan for a design that was read from a path."""
    if options.engine is not None:
        if options.engine not in adapters.names():
            raise InputError(f"--engine {options.engine}: no such engine (there is: {', '.join(adapters.names())})")
        design = replace(design, engine=options.engine)
    elif (named := options.server.partition("://")[0]) != design.engine and _is_related(named, design.engine):
        design = replace(design, engine=named)  # the URL says so: mariadb:// for a design of MySQL
    return plan_of(design, engine_of(design), scenario_of(path, options))


def _is_related(engine: str, other: str) -> bool:
    return engine in adapters.names() and engine in FAMILIES and family(engine) == family(other)


def verified(path: Path, options: Options, progress: Progress, tell: Callable[[str], None] = silent) -> Report:
    """The whole job: every claim of a document, tried on a disposable server.

    ``tell`` hears what a user must know before it happens: which server of theirs is touched, what is fetched.
    """
    return tried(planned(path, options), options, progress, tell)


def tried(
    plan: Plan,
    options: Options,
    progress: Progress,
    tell: Callable[[str], None] = silent,
    *,
    limited: Callable[[Report], Report] = lambda report: report,
    on: Server | None = None,
) -> Report:
    """A plan carried out and judged, ``on`` a server that is there already when one is given.

    ``limited`` leaves out what is not asked about, before comments silence any.
    """
    _worth_running(plan)
    for name in _rows_of_nothing(plan):
        tell(f"rows are asked for {name}, and {plan.design.path} has no such table")
    engine = engine_of(plan.design)
    _keeping_within(plan, engine, options.server)
    if on is None:
        progress.stage(f"starting {engine.title}")
    with nullcontext(on) if on else serving(engine, plan, options, tell) as server:
        plan = settled(plan, engine, server, progress)
        run = execute(plan, engine, server, progress)
    findings = judge(Case(plan, run), select=options.select, ignore=options.ignore)
    report = limited(Report(__version__, plan, run, findings, options.fail_on))
    return _silenced(report, options)


def _silenced(report: Report, options: Options) -> Report:
    """The report without what comments in its files silence, and with what is to be said of those comments."""
    names = frozenset(check.name for check in catalogue())
    judged = {name for name in names if (not options.select or name in options.select) and name not in options.ignore}
    comments = [ignore for path in report.plan.files for ignore in ignores(_raw(path), path)]
    if not comments:
        return report
    findings, suppressed = silenced(report.findings, comments, names, judged)
    return replace(report, findings=findings, suppressed=suppressed)


def _raw(path: str) -> str:
    try:
        return text_of(Path(path))
    except InputError:
        return ""


def drilled(
    path: Path, options: Options, only: Sequence[str], progress: Progress, tell: Callable[[str], None] = silent
) -> Report:
    """A design's migrations when something goes wrong in them; ``only`` names the drills, or is empty for all.

    Raises:
        InputError: there is no such drill, or nothing to drill.
    """
    chosen = [DRILLS[name] for name in DRILLS if not only or name in only]
    plan = planned(path, options)
    _worth_running(plan)
    engine = engine_of(plan.design)
    _keeping_within(plan, engine, options.server)
    progress.stage(f"starting {engine.title}")
    with serving(engine, plan, options, tell, durable=True) as server:
        lighter = plan if options.rows else lightened(plan, engine.traits(server.version))
        if lighter is not plan:
            tell(f"{engine.title} copies a database row by row: drilled on fewer rows (--rows gives them all the same)")
            plan = lighter
        run = drill(plan, engine, server, chosen, progress)
    run = replace(run, observations=tuple(_trial_in(wording(Case(plan, run)), each) for each in run.observations))
    asked = {check for each in chosen for check in each.checks}
    select = [check.name for check in catalogue() if check.name in asked]
    wanted = options.select or select  # drills that no check judges have nothing to select, which is not everything
    findings = judge(Case(plan, run), select=wanted, ignore=options.ignore) if wanted else ()
    return Report(__version__, plan, run, findings, options.fail_on)


def made_safer(
    path: Path, options: Options, progress: Progress, tell: Callable[[str], None] = silent
) -> tuple[Plan, Run]:
    """Safer ways for a design's migrations, each tried against the usual one on a server."""
    plan = planned(path, options)
    _worth_running(plan)
    engine = engine_of(plan.design)
    _keeping_within(plan, engine, options.server)
    started, begun = datetime.now(UTC), time.perf_counter()
    with serving(engine, plan, options, tell) as server:
        bench = Bench(settled(plan, engine, server, progress), engine, server, progress)
        offers(bench, started)
    return plan, bench.ended(started, begun)


def _trial_in(worded: Callable[[str], str], seen: Observation) -> Observation:
    """What a drill saw in the words of its engine."""
    if not isinstance(seen, Trial):
        return seen
    return replace(seen, subject=worded(seen.subject), message=worded(seen.message))


def wants_members(engine: Engine, plan: Plan) -> bool:
    """Whether what is to be run needs a server that is a member of a set, which a single one is not."""
    return isinstance(engine, Gathering) and engine.wants_members(plan.statements())


@contextmanager
def serving(
    engine: Engine,
    plan: Plan,
    options: Options,
    tell: Callable[[str], None] = silent,
    *,
    durable: bool = False,
) -> Iterator[Server]:
    """A server for an engine, as the options, the scenario and what is to be run ask for it.

    ``durable``: one that may be killed.
    """
    version = options.engine_version or plan.scenario.engine_version
    if isinstance(engine, Gathering) and wants_members(engine, plan):
        recipe = engine.recipe_of_members(version, options.image)
    else:
        recipe = engine.recipe(version, options.image)
    with provide(recipe, options.server, durable=durable, in_memory=durable, keep=options.keep, tell=tell) as server:
        if server.kind == "url" or options.keep:
            tell(server.where)
        yield server


@contextmanager
def stepping(path: Path, options: Options, progress: Progress, tell: Callable[[str], None] = silent) -> Iterator[Bench]:
    """The plan at a server that stays up, for the single steps: the one of a URL, else the one that was left up."""
    plan = planned(path, options)
    engine = engine_of(plan.design)
    staying = replace(options, server=_staying(engine, options.server))
    _keeping_within(plan, engine, staying.server)
    with serving(engine, plan, staying, tell) as server:
        yield Bench(settled(plan, engine, server, progress), engine, server, progress)


def _staying(engine: Engine, choice: str) -> str:
    if choice not in CHOICES:
        return choice
    kept = [s for s in listing() if s.standing == "kept" and s.engine == engine.name and choice in {"auto", s.kind}]
    if len(kept) == 1:
        return kept[0].url
    sweep()  # one that died leaves its directory
    of = f"server of {engine.title}"
    said = f"more than one {of} stays up" if kept else f"no {of} stays up"
    start = "choose one of `harness server list`" if kept else f"start one with `harness server start {engine.name}`"
    akin = {s.engine for s in listing() if s.standing == "kept" and family(s.engine) == family(engine.name)}
    instead = "".join(f", run on the one of {adapters.find(name).title} with --engine {name}" for name in sorted(akin))
    raise InputError(
        f"{said}, and a single step needs one: {start}{'' if kept else instead}, or give its URL with --server"
    )


def engine_of(design: Design) -> Engine:
    """The engine that a design names; InputError when there is none, or none that can be run."""
    if design.engine in adapters.names():
        return adapters.find(design.engine)
    there = ", ".join(adapters.names())
    if not design.engine and design.tool:
        raise InputError(f"{design.path}: nothing in it tells its database: name it with --engine (there is: {there})")
    if not design.engine:
        raise InputError(
            f"{design.path}:1: the document does not say which database it is for: "
            f"add a line such as **Type:** PostgreSQL (there is: {there})"
        )
    at = design.engine_source or design.source()
    raise InputError(f"{at}: no support for a database of type {design.engine} (there is: {there})")


def scenario_of(path: Path, options: Options) -> Scenario:
    """The scenario with what the options change of it."""
    scenario = found(path, options.scenario)
    if options.seed is not None:
        scenario = replace(scenario, seed=options.seed)
    if options.statement_timeout is not None:
        scenario = replace(scenario, statement_s=options.statement_timeout)
    for given in options.rows:
        scenario = _with_rows(scenario, given)
    return scenario


def _with_rows(scenario: Scenario, given: str) -> Scenario:
    entity, equals, count = given.rpartition("=")
    try:
        number = int(count.replace("_", ""))
    except ValueError:
        number = -1
    if number < 0 or bool(entity) != bool(equals):
        raise InputError(f"--rows {given}: give a number, or table=number")
    if number > MOST_ROWS:
        raise InputError(f"--rows {given}: more than can be loaded: give at most {MOST_ROWS:,}")
    if not entity:
        return replace(scenario, default_rows=max(number, 1), rows=())
    kept = tuple(pair for pair in scenario.rows if pair[0] != entity)
    return replace(scenario, rows=(*kept, (entity, number)))


def _keeping_within(plan: Plan, engine: Engine, choice: str) -> None:
    """Nothing but databases of our own is changed on a server that is not ours."""
    reaching = None if choice in CHOICES else sharing(engine, plan.declared, plan.changes)
    if reaching and choice not in {each.url for each in listing() if each.standing == "kept"}:
        raise InputError(
            f"{reaching.source}: this makes or changes a role, which all databases of a server share, and nothing of "
            "yours is changed on a server that is given by its URL: use --server local or --server docker"
        )


def _worth_running(plan: Plan) -> None:
    """A document in which there is nothing to run is a wrong input, not a design that holds."""
    design = plan.design
    if not (plan.base or design.schema.entities or design.migrations or any(s.kind == "ddl" for s in design.scripts)):
        raise InputError(
            f"{design.path}:1: no table, no SQL and no migration found in it: "
            f"see `harness show {design.path}` for what was read"
        )


def _rows_of_nothing(plan: Plan) -> tuple[str, ...]:
    """Tables that the scenario gives rows for and that the design never names: most likely misspelt."""
    texts = [s.told for statements in (plan.declared, *(change.up for change in plan.changes)) for s in statements]
    named = {word.lower() for text in texts for word in re.findall(r"\w+", text)}
    named |= {entity.name.lower() for entity in plan.documented_schema.entities}
    return tuple(name for name, _ in plan.scenario.rows if name.rpartition(".")[2].lower() not in named)

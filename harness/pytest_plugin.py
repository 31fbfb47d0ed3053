"""The plugin for pytest: a design's claims as test items, and databases for a project's own tests.

It is loaded in every run of pytest where the harness is installed, so it imports nothing of it until it is asked:
documents are collected only when they, or the ``designs`` folder that they are in, are named on the command line, or
when ``harness_designs`` in the configuration names them; servers start when a fixture is used.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

FOLDER = "designs"
RECORDS = "harness"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin, in a group of their own."""
    group = parser.getgroup("harness", "designs verified on disposable servers")
    group.addoption("--harness-server", default="auto", metavar="auto|docker|local|URL", help="where servers come from")
    group.addoption("--harness-engine", metavar="ENGINE", help="run on this engine, not on the one that is named")
    group.addoption("--harness-rows", action="append", default=[], metavar="N|TABLE=N", help="how many rows")
    group.addoption(
        "--harness-fail-on",
        choices=("broken", "warning", "unverified"),
        default="broken",
        help="what makes a claim's test fail (unverified claims are skipped otherwise)",
    )
    parser.addini("harness_designs", "documents that are collected in every run (globs)", type="linelist")
    parser.addini("harness_engine", "the engine of disposable_database", default="postgresql")
    parser.addini("harness_design", "the design or migration folder of seeded_database", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, so that --strict-markers takes it."""
    config.addinivalue_line(
        "markers",
        "harness(engine=, design=, rows=): what disposable_database and seeded_database are made of for this test",
    )
    config.stash[_DATABASES] = _Databases(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers."""
    if (databases := config.stash.get(_DATABASES, None)) is not None:
        databases.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A document, when it is asked for."""
    if file_path.suffix != ".md" or not _asked_for(file_path, parent.config):
        return None
    return DesignFile.from_parent(parent, path=file_path)


def _asked_for(path: Path, config: pytest.Config) -> bool:
    globs = config.getini("harness_designs")
    if globs and path.is_relative_to(config.rootpath):
        own = path.relative_to(config.rootpath).as_posix()
        if any(fnmatch(own, glob) for glob in globs):
            return True
    named = [(config.invocation_params.dir / str(arg).split("::", 1)[0]).resolve() for arg in config.args]
    return path in named or (path.parent.name == FOLDER and path.parent in named)


class DesignFile(pytest.File):
    """A design document. Its claims are known once it was verified, which is done once, for all workers."""

    def collect(self) -> Iterator[pytest.Item]:
        """An item for each finding."""
        seen: dict[str, int] = {}
        for record in _shared(self.config, self.path):
            name = f"{record['check']}[{record['subject'].replace('::', ':')}]"
            seen[name] = seen.get(name, 0) + 1
            name += f" #{seen[name]}" if seen[name] > 1 else ""
            yield ClaimItem.from_parent(self, name=name, record=record)


class ClaimItem(pytest.Item):
    """One claim. Passes when it holds, fails when it is broken, is skipped when it could not be checked."""

    def __init__(self, *, record: dict[str, Any], **given: Any) -> None:
        super().__init__(**given)
        self.record = record
        self.user_properties += [("verdict", record["verdict"]), ("severity", record["severity"])]

    def runtest(self) -> None:
        """Tell the verdict."""
        if self.record["fails"]:
            raise ClaimBroken(self.record)
        if self.record["verdict"] == "unverified":
            pytest.skip(self.record["message"])
        if self.record["verdict"] == "broken":
            self.add_report_section("call", "harness", f"{self.record['severity']}: {_words(self.record)}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The finding, with no traceback: there is no Python to be looked at."""
        if isinstance(excinfo.value, ClaimBroken):
            return _words(excinfo.value.record)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the claim stands; pytest counts lines from 0."""
        return Path(self.record["path"]), self.record["line"] - 1, self.name


class ClaimBroken(Exception):  # noqa: N818  (it says what is so)
    """A claim that does not hold; the record is its finding."""

    def __init__(self, record: dict[str, Any]) -> None:
        super().__init__(record["message"])
        self.record = record


def _words(record: dict[str, Any]) -> str:
    said = f"\nsaid: {record['claim']}" if record["claim"] else ""
    remedy = f"\nremedy: {record['remedy']}" if record["remedy"] else ""
    where = f"{record['path']}:{record['line']}"
    return f"{where}: {record['check']}: {record['subject']}: {record['message']}{said}{remedy}"


def _shared(config: pytest.Config, path: Path) -> list[dict[str, Any]]:
    """The findings of a document: of several workers one verifies it, the others wait for what it found."""
    run = getattr(config, "workerinput", {}).get("testrunuid")
    if run is None or config.cache is None:
        return _verified(config, path)
    kept = config.cache.mkdir(RECORDS)
    for old in kept.iterdir():
        if old.name != run:
            shutil.rmtree(old, ignore_errors=True)
    folder = kept / run
    folder.mkdir(exist_ok=True)
    file = folder / f"{sha256(str(path).encode()).hexdigest()[:16]}.json"
    with _locked(file.with_suffix(".lock")):
        if not file.exists():
            file.write_text(json.dumps(_answer(config, path)), encoding="utf-8")
        answer = json.loads(file.read_text(encoding="utf-8"))
    if "error" in answer:
        raise pytest.Collector.CollectError(answer["error"])
    records: list[dict[str, Any]] = answer["records"]
    return records


def _answer(config: pytest.Config, path: Path) -> dict[str, Any]:
    try:
        return {"records": _verified(config, path)}
    except pytest.Collector.CollectError as error:
        return {"error": str(error)}


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Held by one process at a time; freed by the system when that process ends."""
    try:
        fcntl = import_module("fcntl")
    except ImportError:  # not on this system: then each worker verifies for itself
        yield
        return
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _verified(config: pytest.Config, path: Path) -> list[dict[str, Any]]:
    here = config.invocation_params.dir
    name = Path(os.path.relpath(path, here)) if path.is_relative_to(here) else path
    testing = import_module("harness.testing")
    try:
        records: list[dict[str, Any]] = testing.findings(
            name,
            server=config.getoption("--harness-server"),
            engine=config.getoption("--harness-engine"),
            rows=tuple(config.getoption("--harness-rows")),
            fail_on=config.getoption("--harness-fail-on"),
        )
    except testing.HarnessError as error:
        raise pytest.Collector.CollectError(str(error)) from None
    return records


class _Databases:
    """The servers and templates of this process, made when they are first asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._made: Any = None

    def made(self) -> Any:
        """The maker of databases."""
        if self._made is None:
            self._made = import_module("harness.testing").Databases(self._config.getoption("--harness-server"))
        return self._made

    def close(self) -> None:
        """End all of it."""
        if self._made is not None:
            self._made.close()
            self._made = None


_DATABASES = pytest.StashKey[_Databases]()


def _asked(request: pytest.FixtureRequest, name: str, default: str) -> Any:
    """What the test's marker says, else the configuration."""
    for marker in request.node.iter_markers("harness"):
        if name in marker.kwargs:
            return marker.kwargs[name]
    return default


@pytest.fixture
def disposable_database(request: pytest.FixtureRequest) -> Iterator[Any]:
    """An empty database on a real, disposable server, dropped after the test: ``url``, ``address`` and ``engine``.

    Its engine is that of ``@pytest.mark.harness(engine="mysql")``, of ``--harness-engine`` or of ``harness_engine`` in
    the configuration. One server serves all tests of a process.
    """
    engine = request.config.getoption("--harness-engine") or request.config.getini("harness_engine")
    with _to_skip(), request.config.stash[_DATABASES].made().empty(_asked(request, "engine", engine)) as database:
        yield database


@pytest.fixture
def seeded_database(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A copy of a design's database, all migrations up and full of rows, dropped after the test.

    The design, or migration folder, is that of ``@pytest.mark.harness(design="orders", rows=1000)``, else
    ``harness_design`` in the configuration. It is made once for all tests of a process; each gets a copy of its own.
    """
    design = _asked(request, "design", request.config.getini("harness_design"))
    if not design:
        pytest.fail("name the design: @pytest.mark.harness(design=…), or harness_design in the configuration")
    rows = _asked(request, "rows", "")
    engine = _asked(request, "engine", request.config.getoption("--harness-engine"))
    with _to_skip(), request.config.stash[_DATABASES].made().seeded(str(design), str(rows), engine) as database:
        yield database


@contextlib.contextmanager
def _to_skip() -> Iterator[None]:
    """A server that cannot be had is the machine's matter, and skips; a wrong design fails, in one line."""
    testing = import_module("harness.testing")
    try:
        yield
    except testing.NoServer as error:
        pytest.skip(str(error))
    except testing.HarnessError as error:
        pytest.fail(str(error), pytrace=False)

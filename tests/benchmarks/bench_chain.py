"""A chain of migrations up, down and up at every step, each state compared, against the server's own client.

``BENCH_MIGRATIONS`` sets the length, ``BENCH_ENGINE`` the engine. The client gets the same statements in two ways: all
in one call, which is the least that they can take, and in a call for each script, as they are run by hand. All in one
call goes to a server whose commits survive a crash, too, as those have it that migrations are for. The harness's own
session sends them once more with no look at all. Seconds of the processors are told beside those of the clock: on a
busy machine they say more.
"""

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.adapters import find
from harness.adapters.mysql.address import SOCKET
from harness.engine import Engine
from harness.pipeline import Options, planned
from harness.run.bench import Bench
from harness.run.model import RoundTrip, Silent
from harness.run.staircase import climb
from harness.servers.model import Address, Server
from harness.servers.provider import provide
from tests.benchmarks.chain import Pair, chain, document

ENGINE = os.environ.get("BENCH_ENGINE", "postgresql")
COUNT = int(os.environ.get("BENCH_MIGRATIONS", "300"))
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
CALLS = 30
"""Calls of the client, for each of which a share of the scripts' time is reckoned."""


def test_the_chain_against_the_servers_own_client(tmp_path: Path) -> None:
    engine = find(ENGINE)
    recipe = engine.recipe(None, None)
    with provide(recipe, "local") as server, provide(recipe, "local", durable=True) as durable:
        for turn in range(TURNS):
            bench = _bench(engine, server, tmp_path)
            climbed, unseen = _climbed(bench), _unseen(bench)
            others = {
                "the client in one call": _sent(engine, server),
                "the same where commits survive a crash": _sent(engine, durable),
                "a call of the client for each script": _called(engine, server),
                "the harness's session with no look": unseen,
            }
            told = (f"\n  {climbed.clock_s / s.clock_s:5.2f} times {way}: {s}" for way, s in others.items())
            print(f"\n{COUNT} migrations, turn {turn + 1}: {climbed}{''.join(told)}")


@dataclass(frozen=True)
class Spent:
    """Seconds of the clock, of this process, and of its children: the server and its clients."""

    clock_s: float
    own_s: float
    others_s: float

    def __str__(self) -> str:
        return f"{self.clock_s:.1f} s (processors {self.own_s:.1f} + {self.others_s:.1f} s)"

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.clock_s - other.clock_s, self.own_s - other.own_s, self.others_s - other.others_s)

    def times(self, factor: float) -> "Spent":
        """As much work as that many times this one."""
        return Spent(self.clock_s * factor, self.own_s * factor, self.others_s * factor)


def _spent() -> Spent:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(time.perf_counter(), time.process_time(), ended.ru_utime + ended.ru_stime + _running_s(os.getpid()))


def _running_s(parent: int) -> float:
    """What the processes below one have spent; nothing where there is no /proc."""
    listed = Path(f"/proc/{parent}/task").glob("*/children")
    children = [int(child) for path in listed for child in _text(path).split()]
    return sum(_running_s(child) + _of(child) for child in children)


def _of(process: int) -> float:
    """What a process has spent, with its children that have ended (proc(5): fields 14 to 17).

    Nothing of one that has just ended itself: its parent, which is read after it, has that among its own.
    """
    fields = _text(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _text(path: Path) -> str:
    """Of a file that is gone with its process, nothing."""
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _bench(engine: Engine, server: Server, place: Path) -> Bench:
    design = place / "chain.md"
    design.write_text(document(chain(COUNT, engine.name), engine.name), encoding="utf-8")
    return Bench(planned(design, Options()), engine, server, Silent())


def _climbed(bench: Bench) -> Spent:
    begun = _spent()
    with climb(bench) as (applied, _):
        assert applied == COUNT
    elapsed = _spent() - begun
    trips = [seen for seen in bench.seen if isinstance(seen, RoundTrip)]
    assert len(trips) == 3 * COUNT
    assert not any(trip.differences for trip in trips)
    return elapsed


def _unseen(bench: Bench) -> Spent:
    """The same scripts in the same order, sent by the harness's session as fast as it can."""
    changes = bench.plan.changes
    steps = [script for change in changes for script in (change.up, change.down or (), change.up)]
    steps += [change.down or () for change in reversed(changes)] + [change.up for change in changes]
    with bench.database("unseen") as database, bench.engine.connect(database) as session:
        begun = _spent()
        for script in steps:
            assert bench.replayed(session, script) is None
        return _spent() - begun


def _scripts(pairs: Sequence[Pair]) -> list[str]:
    """What ``climb`` runs, in its order."""
    steps = [script for up, down in pairs for script in (up, down, up)]
    return [*steps, *(down for _, down in reversed(pairs)), *(up for up, _ in pairs)]


def _sent(engine: Engine, server: Server) -> Spent:
    """What all scripts take in one call of the client."""
    scripts = _scripts(chain(COUNT, engine.name))
    with engine.fresh(server, "bench_chain") as address:
        send = _client(engine.name, address)
        begun = _spent()
        send("".join(scripts if engine.name != "postgresql" else [f"BEGIN;\n{s}\nCOMMIT;\n" for s in scripts]))
        return _spent() - begun


def _called(engine: Engine, server: Server) -> Spent:
    """What a call of the client for each script takes."""
    scripts = _scripts(chain(COUNT, engine.name))
    with engine.fresh(server, "bench_chain") as address:
        send = _client(engine.name, address)
        begun = _spent()
        for script in scripts[:CALLS]:
            send(script)
        return (_spent() - begun).times(len(scripts) / CALLS)


def _client(engine: str, address: Address) -> Callable[[str], None]:
    """What sends a text by psql, mysql or mariadb."""
    program = next(filter(None, map(shutil.which, ("psql",) if engine == "postgresql" else (engine, "mysql"))), None)
    if program is None:
        pytest.skip(f"no client of {engine} here")
    if engine == "postgresql":
        place = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", address.host, "-p", str(address.port))
        arguments = (*place, "-U", address.user, "-d", address.database)
        secret = {"PGPASSWORD": address.password}
    else:
        here = address.host.startswith("/")
        where = (f"--socket={address.host}/{SOCKET}",) if here else (f"--host={address.host}", f"--port={address.port}")
        # MariaDB's client wants an encrypted connection even on this machine, since 11.4.
        plain = ("--skip-ssl-verify-server-cert",) if Path(program).name == "mariadb" else ()
        arguments = ("--no-defaults", *where, "--user", address.user, *plain, address.database)
        secret = {"MYSQL_PWD": address.password}
    environment = {**os.environ, **{name: value or "" for name, value in secret.items()}}

    def send(text: str) -> None:
        done = subprocess.run(
            [program, *arguments], input=text, text=True, env=environment, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr

    return send

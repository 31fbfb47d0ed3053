"""What is said while something takes long."""

import io
import time

import pytest
from rich.console import Console

from harness import underway
from harness.cli import progress
from harness.cli.progress import SILENT_S, Lines, bars
from harness.design.model import Statement
from harness.source import Source


def test_a_long_silence_in_a_log_ends_with_the_statement_and_its_time() -> None:
    heard = io.StringIO()
    told = Lines(Console(file=heard, width=80, markup=False))
    told.stage("migration 001 up")
    told.look()
    assert heard.getvalue() == "migration 001 up\n"
    with underway.sending(Statement("UPDATE orders\n  SET total = 0", Source("designs/orders.md", 12, 13))):
        told.due = time.monotonic()
        told.look()
        told.look()
    said = "migration 001 up\nmigration 001 up: 0 s so far in designs/orders.md:12: UPDATE orders SET total = 0\n"
    assert heard.getvalue() == said
    assert told.due >= time.monotonic() + 1.9 * SILENT_S
    told.due = time.monotonic()
    told.look()
    assert heard.getvalue() == said + "migration 001 up: 0 s so far\n"


def test_beside_the_bar_the_statement_is_named_within_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = io.StringIO()
    monkeypatch.setattr(progress, "SEEN_S", 0.0)
    with bars(Console(file=heard, width=80, force_terminal=True, color_system=None)) as told:
        told.stage("migration 2026_11_01_lengths, at the scenario's size")
        with underway.sending(Statement("db.appointments.updateMany({ a: 1 })", Source("designs/clinic.md", 212, 213))):
            told.progress.refresh()
    assert "0 s in line 212: db.appointments.upd" in heard.getvalue()
    assert "migration 2026_11_01_le…" in heard.getvalue()

"""Benchmarks are collected when they are asked for (``make bench``), never with the tests."""

from pathlib import Path

import pytest


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Take ``bench_*.py`` where the call names this folder; one that it names itself is taken by pytest anyway."""
    asked = any("benchmarks" in str(argument) for argument in parent.config.args)
    asked = asked and not parent.session.isinitpath(file_path)
    if asked and file_path.name.startswith("bench_") and file_path.suffix == ".py":
        return pytest.Module.from_parent(parent, path=file_path)
    return None

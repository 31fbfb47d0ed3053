"""Benchmarks are collected when they are asked for (``make bench``), never with the tests."""

from pathlib import Path

import pytest


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Take ``bench_*.py`` where the call names this folder or the file."""
    asked = any("benchmarks" in str(argument) for argument in parent.config.args)
    if asked and file_path.name.startswith("bench_") and file_path.suffix == ".py":
        return pytest.Module.from_parent(parent, path=file_path)
    return None

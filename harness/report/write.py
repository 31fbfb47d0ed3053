"""Writes the report's files: all of them, or none of them."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from harness.checks.registry import catalogue
from harness.errors import InputError
from harness.report.as_html import html_text
from harness.report.as_json import json_text
from harness.report.as_junit import junit_text
from harness.report.as_markdown import markdown_text
from harness.report.as_sarif import sarif_text
from harness.report.model import Report


def files(report: Report) -> dict[str, str]:
    """The text of each file, by its name; uris in them are relative to the working directory."""
    return {
        "report.json": json_text(report),
        "report.html": html_text(report),
        "report.md": markdown_text(report),
        "junit.xml": junit_text(report),
        "report.sarif": sarif_text(report, catalogue(), Path.cwd()),
    }


def write(report: Report, directory: Path) -> Path:
    """Write the files into ``directory/<design>`` and return that; readers never see a half-written file.

    Raises:
        InputError: the directory cannot be made or written, or the disk is full; older files are then as they were.
    """
    return place(files(report), directory / report.plan.design.name)


def ready(directory: Path) -> None:
    """Say before a long run that a report could not be written after it.

    Raises:
        InputError: what is there of the directory cannot be written to.
    """
    there = next((each for each in (directory, *directory.absolute().parents) if each.exists()), directory)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        why = "it is no directory" if not there.is_dir() else "no right to write there"
        raise InputError(f"{there}: the report cannot be written: {why}: choose another place with --report DIR")


def place(texts: Mapping[str, str], target: Path) -> Path:
    """Write texts as files of a folder, all or none of them; see ``write``."""
    data = {name: text.encode("utf-8", "replace") for name, text in texts.items()}
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=target) as staging:
            for name, text in data.items():
                _write_through(Path(staging) / name, text)
            for name in data:
                (Path(staging) / name).replace(target / name)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(
            f"{target}: the report cannot be written: {why}: choose another place with --report DIR"
        ) from error
    return target


def _write_through(path: Path, text: bytes) -> None:
    """To the disk, so that a full one is noticed before anything is replaced."""
    with path.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())

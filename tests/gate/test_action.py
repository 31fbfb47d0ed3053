"""The GitHub action's own steps, run as its file has them, in a repository with a migration that breaks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.gate.chain import commit, repository

yaml = pytest.importorskip("yaml")
ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / ".github/actions/verify/action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def step(name: str) -> dict[str, Any]:
    return next(each for each in ACTION["runs"]["steps"] if each.get("name") == name)


def environment(given: dict[str, str], **inputs: str) -> dict[str, str]:
    """What the runner puts in the place of ``${{ inputs.x }}``."""
    values = {name: str(each["default"]) for name, each in ACTION["inputs"].items()} | inputs
    filled = {key: values[text.removeprefix("${{ inputs.").removesuffix(" }}")] for key, text in given.items()}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "GITHUB_ACTIONS": "true", **filled}


def judged(root: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    found = step("Judge the change")
    command = [shutil.which("bash") or "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]]
    env = environment(found["env"], **inputs) | {"GITHUB_STEP_SUMMARY": str(root / "summary.md")}
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.thorough
def test_its_step_judges_a_change_with_annotations_and_a_summary(tmp_path: Path) -> None:
    folder = repository(tmp_path, 6)
    (folder / "000007_new.up.sql").write_text("ALTER TABLE accounts_0 ADD COLUMN role TEXT;\n", encoding="utf-8")
    (folder / "000007_new.down.sql").write_text("SELECT 1;\n", encoding="utf-8")
    commit(tmp_path, "Change")
    done = judged(tmp_path, base="main", arguments="--server local --rows 20", engine="postgresql")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "::error file=db/migrations/000007_new.down.sql,line=1" in done.stdout
    assert "000007_new.down.sql:1" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    written = {path.name for path in (tmp_path / "reports").iterdir()}
    assert {"junit.xml", "report.sarif", "codequality.json", "comment.md"} <= written


def test_inputs_are_never_code_of_the_shell(tmp_path: Path) -> None:
    repository(tmp_path, 2)
    done = judged(tmp_path, base="main; touch owned", paths="db/migrations $(touch owned)")
    assert done.returncode == 2, done.stdout + done.stderr
    assert not (tmp_path / "owned").exists()


def test_what_it_installs_is_the_repository_that_it_stands_in(tmp_path: Path) -> None:
    install = step("Install the harness")
    (tmp_path / "python").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    (tmp_path / "python").chmod(0o755)
    env = environment(install["env"]) | {"GITHUB_ACTION_PATH": str(ROOT / ".github/actions/verify")}
    env["PATH"] = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    said = subprocess.run(["bash", "-c", install["run"]], env=env, capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == f"schema-harness[all] @ file://{ROOT}"


def test_the_hook_runs_the_gate_and_names_what_it_watches() -> None:
    (hook,) = HOOKS
    assert hook["entry"].split()[:2] == ["harness", "gate"]
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    assert hook["always_run"] is True, "a push that only deletes a migration has no file for it"

"""history-unedited: a migration that is on the base branch has not been changed."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding, Verdict

WORDS = {
    "edited": "it is on {base} already, and its text was changed: {detail}",
    "deleted": "it is on {base} already, and was deleted: {detail}",
    "overtaken": "it is new, and comes before migrations that are on {base} already: {detail}",
    "kept": "{detail}",
}


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per migration that a change touched; nothing where no base was asked for."""
    for edit in case.plan.history:
        message = WORDS[edit.kind].format(base=edit.base, detail=edit.detail)
        verdict: Verdict = "holds" if edit.kind == "kept" else "broken"
        remedy = OVERTAKEN if edit.kind == "overtaken" else None
        yield check.found(verdict, f"migration {edit.migration}", message, edit.source, remedy=remedy)


OVERTAKEN = "Give it the next free number, so that it runs after those that databases have applied."

CHECK = Check(
    name="history-unedited",
    question="Is every migration of the base branch as it was, and does each new one come after them?",
    why="Databases have run the old text and will not run the new one: from then on they differ from each other and "
    "from the folder, and tools that keep checksums refuse to go on.",
    remedy="Take the edit back, and write what it wanted as a new migration.",
    severity="error",
    breaks="git diff origin/main: 0007_add_role.sql   -ADD COLUMN role TEXT   +ADD COLUMN role VARCHAR(20)",
    holds="git diff origin/main: 0042_role_varchar.sql   +ALTER COLUMN role TYPE VARCHAR(20)",
    judge=judge,
)

"""files-well-formed: a migration folder's files are as its tool takes them."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.counting import counted


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per problem; one that holds when there is none. Of folders only."""
    design = case.plan.design
    if not design.tool and not design.problems:
        return
    for problem in design.problems:
        yield check.found(
            problem.verdict,
            problem.subject,
            problem.message,
            problem.source,
            severity=problem.severity,
            evidence={"tool": design.tool},
            remedy=problem.remedy,
        )
    if not design.problems:
        message = f"{counted(len(design.migrations), 'migration')}, read by the rules of {design.tool}"
        source = design.migrations[0].source if design.migrations else design.source()
        yield check.found("holds", "migration files", message, source)


CHECK = Check(
    name="files-well-formed",
    question="Are the files of a migration folder as their tool takes them: numbered once, marked, whole, in order?",
    why="Two branches that take the same number merge without a conflict, and a mark that is missing is noticed when "
    "the release is deployed.",
    remedy="Mend the file where it says.",
    severity="error",
    breaks="0012_add_role.up.sql   and   0012_add_phone.up.sql",
    holds="0012_add_role.up.sql   and   0013_add_phone.up.sql",
    judge=judge,
)

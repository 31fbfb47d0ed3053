"""The words of what is said about a design: those of tables and SQL, and for databases of documents their own.

Checks and drills speak of tables, columns and rows, as most databases do. What they have said is put into the words of
its engine in one place, here. Names of the design itself, and what stands in quotes, stay as they are.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from harness.checks.base import Case, Finding

FOLDER = {"the document": "the folder"}
"""Where migrations are judged that no document speaks of."""

QUOTED = r"`[^`]*`|'[^']*'|\"[^\"]*\""


def wording(case: Case) -> Callable[[str], str]:
    """What puts a text into the words of the run's engine, and of what was read."""
    words = {**dict(case.run.traits.words), **(FOLDER if case.plan.design.folder else {})}
    return _in(words, _names(case)) if words else lambda text: text


def _in(words: Mapping[str, str], names: frozenset[str]) -> Callable[[str], str]:
    spoken = [re.escape(word) for word in sorted(words, key=len, reverse=True) if word not in names]
    pattern = re.compile(rf"(?P<kept>(?<!\w)(?:{QUOTED}))|(?<![\w./-])(?P<word>{'|'.join(spoken)})(?![\w-])")

    def worded(text: str) -> str:
        return pattern.sub(lambda found: found["kept"] or words[found["word"]], text)

    return worded


def _names(case: Case) -> frozenset[str]:
    """What the design calls by the same words: a restaurant's tables."""
    entities = case.plan.documented_schema.entities
    fields = (part for entity in entities for field in entity.fields for part in re.findall(r"\w+", field.name))
    return frozenset((*(entity.name for entity in entities), *fields))


def put(finding: Finding, worded: Callable[[str], str]) -> Finding:
    """A finding in other words; what the document claims stays as it is."""
    return replace(
        finding,
        subject=worded(finding.subject),
        message=worded(finding.message),
        remedy=worded(finding.remedy),
    )

"""The report as one HTML file that needs nothing else: no script, no font, no picture from anywhere."""

import json
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from harness import counting
from harness.report import access_tree, characters, erd, figures, groups, measures
from harness.report.as_json import plain
from harness.report.drills import drills
from harness.report.model import Report

TEMPLATES = Path(__file__).parent / "templates"

CODE = re.compile(r"(`[^`\n]+`)")
"""Code within a sentence, as Markdown marks it."""


def html_text(report: Report) -> str:
    """The whole page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.finalize = _shown
    environment.filters |= {
        "milliseconds": measures.milliseconds,
        "seconds": measures.seconds,
        "limit": measures.limit,
        "count": measures.count,
        "words": _words,
        "coded": _coded,
    }
    schema = report.run.schema("head") or report.plan.documented_schema
    return environment.get_template("report.html").render(
        report=report,
        headline=groups.headline(report),
        errors=groups.broken(report, "error"),
        warnings=groups.broken(report, "warning"),
        advice=groups.broken(report, "advice"),
        unverified=groups.reasons(report),
        consequences=[
            (*groups.following(report, cause, found), found) for cause, found in groups.consequences(report).items()
        ],
        holding=groups.holding(report),
        migrations=figures.migrations(report),
        queries=figures.queries(report),
        drills=drills(report),
        data=figures.data(report),
        counted=counting.counted,
        tree=access_tree.lines,
        place=groups.place,
        numbered=groups.numbered,
        diagram=Markup(erd.svg(schema)) if schema.entities else None,  # noqa: S704  (escaped where it is made)
    )


def _words(evidence: object) -> str:
    """A value of a finding's evidence: text as it is, everything else as JSON."""
    return evidence if isinstance(evidence, str) else json.dumps(plain(evidence), ensure_ascii=False)


def _coded(text: str) -> Markup:
    """A sentence, with what stands between backticks set as code."""
    parts = CODE.split(characters.printable(text))
    return Markup().join(Markup("<code>{}</code>").format(p[1:-1]) if n % 2 else escape(p) for n, p in enumerate(parts))


def _shown(value: object) -> object:
    """What a template prints: documents and servers may hold characters that a page must not."""
    return characters.printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value

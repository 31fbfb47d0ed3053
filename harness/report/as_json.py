"""The report for programs: ``harness.report/1``. Fields may be added here, never renamed or left out."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from harness.checks.base import Finding
from harness.checks.blocks_at_most import evidence
from harness.facts import Access, Effect, Refusal
from harness.plan.model import Note
from harness.report import figures
from harness.report.drills import DrillFigures, drills
from harness.report.figures import MigrationFigures, QueryFigures
from harness.report.model import Report
from harness.run.model import Applied
from harness.run.seen.rows import Loss
from harness.source import Source

SCHEMA = "harness.report/1"


def json_text(report: Report) -> str:
    """The report as a JSON text, ending in a newline."""
    return json.dumps(as_json(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_json(report: Report) -> dict[str, Any]:
    """The report as values that JSON can hold; every key is always there."""
    design, run = report.plan.design, report.run
    return {
        "schema": SCHEMA,
        "harness": report.harness,
        "design": design.name,
        "path": design.path,
        "title": design.title,
        "engine": {"name": run.engine, "version": run.version, "server": run.server, "image": run.image},
        "scenario": report.plan.scenario.name,
        "seed": report.plan.scenario.seed,
        "started": run.started,
        "seconds": rounded(run.seconds),
        "verdict": report.verdict,
        "fail_on": report.fail_on,
        "counts": report.counts,
        "findings": [_finding(f) for f in report.findings],
        "migrations": [_migration(m) for m in figures.migrations(report)],
        "data": _data(report),
        "queries": [_query(q) for q in figures.queries(report)],
        "drills": [_drill(d) for d in drills(report)],
        "notes": [_note(n) for n in report.plan.notes],
        "suppressed": [_finding(s.finding) | {"reason": s.reason, "where": s.where} for s in report.suppressed],
        "not_touched": report.earlier,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "subject": finding.subject,
        "message": finding.message,
        **_at(finding.source),
        "claim": finding.claim,
        "evidence": plain(finding.evidence),
        "remedy": finding.remedy,
        "follows": finding.follows,
    }


def _migration(migration: MigrationFigures) -> dict[str, Any]:
    change = migration.change
    return {
        "id": change.id,
        "title": change.title,
        **_at(change.source),
        "planned": change.planned,
        "down_derived": change.down_derived,
        "up": _applied(migration.up),
        "down": _applied(migration.down),
        "round_trip": migration.round_trip,
        "difference": [plain(d) | {"text": str(d)} for d in migration.differences],
        "rows_lost": _lost(migration.losses, rows=True),
        "values_lost": _lost(migration.losses, rows=False),
        "at_scale": [{"way": m.way, **plain(evidence(m))} for m in migration.measured],
    }


def _lost(losses: Iterable[Loss], *, rows: bool) -> dict[str, int]:
    """How many rows of each table, or values of each ``table.field``, are not there after up, writes and down."""
    found: dict[str, int] = {}
    for loss in losses:
        if rows is (not loss.field):
            name = loss.entity if rows else f"{loss.entity}.{loss.field}"
            found[name] = found.get(name, 0) + loss.count
    return found


def _applied(applied: Applied | None) -> dict[str, Any]:
    """``ok`` is null for what was not run."""
    if applied is None:
        return {"ok": None, "seconds": None, "refusal": None, "statements": []}
    return {
        "ok": applied.ok,
        "seconds": rounded(applied.elapsed_s),
        "refusal": _refusal(applied.refusal),
        "statements": [_statement(effect) for effect in applied.effects],
    }


def _statement(effect: Effect) -> dict[str, Any]:
    locks = [{"relation": x.relation, "mode": x.mode, "held_ms": rounded(x.held_ms)} for x in effect.locks]
    return {
        "text": effect.statement.told,
        "several": effect.statement.several,
        **_at(effect.statement.source),
        "origin": effect.statement.origin,
        "seconds": rounded(effect.elapsed_s),
        "locks": locks,
        "rewrites": list(effect.rewrites),
        "algorithm": effect.algorithm,
    }


def _refusal(refusal: Refusal | None) -> dict[str, Any] | None:
    if refusal is None:
        return None
    return {
        "message": refusal.message,
        "code": refusal.code,
        **_at(refusal.source),
        "detail": refusal.detail,
    }


def _data(report: Report) -> dict[str, Any]:
    data = figures.data(report)
    return {
        "rows": dict(data.rows),
        "seconds": rounded(data.seconds),
        "rows_per_second": data.rows_per_second,
        "why": dict(data.why),
    }


def _query(figure: QueryFigures) -> dict[str, Any]:
    query, explained = figure.query, figure.explained
    return {
        "id": query.id,
        "title": query.title,
        "line": query.source.line,
        "target_ms": figure.target.limit_ms if figure.target else None,
        "percentile": figure.target.percentile if figure.target else None,
        "runs": len(figure.timed.samples_ms) if figure.timed else 0,
        "p50_ms": rounded(figure.percentile_ms(50)),
        "p95_ms": rounded(figure.percentile_ms(95)),
        "p99_ms": rounded(figure.percentile_ms(99)),
        "cold_ms": rounded(figure.cold_ms),
        "round_trip_ms": rounded(figure.trip_ms),
        "noise": rounded(figure.noise),
        "indexes_claimed": list(figure.claimed),
        "indexes_used": list(figure.used),
        "rows_returned": explained.rows if explained and explained.access else None,
        "rows_read": rounded(figure.rows_read),
        "pages_read": figure.access.pages_read if figure.access else None,
        "access": access_json(figure.access) if figure.access else None,
        "refusal": _refusal(explained.refusal if explained else None),
        "skipped": figure.skipped,
    }


def access_json(access: Access) -> dict[str, Any]:
    """A plan node with its children nested in it."""
    values = {f.name: plain(getattr(access, f.name)) for f in fields(access) if f.name not in {"detail", "children"}}
    return values | {"detail": dict(access.detail), "children": [access_json(child) for child in access.children]}


def _drill(drill: DrillFigures) -> dict[str, Any]:
    """``ok`` is null for what could not be tried."""
    return {
        "name": drill.name,
        "question": drill.question,
        "ok": drill.ok,
        "summary": drill.summary,
        "advice": drill.advice,
        "seconds": rounded(drill.seconds),
        "trials": [
            {
                "migration": trial.migration,
                "way": trial.way,
                "subject": trial.subject,
                "result": trial.result,
                "message": trial.message,
                "line": trial.source.line,
                "evidence": plain(trial.evidence),
            }
            for trial in drill.trials
        ],
    }


def _note(note: Note) -> dict[str, Any]:
    return {"kind": note.kind, "subject": note.subject, "message": note.message, **_at(note.source)}


def _at(source: Source) -> dict[str, Any]:
    return {"path": source.path, "line": source.line}


def plain(value: Any) -> Any:
    """Any value of ours as one that JSON can hold: records as objects, what JSON has no word for as text or null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def rounded(value: float | None) -> float | int | None:
    """To a microsecond or a millionth: more digits are noise; whole numbers stay whole."""
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value == int(value) else round(value, 6)

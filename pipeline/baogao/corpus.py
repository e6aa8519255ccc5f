"""The corpus' report files: header, clean text and annotations with offsets (corpus/FORMAT.md says how they are written)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from baogao.errors import BaogaoError
from baogao.records import ACTIVITY_STATUS, ACTIVITY_TYPES, GENRES, ROLES, SECTION_KINDS, TIME_KINDS, UNIT_KINDS, UNIT_STATUS

FINDINGS = ("foreign_place", "stale_year", "unfilled_slot", "contradiction")
HEADER = ("title", "genre", "issuer", "period", "signed", "theme", "author", "family", "note")

Annotation = dict[str, Any]


class CorpusError(BaogaoError, ValueError):
    """A report file that breaks FORMAT.md; the message names the file, the line and what is wrong."""


@dataclass(frozen=True)
class Report:
    """One report: header fields, clean text, and annotations as plain dicts with `start`/`end` (code points of `text`)."""

    id: str
    split: str
    header: dict[str, str | None]
    text: str
    headings: list[Annotation] = field(default_factory=list)
    times: list[Annotation] = field(default_factory=list)
    organizations: list[Annotation] = field(default_factory=list)
    activities: list[Annotation] = field(default_factory=list)
    findings: list[Annotation] = field(default_factory=list)


def read_reports(folder: Path) -> list[Report]:
    """All reports of a folder, by file name. Raises CorpusError if one is broken."""
    return [read_report(path) for path in sorted(folder.glob("*.txt"))]


def read_report(path: Path) -> Report:
    """Parse one report file; raises CorpusError listing every broken line of it."""
    parts = re.split(r"(?m)^----[ \t]*\n?", path.read_text(encoding="utf-8"))
    if len(parts) < 3:
        raise CorpusError(f"{path}: three parts closed by ---- are expected, {len(parts) - 1} found")
    report = Report(path.stem, path.parent.name, _header(path, parts[0]), parts[1].rstrip("\n"))
    errors: list[str] = []
    cursor: dict[str, tuple[int, str]] = {}
    for line in parts[2].splitlines():
        if not line.strip():
            continue
        try:
            _annotate(report, line, cursor)
        except ValueError as error:
            errors.append(f"{path}: {error}\n    {line[:160]}")
    if not errors:
        errors += [f"{path}: {error}" for error in _dates(report)]
    if errors:
        raise CorpusError("\n".join(errors))
    return report


def _header(path: Path, part: str) -> dict[str, str | None]:
    header: dict[str, str | None] = dict.fromkeys(HEADER)
    for line in part.strip().splitlines():
        key, _, value = line.partition(":")
        if key not in HEADER:
            raise CorpusError(f"{path}: unknown header field {key!r}")
        header[key] = value.strip() or None
    if header["genre"] not in GENRES:
        raise CorpusError(f"{path}: genre {header['genre']!r} is none of {', '.join(GENRES)}")
    return header


def _annotate(report: Report, line: str, cursor: dict[str, tuple[int, str]]) -> None:
    head, *fields = [part.strip(" ") for part in line.split(" | ")]
    kind, *values = head.split()
    if kind not in _PARSERS:
        raise ValueError(f"the line begins with {kind!r}, not with one of {', '.join(_PARSERS)}")
    if not fields:
        raise ValueError("no quote")
    quote = fields[0].replace("\\n", "\n")
    last, last_quote = cursor.get(kind, (0, ""))
    start = report.text.find(quote, last + (quote == last_quote))
    if start < 0:
        where = "stands only earlier: keep the order of the text" if quote in report.text else "does not stand in the text"
        raise ValueError(f"the quote {where}")
    cursor[kind] = (start, quote)
    _PARSERS[kind](report, {"start": start, "end": start + len(quote), "quote": quote}, values, fields[1:])


def _one_of(value: str, allowed: tuple[str, ...], what: str) -> str:
    if value not in allowed:
        raise ValueError(f"{what} {value!r} is none of {', '.join(allowed)}")
    return value


def _months(text: str) -> list[int]:
    months = [] if text == "-" else [int(month) for month in text.split(",")]
    if any(not 1 <= month <= 12 for month in months):
        raise ValueError(f"months {text!r}")
    return months


def _heading(report: Report, span: Annotation, values: list[str], _: list[str]) -> None:
    level, kind = values
    level = _one_of(level, ("1", "2", "3", "4"), "level")
    report.headings.append(span | {"level": int(level), "kind": _one_of(kind, SECTION_KINDS, "heading kind")})


def _time(report: Report, span: Annotation, values: list[str], _: list[str]) -> None:
    kind, value, months = values
    report.times.append(
        span | {"kind": _one_of(kind, TIME_KINDS, "time kind"), "value": None if value == "-" else value, "months": _months(months)}
    )


def _organization(report: Report, span: Annotation, values: list[str], fields: list[str]) -> None:
    kind, status = values
    unit = span | {
        "unit": None, "kind": _one_of(kind, UNIT_KINDS, "unit kind"), "status": _one_of(status, UNIT_STATUS, "status"),
        "founded": None, "parent": None, "roles": [], "sizes": [],
    }  # fmt: skip
    for item in fields:
        key, equals, value = item.partition("=")
        if not equals:
            raise ValueError(f"{item!r} is no key=value")
        if key in ("unit", "founded", "parent"):
            unit[key] = value
        elif key.startswith("size "):
            unit["sizes"].append({"what": key[5:], "count": int(value)})
        else:
            unit["roles"].append({"role": _one_of(key, ROLES, "role"), "holder": value or None})
    if not unit["unit"]:
        raise ValueError("no unit=")
    report.organizations.append(unit)


def _activity(report: Report, span: Annotation, values: list[str], fields: list[str]) -> None:
    type_, status = values
    act = span | {
        "name": None, "type": _one_of(type_, ACTIVITY_TYPES, "type"), "status": _one_of(status, ACTIVITY_STATUS, "status"),
        "time": None, "value": None, "months": [], "place": None, "organizer": None, "partners": [], "audience": None,
        "participants": None, "count": None,
    }  # fmt: skip
    for item in fields:
        key, equals, value = item.partition("=")
        if not equals or key not in act or key in ("start", "end", "quote", "type", "status"):
            raise ValueError(f"{item!r} is no field of an activity")
        if key in ("participants", "count"):
            act[key] = int(value)
        elif key == "partners":
            act[key] = value.split(";")
        elif key == "months":
            act["months_given"] = _months(value)
        elif key == "value":
            act["value_given"] = None if value == "-" else value
        else:
            act[key] = value
    if not act["name"]:
        raise ValueError("no name=")
    report.activities.append(act)


def _finding(report: Report, span: Annotation, values: list[str], fields: list[str]) -> None:
    report.findings.append(span | {"kind": _one_of(values[0], FINDINGS, "finding"), "note": " ".join(fields) or None})


_PARSERS = {"H": _heading, "T": _time, "O": _organization, "A": _activity, "F": _finding}


def _dates(report: Report) -> list[str]:
    """Fill in each activity's value and months from the time expression it names; the names that fit none."""
    errors = []
    for act in report.activities:
        given = {key: act.pop(f"{key}_given") for key in ("value", "months") if f"{key}_given" in act}
        if act["time"]:
            near = [t for t in report.times if t["quote"] == act["time"]]
            if near:
                chosen = min(near, key=lambda t: (abs(t["start"] - act["start"]), t["start"]))
                act.update(value=chosen["value"], months=chosen["months"])
            elif not given:
                errors.append(
                    f"activity {act['quote'][:30]!r}: time={act['time']} is no annotated time expression and has no value=/months="
                )
        act.update(given)
    return errors

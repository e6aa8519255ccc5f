"""A researcher's corrections, applied to what extraction finds (docs/explore.md describes the file).

A correction is anchored on the SHA-256 of the page's bytes and a span of its raw text, so that it survives a better splitter, a
retrained model and a moved archive. It holds for whatever record of its kind overlaps that span most.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from baogao.clean.clean import CleanReport
from baogao.errors import BaogaoError
from baogao.extract.activities.spans import ActSpan
from baogao.extract.results import Act, Unit
from baogao.extract.sections.headings import Heading
from baogao.extract.times import TimeExpression
from baogao.extract.times.edtf_values import is_value, months_of
from baogao.language.sentences import Span
from baogao.records import ACTIVITY_STATUS, ACTIVITY_TYPES, CORRECTIONS, GENRES, SECTION_KINDS, TIME_KINDS, UNIT_KINDS, UNIT_STATUS

SAME = 0.5
"""A record is the one that a correction speaks of if their spans share this part of their union."""

RULE = "correction"
"""Value of the column `rule` of what a researcher added or changed the reading of."""

_ALLOWED: dict[str, dict[str, tuple[str, ...]]] = {
    "activity": {"type": ACTIVITY_TYPES, "status": ACTIVITY_STATUS},
    "organization": {"kind": UNIT_KINDS, "status": UNIT_STATUS},
    "time": {"kind": TIME_KINDS},
    "section": {"value": SECTION_KINDS},
    "genre": {"value": GENRES},
}


@dataclass(frozen=True, slots=True)
class Correction:
    """What a researcher said of one record.

    `span` is where the record should stand, `was` where it was found (the same unless its span was changed or it was added); raw
    offsets as read, clean ones behind `in_report`. `values` holds the fields that are set.
    """

    label: str
    action: str
    span: Span
    was: Span
    values: Mapping[str, str]

    @property
    def checked(self) -> str:
        """Value of the column `checked` of the record."""
        return CORRECTIONS[self.action]


Corrections = Mapping[str, Sequence[Correction]]
"""Corrections by the SHA-256 of their page."""


def read_corrections(path: Path) -> dict[str, list[Correction]]:
    """The corrections of a file by page. Raises BaogaoError naming the line that is none."""
    found: dict[str, list[Correction]] = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise BaogaoError(f"The corrections {path} cannot be read ({error}); check the path.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                item = json.loads(line)
                found.setdefault(str(item["sha256"]), []).append(parse_correction(item))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BaogaoError(f"{path}, line {number}: no correction ({error}); docs/explore.md describes them.") from error
    return found


def parse_correction(item: Mapping[str, Any]) -> Correction:
    """One line of the file. Raises ValueError, KeyError or TypeError for what is no correction."""
    label, action = item["label"], item["action"]
    if label not in _ALLOWED:
        raise ValueError(f"label {label!r} is none of {', '.join(_ALLOWED)}")
    if action not in (*CORRECTIONS, "reject"):
        raise ValueError(f"action {action!r} is none of {', '.join(CORRECTIONS)}, reject")
    values = {key: str(item[key]) for key in _ALLOWED[label] if key in item or action != "reject"}
    if label == "organization":
        values["unit"] = str(item["unit"])
    if label == "time":
        values["value"] = str(item.get("value") or "")
        if values["value"] and not is_value(values["value"]):
            raise ValueError(f"value {values['value']!r} is no date of the codebook (2013-05, XXXX-05-12, 2012-11/2013-02, R/P1M)")
    for key, allowed in _ALLOWED[label].items():
        if key in values and values[key] not in allowed:
            raise ValueError(f"{key} {values[key]!r} is none of {', '.join(allowed)}")
    span = int(item["raw_start"]), int(item["raw_end"])
    was = tuple(item.get("was") or span)
    if not (0 <= span[0] < span[1] and len(was) == 2):
        raise ValueError("raw_start and raw_end are no span")
    return Correction(label, action, span, (int(was[0]), int(was[1])), values)


def in_report(corrections: Iterable[Correction], report: CleanReport) -> tuple[Correction, ...]:
    """The corrections that fall into a report, with offsets in its clean text."""
    own = [c for c in corrections if report.raw_start <= c.span[0] and c.span[1] <= report.raw_end]
    moved = (replace(c, span=report.text.clean_span(*c.span), was=report.text.clean_span(*c.was)) for c in own)
    return tuple(c for c in moved if c.span[0] < c.span[1])


def correct_genre(genre: tuple[str, float], corrections: Iterable[Correction]) -> tuple[str, float]:
    """The genre and its score, as last corrected."""
    said = [c.values["value"] for c in corrections if c.label == "genre"]
    return (said[-1], 1.0) if said else genre


def correct_headings(headings: Sequence[Heading], corrections: Iterable[Correction]) -> tuple[Heading, ...]:
    """Headings with the kinds that they were corrected to."""
    found = list(headings)
    for c in corrections:
        if c.label == "section" and (i := _index(c.was, [(h.start, h.end) for h in found])) is not None:
            found[i] = replace(found[i], kind=c.values["value"], score=1.0)
    return tuple(found)


def correct_times(times: Sequence[TimeExpression], text: str, corrections: Iterable[Correction]) -> tuple[TimeExpression, ...]:
    """Time expressions of a text without the rejected ones, with kind, value and span as corrected, and with those added."""
    found = list(times)
    for c in corrections:
        if c.label != "time":
            continue
        i = _index(c.was, [(time.start, time.end) for time in found])
        before = found.pop(i) if i is not None else None
        if c.action == "accept" and before:
            found.append(before)
        elif c.action != "reject":
            edtf = c.values["value"] or None
            months = before.months if before and before.edtf == edtf else months_of(edtf)
            found.append(TimeExpression(*c.span, text[slice(*c.span)], c.values["kind"], edtf, months, "exact", RULE))
    return tuple(sorted(found, key=lambda time: (time.start, time.end)))


def correct_units(units: Sequence[Unit], corrections: Iterable[Correction]) -> tuple[Unit, ...]:
    """Units without the rejected ones, with kind, status and span as corrected, and with those added, which have a name but no roles.

    Several may share a span, so their names count too.
    """
    found = list(units)
    for c in corrections:
        if c.label != "organization":
            continue
        same = [i for i, unit in enumerate(found) if unit.unit == c.values["unit"]]
        i = _index(c.was, [(found[i].start, found[i].end) for i in same])
        if c.action == "reject":
            found = [unit for j, unit in enumerate(found) if i is None or j != same[i]]
            continue
        start, end = c.span
        kind, status = c.values["kind"], c.values["status"]
        if i is None:
            found.append(Unit(start, end, c.values["unit"], kind, status, None, None, (), (), RULE, 1.0, c.checked))
        else:
            moved = c.span if c.span != c.was else (found[same[i]].start, found[same[i]].end)
            found[same[i]] = replace(found[same[i]], start=moved[0], end=moved[1], kind=kind, status=status, checked=c.checked)
    return tuple(found)


def correct_spans(acts: Sequence[ActSpan], corrections: Iterable[Correction]) -> list[ActSpan]:
    """Spans of acts without the rejected ones, with those moved and added that a researcher moved and added."""
    found = list(acts)
    for c in corrections:
        if c.label != "activity":
            continue
        i = _index(c.was, [act.span for act in found])
        before = found.pop(i) if i is not None else None
        if c.action != "reject":
            inside = before is not None and c.span[0] <= before.head[0] and before.head[1] <= c.span[1]
            found.append(ActSpan(c.span, before.head if before and inside else c.span, before.score if before else 1.0))
    return sorted(found, key=lambda act: act.span)


def correct_acts(acts: Iterable[Act], corrections: Iterable[Correction]) -> tuple[Act, ...]:
    """Acts with type and status as corrected."""
    said = {c.span: c for c in corrections if c.label == "activity" and c.action != "reject"}
    return tuple(_corrected(act, said.get((act.start, act.end))) for act in acts)


def _corrected(act: Act, c: Correction | None) -> Act:
    return replace(act, type=c.values["type"], status=c.values["status"], checked=c.checked) if c else act


def _index(span: Span, others: Sequence[Span]) -> int | None:
    """Which of the other spans overlaps this one most, if any by SAME of the union."""
    shares = [_share(span, other) for other in others]
    best = max(range(len(shares)), key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] >= SAME else None


def _share(a: Span, b: Span) -> float:
    both = min(a[1], b[1]) - max(a[0], b[0])
    return both / (max(a[1], b[1]) - min(a[0], b[0])) if both > 0 else 0.0

"""Corrections of a researcher, as examples to learn from (docs/models.md describes the file)."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from baogao.classify.train import Example, make_examples
from baogao.corpus import Report
from baogao.errors import BaogaoError
from baogao.language.segment import Segmenter
from baogao.language.sentences import Span
from baogao.records import ACTIVITY_STATUS, ACTIVITY_TYPES, GENRES, SECTION_KINDS

WEIGHT = 3
"""A correction counts as much as this many annotations of the corpus."""


def read_corrections(path: Path, segmenter: Segmenter) -> dict[str, list[Example]]:
    """Examples by the name of the model that learns from them: genre, section, activity.

    Raises BaogaoError naming the line that is no correction.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise BaogaoError(f"The corrections {path} cannot be read ({error}).") from error
    reports: dict[str, list[Report]] = {"genre": [], "section": []}
    acts: dict[tuple[str | None, str, str], list[dict[str, Any]]] = defaultdict(list)
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                _sort(json.loads(line), reports, acts)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BaogaoError(f"{path}, line {number}: no correction ({error}); docs/models.md describes them.") from error
    examples = {name: WEIGHT * make_examples(found, segmenter) for name, found in reports.items()}
    examples["activity"] = WEIGHT * [_judged(key, found, segmenter) for key, found in acts.items()]
    return examples


def _sort(
    correction: dict[str, Any], reports: dict[str, list[Report]], acts: dict[tuple[str | None, str, str], list[dict[str, Any]]]
) -> None:
    label = correction["label"]
    if label == "genre":
        reports["genre"].append(_report(correction.get("title"), _value(correction, "value", GENRES), correction["text"]))
    elif label == "section":
        heading, kind = correction["heading"], _value(correction, "value", SECTION_KINDS)
        report = _report(None, "other", heading + correction["followed_by"])
        report.headings.append({"start": 0, "end": len(heading), "quote": heading, "level": 1, "kind": kind})
        reports["section"].append(report)
    elif label == "activity":
        if not 0 <= int(correction["start"]) < int(correction["end"]) <= len(correction["text"]):
            raise ValueError("start and end do not lie in the text")
        if correction["accepted"]:
            _value(correction, "type", ACTIVITY_TYPES)
            _value(correction, "status", ACTIVITY_STATUS)
        acts[correction.get("title"), _value(correction, "genre", GENRES), correction["text"]].append(correction)
    elif label not in ("organization", "time"):  # rules find these: there is no model to learn from them
        raise ValueError(f"label {label!r} is none of genre, section, activity, organization, time")


def _value(correction: dict[str, Any], key: str, allowed: tuple[str, ...]) -> str:
    if correction[key] not in allowed:
        raise ValueError(f"{key} {correction[key]!r} is none of {', '.join(allowed)}")
    return str(correction[key])


def _report(title: str | None, genre: str, text: str) -> Report:
    return Report("correction", "corrections", {"title": title, "genre": genre}, text)


def _judged(key: tuple[str | None, str, str], corrections: list[dict[str, Any]], segmenter: Segmenter) -> Example:
    """A report of which only the corrected clauses count."""
    title, genre, text = key
    report = _report(title, genre, text)
    spans: list[Span] = []
    for correction in sorted(corrections, key=lambda item: (item["start"], item["end"])):
        start, end = correction["start"], correction["end"]
        spans.append((start, end))
        if correction["accepted"]:
            act = {"start": start, "end": end, "quote": text[start:end], "name": text[start:end], "time": None, "months": []}
            report.activities.append(act | {"type": correction["type"], "status": correction["status"]})
    example = make_examples([report], segmenter)[0]
    return Example(example.report, example.document, tuple(spans))

"""What is marked in a report's two texts, and the list of its records with what was said of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from baogao.explore.render import Span
from baogao.explore.store import ReportView, by_role

KEPT = ("title", "body")


@dataclass(frozen=True, slots=True)
class Listed:
    """A record in the list beside the texts: its table's row, and the line of corrections about it, if there is one."""

    kind: str
    id: str
    start: int
    end: int
    raw_start: int
    raw_end: int
    row: Mapping[str, Any]
    said: Mapping[str, Any] | None = None
    roles: Mapping[str, Sequence[str]] | None = None

    @property
    def state(self) -> str:
        """What a researcher did: accept, reject, change, add; empty if nothing."""
        return str(self.said["action"]) if self.said else ""

    def value(self, name: str) -> Any:
        """A field, as corrected."""
        return self.said[name] if self.said and name in self.said else self.row[name]


_KINDS = (
    ("activities", "activity", "activity_id"), ("organizations", "organization", "organization_id"), ("sections", "section", "section_id"),
    ("times", "time", "time_id"), ("findings", "finding", "finding_id"),
)  # fmt: skip


def listed_records(view: ReportView, corrections: Sequence[Mapping[str, Any]]) -> list[Listed]:
    """The report's records in the order of its text, then what a researcher added and the dataset does not have yet."""
    found = []
    used: set[int] = set()
    for table, kind, key in _KINDS:
        for row in view.records[table]:
            i = next((i for i, line in enumerate(corrections) if _speaks_of(line, kind, row)), None)
            if i is not None:
                used.add(i)
            roles = [role for role in view.records["roles"] if role["organization_id"] == row.get("organization_id")]
            start, end = (row["start"] or 0, row["end"] or 0) if kind == "finding" else (row["start"], row["end"])
            said = corrections[i] if i is not None else None
            found.append(Listed(kind, row[key], start, end, row["raw_start"], row["raw_end"], row, said, by_role(roles)))
    for i, line in enumerate(corrections):
        inside = view.report["raw_start"] <= line["raw_start"] and line["raw_end"] <= view.report["raw_end"]
        if line["label"] in _ADDED and i not in used and line["action"] != "reject" and inside:
            start, end = view.edited.clean_span(line["raw_start"], line["raw_end"])
            words = view.report["text"][start:end]
            row = {**_ADDED[line["label"]], "name": words, "text": words, "unit": line.get("unit"), "edtf": line.get("value")}
            found.append(Listed(line["label"], f"new{i}", start, end, line["raw_start"], line["raw_end"], row, line, {}))
    return sorted(found, key=lambda record: (record.start, -record.end, record.kind))


_ADDED: dict[str, dict[str, Any]] = {
    "activity": {
        **dict.fromkeys(("type", "status", "time", "place", "organizer", "audience", "participants", "count", "passage_id", "checked")),
        "score": 1.0, "copied_share": 0.0, "partners": [],
    },
    "organization": {**dict.fromkeys(("kind", "status", "parent", "founded", "checked")), "rule": "correction", "score": 1.0},
    "time": {"kind": None, "certainty": "exact", "rule": "correction"},
}  # fmt: skip
"""Kinds of records that can be added, with what is shown of one that no run has seen yet."""


def _speaks_of(line: Mapping[str, Any], kind: str, row: Mapping[str, Any]) -> bool:
    if line["label"] != kind or (kind == "organization" and line.get("unit") != row["unit"]):
        return False
    span = [row["raw_start"], row["raw_end"]]
    return span in (line.get("was"), [line["raw_start"], line["raw_end"]])


def clean_spans(view: ReportView, records: Sequence[Listed]) -> list[Span]:
    """Marks of the clean text: records, and the passages that other reports have too."""
    spans = [Span(r.start, r.end, _mark(r), r.id) for r in records if r.start < r.end]
    return spans + [Span(use["start"], use["end"], f"use-{use['kind']}", "") for use in view.records["uses"]]


def raw_spans(view: ReportView, records: Sequence[Listed]) -> list[Span]:
    """Marks of the raw page: records, repairs with what they read instead, and what was dropped with its role."""
    spans = [Span(r.raw_start, r.raw_end, _mark(r), r.id) for r in records]
    spans += [
        Span(e["raw_start"], e["raw_end"], "edit", "", f"{e['kind']}: “{e['before']}” → “{e['after']}”", e["after"]) for e in view.edits
    ]  # fmt: skip
    spans += [
        Span(b["raw_start"], b["raw_end"], "dropped", "", f"{b['role'].replace('_', ' ')} ({b['reason'].replace('_', ' ')})")
        for b in view.blocks
        if b["role"] not in KEPT
    ]
    before, behind = (0, view.report["raw_start"]), (view.report["raw_end"], view.raw_chars)
    return spans + [Span(start, end, "elsewhere", "") for start, end in (before, behind) if start < end]


def _mark(record: Listed) -> str:
    return f"{record.kind} said-{record.state}" if record.state else record.kind

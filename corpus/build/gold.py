"""Gold annotations with places in the raw texts that the reader makes of the pages."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from damaged import Damaged
from markup import Character, characters
from pages import Page, Piece

from baogao.read.page import SourcePage

_LAYERS = ("headings", "times", "organizations", "activities")


class AlignmentError(ValueError):
    """The raw text of a page does not hold the characters that the page was made of."""


@dataclass(frozen=True)
class Placed:
    """A report on a page that was read back: where each visible character of its text stands in the raw text."""

    piece: Piece
    visible: tuple[int, ...]
    places: tuple[int, ...]
    range: tuple[int, int]

    @property
    def damaged(self) -> Damaged:
        """The report, with its damage."""
        return self.piece.report

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """Raw place of characters [start, end) of the repaired text."""
        return self.on_page(*self.damaged.place(start, end))

    def raw_of_original(self, start: int, end: int) -> tuple[int, int]:
        """Raw place of characters [start, end) of the original, before losses."""
        return self.raw(*self.damaged.lost.clean_span(start, end))

    def on_page(self, start: int, end: int) -> tuple[int, int]:
        """Raw place of characters [start, end) of the damaged text; a stretch of white space is the gap it stands in."""
        first, last = bisect_left(self.visible, start), bisect_left(self.visible, end)
        if first < last:
            return self.places[first], self.places[last - 1] + 1
        before = self.places[first - 1] + 1 if first else self.places[0]
        after = self.places[first] if first < len(self.places) else before
        return (before, after) if end > start else (before, before)


@dataclass(frozen=True)
class GoldPage:
    """A page read back: its raw text, its reports in place, and the role of every visible character with its raw place."""

    name: str
    page: Page
    source: SourcePage
    reports: tuple[Placed, ...]
    roles: tuple[tuple[int, str], ...]


def align(name: str, page: Page, source: SourcePage) -> GoldPage:
    """Find the page's characters in the raw text. Raises AlignmentError where they differ."""
    raw = source.text.raw
    places = [i for i, char in enumerate(raw) if not char.isspace()]
    made = list(characters("\n".join(page.lines())))
    for place, char in zip(places, made, strict=False):
        if raw[place] != char.char:
            raise AlignmentError(f"{name}: {raw[place : place + 30]!r} at {place} is not {char.char!r}")
    if len(places) != len(made):
        raise AlignmentError(f"{name}: {len(places)} characters were read, {len(made)} were made")
    reports = tuple(_placed(piece, made, places) for piece in page.pieces)
    return GoldPage(name, page, source, reports, tuple(_roles(page, made, places, reports)))


def _placed(piece: Piece, made: list[Character], places: list[int]) -> Placed:
    visible = tuple(i for i, char in enumerate(piece.report.text) if not char.isspace())
    own = tuple(place for place, char in zip(places, made, strict=True) if char.own and char.piece == piece.index)
    start = next(place for place, char in zip(places, made, strict=True) if char.piece == piece.index)
    if len(own) != len(visible):
        raise AlignmentError(f"{piece.report.report.id}: {len(own)} characters on the page, {len(visible)} in the report")
    return Placed(piece, visible, own, (start, own[-1] + 1))


def _roles(page: Page, made: list[Character], places: list[int], reports: tuple[Placed, ...]) -> list[tuple[int, str]]:
    inside: dict[int, str] = {}
    for report in reports:
        title = report.piece.title if not report.piece.heading else None
        if title:
            inside.update(dict.fromkeys(range(*report.raw(0, len(title))), "title"))
        for start, end, role in report.damaged.noise():
            inside.update(dict.fromkeys(range(*report.on_page(start, end)), role))
    return [(place, char.role or inside.get(place, "body")) for place, char in zip(places, made, strict=True)]


def blocks(gold: GoldPage) -> list[dict[str, Any]]:
    """The reader's blocks with their roles; a block of several roles is cut where they change."""
    found: list[dict[str, Any]] = []
    bounds = [block.start for block in gold.source.text.blocks]
    last = None
    for place, role in gold.roles:
        block = bisect_left(bounds, place + 1)
        if (block, role) != last:
            found.append({"start": place, "end": place + 1, "role": role})
            last = (block, role)
        found[-1]["end"] = place + 1
    return found


def noise(gold: GoldPage, placed: Placed) -> list[dict[str, Any]]:
    """What stands in a report's range and is not its own text."""
    raw, (start, end) = gold.source.text.raw, placed.range
    inside = [block for block in blocks(gold) if block["start"] < end and block["end"] > start and block["role"] not in ("body", "title")]
    return [{"start": b["start"], "end": b["end"], "quote": raw[b["start"] : b["end"]], "role": b["role"]} for b in inside]


def report_gold(gold: GoldPage, placed: Placed) -> dict[str, Any]:
    """A report's annotations in the gold format, with raw places."""
    report, raw = placed.damaged.report, gold.source.text.raw
    start, end = placed.range
    result: dict[str, Any] = {
        "report_id": report.id, "page": gold.name, "start": start, "end": end, "title": placed.piece.title,
        **{field: report.header[field] for field in ("genre", "issuer", "period", "signed", "theme", "author", "family")},
        "noise": noise(gold, placed),
    }  # fmt: skip
    if result["issuer"] and result["issuer"] not in f"{placed.piece.heading}\n{report.text}":
        result["issuer"] = None  # only the report's own title named it, which this page does not show
    for layer in (*_LAYERS, "findings"):
        result[layer] = [_anchored(item, raw, placed) for item in getattr(report, layer)]
    return result


def _anchored(item: Mapping[str, Any], raw: str, placed: Placed) -> dict[str, Any]:
    start, end = placed.raw(item["start"], item["end"])
    return {**item, "start": start, "end": end, "quote": raw[start:end]}


def page_gold(gold: GoldPage) -> dict[str, Any]:
    """What is known of a page beside its reports' annotations: blocks, edits, findings."""
    page, raw = gold.page, gold.source.text.raw
    edits = []
    for placed in gold.reports:
        for kind, start, end, after, undone in placed.damaged.truth():
            a, b = _with_space(raw, *placed.on_page(start, end), placed.damaged.text[start:end])
            edits.append({"kind": kind, "start": a, "end": b, "before": raw[a:b], "after": after, "repairable": undone})
    reports = [{"report_id": p.damaged.report.id, "start": p.range[0], "end": p.range[1]} for p in gold.reports]
    return {
        "page": gold.name, "split": page.split, "site": page.site["host"], "title": page.title, "format": page.plan["format"],
        "encoding": page.plan["encoding"], "declared": page.declared,
        "raw_chars": len(raw), "reports": reports,
        "blocks": blocks(gold), "edits": edits, "findings": _page_findings(gold),
    }  # fmt: skip


def _with_space(raw: str, start: int, end: int, text: str) -> tuple[int, int]:
    """The stretch with the white space around it, on the sides where the text that stands there begins or ends with some."""
    if text.strip():
        if text[0].isspace():
            start = len(raw[:start].rstrip())
        if text[-1].isspace():
            end = len(raw) - len(raw[end:].lstrip())
    return start, end


def _page_findings(gold: GoldPage) -> list[dict[str, Any]]:
    """What a reader should look at on the page, beside the findings inside its reports."""
    page = gold.page
    findings: list[dict[str, Any]] = []
    claims = page.plan.get("claims", len(page.pieces))
    if claims != len(page.pieces):
        findings.append({"kind": "title_count", "note": f"the title says {claims} pieces, the page holds {len(page.pieces)}"})
    first: dict[str, str] = {}
    for piece in page.pieces:
        report = piece.report.report
        original = piece.report.lost.raw
        if original in first:
            findings.append({"kind": "self_copy", "report_id": report.id, "note": f"the page holds it as {first[original]} already"})
        first.setdefault(original, report.id)
        if any("spun" in edit.kind.split("+") for edit in piece.report.lost.edits):
            findings.append({"kind": "spun_text", "report_id": report.id, "note": "words exchanged for others of like meaning"})
    return findings

"""What the pages of `baogao explore` show, read from the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from baogao.database import connect
from baogao.dataset.restore import restore_text
from baogao.explore.align import Line, side_by_side, use_rows
from baogao.explore.database import MEMORY
from baogao.explore.index import Index
from baogao.explore.search import Found, Hits, Query, find, read_page, read_text
from baogao.text import EditedText

Row = dict[str, Any]
MARGIN = 1500
"""Characters of the raw page shown before and behind a report, unless the whole page is asked for."""
LISTED = 50
"""Rows of a list on one page."""
KEPT = 16
"""Searches whose hits are kept."""
ABREAST = 4
"""Uses of a template that stand side by side."""


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report with all that was found in it; `raw` is the stretch of its page from `raw_first` on."""

    report: Row
    page: Row
    sources: list[Row]
    raw: str
    raw_first: int
    raw_chars: int
    edited: EditedText
    edits: list[Row]
    blocks: list[Row]
    records: dict[str, list[Row]]
    neighbours: list[Row]


class Store:
    """The index, opened for reading; every call has a cursor of its own, so that requests do not disturb each other."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._tables = connect(index.tables, memory=MEMORY, threads=2, read_only=True)
        self._found: dict[tuple[Any, ...], Hits] = {}

    def close(self) -> None:
        """Close the index's files."""
        self._tables.close()

    def rows(self, select: str, values: Mapping[str, Any] | None = None) -> list[Row]:
        """Rows of a query as dicts."""
        with self._tables.cursor() as cursor:
            found = cursor.execute(select, dict(values or {}))
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def one(self, select: str, values: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of a query, None if there is none."""
        return next(iter(self.rows(select, values)), None)

    def _texts(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self._index.texts}?mode=ro", uri=True)

    def search(self, query: Query, page: int) -> Found:
        """One page of the reports that a query finds; what was found last is kept, so that its other pages come at once."""
        texts = self._texts()
        try:
            with self._tables.cursor() as cursor:
                hits = self._found.get(query.key) or find(cursor, texts, query)
                self._found[query.key] = hits
                if len(self._found) > KEPT:
                    self._found.pop(next(iter(self._found)), None)
                return read_page(cursor, texts, hits, query.words, page)
        finally:
            texts.close()

    def text(self, number: int) -> str:
        """Clean text of the report with this number in the listing."""
        texts = self._texts()
        try:
            return read_text(texts, number)
        finally:
            texts.close()

    def listed(self, report_id: str) -> Row | None:
        """A report's line of the listing."""
        return self.one("SELECT * FROM listing WHERE report_id = $id", {"id": report_id})

    def report(self, report_id: str, *, whole_page: bool = False) -> ReportView | None:
        """A report with its page and records; None if there is none of this name."""
        report = self.one("SELECT * FROM reports WHERE report_id = $id", {"id": report_id})
        if report is None:
            return None
        page = {"page": report["page_id"]}
        raw = str((self.one("SELECT raw FROM texts WHERE page_id = $page", page) or {"raw": ""})["raw"])
        edits = self.rows("SELECT * FROM edits WHERE page_id = $page ORDER BY raw_start", page)
        first = 0 if whole_page else max(0, raw.rfind("\n", 0, max(0, report["raw_start"] - MARGIN)) + 1)
        last = len(raw) if whole_page else min(len(raw), report["raw_end"] + MARGIN)
        return ReportView(
            report=report,
            page=self.one("SELECT * FROM pages WHERE page_id = $page", page) or {},
            sources=self.rows("SELECT * FROM page_sources WHERE page_id = $page ORDER BY source", page),
            raw=raw[first:last],
            raw_first=first,
            raw_chars=len(raw),
            edited=restore_text(raw, edits, report["raw_spans"]),
            edits=edits,
            blocks=self.rows("SELECT * FROM blocks WHERE page_id = $page ORDER BY block", page),
            records=self._records(report_id),
            neighbours=self.rows("SELECT report_id, ordinal, title FROM listing WHERE page_id = $page ORDER BY ordinal", page),
        )

    def _records(self, report_id: str) -> dict[str, list[Row]]:
        own = {"id": report_id}
        records = {
            table: self.rows(f"SELECT * FROM {table} WHERE report_id = $id ORDER BY start", own)
            for table in ("sections", "times", "organizations", "roles", "sizes", "activities")
        }
        records["findings"] = self.rows("SELECT * FROM findings WHERE report_id = $id ORDER BY raw_start, finding_id", own)
        records["uses"] = self.rows(
            "SELECT u.*, p.level, p.kind, p.n_reports FROM passage_uses u JOIN passages p USING (passage_id) WHERE u.report_id = $id "
            "ORDER BY u.start, u.\"end\" DESC, u.passage_id",
            own,
        )  # fmt: skip
        records["pairs"] = self.rows(
            "SELECT p.*, l.title, l.issuer, l.report_id AS other FROM pairs p JOIN listing l "
            "ON l.report_id = CASE WHEN report_a = $id THEN report_b ELSE report_a END WHERE report_a = $id OR report_b = $id "
            "ORDER BY jaccard DESC, shared_chars DESC, other LIMIT 20",
            own,
        )
        return records

    def templates(self, kind: str, words: str, page: int) -> tuple[list[Row], int]:
        """Passages with most reports first, and how many there are."""
        where = "WHERE kind = $kind AND contains(skeleton, $words)"
        values = {"kind": kind, "words": words}
        total = self.one(f"SELECT count(*) AS n FROM passages {where}", values) or {"n": 0}
        return self.rows(
            f"SELECT * FROM passages {where} ORDER BY n_reports DESC, n_uses DESC, passage_id LIMIT {LISTED} OFFSET {(page - 1) * LISTED}",
            values,
        ), int(total["n"])

    def template(self, passage_id: str, page: int) -> tuple[Row, list[Row], list[list[Line]]] | None:
        """A passage, the uses on one page of its list, and the first few of these side by side."""
        passage = self.one("SELECT * FROM passages WHERE passage_id = $id", {"id": passage_id})
        if passage is None:
            return None
        uses = self.rows(
            "SELECT u.*, l.number, l.title, l.issuer, l.place, l.year_min, l.year_max, l.site FROM passage_uses u "
            f"JOIN listing l USING (report_id) WHERE passage_id = $id ORDER BY l.number, u.start "
            f"LIMIT {LISTED} OFFSET {(page - 1) * LISTED}",
            {"id": passage_id},
        )
        types = {slot["name"]: slot["type"] for slot in passage["slots"]}
        rows = [
            use_rows(self.text(use["number"])[use["start"] : use["end"]], use["start"], use["slot_values"], types) for use in uses[:ABREAST]
        ]
        return passage, uses, side_by_side(rows)

    def calendar(self, filters: Mapping[str, str]) -> list[Row]:
        """Weights of activities by year and month; year null where it is unknown."""
        where, values = _activity_filters(filters)
        return self.rows(
            "SELECT m.year, m.month, sum(round(m.weight * 27720)::BIGINT) / 27720.0 AS weight FROM months m JOIN listing l "
            f"USING (report_id) WHERE m.month IS NOT NULL {where} GROUP BY 1, 2",
            values,
        )

    def month(self, year: int | None, month: int, filters: Mapping[str, str], page: int) -> tuple[list[Row], int]:
        """Activities of one month, and how many there are."""
        where, values = _activity_filters(filters)
        source = (
            "FROM months m JOIN listing l USING (report_id) WHERE m.month = $month AND m.year IS NOT DISTINCT FROM $year " + where
        )  # fmt: skip
        values |= {"month": month, "year": year}
        total = self.one(f"SELECT count(*) AS n {source}", values) or {"n": 0}
        return self.rows(
            f"SELECT a.*, t.title, t.issuer, t.place AS report_place FROM (SELECT m.activity_id, m.report_id, l.title, l.issuer, l.place "
            f"{source} ORDER BY m.activity_id LIMIT {LISTED} OFFSET {(page - 1) * LISTED}) t "
            "JOIN activities a USING (activity_id, report_id) ORDER BY a.activity_id",
            values,
        ), int(total["n"])

    def findings(self, kind: str, page: int) -> tuple[list[Row], list[Row], int]:
        """Findings of a kind (all if empty) with their context, the numbers by kind, and how many there are."""
        kinds = self.rows("SELECT kind, count(*) AS n FROM findings GROUP BY 1 ORDER BY 2 DESC, 1")
        total = sum(row["n"] for row in kinds if not kind or row["kind"] == kind)
        found = self.rows(
            "SELECT f.*, l.number, l.title, l.issuer, o.title AS other_title, o.issuer AS other_issuer FROM findings f "
            "LEFT JOIN listing l USING (report_id) LEFT JOIN listing o ON o.report_id = f.other_report_id "
            f"WHERE $kind = '' OR f.kind = $kind ORDER BY f.kind, f.finding_id LIMIT {LISTED} OFFSET {(page - 1) * LISTED}",
            {"kind": kind},
        )
        for row in found:
            text = self.text(row["number"]) if row["number"] is not None and row["start"] is not None else ""
            row["before"] = text[max(0, (row["start"] or 0) - 50) : row["start"] or 0]
            row["behind"] = text[row["end"] or 0 : (row["end"] or 0) + 50]
        return found, kinds, total

    def organizations(self, words: str, kind: str, page: int) -> tuple[list[Row], list[Row], int]:
        """Units whose name holds the words, with their roles, the numbers by kind, and how many there are."""
        kinds = self.rows("SELECT kind, count(*) AS n FROM organizations GROUP BY 1 ORDER BY 2 DESC, 1")
        where = "WHERE ($kind = '' OR o.kind = $kind) AND contains(o.unit, $words)"
        values = {"kind": kind, "words": words}
        total = self.one(f"SELECT count(*) AS n FROM organizations o {where}", values) or {"n": 0}
        units = self.rows(
            f"SELECT o.*, l.title, l.issuer FROM organizations o JOIN listing l USING (report_id) {where} "
            f"ORDER BY l.number, o.start LIMIT {LISTED} OFFSET {(page - 1) * LISTED}",
            values,
        )
        ids = {"ids": [unit["organization_id"] for unit in units]}
        roles = self.rows("SELECT * FROM roles WHERE list_contains($ids, organization_id) ORDER BY start", ids)
        for unit in units:
            unit["roles"] = by_role([role for role in roles if role["organization_id"] == unit["organization_id"]])
        return units, kinds, int(total["n"])

    def doubtful(self, first: int, label: str) -> list[Row]:
        """The next records to look at from place `first` of the order of doubt on."""
        return self.rows(
            "SELECT d.*, l.number AS report_number, l.title, l.issuer, l.genre, p.sha256 FROM doubt d JOIN listing l USING (report_id) "
            "JOIN pages p USING (page_id) WHERE d.number >= $first AND ($label = '' OR d.label = $label) ORDER BY d.number LIMIT 200",
            {"first": first, "label": label},
        )


def by_role(roles: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Holders by role, in the order of the text; an empty form's holder is an empty string."""
    found: dict[str, list[str]] = {}
    for role in roles:
        found.setdefault(role["role"], []).append(role["holder"] or "")
    return found


def _activity_filters(filters: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    conditions = {
        "type": "AND m.type = $type", "status": "AND m.status = $status", "genre": "AND l.genre = $genre",
        "place": "AND contains(coalesce(l.place, '') || ' ' || coalesce(l.issuer, ''), $place)",
    }  # fmt: skip
    given = {name: filters[name] for name in conditions if filters.get(name)}
    where = " ".join(conditions[name] for name in given)
    return where + (" AND m.copied_share < 0.5" if filters.get("own") else ""), dict(given)

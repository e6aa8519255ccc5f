"""The figures that report.html shows: each a query over the dataset's tables.

Sums of fractions are taken over whole numbers (weights in 27,720ths, the least common multiple of 1 to 12; shares in characters),
so that the order in which threads add them up cannot change a digit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from baogao.records import ACTIVITY_STATUS, ACTIVITY_TYPES

_WEIGHT = "sum(round(weight * 27720)::BIGINT) / 27720.0"
_POST = "副?(?:书记|主任|[校园院所站局科部处县区镇乡村厂行队会]长|经理|主席)"
"""The posts that head a leading group in most reports; whatever else is counted as one group."""
QUERIES = {
    "coverage": "SELECT stage, sum(n)::BIGINT FROM coverage GROUP BY stage",
    "sites": """SELECT coalesce(site, '(no site)'), coalesce(sum(n) FILTER (stage = 'pages'), 0)::BIGINT,
        coalesce(sum(n) FILTER (stage = 'reports'), 0)::BIGINT AS reports, coalesce(sum(n) FILTER (stage = 'unique'), 0)::BIGINT,
        coalesce(sum(n) FILTER (stage = 'placed'), 0)::BIGINT, coalesce(sum(n) FILTER (stage = 'year_known'), 0)::BIGINT,
        coalesce(sum(n) FILTER (stage = 'activities'), 0)::BIGINT, coalesce(sum(n) FILTER (stage = 'dated'), 0)::BIGINT
        FROM coverage GROUP BY site ORDER BY reports DESC, 1 LIMIT 12""",
    "n_sites": "SELECT count(DISTINCT site) FROM page_sources",
    "blocks": "SELECT role, count(*), sum(raw_end - raw_start)::BIGINT FROM blocks GROUP BY role ORDER BY 3 DESC, 1",
    "reasons": """SELECT role, reason, count(*), sum(raw_end - raw_start)::BIGINT FROM blocks
        WHERE role NOT IN ('body', 'title') GROUP BY role, reason ORDER BY 4 DESC, 1, 2 LIMIT 16""",
    "edits": """SELECT kind, sum(n)::BIGINT, arg_max(before, (n, before, after)), arg_max(after, (n, before, after)) FROM (
        SELECT kind, left(before, 40) AS before, left(after, 40) AS after, count(*) AS n FROM edits GROUP BY ALL)
        GROUP BY kind ORDER BY 2 DESC, 1 LIMIT 14""",
    "failures": "SELECT source, stage, error, remedy FROM failures ORDER BY ALL LIMIT 100",
    "n_failures": "SELECT count(*) FROM failures",
    "encodings": "SELECT coalesce(encoding_used, 'in the format'), count(*) FROM pages GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 6",
    "genres": "SELECT genre, count(*) FROM reports GROUP BY genre ORDER BY 2 DESC, 1",
    "years": "SELECT year_min, count(*) FROM reports WHERE year_min = year_max GROUP BY 1 ORDER BY 1",
    "year_unknown": "SELECT count(*) FILTER (year_min IS NULL), count(*) FILTER (year_min < year_max) FROM reports",
    "place_status": "SELECT place_status, count(*) FROM reports GROUP BY 1 ORDER BY 2 DESC, 1",
    "places": "SELECT place, count(*), min(adcode) FROM reports WHERE place_status = 'named' GROUP BY 1 "
    "ORDER BY 2 DESC, 1 LIMIT 12",
    "issuers": """SELECT CASE WHEN regexp_matches(issuer, '[xXＸｘ×*＊_＿○〇]{2}|[*＊_＿×]') THEN '(masked)' ELSE issuer END, count(*)
        FROM reports WHERE issuer IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 12""",
    "types": "SELECT type, status, count(*) FROM activities GROUP BY type, status",
    "months": f"SELECT year, month, {_WEIGHT} FROM months WHERE month IS NOT NULL GROUP BY year, month",
    "type_months": f"SELECT type, month, {_WEIGHT} FROM months WHERE month IS NOT NULL GROUP BY type, month",
    "undated": "SELECT count(*) FROM months WHERE month IS NULL",
    "exposure": "SELECT count(DISTINCT report_id), count(*) FROM exposure WHERE year IS NOT NULL",
    "kinds": "SELECT kind, count(*) FROM organizations GROUP BY kind ORDER BY 2 DESC, 1",
    "shapes": """SELECT leaders, deputies, members, count(*) FROM (
        SELECT least(count(*) FILTER (r.role IN ('组长', '牵头')), 2) AS leaders, least(count(*) FILTER (r.role = '副组长'), 3) AS deputies,
            least(count(*) FILTER (r.role = '成员'), 4) AS members
        FROM roles r JOIN organizations o USING (organization_id) WHERE o.kind = 'leading_group' GROUP BY r.organization_id)
        WHERE leaders + deputies + members > 0 GROUP BY ALL ORDER BY 4 DESC, 1 DESC, 2, 3 LIMIT 5""",
    "n_groups": "SELECT count(*) FROM organizations WHERE kind = 'leading_group'",
    "leaders": f"""SELECT CASE WHEN r.holder IS NULL THEN '(left empty)'
            ELSE coalesce(regexp_extract_all(r.holder, '{_POST}')[-1], '(by name or another post)') END, count(*)
        FROM roles r JOIN organizations o USING (organization_id) WHERE o.kind = 'leading_group' AND r.role = '组长'
        GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8""",
    "shares": """SELECT sum(n_chars)::BIGINT, sum(round(copied_share * n_chars)::BIGINT)::BIGINT,
        sum(round(quoted_share * n_chars)::BIGINT)::BIGINT, sum(round(formula_share * n_chars)::BIGINT)::BIGINT,
        sum(round(in_page_share * n_chars)::BIGINT)::BIGINT, sum(round(copied_from_sample_share * n_chars)::BIGINT)::BIGINT
        FROM reports""",
    "copied": "SELECT least(floor(copied_share * 10), 9)::INT AS tenth, count(*) FROM reports GROUP BY 1",
    "pairs": """SELECT count(*), count(*) FILTER (near_duplicate), count(*) FILTER (near_duplicate AND same_page),
        count(*) FILTER (near_duplicate AND NOT same_site), count(*) FILTER (near_duplicate AND place_relation = 'different'),
        count(*) FILTER (jaccard >= 0.4), count(*) FILTER (jaccard >= 0.5), count(*) FILTER (jaccard >= 0.6) FROM pairs""",
    "templates": """SELECT passage_id, level, skeleton, slots, n_uses, n_reports, n_pages, n_sites FROM passages WHERE kind = 'copied'
        AND len(slots) > 0 ORDER BY n_reports DESC, length(skeleton) DESC, passage_id LIMIT 8""",
    "n_templates": "SELECT count(*) FILTER (kind = 'copied'), count(*) FILTER (kind = 'formula'), count(*) FILTER (kind = 'quoted') "
    "FROM passages",
    "finding_kinds": "SELECT kind, count(*) FROM findings GROUP BY kind ORDER BY 2 DESC, 1",
    "findings": """SELECT f.kind, f.text, f.evidence, f.attribution, r.title FROM (
        SELECT *, row_number() OVER (PARTITION BY kind, report_id ORDER BY raw_start, finding_id) AS i FROM findings) f
        LEFT JOIN reports r USING (report_id) WHERE i = 1
        QUALIFY row_number() OVER (PARTITION BY f.kind ORDER BY f.finding_id) <= 4 ORDER BY f.kind, f.finding_id""",
}  # fmt: skip
TABLES = (
    "pages", "page_sources", "reports", "activities", "organizations", "roles", "months", "exposure", "blocks", "edits", "failures",
    "pairs", "passages", "passage_uses", "findings", "coverage",
)  # fmt: skip
"""Tables that the queries read."""

SHOWN_YEARS = 24
SHOWN_VALUES = 4
_VALUES = """
    SELECT passage_id, v.slot, v.value, count(*) FROM (
        SELECT passage_id, unnest(slot_values) AS v FROM passage_uses WHERE list_contains($passages, passage_id))
    GROUP BY ALL ORDER BY passage_id, v.slot, 4 DESC, v.value
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a heat map or stacked chart: what it stands for, its twelve months or its parts, and their sum."""

    key: Any
    parts: tuple[float, ...]

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return sum(self.parts)


@dataclass(frozen=True, slots=True)
class Template:
    """A copied passage with slots, and the commonest values of each slot with the number of the others."""

    level: str
    skeleton: str
    types: dict[str, str]
    uses: int
    reports: int
    pages: int
    sites: int
    values: tuple[tuple[str, tuple[str, ...], int], ...]


def read_figures(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """All figures by name: rows of the queries, and what charts need of them."""
    found: dict[str, Any] = {name: connection.execute(query).fetchall() for name, query in QUERIES.items()}
    found["coverage"] = Counter(dict(found["coverage"]))
    for single in ("n_sites", "n_failures", "undated", "n_groups"):
        found[single] = found[single][0][0]
    for single in ("year_unknown", "exposure", "shares", "pairs", "n_templates"):
        found[single] = tuple(value or 0 for value in found[single][0])
    found["calendar"], found["no_year"], found["hidden_years"] = _calendar(found.pop("months"))
    found["type_status"] = _type_status(found.pop("types"))
    found["type_months"] = _type_months(found["type_months"], [row.key for row in found["type_status"]])
    found["copied"] = [dict(found["copied"]).get(tenth, 0) for tenth in range(10)]
    found["templates"] = _templates(found["templates"], connection)
    return found


def _calendar(rows: Sequence[tuple[int | None, int, float]]) -> tuple[list[Row], Row | None, int]:
    """Rows of the years that hold most, in order; the row of months whose year is unknown; how many years are left out."""
    by_year: dict[int | None, list[float]] = {}
    for year, month, weight in rows:
        by_year.setdefault(year, [0.0] * 12)[month - 1] = weight
    unknown = by_year.pop(None, None)
    years = [Row(year, tuple(weights)) for year, weights in by_year.items()]
    kept = sorted(years, key=lambda row: (-row.total, row.key))[:SHOWN_YEARS]
    return sorted(kept, key=lambda row: row.key), Row(None, tuple(unknown)) if unknown else None, len(years) - len(kept)


def _type_status(rows: Sequence[tuple[str, str, int]]) -> list[Row]:
    counts = {(type_, status): n for type_, status, n in rows}
    found = [Row(type_, tuple(counts.get((type_, status), 0) for status in ACTIVITY_STATUS)) for type_ in ACTIVITY_TYPES]
    return sorted((row for row in found if row.total), key=lambda row: (row.key == "other", -row.total))


def _type_months(rows: Sequence[tuple[str, int, float]], order: Sequence[str]) -> list[Row]:
    weights = {(type_, month): weight for type_, month, weight in rows}
    return [Row(type_, tuple(weights.get((type_, month), 0.0) for month in range(1, 13))) for type_ in order]


def _templates(rows: Sequence[tuple[Any, ...]], connection: duckdb.DuckDBPyConnection) -> list[Template]:
    values: dict[tuple[str, str], list[str]] = {}
    for passage, slot, value, _ in connection.execute(_VALUES, {"passages": [row[0] for row in rows]}).fetchall():
        values.setdefault((passage, slot), []).append(value)
    templates = []
    for passage, level, skeleton, slots, uses, reports, pages, sites in rows:
        shown = []
        for slot in slots:
            every = [value for value in values.get((passage, slot["name"]), []) if value.strip()]
            shown.append((slot["name"], tuple(every[:SHOWN_VALUES]), max(0, len(every) - SHOWN_VALUES)))
        types = {slot["name"]: slot["type"] for slot in slots}
        templates.append(Template(level, skeleton, types, uses, reports, pages, sites, tuple(shown)))
    return templates

"""Pairs of reports: those that share text, and a sample of those that do not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from baogao.dataset.query import Source
from baogao.reuse.relations import facts_of, months_between, place_relation, same_issuer

_SHARED = (
    "jaccard", "containment_a", "containment_b", "shared_chars", "near_duplicate", "same_page", "same_site", "same_issuer",
    "place_relation", "direction", "gap_min", "gap_max",
)  # fmt: skip
_SIDE = ("genre", "place", "adcode", "year_min", "year_max", "copied_share")
DYAD_COLUMNS = (
    "report_a", "report_b", "shared", *_SHARED, "area", *(f"{name}_a" for name in _SIDE), *(f"{name}_b" for name in _SIDE), "weight",
)  # fmt: skip

_SIDES = ", ".join(f"{side}.{name} AS {name}_{side}" for side in "ab" for name in _SIDE)
_PAIRS = f"""
    SELECT p.*, {_SIDES} FROM pairs p JOIN reports a ON a.report_id = p.report_a JOIN reports b ON b.report_id = p.report_b
    ORDER BY p.report_a, p.report_b
"""
_FACTS = (
    "report_id", "page_id", "site", "issuer", "place", "title", "period", "signed", "published", "year_min", "year_max", "year_basis",
)  # fmt: skip
_ZEROS = f"""
    WITH about AS (
        SELECT r.*, p.published, (SELECT min(s.site) FROM page_sources s WHERE s.page_id = r.page_id) AS site
        FROM reports r JOIN pages p USING (page_id))
    SELECT {", ".join(f"{side}.{name} AS {side}__{name}" for side in "ab" for name in _FACTS)}, {_SIDES}
    FROM drawn d JOIN about a ON a.report_id = d.report_a JOIN about b ON b.report_id = d.report_b ORDER BY d.report_a, d.report_b
"""


def dyads(source: Source, *, zeros: int, seed: int) -> Iterator[dict[str, Any]]:
    """Every pair of table `pairs` with weight 1, then `zeros` pairs drawn from all the others.

    A drawn pair's weight is the number of pairs it stands for: pairs without shared text / pairs drawn. Its shared_chars are 0, its
    similarities null (not measured, for they lie below what the reuse stage looks for).
    """
    for row in source.records(_PAIRS):
        yield row | {"shared": True, "area": _area(row), "weight": 1.0}
    drawn, others = _draw(source, zeros, seed)
    if not drawn:
        return
    table = pa.table({"report_a": [a for a, _ in drawn], "report_b": [b for _, b in drawn]})
    source.connection.register("drawn_pairs", table)
    source.connection.execute("CREATE TEMP TABLE drawn AS SELECT * FROM drawn_pairs")
    source.connection.unregister("drawn_pairs")
    for batch in source.connection.sql(_ZEROS).to_arrow_reader(2_048):
        for row in batch.to_pylist():
            yield _zero(row) | {"weight": others / len(drawn)}


def _draw(source: Source, wanted: int, seed: int) -> tuple[list[tuple[str, str]], int]:
    """Pairs of reports that share nothing, drawn without replacement, and how many such pairs there are."""
    ids = [row[0] for row in source.rows("SELECT report_id FROM reports ORDER BY report_id")]
    pairs = source.rows("SELECT count(*) FROM pairs")[0][0]
    everything = len(ids) * (len(ids) - 1) // 2
    others = everything - pairs
    wanted = min(wanted, others)
    lottery = random.Random(seed)
    drawn: dict[tuple[str, str], None] = {}
    if everything <= 4 * (wanted + pairs):
        shared = {(a, b) for a, b in source.rows("SELECT report_a, report_b FROM pairs")}
        rest = [(a, b) for i, a in enumerate(ids) for b in ids[i + 1 :] if (a, b) not in shared]
        return lottery.sample(rest, wanted), others
    while len(drawn) < wanted:
        a, b = sorted(lottery.sample(range(len(ids)), 2))
        pair = (ids[a], ids[b])
        if pair not in drawn and not source.rows("SELECT 1 FROM pairs WHERE report_a = ? AND report_b = ?", pair):
            drawn[pair] = None
    return list(drawn), others


def _zero(row: dict[str, Any]) -> dict[str, Any]:
    a, b = (facts_of({name: row[f"{side}__{name}"] for name in _FACTS}) for side in "ab")
    gap_min, gap_max = months_between(a, b)
    return row | {
        "report_a": a.report_id, "report_b": b.report_id, "shared": False, "jaccard": None, "containment_a": None, "containment_b": None,
        "shared_chars": 0, "near_duplicate": False, "same_page": a.page_id == b.page_id,
        "same_site": a.site is not None and a.site == b.site,
        "same_issuer": same_issuer(a, b), "place_relation": place_relation(a, b), "direction": None, "gap_min": gap_min, "gap_max": gap_max,
        "area": _area(row),
    }  # fmt: skip


def _area(row: dict[str, Any]) -> str | None:
    """The smallest division that holds both places: county, city, province or none; null where a code is unknown."""
    a, b = row["adcode_a"], row["adcode_b"]
    if not a or not b:
        return None
    for digits, name in ((6, "county"), (4, "city"), (2, "province")):
        if a[:digits] == b[:digits] and a[digits - 2 : digits] != "00":
            return name
    return "none"

"""Findings: what a reader of the archive should look at, with evidence and the other report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from baogao.identifiers import derive_id
from baogao.records import SCHEMAS
from baogao.reuse.align import merged
from baogao.reuse.contradictions import contradictions
from baogao.reuse.leaks import EXCHANGES, LEAKS, REUSED, Exchange, Leak, Side, leaks_in
from baogao.reuse.recent import Recent
from baogao.reuse.relations import facts_of
from baogao.reuse.store import Store
from baogao.reuse.tasks import load_rows

FOUND = pa.schema([field for field in SCHEMAS["findings"] if not field.name.startswith("raw_")])
"""Columns of findings that can be told from the clean text."""

_CACHED_CHARS = 4_000_000
_SELF_COPY = 0.5
_SHOWN = 60
_COMPANIONS = 50
_CLAIM = re.compile(
    r"(?:通用|精选|优质|优秀|热门|推荐|最新|实用|汇编|合集|集锦|锦集|集合|分享|范文|模板|汇总|大全|必备|共|[（(【])"
    r"\D{0,4}?(\d{1,3}|[一二三四五六七八九十]{1,3})篇"
)
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}


def find_in_reports(out: Path, folder: Path, described: Sequence[Path], pairs: Path, reports: tuple[int, int]) -> None:
    """Task: write the findings of a range of reports; `pairs` is the file of the pairs whose report_a lies in it."""
    store = Store(folder)
    texts: Recent[str] = Recent(store.text, len, _CACHED_CHARS)
    found = [
        *(Leak(**row) for row in _rows(described, "leaks", LEAKS, reports)),
        *_leaks(store, texts, described, reports),
        *_self_copies(store, texts, pq.read_table(pairs)),
        *_counted(texts, reports),
    ]
    rows = [*(_row(store, texts[leak.report], leak) for leak in found), *_claims(store, reports)]
    pq.write_table(pa.Table.from_pylist(rows, FOUND), out, compression="zstd")


def _rows(described: Sequence[Path], name: str, schema: pa.Schema, reports: tuple[int, int]) -> list[dict[str, Any]]:
    """Rows of a range of reports out of all files of a name."""
    within = [("report", ">=", reports[0]), ("report", "<", reports[1])]
    tables = [pq.read_table(folder / f"{name}.parquet", filters=within) for folder in described]
    rows: list[dict[str, Any]] = pa.concat_tables([schema.empty_table(), *tables]).to_pylist()
    return rows


def _leaks(store: Store, texts: Recent[str], described: Sequence[Path], reports: tuple[int, int]) -> Iterator[Leak]:
    """Names and years left from other reports."""
    found = [Exchange(**row) for row in _rows(described, "exchanges", EXCHANGES, reports)]
    reused = np.concatenate([np.empty(0, REUSED), *(_in_range(load_rows(path / "reused.npy"), reports) for path in described)])
    reused = np.sort(reused)
    sides: Recent[Side] = Recent(lambda report: _side(store, texts, reused, report), lambda side: len(side.text), _CACHED_CHARS)
    by_report: dict[int, list[Exchange]] = defaultdict(list)
    for exchange in found:
        by_report[exchange.report].append(exchange)
    companions = _companions(described, reports)
    for report in sorted({*by_report, *companions}):
        own = by_report[report]
        others = {*companions[report][:_COMPANIONS], *(exchange.other for exchange in own)}
        yield from leaks_in(sides[report], {other: sides[other] for other in others}, own)


def _companions(described: Sequence[Path], reports: tuple[int, int]) -> dict[int, list[int]]:
    """The reports that share copied passages with each report of a range, ascending."""
    found: dict[int, list[int]] = defaultdict(list)
    for path in described:
        rows = load_rows(path / "pairs.npy")
        for one, other in (("a", "b"), ("b", "a")):
            within = rows[(rows[one] >= reports[0]) & (rows[one] < reports[1])]
            for report, companion in np.unique(within[[one, other]]).tolist():
                found[report].append(companion)
    return defaultdict(list, {report: sorted(set(companions)) for report, companions in found.items()})


def _in_range(rows: NDArray[Any], reports: tuple[int, int]) -> NDArray[Any]:
    first, last = np.searchsorted(rows["report"], reports)
    return np.asarray(rows[first:last])


def _side(store: Store, texts: Recent[str], reused: NDArray[Any], report: int) -> Side:
    own = _in_range(reused, (report, report + 1))
    facts = facts_of(store.columns.slice(report, 1).to_pylist()[0])
    return Side(report, facts, texts[report], merged(own[["start", "end"]].tolist()))


def _self_copies(store: Store, texts: Recent[str], pairs: pa.Table) -> Iterator[Leak]:
    """Reports of which half or more stands in an earlier report of the same issuer."""
    names = store.columns["report_id"]
    numbers = [pc.index_in(pairs[side], value_set=names.combine_chunks()).to_pylist() for side in ("report_a", "report_b")]
    for a, b, row in zip(*numbers, pairs.to_pylist(), strict=True):
        if not row["same_issuer"] or row["direction"] == "undetermined":
            continue
        later, earlier, share = (b, a, "containment_b") if row["direction"] == "a_to_b" else (a, b, "containment_a")
        if row[share] >= _SELF_COPY:
            evidence = f"{row[share]:.0%} of it stand in the same issuer's earlier report ({row['direction_basis']})"
            yield Leak(later, "self_copy", 0, len(texts[later]), evidence, earlier, "author")


def _counted(texts: Recent[str], reports: tuple[int, int]) -> Iterator[Leak]:
    for report in range(*reports):
        for found in contradictions(texts[report]):
            yield Leak(report, "contradiction", found.start, found.end, found.evidence, None)


def _row(store: Store, text: str, leak: Leak) -> dict[str, Any]:
    names, pages = store.columns["report_id"], store.columns["page_id"]
    report_id = names[leak.report].as_py()
    return {
        "finding_id": derive_id("f", leak.kind, report_id, leak.start, leak.end),
        "page_id": pages[leak.report].as_py(),
        "report_id": report_id,
        "kind": leak.kind,
        "text": text[leak.start : min(leak.end, leak.start + _SHOWN)].partition("\n")[0],
        "evidence": leak.evidence,
        "other_report_id": None if leak.other is None else names[leak.other].as_py(),
        "attribution": leak.attribution,
        "start": leak.start,
        "end": leak.end,
    }


def _claims(store: Store, reports: tuple[int, int]) -> Iterator[dict[str, Any]]:
    """Pages whose title names another number of pieces than they hold; each page with its first report."""
    count = np.bincount(store.pages)
    _, firsts = np.unique(store.pages, return_index=True)
    for report in firsts[(firsts >= reports[0]) & (firsts < reports[1])].tolist():
        row = store.columns.slice(report, 1).to_pylist()[0]
        claim = _CLAIM.search(row["page_title"] or "")
        held = int(count[store.pages[report]])
        if claim and _number(claim[1]) != held:
            yield {
                "finding_id": derive_id("f", "title_count", row["page_id"]),
                "page_id": row["page_id"],
                "report_id": None,
                "kind": "title_count",
                "text": claim[0].lstrip("（(【"),
                "evidence": f"the page's title names {_number(claim[1])} pieces, {held} were found",
                "other_report_id": None,
                "attribution": "site",
                "start": None,
                "end": None,
            }


def _number(written: str) -> int:
    """Value of digits or of a Han numeral below 100.

    >>> _number("17"), _number("十八"), _number("二十")
    (17, 18, 20)
    """
    if written.isdigit():
        return int(written)
    tens, ten, units = written.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(units, 0)


def gather_findings(paths: Iterable[Path]) -> pa.Table:
    """All findings, sorted by page, place and kind; where two name the same place for the same kind the first stays."""
    table = pa.concat_tables([FOUND.empty_table(), *map(pq.read_table, paths)])
    order = [(name, "ascending") for name in ("page_id", "report_id", "start", "end", "kind", "other_report_id", "evidence")]
    rows = table.sort_by(order)
    _, first = np.unique(rows["finding_id"].to_numpy(zero_copy_only=False).astype(str), return_index=True)
    return rows.take(pa.array(np.sort(first)))

"""Gold annotations and datasets in one shape: page name -> reports as dicts with raw offsets."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from baogao.errors import BaogaoError

Report = dict[str, Any]
Pages = dict[str, list[Report]]
KINDS = ("headings", "times", "organizations", "activities")


def load_gold(path: Path) -> Pages:
    """Annotated reports by page. Raises BaogaoError for a file that is not of the gold format."""
    try:
        reports = json.loads(path.read_text(encoding="utf-8"))
        pages: Pages = defaultdict(list)
        for report in reports:
            if not {"page", "start", "end", "genre", *KINDS} <= report.keys():
                raise KeyError("a report lacks one of page, start, end, genre, " + ", ".join(KINDS))
            pages[report["page"]].append(report)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BaogaoError(f"{path} is no file of gold annotations ({error}); docs/annotation.md describes the format.") from error
    return dict(pages)


def _table(dataset: Path, name: str, columns: list[str] | None = None) -> list[dict[str, Any]]:
    folder = dataset / name
    if not folder.is_dir():
        raise BaogaoError(f"There is no table {name} in {dataset}; give the folder that baogao run wrote.")
    rows: list[dict[str, Any]] = ds.dataset(folder, format="parquet").to_table(columns=columns).to_pylist()
    return rows


def load_dataset(dataset: Path, names: Collection[str]) -> tuple[Pages, dict[str, str]]:
    """The dataset's reports of the named pages, and those pages' raw texts; a page is known by the end of its source's path."""
    where = {}
    for row in _table(dataset, "page_sources"):
        for name in names:
            if ("/" + row["source"]).endswith("/" + name):
                where[row["page_id"]] = name
    reports: dict[str, Report] = {}
    pages: Pages = defaultdict(list)
    for row in _table(dataset, "reports"):
        if row["page_id"] in where:
            report = {**row, "start": row["raw_start"], "end": row["raw_end"], **{kind: [] for kind in KINDS}}
            reports[row["report_id"]] = report
            pages[where[row["page_id"]]].append(report)
    renamed = {"sections": "headings"}
    for table in ("sections", "times", "organizations", "activities"):
        for row in _table(dataset, table):
            if row["report_id"] in reports:
                item = {**row, "start": row["raw_start"], "end": row["raw_end"]}
                item |= {"value": row.get("edtf"), "quote": row.get("heading") or row.get("text"), "roles": []}
                reports[row["report_id"]][renamed.get(table, table)].append(item)
    units = {unit["organization_id"]: unit for report in reports.values() for unit in report["organizations"]}
    for row in _table(dataset, "roles"):
        if row["organization_id"] in units:
            units[row["organization_id"]]["roles"].append(row)
    raw = {where[row["page_id"]]: row["raw"] for row in _table(dataset, "texts") if row["page_id"] in where}
    return dict(pages), raw


def load_both(gold: Path, dataset: Path) -> tuple[Pages, Pages, dict[str, str]]:
    """Annotated reports, the dataset's reports of the same pages, and those pages' raw texts.

    Raises BaogaoError where the dataset lacks a page of the gold.
    """
    annotated = load_gold(gold)
    found, raw = load_dataset(dataset, annotated)
    absent = [page for page in annotated if page not in raw]
    if absent:
        raise BaogaoError(f"The dataset lacks {len(absent)} of the gold's pages ({absent[0]}, ...); run baogao over all of them first.")
    return annotated, found, raw

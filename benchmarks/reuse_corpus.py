"""What a run over corpus/pages finds of the planted reuse, against corpus/gold/reuse.json.

    baogao run corpus/pages/test -o OUT
    python benchmarks/reuse_corpus.py OUT [--split test]

Prints JSON: recall and precision of near-duplicate pairs (with the largest error of a similarity); of copied and of quoted
passages in characters of the raw pages; share of slots found exactly, and of those inside the marked slot; share of findings
found, and the findings that the gold does not have, for reading. Characters are letters, digits and Han of the reports' own text: what
was left of a page's title and boilerplate in a report is an error of cleaning, and counted there.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

GOLD = Path(__file__).parent.parent / "corpus" / "gold"
Place = tuple[str, int]
"""A page (its source) and a place in its raw text."""


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    """A table of the dataset."""
    found: list[dict[str, Any]] = pq.read_table(out / "dataset" / table).to_pylist()
    return found


def page_names(out: Path, split: str) -> dict[str, str]:
    """Page identifier -> the page's name in the gold: its source below corpus/pages/SPLIT."""
    return {row["page_id"]: row["source"].split(f"{split}/", 1)[-1] for row in rows(out, "page_sources")}


def body_places(page: dict[str, Any]) -> set[int]:
    """Places of a page of the gold that belong to the text of a report."""
    return {place for block in page["blocks"] if block["role"] == "body" for place in range(block["start"], block["end"])}


class Run:
    """The tables of a run, with places in the pages as the gold names them."""

    def __init__(self, out: Path, split: str) -> None:
        names = page_names(out, split)
        self.reports = {row["report_id"]: row | {"page": names[row["page_id"]]} for row in rows(out, "reports")}
        self.raw = {names[row["page_id"]]: row["raw"] for row in rows(out, "texts")}
        self.passages = {row["passage_id"]: row for row in rows(out, "passages")}
        self.uses, self.pairs, self.findings = rows(out, "passage_uses"), rows(out, "pairs"), rows(out, "findings")
        self.body = {page["page"]: body_places(page) for page in json.loads((GOLD / f"pages_{split}.json").read_text(encoding="utf-8"))}

    def places(self, page: str, start: int, end: int) -> set[Place]:
        """Places of the letters, digits and Han of a report's own text in a stretch of a page."""
        return {(page, place) for place in range(start, end) if self.raw[page][place].isalnum() and place in self.body[page]}

    def report_at(self, page: str, start: int) -> str | None:
        """The report that holds a place of a page."""
        inside = (key for key, row in self.reports.items() if row["page"] == page and row["raw_start"] <= start < row["raw_end"])
        return next(inside, None)


def ratio(part: int, whole: int) -> float | None:
    """A share, or None of nothing."""
    return round(part / whole, 4) if whole else None


def pair_figures(run: Run, families: list[dict[str, Any]]) -> dict[str, Any]:
    """Near-duplicate pairs of the gold families, and pairs reported that are in none."""
    home = {
        use["report_id"]: run.report_at(use["page"], use["start"])
        for family in families
        for passage in family["passages"]
        for use in passage["uses"]
    }
    found = {frozenset((row["report_a"], row["report_b"])): row["jaccard"] for row in run.pairs if row["near_duplicate"]}
    gold = {}
    for family in families:
        for pair in family["pairs"]:
            if pair["near_duplicate"]:
                gold[frozenset((home.get(pair["report_a"]), home.get(pair["report_b"])))] = pair["jaccard"]
    errors = [abs(found[pair] - value) for pair, value in gold.items() if pair in found]
    return {
        "gold": len(gold), "recall": ratio(sum(pair in found for pair in gold), len(gold)),
        "precision": ratio(sum(pair in gold for pair in found), len(found)), "largest_error": round(max(errors, default=0.0), 4),
    }  # fmt: skip


def passage_figures(run: Run, families: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """Reused characters of one kind; what is outside the families' pages does not count against precision."""
    gold: set[Place] = set()
    for family in families:
        for passage in family["passages"]:
            if passage["kind"] == kind:
                for use in passage["uses"]:
                    gold |= run.places(use["page"], use["start"], use["end"])
    found: set[Place] = set()
    for use in run.uses:
        passage = run.passages[use["passage_id"]]
        if passage["kind"] == kind and passage["n_reports"] > 1:
            found |= run.places(run.reports[use["report_id"]]["page"], use["raw_start"], use["raw_end"])
    return {"gold": len(gold), "recall": ratio(len(gold & found), len(gold)), "precision": ratio(len(gold & found), len(found))}


def slot_figures(run: Run, families: list[dict[str, Any]]) -> dict[str, Any]:
    """Slots whose fillings differ: found with exactly the marked value, or with all slots there inside the marked one."""
    by_report = defaultdict(set)
    for use in run.uses:
        by_report[use["report_id"]] |= {value["value"] for value in use["slot_values"]}
    fillings = defaultdict(set)
    wanted = []
    for family in families:
        for passage in family["passages"]:
            for use in passage["uses"]:
                for value in use["slot_values"]:
                    fillings[family["family"], value["slot"]].add(value["value"])
                    wanted.append((family["family"], use["page"], value))
    exact = inside = total = 0
    for family_id, page, value in wanted:
        report = run.report_at(page, value["start"])
        if len(fillings[family_id, value["slot"]]) < 2 or report is None:
            continue
        total += 1
        exact += value["value"] in by_report[report]
        inside += any(found and found in value["value"] for found in by_report[report])
    return {"gold": total, "exact": ratio(exact, total), "inside": ratio(inside, total)}


def finding_figures(run: Run, split: str, families: list[dict[str, Any]]) -> dict[str, Any]:
    """Findings of the gold that were found, and the others."""
    leaks = [
        (use["page"], value["start"], value["end"], value["value"])
        for family in families
        for passage in family["passages"]
        for use in passage["uses"]
        for value in use["slot_values"]
        if value["leak"]
    ]
    places = [(run.reports[row["report_id"]]["page"] if row["report_id"] else None, row) for row in run.findings]
    hit = [
        any(page == place and row["raw_start"] < end and row["raw_end"] > start for place, row in places) for page, start, end, _ in leaks
    ]
    others = [
        f"{row['kind']}: {row['text']} | {row['evidence']} | {row['attribution']}"
        for place, row in places
        if not any(page == place and row["raw_start"] < end and row["raw_end"] > start for page, start, end, _ in leaks)
    ]
    return {
        "gold": len(leaks),
        "found": sum(hit),
        "missed": [leak[3] for leak, found in zip(leaks, hit, strict=True) if not found],
        "others": others,
    }


def main() -> None:
    """Print the figures of a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--split", default="test")
    options = parser.parse_args()
    families = [family for family in json.loads((GOLD / "reuse.json").read_text(encoding="utf-8")) if family["split"] == options.split]
    run = Run(options.out, options.split)
    figures = {
        "pairs": pair_figures(run, families),
        "copied": passage_figures(run, families, "copied"),
        "quoted": passage_figures(run, families, "quoted"),
        "slots": slot_figures(run, families),
        "findings": finding_figures(run, options.split, families),
    }
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()

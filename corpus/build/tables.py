"""The tables of the datasheet, counted from the corpus: `python corpus/build/tables.py` writes them into corpus/README.md."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from families import CORPUS, all_reports, load_families, read_reports

from baogao.corpus import Report
from baogao.records import GENRES

SPLITS = ("train", "dev", "test")
_BETWEEN = re.compile(r"(?<=<!-- tables: counted by build/tables.py -->\n).*?(?=<!-- end of tables -->)", re.DOTALL)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def _by_split(name: str, counts: Mapping[str, Counter[str]], keys: Iterable[str]) -> str:
    """A row a key, a column a split and one for all; keys that never occur are left out."""
    rows = [[key, *(counts[split][key] for split in SPLITS), sum(counts[split][key] for split in SPLITS)] for key in keys]
    return _table([name, *SPLITS, "all"], [row for row in rows if row[-1]])


def _count(rows: Mapping[str, Sequence[Any]], keys: Callable[[Any], Iterable[str]]) -> dict[str, Counter[str]]:
    return {split: Counter(key for row in rows[split] for key in keys(row)) for split in SPLITS}


def _sizes(reports: Mapping[str, Sequence[Report]]) -> str:
    layers = ("headings", "times", "organizations", "activities", "findings")
    counts = {
        split: Counter(
            {"reports": len(rows), "of them made from others": sum(bool(re.match(r"f\d", row.id)) for row in rows)}
            | {"characters": sum(len(row.text) for row in rows)}
            | {layer: sum(len(getattr(row, layer)) for row in rows) for layer in layers}
            | {"roles": sum(len(unit["roles"]) for row in rows for unit in row.organizations)}
        )
        for split, rows in reports.items()
    }
    return _by_split("", counts, ("reports", "of them made from others", "characters", *layers[:3], "roles", *layers[3:]))


def _themes(reports: Mapping[str, Sequence[Report]]) -> str:
    themes = Counter(str(row.header["theme"]) for split in SPLITS for row in reports[split])
    return "Themes: " + ", ".join(f"{theme} {n}" for theme, n in sorted(themes.items(), key=lambda item: (-item[1], item[0]))) + ".\n"


def _years(reports: Mapping[str, Sequence[Report]]) -> str:
    def year(report: Report) -> Iterable[str]:
        match = re.search(r"\d\d[\dX]{2}", str(report.header["period"] or report.header["signed"] or ""))
        found = match.group() if match else "none"
        return [f"{found[:3]}0s" if found.isdigit() else "masked" if match else "not stated"]

    counts = _count(reports, year)
    return _by_split("year", counts, sorted({key for split in SPLITS for key in counts[split]}))


def _families() -> str:
    rows = [(f.id, f.kind, len(f.members), f.members[0].report.split, f.members[0].report.id) for f in load_families(read_reports())]
    return _table(("family", "kind", "reports", "split", "base"), rows)


def tables() -> str:
    """All tables as Markdown."""
    everything = all_reports(read_reports(), load_families(read_reports())).values()
    reports = {split: [row for row in everything if row.split == split] for split in SPLITS}
    pages = {split: json.loads((CORPUS / "gold" / f"pages_{split}.json").read_text(encoding="utf-8")) for split in SPLITS}
    kinds = _count(pages, lambda page: sorted({kind for edit in page["edits"] for kind in edit["kind"].split("+")}))
    roles = _count(pages, lambda page: [block["role"] for block in page["blocks"]])
    formats = _count(pages, lambda page: [page["format"]])
    encodings = _count(pages, lambda page: [f"{page['encoding']}, declared {page['declared'] or 'nothing'}"])
    findings = _count(pages, lambda page: [finding["kind"] for finding in page["findings"]])
    inside = _count(reports, lambda report: [finding["kind"] for finding in report.findings])
    found = {split: findings[split] + inside[split] for split in SPLITS}
    parts = [
        ("Reports and annotations", _sizes(reports)),
        ("Genres", _by_split("genre", _count(reports, lambda row: [str(row.header["genre"])]), GENRES)),
        ("Years written about", _years(reports)),
        ("Care", _by_split("author", _count(reports, lambda row: [str(row.header["author"])]), ("careful", "careless"))),
        ("Pages in the gold, by format", _by_split("format", formats, ("html", "txt", "pasted", "docx", "mht"))),
        ("Encodings", _by_split("encoding", encodings, sorted({key for split in SPLITS for key in encodings[split]}))),
        ("Damage: pages with each kind", _by_split("kind", kinds, sorted({key for split in SPLITS for key in kinds[split]}))),
        ("Blocks by role", _by_split("role", roles, sorted({key for split in SPLITS for key in roles[split]}))),
        ("Findings", _by_split("finding", found, sorted({key for split in SPLITS for key in found[split]}))),
        ("Reuse families", _families()),
    ]
    return "".join(f"\n### {title}\n\n{body}" for title, body in parts) + f"\n{_themes(reports)}\n"


def main() -> None:
    """Write the tables into the datasheet."""
    path = CORPUS / "README.md"
    path.write_text(_BETWEEN.sub(lambda _: tables(), path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

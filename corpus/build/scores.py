"""Scores of the extractors on gold/test.json beside those on real pages: `python corpus/build/scores.py` writes them to README.md.

The reports written in the manner of real pages (rl-*) stand in a column of their own too. The real pages are the shared seeds
(variable BAOGAO_SHARED, by default ../shared); without them their column says so.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from baogao.evaluation.gold import Pages, load_dataset, load_gold
from baogao.evaluation.scores import Figure, figures, overlapping, score_page
from baogao.run.runner import RunOptions, run
from baogao.settings import Settings

CORPUS = Path(__file__).parent.parent
LIKE_REAL = "rl-"
"""How the identifiers of the reports in the manner of real pages begin."""

SHARED = Path(os.environ.get("BAOGAO_SHARED", CORPUS.parent.parent / "shared"))


def score(pages: Path, gold: Path, *prefixes: str) -> list[dict[str, Figure]]:
    """Figures of a run over the folder `pages` by name, once for each prefix of report identifiers ("": all)."""
    with tempfile.TemporaryDirectory() as out:
        output = run([pages], Path(out) / "out", Settings(), RunOptions(quiet=True))
        annotated = load_gold(gold)
        found, raw = load_dataset(output.dataset, annotated)
        return [_figures(annotated, found, raw, prefix) for prefix in prefixes]


def _figures(annotated: Pages, found: Pages, raw: Mapping[str, str], prefix: str) -> dict[str, Figure]:
    scored = []
    for page, golds in annotated.items():
        chosen = [report for report in golds if report["report_id"].startswith(prefix)]
        if chosen:
            near = found.get(page, []) if len(chosen) == len(golds) else overlapping(chosen, found.get(page, []))
            scored.append(score_page(page, chosen, near, raw[page]))
    return {figure.name: figure for figure in figures(scored)}


def table() -> str:
    """Scores on corpus/test, on its reports in the manner of real pages, and on the real pages as a Markdown table."""
    columns = score(CORPUS / "pages" / "test", CORPUS / "gold" / "test.json", "", LIKE_REAL)
    columns += score(SHARED / "seeds", SHARED / "gold" / "dev.json", "") if (SHARED / "seeds").exists() else [{}]
    rows = ["| | corpus/test | n | of these rl-* | n | real pages | n |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name in columns[0]:
        cells = [column.get(name) for column in columns]
        rows.append(f"| {name} | {' | '.join(f'{cell.value:.3f} | {cell.n}' if cell else 'not measured | ' for cell in cells)} |")
    return "\n".join(rows)


def main() -> None:
    """Put the table between the markers of README.md."""
    path = CORPUS / "README.md"
    between = re.compile(r"(?<=<!-- scores -->\n).*?(?=<!-- end of scores -->)", re.DOTALL)
    path.write_text(between.sub(lambda _: table() + "\n", path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

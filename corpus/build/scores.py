"""Scores of the extractors on gold/test.json beside those on real pages: `python corpus/build/scores.py` writes them to README.md.

The real pages are the shared seeds (variable BAOGAO_SHARED, by default ../shared); without them their column says so.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from baogao.evaluation.gold import load_dataset, load_gold
from baogao.evaluation.scores import Figure, figures, score_page
from baogao.run.runner import RunOptions, run
from baogao.settings import Settings

CORPUS = Path(__file__).parent.parent
SHARED = Path(os.environ.get("BAOGAO_SHARED", CORPUS.parent.parent / "shared"))


def score(pages: Path, gold: Path) -> dict[str, Figure]:
    """Figures of a run over the folder `pages` by name."""
    with tempfile.TemporaryDirectory() as out:
        output = run([pages], Path(out) / "out", Settings(), RunOptions(quiet=True))
        annotated = load_gold(gold)
        found, raw = load_dataset(output.dataset, annotated)
        scored = [score_page(page, reports, found.get(page, []), raw[page]) for page, reports in annotated.items()]
    return {figure.name: figure for figure in figures(scored)}


def table() -> str:
    """Scores on corpus/test and on the real pages as a Markdown table."""
    made = score(CORPUS / "pages" / "test", CORPUS / "gold" / "test.json")
    real = score(SHARED / "seeds", SHARED / "gold" / "dev.json") if (SHARED / "seeds").exists() else {}
    rows = ["| | corpus/test | n | real pages | n |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, figure in made.items():
        other = real.get(name)
        rows.append(f"| {name} | {figure.value:.3f} | {figure.n} | {f'{other.value:.3f} | {other.n}' if other else 'not measured | '} |")
    return "\n".join(rows)


def main() -> None:
    """Put the table between the markers of README.md."""
    path = CORPUS / "README.md"
    between = re.compile(r"(?<=<!-- scores -->\n).*?(?=<!-- end of scores -->)", re.DOTALL)
    path.write_text(between.sub(lambda _: table() + "\n", path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

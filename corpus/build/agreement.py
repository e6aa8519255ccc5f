"""Agreement of the two annotators on the reports in second/: `python corpus/build/agreement.py` writes the table of README.md.

The first annotation is taken as gold and the second scored against it by the matching rules of docs/annotation.md.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from baogao.corpus import read_report
from baogao.evaluation.scores import Figure, figures, score_page

CORPUS = Path(__file__).parent.parent
SHOWN = (
    "headings", "times", "times_strict", "organizations", "roles", "activities", "activities_strict", "genre", "issuer", "period",
    "signed", "heading_kind", "activity_type", "activity_status", "activity_months",
)  # fmt: skip


def as_found(path: Path) -> dict[str, Any]:
    """A report file as the scores take it."""
    report = read_report(path)
    fields = {name: report.header[name] for name in ("title", "genre", "issuer", "period", "signed")}
    lists = {kind: getattr(report, kind) for kind in ("headings", "times", "organizations", "activities")}
    return {"report_id": report.id, "start": 0, "end": len(report.text), "noise": [], "text": report.text, **fields, **lists}


def agreement() -> tuple[int, list[Figure]]:
    """Number of reports annotated twice, and the scores of the second annotation against the first."""
    seconds = sorted((CORPUS / "second").glob("*.txt"))
    scores = []
    for second in seconds:
        first = next(path for split in ("train", "dev", "test") if (path := CORPUS / "reports" / split / second.name).exists())
        gold, other = as_found(first), as_found(second)
        if gold["text"] != other["text"]:
            raise SystemExit(f"{second.name}: the text is not that of the first annotation")
        scores.append(score_page(second.stem, [gold], [other], gold["text"]))
    return len(seconds), figures(scores)


def table() -> str:
    """The agreement as a Markdown table."""
    n, found = agreement()
    by_name = {figure.name: figure for figure in found}
    rows = [f"{n} reports of dev and test, annotated a second time without sight of the first annotation.", ""]
    rows += ["| | F1 or accuracy | n | 95 % |", "| --- | --- | --- | --- |"]
    for name in SHOWN:
        if name in by_name:
            f = by_name[name]
            rows.append(f"| {name} | {f.value:.3f} | {f.n} | {f.low:.2f} to {f.high:.2f} |")
    return "\n".join(rows)


def main() -> None:
    """Put the table between the markers of README.md."""
    path = CORPUS / "README.md"
    text = path.read_text(encoding="utf-8")
    between = re.compile(r"(?<=<!-- agreement -->\n).*?(?=<!-- end of agreement -->)", re.DOTALL)
    path.write_text(between.sub(lambda _: table() + "\n", text), encoding="utf-8")


if __name__ == "__main__":
    main()

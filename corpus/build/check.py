"""Check report files against FORMAT.md: `python corpus/build/check.py [FILE...]`, by default all of reports/."""

from __future__ import annotations

import sys
from pathlib import Path

from baogao.corpus import CorpusError, read_report


def main(names: list[str]) -> int:
    """Print every broken line and a total; the number of broken files."""
    paths = [Path(name) for name in names] or sorted((Path(__file__).parent.parent / "reports").glob("*/*.txt"))
    reports, broken = [], 0
    for path in paths:
        try:
            reports.append(read_report(path))
        except CorpusError as error:
            broken += 1
            print(error)
    counts = ", ".join(
        f"{sum(len(getattr(r, name)) for r in reports)} {name}" for name in ("headings", "times", "organizations", "activities")
    )
    print(f"{len(reports)} reports sound, {broken} broken; {sum(len(r.text) for r in reports)} characters, {counts}")
    return broken


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))

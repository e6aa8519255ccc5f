"""Where the time of a whole run goes: `python benchmarks/stages.py [PAGES]`, with py-spy installed (pip install py-spy).

Samples a run in one process and sums the samples by the functions that stand for a stage. Prints a Markdown table: share of the run
without its start, and that share of the processor time a page of a run that is not sampled.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from archive import ROOT, write_archive
from run import baogao

STAGES = (
    ("read", "read: decode, markup to blocks", ("read_source (", "open_file (")),
    ("exchange", "read: pages to and from Parquet", ("write_pages (", "read_pages (", "shards_in (")),
    ("statistics", "clean: what repeats on each site", ("statistics_task (", "_share (")),
    ("repair", "clean: repair", ("repair (baogao/clean/repair",)),
    ("label", "clean: labels of blocks", ("label_blocks (",)),
    ("clean", "clean: split and the rest", ("clean_page (",)),
    ("words", "language: words and sentences", ("make_document (",)),
    ("headings", "extract: headings", ("find_headings (",)),
    ("times", "extract: times", ("find_times (", "resolve_years (", "find_signed (", "find_period (")),
    ("organizations", "extract: organizations", ("find_organizations (",)),
    ("judge", "extract: activities, which clauses", ("judge (baogao/classify/activity",)),
    ("activities", "extract: activities, the rest", ("find_activities (",)),
    ("fields", "extract: genre, issuer, place", ("predict_page (", "find_issuer (", "find_place (")),
    ("rows", "extract: records", ("make_rows (",)),
    ("records", "records to Parquet", ("_put_down (", "close (baogao/dataset/shard")),
    ("reuse", "reuse", ("find_reused (",)),
    ("tables", "dataset: tables", ("write_dataset (",)),
    ("report", "report.html, run.json, summary", ("write_report (", "write_manifest (", "summarise (")),
)
"""Stages by the functions that stand for them; a sample belongs to the first stage that stands in it."""


def stage_of(stack: str) -> str:
    """The stage that a sampled stack belongs to."""
    for stage, _, functions in STAGES:
        if any(function in stack for function in functions):
            return stage
    return "start" if "<module>" in stack.split(";")[-1] or "importlib" in stack else "rest"


def main(pages: int) -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory() as name:
        write_archive(Path(name) / "pages", pages)
        write_archive(Path(name) / "one", 1)
        out = Path(name) / "out"
        seconds = baogao(Path(name) / "pages", out).seconds - baogao(Path(name) / "one", out).seconds
        shutil.rmtree(out)
        options = f"record --rate 50 --format raw --output {name}/samples --".split()
        command = ["py-spy", *options, sys.executable, "-m", "baogao", "run", f"{name}/pages", "-o", str(out), "--workers", "1", "-q"]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline")}, stderr=subprocess.DEVNULL)
        samples: Counter[str] = Counter()
        for line in (Path(name) / "samples").read_text().splitlines():
            stack, count = line.rsplit(" ", 1)
            samples[stage_of(stack)] += int(count)
    total = samples.total() - samples["start"]
    print("| stage | share | ms a page |\n| --- | ---: | ---: |")
    for stage, what, _ in (*STAGES, ("rest", "the rest", ())):
        print(f"| {what} | {100 * samples[stage] / total:.1f} % | {1000 * seconds * samples[stage] / total / pages:.1f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)

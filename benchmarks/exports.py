"""Time and memory of the exports over a table of a million rows or more, made by repeating a dataset's activities.

    python benchmarks/exports.py OUT [ROWS] [FORMAT ...]

OUT is the output folder of a run. Every export is a `baogao export` of its own; its CPU seconds and its largest resident size, as the
system counts them for that process alone, are printed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from baogao.dataset.package import write_package
from baogao.records import SCHEMAS, TABLES

GROUP_ROWS = 65_536
"""Rows of a row group, about the 32 MB of a run's own files."""


def repeat(out: Path, folder: Path, rows: int) -> None:
    """A dataset in `folder` whose activities are those of `out` over and over, with identifiers of their own."""
    activities = pq.read_table(out / "dataset" / "activities")
    activities = pa.concat_tables([activities] * (GROUP_ROWS // len(activities) + 1)).slice(0, GROUP_ROWS).combine_chunks()
    for table in TABLES:
        (folder / "dataset" / table).mkdir(parents=True)
        if table != "activities":
            pq.write_table(SCHEMAS[table].empty_table(), folder / "dataset" / table / "part-00000.parquet")
    with pq.ParquetWriter(folder / "dataset" / "activities" / "part-00000.parquet", SCHEMAS["activities"], compression="zstd") as writer:
        for written in range(0, rows, GROUP_ROWS):
            batch = activities.slice(0, rows - written)
            names = pa.array([f"a{written + i:015x}" for i in range(len(batch))])
            writer.write_table(batch.set_column(0, SCHEMAS["activities"].field(0), names))
    write_package(folder / "dataset")


def measure(out: Path, to: str, target: Path) -> None:
    """Export the activities in a process of its own and print what it took."""
    options = ["--to", "csv", "--plain"] if to == "csv-plain" else ["--to", to]
    command = [str(Path(sys.executable).with_name("baogao")), "export", str(out), *options, "--table", "activities", "-o", str(target)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    print(f"{to:12} {used.ru_utime + used.ru_stime:7.1f} s CPU {used.ru_maxrss / 1024:7.0f} MB", flush=True)


def main() -> None:
    """Make the table, run every export over it."""
    out, rows = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="baogao-bench-") as name:
        work = Path(name)
        repeat(out, work / "out", rows)
        print(f"{rows:,} activities", flush=True)
        for to in sys.argv[3:] or ("csv", "csv-plain", "jsonl", "datapackage", "duckdb", "stata", "sqlite", "xlsx"):
            (work / "target").mkdir()
            measure(work / "out", to, work / "target" / f"x.{to}")
            shutil.rmtree(work / "target")


if __name__ == "__main__":
    main()

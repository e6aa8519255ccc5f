"""Time and memory of the exports over a table of a million rows, made by repeating a dataset's activities.

    python benchmarks/exports.py OUT [ROWS] [FORMAT ...]

OUT is the output folder of a run. Every export runs in a process of its own; CPU seconds and the largest resident size are printed.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from baogao.dataset.package import write_package
from baogao.records import SCHEMAS, TABLES

ONE = """
import resource, sys
from pathlib import Path
from baogao.export import export
export(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), tables=["activities"])
used = resource.getrusage(resource.RUSAGE_SELF)
print(f"{sys.argv[2]:12} {used.ru_utime + used.ru_stime:7.1f} s CPU {used.ru_maxrss / 1024:7.0f} MB")
"""


def repeat(out: Path, folder: Path, rows: int) -> None:
    """A dataset in `folder` whose activities are those of `out` over and over, with identifiers of their own."""
    activities = pq.read_table(out / "dataset" / "activities")
    for table in TABLES:
        (folder / "dataset" / table).mkdir(parents=True)
        if table != "activities":
            pq.write_table(SCHEMAS[table].empty_table(), folder / "dataset" / table / "part-00000.parquet")
    with pq.ParquetWriter(folder / "dataset" / "activities" / "part-00000.parquet", SCHEMAS["activities"], compression="zstd") as writer:
        written = 0
        while written < rows:
            batch = activities.slice(0, rows - written)
            names = pa.array([f"a{written + i:015x}" for i in range(len(batch))])
            writer.write_table(batch.set_column(0, SCHEMAS["activities"].field(0), names))
            written += len(batch)
    write_package(folder / "dataset")


def main() -> None:
    """Make the table, run every export over it."""
    out, rows = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    work = Path(tempfile.mkdtemp(prefix="baogao-bench-"))
    try:
        repeat(out, work / "out", rows)
        print(f"{rows:,} activities; before any export {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        for to in sys.argv[3:] or ("csv", "csv-plain", "jsonl", "datapackage", "duckdb", "stata", "sqlite", "xlsx"):
            subprocess.run([sys.executable, "-c", ONE, str(work / "out"), to, str(work / f"x.{to}")], check=True)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()

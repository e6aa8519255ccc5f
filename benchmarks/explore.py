"""How fast `baogao explore` answers right after its start, over a dataset made by repeating a run's reports.

    python benchmarks/explore.py OUT [REPORTS] [FOLDER]

OUT is the output folder of a run. Every repetition has identifiers of its own; the texts are the same, so that a word stands in as large
a share of the reports as in OUT. The index is built first, its time and memory printed. Then each page is asked of a new process, the
page cache of the system aside: seconds from the start to the address, and milliseconds of the first answer and of the one after.
FOLDER keeps the dataset; by default it is removed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from baogao.records import SCHEMAS, TABLES

PAGES = {
    "first page": "", "search 社区": "?q=社区", "search 科普 讲座": "?q=科普 讲座", "search 健康知识讲座": "?q=健康知识讲座",
    "社区 in summaries with lectures": "?q=社区&genre=summary&type=lecture", "calendar": "calendar", "a month": "calendar?month=5&year=",
    "findings": "findings", "templates": "templates", "review": "review",
}  # fmt: skip
_KEYS = re.compile(r"_id$|^report_[ab]$")
BAOGAO = [str(Path(sys.executable).with_name("baogao"))]


def repeat(out: Path, folder: Path, reports: int) -> None:
    """A dataset in `folder` of so many reports: those of `out`, with six digits of every identifier exchanged."""
    count = duckdb.sql(f"SELECT count(*) FROM '{out}/dataset/reports/*.parquet'").fetchall()[0][0]
    times = -(-reports // count)
    for table in TABLES:
        (folder / "dataset" / table).mkdir(parents=True)
        schema = SCHEMAS[table]
        chosen = ", ".join(
            f'left("{name}", 1) || printf(\'%06x\', n.n) || substr("{name}", 8) AS "{name}"' if _KEYS.search(name) else f't."{name}"'
            for name in schema.names
        )
        rows = duckdb.sql(f"SELECT {chosen} FROM range({times if table != 'coverage' else 1}) n(n), '{out}/dataset/{table}/*.parquet' t")
        with pq.ParquetWriter(folder / "dataset" / table / "part-00000.parquet", schema, compression="zstd") as writer:
            for batch in rows.to_arrow_reader(50_000):
                writer.write_table(pa.Table.from_batches([batch]).cast(schema))
    (folder / ".baogao").mkdir()
    for name in ("dataset/datapackage.json", "run.json"):
        shutil.copyfile(out / name, folder / name)


def start(folder: Path) -> tuple[subprocess.Popen[str], str, float]:
    """The server, its address, and the seconds until it told it."""
    begun = time.perf_counter()
    server = subprocess.Popen([*BAOGAO, "explore", str(folder), "--no-browser"], stderr=subprocess.PIPE, text=True)
    for line in server.stderr or ():
        if line.startswith("http"):
            return server, line.strip(), time.perf_counter() - begun
    raise SystemExit("baogao explore told no address")


def main() -> None:
    """Make the dataset, build its index, ask for pages."""
    out, reports = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    kept = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    folder = kept or Path(tempfile.mkdtemp(prefix="baogao-bench-"))
    if not (folder / "run.json").exists():
        repeat(out, folder, reports)
        server, _, seconds = start(folder)
        server.terminate()
        _, _, used = os.wait4(server.pid, 0)
        print(f"index: {used.ru_utime + used.ru_stime:.0f} s CPU, {seconds:.0f} s, {used.ru_maxrss / 1024:.0f} MB")
    for name, path in PAGES.items():
        server, address, seconds = start(folder)
        spent = []
        for _ in range(2):
            begun = time.perf_counter()
            with urllib.request.urlopen(address + urllib.parse.quote(path, safe="?=&")) as answer:
                size = len(answer.read())
            spent.append(1000 * (time.perf_counter() - begun))
        server.terminate()
        server.wait()
        print(f"{name:32} started in {seconds:4.1f} s, first {spent[0]:6.0f} ms, again {spent[1]:6.0f} ms, {size:,} bytes", flush=True)
    if not kept:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

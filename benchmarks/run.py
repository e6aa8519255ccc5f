"""Speed and memory of a whole run beside peers in the same session: `python benchmarks/run.py [PAGES]`.

Every figure is a ratio of pages a second, one core each; the peers go through a sample of the pages, because they are slow.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from archive import ROOT, write_archive

SAMPLE = {"posseg": 20, "lcut": 100, "jieba": 100, "expert": 400}
"""Pages that each peer goes through."""


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall seconds of a command on one core, and the peak memory of its processes in MB."""
    before = time.perf_counter()
    subprocess.run(["taskset", "-c", "0", *command], check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main(pages: int) -> None:
    """Measure and print a table."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "pipeline")}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "pages"
        size = write_archive(folder, pages)
        print(f"{pages} pages, {size / pages / 1024:.0f} KB each")
        own, memory = timed([sys.executable, "-m", "baogao", "run", str(folder), "-o", f"{name}/out", "--workers", "1", "-q"], environment)
        print(f"baogao run: {pages / own:.1f} pages/s, {own / pages * 1000:.1f} ms a page, peak {memory:.0f} MB")
        for peer, count in SAMPLE.items():
            sample = Path(name) / peer
            write_archive(sample, min(count, pages))
            empty = Path(name) / "none"
            empty.mkdir(exist_ok=True)
            script = [sys.executable, str(Path(__file__).with_name("peers.py")), peer]
            start = timed([*script, str(empty)], environment)[0]
            seconds = timed([*script, str(sample)], environment)[0] - start
            rate = min(count, pages) / seconds
            print(f"{peer:8} {rate:8.1f} pages/s: baogao run is {pages / own / rate:.2f} times as fast")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)

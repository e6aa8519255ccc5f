"""Speed and memory of a whole run beside peers in the same session: `python benchmarks/run.py [PAGES]`.

Every process is kept to one core and measured in processor time, so that a busy machine moves the figures little; what counts are the
ratios. The peers go through a sample of the pages, because they are slow; what they need to start is measured and taken off, and so
are the seconds that `baogao run` takes for a single page.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from archive import ROOT, write_archive

SAMPLE = {"posseg": 20, "lcut": 60, "jieba": 60, "expert": 200}
"""Pages that each peer goes through."""
TARGETS = {"posseg": 30.0, "lcut": 3.0, "jieba": 1.3, "expert": 1 / 3}
"""How many times as fast as each peer a run is meant to be."""
NEEDS = ("bs4", "lxml", "jieba", "rjieba", "selectolax")


@dataclass(frozen=True, slots=True)
class Usage:
    """Processor seconds, and the peak memory of the largest process in MB."""

    seconds: float
    peak: float


def measured(*command: object) -> Usage:
    """What a command uses on one core."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "pipeline")}
    process = subprocess.Popen(["taskset", "-c", "0", *map(str, command)], stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(map(str, command))} failed")
    return Usage(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def baogao(pages: Path, out: Path) -> Usage:
    """A whole run in one process, from HTML to the finished dataset."""
    shutil.rmtree(out, ignore_errors=True)
    return measured(sys.executable, "-m", "baogao", "run", pages, "-o", out, "--workers", 1, "-q")


def peer(name: str, pages: Path) -> Usage:
    """A script of peers.py."""
    return measured(sys.executable, Path(__file__).with_name("peers.py"), name, pages)


def main(pages: int) -> None:
    """Measure and print a table."""
    missing = [name for name in NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"The peers need {', '.join(missing)}; install them with: pip install beautifulsoup4 lxml")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        size = write_archive(root / "pages", pages)
        write_archive(root / "one", 1)
        (root / "none").mkdir()
        own, start = baogao(root / "pages", root / "out"), baogao(root / "one", root / "out")
        rate = (pages - 1) / (own.seconds - start.seconds)
        print(f"{pages} pages of {size / pages / 1024:.0f} KB")
        print(f"baogao run  {1000 / rate:8.1f} ms a page, {rate:6.1f} pages/s, start {start.seconds:.1f} s, peak {own.peak:.0f} MB")
        for script, count in SAMPLE.items():
            write_archive(root / script, min(count, pages))
            seconds = peer(script, root / script).seconds - peer(script, root / "none").seconds
            other = min(count, pages) / seconds
            print(f"{script:10}  {1000 / other:8.1f} ms a page: baogao is {rate / other:6.3f} times as fast; target {TARGETS[script]:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)

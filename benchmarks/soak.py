"""Damaged and fuzzed pages through a whole run: nothing may be lost, nothing may crash, memory stays flat.

    python benchmarks/soak.py [PAGES] [--workers 2]

Writes the pages of the corpus' demo and short made-up ones, each damaged by one to three of the ways in WAYS, runs them in a fourth
of the number and in full, and checks: every file is a source in `page_sources` or in `failures`; no failure is an error in baogao;
the exit code is 0 or 3; the peak memory of main process and workers is that of the smaller run within a fifth. Ends with exit code 1
where one of these does not hold, and then leaves the pages where they are. The same number gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow.dataset as ds
from archive import ROOT, clauses, paragraph, sentences

SPARE = 1.2
"""Memory of the full run over that of the fourth."""
ALLOWED_MB = {"main": 800, "worker": 600}
Way = Callable[[bytes, random.Random], bytes]


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(1 + len(data) // 200):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _drop(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.randrange(200) :]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    piece = data[start : start + rng.randrange(2000)]
    return data[:start] + piece * rng.randrange(1, 20) + data[start:]


def _insert(data: bytes, rng: random.Random) -> bytes:
    odd = (
        b"<div>" * 3000, b"<p " + b"a" * 50_000 + b"=1>", b"\0" * 50, "\u202e\u2066\ufeff\u200b".encode(), b"\xff\xfe",
        b"&#x110000;&#xd800;", b"<!--", b"<![CDATA[", b"</body></html>", b"<script>", b"1." * 2000, b"\x1b[2J\r\r\n",
        *(mark.encode() * 800 for mark in ("（", "，", "年月日", "一、", "“")),
        b'<!DOCTYPE a [<!ENTITY b "cccccccc">]>', b"=cmd|' /C calc'!A0",
    )  # fmt: skip
    start = rng.randrange(len(data) + 1)
    return data[:start] + rng.choice(odd) + data[start:]


def _recode(data: bytes, rng: random.Random) -> bytes:
    text = data.decode("utf-8", "ignore")
    return text.encode(rng.choice(("gbk", "big5", "utf-16", "utf-16-be", "utf-8-sig", "latin-1", "gb18030", "hz")), "ignore")


def _wrap(data: bytes, rng: random.Random) -> bytes:
    """The page inside a container, which a later way may damage."""
    kind = rng.randrange(3)
    if kind == 0:
        return gzip.compress(data, mtime=0)
    if kind == 1:
        return b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n" + data
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(rng.choice(("a.html", "../a.html", "/a.txt", "word/document.xml"))), data)
    return packed.getvalue()


def _noise(data: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(rng.randrange(3000))


WAYS: tuple[Way, ...] = (_cut, _flip, _drop, _repeat, _insert, _recode, _wrap, _flip, _insert, _noise)
ENDINGS = (".html", ".htm", ".txt", ".html", ".docx", ".mht", ".pdf", ".zip", ".csv", ".jsonl", ".gz", "")


def write_damaged(folder: Path, count: int) -> None:
    """So many damaged files."""
    pool = sentences()
    parts = clauses(pool)
    pages = [path.read_bytes() for path in sorted((ROOT / "corpus/demo").rglob("*")) if path.is_file() and path.stat().st_size < 60_000]
    for number in range(count):
        rng = random.Random(number)
        body = "".join(f"<p>{paragraph(rng, pool, parts)}</p>\n" for _ in range(rng.randrange(1, 6)))
        made = f"<html><head><title>社区工作总结</title></head><body><h1>社区工作总结</h1>{body}</body></html>".encode()
        data = rng.choice(pages) if rng.random() < 0.1 else made
        for _ in range(rng.randrange(1, 4)):
            data = rng.choice(WAYS)(data, rng)
        path = folder / f"www.site{number % 5}.example" / f"{number:06}{rng.choice(ENDINGS)}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def peaks(pid: int, found: dict[str, float]) -> None:
    """Peak memory in MB of a process and of its workers, the largest so far."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for kind, number in [("main", str(pid)), *(("worker", child) for child in listed)]:
        try:
            line = next(line for line in Path(f"/proc/{number}/status").read_text().splitlines() if line.startswith("VmHWM"))
        except (OSError, StopIteration):
            continue
        found[kind] = max(found.get(kind, 0.0), int(line.split()[1]) / 1024)


def soak(folder: Path, out: Path, workers: int) -> tuple[list[str], dict[str, float]]:
    """Run, and what does not hold; peak memory."""
    command = [sys.executable, "-m", "baogao", "run", str(folder), "-o", str(out), "-q", "--workers", str(workers)]
    found: dict[str, float] = {}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline")}) as process:
        while process.poll() is None:
            try:
                peaks(process.pid, found)
            except OSError:
                break
            time.sleep(0.2)
        errors = process.communicate()[1]
    if process.returncode not in (0, 3):
        return [f"exit code {process.returncode}: {errors[-2000:]}"], found
    read = [str(s) for s in ds.dataset(out / "dataset/page_sources").to_table(columns=["source"])["source"].to_pylist()]
    failed = ds.dataset(out / "dataset/failures").to_table().to_pylist()
    told = {source.split("!/")[0] for source in (*read, *(row["source"] for row in failed))}
    lost = [
        path.name for path in folder.rglob("*") if path.is_file() and f"{folder.name}/{path.relative_to(folder).as_posix()}" not in told
    ]
    wrong = [f"lost: {name}" for name in lost]
    wrong += [f"error in baogao: {row['source']}: {row['error']}" for row in failed if "error in baogao" in row["remedy"]]
    wrong += [f"worker died or page took too long: {row['source']}: {row['error']}" for row in failed if "--retry-failed" in row["remedy"]]
    wrong += [f"{kind} process took {peak:.0f} MB" for kind, peak in found.items() if peak > ALLOWED_MB[kind]]
    memory = ", ".join(f"{kind} {peak:.0f} MB" for kind, peak in found.items())
    print(f"{len(told)} files: {len(read)} pages, {len(failed)} failures, peak {memory}")
    return wrong, found


def main() -> None:
    """Soak, and end with exit code 1 if something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=int, nargs="?", default=200_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="baogao-soak-"))
    write_damaged(root / "fourth", options.pages // 4)
    wrong, less = soak(root / "fourth", root / "out-fourth", options.workers)
    write_damaged(root / "pages", options.pages)
    more_wrong, more = soak(root / "pages", root / "out", options.workers)
    wrong += more_wrong
    wrong += [f"memory of {kind} grew from {less[kind]:.0f} to {more[kind]:.0f} MB" for kind in less if more[kind] > SPARE * less[kind]]
    print("\n".join(wrong) or "nothing lost, memory flat")
    if wrong:
        sys.exit(f"The pages are in {root}")
    shutil.rmtree(root)


if __name__ == "__main__":
    main()

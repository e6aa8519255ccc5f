"""Checkpoints: a run that was killed anywhere goes on to the same bytes; more files redo only what they touch."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from filelock import FileLock

from made_archive import digests, environment, run, start, write_hooks, write_page, write_pages

PAGES = 24


def failures(out):
    return ds.dataset(out / "dataset" / "failures", format="parquet").to_table().to_pylist()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return write_pages(tmp_path_factory.mktemp("archive") / "pages", PAGES)


@pytest.fixture(scope="module")
def undisturbed(archive, tmp_path_factory):
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    assert run("run", archive, "-o", out, "-q").returncode == 0
    return digests(out)


def wait_for(process, work, pattern, count):
    """Until so many files of a name are in the work folder, or the process has ended."""
    while process.poll() is None and len(list(work.glob(pattern))) < count:
        time.sleep(0.005)


def children(pid):
    """Processes that a process has started, without the tracker of shared resources."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.parametrize(
    ("pattern", "count"),
    [("read/*", 1), ("statistics/*", 3), ("shards/*", 2), ("shards/*", 15), ("reuse/*/work/*", 4), ("dataset/*/*/part-*", 6)],
)
def test_a_run_killed_at_any_moment_goes_on_to_the_same_bytes(archive, undisturbed, tmp_path, pattern, count):
    out = tmp_path / "out"
    with start("run", archive, "-o", out, "-q", "--workers", 1) as process:
        wait_for(process, out / ".baogao", pattern, count)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert run("run", archive, "-o", out, "-q").returncode == 0
    assert digests(out) == undisturbed


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to find the workers")
def test_a_worker_that_is_killed_changes_nothing(archive, undisturbed, tmp_path):
    out = tmp_path / "out"
    with start("run", archive, "-o", out, "-q", "--workers", 2) as process:
        for count in (1, 6):
            wait_for(process, out / ".baogao", "shards/*", count)
            os.kill(children(process.pid)[0], signal.SIGKILL)
    assert process.returncode == 0
    assert digests(out) == undisturbed


def test_a_page_that_kills_every_worker_is_a_failure_and_can_be_tried_again(archive, undisturbed, tmp_path):
    mark = tmp_path / "deadly"
    mark.touch()
    hooks = write_hooks(
        tmp_path / "hooks", f"if page.sources[0].source.endswith('007.html') and os.path.exists({str(mark)!r}):\n    os._exit(9)"
    )
    out = tmp_path / "out"
    assert run("run", archive, "-o", out, "--workers", 1, hooks=hooks).returncode == 9  # a small run is one process
    done = run("run", archive, "-o", out, "--workers", 1, hooks=hooks)
    assert done.returncode == 3, done.stderr
    assert [(row["source"], row["stage"]) for row in failures(out)] == [("pages/www.site1.example/007.html", "extract")]
    assert "--retry-failed" in failures(out)[0]["remedy"]
    mark.unlink()
    assert run("run", archive, "-o", out, hooks=hooks).returncode == 3
    assert run("run", archive, "-o", out, "--retry-failed", hooks=hooks).returncode == 0
    assert digests(out) == undisturbed


@pytest.mark.parametrize(
    ("code", "workers"),
    [
        ("import re\nre.match('(a+)+$', 'a' * 60 + 'b')", 1),
        ("signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])\nwhile True: pass", 2),
    ],
    ids=["pattern", "library that does not give way"],
)
def test_a_page_that_takes_too_long_is_interrupted(archive, tmp_path, code, workers):
    inner = "\n".join(f"    {line}" for line in code.splitlines())
    hooks = write_hooks(tmp_path / "hooks", f"if page.sources[0].source.endswith('007.html'):\n{inner}")
    settings = tmp_path / "settings.yaml"
    settings.write_text("run: {page_seconds: 3}", encoding="utf-8")
    done = run("run", archive, "-o", tmp_path / "out", "--settings", settings, "--workers", workers, hooks=hooks)
    assert done.returncode == 3, done.stderr
    assert [row["source"] for row in failures(tmp_path / "out")] == ["pages/www.site1.example/007.html"]
    assert "run.page_seconds" in failures(tmp_path / "out")[0]["remedy"] or "too long" in failures(tmp_path / "out")[0]["error"]


def test_an_added_page_redoes_its_shard_alone_and_gives_the_bytes_of_a_fresh_run(archive, tmp_path):
    folder, out = tmp_path / "pages", tmp_path / "out"
    shutil.copytree(archive, folder)
    assert run("run", folder, "-o", out, "-q").returncode == 0
    before = {path.name: path.stat().st_mtime_ns for path in (out / ".baogao" / "shards").iterdir()}
    write_page(folder, PAGES)
    assert run("run", folder, "-o", out, "-q").returncode == 0
    after = {path.name: path.stat().st_mtime_ns for path in (out / ".baogao" / "shards").iterdir()}
    assert len(after.items() - before.items()) == 1
    assert run("run", folder, "-o", tmp_path / "fresh", "-q").returncode == 0
    assert digests(out) == digests(tmp_path / "fresh")


def test_a_finished_run_does_nothing_again(archive, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("run", archive, "-o", "out", "-q").returncode == 0
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "dataset").rglob("*")}
    done = run("run", archive, "-o", "out")
    assert done.returncode == 0
    assert f"{PAGES} pages" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "dataset").rglob("*")} == before


def test_a_second_run_into_the_same_folder_is_told_so(archive, tmp_path):
    (tmp_path / "out" / ".baogao").mkdir(parents=True)
    with FileLock(tmp_path / "out" / ".baogao" / "lock"):
        done = run("run", archive, "-o", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.startswith("baogao: Another run is writing to")


def test_a_full_disk_is_one_sentence_and_nothing_is_lost(archive, undisturbed, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    baogao = f"{sys.executable} -m baogao run {archive} -o {disk}/out -q"
    script = (
        f"mount -t tmpfs -o size=300k none {disk} || exit 77; {baogao}; code=$?; mount -o remount,size=100m {disk}; {baogao} || exit 1; \
cp -r {disk}/out {tmp_path}/out; exit $code"
    )
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False, env=environment())
    if done.returncode in (77, 126, 127) or "unshare failed" in done.stderr:
        pytest.skip("no small disk can be mounted here")
    assert done.returncode == 2, done.stderr
    assert "is full. Nothing that was finished is lost" in done.stderr
    assert "Traceback" not in done.stderr
    assert digests(tmp_path / "out") == undisturbed

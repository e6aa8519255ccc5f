"""A run on a Dask scheduler with two workers, each a process of its own on loopback."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from made_archive import digests, environment, run, start, write_pages

pytest.importorskip("distributed")


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler, and its two workers."""
    started = []

    def launch(*arguments):
        log = tmp_path / f"dask-{len(started)}.log"
        with log.open("w") as stream:
            command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
            started.append(subprocess.Popen(command, stdout=stream, stderr=stream, env=environment(), cwd=tmp_path))
        return log

    log = launch("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = None
    for _ in range(600):
        found = re.search(r"tcp://127\.0\.0\.1:\d+", log.read_text())
        if found:
            address = found.group()
            break
        time.sleep(0.1)
    for _ in range(2):
        launch("dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    yield address, started[1:]
    for process in started:
        process.send_signal(signal.SIGKILL)
        process.wait()


def test_a_run_on_dask_gives_the_bytes_of_a_local_one_though_a_worker_is_killed(tmp_path, cluster):
    address, workers = cluster
    archive = write_pages(tmp_path / "pages", 24)
    assert run("run", archive, "-o", tmp_path / "local", "-q").returncode == 0
    out = tmp_path / "out"
    for _ in range(300):  # until both workers are there
        if (tmp_path / "dask-1.log").read_text().count("Registered to") and (tmp_path / "dask-2.log").read_text().count("Registered to"):
            break
        time.sleep(0.1)
    with start("run", archive, "-o", out, "--dask", address, "-q") as process:
        while process.poll() is None and len(list((out / ".baogao" / "shards").glob("*"))) < 8:
            time.sleep(0.01)
        os.kill(workers[0].pid, signal.SIGKILL)
        stderr = process.communicate(timeout=300)[1]
    assert process.returncode == 0, stderr
    assert digests(out) == digests(tmp_path / "local")


def test_an_address_without_a_scheduler_is_one_sentence(tmp_path):
    archive = write_pages(tmp_path / "pages", 1)
    done = run("run", archive, "-o", tmp_path / "out", "--dask", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].startswith("baogao: No Dask scheduler answers at tcp://127.0.0.1:9;")

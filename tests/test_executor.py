"""A worker's death costs one retry, then only what kills."""

import os
from pathlib import Path

import pytest

from baogao.run.executor import InProcess, Workers, find_killers, run_surviving, run_tasks


def double(n):
    return 2 * n


def die_on_seven(items):
    if 7 in items:
        os._exit(9)


def die_once(mark, n):
    if not Path(mark).exists():
        Path(mark).touch()
        os._exit(9)
    return n


def die(n):
    if n == 3:
        os._exit(9)
    return n


@pytest.fixture(scope="module")
def pool():
    workers = Workers(2)
    yield workers
    workers.shutdown()


def test_a_pool_gives_what_the_process_itself_gives(pool):
    arguments = [(n,) for n in range(5)]
    assert sorted(run_tasks(pool, double, arguments)) == list(run_tasks(InProcess(), double, arguments))


def test_a_task_whose_worker_died_once_is_done_the_second_time(pool, tmp_path):
    assert list(run_surviving(pool, [(str(tmp_path / "mark"), 5)], die_once, rescue=lambda _: "rescued")) == [5]


def test_a_task_that_kills_twice_is_rescued_and_the_others_are_done(pool):
    done = run_surviving(pool, [(n,) for n in range(6)], die, rescue=lambda args: f"rescued {args[0]}")
    assert sorted(map(str, done)) == ["0", "1", "2", "4", "5", "rescued 3"]


def test_what_kills_is_found_by_halving(pool):
    assert find_killers(pool, die_on_seven, list(range(10))) == [7]
    assert find_killers(pool, die_on_seven, [1, 2]) == []


def test_an_error_of_a_task_is_raised(pool):
    with pytest.raises(TypeError):
        list(run_surviving(pool, [(None,)], double, rescue=lambda _: "rescued"))

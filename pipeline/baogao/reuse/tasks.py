"""Work cut into tasks: functions of files that each write one file or folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baogao.files import written

_HEADER = 128
"""Bytes of a .npy file that holds no rows, at most."""


@dataclass(frozen=True, slots=True)
class Task:
    """A call of a module's function that writes the file or folder `out`; it can be pickled if its arguments can."""

    function: Callable[..., None]
    out: Path
    arguments: tuple[Any, ...]

    def __call__(self) -> None:
        """Write `out` under a temporary name and rename it, so that it is whole or not there."""
        with written(self.out) as unfinished:
            self.function(unfinished, *self.arguments)


def run_tasks(tasks: Sequence[Task], executor: Executor | None = None) -> list[Path]:
    """Run the tasks whose output is not there yet, in this process or by an executor; the outputs, in the order of the tasks."""
    waiting = [task for task in tasks if not task.out.exists()]
    if executor is None:
        for task in waiting:
            task()
    else:
        for future in [executor.submit(task) for task in waiting]:
            future.result()
    return [task.out for task in tasks]


def save_rows(path: Path, rows: NDArray[Any]) -> None:
    """Write an array as .npy under exactly this name."""
    with path.open("wb") as file:
        np.save(file, rows)


def load_rows(path: Path) -> NDArray[Any]:
    """An array that `save_rows` wrote, mapped into memory; an empty one is read, because it cannot be mapped."""
    return np.asarray(np.load(path, mmap_mode="r" if path.stat().st_size > _HEADER else None))


def key_range(part: int, parts: int) -> tuple[int, int]:
    """Range [low, high) of the 64-bit keys that belong to one of `parts` equal parts."""
    return (part << 64) // parts, ((part + 1) << 64) // parts


def slice_of_keys(paths: Sequence[Path], part: int, parts: int) -> NDArray[Any]:
    """Rows of one range of keys out of files that are each sorted by their field `key`; file after file, not sorted."""
    low, high = key_range(part, parts)
    slices = []
    for path in paths:
        rows = load_rows(path)
        keys = rows["key"]
        first = int(np.searchsorted(keys, np.uint64(low)))
        last = len(rows) if high >> 64 else int(np.searchsorted(keys, np.uint64(high)))
        slices.append(rows[first:last])
    return np.concatenate(slices)

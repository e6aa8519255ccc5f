"""A store of what was computed last, bounded by its size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Values by report number, computed when first asked for; those asked for last are kept as long as there is room.

    `size` measures a value and `room` is the sum of sizes that is kept, in any unit; one value is kept however large.
    """

    def __init__(self, compute: Callable[[int], T], size: Callable[[T], int], room: int) -> None:
        self._compute, self._size, self._room = compute, size, room
        self._kept: OrderedDict[int, T] = OrderedDict()

    def __getitem__(self, report: int) -> T:
        if report in self._kept:
            self._kept.move_to_end(report)
            return self._kept[report]
        value = self._kept[report] = self._compute(report)
        self._room -= self._size(value)
        while self._room < 0 and len(self._kept) > 1:
            self._room += self._size(self._kept.popitem(last=False)[1])
        return value

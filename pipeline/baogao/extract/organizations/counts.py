"""Counts of members and parts, in figures or characters."""

from __future__ import annotations

import re

NUMBER = "(?:[0-9０-９]+|[一二两三四五六七八九十百千]+|[xX×*＊]{1,3})"
"""A number that counts members or parts; masked ones count nothing but stand in the same places."""

_UNITS = {"十": 10, "百": 100, "千": 1000}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}


def read_count(numeral: str) -> int | None:
    """Value of a numeral below ten thousand; None for one that is masked.

    >>> [read_count(n) for n in ("20", "１８", "十二", "一百零九", "三十四", "两千", "x")]
    [20, 18, 12, 109, 34, 2000, None]
    """
    if numeral.isdigit() and not re.search("[一二两三四五六七八九]", numeral):
        return int(numeral)
    total = digit = 0
    for character in numeral:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        elif character in _DIGITS:
            digit = _DIGITS[character]
        else:
            return None
    return total + digit

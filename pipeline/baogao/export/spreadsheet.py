"""What a spreadsheet program does to a cell that it should not: run it, round it, read it as a date, cut it."""

from __future__ import annotations

import re

LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds, in UTF-16 code units."""
MOST_ROWS = 1_048_576
"""Rows of a sheet, the header included."""
MOST_DIGITS = 15
"""Digits of a number that Excel keeps; the others become zeros."""

_FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")
"""First characters that make a cell a formula; the full-width ones do so in some language versions."""
_NUMBERLIKE = re.compile(r"[0-9.][0-9.,:/\-\sEe%年月日时分]*")
"""Text that Excel would turn into a number, a date (2013-05, 3.15, 5月23日) or a time."""


def safe_for_excel(text: str) -> str:
    """A text that Excel shows as it is when it opens a CSV file.

    A quote before what would be a formula (OWASP, "CSV injection"), a tab behind what would be a number or a date.

    >>> safe_for_excel("=1+1"), safe_for_excel("2013-05"), safe_for_excel("5月23日"), safe_for_excel("430406"), safe_for_excel("3月份")
    ("'=1+1", '2013-05\\t', '5月23日\\t', '430406\\t', '3月份')
    """
    if _FORMULA.match(text):
        return "'" + text
    return text + "\t" if _NUMBERLIKE.fullmatch(text) else text


def cut_for_excel(text: str) -> tuple[str, bool]:
    """A text cut to what a cell holds, and whether it was cut. Excel spreads longer ones over the next rows or drops the file.

    >>> [len(part) for part in (cut_for_excel("𠀀" * 20_000)[0], cut_for_excel("社" * 20_000)[0])]
    [16383, 20000]
    """
    if len(text) <= LONGEST_CELL // 2:
        return text, False
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return text, False
    return units[: 2 * LONGEST_CELL].decode("utf-16-le", "ignore"), True

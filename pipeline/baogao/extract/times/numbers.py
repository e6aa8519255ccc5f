"""The numerals that dates are written with: Arabic, full-width, Han, mixed, and masked.

Regular expression sources for the grammar (`YEAR`, `MONTH`, `DAY` and the character sets they are made of) and the functions that
read what they matched into EDTF digits, a masked digit as X.
"""

from __future__ import annotations

DIGITS = "0-9０-９"
HAN = "一二三四五六七八九"
ZERO = "〇○零"
MASKS = "xXｘＸ×хХⅹ*＊_＿#＃某"
NUMERAL = f"{DIGITS}{HAN}{ZERO}十廿卅{MASKS}"
"""Every character that a number of a date can be made of, for use inside [...]."""

SPACE = "[ \u3000]{0,2}"

_ANY = f"[{DIGITS}{HAN}{ZERO}OoＯ]"
_CENTURY = f"(?:[1１][89８９]|[2２][0０OoＯ{ZERO}]|一[八九]|二[{ZERO}0０OoＯ])"
_MASK = f"[{MASKS}]"
FULL_YEAR = f"{_CENTURY}{_ANY}{{2}}"
"""Four digits of the years 1800 to 2099: 2012, 二0一0, 二○○四, 2O1O."""
MASKED_YEAR = f"{_CENTURY}(?:{_MASK}{{1,5}}|{_ANY}{_MASK}{{1,3}}|{_MASK}{_ANY})"
"""A year of which the century stands and other digits are masked: 20xx, 201*, 20___, 20x3, 二0xx."""
YEAR = f"(?:{FULL_YEAR}|{MASKED_YEAR}|{_MASK}{{1,5}}|[{ZERO}{DIGITS}九八][{DIGITS}{HAN}{ZERO}])"
"""The digits of a year before 年; the two-digit ones (08, 九八) need more of the context than this."""

MONTH = f"(?:1[0-2]|１[０-２]|[0０]?[1-9１-９]|十[一二]?|[{HAN}元]|{_MASK}{{1,3}})"
DAY = (
    f"(?:3[01]|３[０１]|[12１２][{DIGITS}]|[0０]?[1-9１-９]|三十一?|[二廿]十?[{HAN}]|二十|廿|十[{HAN}]?|[一二]{ZERO[0]}|一[{HAN}]"
    f"|[{HAN}]|{_MASK}{{1,3}})"
)

START = (
    f"(?<![{DIGITS}第])(?:(?<![{DIGITS}][.．])|(?<=^[{DIGITS}][.．])|(?<=[\\s。；;：:、，,][{DIGITS}][.．])"
    f"|(?<=[\\s。；;：:、，,][1１][{DIGITS}][.．]))"
)
"""Where a date may start: not inside a number or a decimal, but behind the full stop of a sentence or an item number (1．2月3日)."""

_VALUES = {
    **{c: str(i) for i, c in enumerate("０１２３４５６７８９")},
    **{c: str(i) for i, c in enumerate("〇一二三四五六七八九")},
    **dict.fromkeys("○零OoＯ", "0"),
    **dict.fromkeys(MASKS, "X"),
}  # fmt: skip
_SPECIAL = {"元": 1, "正": 1, "冬": 11, "腊": 12, "十": 10, "廿": 20, "卅": 30}


def read_number(numeral: str) -> int | None:
    """Value of a numeral below 100; None for a masked one.

    >>> [read_number(n) for n in ("07", "１２", "十一", "二十", "廿三", "二五", "初八", "元", "xx")]
    [7, 12, 11, 20, 23, 25, 8, 1, None]
    """
    numeral = numeral.lstrip("初")
    if numeral in _SPECIAL:
        return _SPECIAL[numeral]
    if numeral[0] in "廿卅":
        return _SPECIAL[numeral[0]] + (read_number(numeral[1:].lstrip("十")) or 0)
    tens, ten, ones = numeral.partition("十")
    if ten:
        return 10 * int(_digits(tens) or 1) + int(_digits(ones) or 0)
    digits = _digits(numeral)
    return int(digits) if digits.isdigit() else None


def two_digits(numeral: str) -> str:
    """A month or day in the two characters of EDTF: 05, XX."""
    number = read_number(numeral)
    return "XX" if number is None else f"{number:02d}"


def read_year(numeral: str) -> str:
    """The four characters of a year: 2012, 20XX, 201X, XXXX; two digits from 50 on are of the twentieth century.

    >>> [read_year(n) for n in ("二0一0", "2O1O", "20___", "201*", "20_", "**", "98", "零八")]
    ['2010', '2010', '20XX', '201X', '20XX', 'XXXX', '1998', '2008']
    """
    digits = _digits(numeral)
    if not digits.strip("X") or set(numeral) == {"○"}:
        return "XXXX"
    if len(digits) == 2 and digits.isdigit():
        return ("19" if digits >= "50" else "20") + digits
    return digits[:4].ljust(4, "X")


def _digits(numeral: str) -> str:
    return "".join(_VALUES.get(c, c) for c in numeral)

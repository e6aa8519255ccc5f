"""Numbers with their measure words in an act: how many people took part, how many times or pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from baogao.extract.context import Context
from baogao.language.sentences import Span
from baogao.resources import load_yaml

_DIGITS = {**{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2, "俩": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_NUMBER = "(?:[0-9０-９]+(?:[,，][0-9]{3})*(?:[.．][0-9]+)?|[零〇一二两三四五六七八九十百千]{1,9})[余多来几]?[百千万亿]{0,2}[余多来几]?"
_ORDINAL = re.compile("(?:第|十九|初|周|星期|科|No[.]?)$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with a measure word: text[start:end]."""

    value: int
    measure: str
    start: int
    end: int


def parse_number(numeral: str) -> float | None:
    """Value of an Arabic, Han or mixed numeral; 余, 多, 来 and 几 behind it are left out (the lower bound); None if it is none.

    >>> [parse_number(n) for n in ("4500", "3,200", "1.1万余", "一百二十多", "两千零五", "百余", "二十三", "近")]
    [4500.0, 3200.0, 11000.0, 120.0, 2005.0, 100.0, 23.0, None]
    """
    folded = numeral.translate(_WIDTH).replace(",", "").replace("，", "")
    digits = re.match(r"[0-9]+(?:[.][0-9]+)?", folded)
    if digits:
        value, rest = float(digits.group()), folded[digits.end() :]
    else:
        value, rest = 0.0, folded
    section = 0.0
    current: float | None = value if digits else None
    total, seen = 0.0, digits is not None
    for c in rest:
        if c in _DIGITS:
            current, seen = float(_DIGITS[c]), True
        elif c in _POWERS:
            section, current, seen = section + (1 if current is None else current) * _POWERS[c], None, True
        elif c in _MYRIADS:
            total, section, current, seen = (total + (section + (current or 0) or 1)) * _MYRIADS[c], 0.0, None, True
        elif c not in "余多来几":
            return None
    return total + section + (current or 0) if seen else None


_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")


@cache
def _pattern() -> re.Pattern[str]:
    words = load_yaml("configs", "words", "arguments.yaml")
    measures = sorted({*words["measures"], *words["person_measures"]}, key=lambda word: (-len(word), word))
    measures = [word for word in measures if word[0] not in "余多来几"]
    return re.compile(f"(?P<number>{_NUMBER})个?(?P<measure>{'|'.join(measures)})")


def numbers_in(context: Context, span: Span) -> Iterator[Number]:
    """Numbers with measure words in a span, those inside time expressions and ordinals left out."""
    text = context.document.text
    times = context.times_in(*span)
    for match in _pattern().finditer(text, *span):
        if any(time.start < match.end() and match.start() < time.end for time in times):
            continue
        if _ORDINAL.search(text, max(0, match.start() - 3), match.start()):
            continue
        value = parse_number(match["number"])
        if value is not None and value >= 1:
            yield Number(int(value), match["measure"], *match.span())


def is_people(number: Number) -> bool:
    """Whether a number counts people."""
    return number.measure in load_yaml("configs", "words", "arguments.yaml")["person_measures"]

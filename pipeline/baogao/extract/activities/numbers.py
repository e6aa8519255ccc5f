"""Numbers with their measure words in an act: how many people took part, how many times or pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from baogao.extract.context import Context
from baogao.language.sentences import Span
from baogao.resources import load_yaml

_DIGITS = {**{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2, "俩": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_HAN_DIGITS = "零〇一二两三四五六七八九十百千"
_NUMBER = (
    f"(?:[0-9０-９]{{1,12}}(?:[,，][0-9]{{3}}){{0,3}}(?:[.．][0-9]{{1,6}})?|[{_HAN_DIGITS}]{{1,9}})"
    f"[余多来几]?(?:[百千万亿]{{1,2}}[{_HAN_DIGITS}]{{0,7}})?[余多来几]?"
)
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
    return number.measure in words("person_measures")


def best_count(text: str, numbers: Sequence[Number]) -> Number | None:
    """The number that says how often or how many: one behind its noun before one in front of it, a total before a rate.

    Numbers of those places or units where something is done (在5个社区), of sizes and of months do not count.
    """
    counted = [(_weight(text, number), -i, number) for i, number in enumerate(numbers)]
    weight, _, best = max(counted, default=(-1.0, 0, None), key=lambda entry: entry[:2])
    return best if weight >= 0 else None


def _weight(text: str, number: Number) -> float:
    before, behind = text[max(0, number.start - 6) : number.start], text[number.end : number.end + 4]
    final = not behind or behind[0] in _MARKS
    weight = 2.0 * final + (number.measure in words("event_measures")) + bool(_TOTAL.search(before))
    if number.measure in words("size_measures"):
        weight -= 1 + bool(_SIZE.search(before + "|" + behind))
    if number.measure in words("site_measures") and not final and _SITE.search(before):
        weight -= 2
    if _PART.match(behind):
        weight -= 3
    if number.value == 1:
        weight -= 0.9 * bool(_RATE.search(before)) + 0.5 * (number.measure == "个")
    return weight


_MARKS = "，,。；;、：:！!\n）)"
_TOTAL = re.compile("(?:共|计|全年|累计|达|合计|先后|不少于|了|余下)[^，。、]{0,2}$")
_SIZE = re.compile("(?:面积|占地|长|宽|高|每|约|建筑)[^，。|]{0,3}\\||\\|(?:长|宽|高|的|以上|多)")
_SITE = re.compile("(?:[在到对给与为从和、把分用位向跟由]|^|邀请|组织|联合|协调|帮助?|我们|全[区镇县市]|等)[^，。]{0,1}$")
_PART = re.compile("月|小时|钟头|星期|学期|季度|工作日|阶段|方面|百分|专业|类别|以上|左右的|半天|人一组|上下午")
_RATE = re.compile("(?:每|人|户|各|早晚|半)[^，。]{0,4}$")


def best_people(text: str, numbers: Sequence[Number]) -> Number | None:
    """The number of those who took part: one beside a verb of attending, else the first that is no number of winners."""
    attending = [number for number in numbers if _ATTENDING.search(text, max(0, number.start - 8), number.end + 8)]
    counted = attending or [number for number in numbers if not _WINNERS.search(text, max(0, number.start - 14), number.start)]
    return counted[0] if counted else None


_ATTENDING = re.compile("参加|参与|参训|到场|听|观看|受益|受众|观众|接受|报名|参赛|签名")
_WINNERS = re.compile("评选|评出|表彰|奖励|抓获|抢|查获|等奖|标兵|先进")


def words(group: str) -> tuple[str, ...]:
    """One list of configs/words/arguments.yaml."""
    return tuple(load_yaml("configs", "words", "arguments.yaml")[group])

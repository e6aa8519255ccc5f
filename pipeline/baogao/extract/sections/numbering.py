"""Numbers and marks that can open a heading: the styles of Chinese work reports, from 第一部分 down to ①.

The grammar finds openings; whether one opens a heading or an item of a list is decided in headings.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HAN = r"[一二三四五六七八九十]{1,3}"
_DIGITS = r"\d{1,2}"
_BLANK = r"[ \t\u3000\xa0]"


@dataclass(frozen=True, slots=True)
class Style:
    """A way of numbering: the level of its headings and its pattern (no capturing groups).

    `inline`: it may stand behind a sentence inside a paragraph, where a line break was lost. `numbered`: the mark has a number.
    """

    name: str
    level: int
    pattern: str
    inline: bool = False
    numbered: bool = True


STYLES = (
    Style("part", 1, rf"第(?:{_HAN}|{_DIGITS})(?:部分|阶段|章|篇|编)[、，,：:]?"),
    Style("ordinal", 1, rf"第{_HAN}[、，,：:]"),
    Style("han_bracket", 2, rf"[（(]{_HAN}[)）][、.．，,：:]?|[㈠-㈩][、.．]?", inline=True),
    Style("han_half", 2, rf"{_HAN}[)）][、.．]?"),
    Style("han", 1, rf"{_HAN}(?:、|[．.](?![一二三四五六七八九十])|[：:，,](?!\d)|(?={_BLANK}\S))", inline=True),
    Style("decimal", 4, rf"{_DIGITS}(?:[.．]{_DIGITS}){{1,3}}[、.．]?(?![\d%％万亿元月年]|[.．]\d)"),
    Style("digit_bracket", 4, rf"[（(]{_DIGITS}[)）][、.．，,]?", inline=True),
    Style("digit_half", 4, rf"{_DIGITS}[)）][、.．，,]?"),
    Style("digit", 3, rf"{_DIGITS}(?:、|[.．](?!\d(?!月|\d月))|[，,：:](?=[^\d\s])|(?={_BLANK}[^\s\d月年日]))", inline=True),
    Style("circled", 4, r"[①-⑳⑴-⒇][、.．]?", inline=True),
    Style("bullet", 1, r"[★☆●○◆◇■□▲△◎※⊙❖✦▶►➤]", numbered=False),
    Style("label", 1, r"【(?=[^】\n]{2,20}】)", numbered=False),
    Style("lost", 1, r"、(?=[^、\s])", numbered=False),
)
"""In order: the first style that fits wins. Levels are those of the annotation guide; `lost` is 一、 without its number."""

PLAIN = Style("plain", 1, "", numbered=False)
"""The style of a section title without any mark."""

_BY_NAME = {style.name: style for style in STYLES}
_BOUNDARY = "。！？；：;!?:”）) \t\u3000\xa0\n"
_OPENING = re.compile(
    rf"(?:^{_BLANK}*|(?<=[{_BOUNDARY}])|(?<=[\u4e00-\u9fff])(?=[（(]一[)）]|1[、．]))(?:"
    + "|".join(f"(?P<{style.name}>{style.pattern})" for style in STYLES)
    + ")",
    re.MULTILINE,
)
_NUMBER = re.compile(rf"{_HAN}|\d+|[①-⑳⑴-⒇㈠-㈩]")
_COUNTED = re.compile(rf"({_HAN})(?:、{_HAN}){{0,9}}(?:年|月|季|班|等|级|楼|期|组|线|类|次|名|区|方面)")
_DIGIT_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Opening:
    """A number or mark in text[start:lead]; the words that it opens begin at `lead`. Offsets in code points.

    `ordinals` are the numbers in it, (4, 2) for 4.2 and () for a mark without number.
    """

    start: int
    lead: int
    style: Style
    number: str | None
    ordinals: tuple[int, ...]
    at_line_start: bool


def find_openings(text: str, start: int = 0) -> list[Opening]:
    """Openings in text[start:], in order: at the start of a line, or behind a sentence inside one."""
    return list(_supported(text, _read(text, start)))


def _read(text: str, start: int) -> Iterator[Opening]:
    for match in _OPENING.finditer(text, start):
        style = _BY_NAME[str(match.lastgroup)]
        first, lead = match.span(style.name)
        at_line_start = match.start() <= start or text[match.start() - 1] == "\n"
        if not (at_line_start or style.inline) or _is_range(text, style, first, lead):
            continue
        number = match.group(style.name) if style.numbered else None
        ordinals = tuple(number_value(part) for part in _NUMBER.findall(number)) if number else ()
        yield Opening(first, lead, style, number, ordinals, at_line_start)


def _is_range(text: str, style: Style, start: int, lead: int) -> bool:
    """Whether 一、 begins a count (一、二年级; 三、四月)."""
    counted = _COUNTED.match(text, lead) if style.name == "han" else None
    return counted is not None and number_value(counted.group(1)) == number_value(text[start : lead - 1]) + 1


def _supported(text: str, openings: Iterable[Opening]) -> Iterator[Opening]:
    """Openings without those that stand in no series and whose mark (3.15, 三 月) or place (behind a word) is common in running text."""
    found = list(openings)
    series = {(opening.style.name, opening.ordinals) for opening in found}
    for opening in found:
        *parent, last = opening.ordinals or (0,)
        name, number = opening.style.name, opening.number or ""
        if name == "decimal":
            keep = (name, (*parent, last - 1 if last > 1 else 2)) in series
        elif name == "lost":
            keep = any(other == "han" for other, _ in series)
        elif name in ("han", "digit", "ordinal") and not number.endswith(("、", ".", "．")):
            keep = opening.at_line_start and any((name, (last + step,)) in series for step in (-1, 1))
        else:
            keep = opening.at_line_start or text[opening.start - 1] in _BOUNDARY or (name, (2,)) in series
        if keep:
            yield opening


def number_value(text: str) -> int:
    """Value of a number up to 99: digits, full-width digits, Chinese numerals or one enclosed character.

    >>> number_value("二十三"), number_value("十"), number_value("１２"), number_value("③"), number_value("㈣")
    (23, 10, 12, 3, 4)
    """
    if text.isdecimal():
        return int(text)
    if len(text) == 1 and text not in "一二三四五六七八九十":
        return int(unicodedata.numeric(text))
    tens, ten, units = text.rpartition("十")
    return (_DIGIT_VALUES.get(tens, 1) * 10 if ten else 0) + _DIGIT_VALUES.get(units, 0)

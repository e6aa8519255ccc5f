"""What fills a slot: the expressions of a text that a slot takes in whole, and the type of a slot from its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import rjieba

from baogao.resources import load_yaml
from baogao.reuse.folding import MASKS

SLOT_TYPES = ("place", "unit", "person", "role", "date", "number", "campaign", "other")

MASK = f"[{re.escape(MASKS)}]"
_HAN_DIGIT = "〇零一二三四五六七八九十"
_YEAR = rf"(?:\d{{4}}|[{_HAN_DIGIT}○OoＯ]{{4}}|\d{{1,3}}[xXｘＸ]{{1,3}}|\d{{0,3}}{MASK}{{1,4}}|[xXｘＸ]{{2,4}})"
_FIGURE = rf"(?:\d{{1,2}}|[{_HAN_DIGIT}]{{1,3}}|[xXｘＸ]{{1,2}}|{MASK}{{1,2}})"
_DAY = rf"{_FIGURE}[日号]"
_DATE = (
    rf"(?:{_YEAR}年(?:度|(?:{_FIGURE}月(?:份|底|初|中旬|上旬|下旬)?(?:{_DAY})?))?"
    rf"|{_FIGURE}月(?:份|底|初|中旬|上旬|下旬|{_DAY})?"
    rf"|{_DAY}|(?:\d{{4}}|\d{{2,3}}{MASK}{{1,2}})[.\-/]\d{{1,2}}[.\-/]\d{{1,2}}|[上下]半年|第?[一二三四]季度|(?:星期|周|礼拜)[一二三四五六日天])"
)
_DATES = re.compile(rf"{_DATE}(?:[—–~～至到-]{{1,2}}{_DATE})?")
"""A date, or one up to another: a span is one expression."""
_SCOPES = ("我", "本", "该", "各", "全", "省", "市", "区", "县", "镇", "乡", "村", "街", "人民", "办事", "居民", "党员", "志愿", "服务")
_STEM = 2
_HAN = re.compile(r"[\u3400-\u9fff]{2,10}")
_FUNCTION = set("的和与及或等了在向为是有对从把被将")
_ZERO = re.compile(rf"(?=[○{_HAN_DIGIT}]*[{_HAN_DIGIT}])[○{_HAN_DIGIT}]+")
_FIGURES = re.compile(rf"[\d.,%{_HAN_DIGIT}百千万]+")
_VOTERS = 20
_DIVISIONS = "省市县区镇乡村"
_MASKED = re.compile(rf"{MASK}|(?<![A-Za-z])[xXｘＸ]+(?![A-Za-z])|某")


@dataclass(frozen=True, slots=True)
class SlotWords:
    """The words of configs/words/slots.yaml, as regular expressions and as endings of names."""

    number: re.Pattern[str]
    person: re.Pattern[str]
    title: re.Pattern[str]
    titles: tuple[str, ...]
    places: tuple[str, ...]
    units: tuple[str, ...]
    places_behind: tuple[str, ...]
    place_behind: re.Pattern[str]
    units_behind: tuple[str, ...]
    landforms: tuple[str, ...]
    campaigns: tuple[str, ...]
    roles: frozenset[str]
    familiar: frozenset[str]


@cache
def dictionary() -> rjieba.Jieba:
    """jieba's dictionary, without words of our own."""
    return rjieba.Jieba()


def known_words(text: str) -> list[str]:
    """Tokens of a text, only words of the dictionary and single characters: no guess joins a name to the word before it."""
    tokens: list[str] = dictionary().cut(text, False)
    return tokens


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


@cache
def slot_words() -> SlotWords:
    """The words, read once a process."""
    words = load_yaml("configs", "words", "slots.yaml")
    measures, titles, surnames = _alternatives(words["measures"]), _alternatives(words["titles"]), words["surnames"]
    figure = r"\d+(?:[.,，]\d+)*(?:余|多|几)?[十百千万亿]?(?:余|多)?"
    counted = rf"{figure}(?:{measures}|%|％)?|[{_HAN_DIGIT}两百千万]{{1,12}}(?:余|多|几)?(?:{measures})"
    name = rf"(?:[{''.join(words['familiar'])}][{surnames}]|[{surnames}][\u4e00-\u9fff]{{0,2}})"
    return SlotWords(
        re.compile(rf"(?:{_alternatives(words['about'])})?(?:{counted})"),
        re.compile(rf"{name}(?:{titles})?"),
        re.compile(titles),
        tuple(words["titles"]),
        tuple(words["places"]),
        tuple(words["units"]),
        tuple(word for word in words["places"] if len(word) > 1 or word in _DIVISIONS),
        re.compile(_alternatives(word for word in words["places"] if len(word) > 1)),
        tuple(word for word in words["units"] if len(word) > 1),
        tuple(words["landforms"]),
        tuple(words["campaigns"]),
        frozenset(words["roles"]),
        frozenset(words["familiar"]),
    )


def fills(char: str) -> bool:
    """Whether a character can be part of a slot's value: a letter, digit, Han character or mask."""
    return char.isalnum() or char in MASKS


def is_masked(value: str) -> bool:
    """Whether a value is made unreadable: ××, 某某, XX, 20__, 十x大; but ○ among Han digits is a zero."""
    return _MASKED.search(_ZERO.sub("", value)) is not None


def unmasks(masked: str, value: str) -> bool:
    """Whether a value can be what stands behind a masked one: it has all that is readable of it, in order, and more.

    >>> unmasks("xx社区", "柳荫社区"), unmasks("xx大精神", "党工委"), unmasks("柳荫社区", "石桥社区")
    (True, False, False)
    """
    if not is_masked(masked) or is_masked(value):
        return False
    readable = iter(value)
    return all(char in readable for char in _MASKED.sub("", masked)) and len(value) > len(_MASKED.sub("", masked))


def is_plain(value: str) -> bool:
    """Whether a value is a run of a few Han characters, without punctuation or figures."""
    return _HAN.fullmatch(value) is not None


def is_word(text: str) -> bool:
    """Whether a text is one word of two or more characters that the dictionary has."""
    return len(text) > 1 and bool(dictionary().has_word(text))


def is_proper_name(value: str) -> bool:
    """Whether a value looks like a name of its own: not only words for a kind of place or unit, and not a phrase.

    >>> [is_proper_name(value) for value in ("柿子园", "徐国梁", "街道办事处", "区医院", "经济和社会")]
    [True, True, False, False, False]
    """
    words = slot_words()
    generic = {*words.places, *words.units, *words.titles, *_SCOPES}
    parts = [word for word in known_words(value) if word not in generic]
    stem = "".join(parts)
    named = is_plain(value) and len(stem) >= _STEM and not dictionary().has_word(stem)
    return named and sum(len(part) > 1 for part in parts) <= 1 and not _FUNCTION & set(parts)


def expressions(text: str) -> list[tuple[int, int]]:
    """Spans of the dates and numbers of a text, in order: a slot that touches one takes all of it.

    >>> [("3月5日至3月9日服务约120余人次"[s:e]) for s, e in expressions("3月5日至3月9日服务约120余人次")]
    ['3月5日至3月9日', '约120余人次']
    """
    dates = [match.span() for match in _DATES.finditer(text)]
    taken = [False] * (len(text) + 1)
    for start, end in dates:
        taken[start:end] = [True] * (end - start)
    numbers = [match.span() for match in slot_words().number.finditer(text)]
    return sorted([*dates, *(span for span in numbers if not any(taken[span[0] : span[1]]))])


def name_end(text: str, changed: int, end: int) -> int:
    """Where a slot ends that was grown from `changed` to `end`: where a word for a kind of place begins that is cut or near.

    >>> name_end("在柳荫街道", 3, 4), name_end("在柿子园社区", 3, 3), name_end("在柳荫街上", 3, 4)
    (3, 4, 4)
    """
    for start in range(max(changed, end - 2), min(end + 3, len(text))):
        kind = slot_words().place_behind.match(text, start)
        if kind and kind.end() > end:
            return start
        if start >= end and (text[start] in _FUNCTION or not text[start].isalnum()):
            break
    return end


def person_span(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of a surname or name with the form of address around it, if it has one (小 before it, 主任 behind it).

    >>> person_span("请戚主任讲课", 1, 2), person_span("由小岑登记", 2, 3), person_span("到柳荫社区", 1, 3)
    ((1, 4), (1, 3), (1, 3))
    """
    words = slot_words()
    if not words.person.fullmatch(text, start, end):
        return start, end
    title = words.title.match(text, end)
    if title:
        return start, title.end()
    before = start - 1 if start and end - start == 1 and text[start - 1] in words.familiar else start
    return before, end


def type_of(values: Sequence[str], behind: str) -> str:
    """Type of a slot, by what most of its values are; `behind` is the text that follows it.

    Empty and masked values have no say. A name before 社区 or 街道 is a place although the word stands outside the slot.
    """
    filled = [value for value in values if value]
    plain = [value for value in filled if not is_masked(value)]
    votes = Counter(_type(value, behind) for value in (plain or filled)[:_VOTERS])
    return min(votes, key=lambda type_: (-votes[type_], SLOT_TYPES.index(type_)), default="other")


def _type(value: str, behind: str) -> str:
    words = slot_words()
    if _DATES.fullmatch(value):
        return "date"
    if words.number.fullmatch(value) or _FIGURES.fullmatch(value):
        return "number"
    if value in words.roles:
        return "role"
    if words.person.fullmatch(value) and (words.title.search(value, 1) or words.title.match(behind)):
        return "person"
    for endings, type_ in ((words.units, "unit"), (words.places, "place")):
        if len(value) > 2 and value.endswith(endings):
            return type_
    for endings, type_ in ((words.places_behind, "place"), (words.units_behind, "unit")):
        if behind.startswith(endings):
            return type_
    if len(value) > 1 and not dictionary().has_word(value):
        if value.endswith(words.landforms) and len(value) > 2:
            return "place"
        if words.person.fullmatch(value):
            return "person"
    return "campaign" if value.endswith(words.campaigns) else "other"

"""Clauses: the stretches between punctuation marks that the activity model judges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from baogao.language.sentences import Span
from baogao.resources import load_yaml

# Text in quotation marks or brackets stays whole, if it is closed within reach.
_PROTECTED = '《[^《》\n]{1,60}》|“[^“”"\n]{1,40}”|"[^“”"\n]{1,40}"|‘[^‘’\n]{1,40}’|[（(][^（）()\n]{1,60}[）)]|【[^【】\n]{1,40}】'
_HAN_NUMBER = "一二三四五六七八九十"
_DELIMITER = re.compile(
    f"{_PROTECTED}"
    "|(?P<hard>[。！？!?…；;\n]+"
    f"|(?<![0-9０-９{_HAN_NUMBER}])[.．](?![0-9０-９])|(?<=[0-9０-９])[.．](?![0-9０-９])"
    "|[，,：:](?![0-9０-９])|(?<![0-9０-９])[，,：:]|\u3000|  )"
    "|(?P<list>、)|(?P<link>以及|并且|[和及与并])"
)
_MARKER = re.compile(
    f"[（(][{_HAN_NUMBER}0-9]{{1,3}}[）)]|[①-⑳⑴-⒇]|[{_HAN_NUMBER}]{{1,2}}(?:是|要|来)(?=[^{_HAN_NUMBER}])|[0-9]{{1,2}}[)）]"
    f"|第[{_HAN_NUMBER}](?=[^{_HAN_NUMBER}届次期批季个年月日代])|(?:首先|其次|再次|最后|此外|另外|同时|其中|还有)(?:是|，)?"
)
_INTO = re.compile("(?:进|到|下)(?:社区|校园|学校|家庭|企业|农村|乡|村|机关|楼院|院落|广场|军营|课堂|工地|万家|园)$")
_SPACE = re.compile(r"[\s\u3000]*")
_COUNTED = re.compile(f"(?:[0-9０-９]|[{_HAN_NUMBER}百千两])[余多]?[万千百]?[余多]?[^0-9，。{_HAN_NUMBER}]{{1,3}}$|一[次期场遍部本]$")
_DATED = re.compile(f"(?:每[年月周日天季逢]|(?:[0-9]{{1,2}}|[{_HAN_NUMBER}]{{1,2}})[月日])")


@dataclass(frozen=True, slots=True)
class Clause:
    """text[start:end] between `opener`, the mark before it (one character, empty at a line's start), and `closer`, the mark behind it.

    `marker` is the enumeration word in front of `start` (一是, (1), ①), `sentence` the number of the sentence.
    """

    start: int
    end: int
    opener: str
    closer: str
    marker: str
    sentence: int


@cache
def _events() -> tuple[str, ...]:
    groups = load_yaml("configs", "words", "acts.yaml")
    return (*groups["event_nouns"], *groups["action_nouns"])


@cache
def _verbs() -> tuple[str, ...]:
    groups = load_yaml("configs", "words", "acts.yaml")
    return tuple(word for group in ("event_verbs", "act_verbs") for word in groups[group] if len(word) > 1)


def split_into_clauses(text: str, sentences: tuple[Span, ...]) -> list[Clause]:
    """Clauses of a text, in order; an enumeration is cut at its commas (、) where its items name events of their own.

    >>> [c.start for c in split_into_clauses("一是举办知识竞赛、文艺汇演，老党员、困难户参加。", ((0, 24),))]
    [2, 9, 14]
    """
    clauses = []
    for number, (start, end) in enumerate(sentences):
        opener = ""
        for piece_start, piece_end, closer in _pieces(text, start, end):
            s, marker = _behind_marker(text, piece_start, piece_end)
            e = piece_end
            while e > s and text[e - 1].isspace():
                e -= 1
            if s < e:
                clauses.append(Clause(s, e, opener, closer, marker, number))
            opener = closer
    return clauses


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, closing mark) of the stretches between marks in text[start:end]."""
    first, links = start, list[Span]()
    last_end = start
    for match in _DELIMITER.finditer(text, start, end):
        if match.lastgroup in ("list", "link"):
            links.append(match.span())
        elif match.lastgroup == "hard":
            yield from _items(text, first, match.start(), links, match.group()[0])
            first, links = match.end(), []
        elif match.start() == last_end and match.start() > first and text[last_end - 1] in '”"’》':
            links.append((last_end, last_end))
        last_end = match.end()
    if first < end:
        yield from _items(text, first, end, links, "")


def _items(text: str, start: int, end: int, links: list[Span], closer: str) -> Iterator[tuple[int, int, str]]:
    """The piece text[start:end], cut at those of its links (、, 和 ...) that stand between events."""
    first = start
    for (link, behind), following in zip(links, _ends_of_items(text, links, end), strict=True):
        if _cuts(text, (first, link), (behind, following), text[link:behind]):
            yield first, link, "、"
            first = behind
    yield first, end, closer


def _ends_of_items(text: str, links: Sequence[Span], end: int) -> list[int]:
    """Where the item behind each link ends: at the next link, behind a comma at the next comma."""
    ends, next_link, next_comma = list[int](), end, end
    for link, behind in reversed(links):
        listing = text[link:behind] in _LISTING
        ends.append(next_comma if listing else next_link)
        next_link, next_comma = link, link if listing else next_comma
    return ends[::-1]


def _cuts(text: str, left: Span, right: Span, link: str) -> bool:
    """Whether a link stands between two events, or (、) behind a number."""
    if link in _LISTING:
        return (link != "" and left[1] - left[0] <= 2) or (_names_event(text, *left) and _names_event(text, *right))
    if min(left[1] - left[0], right[1] - right[0]) < SHORTEST_LINKED:
        return False
    if link.startswith("并"):
        return text.startswith(_verbs(), *right)
    return text.endswith(_named(), *left) and text.endswith(_named(), right[0], _before_rest(text, *right))


_LISTING = ("、", "")
"""Links of an enumeration: a comma, or nothing between two quoted names."""
SHORTEST_LINKED = 5
"""Characters that two events joined by 和, 及, 与 or 并 have at least."""


@cache
def _named() -> tuple[str, ...]:
    return (*_events(), *'”"’》')


def _before_rest(text: str, start: int, end: int) -> int:
    """Where an item ends that may be followed by 等 and a summary of the list (等活动, 等形式)."""
    rest = text.find("等", start + 2, end)
    return rest if rest > 0 else end


def _names_event(text: str, start: int, end: int) -> bool:
    end = _before_rest(text, start, end)
    if end - start < 3:
        return text[start:end] in _events()
    return (
        text.endswith(_named(), start, end)
        or text.startswith(_verbs(), start, end)
        or _DATED.match(text, start, end) is not None
        or _COUNTED.search(text, max(start, end - 8), end) is not None
        or _INTO.search(text, start, end) is not None
    )


def _behind_marker(text: str, start: int, end: int) -> tuple[int, str]:
    start = _end_of(_SPACE, text, start, end)
    marker = _MARKER.match(text, start, end)
    if marker and marker.end() < end:
        return _end_of(_SPACE, text, marker.end(), end), marker.group()
    return start, ""


def _end_of(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    match = pattern.match(text, start, end)
    return match.end() if match else start

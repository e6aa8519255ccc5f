"""Characters that were put into a text, lost from it or exchanged in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from baogao.clean.line_break import around, joins
from baogao.clean.ngrams import load_ngrams
from baogao.clean.scripts import HAN
from baogao.text import Edit

_LOST = re.compile(r"(?<![ \t\u3000])[ \t\u3000]*(?:\?{2,}|\ufffd+)(?:[ \t]*[?\ufffd])*[ \t]*")
_ONE_LOST = re.compile(rf"(?<=[{HAN}。，：；])\?(?=[{HAN}“])")
_ASKING = re.compile(r"[吗呢么何谁哪怎几啥]|什么|多少|是否|能不能|会不会|有没有|要不要|是不是|为啥")
_SENTENCE_END = "。！？!?：:；;”》)）"
_PARAGRAPH = 3
"""Lost marks in a row that stand for an indent, and so for a new paragraph, where the sentence allows it."""
_RUNS = 2
"""Runs of ? on a page from which single ones inside sentences count as lost characters too."""

_BACK_QUOTE = re.compile(r"[`´]")
_LONE_MARK = re.compile(rf"(?<=的)['’.·•．](?=[{HAN}])")
_DOTS = ".·•．"

_SPRINKLED = re.compile(rf"(?<=[{HAN}])(?: |\xa0|[a-wyzA-WYZ])(?=[{HAN}])")
"""A single space or Latin letter between two characters; x is left out, for it masks."""
_SPRINKLED_PAGE, _LEAST_SPRINKLED = 1.0, 4
"""A page is sprinkled if it has so many such places and they join well on average, in nats; real spaces stand at seams (-0.5),
sprinkled ones anywhere (1.8)."""
_SEAM = -2.5
"""Places that join worse than this are left alone on a sprinkled page too: real spaces, and letters that are meant."""
_PROSE = re.compile(r"[，。；,;]")

_HAN_DIGITS = "〇○零一二三四五六七八九"
_DIGITS = rf"0-9０-９{_HAN_DIGITS}"
_LETTER_DIGITS = re.compile(
    rf"(?<=[{_DIGITS}])[OoIlＯ]+(?=[{_DIGITS}OoIl]|\s?[年月日号%])"
    rf"|(?<![A-Za-z])[Il][OoＯ]+(?=[个名人次户份场期家支项条月日])"
    rf"|(?<![A-Za-z])[Il](?=[0-9]+[个名人次户份场期家支项条年月日])"
)


def lost_chars(text: str) -> list[Edit]:
    """Runs of ? and U+FFFD that stand for lost characters: an opening quote, an indent (a new line), or nothing that can be told.

    Question marks behind a question stay.

    >>> lost_chars("总结如下： ??? 一、加强领导")
    [Edit(kind='lost_chars', start=5, end=10, after='\\n')]
    >>> lost_chars("开展??双联”活动")
    [Edit(kind='lost_chars', start=2, end=4, after='“')]
    """
    runs = [match.span() for match in _LOST.finditer(text) if "\ufffd" in match.group() or not _asks(text, match.start())]
    if len(runs) >= _RUNS:
        runs += [match.span() for match in _ONE_LOST.finditer(text) if not _asks(text, match.start())]
    runs.sort()
    pairs = [around(text, start, end) for start, end in runs]
    inside = joins(pairs)
    edits = []
    for (start, end), pair, joined in zip(runs, pairs, inside, strict=True):
        edits.append(Edit("lost_chars", start, end, _meant(text[start:end], *pair, joined=joined)))
    return edits


def _asks(text: str, place: int) -> bool:
    """Whether the clause that ends here is a question."""
    return bool(_ASKING.search(re.split(r"[，。；！？\n]", text[max(0, place - 30) : place])[-1]))


def _meant(run: str, before: str, behind: str, *, joined: bool) -> str:
    """What a run of lost characters stands for between what is left of its line; `joined`: both sides are one sentence."""
    if not before.strip() or not behind.strip():
        return ""
    marks = len(run.strip())
    if marks < _PARAGRAPH and _closes_quote(before, behind):
        return "“"
    if before[-1] in _SENTENCE_END:
        return "\n" if marks > 1 else ""
    apart = run[0].isspace() or run[-1].isspace()
    return "\n" if marks >= _PARAGRAPH and (apart or not joined) else ""


def _closes_quote(before: str, behind: str) -> bool:
    """Whether the next quotation mark closes a quotation that nothing opened."""
    closing, opening = behind.find("”"), behind.find("“")
    return closing > 0 and (opening < 0 or closing < opening) and before.rfind("“") <= before.rfind("”")


def anti_copy(text: str) -> list[Edit]:
    """Marks put into sentences against copying: back-quotes anywhere, a lone quote or dot behind 的.

    >>> anti_copy("很大的`推动作用，正常的'教学秩序，我们的'三农'工作")
    [Edit(kind='anti_copy', start=3, end=4, after=''), Edit(kind='anti_copy', start=12, end=13, after='')]
    """
    places = [match.start() for match in _BACK_QUOTE.finditer(text)]
    places += [match.start() for match in _LONE_MARK.finditer(text) if _is_lone(text, match.start())]
    return [Edit("anti_copy", place, place + 1, "") for place in sorted(places)]


def _is_lone(text: str, place: int) -> bool:
    """Whether a mark behind 的 is no quotation mark with a partner and no full stop."""
    mark, behind = text[place], text[place + 1]
    if mark in _DOTS:
        as_word, as_start = load_ngrams().affinity("的\n", behind * 2)
        return bool(as_word > as_start)
    line, rest = around(text, place, place + 1)
    if mark == "’" and line.rfind("‘") > line.rfind("’"):
        return False
    partner = rest.find(mark)
    return partner < 1 or rest[partner - 1] == "的"


def sprinkle(text: str) -> list[Edit]:
    """Single spaces and letters sprinkled between characters, judged by how well the characters join without them.

    >>> [edit.start for edit in sprinkle("社区积极开 展科普活动，组s织居民参 加讲座，发放宣传资a料，受到居 民好评。")]
    [5, 13, 18, 28, 34]
    """
    places = _between_characters(text)
    if len(places) < _LEAST_SPRINKLED:
        return []
    join = load_ngrams().affinity([text[place - 1] for place in places], [text[place + 1] for place in places])
    if float(np.mean(join.clip(-3, 6))) < _SPRINKLED_PAGE:
        return []
    return [Edit("sprinkle", place, place + 1, "") for place, gain in zip(places, join.tolist(), strict=True) if gain > _SEAM]


def _between_characters(text: str) -> list[int]:
    """Places of single spaces and letters between characters, in lines with punctuation: in menus and lists of names they part words."""
    places: list[int] = []
    start = 0
    for line in text.splitlines(keepends=True):
        if _PROSE.search(line):
            places += [match.start() for match in _SPRINKLED.finditer(text, start, start + len(line))]
        start += len(line)
    return places


def digits(text: str) -> list[Edit]:
    """Letters inside numbers that stand for digits.

    >>> [(edit.start, edit.after) for edit in digits("2O1O年，二oo九年，IO个")]
    [(1, '0'), (3, '0'), (7, '〇'), (8, '〇'), (12, '1'), (13, '0')]
    """
    return [edit for match in _LETTER_DIGITS.finditer(text) for edit in _as_digits(text, match)]


def _as_digits(text: str, match: re.Match[str]) -> Iterator[Edit]:
    neighbours: Sequence[str] = (text[max(0, match.start() - 1)], text[match.end() : match.end() + 1])
    zero, one = ("〇", "一") if any(char and char in _HAN_DIGITS for char in neighbours) else ("0", "1")
    for place in range(*match.span()):
        yield Edit("digits", place, place + 1, one if text[place] in "Il" else zero)

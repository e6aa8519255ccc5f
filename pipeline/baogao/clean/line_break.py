"""Lines that were broken in mid-sentence, by a page's width, a page's end or a converter, joined again.

A logistic model weighs what speaks for each break: whether the characters on both sides make a word or a common pair, whether a
bracket is left open, whether the lines are prose or headings, whether this is where a text filled its width. It was trained on
clean reports broken on purpose (repair_training.py), whose own paragraph ends are the counter-examples.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log1p

import numpy as np
from numpy.typing import NDArray

from baogao.clean.ngrams import CharBigrams, load_ngrams
from baogao.resources import resource
from baogao.text import Edit

BLANK = " \t\u3000\xa0\u200b\ufeff"
"""Characters that print nothing, line breaks aside."""
_BREAK = re.compile(rf"(?<![{BLANK}\r])[{BLANK}\r]*\n[{BLANK}\r\n]*")
_CONTEXT = 400
"""Characters of a line that are looked at on either side of a place."""
_WHOLE = re.compile(r"[。！？!?；;…：:][”’」』）)\]】]{0,2}$")
"""A line that ends like this is whole; where it is not, nothing in the text shows it."""
_CLOSING = "，。、；：！？”’）》】〉」』,;:!?)]"
_CLAUSE_END = "，,、"
_PAIRS = {"（": "）", "(": ")", "《": "》", "“": "”", "【": "】", "「": "」", "〔": "〕"}
_MARK = re.compile(r"[，,。；;！!？?]")
_STOP = re.compile(r"[。；;！!？?]")
_NUMBER = r"[一二三四五六七八九十百\d]{1,3}"
_OPENS_ITEM = re.compile(
    rf"[（(【\[]?\s*(?:第\s*{_NUMBER}|{_NUMBER}\s*[、.．)）:：是】\]]|其[一二三四五]\s*[，,、是]|首先|其次|再次|最后|[①-⑳㈠-㈩●◆■★※·▲○])"
)
_LABEL = re.compile(r"[^\s，。；,;：:]{1,12}[：:]|附[件表]?|注[：:]?$")
_DATE_LINE = re.compile(r"(?:[\d〇○零一二三四五六七八九十xX×*_]{2,4}\s*年|\d{1,2}\s*月)")
_FORMULA = re.compile(r"(?:尊敬的|各位|亲爱的)[^，,。；;]{0,30}$|.{0,40}此致$")
"""Salutation and 此致: lines of their own whatever follows."""
_LOST_INDENT = re.compile(r"\?\?|\ufffd")

FEATURES = (
    "pair", "line_start", "line_end", "clause_end", "open_bracket", "closing_ahead", "prose_before", "prose_behind", "stop_behind",
    "long_before", "long_behind", "indent", "blank_line", "item_ahead", "item_before", "label_ahead", "date_ahead",
    "fills_width",
)  # fmt: skip
"""Names of the features, in the order of their weights."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line break with what stands around it: text[start:end] is the break, `before` and `behind` are the lines' texts."""

    start: int
    end: int
    before: str
    behind: str
    indented: bool
    blank: bool
    width_share: float


def line_break(text: str) -> list[Edit]:
    """Breaks inside a sentence, taken out.

    >>> line_break("2011年6月社区积极向驻区单位争取资金和支持，建成了40米长的科\\n普橱窗，每月出一期。")
    [Edit(kind='line_break', start=33, end=34, after='')]
    """
    found = places(text)
    if not found:
        return []
    weights, bias, threshold = _weights()
    scores = features(found, load_ngrams()) @ weights + bias
    return [Edit("line_break", place.start, place.end, "") for place, score in zip(found, scores, strict=True) if score > threshold]


def joins(pairs: Sequence[tuple[str, str]], odds: float = 0.0) -> list[bool]:
    """Whether the texts before and behind a place are one sentence; `odds` is what speaks for it from elsewhere, as log odds."""
    inside = [_may_be_inside(before, behind) for before, behind in pairs]
    found = [Place(0, 0, *pair, indented=False, blank=False, width_share=0.0) for pair, may in zip(pairs, inside, strict=True) if may]
    if not found:
        return inside
    weights, bias, threshold = _weights()
    scores = iter((features(found, load_ngrams()) @ weights + bias + odds).tolist())
    return [may and next(scores) > threshold for may in inside]


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands on the same line before text[start:end] and behind it, as far as it matters."""
    left = max(text.rfind("\n", max(0, start - _CONTEXT), start) + 1, start - _CONTEXT, 0)
    right = text.find("\n", end, end + _CONTEXT)
    return text[left:start], text[end : right if right >= 0 else end + _CONTEXT]


@cache
def _weights() -> tuple[NDArray[np.float64], float, float]:
    stored = json.loads(resource("models", "line_break.json").read_text(encoding="utf-8"))
    return np.array([stored["weights"][name] for name in FEATURES]), stored["bias"], stored["threshold"]


def places(text: str) -> list[Place]:
    """The breaks that may stand inside a sentence: the line before does not end one."""
    lines: list[tuple[int, int]] = []
    last = 0
    breaks = list(_BREAK.finditer(text))
    for match in breaks:
        lines.append((last, match.start()))
        last = match.end()
    lines.append((last, len(text)))
    widths = Counter((end - start) // 2 for start, end in lines if end - start >= 16)
    found = []
    for match, (start, end), (next_start, next_end) in zip(breaks, lines, lines[1:], strict=False):
        if not _may_be_inside(text[start:end], text[next_start:next_end]):
            continue
        gap, width = match.group(), (end - start) // 2
        full = sum(widths[w] for w in (width - 1, width, width + 1)) - 1
        share = full / (widths.total() or 1) if full >= 3 else 0.0
        indented = gap[-1] in BLANK
        found.append(Place(end, next_start, text[start:end], text[next_start:next_end], indented, gap.count("\n") > 1, share))
    return found


def _may_be_inside(before: str, behind: str) -> bool:
    """Whether a break can stand inside a sentence: not behind one, nor between lines without any punctuation, such as menus; not by
    a salutation or lost characters; not between Latin words."""
    if not before or not behind or _WHOLE.search(before) or _FORMULA.match(before) or _LOST_INDENT.match(behind):
        return False
    if not (_MARK.search(before) or _MARK.search(behind) or behind[0] in _CLOSING):
        return False
    return not (before[-1].isascii() and before[-1].isalpha() and behind[0].isascii() and behind[0].isalpha())


def features(found: Sequence[Place], model: CharBigrams) -> NDArray[np.float64]:
    """One row a place, columns as in FEATURES."""
    evidence = _bigram_evidence(found, model)
    return np.hstack([evidence, np.array([_shape(place) for place in found], dtype=np.float64)])


def _bigram_evidence(found: Sequence[Place], model: CharBigrams) -> NDArray[np.float64]:
    """How much likelier, in nats, the next line's start is behind this line's end than alone, and each at a break than alone."""
    line_break = np.full(len(found), model.encode("\n")[0], dtype=np.uint16)
    left = model.encode("".join(place.before[-1] for place in found))
    first = model.encode("".join(place.behind[0] for place in found))
    alone, ends = model.single_costs(first), model.single_costs(line_break)
    numbers = [place.before[-1].isdigit() and place.behind[0].isdigit() for place in found]  # any two digits are a pair
    return np.column_stack(
        [
            np.where(numbers, 0, (alone - model.pair_costs(left, first)).clip(-4, 8)),
            (alone - model.pair_costs(line_break, first)).clip(-4, 8),
            (ends - model.pair_costs(left, line_break)).clip(-4, 8),
        ]
    )


def _shape(place: Place) -> list[float]:
    before, behind = place.before, place.behind
    has_clauses = bool(_MARK.search(before))
    return [
        before[-1] in _CLAUSE_END,
        any(before.rfind(opening) > before.rfind(closing) for opening, closing in _PAIRS.items()),
        behind[0] in _CLOSING,
        has_clauses,
        bool(_MARK.search(behind)),
        bool(_STOP.search(behind)),
        log1p(len(before)),
        log1p(len(behind)),
        place.indented,
        place.blank,
        bool(_OPENS_ITEM.match(behind)),
        bool(_OPENS_ITEM.match(before)) and not _STOP.search(before),
        bool(_LABEL.match(behind)),
        bool(_DATE_LINE.match(behind)),
        place.width_share,
    ]

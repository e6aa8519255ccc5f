"""Sentences and clauses of a clean text, by punctuation."""

from __future__ import annotations

import re
from itertools import pairwise

_NUMERAL = "一二三四五六七八九十〇零"
_CLOSING = '[”’」』"》）)]*'
_POINT = rf"(?<=[\u4e00-\u9fff”）)])(?<![{_NUMERAL}])[.．](?=[\u4e00-\u9fff\s“]|$)"
_SENTENCE_END = re.compile(rf"(?=[。！？!?…\n.．])(?:[。！？!?…]+{_CLOSING}|\n|{_POINT})")
_CLAUSE = re.compile(r"[^，,；;：:。！？!?…\n]+[，,；;：:。！？!?…]*")

Span = tuple[int, int]


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences in text[start:end], stripped of white space around them; a line break ends a sentence.

    A point between words ends one too (食以安为先.食堂现有…), one in a number or a day's name (3.15, 五.一) does not.

    >>> split_sentences("开展义诊。“好！”他说\\n二、活动")
    [(0, 5), (5, 9), (9, 11), (12, 16)]
    """
    end = len(text) if end is None else end
    bounds = [start, *(match.end() for match in _SENTENCE_END.finditer(text, start, end)), end]
    return [span for s, e in pairwise(bounds) if (span := _strip(text, s, e))[0] < span[1]]


def split_clauses(text: str, start: int, end: int) -> list[Span]:
    """Spans of the clauses in text[start:end], without the punctuation that ends them.

    >>> split_clauses("3月5日，组织党员义诊；发放手册", 0, 15)
    [(0, 4), (5, 11), (12, 15)]
    """
    spans = []
    for match in _CLAUSE.finditer(text, start, end):
        clause = match.group().rstrip("，,；;：:。！？!?…")
        s, e = _strip(text, match.start(), match.start() + len(clause))
        if s < e:
            spans.append((s, e))
    return spans


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end

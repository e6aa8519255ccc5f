"""Lines that were broken in mid-sentence, by a page's width or by a converter, joined again."""

from __future__ import annotations

import re

from baogao.text import Edit

_BREAK = re.compile(r"(?<=[\u4e00-\u9fffA-Za-z0-9，,、（(“])[ \t\u3000]*\r?\n(?:[ \t\u3000]*\r?\n)*[ \t\u3000]*(?=[\u4e00-\u9fffA-Za-z0-9，。、；：”）》,;:)])")
_STARTS_ANEW = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[、.．)）:：]|第[一二三四五六七八九十\d]{1,3}|[一二三四五六七八九十]是|其[一二三四]|[^\s，。；,;]{1,10}[：:]|"
    r"\d{1,2}月|(?:19|20)\d\d|[附注]"
)
_OPENS_NOTHING = "，。、；：”）》,;:)"
MIN_LINE = 24
"""Shorter lines are titles, list items and signatures rather than lines that filled their width, in characters."""


def line_break(text: str) -> list[Edit]:
    """Breaks between a long line that ends inside a sentence and a line that goes on with it.

    >>> line_break("2011年6月社区积极向驻区单位争取资金和支持，建成了40米长的科\\n普橱窗，每月出一期。")
    [Edit(kind='line_break', start=33, end=34, after='')]
    """
    edits = []
    for match in _BREAK.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        if text[match.end()] in _OPENS_NOTHING:
            edits.append(Edit("line_break", *match.span(), ""))
        elif match.start() - start >= MIN_LINE and not _STARTS_ANEW.match(text, match.end()) and _unfinished(text[start : match.start()]):
            following = text[match.end() : match.end() + 400].split("\n", 1)[0]
            if re.search(r"[，。；,;]", following):
                edits.append(Edit("line_break", *match.span(), ""))
    return edits


def _unfinished(line: str) -> bool:
    """Whether a line without a full stop at its end holds sentences, not a heading."""
    numbered = re.match(r"[（(]?[一二三四五六七八九十\d]{1,3}[、.．)）]", line.strip())
    return bool(re.search(r"[。；;]" if numbered else r"[，,。；;]", line))

"""What speaks for a report beginning at a line: its own form, the lines before and behind it, and the page's title.

Each sign adds or takes away; a line whose signs reach a threshold opens a report. The weights were set by hand on made-up pages
(tests/cases/split) and are to be changed together, never one alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from baogao.clean.block_wording import has_sign
from baogao.clean.blocks import LabelledBlock
from baogao.clean.titles import SECTION_NUMBER, alike, chinese_number, genres_joined, is_title, may_be_title, stem

WEIGHTS: Mapping[str, float] = {
    "title": 2.0,  # a title ending in a word for a genre
    "short_line": 0.5,  # a line that may be a title, for it is short and no sentence
    "headline": 1.0,  # a line that may be a title, behind a whole sentence and before a paragraph
    "labelled_title": 1.0,  # the model calls it a title
    "heading_tag": 1.0,  # h1 to h4
    "like_page_title": 1.5,
    "repeated": 1.5,  # the same title stands on the page again
    "after_close": 2.0,  # behind a signature, a date or a closing formula
    "after_noise": 0.5,  # behind something of the site's
    "set_apart": 1.0,  # behind a blank line, on a page that has few
    "subtitle": 2.0,  # ——记某某社区 below it
    "unit_below": 1.5,  # a line with nothing but a unit below it
    "new_unit": 1.0,  # what follows speaks of a unit that the text has not named so far
    "salutation": 1.5,
    "opening": 1.0,  # 近年来……, 在……领导下, 为了……
    "numbering_restarts": 1.0,
    "numbering_goes_on": -3.0,  # 二 before it, 三 behind it: a line inside one report
    "sentence_open": -2.0,  # the line before does not end its sentence
    "part_of_title": -2.0,  # 工作计划 inside 工作总结及计划
}
_BELOW = ("subtitle", "unit_below", "new_unit", "headline")
THRESHOLD = 3.0
"""Enough to open a report on a page without numbered pieces."""
THRESHOLDS_CLAIMED = (2.5, 2.0, 1.5)
"""Enough, tried in turn, where the page's title claims more reports than were found."""
THRESHOLD_INSIDE = 4.5
"""Enough to cut a numbered piece in two, which the page's numbering speaks against."""
_LONGEST_CLOSING = 60
"""Characters of a line that says nothing but that the report ends."""
_FAR = 60
"""Lines within which section numbers are looked for."""
_FEW_BLANKS = 0.25
"""Largest share of a page's lines that may stand behind a blank line for that to mean something."""
_ALIKE = 0.55
"""Least Dice coefficient of the character pairs of two titles that count as alike."""

_LEVEL_ONE = re.compile(r"^\s*(?P<n>[一二三四五六七八九十]{1,3})\s*[、.．:：]")
_CLOSED = re.compile(r"[。！？!?…；;:：”）)】.]$")
_DIGITS = "\\dXx×_*〇○零元一二三四五六七八九十廿"
_SIGNED_AT_END = re.compile(rf"\s[{_DIGITS}Oo]{{2,4}}\s*年\s*[{_DIGITS}]{{1,3}}\s*月(?:\s*[{_DIGITS}]{{1,3}}\s*日)?[。.]?$")
_BY_LINE_AT_END = re.compile(r"[(（](?:供稿|撰稿|文|作者|通讯员|记者|摄影|整理|执笔)[^()（）。]{1,24}[)）]$")
_PARAGRAPH, _SHORTEST_HEADLINE = 40, 8
_SUBTITLE = re.compile(r"^[—–-]{1,3}\s*[^—–\-。]{4,40}$")
_UNITS = (
    "社区|街道|居委会|居民委员会|镇|乡|村|村委会|小学|中学|学校|幼儿园|医院|卫生院|公司|局|所|站|供电所|派出所|司法所|供销社|"
    "协会|学会|科协|农技协|工会|妇联|支部"
)
_SUBJECT = re.compile(
    rf"(?:^|[，,。；：“])(?P<name>[^\W\d_在把由进各全我本的和为对向从到每该是这那让使给与及以年月日]{{2,6}}?(?:{_UNITS}))"
)
"""A clause that begins with a unit's name; the name holds no word of grammar."""
_SUBJECT_WITHIN = 60
_HEADING_TAG = re.compile(r"/h[1-4](?:\.[^/]*)?$")


def closes(text: str) -> bool:
    """Whether a line ends a report: a date, a closing formula, a signature with its date, a by-line in brackets."""
    if len(text) > _LONGEST_CLOSING:
        return _BY_LINE_AT_END.search(text) is not None
    ended = _SIGNED_AT_END.search(text) or _BY_LINE_AT_END.search(text)
    return has_sign("date_line", text) or has_sign("closing", text) or ended is not None


@dataclass(frozen=True)
class Evidence:
    """The blocks of a page as the signs see them: `text` holds the indexes of those that are a report's own text."""

    blocks: Sequence[LabelledBlock]
    text: Sequence[int]
    page_title: str
    raw: str

    @cached_property
    def _stems(self) -> Counter[str]:
        return Counter(stem(self.blocks[i].text) for i in self.text if is_title(self.blocks[i].text))

    @cached_property
    def _place(self) -> dict[int, int]:
        return {i: place for place, i in enumerate(self.text)}

    @cached_property
    def _apart(self) -> frozenset[int]:
        """Blocks behind a blank line, if the page uses blank lines to set texts apart and not after every paragraph."""
        gaps = [self.raw.count("\n", a.end, b.start) for a, b in pairwise(self.blocks)]
        apart = frozenset(i for i, breaks in enumerate(gaps, 1) if breaks > 1)
        return apart if len(apart) <= _FEW_BLANKS * len(gaps) else frozenset()

    def score(self, i: int) -> float:
        """Sum of the weights of the signs that block i shows."""
        return sum(WEIGHTS[sign] for sign in self.signs(i))

    def score_inside(self, i: int) -> float:
        """The same inside a numbered piece, where a headline is that of a section: what stands below it says nothing."""
        return sum(WEIGHTS[sign] for sign in self.signs(i) if sign not in _BELOW)

    def score_as_headline(self, i: int) -> float:
        """The same where headlines count as well: on a page that is known to hold more reports."""
        signs = {*self.signs(i), "headline"} if self._is_headline(i) else self.signs(i)
        return sum(WEIGHTS[sign] for sign in signs)

    def signs(self, i: int) -> list[str]:
        """Names of the signs that block i shows, i being one of `text`."""
        block = self.blocks[i]
        own = self._title_signs(block) if may_be_title(block.text) and not closes(block.text) else []
        opener = self._following(i) if own else block.text
        salutation = has_sign("salutation", opener)
        if salutation:
            opener = self._following(i, 2 if own else 1)
        opening = has_sign("opening", opener) and not closes(opener)
        signs = own + ["salutation"] * salutation + ["opening"] * opening
        if own:
            signs += self._signs_below(i)
        return signs + self._signs_before(i) + self._numbering(i)

    def _signs_below(self, i: int) -> list[str]:
        """What the lines below a heading say of a new beginning; the heading counts as a headline if they do."""
        below = self._following(i)
        unit_below = has_sign("unit_line", below) and len(below) < _PARAGRAPH
        opener = self._following(i, 2) if unit_below or _SUBTITLE.match(below) else below
        unit = _SUBJECT.search(opener[:_SUBJECT_WITHIN])
        shown = {
            "subtitle": _SUBTITLE.match(below) is not None,
            "unit_below": unit_below,
            "new_unit": unit is not None and not self._named_before(unit["name"], i),
        }
        signs = [sign for sign, holds in shown.items() if holds]
        return [*signs, "headline"] if signs and self._is_headline(i) else signs

    def _named_before(self, name: str, i: int) -> bool:
        return any(name in self.blocks[k].text for k in self.text[: self._place[i] + 1])

    def _is_headline(self, i: int) -> bool:
        """Whether a line stands like a headline: between the end of a sentence and a paragraph, with enough words."""
        place = self._place[i]
        text = self.blocks[i].text
        if not place or len(text) < _SHORTEST_HEADLINE or is_title(text) or not may_be_title(text) or text.endswith("。") or closes(text):
            return False
        before, behind = self.blocks[self.text[place - 1]].text, max(self._following(i), self._following(i, 2), key=len)
        return len(behind) >= _PARAGRAPH and _CLOSED.search(before) is not None and not before.endswith((":", "："))

    def _title_signs(self, block: LabelledBlock) -> list[str]:
        own = stem(block.text)
        title = is_title(block.text)
        shown = {
            "title": title,
            "short_line": not title,
            "labelled_title": block.role == "title",
            "heading_tag": bool(_HEADING_TAG.search(block.path)),
            "like_page_title": bool(self.page_title) and alike(own, self.page_title) >= _ALIKE,
            "repeated": title and self._stems[own] > 1,
            "part_of_title": self._part_of_title(block.text),
        }
        return [sign for sign, holds in shown.items() if holds]

    def _part_of_title(self, text: str) -> bool:
        """Whether the page's title joins several genres, and this line names but one of them."""
        whole = genres_joined(self.page_title)
        return not genres_joined(text) and any(text.rstrip("。").endswith(genre) for genre in whole)

    def _signs_before(self, i: int) -> list[str]:
        place = self._place[i]
        before = self.blocks[self.text[place - 1]].text if place else ""
        signs = []
        if i and self.blocks[i - 1].role not in ("body", "title", "page_mark"):
            signs.append("after_noise")
        if i in self._apart:
            signs.append("set_apart")
        if before and closes(before):
            signs.append("after_close")
        elif (
            before and i not in self._apart and not _CLOSED.search(before) and not may_be_title(before) and not SECTION_NUMBER.match(before)
        ):
            signs.append("sentence_open")
        return signs

    @cached_property
    def _levels(self) -> list[int]:
        """The number of the first-level section that each text block opens, 0 for none."""
        found = (_LEVEL_ONE.match(self.blocks[i].text) for i in self.text)
        return [chinese_number(match["n"]) if match else 0 for match in found]

    def _numbering(self, i: int) -> list[str]:
        """Whether first-level section numbers start anew or go on across block i."""
        place = self._place[i]
        before = next((n for n in reversed(self._levels[max(0, place - _FAR) : place]) if n), 0)
        behind = next((n for n in self._levels[place : place + _FAR] if n), 0)
        if not before or not behind:
            return []
        if behind == 1:
            return ["numbering_restarts"]
        return ["numbering_goes_on"] if behind == before + 1 else []

    def _following(self, i: int, distance: int = 1) -> str:
        place = self._place[i] + distance
        return self.blocks[self.text[place]].text if place < len(self.text) else ""

"""Section titles without a number: short lines (存在的不足), labels (几点体会：…) and openings of paragraphs (铁腕治超。…).

A line is taken for a title by its shape and by what stands around it. Shape alone is weak evidence: a title needs others of its
kind in the report, or a word that names a section (configs/words/headings.yaml).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from baogao.extract.sections.numbering import PLAIN, Opening
from baogao.resources import load_yaml

MAX_TITLE = 24
"""Characters of a line that can be a title without a number."""

_ADDRESS = re.compile(r"各位|同志们|尊敬的|亲爱的|谢谢|此致|敬礼|大家好|朋友们")
_ENUMERATED = re.compile(r"[一二三四五六七八九十][是要]|第[一二三四五六七八九十]|首先|其次|再次|再者|最后|然后|接着")
_TELLING = re.compile("[我仍也但尚只]")
_APPENDIX = re.compile(r"附(?:件|录|表)?[一二三四五\d]?[：:]")
_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[元正腊冬])"
_MONTH = rf"{_N}(?:[、—–-]|至|月份?[、至—–-])?(?:{_N})?月份?(?:[上中下]旬)?"
_MONTHS = rf"(?:\d{{4}}年)?(?:{_MONTH}|第?[一二三四1-4]季度|[春夏秋冬]季?|[上下]半年|第{_N}周)"
_CALENDAR = re.compile(rf"{_MONTHS}(?:[：: \u3000（(“][^。；;，,\n]{{0,14}})?")
_CALENDAR_ITEM = re.compile(rf"{_MONTHS}(?:[：: \u3000（(]|$)")
_BARE = re.compile(r"[^。！!；;、，,：:\s—（(【](?:[^。！!；;，,：:\n]{0,24}[，,：:])?[^。！!；;，,：:\n]{0,24}[^。！!；;、，,\n]")
_LABEL = re.compile(r"((?:\d{4}年)?[^。！？!?；;，,：:\d\s（()）—][^。！？!?；;，,：:（()）\n]{1,13}(?:[（(][^（）()\n]{1,8}[)）])?)[：:]")
_STOPPED = re.compile(r"[^。！？!?；;，,：:、\s\d][^。！？!?；;，,：:\n]{1,18}[，,]?[^。！？!?；;，,：:\n]{1,18}[。？！]")
_LEAD = re.compile(r"[^。！？!?；;，,：:、\s\d]{2,10}。(?=.{15})")
_ENDED = re.compile(r"[。！？!?；;：:…”）)]$")
_LINE = re.compile(r"[^\s].*")
_DATE = re.compile(r"[\dXx×*_〇○零一二三四五六七八九十 ]{2,8}年.{0,12}[月日]$")
_TABLE = re.compile(r"\S[ \u3000]{1,}\S+[ \u3000]|\t|[ \u3000]{2,}")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    numbered: bool


@cache
def _ending(kind: str) -> re.Pattern[str]:
    """Pattern for the end of a line or label in one of the words of a kind; longest first."""
    words = sorted(load_yaml("configs", "words", "headings.yaml")[kind], key=lambda word: (-len(word), word))
    return re.compile(f"(?:{'|'.join(words)})(?:[（(][^（）()]{{1,8}}[)）])?$")


def is_field(label: str) -> bool:
    """Whether a label names a field of a form or heads a list of people (活动时间, 副组长), not a section."""
    return bool(_ending("field").search(re.sub(r"\s", "", label)))


def find_titles(text: str, start: int, openings: Sequence[Opening]) -> list[Opening]:
    """Section titles without a number in text[start:], in order; `openings` are the numbers found there."""
    lines = _lines(text, start, openings)
    found = {line.start for group in _groups(lines, numbered=_is_numbered(openings)) for line in group}
    return [Opening(place, place, PLAIN, None, (), True) for place in sorted(found)]


def _is_numbered(openings: Sequence[Opening]) -> bool:
    """Whether numbers of the first level run through a report; where they start anew, they number what stands under titles."""
    top = [opening.ordinals for opening in openings if opening.at_line_start and opening.style.level == 1 and opening.style.numbered]
    return len(top) >= 2 and top.count((1,)) <= 1


def _lines(text: str, start: int, openings: Sequence[Opening]) -> list[_Line]:
    """Lines with text, without the white space around them."""
    starts = [opening.start for opening in openings if opening.at_line_start]
    lines = []
    for match in _LINE.finditer(text, start):
        i = bisect_left(starts, match.start())
        lines.append(_Line(match.start(), match.end(), match.group().rstrip(), i < len(starts) and starts[i] == match.start()))
    return lines


def _groups(lines: Sequence[_Line], *, numbered: bool) -> Iterator[list[_Line]]:
    """Titles of one kind each; `numbered` says whether the report numbers its sections, so that shape alone proves nothing."""
    bare = list(_bare_titles(lines))
    calendar = [line for line, after in _pairs(lines) if _CALENDAR.fullmatch(line.text) and not _CALENDAR_ITEM.match(after.text)]
    yield calendar if len(calendar) >= 3 else []
    yield [line for line in bare if _ending("section").search(line.text.rstrip("：:"))]
    yield [line for line, _ in _pairs(lines) if _APPENDIX.match(line.text)]
    yield [line for line in lines if _is_section_label(line, "closing" if numbered else "section")]
    if numbered:
        return
    shaped = [line for line in bare if line.text[-1] not in "：:" and not any(char.isdigit() for char in line.text)]
    yield shaped if len(shaped) >= 2 else []
    stopped = [line for line, after in _pairs(lines) if _is_stopped_title(line, after)]
    yield stopped if len(stopped) >= 3 else []
    yield from _runs(lines, _LEAD, 3)
    yield from _runs(lines, _LABEL, 3)


def _pairs(lines: Sequence[_Line]) -> Iterator[tuple[_Line, _Line]]:
    """Unnumbered lines with the line behind each."""
    return ((line, after) for line, after in pairwise(lines) if not line.numbered)


def _bare_titles(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Short lines without a sentence's punctuation, behind a finished paragraph and before text or a list."""
    finished = [bool(_ENDED.search(line.text)) for line in lines]
    begun = finished.index(True) if True in finished else len(lines)
    for i, (line, after) in enumerate(pairwise(lines)):
        if line.numbered or len(line.text) > MAX_TITLE or not _BARE.fullmatch(line.text) or _is_other(line.text):
            continue
        behind_text = i == 0 or lines[i - 1].numbered or finished[i - 1]
        before_text = after.numbered or len(after.text) > len(line.text) + 4 or bool(_CALENDAR.fullmatch(after.text))
        own_title = i <= begun and bool(_ending("title").search(line.text))
        if behind_text and before_text and not own_title:
            yield line


def _is_other(text: str) -> bool:
    """Whether a short line is a date, a row of a table, a field of a form or a salutation."""
    label = re.split("[：:]", text)[0]
    return bool(_DATE.search(text) or _TABLE.search(text) or _ADDRESS.match(text)) or (label != text and is_field(label))


def _is_section_label(line: _Line, kind: str) -> bool:
    """Whether a line is or opens with a label (几点体会：…) that names a section."""
    match = None if line.numbered else _LABEL.match(line.text)
    if match is None or _TELLING.search(match.group(1)):
        return False
    alone = match.end() == len(line.text)
    return bool(_ending(kind).search(match.group(1))) and (alone or len(match.group(1)) <= 8)


def _is_stopped_title(line: _Line, after: _Line) -> bool:
    """Whether a line is a short sentence before a long paragraph."""
    before_text = not after.numbered and len(after.text) >= 2 * MAX_TITLE
    return before_text and len(line.text) <= MAX_TITLE and bool(_STOPPED.fullmatch(line.text)) and not _ADDRESS.match(line.text)


def _runs(lines: Sequence[_Line], pattern: re.Pattern[str], least: int) -> Iterator[list[_Line]]:
    """Runs of neighbouring paragraphs that open alike: with a short sentence (铁腕治超。…) or with a label (消毒：…) each."""
    run: list[_Line] = []
    for line in (*lines, _Line(-1, -1, "", False)):
        match = None if line.numbered or _ENUMERATED.match(line.text) or _CALENDAR_ITEM.match(line.text) else pattern.match(line.text)
        if match and len(line.text) - match.end() >= 12 and not is_field(match.group().rstrip("。：:")):
            run.append(line)
            continue
        yield run if len(run) >= least else []
        run = []

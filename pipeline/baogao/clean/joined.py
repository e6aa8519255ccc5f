"""Titles told twice, and texts whose line breaks were lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from baogao.text import Edit

_TITLE, _LONGEST_TITLE = 6, 60
"""Shortest and longest title that is taken for a repetition, in characters."""
_GAP = re.compile(r"\s+")
_NO_TITLE = re.compile(r"[。！？；，,;!?]")
_LONG_LINE = 800
"""A line of this length or more may be a text without line breaks, in characters."""
_WHOLE = 0.5
"""Least share of a page's characters in such lines; on other pages a long line is a long paragraph."""
_INDENT = re.compile(r"(?<=\S)(?:\u3000{2,}| {4,})(?=\S)")
_SPACE = re.compile(r"(?<=[。！？!?：])[ \u3000](?=\S)")
_ENDS = re.compile(r"[。！？!?]")
_STYLE = 0.6
"""Where more of the full stops than this are followed by a space, it is a manner of writing."""
_HAN_NUMBER = "一二三四五六七八九十"
_NUMBERS = (
    (re.compile(rf"(?<![{_HAN_NUMBER}第])([{_HAN_NUMBER}]{{1,3}})[、.．](?=\S)"), "。！？!?：:”）)　 "),
    (re.compile(rf"[（(]([{_HAN_NUMBER}]{{1,3}})[）)](?=\S)"), "。！？!?：:；;”）)　 "),
    (re.compile(r"(?<![\d.])(\d{1,2})[、.．](?!\d)(?=\S)"), "。！？!?：:；;”）)　 "),
)
"""Patterns of numbered headings and items, and what may stand before one where its line break was lost."""
_SIGNED = re.compile(r"(?<=[\u4e00-\u9fff])(?<![于在从自至到年月])(?=(?:19|20|二)[\dxX×*_〇○零oO一二三四五六七八九十]{3}年.{2,6}日?\s*$)")
"""Between the name and the date of a signature at a line's end."""


def repeated_title(text: str) -> list[Edit]:
    """A title that stands several times in a row at the start of a line: once, on a line of its own.

    >>> repeated_title("柳荫社区工作总结 柳荫社区工作总结 一年来，社区")
    [Edit(kind='repeated_title', start=8, end=18, after='\\n')]
    """
    edits = []
    start = 0
    for line in text.splitlines(keepends=True):
        found = _repetition(line)
        if found:
            title_end, end = found
            edits.append(Edit("repeated_title", start + title_end, start + end, "\n" if line[end:].strip() else ""))
        start += len(line)
    return edits


def _repetition(line: str) -> tuple[int, int] | None:
    """Ends of the title and of its last repetition, white space behind it included."""
    first = len(line) - len(line.lstrip())
    for gap in _GAP.finditer(line, first, first + _LONGEST_TITLE + 1):
        title, end = line[first : gap.start()], gap.start()
        if len(title) < _TITLE or not line.startswith(title, gap.end()) or _NO_TITLE.search(title):
            continue
        while (more := _GAP.match(line, end)) and line.startswith(title, more.end()) and _stands_alone(line, more.end() + len(title)):
            end = more.end() + len(title)
        if end > gap.start():
            return gap.start(), end + len(line[end:]) - len(line[end:].lstrip(" \t\u3000"))
    return None


def _stands_alone(line: str, end: int) -> bool:
    return not line[end : end + 1].strip()


def joined(text: str) -> list[Edit]:
    """Line breaks lost from a long line: put back where an indent is left of them, and before headings numbered in sequence.

    >>> line = "现总结如下：" + "一、加强领导。" + "居" * 500 + "。二、开展活动。" + "民" * 500 + "。"
    >>> [edit.start for edit in joined(line)]
    [6, 514]
    """
    lines = text.splitlines(keepends=True)
    if sum(len(line) for line in lines if len(line) >= _LONG_LINE) < _WHOLE * len(text):
        return []
    edits: list[Edit] = []
    start = 0
    for line in lines:
        if len(line) >= _LONG_LINE:
            found = {span[0]: span for span in _numbered(line)}
            found |= {span[0]: span for span in _gaps(line)}
            found |= {match.start(): match.span() for match in _SIGNED.finditer(line)}
            last = 0
            for first, end in sorted(found.values()):
                if first > last:
                    edits.append(Edit("joined", start + first, start + end, "\n"))
                    last = end
        start += len(line)
    return edits


def _gaps(line: str) -> Iterator[tuple[int, int]]:
    """Indents in the middle of the line, and single spaces behind sentences where they are not the manner of writing."""
    for match in _INDENT.finditer(line):
        yield match.span()
    spaces = [match.span() for match in _SPACE.finditer(line)]
    if len(spaces) <= _STYLE * len(_ENDS.findall(line)):
        yield from spaces


def _numbered(line: str) -> Iterator[tuple[int, int]]:
    """Places before numbers that count up, behind a sentence or white space, which goes with the break."""
    for pattern, before in _NUMBERS:
        expected = None
        run: list[int] = []
        for match in pattern.finditer(line):
            number = int(match[1]) if match[1].isdigit() else _value(match[1])
            if number == 1 or number == expected:
                if number == 1:
                    yield from _breaks(line, run)
                    run = []
                if match.start() == 0 or line[match.start() - 1] in before:
                    run.append(match.start())
                    expected = number + 1
        yield from _breaks(line, run)


def _breaks(line: str, run: list[int]) -> Iterator[tuple[int, int]]:
    """The places of a run with the white space before them; one number alone is no run."""
    if len(run) < 2:
        return
    for place in run:
        start = place
        while start and line[start - 1] in " \u3000":
            start -= 1
        if start:
            yield start, place


def _value(number: str) -> int:
    """Value of a Chinese number up to 99.

    >>> _value("十二"), _value("三")
    (12, 3)
    """
    tens, ten, units = number.rpartition("十")
    digit = {char: value for value, char in enumerate(_HAN_NUMBER, 1)}
    return digit.get(tens, 1) * 10 + digit.get(units, 0) if ten else digit.get(number, 0)

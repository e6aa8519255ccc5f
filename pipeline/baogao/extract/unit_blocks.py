"""Role blocks: 组长：, 副组长：, 成员： with names and posts behind them, one a line or run together, filled in or empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from baogao.extract.results import UnitRole, UnitSize
from baogao.extract.unit_holders import split_block_holders
from baogao.extract.unit_names import UnitName, find_names
from baogao.extract.unit_statements import Statement, role_row, size_rows
from baogao.extract.unit_words import role_of, role_words
from baogao.language.document import Document

_GAP = re.compile(r"[\s：:，,、；;（(是为]*")
_NUMBERED = re.compile(r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.．、]|第[一二三四五六七八九十]+[章部]|附[：:])*\s*")
_OPENING = re.compile(r"(?:" + _NUMBERED.pattern + r")?[\s【\[（(]*")
_ORGANIZED = re.compile("机构|领导|组织|小组|分工|班子|名单")
_NO_NAME = re.compile(r"[（(]?(?:名单)?(?:另附|附后|略|待定|见附件)[)）]?")
_VALUE_END = re.compile("[。；;\n]")
_NO_CONTINUATION = re.compile(r"[。：:！？!?；;]|^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.．、])")
_INTRO_LINES = 2
_LONGEST_CONTINUATION = 80


@dataclass(slots=True)
class _Block:
    """A block under way: the unit and what its labels say so far."""

    name: UnitName
    start: int
    end: int
    roles: list[UnitRole] = field(default_factory=list)
    sizes: list[UnitSize] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Label:
    """A role label text[start:end], the words before its title text[start:front] and its value text[end:stop]."""

    role: str
    start: int
    front: int
    end: int
    stop: int


def _spaced(word: str) -> str:
    return r"[ \u3000]*".join(map(re.escape, word))


@cache
def _trigger() -> re.Pattern[str]:
    last = "".join(sorted({title[-1] for title in role_words().titles}))
    return re.compile(rf"[{last}][ \u3000]*(?:[：:]|[ \u3000]{{2}}[^\s])")


@cache
def _label() -> re.Pattern[str]:
    titles = "|".join(_spaced(title) for title in sorted(role_words().titles, key=lambda title: (-len(title), title)))
    return re.compile(
        rf"(?:(?:(?<=[\s，,。；;、（(：:])|^)(?P<front>(?:(?!副)[\u4e00-\u9fff]){{1,4}}?))?(?P<title>(?:副[ \u3000]*)?(?:{titles}))"
        r"(?:[ \u3000]*[：:]|(?<=[\u4e00-\u9fff])[ \u3000]{2,}(?=[^\s]))",
        re.MULTILINE,
    )


@cache
def _more() -> re.Pattern[str]:
    """A further role told in a value: 组长：会展中心副总经理，成员由…组成."""
    return re.compile(rf"[，,；;]\s*{role_words().title}(?:由|为|是|有|[ \u3000])")


def find_blocks(document: Document, start: int) -> tuple[list[Statement], list[tuple[int, int]]]:
    """Units stated by role blocks behind `start`, and the spans of text that the blocks take up."""
    text = document.text
    blocks: list[_Block] = []
    spans: list[tuple[int, int]] = []
    done = start
    while trigger := _trigger().search(text, done):
        line_start = max(done, text.rfind("\n", 0, trigger.start()) + 1)
        line_end = _line_end(text, trigger.end())
        labels = _labels(text, line_start, line_end)
        follows = blocks[-1] if blocks and not text[blocks[-1].end : line_start].strip() else None
        taken = _read_line(document, labels, line_start, follows)
        if taken:
            last = _read_continuation(text, labels[-1], line_end, taken[-1])
            blocks += [block for block in taken if block is not follows]
            spans.append((labels[0].start, last))
            line_end = max(line_end, last)
        done = max(line_end, trigger.end())
    return [_statement(block) for block in blocks], spans


def _statement(block: _Block) -> Statement:
    return Statement(block.name, block.start, block.end, tuple(block.roles), tuple(block.sizes), "block")


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _labels(text: str, start: int, end: int) -> list[_Label]:
    """The role labels of a line with the ends of their values."""
    matches = list(_label().finditer(text, start, end))
    labels = []
    for i, match in enumerate(matches):
        stop = matches[i + 1].start() if i + 1 < len(matches) else end
        if more := _more().search(text, match.end(), stop):
            stop = more.start()
        if closing := _VALUE_END.search(text, match.end(), stop):
            stop = closing.start()
        if text[max(start, match.start() - 1) : match.start()] in ("（", "("):
            depth_end = re.compile("[）)]").search(text, match.end(), stop)
            stop = depth_end.start() if depth_end else stop
        labels.append(_Label(role_of(match["title"]), match.start(), match.start("title"), match.end(), stop))
    return labels


def _read_line(document: Document, labels: list[_Label], line_start: int, block: _Block | None) -> list[_Block]:
    """The blocks that the labels of one line belong to, new ones included; none where no unit is named."""
    text = document.text
    blocks: list[_Block] = [block] if block else []
    before = line_start
    opening = labels and not _OPENING.fullmatch(text, line_start, labels[0].start)
    for label in labels:
        names = find_names(document, before, label.front)
        if names and _GAP.fullmatch(text, names[-1].end, label.front):
            blocks.append(_Block(names[-1], names[-1].start, label.stop))
        elif opening and label is labels[0]:
            return []
        elif not blocks:
            name = _introduced(document, line_start)
            if name is None:
                return []
            blocks.append(_Block(name, name.start, label.stop))
        _add(text, blocks[-1], label.role, label.end, label.stop)
        before = label.stop
    return blocks


def _add(text: str, block: _Block, role: str, start: int, end: int) -> None:
    """Add the holders in text[start:end] to a block; an empty form gives a role without a holder."""
    block.end = max(block.end, end)
    value = text[start:end].strip()
    if not value or _NO_NAME.fullmatch(value):
        block.roles.append(UnitRole(role, None, start, start))
        return
    for holder in split_block_holders(text, start, end):
        block.roles.append(role_row(role, holder))
        block.sizes += size_rows(role, holder)


def _read_continuation(text: str, label: _Label, line_end: int, block: _Block) -> int:
    """Add the lines behind a label's line that go on with its holders; the end of the last of them, or of the label's value."""
    last = label.stop
    while last == line_end and line_end + 1 < len(text):
        start, end = line_end + 1, _line_end(text, line_end + 1)
        if not _goes_on(text, start, end):
            break
        if block.roles[-1].holder is None:
            block.roles.pop()
        _add(text, block, label.role, start, end)
        last = line_end = end
    return last


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a line holds further names for the label before it: indented or opening with a person's name, and no sentence."""
    line = text[start:end]
    if not line.strip() or end - start > _LONGEST_CONTINUATION or _NO_CONTINUATION.search(line):
        return False
    words = line.split()
    return bool(role_words().person.match(words[0])) and (len(words) > 1 or len(words[0]) <= 4 or "（" in line) or line[:2].isspace()


def _introduced(document: Document, line_start: int) -> UnitName | None:
    """The unit named in the lines before a block, or what a heading calls it."""
    text, end = document.text, line_start
    for _ in range(_INTRO_LINES):
        end = len(text[:end].rstrip())
        start = text.rfind("\n", 0, end) + 1
        if end <= start:
            return None
        if names := find_names(document, start, end):
            return names[-1]
        first = _NUMBERED.match(text, start, end).end()  # type: ignore[union-attr]
        last = end - len(text[first:end]) + len(text[first:end].rstrip("：:。，,"))
        if last - first <= 16 and _ORGANIZED.search(text, first, last):
            return UnitName(first, last, text[first:last], "leading_group", False)
        end = start
    return None

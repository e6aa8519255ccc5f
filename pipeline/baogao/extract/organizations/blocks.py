"""Role blocks: 组长：, 副组长：, 成员： with names and posts behind them, one a line or run together, filled in or empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from baogao.extract.organizations.holders import split_block_holders
from baogao.extract.organizations.labels import Label, block_trigger, find_labels, goes_on, line_end_of
from baogao.extract.organizations.names import UnitName, find_names
from baogao.extract.organizations.statements import Statement, role_row, size_rows
from baogao.extract.results import UnitRole, UnitSize
from baogao.language.document import Document

_GAP = re.compile(r"[\s。：:，,、；;（(是为即—–-]*(?:[^\s，,。；;：:]{0,16}(?:如下|名单|组成|分工))?[\s：:，,；;（(]*")
_ITEM = r"(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.．、]|第[一二三四五六七八九十]+[章部]|附[：:])"
_NUMBERED = re.compile(rf"\s*(?:{_ITEM})*\s*")
_OPENING = re.compile(rf"\s{{0,40}}(?:{_ITEM})*[\s【\[（(]{{0,8}}")
_ORGANIZED = re.compile("机构|领导|组织|小组|分工|班子|名单")
_NO_NAME = re.compile(r"[（(]?(?:名单)?(?:另附|附后|略|待定|见附件)[)）]?")
_LONGEST_HEADING = 16
_LONGEST_LINE = 200
_INTRO_LINES = 2
_FOLLOWS = 100
"""Blank characters that may stand between two lines of a block."""


@dataclass(slots=True)
class _Block:
    """A block under way: the unit and what its labels say so far."""

    name: UnitName
    start: int
    end: int
    roles: list[UnitRole] = field(default_factory=list)
    sizes: list[UnitSize] = field(default_factory=list)


def find_blocks(document: Document, start: int) -> tuple[list[Statement], list[tuple[int, int]]]:
    """Units stated by role blocks behind `start`, and the spans of text that the blocks take up, both in order.

    A label belongs to the unit named right before it, to the block that its line goes on with, or to the unit that the lines before
    the block name. An empty label (组长：) gives a role without a holder.
    """
    text = document.text
    blocks: list[_Block] = []
    spans: list[tuple[int, int]] = []
    done = start
    while trigger := block_trigger().search(text, done):
        line_start = max(done, text.rfind("\n", done, trigger.start()) + 1)
        line_end = line_end_of(text, trigger.end())
        labels = find_labels(text, line_start, line_end)
        open_block = blocks[-1] if blocks and _follows(text, blocks[-1].end, line_start) else None
        taken = _read_line(document, labels, line_start, open_block) if labels else []
        if taken:
            last = _read_continuation(text, labels[-1], line_end, taken[-1])
            blocks += [block for block in taken if block is not open_block]
            spans += [(label.start, label.stop) for label in labels[:-1]]
            spans.append((labels[-1].start, last))
            line_end = max(line_end, last)
        done = max(line_end, trigger.end())
    return [Statement(block.name, block.start, block.end, tuple(block.roles), tuple(block.sizes), "block") for block in blocks], spans


def _follows(text: str, end: int, line_start: int) -> bool:
    return line_start - end <= _FOLLOWS and not text[end:line_start].strip()


def _read_line(document: Document, labels: Sequence[Label], line_start: int, block: _Block | None) -> list[_Block]:
    """The blocks that the labels of one line belong to, new ones included; none where no unit is named."""
    text = document.text
    blocks: list[_Block] = [block] if block else []
    before = line_start
    opens = bool(_OPENING.fullmatch(text, line_start, labels[0].start))
    for label in labels:
        names = find_names(document, max(before, label.front - _LONGEST_LINE), label.front)
        if names and _GAP.fullmatch(text, names[-1].end, label.front):
            blocks.append(_Block(names[-1], names[-1].start, label.stop))
        elif label is labels[0] and not opens:
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


def _read_continuation(text: str, label: Label, line_end: int, block: _Block) -> int:
    """Add the lines behind a label's line that go on with its holders; the end of the last of them, or of the label's value."""
    last = label.stop
    while last == line_end and line_end + 1 < len(text):
        start, end = line_end + 1, line_end_of(text, line_end + 1)
        if not goes_on(text, start, end):
            break
        if block.roles and block.roles[-1].holder is None:
            block.roles.pop()
        _add(text, block, label.role, start, end)
        last = line_end = end
    return last


def _introduced(document: Document, line_start: int) -> UnitName | None:
    """The unit named in the lines before a block, or what a heading calls it."""
    text, end = document.text, line_start
    for _ in range(_INTRO_LINES):
        while end and text[end - 1].isspace():
            end -= 1
        start = text.rfind("\n", 0, end) + 1
        if end <= start or find_labels(text, start, end):
            return None
        if names := find_names(document, max(start, end - _LONGEST_LINE), end):
            return names[-1]
        item = _NUMBERED.match(text, start, end)
        first = item.end() if item else start
        last = first + len(text[first:end].rstrip("：:。，,"))
        if last - first <= _LONGEST_HEADING and _ORGANIZED.search(text, first, last):
            return UnitName(first, last, text[first:last], "leading_group", bare=False)
        end = start
    return None

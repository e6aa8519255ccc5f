"""Lists of working groups, one a line: 宣传组：校团委、广播站."""

from __future__ import annotations

import re
from functools import cache

from baogao.extract.organizations.counts import NUMBER
from baogao.extract.organizations.holders import Holder, split_block_holders
from baogao.extract.organizations.names import UnitName, find_names
from baogao.extract.organizations.statements import Statement, role_row, size_rows
from baogao.extract.organizations.words import role_words, unit_words
from baogao.language.document import Document

_ITEM = r"(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）]?[.．、]?)?"
_LINE = re.compile(
    rf"^[ \u3000\t]{{0,20}}{_ITEM}[ \u3000]{{0,4}}(?P<name>[^\s：:，,。；;（(]{{1,14}}[组队])[：:][ \u3000]{{0,4}}"
    r"(?P<value>[^，,。；;：:\n]{2,60})",
    re.MULTILINE,
)
_BODY = re.compile(rf"[科室处办局所站院校会委团组部社班队体]$|中心$|{NUMBER}[名位人]$")
_DUTY = re.compile("负责|做好|承担|组织|维持|协助")
_BRACKETED = re.compile(r"[（(][^）)]*[）)]?$")
_LONGEST_HOLDER = 16
_NEIGHBOUR_LINES = 3


@cache
def _named_last() -> re.Pattern[str]:
    return re.compile(f"(?:^|[长任记员师]){role_words().person.pattern}$")


def find_series(document: Document, start: int) -> list[Statement]:
    """Groups with their members, from lines of one form that stand together behind `start`."""
    text = document.text
    found: list[tuple[int, Statement]] = []
    line, place = 0, start
    for match in _LINE.finditer(text, start):
        line, place = line + text.count("\n", place, match.start("name")), match.start("name")
        if statement := _read(document, match):
            found.append((line, statement))
    lines = [line for line, _ in found]
    return [
        statement
        for i, (line, statement) in enumerate(found)
        if any(abs(line - other) <= _NEIGHBOUR_LINES for other in (*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2]))
    ]


def _read(document: Document, match: re.Match[str]) -> Statement | None:
    """The line's group with those who are in it; None where the line tells duties and not people."""
    names = find_names(document, *match.span("name"))
    holders = split_block_holders(document.text, *match.span("value"))
    if not names or names[-1].end != match.end("name") or not holders or not all(map(_may_hold, holders)):
        return None
    name = UnitName(names[0].start, names[-1].end, names[-1].head, names[-1].kind, bare=False)
    roles = tuple(role_row("成员", holder) for holder in holders)
    sizes = tuple(size for holder in holders for size in size_rows("成员", holder))
    return Statement(name, name.start, match.end("value"), roles, sizes, "series")


def _may_hold(holder: Holder) -> bool:
    """Whether a line's words name people or a body, and no duty."""
    words = _BRACKETED.sub("", holder.bare or holder.text)
    if len(words) > _LONGEST_HOLDER or _DUTY.match(words) or re.match(role_words().title, words):
        return False
    body = _BODY.search(words) or any(head.end() == len(words) for head in unit_words().head.finditer(words))
    return bool(body or words.endswith(role_words().people) or _named_last().search(words))

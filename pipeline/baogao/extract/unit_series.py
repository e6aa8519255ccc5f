"""Lists of working groups, one a line: 宣传组：校团委、广播站."""

from __future__ import annotations

import re

from baogao.extract.results import UnitRole, UnitSize
from baogao.extract.unit_counts import NUMBER
from baogao.extract.unit_holders import split_block_holders
from baogao.extract.unit_names import UnitName, find_names
from baogao.extract.unit_statements import Statement, role_row, size_rows
from baogao.extract.unit_words import role_words, unit_words
from baogao.language.document import Document

_LINE = re.compile(
    r"^[ \u3000\t]*(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）]?[.．、]?)?[ \u3000]*(?P<name>[^\s：:，,。；;（(]{1,14}(?:组|队|小队))[：:][ \u3000]*(?P<value>[^，,。；;：:\n]{2,60})",
    re.MULTILINE,
)
_BODY = re.compile(rf"[科室处办局所站院校会委团组部社班队中心全体]$|{NUMBER}[名位人]$")
_NEIGHBOUR_LINES = 3


def find_series(document: Document, start: int) -> list[Statement]:
    """Groups with their members, from lines of one form that stand together; offsets count in the document's text."""
    text = document.text
    found: list[tuple[int, Statement]] = []
    for match in _LINE.finditer(text, start):
        if statement := _read(document, match):
            found.append((text.count("\n", 0, match.start("name")), statement))
    lines = [line for line, _ in found]
    return [statement for line, statement in found if any(0 < abs(line - other) <= _NEIGHBOUR_LINES for other in lines)]


def _read(document: Document, match: re.Match[str]) -> Statement | None:
    """The line's group with those who are in it; None where the line tells duties and not people."""
    names = find_names(document, *match.span("name"))
    holders = split_block_holders(document.text, *match.span("value"))
    if not names or names[-1].end != match.end("name") or not holders or not all(_may_hold(holder.bare or holder.text) for holder in holders):
        return None
    name = UnitName(names[0].start, names[-1].end, names[-1].head, names[-1].kind, False)
    roles: list[UnitRole] = [role_row("成员", holder) for holder in holders]
    sizes: list[UnitSize] = [size for holder in holders for size in size_rows("成员", holder)]
    return Statement(name, name.start, match.end("value"), tuple(roles), tuple(sizes), "series")


def _may_hold(words: str) -> bool:
    """Whether a line's words name people or a body, and no duty."""
    plain = re.sub(r"[（(][^）)]*[）)]?$", "", words)
    if len(plain) > 16 or re.match(rf"负责|做好|承担|组织|维持|协助|{role_words().title}", plain):
        return False
    head = any(found.end() == len(plain) for found in unit_words().head.finditer(plain))
    return plain.endswith(role_words().people) or head or bool(_BODY.search(plain)) or bool(role_words().person.fullmatch(plain))

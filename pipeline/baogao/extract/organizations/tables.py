"""Tables of who holds which role, a row a line: 组别 组长 副组长 牵头科室 above 宣传组 王芳 李明 教卫科."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from baogao.extract.organizations.holders import split_block_holders
from baogao.extract.organizations.labels import line_end_of
from baogao.extract.organizations.names import UnitName, find_names
from baogao.extract.organizations.statements import Statement, role_row
from baogao.extract.organizations.words import role_of, role_words
from baogao.extract.results import UnitRole
from baogao.language.document import Document

_CELL = re.compile(r"[^\t|｜ \u3000]+")
_RULED_CELL = re.compile(r"[^\t|｜ \u3000][^\t|｜]*")
"""A cell where tabs or bars divide them: it may hold blanks."""

_BODY_COLUMN = re.compile("(?P<role>牵头|负责|责任|配合|参与|参加|协助)?(?:科室|单位|部门|领导|人员)")
_MOST_CELLS = 8
_LEAST_TITLES = 2
_UNIT_COLUMN = ("组别", "组名", "小组", "工作组", "名称", "机构", "机构名称", "单位", "队伍", "队名", "队别")
_GAP = r"[ \t|｜\u3000]"
_HEADER = re.compile(rf"^{_GAP}{{0,8}}(?:(?:序号|编号){_GAP}+)?(?:{'|'.join(_UNIT_COLUMN)}){_GAP}+[^\n。；：:]{{2,60}}$", re.MULTILINE)
_NUMBER = re.compile(r"[0-9一二三四五六七八九十]{1,3}[、.．]?")
_LONGEST_ROW = 160
_MOST_ROWS = 60

Span = tuple[int, int]


def find_tables(document: Document, start: int) -> tuple[list[Statement], list[Span]]:
    """Units with the roles of their row, from tables behind `start`, and the spans of text that the tables take up."""
    found: list[Statement] = []
    spans: list[Span] = []
    place = start
    while header := _HEADER.search(document.text, place):
        place = header.end()
        columns = _roles(document.text, _cells(document.text, *header.span()))
        if sum(role is not None for role in columns) < _LEAST_TITLES:
            continue
        rows = list(_rows(document, columns, header.end()))
        if rows:
            found += rows
            place = rows[-1].end
            spans.append((header.start(), place))
    return found, spans


def _cells(text: str, start: int, end: int) -> list[Span]:
    """Spans of a line's cells, without a number of the row in front."""
    pattern = _RULED_CELL if re.search(r"[\t|｜]", text[start:end]) else _CELL
    cells = [match.span() for match in pattern.finditer(text, start, end)]
    numbered = len(cells) > 1 and (_NUMBER.fullmatch(text, *cells[0]) or text[slice(*cells[0])] in ("序号", "编号"))
    return cells[1:] if numbered else cells


@cache
def _title() -> re.Pattern[str]:
    return re.compile(role_words().title)


def _roles(text: str, cells: list[Span]) -> list[str | None]:
    """The role that each column of a header gives, None for the units and for what is no role."""
    return [_role(text[slice(*cell)].strip()) for cell in cells[:_MOST_CELLS]]


def _role(heading: str) -> str | None:
    if _title().fullmatch(heading) or heading in role_words().titles:
        return role_of(heading)
    body = _BODY_COLUMN.fullmatch(heading)
    if body is None or body["role"] is None:
        return None
    return {"牵头": "牵头", "负责": "负责人", "责任": "负责人"}.get(body["role"], "成员")


def _rows(document: Document, columns: list[str | None], header_end: int) -> Iterator[Statement]:
    """Statements of the lines below a header, as long as they have its form."""
    text, end = document.text, header_end
    for _ in range(_MOST_ROWS):
        start, end = end + 1, line_end_of(text, end + 1)
        if start >= len(text) or end - start > _LONGEST_ROW:
            return
        cells = _cells(text, start, end)
        name = _unit(document, cells[0]) if cells else None
        if name is None or not 1 < len(cells) <= len(columns):
            return
        roles = [role for cell, column in _matched(text, cells, columns) if column for role in _holders(text, cell, column)]
        if not roles:
            return
        yield Statement(name, cells[0][0], cells[-1][1], tuple(roles), (), "table")


def _unit(document: Document, cell: Span) -> UnitName | None:
    """The unit that a row's first cell names."""
    names = find_names(document, *cell)
    if not names or names[-1].end != cell[1]:
        return None
    return UnitName(cell[0], cell[1], names[-1].head, names[-1].kind, bare=False)


def _matched(text: str, cells: list[Span], columns: list[str | None]) -> list[tuple[Span, str | None]]:
    """Cells with the role of their column; where cells are empty, what is no person's name goes to the last columns."""
    missing = len(columns) - len(cells)
    people = 1 + next((i for i, cell in enumerate(cells[1:]) if not _is_person(text[slice(*cell)])), len(cells) - 1)
    return [(cell, columns[i if i < people else i + missing]) for i, cell in enumerate(cells)]


def _is_person(words: str) -> bool:
    return bool(role_words().person.fullmatch(words)) and not words.endswith(role_words().bodies)


def _holders(text: str, cell: Span, role: str) -> list[UnitRole]:
    return [role_row(role, holder) for holder in split_block_holders(text, *cell)]

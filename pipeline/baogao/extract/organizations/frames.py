"""Role phrases in a sentence: who bears which role, in what words, and where the unit is named inside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from baogao.extract.organizations.counts import NUMBER
from baogao.extract.organizations.words import CLAUSE_END, either, names_unit, role_of, role_words, unit_words

LONGEST_HOLDER = 160
"""Characters that the holders of one role may take."""

_MAKE_UP = ("组长", "副组长", "成员", "组员", "队长", "副队长", "队员")
"""Titles that may take posts without a verb: 组长校长，副组长教导主任."""

_OWN_ROLES = ("组长", "副组长", "成员", "队长", "网格员", "楼栋长", "联络员")
"""Roles of a unit's make-up: in brackets behind a name they are a role there and not somebody's office."""

_BOUNDARY = "设，,。；;、：:！!\n\t \u3000的（(】）)”"
_LONGEST_UNIT = 16
_CLAUSE = re.compile(f"[{CLAUSE_END}]")
_VALUE_END = re.compile(f"[{CLAUSE_END}]|(?<=[^ \u3000])[ \u3000]")
_ADVERBS = "(?:人选|一职|大多|大都|多数|主要|基本上?|原则上|全部|均|都|一般|则|暂|仍|还|就|也|分别|统一|们)*"
_LINK = rf"(?:{NUMBER}[名人][，,、]?)?{_ADVERBS}[ \u3000]?(?P<link>由|是|为|请|从|有|包括|即|[:：][ \u3000]*)"
_BEARER = re.compile(
    r"(?:来|去)?(?:兼职|亲自)?(?:担任|兼任|出任|兼着?|当|担当|担纲|充任|改任|挂名|代管|负责|牵头|一肩挑|[（(]兼[)）]|[里中]?(?:选配|选|推选))$"
)
_RARE = "[安国师支党居干][\u4e00-\u9fff]{1,2}"
"""Names whose first character opens other words too: they are read as names right behind 组长 or 队长 only."""
_CHOSEN = re.compile("(?:推荐|选举|产生|推选|票选|考试|备案|决定)$")


@dataclass(frozen=True, slots=True)
class RoleFrame:
    """A role phrase text[start:end] with its holders in text[holder_start:holder_end].

    `form` is the kind of phrase: `bearing` (校长任组长), `title` (组长由校长担任, 组长王芳), `bracket` (王芳（组长）), `predicate`
    (书记亲自抓), `members` (由党员组成), `gathered` (抽调党员，组成…) or `staffed` (…，聘请咨询师三人). `title` is the title as written,
    `unit` the span of words that name the unit inside the phrase (任办公室主任: 办公室). A frame that is not `strong` tells of a structure
    only beside others.
    """

    form: str
    role: str
    start: int
    end: int
    holder_start: int
    holder_end: int
    unit: tuple[int, int] | None = None
    strong: bool = True
    title: str = ""


def told_with_verb(text: str, frame: RoleFrame) -> bool:
    """Whether a verb gives the role (办公室主任由王芳担任), which a bare apposition (居委会主任王芳) does not."""
    return frame.form != "title" or text[frame.holder_start - 1] in "由是为请从"


@cache
def _titles() -> re.Pattern[str]:
    words = role_words()
    person = words.person.pattern
    name = rf"(?:{person}|(?<=[，,；;：:（(]组长|[，,；;：:（(]队长){_RARE})"
    return re.compile(
        rf"{words.title_at}(?:(?P<title>{words.title})(?:{_LINK}|(?P<bracket>[（(])"
        rf"|[ \u3000]*(?P<person>{name}(?:[、和]{person})*)(?<![说称道讲表是对])(?=[，,。；;（(\s）)、]|$))"
        rf"|(?<=[，,；;：:（(])(?P<posted_title>{either(_MAKE_UP)})(?P<posted>[^，,。；;、：:\s是由为有的等均都合共][^，,。；;：:\n]{{0,39}}?{either(role_words().people)})(?=[，,。；;）)]|$)"
        rf"|(?P<label>{either(words.labels)})(?P<labelled>[^，,。；;、：:是为由\s][^，,。；;：:\n]{{1,20}})(?=[，,。；;\n]|$))"
    )


def title_frames(text: str, start: int, end: int) -> Iterator[RoleFrame]:
    """Frames in text[start:end] whose title stands before the holder."""
    free = start
    for match in _titles().finditer(text, start, end):
        title = next(group for group in ("title", "label", "posted_title") if match[group])
        unit = _unit_before(text, start, match.start(title), match[title])
        if match.start() < free or unit is None:
            continue
        first, last, close = _holder_of(text, match, end)
        if first < last <= first + LONGEST_HOLDER and not _CHOSEN.search(text, first, last):
            named = unit if unit[1] > unit[0] else None
            yield RoleFrame("title", role_of(match[title]), unit[0], close, first, last, named, title=match[title])
            free = last


def _unit_before(text: str, start: int, end: int, title: str) -> tuple[int, int] | None:
    """Span of the words that name a title's unit (办公室主任: 办公室, 党小组长: 党小组); empty at a boundary, None where neither."""
    first = end
    while first > start and text[first - 1] not in _BOUNDARY and end - first < _LONGEST_UNIT:
        first -= 1
    first += len(text[first:end]) - len(text[first:end].lstrip("各每其该现"))
    if first == end or names_unit(text[first:end]):
        return first, end
    if title.endswith("长") and title[0] != "副" and names_unit(text[first:end] + title[:-1]):
        return first, end + len(title) - 1
    return None


def _holder_of(text: str, match: re.Match[str], end: int) -> tuple[int, int, int]:
    """The span of the holder behind a title, and where the phrase ends."""
    for group in ("person", "labelled", "posted"):
        if match[group]:
            return *match.span(group), match.end(group)
    start = match.end()
    if match["bracket"]:
        closing = next((i for i in range(start, min(end, start + LONGEST_HOLDER)) if text[i] in "）)"), start)
        return start, closing, closing
    stop = (_VALUE_END if text[start - 1] in "：: \u3000" else _CLAUSE).search(text, start, end)
    last = stop.start() if stop else end
    bearer = _BEARER.search(text[max(start, last - 8) : last])
    return start, last - len(bearer.group()) if bearer else last, last


@cache
def _bracketed() -> re.Pattern[str]:
    own = [title for title, role in role_words().titles.items() if role in _OWN_ROLES]
    titles = either([*own, *("副" + title for title in own)])
    return re.compile(rf"(?P<holder>[^，,。；;：:\s（）()由以]{{1,40}})[（(](?P<title>{titles})[)）]")


def bracket_frames(text: str, start: int, end: int) -> Iterator[RoleFrame]:
    """Frames in text[start:end] of holders with their role behind them in brackets: 王芳（组长）、李四（副组长）."""
    for match in _bracketed().finditer(text, start, end):
        yield RoleFrame("bracket", role_of(match["title"]), *match.span(), *match.span("holder"), title=match["title"])


@cache
def _gathered() -> re.Pattern[str]:
    verbs = unit_words().verbs
    return re.compile(
        rf"{verbs['gather']}(?:了|出)?(?P<called>[^，,。；;]{{2,40}}?)[，,]?\s*{verbs['found']}"
        rf"|{verbs['gather']}(?:了|出)?(?P<joining>[^，,。；;]{{2,40}}?){verbs['join']}"
        rf"|(?:将|把)(?P<put>[^，,。；;]{{2,40}}?)(?:{verbs['enter']}|组成|编成)"
        rf"|(?:^|[，,。；;：:\n])(?P<entering>[^，,。；;]{{2,40}}?)[，,]?(?:全部|全都|都|均|统一){verbs['enter']}"
        rf"|(?<![成为])(?P<acting>{NUMBER}(?:余|多)?[名位户][^，,。；;的由]{{1,14}}?)(?:自发|自愿|联合|共同)*{verbs['found']}",
        re.MULTILINE,
    )


_STAFFING = re.compile("[吸招聘配]")
_NO_STAFF = re.compile("为|任|[会队社组成格]员")
"""What is no staff of a unit: who is called to a post of his own, and its members in general."""


@cache
def _staffed() -> re.Pattern[str]:
    verbs = "|".join(("吸纳", "吸收", "招募", "招收", "聘请", "选聘", "聘用", "聘", "配备", "配有", "配"))
    no_people = r"(?!合同|协议|任务|服务)"
    return re.compile(
        rf"(?:^|[，,。；;：:\n并])(?:另|并|还|再|共|已|先后|各)*(?:{verbs})了?{no_people}"
        rf"(?:(?P<first>{NUMBER}(?:余|多)?[名位][^，,。；;：:\n]{{1,30}}?)|(?P<last>[^，,。；;：:\n]{{2,30}}?{NUMBER}(?:余|多)?[名位人]))"
        r"(?=[，,。；;\n]|$|轮流|每|坐|值|参加|负责)"
    )


def staffed_frames(text: str, start: int, end: int) -> Iterator[RoleFrame]:
    """Frames in text[start:end] of those whom a unit takes in, in a number: 设心灵驿站，聘请咨询师三人."""
    if not _STAFFING.search(text, start, end):
        return
    for match in _staffed().finditer(text, start, end):
        group = "first" if match["first"] else "last"
        if not _NO_STAFF.search(match[group]):
            yield RoleFrame("staffed", "成员", *match.span(group), *match.span(group), strong=False)


def gathered_frames(text: str, start: int, end: int) -> Iterator[RoleFrame]:
    """Frames in text[start:end] of those who make up a unit: 抽调22名教师组成讲师团, 九名老人成立了巡逻队."""
    if not unit_words().forming.search(text, start, end):
        return
    for match in _gathered().finditer(text, start, end):
        group = next(name for name, value in match.groupdict().items() if value)
        yield RoleFrame("gathered", "成员", *match.span(), *match.span(group))

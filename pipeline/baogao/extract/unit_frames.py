"""Role phrases in a sentence: who bears which role, in what words, and where the unit is named inside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from baogao.extract.unit_counts import NUMBER
from baogao.extract.unit_words import CLAUSE_END, either, role_of, role_words, unit_words

_LONGEST = 160
"""Characters that the holders of one role may take."""

_AFTER = r"(?=$|[，,。；;、：:！!\s（(）)”\"的和及并兼]|组成|参加|组建|成立|办起)"
_VALUE_END = re.compile(f"[{CLAUSE_END}]|(?<=[^ \u3000])[ \u3000]")
_CLAUSE = re.compile(f"[{CLAUSE_END}]")
_FILLER_FRONT = re.compile(
    r"(?:并且?|同时|其中|现由?|目前|再|还|也|及|以及|和|与|仍|就|均|都|继续|即|一般|全部|分别|逐步|保持|形成了?|做到了?|实行|建立了?|成立了?|由于?|、|\s)+"
)
_FILLER_BACK = re.compile(r"(?:亲自|兼|自|均|都|分别|共同|全部|也|就|还|一起|轮流|同样|来|[（(]兼[)）]|负责|具体|连|总|自愿|自发|联合|广泛|积极|有效|踊跃|\s)+$")
_BOUNDARY = "，,。；;、：:！!\n\t \u3000的（(】）)”"
_BEARER = r"(?:来|去)?(?:兼职|亲自)?(?:担任|兼任|出任|兼着?|当|担当|担纲|充任|改任|挂名|代管|负责|牵头|[（(]兼[)）]|[里中]?(?:选配|选|推选))?"
_CHOSEN = re.compile("(?:推荐|选举|产生|推选|票选|考试|备案|决定)$")
_LINKED = r"(?:人选|一职|全部|均|都|一般|则|暂|仍|还|就|也|分别|统一|们)*(?P<link>由|是|为|请|从|有|包括|即|[:：][ \u3000]*)"


@dataclass(frozen=True, slots=True)
class RoleFrame:
    """A role phrase text[start:end] with its holders in text[holder_start:holder_end].

    `unit` is the span of words that name the unit inside the phrase (任办公室主任: 办公室), `form` the kind of phrase: `bearing`
    (校长任组长), `title` (组长由校长担任, 组长王芳), `predicate` (书记亲自抓), `members` (由党员组成) or `gathered` (抽调党员，组成 …).
    A frame that is not `strong` tells of a structure only beside others.
    """

    form: str
    role: str
    start: int
    end: int
    holder_start: int
    holder_end: int
    unit: tuple[int, int] | None = None
    strong: bool = True


@cache
def _anchors() -> re.Pattern[str]:
    words = role_words()
    return re.compile(
        rf"(?P<bearing>(?<!主){words.bearing})(?P<unit>[^，,。；;、：:\s为任由]{{0,14}}?)(?P<title>{words.title}){_AFTER}"
        r"|(?P<members>组成|构成|[参参]加的|参与的|为主(?:体|力|要力量)|为主(?=[，,的组]|$)|为骨干)"
        rf"|(?P<predicate>{words.predicate}|(?<=[^，,。；;]{{3}})负责)(?P<closed>{_AFTER})?"
    )


@cache
def _leads() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![自缘理根所可予难加给])(?!以[及上下来后前往外内]|由[于此]|请示|推[进动行广]|确定[了一]){role_words().choosing}了?"
    )


@cache
def _gathered() -> re.Pattern[str]:
    verbs = unit_words().verbs
    return re.compile(
        rf"{verbs['gather']}(?:了|出)?(?P<called>[^，,。；;]{{2,40}}?)[，,]?\s*{verbs['found']}"
        rf"|(?:将|把)(?P<put>[^，,。；;]{{2,40}}?)(?:{verbs['enter']}|组成|编成)"
        rf"|(?:^|[，,。；;：:\n])(?P<entering>[^，,。；;]{{2,40}}?)[，,]?(?:全部|全都|都|均|统一){verbs['enter']}"
        rf"|(?<![成为])(?P<acting>{NUMBER}(?:余|多)?[名位户][^，,。；;的由]{{1,14}}?)(?:自发|自愿|联合|共同)*{verbs['found']}",
        re.MULTILINE,
    )


@cache
def _gathering() -> re.Pattern[str]:
    return re.compile(rf"{unit_words().verbs['gather']}(?:了|出)?")


@cache
def _titles() -> re.Pattern[str]:
    words = role_words()
    person = words.person.pattern
    return re.compile(
        rf"(?P<title>{words.title})(?:{_LINKED}|(?P<bracket>[（(])"
        rf"|[ \u3000]*(?P<person>{person}(?:[、和]{person})*)(?<![说称道讲表是对])(?=[，,。；;（(\s）)、]|$))"
        rf"|(?P<label>{either(words.labels)})(?P<labelled>[^，,。；;、：:是为由\s][^，,。；;：:\n]{{1,20}})(?=[，,。；;\n]|$)"
    )


def find_frames(text: str, start: int, end: int) -> list[RoleFrame]:
    """Role phrases in text[start:end], in order, not overlapping."""
    frames = list(_verbal_frames(text, start, end))
    for find in (_gathered_frames, _title_frames):
        gaps = list(zip([start, *(frame.end for frame in frames)], [*(frame.start for frame in frames), end], strict=True))
        frames += [frame for first, last in gaps if last > first for frame in find(text, first, last)]
        frames.sort(key=lambda frame: frame.start)
    return frames


def _verbal_frames(text: str, start: int, end: int) -> Iterator[RoleFrame]:
    """Frames whose holder stands before a verb."""
    free = place = start
    while match := _anchors().search(text, place, end):
        lead, holder_start, holder_end = _holder_before(text, free, match.start(), members=match["members"] is not None)
        frame = None
        if 0 < holder_end - holder_start <= _LONGEST:
            frame = _verbal_frame(match, lead, holder_start, holder_end)
        if frame:
            yield frame
            free = frame.end
        place = frame.end if frame else match.start() + 1


def _verbal_frame(match: re.Match[str], lead: int | None, holder_start: int, holder_end: int) -> RoleFrame | None:
    start = holder_start if lead is None else lead
    holder = match.string[holder_start:holder_end]
    if holder.startswith("的") or role_words().titles.get(holder) in ("组长", "副组长", "成员"):  # …的领导小组负总责; 组员为两委成员
        return None
    if match["title"]:
        unit = match.span("unit") if match["unit"] else None
        if unit and not names_unit(match["unit"]):
            return None
        return RoleFrame("bearing", role_of(match["title"]), start, match.end(), holder_start, holder_end, unit)
    if match["members"]:
        if lead is None and match["members"] not in ("组成", "构成", "参加的", "参与的"):
            return None
        if lead is None and match["members"] == "组成" and not holder.endswith(role_words().people):  # 社区组成抢险队 tells who founds it
            return None
        return RoleFrame("members", "成员", start, match.end(), holder_start, holder_end, None, lead is not None and "主" not in match["members"])
    words = role_words()
    role = words.predicates.get(match["predicate"], "负责人")
    strong = match["predicate"] in words.strong
    if (match["closed"] is None and not (strong and lead is not None)) or (match["predicate"] == "负责" and lead is None):
        return None
    return RoleFrame("predicate", role, start, match.end("predicate"), holder_start, holder_end, None, strong)


def told_with_verb(text: str, frame: RoleFrame) -> bool:
    """Whether a verb gives the role (办公室主任由王芳担任), which a bare apposition (居委会主任王芳) does not."""
    return frame.form != "title" or text[frame.holder_start - 1] in "由是为请从"


def names_unit(words: str) -> bool:
    """Whether the words between a verb and a title name a unit: 任办公室主任, 担任“爱心驿站”的站长."""
    plain = words.removesuffix("的")
    return plain.endswith(("”", "社区", "村", "总", *"会组队站所室委办")) or any(match.end() == len(plain) for match in unit_words().head.finditer(plain))


def _holder_before(text: str, start: int, end: int, *, members: bool) -> tuple[int | None, int, int]:
    """Where the word before the holder begins (由, 以, 请 …; None without one), and the holder's span, for a verb at `end`."""
    lead = None
    for lead in _leads().finditer(text, start, end):
        pass
    last = start
    for match in _CLAUSE.finditer(text, start, end):
        last = match.end()
    if lead and (lead.end() >= last or _is_post_list(text, lead.end(), last)):
        first, lead_start = lead.end(), lead.start()
    else:
        first, lead_start = last, None
    if members and lead_start is None:
        for match in _gathering().finditer(text, first, end):
            first, lead_start = match.end(), match.start()
    if match := _FILLER_FRONT.match(text, first, end):
        first = match.end()
    if match := _FILLER_BACK.search(text, first, end):
        end = match.start()
    return lead_start, first, end


def _is_post_list(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] up to a comma is a post (区委副书记，区长任组长), so that the holder goes on behind the comma."""
    head = text[start:end].rstrip("，, ")
    return 0 < len(head) <= 60 and head.endswith(role_words().posts)


def _gathered_frames(text: str, start: int, end: int) -> Iterator[RoleFrame]:
    """Frames of those who are gathered or gather to make a unit: 抽调22名教师组成讲师团, 九名老人成立了巡逻队."""
    for match in _gathered().finditer(text, start, end):
        group = next(name for name, value in match.groupdict().items() if value)
        yield RoleFrame("gathered", "成员", *match.span(), *match.span(group))


def _title_frames(text: str, start: int, end: int) -> Iterator[RoleFrame]:
    """Frames whose title stands before the holder."""
    free = start
    for match in _titles().finditer(text, start, end):
        title = "label" if match["label"] else "title"
        unit = _unit_before(text, start, match.start(title))
        if match.start() < free or unit is None:
            continue
        if group := next((name for name in ("person", "labelled") if match[name]), None):
            first, last = match.span(group)
        elif match["bracket"]:
            first, last = match.end(), next((i for i in range(match.end(), end) if text[i] in "）)"), match.end())
        else:
            first, last = _holder_behind(text, match.end(), end)
        if first < last <= first + _LONGEST and not _CHOSEN.search(text, first, last):
            yield RoleFrame("title", role_of(match[title]), unit[0], last, first, last, unit if unit[1] > unit[0] else None)
            free = last


def _unit_before(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Span of the words right before a title that name its unit (办公室主任: 办公室); empty at a boundary, None where neither."""
    first = end
    while first > start and text[first - 1] not in _BOUNDARY and end - first < 16:
        first -= 1
    plain = text[first:end].lstrip("各每其该现")
    if not plain:
        return end, end
    if not names_unit(plain):
        return None
    return end - len(plain), end


def _holder_behind(text: str, start: int, end: int) -> tuple[int, int]:
    """The holder's span behind a title and its link word."""
    stop = (_VALUE_END if text[start - 1] in "：:" else _CLAUSE).search(text, start, end)
    last = stop.start() if stop else end
    bearer = re.search(f"{_BEARER}$", text[start:last])
    return start, start + bearer.start() if bearer else last

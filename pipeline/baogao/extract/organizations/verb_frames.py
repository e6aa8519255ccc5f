"""Role phrases whose holder stands before a verb: 由校长任组长, 书记亲自抓, 由党员组成."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from baogao.extract.organizations.frames import LONGEST_HOLDER, RoleFrame, bracket_frames, gathered_frames, staffed_frames, title_frames
from baogao.extract.organizations.words import CLAUSE_END, last_match, names_unit, role_of, role_words, unit_words

_REACH = 2 * LONGEST_HOLDER
_LONGEST_POSTS = 60
_REACH_BACK = 60
_TITLE_FIRST = re.compile(r"(?:^|[，,。；;：:\n])(?P<title>[^，,。；;：:\n副]{0,4}?[长任记席])[由为是]")
_AFTER = r"(?=$|[，,。；;、：:！!\s（(）)”\"的和及并兼]|组成|参加|组建|成立|办起)"
_CLAUSE = re.compile(f"[{CLAUSE_END}]")
_LISTED = re.compile("[、和]")
_FILLER_FRONT = re.compile(
    r"(?:并且?|(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年|同时|其中|现由?|目前|再|还|也|及|以及|和|与|仍|就|均|都|继续|即|一般|全部|分别|逐步|保持|形成了?|做到了?|实行|建立了?|成立了?|由于?|、|\s)+"
)
_FILLER_BACK = re.compile(
    r"(?:亲自|亲|兼|自|均|都|分别|共同|全部|也|就|还|一起|轮流|同样|来|[（(]兼[)）]|负责|具体|连|总|自愿|自发|联合|广泛|积极|有效|踊跃|\s)+$"
)
_NO_HOLDER = re.compile(
    r"[^xX×*＊_我]|[她他](?:们|自己?)?|(?:一级|层层).*|(?:今年|去年|自)?(?:[0-9一二三四五六七八九十]{1,4}[年月日号])+(?:份|初|底|起|开始)*|名单.*|单位|(?:以下|下列|如下).*|"
    r"(?:在(?![校职册岗读编外])|于)[^，,。；;]{0,12}|(?:亲自|具体|全面|共同|主要|分别|积极|认真)"
)
"""What stands in a holder's place and is none: function words, dates, 联络员名单于3月报送."""
_WITHOUT_LEAD = ("组成", "构成", "参加的", "参与的")
"""Words of composition that may do without 由 before the members."""


@cache
def _anchors() -> re.Pattern[str]:
    words = role_words()
    return re.compile(
        rf"{words.verb_at}(?:(?P<bearing>(?<!主){words.bearing})(?P<unit>[^，,。；;、：:\s为任由]{{0,14}}?)(?P<title>{words.title}){_AFTER}"
        r"|(?P<members>组成|构成|参加的|参与的|为(?:主体|主力|主要力量|骨干|龙头|核心|主导|补充)(?:力量)?|为主(?=[，,的组]|$))"
        rf"|(?P<predicate>{words.predicate}|(?<=[^，,。；;]{{2}}){words.by})(?P<closed>{_AFTER})?)"
    )


@cache
def _leads() -> re.Pattern[str]:
    choosing = role_words().choosing
    return re.compile(rf"(?<![自缘理根所可予难加给])(?!以[及上下来后前往外内]|由[于此]|请示|推[进动行广]|确定[了一]){choosing}了?")


@cache
def _gathering() -> re.Pattern[str]:
    return re.compile(rf"{unit_words().verbs['gather']}(?:了|出)?")


def find_frames(text: str, start: int, end: int) -> list[RoleFrame]:
    """Role phrases in text[start:end], in order, not overlapping."""
    frames = list(verb_frames(text, start, end))
    for find in (bracket_frames, gathered_frames, title_frames, staffed_frames):
        gaps = list(zip([start, *(frame.end for frame in frames)], [*(frame.start for frame in frames), end], strict=True))
        frames += [frame for first, last in gaps if last > first for frame in find(text, first, last)]
        frames.sort(key=lambda frame: frame.start)
    return [frame for frame in frames if not _NO_HOLDER.fullmatch(text, frame.holder_start, frame.holder_end)]


def verb_frames(text: str, start: int, end: int) -> Iterator[RoleFrame]:
    """Frames in text[start:end] whose holder stands before a verb."""
    free = place = start
    while match := _anchors().search(text, place, end):
        lead, first, last = _holder_before(text, max(free, match.start() - _REACH), match.start(), members=match["members"] is not None)
        frame = _frame(match, lead, first, last) if 0 < last - first <= LONGEST_HOLDER else None
        if frame:
            yield frame
            free = frame.end
        place = frame.end if frame else match.start() + 1


def _frame(match: re.Match[str], lead: int | None, first: int, last: int) -> RoleFrame | None:
    """The frame of an anchor with its holder in text[first:last]; None where it tells no role."""
    holder = match.string[first:last]
    if holder.startswith("的") or role_words().titles.get(holder) in ("组长", "副组长", "成员"):  # …的领导小组负总责; 组员为两委成员
        return None
    if match["title"] and holder in (match["title"], *_told_before(match)):  # 主任由…兼任，副主任为办公室副主任
        return None
    start = first if lead is None else lead
    if match["title"]:
        unit = match.span("unit") if match["unit"] else None
        if unit and not names_unit(match["unit"]):
            return None
        return RoleFrame("bearing", role_of(match["title"]), start, match.end(), first, last, unit, title=match["title"])
    if match["members"]:
        return _members_frame(match, holder, (start, first, last), led=lead is not None)
    return _predicate_frame(match, holder, (start, first, last), led=lead is not None)


def _told_before(match: re.Match[str]) -> tuple[str, ...]:
    """Titles that stand before their holders in the clause before: what follows them is a holder too."""
    before = _TITLE_FIRST.search(match.string, max(0, match.start() - _REACH_BACK), match.start())
    return (before["title"], "副" + before["title"]) if before else ()


def _members_frame(match: re.Match[str], holder: str, span: tuple[int, int, int], *, led: bool) -> RoleFrame | None:
    word = match["members"]
    if not led and word[0] == "为" and _is_body(holder):  # 以党员为骨干、居民为补充的队伍
        return RoleFrame("gathered", "成员", span[0], match.end(), *span[1:], strong=False)
    if not led and (word not in _WITHOUT_LEAD or (word == "组成" and not holder.endswith(role_words().people))):
        return None  # 社区组成抢险队 tells who founds it
    return RoleFrame("members", "成员", span[0], match.end(), *span[1:], strong=led and "主" not in word)


def _predicate_frame(match: re.Match[str], holder: str, span: tuple[int, int, int], *, led: bool) -> RoleFrame | None:
    words, predicate = role_words(), match["predicate"]
    role, strong = words.predicates.get(predicate, "负责人"), predicate in words.strong
    if match["closed"] is None and not (strong and led):
        return None
    if predicate == "领导" and not led and not _is_body(holder):  # 加强领导
        return None
    if (predicate not in words.predicates and not led) or (role == "成员" and not _is_body(holder)):
        return None
    return RoleFrame("predicate", role, span[0], match.end("predicate"), *span[1:], strong=strong)


def _is_body(holder: str) -> bool:
    """Whether words name people or a body, and not an act."""
    words = role_words()
    holder = _LISTED.split(holder)[-1]
    return holder.endswith((*words.people, *words.bodies)) or names_unit(holder) or bool(words.person.fullmatch(holder))


def _holder_before(text: str, start: int, end: int, *, members: bool) -> tuple[int | None, int, int]:
    """Where the word before the holder begins (由, 以, 请 …; None without one), and the holder's span, for a verb at `end`."""
    lead = last_match(_leads(), text, start, end)
    comma = last_match(_CLAUSE, text, start, end)
    clause = comma.end() if comma else start
    led = lead is not None and (lead.end() >= clause or _is_post_list(text, lead.end(), clause))
    first, lead_start = (lead.end(), lead.start()) if lead and led else (clause, None)
    if members:
        for verb in _gathering().finditer(text, first, end):
            first, lead_start = verb.end(), verb.start() if lead_start is None else lead_start
    if filler := _FILLER_FRONT.match(text, first, end):
        first = filler.end()
    if filler := _FILLER_BACK.search(text, first, end):
        end = filler.start()
    return lead_start, first, end


def _is_post_list(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] up to a comma is a post (区委副书记，区长任组长), so that the holder goes on behind the comma."""
    words = text[start:end].rstrip("，, ")
    return 0 < len(words) <= _LONGEST_POSTS and words.endswith(role_words().posts)

"""How many members or parts a unit has, and how many such units there are: 会员340人, 下设六个支部, 5支队伍."""

from __future__ import annotations

import re
from collections.abc import Iterator

from baogao.extract.organizations.counts import NUMBER, read_count
from baogao.extract.organizations.names import UnitName
from baogao.extract.results import UnitSize

_HAS = r"(?:现有|现|共有|共|有|已有|拥有|吸纳|发展到?|达到?|增(?:加)?[到至]|总数|注册|在册|入社|在编|编制|人数|总人数)"
_SEATS = r"(?:现设|设有|设|配有)"
_STATED = ("现有", "现设", "设", "共", "有", "现", "拥有", "在编", "编制")
_ABOUT = r"(?:不少于|不低于|近|约|超过|共)?"
_END = r"(?=[，,。；;、\n）)]|$)"
_WHAT = r"(?P<what>[^，,。；;：:\s0-9一二三四五六七八九十两了的由为是]{1,6}?)"
_PEOPLE_COUNT = rf"{_ABOUT}(?P<n>{NUMBER})(?:余|多)?(?P<measure>[名人位户]|个人){_END}"
_PEOPLE = re.compile(rf"(?:(?:{_HAS}|{_SEATS})+(?:{_WHAT})?{_HAS}?|[，,：:（(]{_HAS}?(?P<who>[会队社组成]员)?)?{_PEOPLE_COUNT}")
_MORE_PEOPLE = re.compile(rf"[，,、](?:{_HAS}|{_SEATS})?{_WHAT}{_HAS}?{_PEOPLE_COUNT}")

_UNITS = "[支个家所处]"
_BEHIND = re.compile(rf"(?P<has>{_HAS}+)?{_ABOUT}(?P<n>{NUMBER})(?:余|多)?{_UNITS}{_END}")
_BEFORE = re.compile(
    rf"(?P<has>(?:{_HAS}|活跃|常年|另有|(?<![^，,。；;：:\n])下属)着?)?(?:[^，,。；;\n]{{2,40}}?[等共])?{_ABOUT}(?P<n>{NUMBER})(?:余|多)?{_UNITS}"
    rf"(?:{NUMBER}(?:余|多)?人的)?(?:(?!组成|成立|组建|建立)[^，,。；;：:的]){{0,8}}$"
)
_BEFORE_REACH = 64
_STANDING = re.compile("(?:现有|共有|拥有)$")
_WITH_PEOPLE = re.compile(rf"[，,（(](?:{_HAS})?(?:[会队社组成]员|志愿者|人数)(?:{_HAS}|合计)?{_ABOUT}{NUMBER}(?:余|多)?[名人]")

_PART = (
    rf"(?:[^，,。；;：:\n]{{0,40}}?(?P<n>{NUMBER})[个支家名所](?P<what>[^，,。；;：:（(、\s0-9的]{{2,8}}?)(?=[，,。；;：:（(、和\n]|$)"
    rf"|(?P<what_>[^，,。；;：:（(、\s0-9的]{{2,8}}?)(?P<n_>{NUMBER})[个支家所]{_END})"
)
_PARTS = re.compile(rf"(?:现|共)?(?:下设|下辖|下属|内设|辖有?){_PART}")
_MORE_PARTS = re.compile(rf"[、和]{_PART}")


def member_sizes(text: str, name: UnitName, end: int) -> tuple[list[UnitSize], bool]:
    """Numbers of people right behind a unit's name, and whether they are told as what it has.

    协会有会员340人 is; 秧歌队12人上街 is not.
    """
    sizes: list[UnitSize] = []
    match = _PEOPLE.match(text, name.end, end)
    stated = match is not None and text.startswith(_STATED, name.end)
    while match:
        groups = match.groupdict()
        if count := read_count(match["n"]):
            sizes.append(UnitSize(groups["what"] or groups.get("who") or match["measure"], count, match.start(), match.end()))
        match = _MORE_PEOPLE.match(text, match.end(), end)
    return sizes, stated and bool(sizes)


_STAFF = re.compile(rf"(?:现有|在编|共有|现共有|编制)[^，,。；;：:\s]{{0,8}}?{_ABOUT}{NUMBER}(?:余|多)?[名人]{_END}")


def tells_its_people(text: str, end: int) -> bool:
    """Whether what stands right behind a name tells how many people it has now: 计生办现有专职干部4人."""
    return _STAFF.match(text, end) is not None


def own_number(text: str, name: UnitName, start: int, end: int) -> tuple[UnitSize | None, bool]:
    """How many such units there are, right before or behind the name, and whether that is told as what there is.

    活跃着5支志愿者队伍 and 现有调委会17个 are; 新建协会5家 is not.
    """
    first = max(start, name.start - _BEFORE_REACH)
    before, behind = _BEFORE.search(text[first : name.start]), _BEHIND.match(text, name.end, end)
    match = before or behind
    count = read_count(match["n"]) if match else None
    if not match or not count:
        return None, False
    manned = behind is not None and _WITH_PEOPLE.match(text, behind.end(), end)
    exists = bool(match["has"] or manned) or bool(_STANDING.search(text[first : name.start]))
    span = (first + match.start(), name.end) if before else (name.start, match.end())
    return UnitSize(text[name.start : name.end], count, *span), exists


def parts(text: str, name: UnitName, end: int) -> Iterator[UnitSize]:
    """Numbers of parts that stand under a unit: 党委下设六个支部."""
    match = _PARTS.match(text, name.end, end)
    while match:
        if count := read_count(match["n"] or match["n_"]):
            yield UnitSize(match["what"] or match["what_"], count, match.start(), match.end())
        match = _MORE_PARTS.match(text, match.end(), end)

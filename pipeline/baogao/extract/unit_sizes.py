"""How many members or parts a unit has: 会员340人, 下设六个支部, 5支队伍."""

from __future__ import annotations

import re
from collections.abc import Iterator

from baogao.extract.results import UnitSize
from baogao.extract.unit_counts import NUMBER, read_count
from baogao.extract.unit_names import UnitName

_ABOUT = r"(?:不少于|不低于|近|约|超过|共)?"
_HAS = r"(?:现有|现|共有|共|有|已有|设有|配有|拥有|吸纳|发展到?|达到?|增(?:加)?[到至]|总数|注册|在册|入社|在编|人数|总人数)"
_COUNT = rf"{_ABOUT}(?P<n>{NUMBER})(?:余|多)?(?P<m>[名人位户])(?=[，,。；;、\n）)]|$)"
_PEOPLE = re.compile(rf"(?:{_HAS}+(?P<what>[^，,。；;：:\s0-9一二三四五六七八九十两了的由为是]{{1,6}}?)?{_HAS}?|[，,：:](?:{_HAS}?(?P<who>(?:会|队|社|组|成)员)))?{_COUNT}")
_MORE_PEOPLE = re.compile(rf"[，,、]{_HAS}?(?P<what>[^，,。；;：:\s0-9一二三四五六七八九十两了的由为是]{{1,6}}?){_HAS}?{_COUNT}")
_NUMBER_BEHIND = re.compile(rf"(?P<has>{_HAS}+)?{_ABOUT}(?P<n>{NUMBER})(?:余|多)?(?:个|支|家|所|处)(?=[，,。；;、\n]|$)")
_NUMBER_BEFORE = re.compile(rf"(?P<has>{_HAS}|活跃|常年|另有)着?{_ABOUT}(?P<n>{NUMBER})(?:余|多)?(?:支|个|家|所|处)[^，,。；;的]{{0,8}}$")
_HAS_WORDS = ("现有", "共有", "有", "现", "拥有")
_STANDING = re.compile(r"(?:现有|共有|拥有)$")
_PARTS = re.compile(rf"(?:下设|下辖|设有?|分[为成]?|辖)[^，,。；;]{{0,24}}?(?P<n>{NUMBER})个(?P<what>[^，,。；;、\s0-9]{{2,6}}?)(?=[，,。；;、和\n]|$)")


def member_sizes(text: str, name: UnitName, end: int) -> tuple[list[UnitSize], bool]:
    """Numbers of people right behind a unit's name, and whether they are told as what it has.

    协会有会员340人 is; 秧歌队12人上街 is not.
    """
    sizes: list[UnitSize] = []
    match = _PEOPLE.match(text, name.end, end)
    has = bool(match) and text.startswith(_HAS_WORDS, name.end)
    while match:
        groups = match.groupdict()
        if count := read_count(match["n"]):
            sizes.append(UnitSize(groups["what"] or groups.get("who") or match["m"], count, match.start(), match.end()))
        match = _MORE_PEOPLE.match(text, match.end(), end)
    return sizes, has and bool(sizes)


def own_number(text: str, name: UnitName, start: int, end: int) -> tuple[UnitSize | None, bool]:
    """How many such units there are, right before or behind the name, and whether that is told as what there is.

    活跃着5支志愿者队伍, 现有调委会17个; not so 新建协会5家.
    """
    first = max(start, name.start - 24)
    before, behind = _NUMBER_BEFORE.search(text[first : name.start]), _NUMBER_BEHIND.match(text, name.end, end)
    match = before or behind
    count = read_count(match["n"]) if match else None
    if not match or not count:
        return None, False
    exists = bool(match["has"]) or bool(_STANDING.search(text[first : name.start]))
    return UnitSize(text[name.start : name.end], count, name.start, name.end), exists


def parts(text: str, name: UnitName, end: int) -> Iterator[UnitSize]:
    """Numbers of parts that stand under a unit: 下设六个支部."""
    for match in _PARTS.finditer(text, name.end, min(end, name.end + 80)):
        if count := read_count(match["n"]):
            yield UnitSize(match["what"], count, match.start(), match.end())

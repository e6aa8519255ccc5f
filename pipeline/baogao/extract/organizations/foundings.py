"""Verbs that bring a unit into being or tell of its place, and the names that they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from baogao.extract.organizations.counts import NUMBER
from baogao.extract.organizations.frames import RoleFrame
from baogao.extract.organizations.names import UnitName
from baogao.extract.organizations.sizes import tells_its_people
from baogao.extract.organizations.words import last_match, unit_words

QUANTITY = rf"(?:不少于|不低于|约|近)?(?:第?{NUMBER})?(?:余|多)?(?:支|个|家|所|处|名|条|类|级|批|人|座)?(?:以上)?的?"
"""What may count a unit in front of its name: 一支50余人的."""

_ASPECT = rf"(?:了|起来?|起了|过|出)?(?:相应的?|专门的?|自己的?|统一|首个)?{QUANTITY}"
_CLAUSE = "[^，,。；;：:\n]"
_OBJECT_GAP = re.compile(
    rf"(?!成?的)(?:有|着|成了?)?{_ASPECT}(?:{_CLAUSE}{{0,60}}的|[^，,。；;：:的\n]{{1,30}}(?={NUMBER}[个支]))?{QUANTITY}"
)
_VERB_GAP = re.compile(_ASPECT)
_COUNTED = rf"{NUMBER}(?:余|多)?[个支家所处]"
_JOINT_GAP = re.compile(rf"(?:(?:{_COUNTED})?(?:[（(][^（）()\n]{{0,40}}[)）])?\s*(?:、|和|及|以及|与|或)|{_COUNTED}[，,])\s*{QUANTITY}")
_RELATIVE = re.compile(rf"(?:起|成)?了?(?![，,])[^。；;：:\n了]{{2,80}}的{QUANTITY}")
"""An object whose relative clause holds commas: 形成了上下联动，左右协调的管理网络."""

_RELATIVE_KINDS = ("network", "team", "leading_group", "committee", "association")
_NO_OBJECT = re.compile(r"[，,。；;：:、的由以为了与和及在是有到进\s（(“\"]")
_LONGEST_OBJECT = 24
_EVENTS = ("会",)
"""Last characters of names that name an event as often (例会，由主任主持): only a verb that founds them tells."""

_DATE = "[0-9一二三四五六七八九十年月日初上中下旬底]{2,10}"
_ADVERBS = rf"(?:于[^，,。；;]{{2,16}}|也|已经?|正式|相继|先后|都|均|全部|由[^，,。；;]{{2,20}}(?:合并|联合)|{_DATE})?"


@dataclass(frozen=True, slots=True)
class Founding:
    """A verb that tells how a unit came about: its use and its span.

    Uses are those of units.yaml (found, divide, below, set, form, renew) and `born`, where the unit is the verb's subject. `sure` if
    the verb brings nothing but units into being (成立, 组建).
    """

    use: str
    start: int
    end: int
    sure: bool = False


@cache
def _verbs() -> re.Pattern[str]:
    verbs = unit_words().verbs
    uses = "|".join(f"(?P<{use}>{verbs[use]})" for use in ("found", "divide", "below", "set", "form", "renew"))
    return re.compile(f"(?<![建开陈附架计规策])(?:{uses})")


@cache
def _born() -> re.Pattern[str]:
    born = unit_words().verbs["born"]
    told = rf"是[^，,。；;]{{0,20}}(?:{born}|创办|创建|建立|发起|组织|合并|凑|办|建)(?:起来|而成)?的"
    return re.compile(rf"(?:{told}|{_ADVERBS}(?:{born}))(?=[，,。；;！\n]|$|于|起来)")


@cache
def _quoted() -> re.Pattern[str]:
    quoted = unit_words().verbs["quoted"]
    return re.compile(rf"{quoted}(?:了|起|的)?{QUANTITY}(?P<name>[“\"][^”\"，,。；;\n]{{2,14}}[”\"])(?=[，,。；;（(\n]|$)")


def quoted_names(text: str, start: int, end: int) -> Iterator[UnitName]:
    """Names in quotes that have no head noun, where a verb founds them: 成立“大党委”."""
    for match in _quoted().finditer(text, start, end):
        if not unit_words().head.search(match["name"]):
            yield UnitName(*match.span("name"), "", "other", bare=False)


def makes_a_unit(text: str, start: int, name: UnitName, frames: Sequence[RoleFrame]) -> bool:
    """Whether a phrase that may be a name is one here: a verb founds it, or a role is told right behind it or by its own title."""
    beside = name.head not in _EVENTS
    if beside and any(
        frame.title == name.head + "长" or (0 <= frame.start - name.end <= 1 and text[frame.start] == "由") for frame in frames
    ):
        return True
    if beside and (tells_its_people(text, name.end) or _born().match(text, name.end)):
        return True
    return any(_OBJECT_GAP.fullmatch(text, verb.end(), name.start) for verb in _verbs().finditer(text, start, name.start) if verb["found"])


def whole_object(text: str, start: int, name: UnitName) -> UnitName:
    """The name from behind the verb that founds it, where a word in the middle of it had cut it short (成立作风提升行动小组)."""
    verb = last_match(_verbs(), text, max(start, name.start - _LONGEST_OBJECT), name.start)
    if verb is None or verb.lastgroup not in ("found", "renew"):
        return name
    gap = _VERB_GAP.match(text, verb.end(), name.start)
    first = gap.end() if gap else verb.end()
    if first >= name.start or _NO_OBJECT.search(text, first, name.start):
        return name
    return replace(name, start=first, bare=False)


def find_foundings(text: str, start: int, end: int, names: Sequence[UnitName]) -> list[Founding | None]:
    """For each name the verb that founds it: as the verb's object, as one of several objects, or as its subject."""
    verbs = [_founding(text, match) for match in _verbs().finditer(text, start, end)]
    found: list[Founding | None] = []
    for i, name in enumerate(names):
        near = [verb for verb in verbs if verb.end <= name.start and (i == 0 or verb.end >= names[i - 1].end)]
        verb = next((verb for verb in reversed(near) if _is_object(text, verb, name, last=verb is near[-1])), None)
        if verb is None and i and found[i - 1] and _JOINT_GAP.fullmatch(text, names[i - 1].end, name.start):
            verb = found[i - 1]
        if verb is None and (born := _born().match(text, name.end, end)):
            verb = Founding("born", name.start, born.end())
        found.append(verb)
    return found


def _is_object(text: str, verb: Founding, name: UnitName, *, last: bool) -> bool:
    """Whether a name is what the verb before it founds; `last` if no other such verb stands between."""
    if _OBJECT_GAP.fullmatch(text, verb.end, name.start):
        return True
    relative = last and verb.use in ("found", "form") and name.kind in _RELATIVE_KINDS and not name.bare
    return relative and _RELATIVE.fullmatch(text, verb.end, name.start) is not None


def founding_before(text: str, start: int, frames: Sequence[RoleFrame], name: UnitName) -> Founding | None:
    """The verb before the role phrases that describe a name: 成立由校长任组长、教师为成员的领导小组."""
    if not frames or frames[0].end > name.start:
        return None
    last = last_match(_verbs(), text, start, frames[0].start + 1)
    return _founding(text, last) if last and _OBJECT_GAP.fullmatch(text, last.end(), frames[0].start) else None


def _founding(text: str, match: re.Match[str]) -> Founding:
    again = match.lastgroup == "found" and text.startswith("进一步", max(0, match.start() - 3))
    sure = re.fullmatch(unit_words().verbs["quoted"], match.group()) is not None
    return Founding("renew" if again else str(match.lastgroup), match.start(), match.end(), sure)

"""Which sentences state a unit: an ordered table of named rules over what a sentence says of a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from baogao.extract.organizations.foundings import Founding
from baogao.extract.organizations.frames import RoleFrame, told_with_verb
from baogao.extract.organizations.names import UnitName
from baogao.extract.organizations.sentences import Sentence
from baogao.extract.organizations.sizes import member_sizes, own_number, parts
from baogao.extract.organizations.statements import Statement, make_statement
from baogao.extract.results import UnitSize

APPOSITION = "apposition"
"""Rule of a statement that only a post before a name makes (居委会主任王芳): it counts beside others of the same unit."""

_FOUNDING_USES = ("found", "born")
_USES_BY_KIND = {
    "network": ("form", "divide"), "team": ("set", "form", "divide"), "association": ("set", "form"), "committee": ("set", "form"),
    "party": ("set", "form", "divide"), "leading_group": ("set",), "other": ("divide",),
}  # fmt: skip
"""Verbs that found only some kinds of unit: 形成网络, 设巡逻队, 建成志愿队; 设检查站 and 建成活动中心 make a place."""

_LISTING = ("：", ":", "，一", ",一", "，即", "，分别", "（一")

_LOOSE = ("网络", "网络体系", "体系", "组织体系", "工作体系")
"""Heads of what is no unit unless a verb founds it or role phrases describe it."""

_EVENTS = ("课堂", "讲堂")
"""Heads of what is mostly a course of lectures: a unit only with roles."""

_SHORT_HEAD = 2
"""Characters of a head that by itself may end other words too (垃圾桶12组)."""

_STANDING = ("party", "team", "association", "committee", "network")
"""Kinds of unit whose mere existence in a number is told as a structure; rooms and stations are venues."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A name with what its sentence says of it.

    `listed`: it is only counted, and the units themselves follow (组建两支队伍：).
    `manned`: it is told how many people the unit has; `number`: how many such units there are, `exists` if that is told as a fact;
    `divided`: how many parts it has; `own`: its only roles are the writer's.
    """

    name: UnitName
    founding: Founding | None
    frames: tuple[RoleFrame, ...]
    sizes: tuple[UnitSize, ...]
    manned: bool
    number: UnitSize | None
    exists: bool
    divided: bool
    own: bool
    listed: bool

    @property
    def strong(self) -> bool:
        """Whether a role phrase by itself tells of a structure here."""
        return any(frame.strong or 0 <= frame.start - self.name.end <= 1 for frame in self.frames)


@dataclass(frozen=True, slots=True)
class Rule:
    """A named test of whether a name, with what its sentence says of it, is the statement of a unit."""

    name: str
    holds: Callable[[Claim], bool]


def _described(claim: Claim) -> bool:
    before = [frame for frame in claim.frames if frame.end <= claim.name.start]
    return bool(before) and (claim.strong or claim.founding is not None or any(frame.form == "members" for frame in before))


def _founded_with_roles(claim: Claim) -> bool:
    return claim.founding is not None and bool(claim.frames)


def _roles(claim: Claim) -> bool:
    return claim.strong and not claim.own and claim.name.head not in _LOOSE


def _founded(claim: Claim) -> bool:
    if claim.founding is None or (claim.name.bare and claim.number is None) or (claim.name.weak and not claim.founding.sure):
        return False
    if claim.name.head in _EVENTS or claim.listed:
        return False
    if claim.founding.use == "set" and claim.name.kind == "leading_group":
        return claim.number is None and len(claim.name.head) > _SHORT_HEAD
    return claim.founding.use in (*_FOUNDING_USES, *_USES_BY_KIND.get(claim.name.kind, ()))


def _divided(claim: Claim) -> bool:
    return claim.divided and claim.name.kind in _STANDING


def _manned(claim: Claim) -> bool:
    short = claim.name.end - claim.name.start <= _SHORT_HEAD  # 全队, 六组
    return claim.manned and not claim.name.bare and not short


def _numbered(claim: Claim) -> bool:
    return claim.exists and claim.name.kind in _STANDING and not claim.name.bare


RULES = (
    Rule("described", _described),  # 由校长任组长的领导小组
    Rule("founded_with_roles", _founded_with_roles),  # 成立领导小组，校长任组长
    Rule("roles", _roles),  # 领导小组由校长任组长
    Rule("founded", _founded),  # 成立科普协会
    Rule("divided", _divided),  # 党委下设六个支部
    Rule("manned", _manned),  # 计生协会有会员340人
    Rule("numbered", _numbered),  # 活跃着5支志愿者队伍
)
"""Rules in the order in which they are tried: what tells most of a unit comes first and names the statement."""


def statements_in(sentence: Sentence) -> Iterator[Statement]:
    """Statements of one sentence, in the order of the units' names."""
    text = sentence.document.text
    named = dict(zip(sentence.names, sentence.foundings, strict=True))
    inside = dict.fromkeys(target for _, target in sentence.links if target and target not in named)
    for name in sorted([*named, *inside], key=lambda name: name.start):
        claim = _claim(sentence, name, named.get(name))
        rule = next((rule.name for rule in RULES if rule.holds(claim)), None)
        if name in inside and not any(told_with_verb(text, frame) for frame in claim.frames):
            rule = APPOSITION
        if rule:
            yield make_statement(text, name, claim.frames, rule, founding=claim.founding, sizes=claim.sizes)


def _claim(sentence: Sentence, name: UnitName, founding: Founding | None) -> Claim:
    text = sentence.document.text
    frames = tuple(frame for frame, target in sentence.links if target == name)
    members, manned = member_sizes(text, name, sentence.end)
    number, exists = own_number(text, name, sentence.start, sentence.end)
    under = list(parts(text, name, sentence.end))
    sizes = (*members, *([number] if number else []), *under)
    own = bool(frames) and all(_is_own(text, frame) for frame in frames)
    listed = name.bare and text.startswith(_LISTING, name.end)
    return Claim(name, founding, frames, sizes, manned, number, exists, bool(under), own, listed)


def _is_own(text: str, frame: RoleFrame) -> bool:
    """Whether a role is the writer's own (我任社区书记): that tells of the writer and not of the unit."""
    return text[frame.holder_start : frame.holder_end].endswith(("我", "本人"))

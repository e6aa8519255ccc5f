"""Which sentences state a unit: an ordered table of named rules over what a sentence holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from baogao.extract.results import UnitSize
from baogao.extract.unit_frames import RoleFrame, told_with_verb
from baogao.extract.unit_names import UnitName
from baogao.extract.unit_sentences import Founding, Sentence
from baogao.extract.unit_sizes import member_sizes, own_number, parts
from baogao.extract.unit_statements import Statement, make_statement

_STANDING = ("party", "team", "association", "committee", "network")
"""Kinds of unit whose mere existence in a number is told as a structure; rooms and stations are venues."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A name with what its sentence says of it."""

    name: UnitName
    founding: Founding | None
    frames: tuple[RoleFrame, ...]
    manned: bool
    number: UnitSize | None
    exists: bool

    @property
    def strong(self) -> bool:
        """Whether a role phrase by itself tells of a structure here."""
        return any(frame.strong or 0 <= frame.start - self.name.end <= 1 for frame in self.frames)


@dataclass(frozen=True, slots=True)
class Rule:
    """A named test of whether a name, with what its sentence says of it, is the statement of a unit."""

    name: str
    holds: Callable[[_Claim], bool]


def _described(claim: _Claim) -> bool:
    before = any(frame.end <= claim.name.start for frame in claim.frames)
    return before and (claim.strong or claim.founding is not None)


def _founded_with_roles(claim: _Claim) -> bool:
    return claim.founding is not None and bool(claim.frames)


def _roles(claim: _Claim) -> bool:
    return claim.strong


def _founded(claim: _Claim) -> bool:
    named = not claim.name.bare or claim.number is not None
    if claim.founding is None or not named:
        return False
    return claim.founding.use in ("found", "born") or (claim.founding.use in ("form", "divide") and claim.name.kind == "network")


def _manned(claim: _Claim) -> bool:
    return claim.manned and not claim.name.bare


def _numbered(claim: _Claim) -> bool:
    return claim.exists and claim.name.kind in _STANDING and not claim.name.bare


RULES = (
    Rule("described", _described),  # 由校长任组长的领导小组
    Rule("founded_with_roles", _founded_with_roles),  # 成立领导小组，校长任组长
    Rule("roles", _roles),  # 领导小组由校长任组长
    Rule("founded", _founded),  # 成立科普协会
    Rule("manned", _manned),  # 计生协会有会员340人
    Rule("numbered", _numbered),  # 活跃着5支志愿者队伍
)


APPOSITION = "apposition"
"""Rule of a statement that only a post before a name makes (居委会主任王芳): it counts beside others of the same unit."""


def statements_in(sentence: Sentence) -> Iterator[Statement]:
    """Statements of one sentence, in the order of the units' names."""
    text = sentence.document.text
    named = dict(zip(sentence.names, sentence.foundings, strict=True))
    inside = dict.fromkeys(target for _, target in sentence.links if target and target not in named)
    for name in sorted([*named, *inside], key=lambda name: name.start):
        frames = tuple(frame for frame, target in sentence.links if target == name)
        members, manned = member_sizes(text, name, sentence.end)
        number, exists = own_number(text, name, sentence.start, sentence.end)
        claim = _Claim(name, named.get(name), frames, manned, number, exists)
        rule = next((rule.name for rule in RULES if rule.holds(claim)), None)
        if name in inside and not any(told_with_verb(text, frame) for frame in frames):
            rule = APPOSITION
        if rule:
            sizes = [*members, *([number] if number else []), *parts(text, name, sentence.end)]
            yield make_statement(text, name, frames, rule, founding=claim.founding, sizes=sizes)

"""Units stated in set phrases of their own: members in a list, levels in a row, a post for every house, a writer's own grid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from baogao.extract.organizations.counts import NUMBER, read_count
from baogao.extract.organizations.holders import Holder, split_holders
from baogao.extract.organizations.names import UnitName
from baogao.extract.organizations.statements import Statement, role_row
from baogao.extract.organizations.words import role_of, role_words, unit_words
from baogao.extract.results import UnitRole, UnitSize

_HAN = "[\u4e00-\u9fff]"
_LEVELS = re.compile(
    rf"[“\"]?(?P<parts>{_HAN}{{1,10}}(?:[—－–、-]{{1,2}}{_HAN}{{1,10}}?){{2,8}})[”\"]?的?"
    rf"(?P<unit>[两三四五六]级{_HAN}{{0,10}}?(?:网络|体系|网格|网))(?![络格])"
)
_LEVELS_FRONT = re.compile("^.*?(?:形成|建立健全|建立|健全|完善|构建|实行|推行)了?")
_ENUMERATED = re.compile(
    rf"(?P<unit>[“\"]?(?:[一二两三四五六七八九十]{_HAN}){{2,4}}[”\"]?)(?:[（(]|[，,]?即)(?P<parts>[^（()）。；;\n]{{8,160}})"
)
_APPOINTED = re.compile(
    rf"(?:(?P<n>{NUMBER})(?:余|多)?[名位](?P<holder>[^，,。；;\n]{{1,40}}?)(?:担任|担当|当上?|任)"
    r"|聘(?:请|任)?了?(?P<called>[^，,。；;\n]{2,40}?)(?:担任|为|任))了?(?P<unit>[^，,。；;、\s的]{2,12}员)(?=[，,。；;\n]|$)"
)
_OWN = re.compile(r"(?P<holder>我)(?:负责的?)?(?:是|担任|任)(?P<unit>[^，,。；;\s]{0,14}?网格)(?P<title>员|长)?(?=[，,。；;\n]|$)")
_LEAST_PARTS = 3


@cache
def _each() -> re.Pattern[str]:
    title = "|".join(title for title, role in role_words().titles.items() if role in ("楼栋长", "网格员", "联络员"))
    return re.compile(
        rf"(?P<unit>(?:每|各)(?:个|一)?(?:{_HAN}{{1,4}}?))(?:里|都|均|各)?(?:推举|推选|选举|选|设|配备?|聘请?|明确|确定|落实)(?:出|了|有)*"
        rf"(?P<holder>[^，,。；;\n]{{2,20}}?)(?:担任|兼任|为|任|当)(?P<title>{title})(?=[，,。；;\n]|$)"
    )


@dataclass(frozen=True, slots=True)
class Phrase:
    """A set phrase that states a unit.

    `sign` are characters one of which it holds, `read` makes a statement of a match under the rule's name.
    """

    name: str
    sign: str
    pattern: Callable[[], re.Pattern[str]]
    read: Callable[[str, re.Match[str], str], Statement | None]


def find_phrases(text: str, start: int, end: int) -> Iterator[Statement]:
    """Units that text[start:end] states in set phrases."""
    words = text[start:end]
    for phrase in PHRASES:
        if not any(sign in words for sign in phrase.sign):
            continue
        for match in phrase.pattern().finditer(text, start, end):
            if statement := phrase.read(text, match, phrase.name):
                yield statement


def _unit(match: re.Match[str], kind: str) -> UnitName:
    return UnitName(*match.span("unit"), "", kind, bare=False)


def _levels(text: str, match: re.Match[str], rule: str) -> Statement:
    """社区—网格—楼栋三级网络: the levels are its members."""
    place, roles = match.start("parts"), []
    for i, part in enumerate(re.split("[—－–、-]+", match["parts"])):
        level = _LEVELS_FRONT.sub("", part) if i == 0 else part
        first = text.index(part, place) + len(part) - len(level)
        place = first + len(level)
        roles.append(UnitRole("成员", level, first, place))
    return Statement(_unit(match, "network"), roles[0].start, match.end(), tuple(roles), (), rule)


def _enumerated(text: str, match: re.Match[str], rule: str) -> Statement | None:
    """“两校一站”（市民学校、老年学校、服务站）: what is counted is listed, and what is listed are units."""
    holders = split_holders(text, *match.span("parts"))
    heads = [_last_head(holder.text) for holder in holders]
    named = [head for head in heads if head]
    if len(holders) < _LEAST_PARTS or len(named) * 2 < len(holders):
        return None
    kinds = [unit_words().kinds[head] for head in named]
    name = _unit(match, max(sorted(set(kinds)), key=kinds.count))
    roles = tuple(UnitRole("成员", holder.text, holder.start, holder.end) for holder in holders)
    return Statement(name, match.start(), match.end(), roles, (), rule)


def _last_head(words: str) -> str | None:
    found = [match for match in unit_words().head.finditer(words) if match.end() == len(words)]
    return found[-1].group() if found else None


def _appointed(text: str, match: re.Match[str], rule: str) -> Statement | None:
    """50名退休教师担任校外辅导员: those who bear a post in a number, or are called to one, are a team."""
    group = "holder" if match["holder"] else "called"
    holders = split_holders(text, *match.span(group))
    count = read_count(match["n"]) if match["n"] else holders[0].count if holders else None
    if match["unit"] in role_words().titles or (len(holders) < 2 and not count):
        return None
    roles = tuple(role_row("成员", holder) for holder in holders)
    sizes = (UnitSize(match[group], count, *match.span(group)),) if count else ()
    return Statement(_unit(match, "team"), match.start(), match.end(), roles, sizes, rule)


def _own(text: str, match: re.Match[str], rule: str) -> Statement:
    """我是第三网格网格员: the grid that the writer keeps."""
    role = "网格员" if match["title"] == "员" else "负责人"
    return Statement(_unit(match, "network"), match.start(), match.end(), (UnitRole(role, "我", *match.span("holder")),), (), rule)


def _each_post(text: str, match: re.Match[str], rule: str) -> Statement:
    """每个楼栋推选一名热心居民担任楼栋长: the house is the unit."""
    role = role_of(match["title"])
    holders = (_uncounted(holder) for holder in split_holders(text, *match.span("holder")))
    return Statement(_unit(match, "network"), match.start(), match.end(), tuple(role_row(role, holder) for holder in holders), (), rule)


def _uncounted(holder: Holder) -> Holder:
    return Holder(holder.bare, holder.start, holder.end, holder.bare, None) if holder.bare else holder


PHRASES = (
    Phrase("levels", "级", lambda: _LEVELS, _levels),
    Phrase("enumerated", "（(即", lambda: _ENUMERATED, _enumerated),
    Phrase("appointed", "员", lambda: _APPOINTED, _appointed),
    Phrase("own", "我", lambda: _OWN, _own),
    Phrase("each", "每各", _each, _each_post),
)

"""Who holds a role: a stretch of text split into persons, posts and bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from baogao.extract.organizations.counts import NUMBER, read_count
from baogao.extract.organizations.words import role_words

_OPEN, _CLOSE = "（(“‘「《", "）)”’」》"
_JOINT = re.compile(
    r"、(?!(?<=正、)副|(?<=离、)退|(?<=专、)兼|(?<=主、)承)|[，,；;/／]|以及|外加|或者?"
    r"|(?<![共饱温祥])和(?!谐|平|睦|解|美|顺|$)|(?<![普涉顾触以])及(?!其|时|格|早)|(?<!参)与(?!会)"
)
_PUNCTUATION = "、，,：:；;。.-—"
_COUNT = rf"(?:不少于|近|约)?(?P<n>{NUMBER})(?:余|多|来)?[名位人]"
_COUNTED = re.compile(_COUNT + r"(?=[^\s月年日号级以]{2})")
_COUNTED_BEHIND = re.compile(rf"(?<=[^\s]{{2}})(?:共|各)?{_COUNT}(?:以上)?$")
_LAST_COUNTED = re.compile(rf"[^（(“]*的(?={NUMBER}(?:余|多)?[名位])")
_ET_CETERA = re.compile(rf"等(?:{NUMBER}(?:余|多)?[名位个家户人][^，。、]{{0,10}}|有关|相关|部分)?(?:单位|部门|同志|人员|人|代表)?$")
_FRONT = re.compile(
    r"(?:从[^，]{1,8}?(?:抽|选|挑|招)[调出选派聘]?了?|各?抽调?出?|就是|这(?=[一二两三四五六七八九十])|其中|包括|现任|来自"
    r"|[本我][校局院村镇乡街]的?|一批|一支|部分|确定|聘请|聘|成立了?|构建(?:一支)?)(?=..)"
)
_BACK = re.compile(
    r"(?:(?:担任|当)[^，]{1,8}员|交叉任职|[两三四五六](?:方|家|位(?:同志|老师)?)"
    r"|(?:各|分别)?抽?[一1]人|两职|共同|联合|广泛|自发|自愿|们)$"
)
_ADJECTIVAL = re.compile("[高好强深活正硬广足大熟敏富]$|^(?:热心|热爱|懂|愿|会|有|善于|关心|热情|敢|能|讲)[^、]{0,14}$")
_EX_OFFICIO = re.compile("(?:常委|党组书记|[党工组]委委员|[省市县区]委副书记|(?<=[镇乡])党委副书记)$")
_LONGEST_POST = 12
_WORD = re.compile(r"(?:[^\s（()）]| ?[（(][^）)]*[）)])+")
_BRACKETED = re.compile(r"[（(][^（()）]*[）)]?$")
_PRONOUN = re.compile("这些|那些|他们|她们|其(?!他)|自己")
_COUNT_ONLY = re.compile(rf"[共等]?(?:计|约)?{NUMBER}(?:[到至—-]{NUMBER}?)?(?:余|多)?[名位个家户人]组?成?员?")


@cache
def _shared() -> re.Pattern[str]:
    """An office behind several bodies that each of them has, with what sums them up before it."""
    return re.compile(rf"(?:等(?:{NUMBER}(?:余|多)?[个家])?(?:单位|部门|站所|科室)?)?的?(?P<shared>{role_words().shared})$")


@cache
def _named_post() -> re.Pattern[str]:
    """A post with a personal name behind it."""
    return re.compile(rf"[长记任席理][ \u3000]?{role_words().person.pattern}$")


@cache
def _named() -> re.Pattern[str]:
    """A personal name that is no mask."""
    mask = "[xX×*＊_某○]"
    return re.compile(f"(?<!{mask}){role_words().person.pattern}(?<!{mask})$")


@dataclass(frozen=True, slots=True)
class Holder:
    """One holder of a role: its text as written, where it stands, and how many there are; `bare` is the text without the number."""

    text: str
    start: int
    end: int
    bare: str
    count: int | None


def split_holders(text: str, start: int, end: int) -> list[Holder]:
    """Holders named in text[start:end].

    >>> [holder.text for holder in split_holders("党支部书记、社区主任和三名网格长", 0, 16)]
    ['党支部书记', '社区主任', '三名网格长']
    >>> [holder.text for holder in split_holders("农技站、派出所等8个单位负责人", 0, 15)]
    ['农技站负责人', '派出所负责人']
    """
    start, end = _trim(text, start, end)
    if match := _LAST_COUNTED.match(text, start, end):
        start = match.end()
    if (match := _ET_CETERA.search(text, start, end)) and match.start() > start and not _shared().search(text, match.start(), end):
        end = match.start()
    pieces = _join_ex_officio(text, _join_adjectival(text, list(_pieces(text, start, end))))
    found = (_holder(text, first, last, suffix) for (first, last), suffix in zip(pieces, _suffixes(text, pieces), strict=True))
    return [holder for holder in found if holder]


def _suffixes(text: str, pieces: list[tuple[int, int]]) -> list[str]:
    """What stands behind each piece for it and its neighbours: 司法所、派出所负责人 are two who are in charge."""
    suffixes = [""] * len(pieces)
    for i in reversed(range(len(pieces))):
        start, end = pieces[i]
        if i and (match := _shared().search(text, start, end)) and match.start() > start and not _is_post(text[slice(*pieces[i - 1])]):
            suffixes[i], pieces[i] = match["shared"], (start, match.start())
        elif i + 1 < len(pieces) and suffixes[i + 1] and not _is_post(text[start:end]):
            suffixes[i] = suffixes[i + 1]
    return suffixes


def split_block_holders(text: str, start: int, end: int) -> list[Holder]:
    """Holders in the value of a role label, where white space may divide them: names, names with posts, posts with names.

    >>> [holder.text for holder in split_block_holders("马 进 高建设", 0, 7)]
    ['马 进', '高建设']
    >>> [holder.text for holder in split_block_holders("王芳  街道党工委副书记、办事处主任", 0, 18)]
    ['王芳']
    """
    start, end = _trim(text, start, end)
    words = [match.span() for match in _spaced_words().finditer(text, start, end)]
    if len(words) == 2 and _is_person(text[slice(*words[0])]) and _is_post(text[slice(*words[1])]):
        return split_holders(text, *words[0])
    holders: list[Holder] = []
    for holder in split_holders(text, start, end):
        parts, closed = _space_groups(text, holder.start, holder.end)
        if len(parts) == 1 and parts[0] == (holder.start, holder.end):
            holders.append(holder)
        else:
            holders += [part for first, last in parts if (part := _holder(text, first, last, ""))]
        if closed:
            break
    return holders


def _is_person(word: str) -> bool:
    return bool(role_words().person.fullmatch(_BRACKETED.sub("", word)))


def _is_post(word: str) -> bool:
    return _BRACKETED.sub("", word).endswith(role_words().posts) and not _is_person(word)


@cache
def _spaced_words() -> re.Pattern[str]:
    """A personal name with a space inside, or what stands between white space, brackets included."""
    return re.compile(rf"{role_words().spaced_person}(?: ?[（(][^）)]*[）)])?(?=[\s，,、；;]|$)|{_WORD.pattern}")


def _space_groups(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], bool]:
    """Holders that white space divides in text[start:end], and whether the list of holders ends here."""
    groups: list[tuple[int, int]] = []
    for match in _spaced_words().finditer(text, start, end):
        word = match.group()
        last = text[slice(*groups[-1])] if groups else ""
        named = _is_person(word) or (len(word) in (2, 3) and not _is_post(word))
        if last and _is_post(last) and named:  # 院长 王芳
            groups[-1] = (groups[-1][0], match.end())
        elif not last or not _is_person(last) or _is_person(word):
            groups.append(match.span())
        elif not _is_post(word):
            return groups, True
    return groups, False


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans between the joints that stand outside brackets and quotes."""
    depth, first, i = 0, start, start
    while i < end:
        if text[i] in _OPEN:
            depth += 1
        elif text[i] in _CLOSE:
            depth = max(0, depth - 1)
        if not depth and (joint := _JOINT.match(text, i, end)):
            if i > first:
                yield first, i
            first = i = joint.end()
            continue
        i += 1
    if end > first:
        yield first, end


def _join_adjectival(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """懂法律、口碑好的村民 is one holder: adjectives before a 的 belong to what stands behind it."""
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        if joined and joined[-1][1] - joined[-1][0] == 1:  # 甲、乙两个班
            start = joined.pop()[0]
        if "的" in text[start:end]:
            while joined and _ADJECTIVAL.search(text[slice(*joined[-1])]):
                start = joined.pop()[0]
        joined.append((start, end))
    return joined


def _join_ex_officio(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """区委副书记、区长 is one person with two posts: the first is held by who holds the second."""
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        before = text[slice(*joined[-1])] if joined else ""
        if _EX_OFFICIO.search(before) or (_is_post(before) and len(before) <= _LONGEST_POST and _named_post().search(text[start:end])):
            start = joined.pop()[0]
        joined.append((start, end))
    return joined


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in _PUNCTUATION):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _PUNCTUATION):
        end -= 1
    return start, end


def _holder(text: str, start: int, end: int, shared: str) -> Holder | None:
    """One piece as a holder, without what introduces it."""
    start, end = _trim(text, start, end)
    if match := _FRONT.match(text, start, end):
        start = match.end()
    if match := _BACK.search(text, start, end):
        end = match.start()
    if text.endswith(("（兼）", "(兼)"), start, end):
        end -= 3
    if text.endswith("同志", start, end) and (_is_post(text[start : end - 2]) or _named().search(text[start : end - 2])):
        end -= 2
    if end <= start or _PRONOUN.match(text, start, end) or _COUNT_ONLY.fullmatch(text, start, end):
        return None
    whole = text[start:end]
    for counted in (_COUNTED.match(whole), _COUNTED_BEHIND.search(whole)):
        if counted and (count := read_count(counted["n"])):
            bare = (whole[: counted.start()] + whole[counted.end() :]).lstrip("的")
            return Holder(whole + shared, start, end, bare + shared, count)
    return Holder(whole + shared, start, end, whole + shared, None)

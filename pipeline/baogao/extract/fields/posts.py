"""The post that a personal report speaks from (我现任柳荫社区网格员): as it signs, else as its author says, else in its title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from baogao.extract.fields.names import MASK, names_in_run, words

_SIGNATURE = 120
"""Characters at the end of a report that may hold its signature."""

_REACH = 60
"""Characters before a verb in which its sentence may name the author."""

_BEARS = (
    r"(?:[现历连担出改转]任|(?<![\u4e00-\u9fff责主信胜])任(?![务何命职期意免人用])|(?<=[起年月日])任(?![务何命职期意免人用])|当选为?|选为|任命为|成为了?|作为|身为"
    r"|当(?![代时天年地然作成中前选今])|做(?![好到出了法实大强细优些完人])|是)(?:了)?(?:一[名位个])?"
)
_END = (
    r"(?=[，,。；;！!\s（(]|一职|职务|的?岗位|工作"
    r"|以来|至今|期间|时|这|已|又|[两三四五六七八九十\d]|[xX×*＊_]|[\u4e00-\u9fff]{2,3}[，,。]|$)"
)
_BY_ITSELF = re.compile(
    r"[\dxX×*＊_一二三四五六七八九十〇○年月日初底]*(?:自从?|从|于|在|起|开始|以来|一晃|转眼间?|这是|先后|曾|又|再次|最终|终于"
    r"|光荣地?|幸运地?|有幸|被[^，,]{1,14}|(?:选派|来|调)?到[^，,]{1,10}|[\s“”])*+"
)
_AUTHOR = re.compile("我|本人")
_NOT_AUTHOR = re.compile("我们|让我|给我|对我|带我|跟我|和我|与我|我[市县区镇乡村校院局所厂社街站]")
_QUALIFIED = re.compile("^.*一[名位个].*的")
_WISHED = re.compile("合格|称职|优秀|好|更")
_SENTENCE = "。！？!?\n"
_CLAUSE = _SENTENCE + "，,；;：:"


def find_post(text: str, title: str) -> str | None:
    """The post, as written. Of those that the author says to hold, one that names its unit stands before others."""
    signed = _signed().search(text, max(0, len(text) - _SIGNATURE))
    if signed:
        return signed["labelled"] or signed["alone"]
    own = list(_own_posts(text))
    return next(filter(None, map(_with_unit, own)), None) or next(iter(own), None) or _titled(title)


@cache
def _post() -> str:
    """Pattern of one post or of several that one person holds: 村党支部书记、村委会主任."""
    ends = "|".join(sorted(words("posts") | words("post_ends"), key=lambda word: (-len(word), word)))
    one = rf"[^，,。；;！!：:、\s（()）]{{0,20}}?(?:{ends})"
    return rf"{one}(?:(?:兼|、){one})*"


@cache
def _held() -> re.Pattern[str]:
    """What somebody is said to be."""
    return re.compile(rf"{_BEARS}(?P<held>{_post()}){_END}|(?:在|立足)(?P<place>{_post()})(?:这个|的)?岗位")


@cache
def _signed() -> re.Pattern[str]:
    """A post in the signature: behind a label, or with a name behind it in a line of its own."""
    label, alone = (
        rf"述[职廉]人?[：:]\s*(?P<labelled>{_post()})(?=\s|$)",
        rf"^[ \u3000]*(?P<alone>{_post()})[ \u3000]+[^\s，。：:、]{{2,4}}[ \u3000]*$",
    )
    return re.compile(f"{label}|{alone}", re.MULTILINE)


def _own_posts(text: str) -> Iterator[str]:
    """Posts that the author says to hold, in order."""
    for match in _held().finditer(text):
        if _is_own(text, match) and not _WISHED.match(match["held"] or ""):
            yield _QUALIFIED.sub("", match["held"] or match["place"])


def _is_own(text: str, match: re.Match[str]) -> bool:
    """Whether the subject of the verb is the author: named before it in the sentence, or nobody in the verb's clause."""
    start = max(0, match.start() - _REACH)
    sentence = max((text.rfind(mark, start, match.start()) + 1 for mark in _SENTENCE), default=start)
    clause = max(text.rfind(mark, start, match.start()) + 1 for mark in _CLAUSE)
    named = _AUTHOR.search(_NOT_AUTHOR.sub("", text[max(start, sentence) : match.start()])) is not None
    alone = _BY_ITSELF.fullmatch(text, max(start, clause), match.start()) is not None
    if match.group().startswith("是"):
        return named and (alone or text[match.start() - 1] in "我人")
    return alone or (named and _AUTHOR.search(text, max(start, clause), match.start()) is not None)


def _with_unit(post: str) -> str | None:
    """A post that names its unit, without the places above that; None for one that names none."""
    name = next(names_in_run(post), None)
    if name is None:
        return None
    return post[post.index(name.place) :] if name.place and name.place.endswith(("社区", "村")) else post


def _titled(title: str) -> str | None:
    """The post that begins a title, with what qualifies it: 社区党委书记2019年度述职报告; a post alone (书记) names nobody's."""
    post = re.match(rf"[\u4e00-\u9fff{MASK}]{{0,16}}?{_post()}(?=20|\d|年|述|个人)", title)
    return post.group() if post and post.group() not in words("posts") and not post.group().startswith(("年", "关于")) else None

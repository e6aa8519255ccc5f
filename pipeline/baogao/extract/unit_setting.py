"""What the words around a statement tell of a unit: whether it exists, when it was founded, who set it up."""

from __future__ import annotations

import re
from functools import cache

from baogao.extract.context import Context
from baogao.extract.times import TimeExpression
from baogao.extract.unit_counts import NUMBER
from baogao.extract.unit_statements import Statement
from baogao.extract.unit_words import CLAUSE_END, unit_words

_FOUNDED_KINDS = ("date", "month", "year")
_REACH = 40
"""Characters before a founding verb, or behind it, where its date may stand."""

_PROSPECT = re.compile("将|拟|计划|打算|准备|力争|争取|要(?!求|素|点|闻)|明年|今后|下一步|继续|进一步|应当?|须|尽快|再(?=建|组|成|发)")
_FACT = re.compile("了|已|现有|共有|先后|去年|过|始建|目前")
_PLAN_GENRES = ("plan", "scheme")
_LEADING = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]|[一二三四五六七八九十]是|为了?[^，]{0,30}|并且?|同时|目前|首先|其中|今年|去年|年初|年底|年内|我们|要|将|拟|全[区县市乡镇村]|已有|\s)+"
)
_ADVERBS = re.compile(
    r"(?:相应|相继|先后|专门|及时|也|都|均|全都|又|还|再|已经?|重新|率先|共同|联合|分别|同步|自发|自愿|牵头|发文|下文|即|就|要|将|拟|必须|新|逐步|年初|进一步|根据[^，]{2,12}|\s)+$"
)
_PLACE = re.compile(r"^(?:[^在]{0,6})?在(?P<place>[^在，]{1,14}?)(?:里|内|中|上|率先|分别|新|先)*$")
_BODY = re.compile(r"(?:[社园校地县城乡街市]区|[村乡镇县市区局所院校馆厂站部处办会委组队园社团里上级场]|街道|公司|企业|单位|党委|支部|机关|中心|商场|市场|班子|政府|指挥部|乡镇|小学|中学|大学|年级|[各每]班|车间|分厂|小区|网格)$")


def status_of(context: Context, statement: Statement) -> str:
    """`planned` for what is to be set up: in plans and schemes, unless told as a fact, and elsewhere where a verb looks ahead."""
    text = context.document.text
    verb = statement.founding
    first = verb.start if verb else statement.start
    clause = text[_clause_start(text, first) : first]
    told = text[first : min(statement.end, first + 40)]
    if verb and verb.use == "renew":
        return "existing"
    if context.genre in _PLAN_GENRES:
        return "existing" if re.search("已|现有|共有|先后", clause + told) or (verb and text[verb.end : verb.end + 1] == "了") else "planned"
    heading = context.heading_at(statement.start)
    ahead = _PROSPECT.search(clause) or (heading is not None and heading.kind == "plan")
    return "planned" if ahead and not _FACT.search(clause + told) else "existing"


def founded_of(context: Context, statement: Statement) -> str | None:
    """Date (EDTF) of the verb that founds the unit: the last before it in its sentence, or the one right behind it."""
    verb = statement.founding
    if verb is None or verb.use not in ("found", "born"):
        return None
    text = context.document.text
    end = verb.end if verb.use == "born" else verb.start
    first = max(text.rfind("\n", 0, end) + 1, text.rfind("。", 0, end) + 1, end - _REACH - (verb.end - verb.start if verb.use == "born" else 0))
    before = [time for time in context.times_in(first, end) if _dates(time)]
    behind = [time for time in context.times_in(verb.end, verb.end + _REACH) if _dates(time) and text[verb.end : time.start] in ("于", "于是", "在")]
    found = behind[:1] or before[-1:]
    return found[0].edtf if found else None


def _dates(time: TimeExpression) -> bool:
    return time.kind in _FOUNDED_KINDS and time.edtf is not None and "/" not in time.edtf


def parent_of(text: str, statement: Statement) -> str | None:
    """The unit that founds this one or that it stands under: the subject of the verb, or the place where it is founded."""
    verb = statement.founding
    if verb is None or verb.use == "born":
        return None
    clause = _LEADING.sub("", text[_clause_start(text, verb.start) : verb.start])
    clause = _ADVERBS.sub("", clause)
    if place := _PLACE.match(clause):
        clause = place["place"]
    clause = re.sub(rf"^.*?(?:年|月|日|底|初|上旬|中旬|下旬|[^，]后)(?=.)", "", clause) if re.search(r"\d|年初|月", clause) else clause
    clause = re.sub(rf"^(?:全[区县市乡镇村街])?{NUMBER}(?:余|多)?[个家支名所]", "", clause)
    return clause if 1 <= len(clause) <= 14 and _BODY.search(clause) else None


def _clause_start(text: str, place: int) -> int:
    while place and text[place - 1] not in CLAUSE_END + "。":
        place -= 1
    return place

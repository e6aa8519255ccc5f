"""The unit that a unit belongs to: who founds it, where it is founded, or what its name says."""

from __future__ import annotations

import re

from baogao.extract.organizations.counts import NUMBER
from baogao.extract.organizations.statements import Statement
from baogao.extract.organizations.words import CLAUSE_END, unit_words

_LONGEST_CLAUSE = 200
_LONGEST_SUBJECT = 14
_CLAUSES_BEFORE = 3
"""Clauses before the founding verb's own in which its subject is looked for."""

_DATE = "[0-9一二三四五六七八九十xX*×]+[年月日](?:份|初|底|中旬|上旬|下旬)?"
_ITEM = r"[（(]?[一二三四五六七八九十\d]+[)）、.．](?:\d+[.．]?)*|[一二三四五六七八九十]是"
_LEADING = re.compile(
    rf"^(?:{_DATE}|{_ITEM}|为了?[^，]{{0,30}}|并且?|同时|目前|首先|其中|今年|去年|年初|年底|年内|我们|要|将|拟|把|全[区县市乡镇村]|已有|\s)+"
)
_ADVERBS = re.compile(
    r"(?:相应|相继|先后|专门|及时|也|都|均|全都|又|还|再|已经?|重新|率先|共同|联合|分别|同步|自发|自愿|牵头|发文|下文|即|就|要|将|拟"
    r"|必须|新|逐步|年初|进一步|根据[^，]{2,12}|\s)+$"
)
_COUNTED = re.compile(rf"^(?:[我全]?[区县市乡镇村街])?(?:已有)?(?:{NUMBER}(?:余|多)?[个家支名所]|(?:超过|近)?[\d.]+[%％]的)")
_PLACE = re.compile(r"^(?:[^在]{0,6})?在(?P<place>[^在，]{1,14}?)(?:里|内|中|上|率先|分别|新|先)*$")
_BODY = re.compile(
    r"(?:[社园校地县城乡街市]区|[支总]行|[村乡镇县市区局所院校馆厂站部处办会委组队园社团里上级场]|街道|公司|企业|单位|党委|支部|机关|中心"
    r"|商场|市场|班子|政府|乡镇|小学|中学|大学|年级|[各每]班|车间|网格)$"
)
_NO_BODY = re.compile("[，,。；;]|会同|换届|大会")
_FIRST_BODY = re.compile(
    r"(?P<body>(?:[社园校地街]区|我?[区县乡镇村街院校局所场馆]里?|[乡镇]?党委|党支部|学校|街道|支行|公司|工会|[居村]委会|厂里|市场|协会|园区|中心))"
    r"(?=连夜|召开|高度|重新|根据|按照|结合|研究|决定|专门|及时|积极|从|把|将|对|为|还|先后|设|组织|通过|进一步|加强|建立|制定|切实|认真|在)"
)
_BELOW = re.compile("(?P<unit>[\u4e00-\u9fff]{1,12}?)下设")
_DIVIDED_REACH = 400
"""Characters behind 下设 within which groups are listed."""


def parent_of(text: str, statement: Statement) -> str | None:
    """The unit that founds this one or that it stands under: the subject of the verb, the place, or the unit named before 办公室."""
    name = text[statement.name.start : statement.name.end]
    if statement.name.kind == "office" and (inner := _inner_unit(name)):
        return inner
    verb = statement.founding
    if verb is None and statement.name.head == "组":
        return _divided(text, statement.start)
    if verb is None or verb.use == "born":
        return None
    start = clause_start(text, verb.start)
    subject = _subject(text[start : verb.start])
    for _ in range(_CLAUSES_BEFORE):  # 学校召开会议，成立了…
        if subject or not start or text[start - 1] not in "，,":
            break
        end, start = start - 1, clause_start(text, start - 1)
        subject = _first_body(text[start:end])
    return subject


def _divided(text: str, place: int) -> str | None:
    """The unit last said to have groups under it: 指挥部下设六个组: …"""
    found = list(_BELOW.finditer(text, max(0, place - _DIVIDED_REACH), place))
    return found[-1]["unit"] if found else None


def _inner_unit(name: str) -> str | None:
    """领导小组办公室 stands under the 领导小组."""
    found = [match for match in unit_words().head.finditer(name) if match.end() < len(name)]
    return name[: found[-1].end()] if found else None


def _subject(clause: str) -> str | None:
    """What stands before a verb in its clause, if it names a body."""
    words = _ADVERBS.sub("", _LEADING.sub("", clause))
    if place := _PLACE.match(words):
        words = place["place"]
    words = _COUNTED.sub("", words)
    return words if 1 <= len(words) <= _LONGEST_SUBJECT and _BODY.search(words) and not _NO_BODY.search(words) else None


def _first_body(clause: str) -> str | None:
    match = _FIRST_BODY.match(_LEADING.sub("", clause))
    return match["body"] if match else None


def clause_start(text: str, place: int) -> int:
    """Where the clause begins that holds text[place - 1]."""
    limit = max(0, place - _LONGEST_CLAUSE)
    while place > limit and text[place - 1] not in CLAUSE_END + "。":
        place -= 1
    return place

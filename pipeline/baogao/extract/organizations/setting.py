"""What the words around a statement tell of a unit: whether it exists, and when it was founded."""

from __future__ import annotations

import re

from baogao.extract.context import Context
from baogao.extract.organizations.parents import clause_start
from baogao.extract.organizations.statements import Statement
from baogao.extract.times import TimeExpression

_PLAN_GENRES = ("plan", "scheme")
_PROSPECT = re.compile("将|拟|计划|打算|准备|力争|争取|要(?!求|素|点|闻)|明年|今后|下一步|继续|进一步|应当?|须|尽快|再(?=建|组|成|发)")
_FACT = re.compile("了|已|现有|共有|先后|去年|过|始建|目前")
_FACT_IN_PLAN = re.compile("已|现有|共有|先后")
_TOLD = 40
"""Characters of a statement in which a word of fact counts."""

_FOUNDED_KINDS = ("date", "month", "year")
_REACH = 40
"""Characters before a founding verb, or behind it, where its date may stand."""


def status_of(context: Context, statement: Statement) -> str:
    """`planned` for what is to be set up: in plans and schemes, unless told as a fact, and elsewhere where a verb looks ahead."""
    text, verb = context.document.text, statement.founding
    if verb and verb.use == "renew":
        return "existing"
    first = verb.start if verb else statement.start
    clause, told = text[clause_start(text, first) : first], text[first : min(statement.end, first + _TOLD)]
    if verb and verb.use == "divide":  # 将辖区划分为六个网格 tells what was divided
        clause = clause.replace("将", "", 1)
    if context.genre in _PLAN_GENRES:
        done = verb is not None and text.startswith("了", verb.end)
        return "existing" if done or _FACT_IN_PLAN.search(clause + told) else "planned"
    heading = context.heading_at(statement.start)
    ahead = _PROSPECT.search(clause) or (heading is not None and heading.kind == "plan")
    return "planned" if ahead and not _FACT.search(clause + told) else "existing"


def founded_of(context: Context, statement: Statement) -> str | None:
    """Date (EDTF) of the verb that founds the unit: the one right behind it (成立于…), else the last before it in its sentence."""
    text, verb = context.document.text, statement.founding
    if verb is None or verb.use not in ("found", "born"):
        return None
    behind = [
        time for time in context.times_in(verb.end, verb.end + _REACH) if _dates(time) and text[verb.end : time.start] in ("于", "在")
    ]
    end, reach = (verb.end, verb.end - verb.start + _REACH) if verb.use == "born" else (verb.start, _REACH)
    first = max(end - reach, 0)
    first = max(first, text.rfind("\n", first, end) + 1, text.rfind("。", first, end) + 1)
    found = behind[:1] or [time for time in context.times_in(first, end) if _dates(time)][-1:]
    return found[0].edtf if found else None


def _dates(time: TimeExpression) -> bool:
    return time.kind in _FOUNDED_KINDS and time.edtf is not None and "/" not in time.edtf

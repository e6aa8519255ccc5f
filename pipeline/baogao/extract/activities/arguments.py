"""Who, where, with whom, for whom and what: the arguments of an act, read from its clause by rules."""

from __future__ import annotations

import re
from functools import cache

from baogao.extract.activities.numbers import Number, best_count, best_people, is_people, numbers_in
from baogao.extract.activities.people import find_audience, find_organizer, find_partners
from baogao.extract.activities.places import find_place
from baogao.extract.context import Context
from baogao.extract.results import Arguments
from baogao.language.sentences import Span
from baogao.resources import load_yaml

LONGEST_CLAUSE = 400
"""Characters of an act, counted from the start of its clause, that are read for places and people."""
REACH = 80
"""Characters before an act in which its clause can begin."""


def read_arguments(context: Context, span: Span, head: Span, type_: str) -> Arguments:
    """Arguments of the act in text[span], whose head clause is text[head]."""
    clause = _without_times(context, (_clause_start(context.document.text, span[0]), span[1]))[:LONGEST_CLAUSE]
    text, numbers = context.document.text, list(numbers_in(context, span))
    people = best_people(text, [number for number in numbers if is_people(number)])
    pieces = best_count(text, [number for number in numbers if not is_people(number)])
    partners, organizer = find_partners(clause), find_organizer(clause)
    return Arguments(
        _name(context, head, organizer), find_place(clause), organizer, partners, find_audience(clause, partners),
        people.value if people else None, pieces.value if pieces else None, pieces.measure if pieces else None,
        _measure(context.document.text[slice(*span)], type_, pieces),
    )  # fmt: skip


def _clause_start(text: str, start: int) -> int:
    """Where the clause begins in which an act starts: what stands before the first item of a list counts for all of them."""
    marks = [match.end() for match in _MARKS.finditer(text, max(0, start - REACH), start)]
    return marks[-1] if marks else max(0, start - REACH)


_MARKS = re.compile("[，,。；;：:！？!?\n]")


def _without_times(context: Context, span: Span) -> str:
    """The text of a span, its time expressions (and 前后, 期间 behind them) taken out."""
    text, pieces, last = context.document.text, [], span[0]
    for time in context.times_in(*span):
        pieces.append(text[last : time.start])
        last = max(last, time.end)
    pieces.append(text[last : span[1]] if last < span[1] else "")
    return _AFTER_TIME.sub("", "\0".join(pieces)).replace("\0", "").lstrip("，,：: ")


_AFTER_TIME = re.compile(
    "\0(?:[上下]午|晚上?|早上|中午|傍晚|凌晨)?(?:前夕|前后|期间|之际|以来|以前|之前|开始|起|里|间|前|后|份|当天|那天)?"
)


_STOCK = re.compile("(?:共建有|共有|现有|建有|设有|拥有|目前|现已有|已有|订有|藏书|备有)")
_CASES = re.compile("(?:受理|办结|办理|调解|调处|化解|接待|处理|查处|代办|登记|转办|审核|答复|接访)")
_CASE_UNITS = ("件", "起", "宗", "例", "户", "项", "人次")


def _measure(text: str, type_: str, pieces: Number | None) -> str:
    """stock: what exists; caseload: cases handled; flow: all else."""
    if _STOCK.search(text):
        return "stock"
    if pieces and pieces.measure in _CASE_UNITS and (_CASES.search(text) or type_ == "mediation"):
        return "caseload"
    return "flow"


@cache
def _openings() -> re.Pattern[str]:
    words = load_yaml("configs", "words", "acts.yaml")
    skip = {word for group in ("intention", "habit", "completion", "event_verbs", "effort", "frame") for word in words[group]}
    return re.compile(f"(?:{'|'.join(sorted(skip, key=lambda word: (-len(word), word)))})+了?")


def _name(context: Context, head: Span, subject: str | None) -> str:
    """The head clause without what dates, counts or introduces the act."""
    clause = _without_times(context, head)
    if subject and subject in clause:
        clause = clause[clause.index(subject) + len(subject) :]
    opening = _openings().match(clause)
    name = clause[opening.end() :] if opening and opening.end() < len(clause) - 1 else clause
    return _TRAILING.sub("", name).strip("，,。；;：:、 的") or clause


_TRAILING = re.compile(
    "(?:共|共计|达)?[0-9０-９零一二两三四五六七八九十百千万余多近]{1,8}(?:人次|场次|批次|[次场期份册套张条幅块处个户件起台部支人名项])$"
)

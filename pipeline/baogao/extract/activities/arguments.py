"""Who, where, with whom, for whom and what: the arguments of an act, phrases chosen by a model, numbers and name by rules."""

from __future__ import annotations

import re
from functools import cache

from baogao.classify.arguments import Phrase, Phrases
from baogao.extract.activities.numbers import Number, best_count, best_people, is_people, numbers_in
from baogao.extract.context import Context
from baogao.extract.results import Arguments
from baogao.language.sentences import Span
from baogao.resources import load_yaml


def read_arguments(context: Context, span: Span, head: Span, type_: str, phrases: Phrases) -> Arguments:
    """Arguments of the act in text[span], whose head clause is text[head]; `phrases` are those that the model chose for it."""
    text, numbers = context.document.text, list(numbers_in(context, span))
    people = best_people(text, [number for number in numbers if is_people(number)])
    pieces = best_count(text, [number for number in numbers if not is_people(number)])
    said = {name: tuple(_words(context, phrase) for phrase in chosen) for name, chosen in phrases.items()}
    place, organizer, audience = (next(iter(said.get(name, ())), None) for name in ("place", "organizer", "audience"))
    partners = tuple(_LEADING_COUNT.sub("", partner) for partner in said.get("partners", ()))
    return Arguments(
        _name(context, head, organizer), place, organizer, partners, _LEADING_COUNT.sub("", audience) if audience else None,
        people.value if people else None, pieces.value if pieces else None, pieces.measure if pieces else None,
        _measure(text[slice(*span)], type_, pieces),
    )  # fmt: skip


_LEADING_COUNT = re.compile(
    "^(?:约|近|共|各|另|全部|其中)?[0-9０-９零一二两三四五六七八九十百千万几余多近xX×*＊_]{1,12}[余多来]?(?:人次|[名位个家户支所])的?(?=.{2})"
)
"""How many they are is no part of who they are: 27户困难职工."""


def _words(context: Context, phrase: Phrase) -> str:
    """The words of a phrase, on one line and without the quotation mark that opens or closes outside it."""
    words = re.sub(r"\s+", "", context.document.text[phrase.start : phrase.end])
    return words.strip("“”") if words.count("“") != words.count("”") else words


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

"""Activities: which clauses tell one, and its type, status, time and arguments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from baogao.classify.activity import ActivityModel
from baogao.classify.arguments import Phrases
from baogao.classify.clauses import split_into_clauses
from baogao.classify.dating import TimeRun
from baogao.classify.genre import PROSPECTIVE
from baogao.classify.surroundings import Marked, Surroundings
from baogao.extract.activities.arguments import read_arguments
from baogao.extract.activities.spans import HEAD, THRESHOLDS, ActSpan, find_spans, without_repeats
from baogao.extract.context import Context
from baogao.extract.corrections import Correction, correct_acts, correct_spans
from baogao.extract.results import Act, Judged, Unit
from baogao.resources import load_yaml
from baogao.settings import ExtractSettings


def find_activities(
    context: Context, units: Sequence[Unit], model: ActivityModel, settings: ExtractSettings, corrections: Sequence[Correction] = ()
) -> tuple[tuple[Act, ...], tuple[Judged, ...]]:
    """Activities of a report in the order of its text, and every clause that the model judged.

    A clause that states an organizational structure is none of its activities. `settings.focus` moves the probability that an
    activity needs; what the model judged stays on record also where a correction says otherwise.
    """
    clauses = split_into_clauses(context.document.text, context.document.sentences)
    if not clauses:
        return (), ()
    around = surroundings_of(context)
    probabilities = model.judge(around, clauses)
    found = find_spans(clauses, probabilities, THRESHOLDS[settings.focus])
    kept = without_repeats(found, context.document.text)
    accepted = {act.head for act in kept}
    judged = tuple(
        Judged("activity", clause.start, clause.end, float(probability), (clause.start, clause.end) in accepted)
        for clause, probability in zip(clauses, probabilities[:, HEAD], strict=True)
    )
    return correct_acts(_acts(context, around, correct_spans(kept, corrections), model), corrections), judged


def surroundings_of(context: Context) -> Surroundings:
    """What the activity models read of a report."""
    headings = tuple(Marked(heading.start, heading.end, heading.kind, heading.level) for heading in context.headings)
    times = tuple(Marked(time.start, time.end, time.kind) for time in context.times)
    return Surroundings(context.document, context.genre, headings, times)


def _acts(context: Context, around: Surroundings, found: Sequence[ActSpan], model: ActivityModel) -> list[Act]:
    spans = [(act.span, act.head) for act in found]
    types, status = model.describe(around, spans)
    phrases = model.arguments.choose(around, spans)
    runs = model.dating.choose(around, [act.span for act in found])
    return [
        _act(context, act, type_, _status(context, act, state), run, said)
        for act, type_, state, run, said in zip(found, types, status, runs, phrases, strict=True)
    ]


@cache
def _regular() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, load_yaml("configs", "words", "status.yaml")["regular"])))


def _status(context: Context, act: ActSpan, told: str) -> str:
    """Status of an act that the model calls `told`: always planned in a plan, routine where a word says that it recurs."""
    if context.genre in PROSPECTIVE:
        return "planned"
    return "routine" if told == "done" and _regular().search(context.document.text, *act.span) else told


def _act(context: Context, act: ActSpan, type_: str, status: str, run: TimeRun | None, said: Phrases) -> Act:
    times = context.times[run.first : run.last] if run else ()
    months = times[0].months if len(times) == 1 else tuple(sorted({month for time in times for month in time.months}))
    return Act(
        *act.span, type=type_, status=status, time=times[0] if times else None,
        time_text=context.document.text[run.start : run.end] if run else None, edtf=times[0].edtf if len(times) == 1 else None,
        months=months, arguments=read_arguments(context, act.span, act.head, type_, said), score=act.score,
    )  # fmt: skip

"""Activities: which clauses tell one, and its type, status, time and arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from baogao.classify.activity import ActivityModel
from baogao.classify.arguments import Phrases
from baogao.classify.clauses import Clause, split_into_clauses
from baogao.classify.dating import TimeRun
from baogao.classify.genre import PROSPECTIVE
from baogao.classify.linear import Floats
from baogao.classify.surroundings import Joined, Marked, Surroundings
from baogao.extract.activities.arguments import read_arguments
from baogao.extract.activities.spans import HEAD, THRESHOLDS, ActSpan, find_spans, without_repeats
from baogao.extract.context import Context
from baogao.extract.corrections import Correction, correct_acts, correct_spans
from baogao.extract.results import Act, Judged
from baogao.resources import load_yaml
from baogao.settings import ExtractSettings

Found = tuple[tuple[Act, ...], tuple[Judged, ...]]
"""Activities of a report in the order of its text, and every clause that the model judged."""


def find_activities(
    contexts: Sequence[Context], model: ActivityModel, settings: ExtractSettings, corrections: Sequence[Sequence[Correction]] | None = None
) -> list[Found]:
    """Activities of some reports, which the models look at together; what is found in one does not depend on the others.

    `settings.focus` moves the probability that an activity needs; what the model judged stays on record also where a correction
    says otherwise.
    """
    said = corrections or [()] * len(contexts)
    clauses = [split_into_clauses(context.document.text, context.document.sentences) for context in contexts]
    joined = Joined(tuple(map(surroundings_of, contexts)))
    judged = [
        _accept(context, of_report, probabilities, THRESHOLDS[settings.focus])
        for context, of_report, probabilities in zip(contexts, clauses, model.judge(joined, clauses), strict=True)
    ]
    kept = [correct_spans(spans, own) for (spans, _), own in zip(judged, said, strict=True)]
    acts = _acts(contexts, joined, kept, model)
    return [(correct_acts(of_report, own), candidates) for of_report, (_, candidates), own in zip(acts, judged, said, strict=True)]


def surroundings_of(context: Context) -> Surroundings:
    """What the activity models read of a report."""
    headings = tuple(Marked(heading.start, heading.end, heading.kind, heading.level) for heading in context.headings)
    times = tuple(Marked(time.start, time.end, time.kind) for time in context.times)
    return Surroundings(context.document, context.genre, headings, times)


def _accept(
    context: Context, clauses: Sequence[Clause], probabilities: Floats, threshold: float
) -> tuple[list[ActSpan], tuple[Judged, ...]]:
    """The acts among a report's clauses, and all its clauses with what became of them."""
    kept = without_repeats(find_spans(clauses, probabilities, threshold), context.document.text)
    accepted = {act.head for act in kept}
    judged = tuple(
        Judged("activity", clause.start, clause.end, probability, (clause.start, clause.end) in accepted)
        for clause, probability in zip(clauses, probabilities[:, HEAD].tolist(), strict=True)
    )
    return kept, judged


def _acts(contexts: Sequence[Context], joined: Joined, found: Sequence[Sequence[ActSpan]], model: ActivityModel) -> Iterator[list[Act]]:
    spans = [[(act.span, act.head) for act in acts] for acts in found]
    described = model.describe(joined, spans)
    dated = model.dating.choose(joined.reports, [[act.span for act in acts] for acts in found])
    for context, around, acts, places, kinds, runs in zip(contexts, joined.reports, found, spans, described, dated, strict=True):
        phrases = model.arguments.choose(around, places) if acts else []
        yield [
            _act(context, act, type_, _status(context, act, state), run, said)
            for act, (type_, state), run, said in zip(acts, kinds, runs, phrases, strict=True)
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

"""Which time expression dates an act: a model over pairs of an act and a time expression near it.

A pair is described by where the expression stands (in the act's own clause, before it in the sentence, in its heading, at the head
of its line ...), by its kind, by what lies between, and by whether another act holds it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baogao.classify.features import FeatureRows, Matrix, add_flags
from baogao.classify.linear import LinearModel
from baogao.classify.surroundings import Surroundings
from baogao.language.sentences import Span
from baogao.records import GENRES, TIME_KINDS

YES, NO = "yes", "no"
RELATIONS = ("own", "sentence", "behind", "heading", "line", "earlier", "stated")
_CONNECTED = re.compile('[”"’]?(?:期间|前夕|前后|前|后|节)?[、,，和及与]{1,2}(?:以及)?[“"‘]?')
_STATED = re.compile(r"(?:时间|日期|日程)(?:安排)?[:：为]?")
_FOLLOWERS = ("起", "开始", "前", "后", "期间", "底", "的", "以来", "，", "。", "至", "）", ")", "：", ":", "、")
_TOTALS = re.compile("(?:全年|一年来|累计|共|先后|另|再|目前|现|已)")
_STOP, _HALF_STOP, _COMMA = re.compile("[。！？!?\n]"), re.compile("[；;]"), re.compile("[，,]")
EARLIER = 150
"""Characters before the sentence of an act in which an expression can still date it."""
_NEAR_LINES = 300
"""Characters around an act within which a line that states a time (时间：...) can belong to it."""


@dataclass(frozen=True, slots=True)
class TimeRun:
    """Time expressions times[first:last] that stand in a row (春节、元宵节和国庆节) and count as one."""

    first: int
    last: int
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class DatingModel:
    """Chooses the time expressions that date acts."""

    model: LinearModel

    def choose(self, reports: Sequence[Surroundings], acts: Sequence[Sequence[Span]]) -> list[list[TimeRun | None]]:
        """For each act of each report the run of time expressions that dates it, None if none does.

        Acts are decided in their order, since an act that follows a dated one tends to keep its date.
        """
        pairs = [list(candidate_pairs(around, spans)) for around, spans in zip(reports, acts, strict=True)]
        fresh, kept = (self._margins(reports, acts, pairs, continued) for continued in (False, True))
        chosen: list[list[TimeRun | None]] = [[None] * len(spans) for spans in acts]
        for of_report, runs in zip(pairs, chosen, strict=True):
            last, best = -1, 0.0
            for act, run, _ in of_report:
                best = best if act == last else 0.0
                last = act
                free, continued = next(fresh), next(kept)
                margin = continued if act and runs[act - 1] == run else free
                if margin > best:
                    best, runs[act] = margin, run
        return chosen

    def _margins(
        self, reports: Sequence[Surroundings], acts: Sequence[Sequence[Span]], pairs: Sequence[Sequence[Pair]], continued: bool
    ) -> Iterator[float]:
        """Log odds of each pair, if the act before is dated by the same run (`continued`) or not."""
        described = [pair_flags(*of, [continued] * len(of[2])) for of in zip(reports, acts, pairs, strict=True)]
        scores = self.model.scores(pair_features(described))
        margins: list[float] = (scores[:, self.model.classes.index(YES)] - scores[:, self.model.classes.index(NO)]).tolist()
        return iter(margins)


Pair = tuple[int, TimeRun, str]
"""Number of the act, run, and how the run stands to it (one of RELATIONS)."""


def candidate_pairs(around: Surroundings, acts: Sequence[Span]) -> Iterator[Pair]:
    """Every act with the runs that may date it."""
    text, runs = around.document.text, time_runs(around)
    starts = [run.start for run in runs]
    sentence_starts = [start for start, _ in around.document.sentences]
    stated = [run for run in runs if _STATED.fullmatch(text, max(0, run.start - 6), run.start) or _states(text, run)]
    for number, (start, end) in enumerate(acts):
        sentence = around.document.sentences[max(0, bisect_right(sentence_starts, start) - 1)]
        line = text.rfind("\n", 0, start) + 1
        seen: set[int] = set()

        def new(low: int, high: int, relation: str, number: int = number, seen: set[int] = seen) -> Iterator[Pair]:
            for run in runs[bisect_left(starts, low) : bisect_left(starts, high)]:
                if run.start not in seen:
                    seen.add(run.start)
                    yield number, run, relation

        yield from new(start, end, "own")
        yield from new(sentence[0], start, "sentence")
        yield from new(end, min(sentence[1], end + 20), "behind")
        for heading in around.headings_over(start):
            yield from new(heading.start, heading.end, "heading")
        yield from new(line, min(line + 6, start), "line")
        yield from new(max(line, sentence[0] - EARLIER), sentence[0], "earlier")
        for run in stated:
            if abs(run.start - start) < _NEAR_LINES and run.start not in seen:
                yield number, run, "stated"


def _states(text: str, run: TimeRun) -> bool:
    """Whether the run stands on a line that says it is a time: 活动时间：9月19日."""
    line = text.rfind("\n", 0, run.start) + 1
    return run.start - line < 16 and _STATED.search(text, line, run.start) is not None


def time_runs(around: Surroundings) -> list[TimeRun]:
    """The report's time expressions, those in a row joined."""
    text, times = around.document.text, around.times
    runs: list[TimeRun] = []
    for i, time in enumerate(times):
        if runs and _CONNECTED.fullmatch(text, runs[-1].end, time.start) and time.kind != "recurring":
            last = runs.pop()
            runs.append(TimeRun(last.first, i + 1, last.start, time.end, last.kind))
        else:
            runs.append(TimeRun(i, i + 1, time.start, time.end, time.kind))
    return runs


def pair_features(flags: Sequence[Sequence[Sequence[int]]]) -> tuple[Matrix, ...]:
    """A row of features a pair, in one block, from the flags of each report's pairs."""
    each = [flag for of_report in flags for flag in of_report]
    rows = FeatureRows(len(each))
    add_flags(rows, each)
    return (rows.matrix(),)


def pair_flags(around: Surroundings, acts: Sequence[Span], pairs: Sequence[Pair], continued: Sequence[bool]) -> list[list[int]]:
    """What describes each pair of a report; continued[i] says whether the act before is dated by the same run."""
    own: dict[int, list[TimeRun]] = {}
    for act, run, relation in pairs:
        if relation == "own":
            own.setdefault(act, []).append(run)
    holders = {run.start: [number for number, (start, end) in enumerate(acts) if start <= run.start < end] for _, run, _ in pairs}
    return [
        _pair_flags(around, acts, pair, (own.get(pair[0], []), holders[pair[1].start])) + _kept_flags(around, acts, pair, kept)
        for pair, kept in zip(pairs, continued, strict=True)
    ]


def _pair_flags(around: Surroundings, acts: Sequence[Span], pair: Pair, inside: tuple[Sequence[TimeRun], Sequence[int]]) -> list[int]:
    """Flags of a pair; `inside` are the runs inside its act and the numbers of the acts that its run stands in."""
    (number, run, relation), (own, holders) = pair, inside
    text, (start, end) = around.document.text, acts[number]
    where, kind = RELATIONS.index(relation), TIME_KINDS.index(run.kind)
    between = (run.end, start) if run.end <= start else (end, run.start)
    gap = text[between[0] : between[1]] if between[0] < between[1] else ""
    stops, halves, commas = (len(pattern.findall(gap)) for pattern in (_STOP, _HALF_STOP, _COMMA))
    others = any(holder != number for holder in holders)
    dated = [other for other in own if other.kind not in ("recurring", "year")]
    flags = [where, 10 + kind, 30 + 12 * where + kind, 150 + GENRES.index(around.genre)]
    flags += [160 + 4 * where + min(stops, 3), 190 + 4 * where + min(halves, 3), 220 + 6 * where + min(commas, 5)]
    flags += [270 + 2 * where + others, 290 + 2 * where + bool(own), 310 + 2 * where + bool(dated)]
    if relation == "own":
        flags += [330 + min(len(own), 3), 334 + (own[0] is run), 336 + (own[-1] is run), 338 + bool(set(dated) - {run})]
        flags += [340 + TIME_KINDS.index(other.kind) for other in own if other is not run]
    before = text[max(0, run.start - 1) : run.start]
    flags.append(360 + 4 * where + (not before or (before in "\n。" and 1) or (before in "，,；;：:" and 2) or 0))
    flags += [400 + 20 * where + i for i, word in enumerate(_FOLLOWERS) if text.startswith(word, run.end)]
    if _TOTALS.match(text, start):
        flags.append(560 + where)
    if run.last - run.first > 1:
        flags.append(570 + where)
    return flags


def _kept_flags(around: Surroundings, acts: Sequence[Span], pair: Pair, kept: bool) -> list[int]:
    """Whether the act before has the same date, and what stands between the two acts."""
    number, run, relation = pair
    if not number:
        return [600]
    gap = around.document.text[acts[number - 1][1] : acts[number][0]]
    apart = 3 if "\n" in gap else 2 if _STOP.search(gap) else 1 if _HALF_STOP.search(gap) else 0
    where = RELATIONS.index(relation)
    return [610 + 4 * kept + apart, 620 + 8 * where + 4 * kept + apart, 700 + 24 * TIME_KINDS.index(run.kind) + 4 * kept + apart]

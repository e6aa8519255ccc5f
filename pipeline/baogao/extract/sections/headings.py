"""Headings of a report: numbered lines and openings of lines, and section titles without a number.

Numbering (numbering.py) and shape (titles.py) give candidates. What a candidate is follows from its place: a numbered
line with text or deeper numbers behind it is a heading, one that is followed by the next number is an item of a list; the first
sentence of a numbered paragraph is a heading if it names what the rest tells. Where this leaves a candidate open, the others of
its series decide: numbers of one series are headings together or items together, mostly.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from baogao.extract.sections.numbering import PLAIN, Opening, find_openings
from baogao.extract.sections.titles import find_titles, is_field
from baogao.language.document import Document
from baogao.resources import load_yaml

SHORT_LEAD = 20
"""Characters of a first sentence that is short enough to be a heading whatever the others of its series are."""

LONG_LEAD = 30
"""Characters of a first sentence that is still likely to be a heading; a longer one needs the others of its series."""

LONGEST_LEAD = 60
"""Characters that a heading does not exceed, unless it runs on into its text."""

SERIES_WEIGHT = 0.6
"""Weight of the others of a series against a candidate's own score."""

_STOPS = "。！？!?；;：:"
_MARK = re.compile(r"[。！!；;（(《“)）》”]|[?？]|[：:](?!\d)|(?<!\d)[：:]")
_LOST = re.compile(r"[ \u3000]*[?？]{2,}")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff”）)])[ \u3000]+(?=\S)")
_BRACKETS = re.compile(r"[（(][^（）()\n]{0,40}[)）]|“[^”\n]{0,30}”|《[^》\n]{0,40}》|\d{4}年|[12]\d[xX×*_]{2}年")
_BRACKETED = re.compile(r"[（(][^（）()\n]{0,40}[)）]")
_COLUMNS = re.compile(r"\S[ \u3000]{2,}\S")
_CLAUSE_END = re.compile(r"[，,、]")
_DIGIT = re.compile(r"\d")
_DATE = re.compile(r"\d{1,2}[月日.．]")
_PEOPLE = ("组", "队")
_FOLLOWING = 200
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading text[start:end], number included; level by the style of its number, kind and score by the section model."""

    start: int
    end: int
    level: int
    number: str | None
    kind: str
    score: float


class SectionModel(Protocol):
    """What tells the kind of a section from its heading and the words that follow it."""

    def predict(self, headings: Sequence[str], followed_by: Sequence[str]) -> list[tuple[str, float]]:
        """Kind and probability for each heading."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An opening with its surroundings.

    `lead` are the words that would make the heading, up to text[lead_end], `rest` is what its paragraph holds besides, up to the
    next opening in it. `follows` says what stands behind the paragraph: text, a deeper number (deeper), the next of its series
    (sibling), a number of an enclosing series (outer), or nothing (end). `last`: its series ends with it.
    """

    opening: Opening
    lead: str
    lead_end: int
    rest: str
    follows: str
    series: int
    last: bool

    @property
    def runs_on(self) -> bool:
        """Whether the first sentence is too long for a heading, and a paragraph at least as long goes on behind it.

        So look headings behind which a line break was lost: 一、加强领导社区成立了由书记任组长的领导小组。
        """
        return len(self.lead) > LONG_LEAD and len(self.rest) > len(self.lead) and "。" in self.rest


def find_headings(documents: Sequence[tuple[Document, int]], section_model: SectionModel | None) -> list[list[Heading]]:
    """Headings of each document in order; with it comes where the text behind the page's own title begins (code points).

    Without a model every heading is of kind other, score 0.
    """
    return _with_kinds([(document.text, _places(document.text, body_start)) for document, body_start in documents], section_model)


def _places(text: str, body_start: int) -> list[tuple[Opening, int]]:
    """How the headings of a text open and where they end."""
    numbered = find_openings(text, body_start)
    openings = sorted((*numbered, *find_titles(text, body_start, numbered)), key=lambda opening: opening.start)
    candidates = _candidates(text, openings)
    return [(c.opening, end) for c, end in zip(candidates, _choose(candidates), strict=True) if end is not None]


def _with_kinds(found: Sequence[tuple[str, list[tuple[Opening, int]]]], model: SectionModel | None) -> list[list[Heading]]:
    headings = [text[opening.start : end] for text, places in found for opening, end in places]
    following = [text[end : end + _FOLLOWING] for text, places in found for _, end in places]
    predicted = model.predict(headings, following) if model else [("other", 0.0)] * len(headings)
    named = [_named_kind(heading) if model else None for heading in headings]
    kinds = ((name, 1.0) if name else likely for name, likely in zip(named, predicted, strict=True))
    return [
        [Heading(opening.start, end, opening.style.level, opening.number, *next(kinds)) for opening, end in places] for _, places in found
    ]


def _named_kind(heading: str) -> str | None:
    """The kind that a word of the heading names, None if none does."""
    return next((kind for kind, pattern in _kind_words() if pattern.search(heading)), None)


@cache
def _kind_words() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = load_yaml("configs", "words", "headings.yaml")["kinds"]
    return tuple((kind, re.compile("|".join(map(re.escape, words)))) for kind, words in table.items())


def _candidates(text: str, openings: Sequence[Opening]) -> list[_Candidate]:
    candidates = []
    places = _series(openings)
    for i, (opening, (series, relation)) in enumerate(zip(openings, places, strict=True)):
        following = openings[i + 1].start if i + 1 < len(openings) else len(text)
        line_end = text.find("\n", opening.lead, following)
        end = line_end if line_end >= 0 else following
        behind = text[end:following].strip()
        follows = "text" if behind and not (relation == "end" and _is_signature(behind)) else relation
        lead_end = _lead_end(text, opening, end, elaborated=follows in ("text", "deeper"))
        lead = text[opening.lead : lead_end].strip()
        rest = _BRACKETED.sub("", text[lead_end:end]).strip(" \t\u3000\xa0。；;")
        lead_end = opening.lead + len(text[opening.lead : lead_end].rstrip())
        candidates.append(_Candidate(opening, lead, lead_end, rest, follows, series, relation in ("outer", "end")))
    return candidates


def _is_signature(text: str) -> bool:
    """Whether lines are short and end no sentence, as those of a unit and a date below a report."""
    lines = text.splitlines()
    return len(lines) <= 3 and all(len(line.strip()) <= LONG_LEAD and not line.rstrip().endswith(("。", "！", "？")) for line in lines)


def _series(openings: Sequence[Opening]) -> list[tuple[int, str]]:
    """For each opening the series it belongs to, and how the opening behind it relates to it."""
    result: list[tuple[int, str]] = []
    stack: list[tuple[str, int]] = []
    names = [f"{opening.style.name}{len(opening.ordinals)}" for opening in openings]
    for i, (opening, name) in enumerate(zip(openings, names, strict=True)):
        if opening.style is PLAIN:
            stack = [entry for entry in stack if openings[entry[1]].style.level < 3]
        depth = next((depth for depth, (open_name, _) in enumerate(stack) if open_name == name), len(stack))
        stack = [*stack[:depth], stack[depth] if depth < len(stack) else (name, i)]
        relation = "end"
        if i + 1 < len(names):
            closing = openings[i + 1].style is PLAIN and opening.style.level >= 3
            outer = closing or any(names[i + 1] == open_name for open_name, _ in stack[:-1])
            relation = "sibling" if names[i + 1] == name else "outer" if outer else "deeper"
        result.append((stack[-1][1], relation))
    return result


def _lead_end(text: str, opening: Opening, end: int, *, elaborated: bool) -> int:
    """End of the words that would make a heading: the line's end, or the first full stop or colon outside brackets, or lost marks.

    Where text or deeper numbers elaborate a short line, a colon inside it does not end it (康复：让坐着的站起来).
    """
    start = opening.lead
    if opening.style.name == "label":
        return text.index("】", start) + 1
    lost = _LOST.search(text, start, min(end, start + 3 * LONGEST_LEAD))
    lead_end = end = lost.start() if lost else end
    for stop in _stops(text, start, min(end, start + 3 * LONGEST_LEAD)):
        inside = stop.group() in "：:" and elaborated and end - start <= LONG_LEAD and not any(_stops(text, stop.end(), end))
        if not inside:
            lead_end = stop.end()
            break
    if lead_end - start > LONG_LEAD:
        for gap in _GAP.finditer(text, start, min(lead_end, start + 2 * LONG_LEAD)):
            if 2 <= len(text[start : gap.start()].strip()) <= LONG_LEAD and end - gap.end() >= LONG_LEAD / 2:
                return gap.start()
    return lead_end


def _stops(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Full stops, semicolons and colons outside brackets and quotes; a time of day (9:30) has none."""
    depth = 0
    for mark in _MARK.finditer(text, start, end):
        if mark.group() in "（(《“":
            depth += 1
        elif mark.group() in ")）》”":
            depth = max(0, depth - 1)
        elif not depth:
            yield mark


def _choose(candidates: Sequence[_Candidate]) -> list[int | None]:
    """For each candidate the end of its heading, or None where it is no heading."""
    scores = [_score(candidate) for candidate in candidates]
    members = Counter(candidate.series for candidate in candidates)
    totals: dict[int, float] = defaultdict(float)
    for candidate, score in zip(candidates, scores, strict=True):
        totals[candidate.series] += score
    chosen: list[int | None] = []
    for candidate, score in zip(candidates, scores, strict=True):
        others = members[candidate.series] - 1
        support = (totals[candidate.series] - score) / others if others else 0.0
        chosen.append(_heading_end(candidate) if score + SERIES_WEIGHT * support > _ROUNDING else None)
    return chosen


def _heading_end(candidate: _Candidate) -> int:
    """End of a heading; one that runs on into its text is cut at the end of its first clause."""
    clause = _CLAUSE_END.search(candidate.lead, 3, LONG_LEAD) if candidate.runs_on else None
    surplus = len(candidate.lead) - clause.start() if clause else 0
    return candidate.lead_end - surplus


def _score(candidate: _Candidate) -> float:
    """How much a candidate by itself looks like a heading: 1 surely, -1 surely an item, in between the series decides."""
    style = candidate.opening.style.name
    if style == "plain":
        return 1.0
    if not candidate.lead or candidate.lead[-1] in "，,、" or _COLUMNS.search(candidate.lead):
        return -1.0
    if candidate.opening.style.level < 3 and candidate.runs_on:
        return 0.2
    if len(candidate.lead) > LONGEST_LEAD:
        in_series = candidate.opening.style.level == 1 and candidate.follows == "text" and not candidate.last
        return 0.0 if in_series else -1.0
    if (style == "ordinal" and candidate.rest) or (style == "label" and is_field(candidate.lead.split("】")[0])):
        return -1.0
    if not candidate.opening.at_line_start:
        return _score_inline(candidate)
    return _score_of_lead(candidate) if candidate.rest else _score_of_line(candidate)


def _score_of_line(candidate: _Candidate) -> float:
    """A number whose paragraph holds one sentence only: what follows tells whether it is a heading."""
    closed = candidate.lead[-1] in "。；;！!"
    if candidate.follows in ("text", "deeper"):
        if (closed and len(candidate.lead) > LONG_LEAD) or _states_facts(candidate.lead):
            return 0.2
        ends_series = candidate.last and candidate.follows == "text"
        return 0.3 if (closed and ends_series) or candidate.lead[-1] in "：:" else 1.0
    if closed or len(candidate.lead) > LONG_LEAD:
        return -1.0
    return 0.1 if candidate.opening.style.level <= 2 else -0.3


def _score_of_lead(candidate: _Candidate) -> float:
    """The first sentence of a numbered paragraph: a heading if it names what the rest tells and states no facts itself."""
    words = candidate.lead.rstrip(_STOPS)
    stop = candidate.lead[len(words) :][:1]
    if _states_facts(words):
        return 0.2 if len(words) <= SHORT_LEAD and not _DATE.search(words) else -1.0
    if stop and stop in "：:":
        return -1.0 if _CLAUSE_END.search(words) or words.endswith(_PEOPLE) else 0.3
    if stop and stop in "；;":
        return 0.3 if len(words) <= LONG_LEAD and len(candidate.rest) > 2 * len(words) else -1.0
    if len(words) <= LONG_LEAD:
        return 1.0 if len(words) <= SHORT_LEAD else 0.5
    return 0.2 if candidate.opening.style.level < 3 and len(candidate.rest) > 2 * len(words) else -0.1


def _states_facts(words: str) -> bool:
    """Whether words hold a number outside brackets and quotes that is no year."""
    return bool(_DIGIT.search(_BRACKETS.sub("", words)))


def _score_inline(candidate: _Candidate) -> float:
    """A number inside a paragraph: most often an enumeration, a heading only if enough follows that elaborates it.

    Where the line break before a heading was lost and the one behind it was not, the heading ends its paragraph.
    """
    if candidate.opening.style.level > 3 or 0 < len(candidate.rest) < SHORT_LEAD:
        return -1.0
    if candidate.rest:
        return min(_score_of_lead(candidate), 0.5)
    return 0.3 if candidate.follows in ("text", "deeper") and candidate.lead[-1] not in "。；;" else -1.0

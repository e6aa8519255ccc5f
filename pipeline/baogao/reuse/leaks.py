"""Slot leaks: what a report kept of another one that it shares a template with.

Where two reports fill the slots of a passage differently, the names and years of the one should not stand in the other. A leak is
claimed where a report has in its reused text both its own filling and the other's, while the other has only its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pyarrow as pa

from baogao.records import SlotValue
from baogao.reuse.relations import Facts, own_place
from baogao.reuse.slot_types import expressions, is_masked, is_plain, is_proper_name, is_word, unmasks
from baogao.reuse.templates import Excerpt, FilledUse, Template

LEAKING = ("place", "unit", "person", "date", "campaign")
"""Types of slots that are compared."""
NAMES = ("place", "unit", "person")
"""Those of them whose values are names."""
_COMPARED = 30
_MANY = 4
_AROUND = 4
_SPUN = 8
_SPUN_SHARE = 0.6
_SPUN_EVERY = 80
_MASKED = re.compile(r"[×＊*＿_○□]{1,4}|[xXｘＸ]{2,4}")
_MASKED_YEAR = re.compile(r"(?:[×＊*＿_]{2,4}|[xXｘＸ]{2,4})年")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PAST = re.compile(r"(?:自|从|比|较|同比|与|早在|截至|截止|原|曾|始于|起于|继)[^，。；\n]{0,4}$")
_SINCE = re.compile(r"[^，。；\n]{0,6}?(?:以来|起|至今|开始|成立|建成|建立|建于|竣工|颁布|修订|印发|相比|同期|的基础)")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A slot that two reports fill differently: what this report has and what the other one has."""

    report: int
    other: int
    type: str
    own: str
    others: str


@dataclass(frozen=True, slots=True)
class Side:
    """A report in a comparison: number, facts, clean text, and the spans of it that stand in other reports too."""

    report: int
    facts: Facts
    text: str
    reused: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Leak:
    """A finding in a report: kind, span of the clean text, evidence and the other report (both reports as numbers)."""

    report: int
    kind: str
    start: int
    end: int
    evidence: str
    other: int | None
    attribution: str = "unknown"


_TEXT, _NUMBER = pa.string(), pa.int64()
EXCHANGES = pa.schema([("report", _NUMBER), ("other", _NUMBER), ("type", _TEXT), ("own", _TEXT), ("others", _TEXT)])
LEAKS = pa.schema(
    [
        ("report", _NUMBER), ("kind", _TEXT), ("start", _NUMBER), ("end", _NUMBER), ("evidence", _TEXT), ("other", _NUMBER),
        ("attribution", _TEXT),
    ]
)  # fmt: skip
REUSED = np.dtype([("report", "<u4"), ("start", "<u4"), ("end", "<u4")])
"""A span of a report's clean text that is a use of a copied passage."""


def exchanges(template: Template, uses: Sequence[FilledUse]) -> Iterator[Exchange]:
    """Every slot that two of the first uses fill differently, in both directions; masked and empty fillings left out."""
    types = {slot.name: slot.type for slot in template.slots if slot.type in LEAKING}
    filled = [
        (use.excerpt.report, {value.slot: value.value for value in use.values if value.slot in types and value.value})
        for use in uses[:_COMPARED]
    ]
    for report, own in filled:
        for other, others in filled:
            if report == other:
                continue
            for slot, value in own.items():
                if others.get(slot, value) != value and not is_masked(value) and not is_masked(others[slot]):
                    yield Exchange(report, other, types[slot], value, others[slot])


def leaks_in(own: Side, others: Mapping[int, Side], found: Iterable[Exchange]) -> list[Leak]:
    """Leaks of a report from others that it shares passages with, by what it exchanged with them and by their own names.

    Each place is reported once, with a report whose own name it is if there is one.
    """
    by_other: dict[int, list[Exchange]] = {other: [] for other in sorted(others)}
    found = list(found)
    mixed = _mixed(found)
    for exchange in found:
        by_other[exchange.other].append(exchange)
    leaks: dict[tuple[int, int], list[Leak]] = defaultdict(list)
    for other, exchanged in by_other.items():
        for leak in (
            *_names(own, others[other], exchanged, mixed),
            *_own_names(own, others[other]),
            *_years(own, others[other], exchanged),
        ):
            leaks[leak.start, leak.end].append(leak)
    best = [min(found, key=lambda leak: _rank(own, others, leak)) for _, found in sorted(leaks.items())]
    return [leak for leak in best if not any(_holds(other, leak) for other in best)]


def _holds(larger: Leak, leak: Leak) -> bool:
    """Whether a leak is part of a larger one of its kind: 锦屏湾 of 锦屏湾镇."""
    inside = larger.start <= leak.start and leak.end <= larger.end
    return inside and larger.kind == leak.kind and larger.end - larger.start > leak.end - leak.start


def _rank(own: Side, others: Mapping[int, Side], leak: Leak) -> tuple[bool, int]:
    """First the reports whose own name it is that was left, then the others, each by number."""
    other = leak.other if leak.other is not None else -1
    return not others[other].facts.names(own.text[leak.start : leak.end]), other


def _mixed(found: Iterable[Exchange]) -> set[tuple[str, str]]:
    """Pairs of names, both of which this report has where some third report has one name throughout."""
    alike: dict[tuple[int, str], set[str]] = defaultdict(set)
    for exchange in found:
        if exchange.type in NAMES:
            alike[exchange.other, exchange.others].add(exchange.own)
    return {pair for names in alike.values() for pair in permutations(sorted(names), 2)}


def _names(own: Side, other: Side, exchanged: Sequence[Exchange], mixed: Set[tuple[str, str]]) -> Iterator[Leak]:
    """Names of the other report that stand in this one's reused text beside its own."""
    count = Counter((one.type, one.own, one.others) for one in exchanged if one.type in NAMES)
    for (type_, mine, theirs), times in sorted(count.items()):
        if mine in theirs or theirs in mine or mine in other.text or not (is_plain(mine) and is_plain(theirs)):
            continue
        places = [match.start() for match in re.finditer(re.escape(theirs), own.text) if _inside(own.reused, match.span())]
        of_other = other.facts.names(theirs)
        seldom = len(places) <= times and _kept_apart(own, mine, theirs)
        mixed_up = (mine, theirs) in mixed and of_other and _kept_apart(own, mine, theirs)
        if not ((of_other and own.facts.names(mine)) or (seldom and (of_other or is_proper_name(theirs))) or mixed_up):
            continue
        kind = "contradiction" if type_ == "person" else "foreign_place"
        for place in places:
            evidence = f"the other report has {theirs} throughout, this one has {mine} in {times} of these places, but {theirs} here"
            yield Leak(own.report, kind, place, place + len(theirs), evidence, other.report)


def _own_names(own: Side, other: Side) -> Iterator[Leak]:
    """The name of the other report's place, in text that both have, where this report is of another place of the same kind."""
    mine, theirs = own_place(own.facts), own_place(other.facts)
    if not mine or not theirs or mine[1] != theirs[1] or mine[0] in theirs[0] or theirs[0] in mine[0]:
        return
    if not _kept_apart(own, mine[0], theirs[0]):
        return
    for match in re.finditer(re.escape(theirs[0]), own.text):
        start, end = match.span()
        around = own.text[max(0, start - _AROUND) : end + _AROUND]
        if around in other.text and _inside(own.reused, (start, end)):
            evidence = f"this is a report of {''.join(mine)}, {''.join(theirs)} is where the other report is from"
            yield Leak(own.report, "foreign_place", start, end, evidence, other.report)


def _kept_apart(own: Side, mine: str, theirs: str) -> bool:
    """Whether the two names are nowhere named together, as two things would be (甲村、乙村)."""
    near = re.compile(rf"{re.escape(mine)}.{{0,8}}{re.escape(theirs)}|{re.escape(theirs)}.{{0,8}}{re.escape(mine)}", re.DOTALL)
    return near.search(own.text) is None


def _years(own: Side, other: Side, exchanged: Iterable[Exchange]) -> Iterator[Leak]:
    """The other report's year in this one's reused text, where the other, older, was exchanged for this one's elsewhere."""
    mine, theirs = own.facts.year, other.facts.year
    if mine is None or theirs is None or theirs >= mine:
        return
    pairs = [(_YEAR.search(one.own), _YEAR.search(one.others)) for one in exchanged if one.type == "date"]
    times = sum(bool(a and b and int(a[0]) == mine and int(b[0]) == theirs) for a, b in pairs)
    if not times:
        return
    for start, end in expressions(own.text):
        year = _YEAR.search(own.text, start, end)
        if not year or int(year[0]) != theirs or not _inside(own.reused, (start, end)):
            continue
        if own.text[start:end] not in other.text or _PAST.search(own.text, max(0, start - 8), start) or _SINCE.match(own.text, end):
            continue
        evidence = f"the other report is of {theirs}, this one of {mine}; the year was changed in {times} places, but not here"
        yield Leak(own.report, "stale_year", start, end, evidence, other.report)


def _inside(spans: Sequence[tuple[int, int]], span: tuple[int, int]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def unfilled(template: Template, uses: Sequence[FilledUse]) -> Iterator[Leak]:
    """Slots that a use leaves masked where another use has a value."""
    by_slot: dict[str, list[tuple[Excerpt, SlotValue]]] = defaultdict(list)
    for use in uses:
        for value in use.values:
            by_slot[value.slot].append((use.excerpt, value))
    for slot in template.slots:
        masked = [(one, value) for one, value in by_slot[slot.name] if is_masked(value.value)]
        filled = [(one.report, value.value) for one, value in by_slot[slot.name] if masked and value.value]
        for one, value in masked:
            others = [(report, shown) for report, shown in filled if report != one.report and unmasks(value.value, shown)]
            if others:
                style = "site" if is_masked_throughout(one.text) else "unknown"
                evidence = f"another use of this passage has {others[0][1]} here"
                yield Leak(one.report, "unfilled_slot", value.start, value.end, evidence, others[0][0], style)


def is_masked_throughout(text: str) -> bool:
    """Whether a report is masked in many places, its years among them, as a site does it by rule and no author by oversight."""
    return len(_MASKED.findall(text)) >= _MANY and _MASKED_YEAR.search(text) is not None


def spun(template: Template, uses: Sequence[FilledUse]) -> Iterator[Leak]:
    """Uses that differ from the first one by exchanged words: many, all over the passage, and hardly anything else."""
    types = {slot.name: slot.type for slot in template.slots}
    first = {value.slot: value.value for value in uses[0].values}
    for use in uses[1:]:
        changed = [
            (first.get(value.slot, ""), value.value, types[value.slot]) for value in use.values if first.get(value.slot) != value.value
        ]
        words = [(old, new) for old, new, type_ in changed if type_ == "other" and is_word(old) and is_word(new)]
        length = use.excerpt.end - use.excerpt.start
        if len(words) < _SPUN or len(words) < _SPUN_SHARE * len(changed) or length > _SPUN_EVERY * len(words):
            continue
        shown = ", ".join(f"{old}/{new}" for old, new in words[:5])
        evidence = f"{len(words)} words are exchanged between this text and the other one ({shown}): one of them was spun"
        yield Leak(use.excerpt.report, "spun_text", use.excerpt.start, use.excerpt.end, evidence, uses[0].excerpt.report)

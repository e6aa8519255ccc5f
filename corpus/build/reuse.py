"""The truth about reuse: pairs with their similarity, and passages with their uses and slot values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from families import Family, Member, Use
from gold import GoldPage, Placed

LEAST_RUN = 20
"""Consecutive letters, digits and Han characters that make a shared passage, by the annotation guide."""
_SKIPPED = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]")
_NUMBER = re.compile(r"(?:约有|约|近)?\d+(?:余|多)?(?:场次|人次|[名人份对篇块根个亩户张期处米幅本宗次元部家吨])?")


def folded(text: str) -> str:
    """The characters of a text that similarity counts: letters, digits and Han."""
    return _SKIPPED.sub("", text)


def grams(text: str, n: int = 5) -> set[str]:
    """Character n-grams of a folded text."""
    clean = folded(text)
    return {clean[i : i + n] for i in range(len(clean) - n + 1)}


def jaccard(a: set[str], b: set[str]) -> float:
    """Shared share of two sets; 0 for two empty ones."""
    return len(a & b) / len(a | b) if a or b else 0.0


def reuse_gold(families: Sequence[Family], pages: Sequence[GoldPage]) -> list[dict[str, Any]]:
    """The families whose reports all stand on the pages, with places in the pages' raw texts."""
    placed = {report.damaged.report.id: (page, report) for page in pages for report in page.reports}
    return [_family(_narrowed(family), placed) for family in families if all(member.report.id in placed for member in family.members)]


def _family(family: Family, placed: Mapping[str, tuple[GoldPage, Placed]]) -> dict[str, Any]:
    base = family.members[0].report
    members = [{"report_id": m.report.id, "page": placed[m.report.id][0].name} for m in family.members]
    passages = _copied(family, placed) if family.kind not in ("plan_summary", "quotation") else _runs(family, placed)
    return {
        "family": family.id, "kind": family.kind, "split": base.split, "base": base.id, "members": members,
        "pairs": _pairs(family, placed), "passages": passages + _quoted(family, placed),
    }  # fmt: skip


def _pairs(family: Family, placed: Mapping[str, tuple[GoldPage, Placed]]) -> list[dict[str, Any]]:
    sets = {m.report.id: grams(placed[m.report.id][1].damaged.report.text) for m in family.members}
    pairs = []
    for a, b in combinations(sorted(sets), 2):
        value = jaccard(sets[a], sets[b])
        pairs.append({"report_a": a, "report_b": b, "jaccard": round(value, 4), "near_duplicate": value >= 0.5})
    return pairs


def _use(member: Member, start: int, end: int, placed: Mapping[str, tuple[GoldPage, Placed]]) -> dict[str, Any]:
    page, report = placed[member.report.id]
    a, b = report.raw_of_original(start, end)
    values = []
    for use in member.uses:
        if start <= use.start and use.end <= end:
            x, y = report.raw_of_original(use.start, use.end)
            leak = use.leak and _shows(report, use) and _has_own(member, use, report)
            values.append({"slot": use.slot, "value": _reads(report, use), "start": x, "end": y, "leak": leak})
    return {"report_id": member.report.id, "page": page.name, "start": a, "end": b, "slot_values": values}


def _reads(report: Placed, use: Use) -> str:
    """What the page has in a slot after perfect repair: a masked value stays masked."""
    return report.damaged.report.text[slice(*report.damaged.lost.clean_span(use.start, use.end))]


def _shows(report: Placed, use: Use) -> bool:
    return _reads(report, use) == use.value


def _has_own(member: Member, leak: Use, report: Placed) -> bool:
    """Whether the page shows anywhere what should stand in the place of a leak; where it does not, no reader can tell."""
    return any(use.slot == leak.slot and not use.leak and _shows(report, use) for use in member.uses)


def _narrowed(family: Family) -> Family:
    """The family with slots of numbers cut to the numbers that differ, each with its measure word: 到会176人 -> 176人.

    The texts in families.yaml hold enough around a number to be found once only. Where their numbers stand in unlike surroundings
    the slot stays whole.
    """
    values = defaultdict(set)
    for member in family.members:
        for use in member.uses:
            values[use.slot].add(use.value)
    cut = {name for name, own in values.items() if family.slots[name] == "number" and len({_NUMBER.sub("#", value) for value in own}) == 1}
    members = [
        replace(member, uses=tuple(part for use in member.uses for part in _parts(use, use.slot in cut))) for member in family.members
    ]
    types = {use.slot: family.slots[use.slot.rstrip("ab")] for member in members for use in member.uses}
    return replace(family, slots=types, members=tuple(members))


def _parts(use: Use, cut: bool) -> list[Use]:
    numbers = list(_NUMBER.finditer(use.value)) if cut else []
    if not numbers:
        return [use]
    names = [use.slot] if len(numbers) == 1 else [f"{use.slot}{letter}" for letter in "ab"]
    spans = [(name, match[0], use.start + match.start(), use.start + match.end()) for name, match in zip(names, numbers, strict=True)]
    return [Use(name, value, start, end, use.leak) for name, value, start, end in spans]


def _copied(family: Family, placed: Mapping[str, tuple[GoldPage, Placed]]) -> list[dict[str, Any]]:
    """A passage for every paragraph that stands in more than one member."""
    uses: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for member in family.members:
        start = 0
        for origin, line in zip(member.origins, member.report.text.split("\n"), strict=True):
            if folded(line):
                uses[origin].append(_use(member, start, start + len(line), placed))
            start += len(line) + 1
    return [_passage("paragraph", "copied", family, group) for group in uses.values() if len(group) > 1]


def _runs(family: Family, placed: Mapping[str, tuple[GoldPage, Placed]]) -> list[dict[str, Any]]:
    """A passage for every run of characters that two members of a family without common paragraphs share."""
    found = []
    for a, b in combinations(family.members, 2):
        for (x, y), (v, w) in _shared(a.report.text, b.report.text):
            text = a.report.text[x:y]
            if not any(folded(text) in folded(quote) or folded(quote) in folded(text) for quote in family.quoted):
                found.append(_passage("sentence", "copied", family, [_use(a, x, y, placed), _use(b, v, w, placed)]))
    return found


def _shared(a: str, b: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Maximal runs of at least LEAST_RUN folded characters that stand in both texts, as places in each."""
    at_a, at_b = ([i for i, char in enumerate(text) if not _SKIPPED.match(char)] for text in (a, b))
    clean_a, clean_b = folded(a), folded(b)
    runs, i = [], 0
    while i + LEAST_RUN <= len(clean_a):
        j = clean_b.find(clean_a[i : i + LEAST_RUN])
        n = LEAST_RUN
        while j >= 0 and i + n < len(clean_a) and j + n < len(clean_b) and clean_a[i + n] == clean_b[j + n]:
            n += 1
        if j >= 0:
            runs.append(((at_a[i], at_a[i + n - 1] + 1), (at_b[j], at_b[j + n - 1] + 1)))
        i += n if j >= 0 else 1
    return runs


def _quoted(family: Family, placed: Mapping[str, tuple[GoldPage, Placed]]) -> list[dict[str, Any]]:
    passages = []
    for quote in family.quoted:
        uses = []
        for member in family.members:
            start = member.report.text.find(quote)
            if start >= 0:
                uses.append(_use(member, start, start + len(quote), placed))
        passages.append(_passage("sentence", "quoted", family, uses))
    return passages


def _passage(level: str, kind: str, family: Family, uses: list[dict[str, Any]]) -> dict[str, Any]:
    names = dict.fromkeys(value["slot"] for use in uses for value in use["slot_values"])
    return {"level": level, "kind": kind, "slots": [{"name": name, "type": family.slots[name]} for name in names], "uses": uses}

"""The truth about reuse: pairs with their similarity, and passages with their uses and slot values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from families import Family, Member
from gold import GoldPage, Placed

LEAST_RUN = 20
"""Consecutive letters, digits and Han characters that make a shared passage, by the annotation guide."""
_SKIPPED = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]")


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
    return [_family(family, placed) for family in families if all(member.report.id in placed for member in family.members)]


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
            values.append({"slot": use.slot, "value": use.value, "start": x, "end": y, "leak": use.leak})
    return {"report_id": member.report.id, "page": page.name, "start": a, "end": b, "slot_values": values}


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

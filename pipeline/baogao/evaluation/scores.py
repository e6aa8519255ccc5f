"""Precision, recall and field accuracies of a page, and of an archive with intervals from a bootstrap over its pages."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from baogao.evaluation.gold import Report, load_both
from baogao.evaluation.matching import (
    Item,
    activity_similarity,
    heading_similarity,
    iou,
    normalise,
    overlap,
    pair,
    unit_similarity,
)  # fmt: skip

RESAMPLES = 1000
TALLIES = (
    "split", "clean_chars", "issuer", "period", "signed", "headings", "times", "times_strict",
    "organizations", "roles", "activities", "activities_strict",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Miss:
    """Something missed, invented or wrong on a page."""

    kind: str
    what: str
    page: str
    text: str


@dataclass
class PageScore:
    """Counts of one page: tallies[kind] has tp, fn and fp; rates[field] has hit and n."""

    tallies: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rates: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    misses: list[Miss] = field(default_factory=list)

    def add(self, kind: str, tp: int, fn: int, fp: int) -> None:
        """Count matches, misses and inventions of a kind."""
        self.tallies[kind].update(tp=tp, fn=fn, fp=fp)

    def rate(self, name: str, hit: int, n: int = 1) -> None:
        """Count `hit` successes of `n`."""
        self.rates[name].update(hit=hit, n=n)


def score_page(page: str, golds: Sequence[Report], found: Sequence[Report], raw: str) -> PageScore:
    """Compare a page's annotated reports with those found; white space does not count in clean_chars and leaked."""
    score = PageScore()
    _split(score, page, golds, found)
    _characters(score, golds, found, raw)
    _fields(score, page, golds, found)
    both = {kind: ([x for r in golds for x in r[kind]], [x for r in found for x in r[kind]]) for kind in
            ("headings", "times", "organizations", "activities")}  # fmt: skip
    _headings(score, page, *both["headings"])
    _times(score, page, *both["times"])
    _organizations(score, page, *both["organizations"])
    _activities(score, page, *both["activities"])
    return score


def figures_against(gold: Path, dataset: Path) -> list[Figure]:
    """Figures of a dataset against a file of gold annotations. Raises BaogaoError where the dataset lacks a page of the gold."""
    annotated, found, raw = load_both(gold, dataset)
    return figures([score_page(page, golds, found.get(page, []), raw[page]) for page, golds in annotated.items()])


def _matched(score: PageScore, kind: str, page: str, gold: Sequence[Item], found: Sequence[Item], pairs: Sequence[tuple[int, int]]) -> None:
    score.add(kind, len(pairs), len(gold) - len(pairs), len(found) - len(pairs))
    for side, what, items in ((0, "missed", gold), (1, "invented", found)):
        used = {indices[side] for indices in pairs}
        score.misses += [Miss(kind, what, page, _show(item)) for i, item in enumerate(items) if i not in used]


def _show(item: Item) -> str:
    label = item.get("type") or item.get("unit") or item.get("report_id", "")
    text = (item.get("quote") or f"{item['start']}-{item['end']}").replace("\n", " ")
    return f"{label} | {text[:70]}" if label else text[:70]


def _split(score: PageScore, page: str, golds: Sequence[Report], found: Sequence[Report]) -> None:
    wanted, have = _spans(golds), _spans(found)
    _matched(score, "split", page, wanted, have, pair(wanted, have, iou, 0.9))


def _spans(reports: Sequence[Report]) -> list[Item]:
    return [{"start": r["start"], "end": r["end"], "quote": f"{r['start']}-{r['end']} {r.get('title')}"} for r in reports]


def _own(report: Report) -> set[int]:
    """Places of the raw text that are the report's own."""
    if report.get("raw_spans") is not None:
        return {i for span in report["raw_spans"] for i in range(span["start"], span["end"])}
    noise = {i for span in report.get("noise") or () for i in range(span["start"], span["end"])}
    return set(range(report["start"], report["end"])) - noise


def _characters(score: PageScore, golds: Sequence[Report], found: Sequence[Report], raw: str) -> None:
    visible = {i for i, char in enumerate(raw) if not char.isspace()}
    want = set().union(*map(_own, golds)) & visible
    have = set().union(*map(_own, found)) & visible
    score.add("clean_chars", len(want & have), len(want - have), len(have - want))
    score.rate("leaked", len(have - want), len(visible - want))


def _fields(score: PageScore, page: str, golds: Sequence[Report], found: Sequence[Report]) -> None:
    for i, j in pair(golds, found, iou, 0.5):
        g, f = golds[i], found[j]
        score.rate("genre", g["genre"] == f["genre"])
        if g["genre"] != f["genre"]:
            score.misses.append(Miss("fields", "wrong", page, f"{g['report_id']} genre: {g['genre']} -> {f['genre']}"))
        for name in ("issuer", "period", "signed"):
            x, y = (normalise(g[name]), normalise(f[name])) if name == "issuer" else (g[name] or "", f[name] or "")
            score.add(name, int(bool(x) and x == y), int(bool(x) and x != y), int(bool(y) and x != y))
            if x != y:
                score.misses.append(Miss("fields", "wrong", page, f"{g['report_id']} {name}: {g[name]} -> {f[name]}"))


def _headings(score: PageScore, page: str, gold: Sequence[Item], found: Sequence[Item]) -> None:
    pairs = pair(gold, found, heading_similarity, 0.7)
    _matched(score, "headings", page, gold, found, pairs)
    for i, j in pairs:
        score.rate("heading_kind", gold[i]["kind"] == found[j]["kind"])
        score.rate("heading_level", gold[i]["level"] == found[j]["level"])


def _months(item: Item) -> set[int]:
    return set(item["months"] or ())


def _times(score: PageScore, page: str, gold: Sequence[Item], found: Sequence[Item]) -> None:
    pairs = pair(gold, found, iou, 0.3)
    _matched(score, "times", page, gold, found, pairs)
    strict = 0
    for i, j in pairs:
        g, f = gold[i], found[j]
        months, value = _months(g) == _months(f), g["value"] == f["value"]
        score.rate("time_months", months)
        score.rate("time_edtf", value)
        strict += months and value
        if not (months and value):
            text = f"{g['quote']}: {g['value']} {sorted(_months(g))} -> {f['value']} {sorted(_months(f))}"
            score.misses.append(Miss("times", "wrong", page, text))
    score.add("times_strict", strict, len(gold) - strict, len(found) - strict)


def _organizations(score: PageScore, page: str, gold: Sequence[Item], found: Sequence[Item]) -> None:
    pairs = pair(gold, found, unit_similarity, 0.6)
    _matched(score, "organizations", page, gold, found, pairs)
    hits = 0
    for i, j in pairs:
        score.rate("organization_kind", gold[i]["kind"] == found[j]["kind"])
        left = Counter((role["role"], normalise(role["holder"])) for role in found[j]["roles"])
        hits += sum((left & Counter((role["role"], normalise(role["holder"])) for role in gold[i]["roles"])).values())
    score.add("roles", hits, sum(len(x["roles"]) for x in gold) - hits, sum(len(x["roles"]) for x in found) - hits)


def _activities(score: PageScore, page: str, gold: Sequence[Item], found: Sequence[Item]) -> None:
    pairs = pair(gold, found, activity_similarity, 1.0)
    _matched(score, "activities", page, gold, found, pairs)
    strict = 0
    for i, j in pairs:
        g, f = gold[i], found[j]
        same = {"type": g["type"] == f["type"], "status": g["status"] == f["status"], "months": _months(g) == _months(f)}
        for name, ok in same.items():
            score.rate(f"activity_{name}", ok)
        for name in ("participants", "count"):
            if g.get(name) is not None or f.get(name) is not None:
                score.rate(f"activity_{name}", g.get(name) == f.get(name))
        for name in ("place", "organizer", "audience"):
            if g.get(name) or f.get(name):
                score.rate(f"activity_{name}", normalise(g.get(name)) == normalise(f.get(name)))
        strict += all(same.values())
        if not all(same.values()):
            text = f"{g['type']} {g['status']} {sorted(_months(g))} -> {f['type']} {f['status']} {sorted(_months(f))} | {g['quote'][:60]}"
            score.misses.append(Miss("activities", "wrong", page, text))
    score.add("activities_strict", strict, len(gold) - strict, len(found) - strict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A score over all pages: for a kind precision, recall, F1 and the number of annotations; for a field its accuracy.

    `low` and `high` are the 95 % interval of F1 or accuracy.
    """

    name: str
    precision: float | None
    recall: float | None
    value: float
    n: int
    low: float
    high: float


def f1(tally: Counter[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of a tally; 0 where nothing was annotated or found."""
    tp = tally["tp"]
    precision = tp / (tp + tally["fp"]) if tp + tally["fp"] else 0.0
    recall = tp / (tp + tally["fn"]) if tp + tally["fn"] else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def figures(pages: Sequence[PageScore]) -> list[Figure]:
    """Figures over pages, intervals by a percentile bootstrap over the pages with a fixed seed."""
    generator = random.Random(0)
    samples = [[generator.randrange(len(pages)) for _ in pages] for _ in range(RESAMPLES)] if pages else []
    result = []
    for kind in TALLIES:
        counts = [page.tallies[kind] for page in pages]
        total = _sum(counts)
        precision, recall, value = f1(total)
        low, high = _interval([f1(_sum(counts[i] for i in sample))[2] for sample in samples])
        result.append(Figure(kind, precision, recall, value, total["tp"] + total["fn"], low, high))
    for name in dict.fromkeys(name for page in pages for name in page.rates):
        counts = [page.rates[name] for page in pages]
        total = _sum(counts)
        if total["n"]:
            drawn = [_sum(counts[i] for i in sample) for sample in samples]
            low, high = _interval([d["hit"] / d["n"] for d in drawn if d["n"]])
            result.append(Figure(name, None, None, total["hit"] / total["n"], total["n"], low, high))
    return result


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        for key, value in counter.items():
            total[key] += value
    return total


def _interval(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return (ordered[int(0.025 * len(ordered))], ordered[int(0.975 * len(ordered))]) if ordered else (0.0, 0.0)


def unique_only(golds: Sequence[Report], found: Sequence[Report]) -> tuple[list[Report], list[Report]]:
    """Both sides without the near-duplicates that another report stands for."""
    copies = {j for j, report in enumerate(found) if not report.get("is_representative", True)}
    dropped = {i for i, j in pair(golds, found, iou, 0.5) if j in copies}
    return [g for i, g in enumerate(golds) if i not in dropped], [f for j, f in enumerate(found) if j not in copies]


def overlapping(golds: Sequence[Report], found: Sequence[Report]) -> list[Report]:
    """Found reports that overlap some gold report, for gold that covers only a part of its pages."""
    return [f for f in found if any(overlap(f, g) for g in golds)]


def report_lines(result: Sequence[Figure]) -> list[str]:
    """The figures as lines of a table."""
    lines = [f"{'':22}{'P':>7}{'R':>7}{'F1':>7}{'n':>7}   95 %"]
    for figure in result:
        sides: tuple[Any, Any] = (figure.precision, figure.recall)
        shown = "".join(f"{value:7.3f}" if value is not None else " " * 7 for value in sides)
        lines.append(f"{figure.name:22}{shown}{figure.value:7.3f}{figure.n:7}   {figure.low:.3f} to {figure.high:.3f}")
    return lines

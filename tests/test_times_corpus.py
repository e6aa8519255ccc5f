"""Time expressions, periods and signatures against the annotations of the project's corpus and of the shared pages."""

import json
import re
from pathlib import Path

import pytest

from baogao.corpus import read_report
from baogao.extract.times import find_period, find_signed, find_times, resolve_years
from helpers import ROOT, shared_path

FLOORS = {"train": (0.96, 0.93), "dev": (0.96, 0.93), "test": (0.95, 0.90)}
"""Reached F1 of places, and of places with kind, value and months, less about 0.015 for pages still to come."""
SEED_FLOORS = (0.95, 0.95)


def sentences(text):
    ends = [match.end() for match in re.finditer(r"[。！？!?\n]+[”\"’]*", text)] + [len(text)]
    return list(zip([0, *ends], ends, strict=False))


def f1(true, found, wanted):
    return 2 * true / (found + wanted)


def scores(documents):
    """F1 of places and of full matches; years resolved with the period and signature of the annotations."""
    places = full = found = wanted = 0
    for text, gold, period, signed in documents:
        times = resolve_years(find_times(text), text, sentences(text), period=period, signed=signed)
        mine = {(t.start, t.end): (t.kind, t.edtf, list(t.months)) for t in times}
        theirs = {(t["start"], t["end"]): (t["kind"], t["value"], t["months"]) for t in gold}
        places += len(mine.keys() & theirs.keys())
        full += sum(mine[place] == theirs[place] for place in mine.keys() & theirs.keys())
        found, wanted = found + len(mine), wanted + len(theirs)
    return f1(places, found, wanted), f1(full, found, wanted)


@pytest.mark.parametrize("split", FLOORS)
def test_scores_on_the_corpus_stay_above_their_floors(split):
    reports = [read_report(path) for path in sorted((ROOT / "corpus" / "reports" / split).glob("*.txt"))]
    if not reports:
        pytest.skip(f"corpus/reports/{split} is empty")
    reached = scores((r.text, r.times, r.header["period"], r.header["signed"]) for r in reports)
    assert [score >= floor for score, floor in zip(reached, FLOORS[split], strict=True)] == [True, True], reached


def seeds():
    """The annotated pages in Simplified script, a report each, offsets from the report's start."""
    for report in json.loads(shared_path("gold", "dev.json").read_text(encoding="utf-8")):
        raw = Path(shared_path("seeds", report["page"])).read_text(encoding="utf-8-sig")
        if "\u5340" not in raw:  # 區: a page in Traditional script goes through cleaning first
            gold = [t | {"start": t["start"] - report["start"], "end": t["end"] - report["start"]} for t in report["times"]]
            yield report, raw[report["start"] : report["end"]], gold


def test_scores_on_the_shared_pages_stay_above_their_floors():
    reached = scores((text, gold, report["period"], report["signed"]) for report, text, gold in seeds())
    assert [score >= floor for score, floor in zip(reached, SEED_FLOORS, strict=True)] == [True, True], reached


def test_signatures_and_periods_of_the_shared_pages_are_found():
    for report, text, _ in seeds():
        times = find_times(text)
        signed = find_signed(text, times)[0]
        assert signed == report["signed"], report["report_id"]
        period = find_period(report["title"], text, times, genre=report["genre"], signed=signed)[0]
        assert period == report["period"], report["report_id"]

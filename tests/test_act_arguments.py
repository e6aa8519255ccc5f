"""Arguments of activities: place, organizer, partners, audience, numbers."""

import json
import time
from pathlib import Path

import pytest

from baogao.extract.activities.arguments import read_arguments
from baogao.extract.activities.frames import phrase_at
from baogao.extract.context import Context
from baogao.extract.results import Arguments
from baogao.language.document import make_document
from baogao.language.segment import Segmenter

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "act_arguments.jsonl").read_text(encoding="utf-8").splitlines()]
SEGMENTER = Segmenter()


def arguments_of(text: str) -> Arguments:
    context = Context(make_document(text, SEGMENTER), (), (), "summary", None, None, None, 0)
    return read_arguments(context, (0, len(text)), (0, len(text)), "other")


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_arguments(case, request):
    if case["expect"] == "known_failure":
        request.applymarker(pytest.mark.xfail(strict=True))
    found = arguments_of(case["text"])
    have = {key: list(value) if isinstance(value := getattr(found, key), tuple) else value for key in case["want"]}
    assert have == case["want"]


def test_a_phrase_ends_at_the_first_word_that_no_noun_phrase_holds():
    assert phrase_at("社区出资购置水枪", 0, "units") == "社区"
    assert phrase_at("出资购置水枪", 0, "units") == ""
    assert phrase_at("井冈山参观学习", 0, "places", strict=False) == "井冈山"


@pytest.mark.parametrize("piece", ["在", "为", "在广场", "到", "的", "1", "、", "老人", "“", "（", "由社区", "与", "每", "一万"])
def test_time_does_not_grow_faster_than_the_text(piece):
    took = []
    for size in (10_000, 80_000):
        text = piece * (size // len(piece))
        document = make_document(text, SEGMENTER)
        context = Context(document, (), (), "summary", None, None, None, 0)
        start = time.process_time()
        read_arguments(context, (0, len(text)), (0, len(text)), "other")
        took.append(time.process_time() - start)
    assert took[1] < 24 * took[0] + 0.1

"""Repairs: what each fixer mends and leaves alone, and that every edit can be undone."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean.repair import FIXERS, repair
from baogao.settings import CleanSettings
from baogao.text import EditedText
from helpers import ROOT, shared_path

CASES = [json.loads(line) for line in (ROOT / "tests/cases/repair.jsonl").read_text(encoding="utf-8").splitlines()]
PIECES = st.sampled_from(
    ["社区", "組織", "(qū)", "`", "的", "'", "。ㄒ唬┏闪⒘", "；鶎涌破", "\n", "\n\n", "\r\n", "\u3000\u3000", " ??? ", "\ufffd", "2O1O年",
     "，", "。", "一、", "（二）", " PAGE ", "- 3 -", "\f", "“", "”", "20xx", "__", "\x00", "𠮷", "a", " ", "M2", "ū"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)


def mended(fixer, text):
    return EditedText(text, tuple(dict(FIXERS)[fixer](text))).text


@pytest.mark.parametrize("case", CASES, ids=[f"{case['fixer']}: {case['comment'] or case['text'][:20]}" for case in CASES])
def test_case(case, request):
    if case["known_failure"]:
        request.applymarker(pytest.mark.xfail(strict=True))
    assert mended(case["fixer"], case["text"]) == case["want"]


def test_every_fixer_has_a_setting_and_cases_of_both_kinds():
    names = [name for name, _ in FIXERS]
    assert set(names) == {name for name, f in CleanSettings.model_fields.items() if f.annotation is bool}
    for name in names:
        own = [case for case in CASES if case["fixer"] == name]
        assert {case["want"] == case["text"] for case in own} == {True, False}, name


def test_a_setting_switches_its_fixer_off():
    text = "很大的`推动作用"
    assert repair(text, CleanSettings()).text == "很大的推动作用"
    assert repair(text, CleanSettings(anti_copy=False)).edits == ()


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_undoing_the_edits_gives_the_raw_text(raw):
    repaired = repair(raw, CleanSettings())
    undone, last = "", 0
    growth = 0
    for edit in repaired.edits:
        start = edit.start + growth
        end = start + len(edit.after)
        assert repaired.text[start:end] == edit.after != raw[edit.start : edit.end]
        undone += repaired.text[last:start] + raw[edit.start : edit.end]
        last, growth = end, growth + len(edit.after) - (edit.end - edit.start)
    assert undone + repaired.text[last:] == raw


@pytest.mark.parametrize(("name", "fixer"), FIXERS)
@given(text=TEXTS)
@settings(max_examples=60, deadline=None)
def test_a_fixer_gives_sorted_edits_that_change_something(name, fixer, text):
    edits = fixer(text)
    assert {edit.kind for edit in edits} <= {name}
    assert EditedText(text, tuple(edits)).raw == text
    assert all(text[edit.start : edit.end] != edit.after for edit in edits)


def test_a_break_that_lost_characters_give_is_not_joined_again():
    text = repair("现将上半年工作总结如下： ??? 社区坚持以人为本，做了大量工作。", CleanSettings())
    assert text.text == "现将上半年工作总结如下：\n社区坚持以人为本，做了大量工作。"


def test_a_slipped_character_before_its_pinyin_is_mended_first():
    assert repair("　。ㄒ唬┏闪⒘藚^(qū)全民科學素質領導小組，", CleanSettings()).text == "　（一）成立了区全民科学素质领导小组，"


def test_the_damaged_runs_of_the_seed_read_what_was_meant():
    raw = shared_path("seeds", "s003.txt").read_text(encoding="utf-8")
    text = repair(raw, CleanSettings()).text
    for meant in ("（一）成立了区全民", ";基层科普组织是", "\n（四）、坚持以人为本", "）活动促宣传,以宣传带"):
        assert meant in text


def test_public_reports_are_left_alone():
    edits = chars = 0
    keep = {"script"}  # some of the copies are Traditional
    for path in sorted(shared_path("govreports", "txt").glob("*.txt")):
        raw = path.read_text(encoding="utf-8")
        edits += sum(not set(edit.kind.split("+")) <= keep for edit in repair(raw, CleanSettings()).edits)
        chars += len(raw)
    assert edits <= chars / 100_000

"""Templates: skeletons, slots with their types and places, and what fills them."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from baogao.reuse.align import Block
from baogao.reuse.anchors import anchored_blocks
from baogao.reuse.folding import codes_of, fold_readable, text_of
from baogao.reuse.slot_types import SLOT_TYPES, expressions, is_masked, is_proper_name, type_of, unmasks
from baogao.reuse.templates import Excerpt, Template, learn_template, worthwhile
from helpers import ROOT

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "reuse_templates.yaml").read_text(encoding="utf-8"))


def excerpt(text: str, number: int = 0) -> Excerpt:
    chars, places = fold_readable(codes_of(text))
    return Excerpt(number, text, 0, len(text), text_of(chars), places.tolist())


def fillings(texts: list[str]) -> tuple[Template, dict[str, list[str | None]]]:
    template, uses = learn_template([excerpt(text, i) for i, text in enumerate(texts)], 24)
    values = [{value.slot: value.value for value in use.values} for use in uses]
    return template, {slot.name: [own.get(slot.name) for own in values] for slot in template.slots}


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case["label"], marks=pytest.mark.xfail(strict=True) if case.get("known_failure") else ()) for case in CASES],
)
def test_templates(case: dict) -> None:
    template, values = fillings(case["uses"])
    assert (template.skeleton, values) == (case["skeleton"], case["slots"])


@given(st.lists(st.text("柳荫石桥社区1234567890，。×年月日人在了", min_size=1, max_size=40), min_size=1, max_size=5))
def test_values_stand_where_they_are_said_to_and_do_not_overlap(texts: list[str]) -> None:
    template, uses = learn_template([excerpt(text, i) for i, text in enumerate(texts)], 24)
    assert {slot.type for slot in template.slots} <= set(SLOT_TYPES)
    for text, use in zip(texts, uses, strict=True):
        last = 0
        for value in use.values:
            assert text[value.start : value.end] == value.value
            assert last <= value.start <= value.end <= len(text)
            last = value.end


@given(st.text("甲乙丙丁，。", max_size=60))
def test_the_template_of_equal_uses_is_their_text(text: str) -> None:
    template, uses = learn_template([excerpt(text), excerpt(text)], 24)
    assert (template.skeleton, template.slots) == (text, ())
    assert [use.similarity for use in uses] == [1.0 if uses[0].excerpt.chars else 0.0] * 2


def test_a_use_that_was_not_studied_is_filled_in_too() -> None:
    template, _ = learn_template([excerpt("在柳荫街道开展义诊"), excerpt("在石桥街道开展义诊")], 24)
    use = template.fill(excerpt("在枇杷园街道开展义诊"))
    assert [(value.slot, value.value, value.start, value.end) for value in use.values] == [("place1", "枇杷园", 1, 4)]


def test_what_one_use_in_a_hundred_changes_is_no_slot() -> None:
    texts = ["社区开展科普讲座活动"] * 120
    texts[60] = "社区开展科学讲座活动"
    assert fillings(texts)[0].slots == ()


@pytest.mark.parametrize(
    ("values", "behind", "type_"),
    [
        (["柳荫", "石桥"], "社区居委会", "place"),
        (["青石桥街道", "梧桐街道"], "的领导下", "place"),
        (["柳荫小学", "市第一医院"], "开展", "unit"),
        (["徐国梁", "何秀英"], "同志", "person"),
        (["戚主任", "花主任"], "主持", "person"),
        (["党委书记", "主任"], "任组长", "role"),
        (["2013年", "20xx年"], "", "date"),
        (["星期二", "星期四"], "", "date"),
        (["12", "7"], "场", "number"),
        (["约60人", "二十余户"], "", "number"),
        (["十七大", "十八大"], "精神", "campaign"),
        (["认真", "仔细"], "组织", "other"),
        (["××", ""], "社区", "place"),
        (["", ""], "。", "other"),
    ],
)
def test_slot_types(values: list[str], behind: str, type_: str) -> None:
    assert type_of(values, behind) == type_


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("××", True), ("某某", True), ("20__年", True), ("20xx年", True), ("十x大", True), ("XX社区", True),
        ("柳荫", False), ("2013年", False), ("Excel", False), ("二○一三年", False), ("", False),
    ],
)  # fmt: skip
def test_masks(value: str, masked: bool) -> None:
    assert is_masked(value) is masked


def test_a_masked_value_is_unmasked_by_one_that_has_its_readable_part() -> None:
    assert unmasks("xx社区", "柳荫社区")
    assert not unmasks("xx社区", "石桥街道")
    assert not unmasks("xx社区", "某某社区")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3月5日服务约120余人次", ["3月5日", "约120余人次"]),
        ("二〇一三年十二月二十日，二十余户", ["二〇一三年十二月二十日", "二十余户"]),
        ("2008.12.3共30%", ["2008.12.3", "30%"]),
        ("下半年第三季度星期二", ["下半年", "第三季度", "星期二"]),
        ("统一思想，一定要三心二意", []),
    ],
)
def test_dates_and_numbers_are_taken_whole(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in expressions(text)] == found


@pytest.mark.parametrize("value", ["居委会", "社区服务中心", "广泛开展", "表示感谢！向", "的领导"])
def test_what_is_no_name(value: str) -> None:
    assert not is_proper_name(value)


@given(st.text("甲乙丙", max_size=50), st.text("甲乙丙", max_size=50))
def test_blocks_are_equal_and_in_order(a: str, b: str) -> None:
    last = Block(0, 0, 0)
    for block in anchored_blocks(a, b):
        assert a[block.a : block.end_a] == b[block.b : block.end_b]
        assert block.length > 0
        assert block.a >= last.end_a
        assert block.b >= last.end_b
        last = block


def test_long_texts_are_aligned_at_anchors() -> None:
    words = [chr(0x4E00 + i * 7 % 20_000) for i in range(12_000)]
    changed = words.copy()
    for place in range(500, 12_000, 1000):
        changed[place] = "囧"
    blocks = anchored_blocks("".join(words), "".join(changed))
    assert sum(block.length for block in blocks) == 12_000 - 12
    assert len(blocks) == 13


def test_chance_agreement_inside_a_rewritten_stretch_does_not_count() -> None:
    blocks = [Block(0, 0, 40), Block(70, 75, 1), Block(90, 99, 2), Block(120, 130, 30)]
    assert worthwhile(blocks) == [Block(0, 0, 40), Block(120, 130, 30)]
    assert worthwhile([Block(0, 0, 5), Block(6, 6, 8)]) == [Block(0, 0, 5), Block(6, 6, 8)]
    assert worthwhile([Block(0, 0, 4)]) == []

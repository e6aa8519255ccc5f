"""Edits compose, map spans back to the raw text and can be undone."""

from hypothesis import given
from hypothesis import strategies as st

from baogao.text import Edit, EditedText

ALPHABET = "社区党委工作总结(ū)\n "


@st.composite
def edits_of(draw, text):
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [Edit("k", s, e, draw(st.text(ALPHABET, max_size=3))) for s, e in pairs]


@st.composite
def edited_twice(draw):
    raw = draw(st.text(ALPHABET, max_size=40))
    first = EditedText(raw, tuple(draw(edits_of(raw))))
    return raw, first, draw(edits_of(first.text))


def apply(text, edits):
    for edit in reversed(edits):
        text = text[: edit.start] + edit.after + text[edit.end :]
    return text


@given(edited_twice())
def test_composed_edits_give_the_same_text_as_editing_twice(case):
    raw, first, more = case
    both = first.edit(more)
    assert both.raw == raw
    assert both.text == apply(apply(raw, list(first.edits)), more)


@given(edited_twice(), st.data())
def test_a_span_without_edits_reads_the_same_in_the_raw_text(case, data):
    raw, first, more = case
    both = first.edit(more)
    start = data.draw(st.integers(0, len(both.text)))
    end = data.draw(st.integers(start, len(both.text)))
    raw_start, raw_end = both.raw_span(start, end)
    assert 0 <= raw_start <= raw_end <= len(raw)
    touched = [e for e in both.edits if e.start < raw_end and e.end > raw_start]
    if not touched:
        inserted = [e for e in both.edits if raw_start <= e.start == e.end <= raw_end]
        if not inserted:
            assert raw[raw_start:raw_end] == both.text[start:end]


@given(st.text(ALPHABET, max_size=40), st.data())
def test_kept_spans_hold_their_text(raw, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(raw)), max_size=6)))
    spans = [(s, e) for s, e in zip(cuts[::2], cuts[1::2], strict=False)]
    kept = EditedText(raw).keep(spans)
    assert kept.text.replace("\n", "") == "".join(raw[s:e] for s, e in spans).replace("\n", "")


def test_two_lines_joined_by_a_repair_stay_joined_when_the_gap_between_their_blocks_is_dropped():
    page = EditedText("建成了40米长的科\n\n普橱窗").edit([Edit("line_break", 9, 11, "")])
    assert page.keep([(0, 9), (11, 14)]).text == "建成了40米长的科普橱窗"


def test_a_removal_at_the_edge_of_a_span_stays_outside():
    page = EditedText("領(lǐng)導(dǎo)重視").edit([Edit("pinyin", 1, 7, ""), Edit("pinyin", 8, 12, "")])
    assert page.text == "領導重視"[:1] + page.raw[7] + page.raw[12:]
    assert page.raw_span(0, 1) == (0, 1)

"""From seeds to passages: fingerprints that meet, runs and chains, units, and which passages are listed."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baogao.reuse.align import Block, align, align_within, is_passage, matched, merged
from baogao.reuse.alike import components
from baogao.reuse.edges import aligned_chars, in_order, parts_outside
from baogao.reuse.folding import codes_of, fold, gram_hashes
from baogao.reuse.passage_files import STRETCH
from baogao.reuse.quotes import quotations, quoted_chars
from baogao.reuse.runs import RUN, agreement, exact_runs
from baogao.reuse.seeds import LINK, winnow
from baogao.reuse.settings import PassageSettings
from baogao.reuse.shares import intervals_of, paint, shares_of
from baogao.reuse.stage import ReuseResult, find_reuse
from baogao.reuse.units import Level, units_of

SETTINGS = PassageSettings()


def prose(seed: int, count: int) -> str:
    return "".join(chr(code) for code in np.random.default_rng(seed).integers(0x4E00, 0x5E00, count))


@given(st.integers(0, 10_000), st.integers(20, 60), st.integers(0, 50), st.integers(0, 50))
def test_two_texts_that_share_twenty_characters_share_a_fingerprint(seed: int, shared: int, before: int, behind: int) -> None:
    common = prose(seed, shared)
    texts = [prose(seed + 1, before) + common + prose(seed + 2, behind), prose(seed + 3, behind) + common + prose(seed + 4, before)]
    chosen = []
    for text in texts:
        hashes = gram_hashes(codes_of(text), SETTINGS.seed)
        chosen.append(set(hashes[winnow(hashes, SETTINGS.shortest - SETTINGS.seed + 1)].tolist()))
    assert chosen[0] & chosen[1]


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 12))
def test_winnowing_keeps_the_least_of_every_window(numbers: list[int], window: int) -> None:
    hashes = np.array(numbers, np.uint64)
    size = min(window, len(numbers))
    expected = [False] * len(numbers)
    for start in range(len(numbers) - size + 1 if numbers else 0):
        for place in range(start, start + size):
            expected[place] |= numbers[place] == min(numbers[start : start + size])
    assert winnow(hashes, window).tolist() == expected


@given(st.text("甲乙", min_size=1, max_size=60), st.data())
def test_agreement_is_counted_to_the_first_difference(text: str, data: st.DataObject) -> None:
    codes = codes_of(text)
    one, other = data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(0, len(text) - 1))
    room = min(len(text) - one, len(text) - other)
    expected = next((i for i in range(room) if text[one + i] != text[other + i]), room)
    found = agreement(codes, np.array([one]), np.array([other]), np.array([room]), 1)
    assert found.tolist() == [expected]


def test_runs_reach_as_far_as_the_texts_agree_and_not_into_the_next_report() -> None:
    a, b = "甲乙丙丁戊己庚辛壬癸子丑", "天地丙丁戊己庚辛壬癸寅卯"
    codes = codes_of(a + b)
    spans = (np.array([0, 12]), np.array([12, 24]))
    links = np.array([(1, 0, 2, 2), (1, 0, 4, 4)], LINK)
    assert exact_runs(links, codes, spans, 4).tolist() == np.array([(1, 0, 2, 2, 8)], RUN).tolist()
    whole = np.array([(1, 0, 0, 0)], LINK)
    assert exact_runs(whole, codes_of(a + a + a), spans, 4).tolist() == [(1, 0, 0, 0, 12)]


def runs_of(a: str, b: str) -> list[Block]:
    """All maximal common runs of eight or more characters, by trying every place."""
    found = []
    for i in range(len(a)):
        for j in range(len(b)):
            if i and j and a[i - 1] == b[j - 1]:
                continue
            length = 0
            while i + length < len(a) and j + length < len(b) and a[i + length] == b[j + length]:
                length += 1
            if length >= SETTINGS.seed:
                found.append(Block(i, j, length))
    return found


@pytest.mark.parametrize(
    ("a", "b", "spans"),
    [
        ("甲" * 3 + prose(1, 40), "乙丙" + prose(1, 40), [(3, 43, 2, 42)]),
        (prose(1, 30) + "柳荫" + prose(2, 30), prose(1, 30) + "石桥坊" + prose(2, 30), [(0, 62, 0, 63)]),
        (prose(1, 30) + prose(2, 30), prose(2, 30) + prose(1, 30), [(0, 30, 30, 60), (30, 60, 0, 30)]),
        (prose(1, 30) + prose(3, 150) + prose(2, 30), prose(1, 30) + prose(4, 150) + prose(2, 30), [(0, 30, 0, 30), (180, 210, 180, 210)]),
        (prose(1, 12), prose(1, 12), []),
        (prose(1, 12) + "甲" + prose(2, 12), prose(1, 12) + "乙" + prose(2, 12), [(0, 25, 0, 25)]),
    ],
    ids=["run", "slot", "moved", "rewritten between", "too short", "sentence with one change"],
)
def test_chains(a: str, b: str, spans: list[tuple[int, int, int, int]]) -> None:
    chains = align(a, b, runs_of(a, b), SETTINGS)
    assert sorted((chain[0].a, chain[-1].end_a, chain[0].b, chain[-1].end_b) for chain in chains) == spans
    for chain in chains:
        for block in chain:
            assert a[block.a : block.end_a] == b[block.b : block.end_b]


def test_one_change_in_five_characters_does_not_end_a_passage() -> None:
    a = prose(1, 300)
    random = np.random.default_rng(2)
    b = "".join(char if random.random() > 0.2 else chr(int(random.integers(0x6000, 0x7000))) for char in a)
    chains = align(a, b, runs_of(a, b), SETTINGS)
    covered = sum(chain[-1].end_a - chain[0].a for chain in chains)
    assert covered > 0.9 * len(a)


def test_a_repetition_does_not_overlap_what_it_repeats() -> None:
    text = prose(1, 40) + prose(2, 10) + prose(1, 40)
    runs = [Block(block.b, block.a, block.length) for block in runs_of(text, text) if block.a < block.b]
    assert [[tuple(block) for block in chain] for chain in align_within(text, runs, SETTINGS)] == [[(50, 0, 40)]]
    assert align_within("甲" * 100, [Block(1, 0, 99)], SETTINGS) == []


def test_what_makes_a_passage() -> None:
    assert is_passage([Block(0, 0, 20)], SETTINGS)
    assert not is_passage([Block(0, 0, 19)], SETTINGS)
    assert is_passage([Block(0, 0, 12), Block(15, 15, 12)], SETTINGS)
    assert not is_passage([Block(0, 0, 12), Block(20, 20, 12)], SETTINGS)


def test_chains_in_order_leave_out_what_was_moved() -> None:
    first, moved, last = [Block(0, 30, 30)], [Block(30, 0, 20)], [Block(60, 60, 40)]
    assert in_order([moved, last, first]) == [first, last]
    assert in_order([]) == []


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda span: (span[0], span[0] + span[1]))))
def test_merged_spans_hold_the_same_places(spans: list[tuple[int, int]]) -> None:
    joined = merged(spans)
    assert {place for span in joined for place in range(*span)} == {place for span in spans for place in range(*span)}
    assert all(one[1] < other[0] for one, other in pairwise(joined))


def test_parts_outside_units_are_cut_where_the_units_are() -> None:
    chain = [Block(0, 100, 50), Block(55, 155, 45)]
    parts = list(parts_outside(chain, [(20, 70)], SETTINGS))
    assert parts == [[Block(0, 100, 20)], [Block(70, 170, 30)]]
    assert sum(map(matched, parts_outside(chain, [], SETTINGS))) == 95


def test_overlapping_blocks_are_counted_once() -> None:
    assert aligned_chars([Block(0, 0, 10), Block(0, 20, 10)]) == 10


def test_units_hold_the_whole_text() -> None:
    text = "前言在此。\n一、加强领导，健全网络\n成立了小组。制定了制度！\n二、开展活动\n  义诊。"
    units = units_of(text, fold(codes_of(text))[1])
    folded = len(fold(codes_of(text))[0])
    assert {level: len(own.starts) for level, own in units.items()} == {
        Level.REPORT: 1, Level.SECTION: 3, Level.PARAGRAPH: 5, Level.SENTENCE: 6,
    }  # fmt: skip
    for own in units.values():
        assert own.starts == [0, *own.ends[:-1]]
        assert own.ends[-1] == folded
    assert units[Level.SENTENCE].at(folded - 1) == 5


def test_components_are_named_by_their_least_node() -> None:
    assert components(np.array([3, 1]), np.array([4, 3]), 6).tolist() == [0, 1, 2, 1, 1, 5]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("学习《安全生产法》第三条：“安全生产工作应当以人为本，坚持安全发展。”大家讨论。", ["安全生产工作应当以人为本，坚持安全发展。"]),
        ("会议指出：要把居民的小事当作社区的大事来办。我们照此落实。", ["要把居民的小事当作社区的大事来办。"]),
        ("争创“平安社区”活动", []),
        ("“" + "甲" * 700 + "”", []),
    ],
)
def test_quotations(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == found


def test_quoted_characters_are_counted_inside_a_span() -> None:
    assert quoted_chars([(0, 10), (20, 30), (40, 50)], 5, 45) == 20
    assert quoted_chars([], 0, 5) == 0


def stretch(start: int, end: int, level: int, kind: int, passage: int, *, elsewhere: bool = True, in_page: bool = False) -> tuple:
    return (0, start, end, level, kind, elsewhere, in_page, elsewhere, passage)


def test_a_character_has_the_first_kind_that_fits_and_the_smallest_passage() -> None:
    rows = np.array([stretch(0, 10, 0, 0, 1), stretch(4, 6, 3, 0, 2), stretch(5, 8, 4, 1, 3), stretch(7, 9, 4, 2, 4)], STRETCH)
    assert intervals_of(*paint(12, rows)) == [
        (0, 4, "copied", f"g{1:015x}"), (4, 5, "copied", f"g{2:015x}"), (5, 7, "formula", f"g{3:015x}"),
        (7, 9, "quoted", f"g{4:015x}"), (9, 10, "copied", f"g{1:015x}"),
    ]  # fmt: skip
    assert shares_of(paint(12, rows)[0], np.arange(12), rows) == [0.5, 0.1667, 0.1667, 0.0, 0.1667, 0.5]


def test_what_only_its_own_report_repeats_is_neither_copied_nor_novel() -> None:
    rows = np.array([stretch(0, 5, 3, 0, 1, elsewhere=False, in_page=True)], STRETCH)
    assert shares_of(paint(10, rows)[0], np.arange(10), rows) == [0.0, 0.0, 0.0, 0.5, 0.5, 0.0]
    assert [row[2] for row in intervals_of(*paint(10, rows))] == ["repeated"]


def found_in(texts: dict[str, str], folder: Path) -> ReuseResult:
    rows = pa.RecordBatch.from_pydict({"report_id": list(texts), "page_id": list(texts), "text": list(texts.values())})
    return find_reuse([rows], folder)


def reuse_of(texts: dict[str, str], folder: Path) -> list[dict]:
    return found_in(texts, folder).passages.to_pylist()


def test_a_sentence_is_listed_beside_its_report_only_where_it_stands_elsewhere_too(tmp_path: Path) -> None:
    sentence = prose(1, 40) + "。"
    whole = prose(2, 60) + "。" + sentence + prose(3, 60) + "。"
    alone = reuse_of({"r1": whole, "r2": whole + "囧"}, tmp_path / "one")
    assert [(row["level"], row["n_reports"]) for row in alone] == [("report", 2)]
    beside = reuse_of({"r1": whole, "r2": whole + "囧", "r3": prose(4, 90) + "。" + sentence + prose(5, 90)}, tmp_path / "two")
    assert sorted((row["level"], row["n_reports"]) for row in beside) == [("report", 2), ("sentence", 3)]


def test_moved_paragraphs_are_passages_of_their_own(tmp_path: Path) -> None:
    parts = [prose(i, 60) + "。" for i in range(5)]
    rows = reuse_of({"r1": "\n".join(parts), "r2": "\n".join([parts[0], parts[3], parts[1], parts[2], parts[4]])}, tmp_path)
    assert [row["level"] for row in rows if row["skeleton"] == parts[3]] == ["paragraph"]


def test_a_phrase_of_many_different_reports_is_a_formula_with_its_place_as_a_slot(tmp_path: Path) -> None:
    names = [prose(1000 + i, 2) for i in range(40)]
    texts = {f"r{i:02d}": f"{prose(i, 100)}。在{name}街道党工委、办事处的正确领导下，{prose(100 + i, 100)}" for i, name in enumerate(names)}
    rows = [row for row in reuse_of(texts, tmp_path) if row["kind"] == "formula"]
    assert [(row["skeleton"], row["n_reports"]) for row in rows] == [("在{place1}街道党工委、办事处的正确领导下", 40)]


def test_most_of_a_copied_paragraph_is_found_where_a_fifth_of_its_characters_were_changed(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    texts, copied = {}, {}
    for i in range(20):
        paragraph = np.array(list(prose(i, 200)))
        texts[f"a{i:02d}"] = f"{prose(100 + i, 100)}。\n{''.join(paragraph)}。"
        changed = rng.choice(200, 40, replace=False)
        paragraph[changed] = list(prose(200 + i, 40))
        texts[f"b{i:02d}"] = f"{prose(300 + i, 100)}。\n{''.join(paragraph)}。"
        copied[f"b{i:02d}"] = set(range(102, 302))
    found: dict[str, set[int]] = {}
    for use in found_in(texts, tmp_path).passage_uses.to_pylist():
        found.setdefault(use["report_id"], set()).update(range(use["start"], use["end"]))
    recall = sum(len(places & found.get(report, set())) for report, places in copied.items()) / (20 * 200)
    assert recall >= 0.8

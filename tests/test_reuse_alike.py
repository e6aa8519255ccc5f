"""Near-duplicates: every pair above the threshold, measured exactly, whatever the order, the cutting and the number of workers."""

import json
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from baogao.reuse.alike import Alike, find_alike, first_copies, jaccard, pairs_in_groups
from baogao.reuse.folding import GRAM, codes_of, fold, gram_set, text_of
from baogao.reuse.settings import NearDuplicateSettings, ReuseSettings
from baogao.reuse.sketch import EMPTY, sketch_texts
from baogao.reuse.store import Store, build_store, fold_store
from helpers import shared_path

TextPairs = dict[tuple[str, str], float]


def analyse(texts: dict[str, str], folder: Path, settings: ReuseSettings | None = None, executor=None) -> tuple[Store, Alike]:
    settings = settings or ReuseSettings()
    batch = pa.RecordBatch.from_pydict({"report_id": list(texts), "page_id": list(texts), "text": list(texts.values())})
    store = build_store([batch], folder / "store", part_reports=settings.part_reports, part_chars=settings.part_chars)
    fold_store(store, folder / "work", executor)
    return store, find_alike(store, folder / "work", settings, executor)


def measured_pairs(store: Store, alike: Alike) -> TextPairs:
    names = store.columns["report_id"].to_pylist()
    return {
        (names[a], names[b]): similarity
        for a, b, similarity in zip(
            alike.measured["a"].tolist(), alike.measured["b"].tolist(), jaccard(alike.measured).tolist(), strict=True
        )
    }


def all_pairs(texts: dict[str, str], lowest: float) -> TextPairs:
    """Every pair from the definition, without a hash: sets of folded 5-grams; exact copies only with their first report."""
    folded = {key: text_of(fold(codes_of(text))[0]) for key, text in sorted(texts.items())}
    first: dict[str, str] = {}
    for key, text in folded.items():
        first.setdefault(text, key)
    grams = {key: {folded[key][i : i + GRAM] for i in range(len(folded[key]) - GRAM + 1)} for key in sorted(first.values())}
    pairs = {}
    for a, b in combinations(grams, 2):
        union = grams[a] | grams[b]
        similarity = len(grams[a] & grams[b]) / len(union) if union else 0.0
        if similarity >= lowest:
            pairs[a, b] = similarity
    return pairs


def prose(seed: int, count: int) -> str:
    return "".join(chr(code) for code in np.random.default_rng(seed).integers(0x4E00, 0x5E00, count))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("社区（一）科普，2013年Ａ!", "社区一科普2013年Ａ"),
        ("區委領導", "区委领导"),
        ("  。？——\n", ""),
        ("二〇一三年①", "二〇一三年①"),
        ("𠮷祥", "𠮷祥"),
    ],
)
def test_only_letters_digits_and_simplified_han_are_compared(text: str, folded: str) -> None:
    codes, places = fold(codes_of(text))
    assert text_of(codes) == folded
    assert len(places) == len(folded)


@given(st.text())
def test_folded_characters_know_their_place(text: str) -> None:
    codes, places = fold(codes_of(text))
    assert text_of(codes_of(text)) == text
    assert [text_of(fold(codes_of(text[place]))[0]) for place in places] == list(text_of(codes))


def test_hashes_do_not_depend_on_the_process_or_the_machine() -> None:
    assert gram_set(codes_of("社区科普工作")).tolist() == [1727112108440849477, 9330679427735991342]


def test_sketches_estimate_the_similarity_of_long_and_of_short_texts() -> None:
    for count in (40, 900):
        errors = []
        for seed in range(60):
            whole = prose(seed, count)
            texts = [codes_of(whole), codes_of(whole[: count * 3 // 4])]
            sets = [set(gram_set(text).tolist()) for text in texts]
            sketches = sketch_texts(np.concatenate(texts), np.cumsum([len(text) for text in texts]), 128)
            errors.append(np.mean(sketches[0] == sketches[1]) - len(sets[0] & sets[1]) / len(sets[0] | sets[1]))
        assert abs(np.mean(errors)) < 0.02
        assert np.std(errors) < 0.06


def test_a_text_without_a_gram_has_an_empty_sketch_and_any_other_a_full_one() -> None:
    sketches = sketch_texts(codes_of("社区科普甲乙丙丁"), np.array([4, 4, 8]), 16)
    assert (sketches == EMPTY).all()
    assert not (sketch_texts(codes_of("社区科普工作"), np.array([6]), 16) == EMPTY).any()


@limits(max_examples=25, deadline=None)
@given(st.data())
def test_every_pair_is_found_and_none_invented(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    texts = {}
    for family in range(data.draw(st.integers(1, 4))):
        text = prose(family, data.draw(st.integers(30, 300)))
        for member in range(data.draw(st.integers(1, 4))):
            start, end = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
            texts[f"r{member}{family}"] = text[:start] + text[end:]
    store, alike = analyse(texts, tmp_path_factory.mktemp("alike"))
    assert measured_pairs(store, alike).items() >= all_pairs(texts, 0.5).items()
    assert measured_pairs(store, alike).items() <= all_pairs(texts, 0.4).items()


def test_results_do_not_depend_on_order_cutting_or_workers(tmp_path: Path) -> None:
    texts = {f"r{i:02d}": prose(i // 3, 200)[i % 3 * 20 :] for i in range(30)}
    backwards = dict(reversed(texts.items()))
    small = ReuseSettings(part_reports=4, task_rows=1000)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        runs = [
            analyse(texts, tmp_path / "one"),
            analyse(backwards, tmp_path / "two", small),
            analyse(texts, tmp_path / "three", small, executor),
        ]
    assert len(runs[0][1].measured) == 30
    for _, alike in runs[1:]:
        assert alike.measured.tobytes() == runs[0][1].measured.tobytes()
        assert alike.stands.tolist() == runs[0][1].stands.tolist()


def test_exact_copies_are_tied_to_their_first_and_not_to_each_other(tmp_path: Path) -> None:
    text = prose(1, 100)
    texts = {f"r{i:04d}": text[:50] + "，" * (i % 3) + text[50:] for i in range(3000)} | {"r5000": text[:90]}
    store, alike = analyse(texts, tmp_path)
    assert measured_pairs(store, alike) == {("r0000", "r5000"): 86 / 96}
    assert set(alike.stands.tolist()) == {0}
    assert alike.capped.shape == (2, 0)


def test_a_large_group_of_alike_reports_is_linked_in_linear_time_and_says_so(tmp_path: Path) -> None:
    text = prose(1, 200)
    texts = {f"r{i:04d}": text[:100] + f"{i:04d}" + text[100:] for i in range(2000)}
    store, alike = analyse(texts, tmp_path, ReuseSettings(alike=NearDuplicateSettings(bucket_reports=10)))
    assert set(alike.stands.tolist()) == {0}
    assert 1999 <= len(alike.measured) < 20 * 2000
    assert 1900 < alike.capped[1].max() <= 2000
    assert len(store) == 2000


@pytest.mark.parametrize("texts", [{}, {"r1": "社区"}, {"r1": "", "r2": "", "r3": "。。。", "r4": "。"}])
def test_archives_with_nothing_to_compare_have_no_pairs(texts: dict[str, str], tmp_path: Path) -> None:
    _, alike = analyse(texts, tmp_path)
    assert len(alike.measured) == 0
    assert alike.stands.tolist() == alike.first.tolist()


def test_two_reports_with_one_identifier_are_an_error(tmp_path: Path) -> None:
    rows = pa.RecordBatch.from_pydict({"report_id": ["r1", "r1"], "page_id": ["p", "p"], "text": ["甲", "乙"]})
    with pytest.raises(ValueError, match="two reports have the report_id r1"):
        build_store([rows], tmp_path / "store", part_reports=2, part_chars=100)


def test_first_copies_names_the_least_number() -> None:
    digests = np.array([[2, 1], [1, 1], [2, 1], [1, 2], [1, 1]], np.uint64)
    assert first_copies(digests).tolist() == [0, 1, 0, 3, 1]


def test_pairs_of_a_group_are_all_up_to_the_limit_and_links_above() -> None:
    members, starts = np.array([5, 3, 9, 1, 2, 4, 8]), np.array([0, 3])
    pairs = pairs_in_groups(members, starts, np.array([3, 4]), 3)
    assert [tuple(pair) for pair in pairs.tolist()] == [(1, 2), (1, 4), (1, 8), (2, 4), (3, 5), (3, 9), (4, 8), (5, 9)]


def test_all_government_reports_that_stand_in_both_collections_are_found(tmp_path: Path) -> None:
    folder = shared_path("govreports")
    texts = {f"t:{path.name}": path.read_text(encoding="utf-8") for path in (folder / "txt").iterdir()}
    for line in (folder / "wikisource.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        texts[f"w:{record['title']}"] = record["content"]
    expected = {
        tuple(sorted((f"w:{title}", f"t:{file}")))
        for _, title, file, *_ in (line.split("\t") for line in (folder / "pairs.tsv").read_text("utf-8").splitlines()[1:])
    }
    found = {pair for pair, similarity in measured_pairs(*analyse(texts, tmp_path)).items() if similarity >= 0.5}
    assert len(expected) == 45
    assert expected <= found
    assert [sorted(name[:2] for name in pair) for pair in found - expected] == [["w:", "w:"]]
    assert all("决议" in name for pair in found - expected for name in pair)


def test_all_near_duplicates_of_the_seed_pages_are_found_with_their_similarity(tmp_path: Path) -> None:
    texts = {}
    for report in json.loads(shared_path("gold", "dev.json").read_text(encoding="utf-8")):
        page = shared_path("seeds", report["page"]).read_text(encoding="utf-8-sig")
        texts[report["report_id"]] = page[report["start"] : report["end"]]
    found = measured_pairs(*analyse(texts, tmp_path))
    assert found == pytest.approx(all_pairs(texts, 0.4))
    assert len(found) == 8

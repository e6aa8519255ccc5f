"""`baogao evaluate` and the independent scorer beside the shared gold agree."""

import json
import subprocess
import sys

import pytest

from baogao.errors import BaogaoError
from baogao.evaluation.gold import load_dataset, load_gold
from baogao.evaluation.matching import activity_similarity, iou, normalise, pair
from baogao.evaluation.scores import figures, score_page
from helpers import shared_path
from test_run import baogao


@pytest.fixture(scope="module")
def seeds_out(tmp_path_factory):
    out = tmp_path_factory.mktemp("seeds") / "out"
    assert baogao("run", shared_path("seeds"), "-o", out).returncode == 0
    return out


def test_figures_agree_with_the_independent_scorer_to_the_third_decimal(seeds_out):
    gold, tool = shared_path("gold", "dev.json"), shared_path("tools", "score.py")
    command = [sys.executable, tool, gold, seeds_out / "dataset", "--pages", shared_path("seeds"), "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    annotated = load_gold(gold)
    found, raw = load_dataset(seeds_out / "dataset", annotated)
    ours = figures([score_page(page, golds, found.get(page, []), raw[page]) for page, golds in annotated.items()])
    assert {f.name: round(f.value, 3) for f in ours} == {name: row.get("f1", row.get("acc")) for name, row in theirs.items() if row["n"]}


def test_gold_scored_against_itself_is_perfect():
    annotated = load_gold(shared_path("gold", "dev.json"))
    raw = {page: shared_path("seeds", page).read_text(encoding="utf-8") for page in annotated}
    perfect = figures([score_page(page, golds, golds, raw[page]) for page, golds in annotated.items()])
    assert {f.name: f.value for f in perfect if f.name != "leaked"} == {f.name: 1.0 for f in perfect if f.name != "leaked"}
    assert next(f.value for f in perfect if f.name == "leaked") == 0.0


@pytest.mark.parametrize(
    ("gold", "found", "same"),
    [((0, 10), (0, 10), True), ((0, 10), (5, 15), True), ((0, 10), (6, 16), False), ((0, 10), (0, 50), True), ((0, 10), (0, 51), False)],
)
def test_an_activity_matches_where_the_shorter_lies_half_inside_the_longer(gold, found, same):
    spans = [dict(zip(("start", "end"), span, strict=True)) for span in (gold, found)]
    assert (activity_similarity(*spans) > 0) is same


def test_matching_is_one_to_one_and_best_first():
    gold = [{"start": 0, "end": 10}, {"start": 8, "end": 20}]
    found = [{"start": 7, "end": 20}]
    assert pair(gold, found, iou, 0.1) == [(1, 0)]


def test_names_are_compared_without_punctuation_and_de():
    assert normalise("“科教进社区”的领导 小组") == normalise("科教进社区领导小组")


@pytest.mark.parametrize("content", ["{}", "[1]", "nonsense", '[{"page": "a.txt"}]'])
def test_a_file_that_is_no_gold_is_one_sentence(tmp_path, content):
    path = tmp_path / "gold.json"
    path.write_text(content, encoding="utf-8")
    if content == "{}":
        assert load_gold(path) == {}
        return
    with pytest.raises(BaogaoError, match="is no file of gold annotations"):
        load_gold(path)

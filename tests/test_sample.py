"""Samples for coding by hand, agreement of coders, and estimates whose intervals hold what they promise."""

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from baogao.analysis.coding import agreement, read_codes
from baogao.analysis.estimate import estimates
from baogao.analysis.sample import draw_sample, read_key
from baogao.analysis.survey import Design, share
from baogao.cli import app
from baogao.errors import BaogaoError
from made_dataset import made, write_made


@pytest.fixture
def out(tmp_path):
    """Forty clauses of four reports on two pages: 20 accepted, ten of probability 0.9 and ten of 0.6, 20 rejected."""
    text = "".join(f"第{i:02}句举办讲座。" for i in range(40))
    rows = [made("pages", page_id=p, sha256=p * 3) for p in ("p1", "p2")]
    rows += [made("page_sources", page_id=p, source=p, site=f"www.{p}.example") for p in ("p1", "p2")]
    for r in range(4):
        rows.append(made("reports", report_id=f"r{r}", page_id=f"p{r % 2 + 1}", genre="summary", text=text, is_representative=True))
    for i in range(40):
        at = {
            "report_id": f"r{i % 4}",
            "start": 9 * i,
            "end": 9 * i + 8,
            "raw_start": 9 * i,
            "raw_end": 9 * i + 8,
            "text": text[9 * i : 9 * i + 8],
        }
        probability = 0.9 if i < 10 else 0.6 if i < 20 else 0.01
        rows.append(made("candidates", candidate_id=f"k{i:02}", label="activity", probability=probability, accepted=i < 20, **at))
        if i < 20:  # an activity is the inner part of its clause
            rows.append(
                made("activities", activity_id=f"a{i:02}", type="lecture", status="done", months=(5,), **(at | {"start": 9 * i + 4}))
            )
    return write_made(tmp_path / "out", rows)


def coded(folder, judge, sheet="agreed", **fields):
    """Fill in a sheet: `judge` says of an item of the key whether it is an activity."""
    book = openpyxl.load_workbook(folder / "coding.xlsx")
    for item in read_key(folder):
        yes = judge(item)
        values = {"is_activity": "yes" if yes else "no", **({"type": "lecture", "status": "done", "months": 5} | fields if yes else {})}
        for column, name in enumerate(("is_activity", "type", "status", "months"), 4):
            book[sheet].cell(item.item + 1, column).value = values.get(name)
    book.save(folder / "coding.xlsx")


def test_strata_are_drawn_alike_and_the_predictions_are_hidden(out, tmp_path):
    items = draw_sample(out, tmp_path / "s", size=12, seed=7)
    assert {(i.stratum, i.stratum_size, i.stratum_drawn, i.inclusion_probability) for i in items} == {
        ("accepted 0.8-1", 10, 4, 0.4), ("accepted 0.5-0.8", 10, 4, 0.4), ("rejected 0-0.05", 20, 4, 0.2),
    }  # fmt: skip
    assert read_key(tmp_path / "s") == items
    assert {(i.type, i.status, i.months) for i in items if i.accepted} == {("lecture", "done", "5")}
    sheet = openpyxl.load_workbook(tmp_path / "s" / "coding.xlsx")["coder 1"]
    assert [cell.value for cell in sheet[1]] == ["item", "report", "clause", "is_activity", "type", "status", "months", "note"]
    assert [cell.value for cell in sheet[2]][3:] == [None] * 5
    number = int(items[0].candidate_id[1:])
    assert f"【第{number:02}句举办讲座】" in sheet["C2"].value


def test_the_same_seed_draws_the_same_sample(out, tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        draw_sample(out, tmp_path / name, size=12, seed=seed)
    keys = [(tmp_path / name / "key.csv").read_bytes() for name in "abc"]
    assert keys[0] == keys[1] != keys[2]
    assert (tmp_path / "a" / "coding.xlsx").read_bytes() == (tmp_path / "b" / "coding.xlsx").read_bytes()


def test_every_clause_is_drawn_with_its_inclusion_probability(out, tmp_path):
    drawn = np.zeros(40)
    for seed in range(200):
        for item in draw_sample(out, tmp_path / f"s{seed}", size=12, seed=seed):
            drawn[int(item.candidate_id[1:])] += 1
    expected = np.array([0.4] * 20 + [0.2] * 20)
    deviation = (drawn / 200 - expected) / np.sqrt(expected * (1 - expected) / 200)
    assert float(np.max(np.abs(deviation))) < 4


def test_agreement_of_two_coders_by_field(out, tmp_path):
    draw_sample(out, tmp_path / "s", size=12, seed=1)
    coded(tmp_path / "s", lambda item: item.accepted, "coder 1")
    coded(tmp_path / "s", lambda item: item.probability > 0.8, "coder 2", type="other")
    found = {line.field: line for line in agreement(read_codes(tmp_path / "s", "coder 1"), read_codes(tmp_path / "s", "coder 2"))}
    decision = found["is_activity"]
    assert (decision.items, decision.agreed) == (12, pytest.approx(8 / 12))
    assert decision.kappa == pytest.approx((8 / 12 - 4 / 9) / (1 - 4 / 9))  # chance: 8/12 * 4/12 + 4/12 * 8/12
    assert decision.alpha == pytest.approx(1 - 23 * 4 / (12 * 12))  # values yes 12, no 12: 1 - (n - 1) observed / (n_yes n_no)
    assert (found["type"].items, found["type"].agreed) == (4, 0.0)
    assert (found["status"].agreed, found["status"].kappa) == (1.0, None)


def test_a_value_that_does_not_exist_is_told_with_its_cell(out, tmp_path):
    draw_sample(out, tmp_path / "s", size=12, seed=1)
    coded(tmp_path / "s", lambda item: True, type="lesson")
    with pytest.raises(BaogaoError, match="Row 2, column type: 'lesson' is none of lecture"):
        estimates(tmp_path / "s", "agreed")


def test_estimates_weigh_the_strata(out, tmp_path):
    draw_sample(out, tmp_path / "s", size=12, seed=1)
    coded(tmp_path / "s", lambda item: item.probability > 0.8 or not item.accepted)
    found = {(line.measure, line.of): line for line in estimates(tmp_path / "s", "agreed")}
    assert found["precision", "all"].estimate.value == pytest.approx(0.5)
    assert found["recall", "all"].estimate.value == pytest.approx(10 / 30)
    assert (found["count", "all"].found, found["count", "all"].estimate.value) == (20, pytest.approx(30))
    assert found["count", "type lecture"].found == 20
    assert found["type right", "all"].estimate.value == 1


def test_a_whole_archive_coded_leaves_no_doubt_about_it(out, tmp_path):
    draw_sample(out, tmp_path / "s", size=100, seed=1)
    coded(tmp_path / "s", lambda item: int(item.candidate_id[1:]) % 4 != 0)
    precision = next(line.estimate for line in estimates(tmp_path / "s", "agreed") if line.measure == "precision")
    assert (precision.value, precision.archive_low, precision.archive_high) == (0.75, 0.75, 0.75)
    assert precision.low < 0.75 < precision.high


def test_a_sample_coded_in_part_is_refused(out, tmp_path):
    draw_sample(out, tmp_path / "s", size=12, seed=1)
    result = CliRunner().invoke(app, ["estimate", str(tmp_path / "s")])
    assert "lacks is_activity for 12 of 12 items" in str(result.exception)


def _drawn(lottery, truth, accepted, site, size):
    """A sample of `size` from each of the strata accepted and rejected."""
    chosen = np.concatenate([lottery.choice(np.flatnonzero(accepted == a), size, replace=False) for a in (True, False)])
    strata = (~accepted[chosen]).astype(np.int64)
    sizes = np.array([accepted.sum(), (~accepted).sum()], dtype=float)
    design = Design(strata, sizes, np.array([size, size], dtype=float), site[chosen], np.arange(len(chosen)))
    return design, accepted[chosen].astype(float), truth[chosen].astype(float)


def test_the_archive_interval_covers_the_archives_own_recall():
    lottery = np.random.default_rng(1)
    accepted = lottery.random(3000) < 0.3
    truth = lottery.random(3000) < np.where(accepted, 0.8, 0.1)
    recall = (truth & accepted).sum() / truth.sum()
    hits = 0
    for _ in range(400):
        design, a, y = _drawn(lottery, truth, accepted, np.zeros(3000, dtype=np.int64), 120)
        found = share(design, a * y, y)
        hits += found.archive_low <= recall <= found.archive_high
    assert 0.92 <= hits / 400 <= 0.99


def test_the_clustered_interval_covers_the_precision_of_sites_like_these():
    """Sites differ in precision (beta distributed around 0.7): an interval that ignores sites would cover far too rarely."""
    lottery = np.random.default_rng(2)
    clustered = ignoring = 0
    for _ in range(300):
        by_site = lottery.beta(7, 3, 30)
        site = np.repeat(np.arange(30), 100)
        accepted = lottery.random(3000) < 0.3
        truth = lottery.random(3000) < np.where(accepted, by_site[site], 0.1)
        design, a, y = _drawn(lottery, truth, accepted, site, 400)
        found = share(design, a * y, a)
        clustered += found.low <= 0.7 <= found.high
        ignoring += found.archive_low <= 0.7 <= found.archive_high
    assert 0.91 <= clustered / 300 <= 0.99
    assert ignoring / 300 < 0.8

"""The corpus is sound: reports, families, damage, pages and gold fit each other, and a rebuild gives the same bytes."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao import records
from baogao.extract.times.edtf_values import is_value
from corpus_files import CORPUS, SPLITS, all_gold, gold, raw_texts

from baogao.corpus import read_report  # isort: skip
import build  # isort: skip
from damage import DAMAGES, NOISE  # isort: skip
from damaged import damaged  # isort: skip
from families import all_reports, load_families, read_reports  # isort: skip
from losses import LOSSES  # isort: skip
from reuse import grams, jaccard  # isort: skip

LAYERS = ("noise", "headings", "times", "organizations", "activities", "findings")
VALUES = {
    ("headings", "kind"): records.SECTION_KINDS, ("times", "kind"): records.TIME_KINDS, ("organizations", "kind"): records.UNIT_KINDS,
    ("organizations", "status"): records.UNIT_STATUS, ("activities", "type"): records.ACTIVITY_TYPES,
    ("activities", "status"): records.ACTIVITY_STATUS, ("findings", "kind"): records.FINDINGS, ("noise", "role"): records.BLOCK_ROLES,
}  # fmt: skip
MOST_ALIKE = 0.05
"""Greatest Jaccard similarity of the 5-grams of two reports that are of no common family."""


@pytest.fixture(scope="module")
def written():
    return read_reports()


@pytest.fixture(scope="module")
def families(written):
    return load_families(written)


@pytest.fixture(scope="module")
def reports(written, families):
    return all_reports(written, families)


def related(families) -> dict[str, set[str]]:
    """Report -> the bases that it or another report of its family goes back to."""
    bases: dict[str, set[str]] = defaultdict(set)
    for family in families:
        for member in family.members:
            bases[member.report.id].add(family.members[0].report.id)
    return bases


def test_the_corpus_is_as_large_as_its_datasheet_says(written, reports):
    assert len(written) >= 180
    assert sum(len(report.text) for report in written.values()) >= 235_000
    assert sum(len(report.text) for report in reports.values()) >= 240_000
    assert len(all_gold("pages_")) >= 70
    assert len({page["site"] for page in all_gold("pages_")}) >= 12


def test_every_report_stands_on_one_page_of_its_split(reports):
    placed = {row["report_id"]: split for split in SPLITS for row in gold(split)}
    closed = {row["report"] for page in build.load_plan().values() if page["format"] in ("docx", "mht") for row in page["pieces"]}
    assert Counter(row["report_id"] for row in all_gold()).most_common(1)[0][1] == 1
    assert {key for key in reports if key not in placed} <= closed
    assert {key: split for key, split in placed.items() if reports[key].split != split} == {}


@pytest.mark.parametrize("kind", ["html", "txt", "pasted", "docx", "mht"])
def test_pages_of_every_format_are_in_the_gold(kind):
    planned = sum(page["format"] == kind for page in build.load_plan().values())
    assert Counter(page["format"] for page in all_gold("pages_"))[kind] == planned


def test_no_page_stands_in_two_splits():
    pages = [(split, page["page"]) for split in SPLITS for page in gold(f"pages_{split}")]
    sites = {(split, page["site"]) for split in SPLITS for page in gold(f"pages_{split}")}
    assert len({page for _, page in pages}) == len(pages)
    assert len({site for _, site in sites}) == len(sites)


def test_families_stay_in_one_split(families):
    assert [family.id for family in families if len({member.report.split for member in family.members}) > 1] == []
    assert len(families) >= 12
    assert {2, 9} <= {len(family.members) for family in families}
    kinds = {"exact", "renamed", "section", "reshuffled", "plan_summary", "redated", "quotation"}
    assert {family.kind for family in families} == kinds


def test_reports_without_a_common_family_are_not_alike(reports, families):
    bases = related(families)
    sets = {key: grams(report.text) for key, report in reports.items()}
    alike = [
        (a, b, round(value, 3)) for a, b in combinations(sorted(sets), 2)
        if not bases.get(a, set()) & bases.get(b, set()) and (value := jaccard(sets[a], sets[b])) > MOST_ALIKE
    ]  # fmt: skip
    assert alike == []


def test_every_quote_stands_at_its_offsets():
    wrong = [
        (row["report_id"], layer, item["quote"]) for row in all_gold() for layer in LAYERS for item in row[layer]
        if raw_texts()[row["page"]].raw[item["start"] : item["end"]] != item["quote"] or not item["quote"].strip()
    ]  # fmt: skip
    assert wrong == []


def test_annotations_lie_inside_their_report():
    outside = [
        (row["report_id"], item["quote"]) for row in all_gold() for layer in LAYERS for item in row[layer]
        if not row["start"] <= item["start"] < item["end"] <= row["end"]
    ]  # fmt: skip
    assert outside == []


def test_values_are_those_of_the_annotation_guide():
    for (layer, field), allowed in VALUES.items():
        assert {item[field] for row in all_gold() for item in row[layer]} <= set(allowed)
    assert {row["genre"] for row in all_gold()} == set(records.GENRES)
    assert {role["role"] for row in all_gold() for unit in row["organizations"] for role in unit["roles"]} <= set(records.ROLES)


def test_an_issuer_is_named_as_written(written):
    invented = [
        (key, report.header["issuer"]) for key, report in written.items()
        if report.header["issuer"] and report.header["issuer"] not in f"{report.header['title']}\n{report.text}"
    ]  # fmt: skip
    assert invented == []


def test_every_date_is_extended_date_time_format():
    dates = [(row["report_id"], row[field]) for row in all_gold() for field in ("period", "signed")]
    for row in all_gold():
        dates += [(row["report_id"], item["value"]) for layer in ("times", "activities") for item in row[layer]]
        dates += [(row["report_id"], unit["founded"]) for unit in row["organizations"]]
    assert [(key, value) for key, value in dates if value is not None and not is_value(value)] == []


def test_block_roles_cover_every_visible_character():
    for page in all_gold("pages_"):
        text = raw_texts()[page["page"]]
        covered = {i for block in page["blocks"] for i in range(block["start"], block["end"])}
        assert [i for i, char in enumerate(text.raw) if not char.isspace() and i not in covered] == [], page["page"]
        ends = [block.end for block in text.blocks]
        assert all(any(b.start <= x["start"] and x["end"] <= b.end for b in text.blocks) for x in page["blocks"]), page["page"]
        assert ends == sorted(ends)


def test_edits_hold_what_stands_in_the_page():
    wrong = [
        (page["page"], edit) for page in all_gold("pages_") for edit in page["edits"]
        if raw_texts()[page["page"]].raw[edit["start"] : edit["end"]] != edit["before"]
    ]  # fmt: skip
    assert wrong == []


def test_every_kind_of_damage_stands_on_three_pages():
    pages = Counter(kind for page in all_gold("pages_") for kind in {k for e in page["edits"] for k in e["kind"].split("+")})
    kinds = ({*DAMAGES} - {"wrapped"}) | {*LOSSES}  # wrapped lines are line breaks
    assert {kind: pages[kind] for kind in sorted(kinds) if pages[kind] < 3} == {}


def test_roles_of_blocks_are_those_of_the_dataset():
    roles = Counter(block["role"] for page in all_gold("pages_") for block in page["blocks"])
    assert set(roles) == set(records.BLOCK_ROLES)


def test_slot_values_and_passages_stand_in_the_pages():
    for family in gold("reuse"):
        for passage in family["passages"]:
            assert len(passage["uses"]) >= 2, family["family"]
            for use in passage["uses"]:
                raw = raw_texts()[use["page"]].raw
                assert raw[use["start"] : use["end"]].strip(), (family["family"], use)
                assert all(use["start"] <= value["start"] <= value["end"] <= use["end"] for value in use["slot_values"])


def test_leaks_are_findings(reports, families):
    leaks = [(member.report.id, use.value) for family in families for member in family.members for use in member.uses if use.leak]
    marked = [(key, finding["quote"]) for key, report in reports.items() for finding in report.findings]
    assert len(leaks) >= 10
    assert set(leaks) <= set(marked)


@pytest.mark.parametrize("kind", DAMAGES)
@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 50))
def test_damage_is_undone_by_its_edits(kind, seed):
    report = read_report(CORPUS / "reports" / "train" / "sq-09.txt")
    result = damaged(report, [], [kind], ["（某站整理）"], str(seed))
    undone = result.text
    for _, start, end, after, repairable in reversed(result.truth()):
        assert repairable
        undone = undone[:start] + after + undone[end:]
    assert undone == report.text


@pytest.mark.parametrize("kind", LOSSES)
def test_losses_change_annotations_with_the_text(kind):
    report = read_report(CORPUS / "reports" / "train" / "sq-01.txt")
    result = damaged(report, [f"{kind} xx"], [], [], "0").report
    assert [time["quote"] for time in result.times] == [result.text[time["start"] : time["end"]] for time in result.times]
    assert len(result.activities) == len(report.activities)


def test_a_masked_year_is_masked_in_every_value():
    report = read_report(CORPUS / "reports" / "train" / "sq-01.txt")
    result = damaged(report, ["masked xx"], [], [], "0").report
    values = [item["value"] for item in (*result.times, *result.activities) if item["value"]]
    assert (result.header["period"], result.header["signed"], result.header["issuer"]) == ("20XX", "20XX-12-18", "xx社区党委、居委会")
    assert [value for value in values if "2012" in value or "2013" in value] == []


def test_a_slipped_byte_spoils_the_run_up_to_the_next_ascii_character():
    text = "成绩：。（一）成立科普队;"
    edits = DAMAGES["byte_slip"](text, _Always(), [])
    assert [(text[edit.start : edit.end], len(edit.after)) for edit in edits] == [("。（一）成立科普队", 8)]


class _Always:
    """A generator whose every draw is 0, so that whatever may happen happens."""

    def random(self) -> float:
        return 0.0


def test_noise_is_what_the_page_put_in():
    report = read_report(CORPUS / "reports" / "train" / "sq-01.txt")
    result = damaged(report, [], list(NOISE), ["（某站整理）"], "1")
    noise = [result.text[start:end] for start, end, _ in result.noise()]
    assert noise and {role for *_, role in result.noise()} == {"advert", "page_mark"}
    assert len("".join(noise)) == len(result.text) - len(report.text)


def test_a_rebuild_gives_the_same_bytes():
    files = build.page_files(build.make_pages())
    stored = {path.relative_to(CORPUS / "pages").as_posix(): path.read_bytes() for path in (CORPUS / "pages").rglob("*") if path.is_file()}
    assert sorted(files) == sorted(stored)
    assert [path for path, (data, _) in files.items() if data != stored[path]] == []


def test_the_gold_is_that_of_the_pages(tmp_path):
    assert build.main(tmp_path) in (0, 1)
    for path in sorted((tmp_path / "gold").iterdir()):
        assert path.read_bytes() == (CORPUS / "gold" / path.name).read_bytes(), path.name


def test_the_demo_shows_every_format():
    names = [path.name for path in (CORPUS / "demo").rglob("*") if path.is_file()]
    assert len(names) >= 12
    assert {name.rsplit(".", 1)[-1] for name in names} == {"html", "txt", "docx", "mht", "zip", "gz"}

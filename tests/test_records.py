"""The tables keep the dataset's contract, and the docs that follow from them are up to date."""

import dataclasses

import pyarrow as pa
import pytest

from baogao.dataset.reference import codebook_page, codebook_rows, settings_page
from baogao.records import SCHEMAS, TABLES, Interval, Page, SlotValue, to_arrow
from helpers import ROOT

CONTRACT = {
    "pages": "page_id title published published_basis encoding_declared encoding_used raw_chars sha256 n_reports metadata",
    "page_sources": "page_id source site url captured warc_record_id",
    "texts": "page_id raw",
    "blocks": "page_id block role reason score raw_start raw_end",
    "edits": "page_id kind before after raw_start raw_end",
    "reports": "report_id page_id ordinal title genre genre_score issuer place place_status place_basis adcode adcode_level "
    "adcode_candidates period signed year_min year_max year_basis raw_start raw_end raw_spans text n_chars cluster_id "
    "is_representative copied_share formula_share quoted_share in_page_share novel_share",
    "sections": "section_id report_id parent_id level number heading kind score SPAN",
    "sentences": "sentence_id report_id section_id text SPAN",
    "times": "time_id report_id section_id text kind edtf months certainty rule SPAN",
    "organizations": "organization_id report_id section_id unit kind status founded parent passage_id text rule score SPAN",
    "roles": "organization_id report_id role holder SPAN",
    "sizes": "organization_id report_id what count SPAN",
    "activities": "activity_id report_id section_id name type status time_id time edtf months place organizer partners audience "
    "participants count unit measure passage_id copied_share text score SPAN",
    "candidates": "candidate_id report_id label probability accepted model text SPAN",
    "months": "report_id activity_id year month weight certainty time_kind place adcode genre type status copied_share",
    "exposure": "report_id year month basis",
    "pairs": "report_a report_b jaccard containment_a containment_b shared_chars near_duplicate same_page same_site same_issuer "
    "place_relation direction direction_basis gap_min gap_max",
    "passages": "passage_id level kind skeleton slots n_uses n_reports n_pages n_sites",
    "passage_uses": "passage_id report_id similarity slot_values SPAN",
    "findings": "finding_id page_id report_id kind text evidence other_report_id attribution SPAN",
    "coverage": "site genre stage n",
    "failures": "source page_id stage error remedy",
}


@pytest.mark.parametrize(("table", "columns"), CONTRACT.items())
def test_a_table_has_the_columns_of_the_contract(table, columns):
    assert set(columns.replace("SPAN", "start end raw_start raw_end").split()) <= set(SCHEMAS[table].names)


def test_there_are_the_tables_of_the_contract_and_no_others():
    assert list(TABLES) == list(CONTRACT)


def test_every_column_is_described():
    bare = [f"{name}.{f.name}" for name, record in TABLES.items() for f in dataclasses.fields(record) if not f.metadata["description"]]
    assert bare == []


def test_every_column_has_an_example_in_the_codebook():
    assert [row[:2] for row in codebook_rows() if not row[6]] == []


def test_records_come_back_from_arrow_as_they_went_in():
    page = Page("p1", None, None, None, "gbk", "gb18030", "meta", 0, 3, "00", 1, {"b": "2", "a": "1"})
    row = to_arrow("pages", [page]).to_pylist()[0]
    assert row["metadata"] == [("a", "1"), ("b", "2")]
    assert {key: value for key, value in row.items() if key != "metadata"} == {
        f.name: getattr(page, f.name) for f in dataclasses.fields(page) if f.name != "metadata"
    }


def test_lists_of_structs_have_named_fields():
    assert SCHEMAS["reports"].field("raw_spans").type == pa.list_(pa.struct([(f.name, pa.int64()) for f in dataclasses.fields(Interval)]))
    assert [f.name for f in SCHEMAS["passage_uses"].field("slot_values").type.value_type] == [f.name for f in dataclasses.fields(SlotValue)]


@pytest.mark.parametrize(("page", "text"), [("codebook.md", codebook_page), ("settings.md", settings_page)])
def test_the_generated_reference_pages_are_up_to_date(page, text):
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == text(), "run `make docs` and commit the page"

"""The dataset's tables as frozen, typed records.

Every table of the dataset is one class here; its Arrow schema, the data dictionary in `datapackage.json` and the codebook page
of the docs are derived from it, so that a column is described in one place. Offsets are code points, end exclusive:
`start`/`end` in the report's clean text, `raw_start`/`raw_end` in the page's raw text (`texts.raw`).
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import pyarrow as pa

GENRES = ("summary", "plan", "scheme", "briefing", "application", "review", "other")
BLOCK_ROLES = (
    "title", "body", "meta", "editor_note", "boilerplate", "related", "comment", "page_mark", "advert", "navigation",
)  # fmt: skip
SECTION_KINDS = (
    "background", "leadership", "team", "facility", "publicity", "activity",
    "institution", "safeguard", "result", "problem", "plan", "other",
)  # fmt: skip
TIME_KINDS = (
    "date", "month", "year", "quarter", "half", "season", "holiday", "festival", "named_day", "span", "recurring",
)  # fmt: skip
UNIT_KINDS = (
    "leading_group", "party", "committee", "association", "team", "network", "station", "office", "other",
)  # fmt: skip
UNIT_STATUS = ("existing", "planned")
ROLES = (
    "组长", "副组长", "成员", "主任", "副主任", "书记", "副书记", "委员", "负责人", "牵头", "分管", "顾问",
    "队长", "站长", "网格员", "楼栋长", "联络员", "其他",
)  # fmt: skip
ACTIVITY_TYPES = (
    "lecture", "publicity", "consultation", "competition", "performance", "screening", "sports", "meeting", "visit",
    "relief", "inspection", "mediation", "survey", "construction", "publication", "tour", "online", "service", "other",
)  # fmt: skip
ACTIVITY_STATUS = ("done", "routine", "planned")
CERTAINTIES = ("exact", "inferred", "vague")
MEASURES = ("flow", "stock", "caseload")
CORRECTIONS = {"accept": "accepted", "change": "changed", "add": "added"}
"""What a researcher does to a record, and what its column `checked` then says."""
PLACE_STATUS = ("named", "masked", "generic", "absent")
DIRECTIONS = ("a_to_b", "b_to_a", "undetermined")
PASSAGE_LEVELS = ("report", "section", "paragraph", "sentence")
PASSAGE_KINDS = ("copied", "formula", "quoted")
FINDINGS = (
    "foreign_place", "stale_year", "unfilled_slot", "self_copy", "spun_text", "contradiction", "title_count",
)  # fmt: skip
ATTRIBUTIONS = ("author", "site", "unknown")


def column(description: str, *, values: Sequence[str] = (), example: object = None) -> Any:
    """A column of a table: what it holds, the values it may take (none: free), and an example."""
    return field(metadata={"description": description, "values": tuple(values), "example": example})


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a page's raw text."""

    start: int = column("first character, in the page's raw text")
    end: int = column("behind the last character, in the page's raw text")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a template where its uses differ."""

    name: str = column("name of the slot in the skeleton", example="place1")
    type: str = column("place, unit, person, role, date, number, campaign or other", example="place")


@dataclass(frozen=True, slots=True)
class SlotValue:
    """What one use of a template has in one slot."""

    slot: str = column("name of the slot", example="place1")
    value: str = column("text in the slot", example="柳荫社区")
    start: int = column("first character, in the report's clean text")
    end: int = column("behind the last character, in the report's clean text")


@dataclass(frozen=True, slots=True)
class Page:
    """A capture: one saved web page or document, identified by its bytes."""

    page_id: str = column("identifier, derived from the file's bytes", example="p3f0c2a9d41b7e6")
    title: str | None = column("title of the page", example="2013年社区工作总结(优质8篇)")
    published: str | None = column("date of publication or upload as the page states it (EDTF)", example="2013-12-20")
    published_basis: str | None = column("what `published` was read from: metadata or text", values=("metadata", "text"))
    encoding_declared: str | None = column("encoding that the file, its header or its markup declares", example="gb2312")
    encoding_used: str | None = column("encoding that the text was decoded with", example="gb18030")
    encoding_basis: str | None = column(
        "how the encoding was found: bom, utf-8, header, meta, gb18030, detected, container", example="meta"
    )
    replaced_chars: int = column("characters of the raw text that could not be decoded (U+FFFD)", example=0)
    raw_chars: int = column("length of the raw text in code points", example=18231)
    sha256: str = column("SHA-256 of the file's bytes", example="9f2c0b1e…")
    n_reports: int = column("number of reports found on the page", example=8)
    metadata: dict[str, str] = column(
        "what the source says of the page: columns of a CSV, headers, author, category", example={"author": "admin"}
    )


@dataclass(frozen=True, slots=True)
class PageSource:
    """A place where a page's bytes were found; the same bytes at two places are one page with two sources."""

    page_id: str = column("the page")
    source: str = column("path or URL as given; a member of an archive as a.zip!/b.html", example="archive/pages.zip!/a.html")
    site: str | None = column("host name of the URL, or the top folder of the path", example="www.example.cn")
    url: str | None = column("address that the page was saved from", example="http://www.example.cn/a/2433.html")
    captured: str | None = column("when it was saved (EDTF), if the source says so", example="2021-06-01")
    warc_record_id: str | None = column("identifier of the WARC record", example="<urn:uuid:0d5c…>")


@dataclass(frozen=True, slots=True)
class Text:
    """The raw text of a page, in which all raw offsets count."""

    page_id: str = column("the page")
    raw: str = column(
        "decoded text of a txt file; for other formats the document's text in order, a line a block", example="2013年社区工作总结"
    )


@dataclass(frozen=True, slots=True)
class Block:
    """A line or block element of a page, or the part of one that plays another role, with its label."""

    page_id: str = column("the page")
    block: int = column("number of the block on its page, from 0", example=17)
    role: str = column("what the block is", values=BLOCK_ROLES)
    reason: str = column("why it was labelled so: a rule's name, or `model`", example="model")
    score: float = column("confidence of the label, 0 to 1", example=0.98)
    raw_start: int = column("first character, in the raw text", example=120)
    raw_end: int = column("behind the last character, in the raw text", example=161)


@dataclass(frozen=True, slots=True)
class PageEdit:
    """A repair: what stood in the raw text and what it should read. Edits of a page do not overlap."""

    page_id: str = column("the page")
    kind: str = column("fixer that made the edit; several joined by + where they touched the same characters", example="pinyin")
    before: str = column("text in the page", example="區(qū)")
    after: str = column("repaired text", example="区")
    raw_start: int = column("first character, in the raw text", example=122)
    raw_end: int = column("behind the last character, in the raw text", example=126)


@dataclass(frozen=True, slots=True)
class Report:
    """One work report of a page."""

    report_id: str = column("identifier, derived from page_id and raw_start", example="r1c94d0b2e77a15")
    page_id: str = column("the page")
    ordinal: int = column("number of the report on its page, from 1", example=3)
    title: str | None = column("heading under which the page presents the report, without the piece number", example="社区科普工作总结")
    genre: str = column("kind of report, by what the text does", values=GENRES)
    genre_score: float = column("probability of the genre, 0 to 1", example=0.97)
    issuer: str | None = column("unit (for a review: the post) that speaks, as written", example="柳荫社区")
    place: str | None = column("place that the report is about, as written", example="青石桥街道柳荫社区")
    place_status: str = column("whether the place is named, masked by the site, generic (我社区) or absent", values=PLACE_STATUS)
    place_basis: str | None = column("what the place was read from: issuer, signed, title, body", example="issuer")
    adcode: str | None = column("administrative division code (GB/T 2260) of the place", example="430406")
    adcode_level: str | None = column("level of the code: province, city, county", example="county")
    adcode_candidates: tuple[str, ...] = column("codes that fit an ambiguous place", example=["430406", "430407"])
    period: str | None = column("period reported on or planned for (EDTF)", example="2013")
    signed: str | None = column("date of signature (EDTF)", example="2013-12-20")
    year_min: int | None = column("earliest year that the report can be about", example=2013)
    year_max: int | None = column("latest year that the report can be about", example=2013)
    year_basis: str | None = column("what the years were read from", values=("period", "signed", "body", "upload bound"))
    raw_start: int = column("first character, in the raw text", example=118)
    raw_end: int = column("behind the last character, in the raw text", example=4420)
    raw_spans: tuple[Interval, ...] = column(
        "the characters that belong to the report, those an edit rewrites or removes included", example=[{"start": 118, "end": 2300}]
    )
    text: str = column("clean text", example="社区科普工作总结")
    n_chars: int = column("length of the clean text in code points", example=2210)
    cluster_id: str | None = column("cluster of near-duplicates; null for a report without any", example="c2a91e07d4b3f58")
    is_representative: bool = column("whether the report stands for its cluster; true for a report without near-duplicates", example=True)
    copied_share: float = column("share of characters that stand in other reports too, formula and quotation left out", example=0.31)
    formula_share: float = column("share of characters in stock phrases", example=0.06)
    quoted_share: float = column("share of characters in quoted laws and documents", example=0.0)
    in_page_share: float = column("share of characters that stand elsewhere on the same page too", example=0.02)
    novel_share: float = column("share of characters that stand nowhere else", example=0.61)
    copied_from_sample_share: float = column(
        "copied_share counted against the reference sample alone (reuse.sample_reports, 1,000 reports unless set otherwise): "
        "comparable between archives of different size",
        example=0.12,
    )


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the section that it opens."""

    section_id: str = column("identifier, derived from report_id and start", example="s90b3f1d27c6ae4")
    report_id: str = column("the report")
    parent_id: str | None = column("section that holds this one", example="s90b3f1d27c6ae4")
    level: int = column("1 for 一、 or an unnumbered title, 2 for (一), 3 for 1、, 4 for (1) or ①", example=1)
    number: str | None = column("number as written", example="一")
    heading: str = column("text of the heading, number included", example="一、加强领导,健全组织")
    kind: str = column("what the section is about", values=SECTION_KINDS)
    score: float = column("probability of the kind, 0 to 1", example=0.93)
    start: int = column("first character of the heading, in the clean text", example=18)
    end: int = column("behind the heading's last character, in the clean text", example=29)
    raw_start: int = column("first character of the heading, in the raw text", example=140)
    raw_end: int = column("behind the heading's last character, in the raw text", example=151)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a report."""

    sentence_id: str = column("identifier, derived from report_id and start", example="n3c81d0b5a2e7f9")
    report_id: str = column("the report")
    section_id: str | None = column("section that the sentence stands in")
    text: str = column("clean text", example="5月份,社区举办了科普讲座。")
    start: int = column("first character, in the clean text", example=4035)
    end: int = column("behind the last character, in the clean text", example=4069)
    raw_start: int = column("first character, in the raw text", example=4120)
    raw_end: int = column("behind the last character, in the raw text", example=4157)


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression."""

    time_id: str = column("identifier, derived from report_id and start", example="t7a04e1c9b35d26")
    report_id: str = column("the report")
    section_id: str | None = column("section that it stands in")
    text: str = column("expression as written", example="5月23日—29日")
    kind: str = column("kind of expression", values=TIME_KINDS)
    edtf: str | None = column("value (EDTF, ISO 8601-2; masked digits X; repeats as R/P1M)", example="2013-05-23/2013-05-29")
    months: tuple[int, ...] = column("calendar months covered, in the order they run", example=[5])
    certainty: str = column("exact: stated here; inferred: the year comes from sentence, period or signature; vague", values=CERTAINTIES)
    rule: str = column("rule of the grammar that read it", example="day_span")
    start: int = column("first character, in the clean text", example=4035)
    end: int = column("behind the last character, in the clean text", example=4069)
    raw_start: int = column("first character, in the raw text", example=4120)
    raw_end: int = column("behind the last character, in the raw text", example=4157)


@dataclass(frozen=True, slots=True)
class Organization:
    """A unit whose make-up, leadership, founding or place in a hierarchy the text states."""

    organization_id: str = column("identifier, derived from report_id, start and unit", example="o5d2c70e8f1a934")
    report_id: str = column("the report")
    section_id: str | None = column("section that it stands in")
    unit: str = column("name as written, with its qualifier", example="科普工作领导小组")
    kind: str = column("kind of unit", values=UNIT_KINDS)
    status: str = column("whether it exists or is to be set up", values=UNIT_STATUS)
    founded: str | None = column("date of founding (EDTF)", example="2003")
    parent: str | None = column("unit that set it up or that it belongs to", example="社区党委")
    passage_id: str | None = column("reused passage that holds the statement")
    text: str = column("clause that states it", example="由社区党委书记任组长")
    rule: str = column("rule that read it", example="composed_of")
    score: float = column("confidence, 0 to 1", example=0.88)
    checked: str | None = column("what a researcher said of it; null: nobody looked", values=tuple(CORRECTIONS.values()))
    start: int = column("first character, in the clean text", example=4035)
    end: int = column("behind the last character, in the clean text", example=4069)
    raw_start: int = column("first character, in the raw text", example=4120)
    raw_end: int = column("behind the last character, in the raw text", example=4157)


@dataclass(frozen=True, slots=True)
class Role:
    """A role in an organization and its holder."""

    organization_id: str = column("the organization")
    report_id: str = column("the report")
    role: str = column("role", values=ROLES)
    holder: str | None = column("who holds it, as written; null in an empty form", example="社区党委书记")
    start: int = column("first character, in the clean text", example=4035)
    end: int = column("behind the last character, in the clean text", example=4069)
    raw_start: int = column("first character, in the raw text", example=4120)
    raw_end: int = column("behind the last character, in the raw text", example=4157)


@dataclass(frozen=True, slots=True)
class Size:
    """A number that the text gives of an organization's members or parts."""

    organization_id: str = column("the organization")
    report_id: str = column("the report")
    what: str = column("what is counted", example="成员单位")
    count: int = column("how many", example=18)
    start: int = column("first character, in the clean text", example=4035)
    end: int = column("behind the last character, in the clean text", example=4069)
    raw_start: int = column("first character, in the raw text", example=4120)
    raw_end: int = column("behind the last character, in the raw text", example=4157)


@dataclass(frozen=True, slots=True)
class Activity:
    """A concrete act that the reporting unit did, does regularly or will do."""

    activity_id: str = column("identifier, derived from report_id and span", example="a1f6b3c9e0d8275")
    report_id: str = column("the report")
    section_id: str | None = column("section that it stands in")
    name: str = column("what was done, a short phrase from the text", example="防火防盗的普及宣传")
    type: str = column("kind of act", values=ACTIVITY_TYPES)
    status: str = column("done, regular or standing, or planned", values=ACTIVITY_STATUS)
    time_id: str | None = column("time expression that dates it")
    time: str | None = column("that expression as written", example="1月份")
    edtf: str | None = column("its value (EDTF)", example="2013-01")
    months: tuple[int, ...] = column("its months", example=[1])
    place: str | None = column("where, as written", example="中心广场")
    organizer: str | None = column("who, as written, if the same sentence names it", example="社区")
    partners: tuple[str, ...] = column("with whom, as written", example=["辖区派出所"])
    audience: str | None = column("for whom, as written", example="青少年")
    participants: int | None = column("number of people", example=1000)
    count: int | None = column("number of times or pieces", example=4)
    unit: str | None = column("measure word of the count", example="次")
    measure: str | None = column("flow: an act of the period; stock: what exists (共建有108个); caseload: cases handled", values=MEASURES)
    passage_id: str | None = column("reused passage that holds the act")
    copied_share: float = column("share of the clause's characters that stand in other reports too", example=0.0)
    text: str = column("clause that states it", example="1月份,开展了防火防盗的普及宣传")
    score: float = column("probability that the clause tells an activity, 0 to 1", example=0.82)
    checked: str | None = column("what a researcher said of it; null: nobody looked", values=tuple(CORRECTIONS.values()))
    start: int = column("first character, in the clean text", example=4035)
    end: int = column("behind the last character, in the clean text", example=4069)
    raw_start: int = column("first character, in the raw text", example=4120)
    raw_end: int = column("behind the last character, in the raw text", example=4157)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause that a model judged, whether accepted or not; without these recall cannot be estimated."""

    candidate_id: str = column("identifier, derived from report_id, label and span", example="k4be70d1c82f9a6")
    report_id: str = column("the report")
    label: str = column("what the model was asked for", example="activity")
    probability: float = column("calibrated probability", example=0.82)
    accepted: bool = column("whether it passed the threshold", example=True)
    model: str = column("digest of the model", example="6c1f09ab")
    text: str = column("clause", example="开展了防火防盗的普及宣传")
    start: int = column("first character, in the clean text", example=4035)
    end: int = column("behind the last character, in the clean text", example=4069)
    raw_start: int = column("first character, in the raw text", example=4120)
    raw_end: int = column("behind the last character, in the raw text", example=4157)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one activity: the row to count over time. Undated activities have one row with month null."""

    report_id: str = column("the report")
    activity_id: str = column("the activity")
    year: int | None = column("year, null if unknown or masked", example=2013)
    month: int | None = column("month, null if undated", example=1)
    weight: float = column("1 / number of months of the activity", example=0.5)
    certainty: str | None = column("certainty of the time expression", values=CERTAINTIES)
    time_kind: str | None = column("kind of the time expression", values=TIME_KINDS)
    place: str | None = column("place of the report", example="柳荫社区")
    adcode: str | None = column("administrative division code of the report's place", example="430406")
    genre: str = column("genre of the report", values=GENRES)
    type: str = column("type of the activity", values=ACTIVITY_TYPES)
    status: str = column("status of the activity", values=ACTIVITY_STATUS)
    copied_share: float = column("copied share of the activity's clause", example=0.0)


@dataclass(frozen=True, slots=True)
class Exposure:
    """A month that a report's period covers, so that a zero can be told from a gap."""

    report_id: str = column("the report")
    year: int | None = column("year, null if masked", example=2013)
    month: int = column("month", example=1)
    basis: str = column(
        "what the period was read from: a time label, the title, an announcement, the opening, the only year of the body",
        values=("time_label", "title", "announcement", "opening", "body", "period"),
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports that share copied text."""

    report_a: str = column("the report with the smaller identifier")
    report_b: str = column("the report with the larger identifier")
    jaccard: float = column(
        "Jaccard similarity of the sets of character 5-grams (letters, digits and Han, folded to simplified)", example=0.62
    )
    containment_a: float = column("share of a's 5-grams that b has too", example=0.81)
    containment_b: float = column("share of b's 5-grams that a has too", example=0.74)
    shared_chars: int = column("characters in shared passages, formula left out", example=795)
    near_duplicate: bool = column("whether the Jaccard similarity reaches the threshold (0.5)", example=True)
    same_page: bool = column("both stand on one page", example=False)
    same_site: bool = column("both were found on one site", example=True)
    same_issuer: bool = column("both have the same named issuer", example=False)
    place_relation: str = column("how their places relate", values=("same", "different", "unknown"))
    direction: str = column("which was copied from which; undetermined unless the date intervals are disjoint", values=DIRECTIONS)
    direction_basis: str | None = column(
        "dates that the direction was judged by; null where neither report has any", example="a: signed 2012-12-20; b: signed 2013-12-18"
    )
    gap_min: int | None = column("least number of months between them", example=12)
    gap_max: int | None = column("largest number of months between them", example=12)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that stands in more than one place, as a template with typed slots."""

    passage_id: str = column("identifier, derived from the passage's text", example="g8e3b50a71cd4f2")
    level: str = column("how much of a report it is", values=PASSAGE_LEVELS)
    kind: str = column("copied, a stock formula, or quoted from a law or document", values=PASSAGE_KINDS)
    skeleton: str = column("text with its slots in braces", example="在{place1}党工委、办事处的正确领导下")
    slots: tuple[Slot, ...] = column("slots of the skeleton", example=[{"name": "place1", "type": "place"}])
    n_uses: int = column("number of uses", example=7)
    n_reports: int = column("number of reports that use it", example=6)
    n_pages: int = column("number of pages", example=5)
    n_sites: int = column("number of sites", example=3)


@dataclass(frozen=True, slots=True)
class PassageUse:
    """One use of a passage."""

    passage_id: str = column("the passage")
    report_id: str = column("the report")
    similarity: float = column("similarity to the passage's first use, 0 to 1", example=0.94)
    slot_values: tuple[SlotValue, ...] = column(
        "what stands in the slots", example=[{"slot": "place1", "value": "柳荫社区", "start": 12, "end": 16}]
    )
    start: int = column("first character, in the clean text", example=4035)
    end: int = column("behind the last character, in the clean text", example=4069)
    raw_start: int = column("first character, in the raw text", example=4120)
    raw_end: int = column("behind the last character, in the raw text", example=4157)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a reader should look at: a foreign place name, a stale year, a slot left unfilled."""

    finding_id: str = column("identifier, derived from kind and place", example="f3da734d7739ac8")
    page_id: str = column("the page")
    report_id: str | None = column("the report; null for a finding about the page")
    kind: str = column("kind of finding", values=FINDINGS)
    text: str = column("the place in question", example="xx")
    evidence: str = column("why it was reported", example="another use of this passage has 望江楼 here")
    other_report_id: str | None = column("the report that it is compared with")
    attribution: str = column("whose doing it is, where the evidence decides", values=ATTRIBUTIONS)
    start: int | None = column("first character, in the clean text", example=4035)
    end: int | None = column("behind the last character, in the clean text", example=4069)
    raw_start: int = column("first character, in the raw text", example=4120)
    raw_end: int = column("behind the last character, in the raw text", example=4157)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many records survive to each step: where the archive thins out on its way to a panel."""

    site: str | None = column("site; null for pages without one", example="www.example.cn")
    genre: str | None = column("genre; null for stage pages", example="summary")
    stage: str = column("step", values=("pages", "reports", "unique", "placed", "year_known", "activities", "done", "dated"))
    n: int = column("number of records", example=418)


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read or processed, and what to do about it."""

    source: str = column("file, archive member or URL", example="pages.zip!/broken.html")
    page_id: str | None = column("the page, if it got that far")
    stage: str = column("stage that failed", example="read")
    error: str = column("what went wrong", example="the file is empty")
    remedy: str = column("what to do about it", example="leave it out, or save the page again")


TABLES: dict[str, type] = {
    "pages": Page, "page_sources": PageSource, "texts": Text, "blocks": Block, "edits": PageEdit, "reports": Report,
    "sections": Section, "sentences": Sentence, "times": Time, "organizations": Organization, "roles": Role, "sizes": Size,
    "activities": Activity, "candidates": Candidate, "months": Month, "exposure": Exposure, "pairs": Pair,
    "passages": Passage, "passage_uses": PassageUse, "findings": Finding, "coverage": Coverage, "failures": Failure,
}  # fmt: skip
"""Table name -> record class, in the order of the data."""

_SCALARS: dict[type, pa.DataType] = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


def _arrow_type(hint: Any) -> tuple[pa.DataType, bool]:
    """Arrow type of a Python type hint, and whether it may be null."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(argument for argument in arguments if argument is not types.NoneType)
        return _arrow_type(inner)[0], True
    if origin is tuple:
        return pa.list_(_arrow_type(arguments[0])[0]), False
    if origin is dict:
        return pa.map_(pa.string(), pa.string()), False
    if dataclasses.is_dataclass(hint):
        return pa.struct([pa.field(f.name, _arrow_type(t)[0]) for f, t in _hints(hint)]), False
    return _SCALARS[hint], False


def _hints(record: Any) -> list[tuple[dataclasses.Field[Any], Any]]:
    hints = typing.get_type_hints(record)
    return [(f, hints[f.name]) for f in dataclasses.fields(record)]


def arrow_schema(record: type) -> pa.Schema:
    """The Arrow schema of a table's record class."""
    fields = []
    for f, hint in _hints(record):
        type_, nullable = _arrow_type(hint)
        fields.append(pa.field(f.name, type_, nullable, {"description": f.metadata["description"]}))
    return pa.schema(fields)


SCHEMAS: dict[str, pa.Schema] = {name: arrow_schema(record) for name, record in TABLES.items()}


def to_arrow(table: str, rows: Iterable[Any]) -> pa.Table:
    """Records of one table as an Arrow table in the table's schema."""
    rows = list(rows)
    schema = SCHEMAS[table]
    columns = []
    for f in schema:
        values = list(map(attrgetter(f.name), rows))
        if pa.types.is_map(f.type):
            values = [sorted(value.items()) for value in values]
        elif pa.types.is_list(f.type) and pa.types.is_struct(f.type.value_type):
            values = [[dataclasses.asdict(item) for item in value] for value in values]
        columns.append(pa.array(values, f.type))
    return pa.Table.from_arrays(columns, schema=schema)

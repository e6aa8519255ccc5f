"""One page through cleaning and extraction: a pure function to the records of all tables."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping, Sequence

from baogao import records
from baogao.clean.clean import CleanPage, clean_page
from baogao.clean.statistics import SiteStatistics
from baogao.extract.corrections import Correction
from baogao.extract.extract import Extractor, extract_page
from baogao.extract.rows import Rows
from baogao.read.page import SourcePage
from baogao.settings import CleanSettings


def process_page(
    page: SourcePage,
    statistics: SiteStatistics | None,
    settings: CleanSettings,
    extractor: Extractor,
    corrections: Sequence[Correction] = (),
) -> dict[str, list[object]]:
    """Records of a page by table.

    A page on which a stage breaks keeps its raw text and gives a row in `failures` in place of its reports.
    """
    rows = _as_read(page)
    stage = "clean"
    try:
        cleaned = clean_page(page, statistics, settings)
        more: Rows = {"blocks": list(_blocks(cleaned)), "edits": list(_edits(cleaned))}
        stage = "extract"
        for found in extract_page(cleaned.reports, page.page_id, extractor, corrections):
            _add(more, found)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {error} ({place.filename.rsplit('/', 1)[-1]}, line {place.lineno})"
        remedy = "this is an error in baogao: please report it with the page; the page's raw text is in table texts"
        return unprocessed(page, records.Failure(page.sources[0].source, page.page_id, stage, what, remedy))
    _add(rows, more)
    rows["pages"] = [_page(page, len(cleaned.reports))]
    return rows


def unprocessed(page: SourcePage, failure: records.Failure) -> dict[str, list[object]]:
    """Records of a page that could not be processed: its sources, its raw text and why."""
    return {**_as_read(page), "pages": [_page(page, 0)], "failures": [failure]}


def _as_read(page: SourcePage) -> Rows:
    return {"page_sources": list(_sources(page)), "texts": [records.Text(page.page_id, page.text.raw)]}


def _add(rows: Rows, more: Mapping[str, Iterable[object]]) -> None:
    for table, new in more.items():
        rows.setdefault(table, []).extend(new)


def _page(page: SourcePage, n_reports: int) -> records.Page:
    return records.Page(
        page.page_id, page.text.title, page.text.published, "metadata" if page.text.published else None,
        page.encoding_declared, page.encoding_used, page.encoding_basis, page.replaced_chars, len(page.text.raw), page.sha256,
        n_reports, dict(page.text.metadata),
    )  # fmt: skip


def _sources(page: SourcePage) -> Iterable[records.PageSource]:
    for source in page.sources:
        yield records.PageSource(page.page_id, source.source, source.site, source.url, source.captured, source.warc_record_id)


def _blocks(page: CleanPage) -> Iterable[records.Block]:
    for number, block in enumerate(page.blocks):
        yield records.Block(page.source.page_id, number, block.role, block.reason, block.score, block.start, block.end)


def _edits(page: CleanPage) -> Iterable[records.PageEdit]:
    raw = page.repaired.raw
    for edit in page.repaired.edits:
        yield records.PageEdit(page.source.page_id, edit.kind, raw[edit.start : edit.end], edit.after, edit.start, edit.end)

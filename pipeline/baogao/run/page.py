"""Pages through cleaning and extraction: a pure function to the records of all tables."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from baogao import records
from baogao.clean.clean import CleanPage, clean_page
from baogao.clean.statistics import SiteStatistics
from baogao.extract.corrections import Correction
from baogao.extract.extract import CleanedPage, Extractor, extract_pages
from baogao.extract.rows import Rows
from baogao.read.page import SourcePage
from baogao.settings import CleanSettings

_REMEDY = "this is an error in baogao: please report it with the page; the page's raw text is in table texts"

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page, what is known of its site (None if it has none), and what researchers corrected on it."""

    page: SourcePage
    statistics: SiteStatistics | None = None
    corrections: Sequence[Correction] = ()


def process_pages(tasks: Sequence[PageTask], settings: CleanSettings, extractor: Extractor) -> list[Rows]:
    """For each page its records by table. What is found on one does not depend on the others: together they take less time.

    A page on which a stage breaks keeps its raw text and gives a row in `failures` in place of its reports.
    """

    def clean(some: Sequence[PageTask]) -> list[CleanPage]:
        return [clean_page(task.page, task.statistics, settings) for task in some]

    def extract(some: Sequence[tuple[PageTask, CleanPage]]) -> list[list[Rows]]:
        pages = [CleanedPage(task.page.page_id, cleaned.reports, task.corrections) for task, cleaned in some]
        return extract_pages(pages, extractor)

    cleaned = list(zip(tasks, _each(clean, tasks), strict=True))
    whole = [(task, page) for task, page in cleaned if not isinstance(page, Exception)]
    found = iter(_each(extract, whole))
    rows = []
    for task, page in cleaned:
        if isinstance(page, Exception):
            rows.append(_broken(task.page, "clean", page))
        elif isinstance(reports := next(found), Exception):
            rows.append(_broken(task.page, "extract", reports))
        else:
            rows.append(_rows(task.page, page, reports))
    return rows


def _each(stage: Callable[[Sequence[T]], Sequence[R]], items: Sequence[T]) -> list[R | Exception]:
    """What a stage makes of each item; if it breaks on them together, each is tried alone, and its error stands for what fails."""
    try:
        return list(stage(items))
    except Exception as error:
        return [error] if len(items) == 1 else [result for item in items for result in _each(stage, [item])]


def _broken(page: SourcePage, stage: str, error: Exception) -> Rows:
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error} ({place.filename.rsplit('/', 1)[-1]}, line {place.lineno})"
    return unprocessed(page, records.Failure(page.sources[0].source, page.page_id, stage, what, _REMEDY))


def _rows(page: SourcePage, cleaned: CleanPage, reports: Sequence[Rows]) -> Rows:
    rows = _as_read(page)
    rows |= {"blocks": list(_blocks(cleaned)), "edits": list(_edits(cleaned)), "pages": [_page(page, len(cleaned.reports))]}
    for found in reports:
        _add(rows, found)
    return rows


def unprocessed(page: SourcePage, failure: records.Failure) -> Rows:
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

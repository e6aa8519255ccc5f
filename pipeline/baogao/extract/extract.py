"""A clean report to its records: language, classification and extraction in one pass."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baogao.classify.genre import Piece
from baogao.classify.models import Models
from baogao.clean.clean import CleanReport
from baogao.extract.activities.find import find_activities
from baogao.extract.context import Context
from baogao.extract.corrections import Correction, correct_genre, correct_headings, correct_times, correct_units, in_report
from baogao.extract.fields.issuer import find_issuer
from baogao.extract.fields.places import find_place
from baogao.extract.organizations.find import find_organizations
from baogao.extract.results import Act, Judged, Unit
from baogao.extract.rows import Found, Rows, make_rows
from baogao.extract.sections.headings import Heading, find_headings
from baogao.extract.times import find_period, find_signed, find_times, resolve_years
from baogao.language.document import Document, make_document
from baogao.language.segment import Segmenter
from baogao.settings import ExtractSettings


@dataclass(frozen=True, slots=True)
class Extractor:
    """What extraction needs besides the text; one a process."""

    segmenter: Segmenter
    models: Models
    settings: ExtractSettings


def genre_piece(document: Document, body_start: int) -> Piece:
    """What the genre of a document is told from; its text begins behind the page's own heading for it, at `body_start`."""
    return Piece(document.title, document.text[body_start:], document.tokens[bisect_left(document.token_starts, body_start) :])


@dataclass(frozen=True, slots=True)
class CleanedPage:
    """What extraction takes of a page: its identifier, its reports and what researchers corrected in them."""

    page_id: str
    reports: Sequence[CleanReport]
    corrections: Sequence[Correction] = ()


def extract_pages(pages: Sequence[CleanedPage], extractor: Extractor) -> list[list[Rows]]:
    """For each page the records of each of its reports, as corrected.

    The models look at all pages together, which saves most of their time; what is found does not depend on which pages these are.
    """
    tasks = [task for page in pages for task in _tasks(page, extractor)]
    analyses = iter(analyse([task for _, task in tasks], extractor))
    scores = iter([score for score, _ in tasks])
    return [[_rows(report, page.page_id, next(scores), next(analyses), extractor) for report in page.reports] for page in pages]


@dataclass(frozen=True, slots=True)
class Task:
    """A report to analyse: its document, where its text behind the page's heading begins, its genre, and what was corrected."""

    document: Document
    body_start: int
    genre: str
    corrections: Sequence[Correction] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in a report's text; offsets count in it."""

    context: Context
    period_basis: str | None
    units: tuple[Unit, ...]
    acts: tuple[Act, ...]
    judged: tuple[Judged, ...]


def analyse(tasks: Sequence[Task], extractor: Extractor) -> list[Analysis]:
    """Headings, times, fields, organizations and activities of documents, as corrected."""
    if not tasks:
        return []
    headings = find_headings([(task.document, task.body_start) for task in tasks], extractor.models.section)
    contexts, bases = [], []
    for task, found in zip(tasks, headings, strict=True):
        context, basis = _context(task, correct_headings(found, task.corrections))
        contexts.append(context)
        bases.append(basis)
    units = [correct_units(find_organizations(context), task.corrections) for context, task in zip(contexts, tasks, strict=True)]
    said = [task.corrections for task in tasks]
    found_acts = find_activities(contexts, extractor.models.activity, extractor.settings, said)
    return [Analysis(*of[:3], *of[3]) for of in zip(contexts, bases, units, found_acts, strict=True)]


def _context(task: Task, headings: tuple[Heading, ...]) -> tuple[Context, str | None]:
    """Times and fields of a document under its headings, and on what its period rests."""
    document, text = task.document, task.document.text
    stated = find_times(text)
    signed, signed_span = find_signed(text, stated)
    period, period_basis = find_period(document.title, text, stated, genre=task.genre, signed=signed)
    ahead = task.genre in ("plan", "scheme")
    resolved = tuple(resolve_years(stated, text, document.sentences, period=period, signed=signed, looks_ahead=ahead))
    times = correct_times(resolved, text, task.corrections)
    issuer = find_issuer(document, genre=task.genre, signed_span=signed_span)
    return Context(document, headings, times, task.genre, issuer, period, signed, task.body_start), period_basis


def _tasks(page: CleanedPage, extractor: Extractor) -> Iterator[tuple[float, Task]]:
    """The reports of a page to analyse, each with the score of its genre."""
    documents = [make_document(report.text.text, extractor.segmenter, title=report.title) for report in page.reports]
    starts = [report.body_start for report in page.reports]
    genres = extractor.models.genre.predict_page(list(map(genre_piece, documents, starts)))
    for report, document, predicted in zip(page.reports, documents, genres, strict=True):
        own = in_report(page.corrections, report)
        genre, score = correct_genre(predicted, own)
        yield score, Task(document, report.body_start, genre, own)


def _rows(report: CleanReport, page_id: str, genre_score: float, of: Analysis, extractor: Extractor) -> Rows:
    """All records of one report; offsets count in its clean text and, through its edits, in the page's raw text."""
    place, model = find_place(of.context), extractor.models.activity.digest
    return make_rows(report, page_id, Found(of.context, genre_score, of.period_basis, place, of.units, of.acts, of.judged, model))

"""A clean report to its records: language, classification and extraction in one pass."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
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
from baogao.extract.sections.headings import find_headings
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


def extract_page(reports: Sequence[CleanReport], page_id: str, extractor: Extractor, corrections: Sequence[Correction] = ()) -> list[Rows]:
    """Records of each report of a page, as corrected."""
    documents = [make_document(report.text.text, extractor.segmenter, title=report.title) for report in reports]
    genres = extractor.models.genre.predict_page(list(map(genre_piece, documents, (report.body_start for report in reports))))
    said = [in_report(corrections, report) for report in reports]
    genres = [correct_genre(genre, own) for genre, own in zip(genres, said, strict=True)]
    return [
        _extract_report(report, document, page_id, genre, extractor, own)
        for report, document, genre, own in zip(reports, documents, genres, said, strict=True)
    ]


def genre_piece(document: Document, body_start: int) -> Piece:
    """What the genre of a document is told from; its text begins behind the page's own heading for it, at `body_start`."""
    return Piece(document.title, document.text[body_start:], document.tokens[bisect_left(document.token_starts, body_start) :])


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in a report's text; offsets count in it."""

    context: Context
    period_basis: str | None
    units: tuple[Unit, ...]
    acts: tuple[Act, ...]
    judged: tuple[Judged, ...]


def analyse(document: Document, body_start: int, genre: str, extractor: Extractor, corrections: Sequence[Correction] = ()) -> Analysis:
    """Headings, times, fields, organizations and activities of a document, as corrected."""
    text = document.text
    headings = correct_headings(find_headings(document, body_start, extractor.models.section), corrections)
    stated = find_times(text)
    signed, signed_span = find_signed(text, stated)
    period, period_basis = find_period(document.title, text, stated, genre=genre, signed=signed)
    ahead = genre in ("plan", "scheme")
    resolved = tuple(resolve_years(stated, text, document.sentences, period=period, signed=signed, looks_ahead=ahead))
    times = correct_times(resolved, text, corrections)
    issuer = find_issuer(document, genre=genre, signed_span=signed_span)
    context = Context(document, headings, times, genre, issuer, period, signed, body_start)
    units = correct_units(find_organizations(context), corrections)
    acts, judged = find_activities(context, units, extractor.models.activity, extractor.settings, corrections)
    return Analysis(context, period_basis, units, acts, judged)


def _extract_report(
    report: CleanReport,
    document: Document,
    page_id: str,
    genre_and_score: tuple[str, float],
    extractor: Extractor,
    corrections: Sequence[Correction],
) -> Rows:
    """All records of one report; offsets count in its clean text and, through its edits, in the page's raw text."""
    genre, genre_score = genre_and_score
    of = analyse(document, report.body_start, genre, extractor, corrections)
    model = extractor.models.activity.digest
    found = Found(of.context, genre_score, of.period_basis, find_place(of.context), of.units, of.acts, of.judged, model)
    return make_rows(report, page_id, found)

"""spaCy DocBin: a Doc a report with its records as span groups."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from baogao.dataset.query import Source
from baogao.export.spans import LAYERS, MarkedReport, marked_reports

FILE_DOCS = 10_000
"""Docs of a file: spaCy holds a file in memory."""


def write_docbin(source: Source, path: Path) -> list[str]:
    """Docs of `spacy.blank("zh")`, whose tokens are characters, so that every record fits the tokens.

    `doc.spans` has times, organizations, activities and sections, with the kind as label and the record's identifier as id;
    `doc.user_data` the report's columns. More than FILE_DOCS reports go on in `FILE-2.spacy`; returns a note then.
    """
    import spacy
    from spacy.tokens import DocBin

    nlp = spacy.blank("zh")
    docs = (_doc(nlp, marked) for marked in marked_reports(source))
    number = 0
    for number, chunk in enumerate(_chunks(docs), 1):
        DocBin(attrs=["ORTH", "SPACY"], store_user_data=True, docs=chunk).to_disk(
            path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        )
    if number > 1:
        return [f"The reports are in {number} files of {FILE_DOCS:,} ({path.name}, {path.stem}-2{path.suffix}, ...)."]
    return []


def _chunks(docs: Iterator[Any]) -> Iterator[list[Any]]:
    chunk = list(islice(docs, FILE_DOCS))
    yield chunk
    while chunk := list(islice(docs, FILE_DOCS)):
        yield chunk


def _doc(nlp: Any, marked: MarkedReport) -> Any:
    doc = nlp.make_doc(marked.report["text"])
    for layer in LAYERS:
        found = [doc.char_span(s.start, s.end, s.label, span_id=s.record_id) for s in marked.spans if s.layer == layer]
        doc.spans[layer] = [span for span in found if span is not None]
    doc.user_data["report"] = json.dumps({k: v for k, v in marked.report.items() if k != "text"}, ensure_ascii=False)
    return doc

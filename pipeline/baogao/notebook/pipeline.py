"""A spaCy pipeline that finds in a report's clean text what `baogao run` finds in it.

The tokens are jieba's, as in a run. Each component takes its part of one analysis, which is made once for a text and process; so the
components stay independent, cheap to send to other processes, and give the records of the batch run.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from baogao.classify.models import load_models
from baogao.extract.extract import Analysis, Extractor, Task, analyse, genre_piece
from baogao.language.document import make_document
from baogao.language.segment import segmenter
from baogao.settings import ExtractSettings, Focus

Record = dict[str, Any]
COMPONENTS = ("baogao_fields", "baogao_times", "baogao_organizations", "baogao_activities")
_GIVEN: dict[str, Any] = {"title": None, "body_start": 0, "genre": None}
"""What may be set before a text is analysed: title and genre of the report, and where its text behind the page's heading begins."""
_FOUND = ("issuer", "period", "signed", "sections", "times", "organizations", "activities")

for _name, _default in {**_GIVEN, **dict.fromkeys(_FOUND)}.items():
    Doc.set_extension(_name, default=_default, force=True)


class Tokenizer:
    """jieba's tokens; their texts joined give the text again, white space included."""

    def __init__(self, vocab: Vocab, dictionaries: tuple[str, ...] = ()) -> None:
        self.vocab, self.dictionaries = vocab, tuple(dictionaries)

    def __call__(self, text: str) -> Doc:
        """The Doc of a text."""
        words = segmenter(self.dictionaries).cut(text)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Nothing to write: the settings stand in the pipeline's config."""

    def from_disk(self, path: str | Path, **_: Any) -> Tokenizer:
        """Nothing to read."""
        return self

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to write."""
        return b""

    def from_bytes(self, data: bytes, **_: Any) -> Tokenizer:
        """Nothing to read."""
        return self


@registry.tokenizers("baogao.Tokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokenizer(dictionaries: list[str]) -> Any:
    """Factory of the tokenizer, for a pipeline's config."""
    return lambda nlp: Tokenizer(nlp.vocab, tuple(dictionaries))


@lru_cache(maxsize=4)
def _analysis(text: str, title: str | None, body_start: int, genre: str | None, focus: Focus, dictionaries: tuple[str, ...]) -> Analysis:
    """The analysis of a text; the components of a pipeline ask for it one after the other."""
    extractor = Extractor(segmenter(dictionaries), load_models(), ExtractSettings(focus=focus))
    document = make_document(text, extractor.segmenter, title=title)
    known = genre or extractor.models.genre.predict_page([genre_piece(document, body_start)])[0][0]
    return analyse([Task(document, body_start, known)], extractor)[0]


class Component:
    """A component of the pipeline; what it sets on a Doc is told by its name."""

    def __init__(self, name: str, focus: Focus, dictionaries: tuple[str, ...]) -> None:
        self.name, self.focus, self.dictionaries = name, focus, dictionaries

    def __call__(self, doc: Doc) -> Doc:
        """Set this component's part of the analysis."""
        of = _analysis(doc.text, doc._.title, doc._.body_start, doc._.genre, self.focus, self.dictionaries)
        _SETTERS[self.name](doc, of)
        return doc


def _set_fields(doc: Doc, of: Analysis) -> None:
    doc._.genre, doc._.issuer = of.context.genre, of.context.issuer
    doc._.period, doc._.signed = of.context.period, of.context.signed
    doc._.sections = [asdict(heading) for heading in of.context.headings]


def _set_times(doc: Doc, of: Analysis) -> None:
    doc._.times = [_plain(asdict(time)) for time in of.context.times]
    _mark(doc, "times", doc._.times, "kind", "edtf")


def _set_organizations(doc: Doc, of: Analysis) -> None:
    doc._.organizations = [_plain({**asdict(unit), "text": doc.text[unit.start : unit.end]}) for unit in of.units]
    _mark(doc, "organizations", doc._.organizations, "kind")


def _set_activities(doc: Doc, of: Analysis) -> None:
    found = []
    for act in of.acts:
        row = {name: value for name, value in asdict(act).items() if name not in ("time", "time_text", "arguments", "checked")}
        found.append(_plain({**row, **asdict(act.arguments), "time": act.time_text, "text": doc.text[act.start : act.end]}))
    doc._.activities = found
    _mark(doc, "activities", found, "type", "edtf")


_SETTERS = dict(zip(COMPONENTS, (_set_fields, _set_times, _set_organizations, _set_activities), strict=True))


def _plain(record: Record) -> Record:
    """A record of lists, dicts and scalars only, which survives a way through another process."""
    return {name: [_plain(x) if isinstance(x, dict) else x for x in value] if isinstance(value, tuple | list) else value
            for name, value in record.items()}  # fmt: skip


def _mark(doc: Doc, key: str, records: list[Record], label: str, value: str | None = None) -> None:
    """Spans of the records, widened to whole tokens; the records keep their own offsets."""
    spans = []
    for record in records:
        named = {"label": record[label], "kb_id": (record[value] or "") if value else ""}
        span = doc.char_span(record["start"], record["end"], alignment_mode="expand", **named)
        if span is not None:
            spans.append(span)
    doc.spans[key] = spans


def _factory(name: str) -> Any:
    def make(nlp: Language, name: str, focus: Focus, dictionaries: list[str]) -> Component:
        return Component(kind, focus, tuple(dictionaries))

    kind = name
    make.__name__ = f"make_{name}"
    Language.factory(name, default_config={"focus": "balanced", "dictionaries": []}, assigns=_ASSIGNS[name], func=make)
    return make


_ASSIGNS = {
    "baogao_fields": ["doc._.genre", "doc._.issuer", "doc._.period", "doc._.signed", "doc._.sections"],
    "baogao_times": ["doc._.times", "doc.spans"],
    "baogao_organizations": ["doc._.organizations", "doc.spans"],
    "baogao_activities": ["doc._.activities", "doc.spans"],
}
make_fields, make_times, make_organizations, make_activities = map(_factory, COMPONENTS)


def make_pipeline(focus: str, dictionaries: tuple[str, ...]) -> Language:
    """The pipeline with all components. Raises ValueError for a focus that does not exist."""
    ExtractSettings.model_validate({"focus": focus})
    tokenizer = {"@tokenizers": "baogao.Tokenizer.v1", "dictionaries": list(dictionaries)}
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": tokenizer}})
    for name in COMPONENTS:
        nlp.add_pipe(name, config={"focus": focus, "dictionaries": list(dictionaries)})
    return nlp

"""A report's clean text with its tokens and sentences: what classification and extraction read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from baogao.language.segment import Segmenter
from baogao.language.sentences import Span, split_sentences


@dataclass(frozen=True, slots=True)
class Document:
    """Clean text of one report; tokens joined give the text, token i starts at token_starts[i], sentences are (start, end)."""

    title: str | None
    text: str
    tokens: tuple[str, ...]
    token_starts: tuple[int, ...]
    sentences: tuple[Span, ...]


def make_document(text: str, segmenter: Segmenter, *, title: str | None = None) -> Document:
    """Segment a clean text.

    >>> from baogao.language.segment import Segmenter
    >>> make_document("开展义诊。", Segmenter()).token_starts
    (0, 2, 4)
    """
    tokens = tuple(segmenter.cut(text))
    starts = tuple(accumulate(map(len, tokens), initial=0))[:-1]
    return Document(title, text, tokens, starts, tuple(split_sentences(text)))

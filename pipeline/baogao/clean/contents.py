"""Lists of contents above the reports of a page: their lines read like titles, but belong to no report."""

from __future__ import annotations

import re
from collections.abc import Sequence

from baogao.clean.blocks import LabelledBlock
from baogao.clean.split import Piece
from baogao.clean.split_markers import markers
from baogao.clean.titles import clean_title

_NUMBER = re.compile(r"^\s*(?:[-•·]\s*)?(?:\d{1,2}\s*[、.．]\s*)?")
_LEAST = 2
"""Lines that make a list."""


def contents(blocks: Sequence[LabelledBlock], pieces: Sequence[Piece]) -> set[int]:
    """Blocks before the first report that name several of the reports to come, or bear piece numbers that rise."""
    if len(pieces) < _LEAST:
        return set()
    titles = {_bare(text): k for k, piece in enumerate(pieces) for text in (piece.title, blocks[piece.first].text) if text}
    titles.pop(None, None)
    before = [(i, block.text) for i, block in enumerate(blocks[: pieces[0].first]) if block.reason == "model"]
    named = {i: titles[bare] for i, text in before if (bare := _bare(text)) in titles}
    numbered = [(i, found[0].number) for i, text in before if (found := markers(text))]
    listed = set(named) if len(set(named.values())) >= _LEAST else set()
    if [number for _, number in numbered[:_LEAST]] == [*range(1, _LEAST + 1)]:
        listed |= {i for i, _ in numbered}
    return listed


def _bare(text: str) -> str | None:
    """A line without the number of an item in front of it."""
    return clean_title(_NUMBER.sub("", text))

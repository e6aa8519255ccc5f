"""Pages joined from the parts of one article (read/paged.py): what every part carries anew belongs to no report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from baogao.clean.blocks import LabelledBlock

_COUNTED = re.compile(r"[\d\s]+|第\d*页|[(（][\d\s]*[)）]")
_OWN = ("body", "title")


def settle_parts(blocks: Sequence[LabelledBlock], starts: Sequence[int]) -> list[LabelledBlock]:
    """The blocks with those of further parts that repeat a line of the first, numbers aside, labelled as what they are.

    `starts` are the places in the raw text where the parts begin. The site's lines keep the role that they have on the first part; the
    article's title told again is a page mark.
    """
    if len(starts) < 2:
        return list(blocks)
    known = {_masked(block.text): block.role for block in reversed(blocks) if block.start < starts[1]}
    return [_settled(block, known) if block.start >= starts[1] else block for block in blocks]


def _settled(block: LabelledBlock, known: dict[str, str]) -> LabelledBlock:
    role = known.get(_masked(block.text))
    if role is None or role == "body":
        return block
    return replace(block, role="page_mark" if role in _OWN else role, reason="repeated on each part", score=0.99, own=0.0)


def _masked(text: str) -> str:
    return _COUNTED.sub("", text)


def first_blocks(blocks: Sequence[LabelledBlock], starts: Sequence[int]) -> frozenset[int]:
    """The indexes of the blocks with which further parts begin."""
    return frozenset(next((i for i, block in enumerate(blocks) if block.start >= start), len(blocks)) for start in starts[1:])

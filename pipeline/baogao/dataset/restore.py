"""A report's clean text with its way back to the raw text, put together again from the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from baogao.text import Edit, EditedText

Row = Mapping[str, Any]


def restore_text(raw: str, edits: Iterable[Row], raw_spans: Sequence[Row]) -> EditedText:
    """The text of a report from `texts.raw`, its page's rows of `edits` and `reports.raw_spans`; its `text` is `reports.text`."""
    page = EditedText(raw, tuple(Edit(e["kind"], e["raw_start"], e["raw_end"], e["after"]) for e in edits))
    return page.keep([(span["start"], span["end"]) for span in raw_spans])

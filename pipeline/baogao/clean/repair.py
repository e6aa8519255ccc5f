"""Repair of damaged text: named fixers in a fixed order, each from a text to edits, each switched by the setting of its name.

A fixer sees the output of those before it. The order matters: slipped bytes are mended before anything is removed or converted,
because their repair needs the bytes; pinyin goes before script conversion, which would otherwise convert inside brackets; what
was put into words goes before lines are joined, which looks at the characters on both sides of a break; and breaks that are put
in come last, so that nothing joins them again.
"""

from __future__ import annotations

from collections.abc import Callable

from baogao.clean.byte_slip import byte_slip
from baogao.clean.joined import joined, repeated_title
from baogao.clean.line_break import line_break
from baogao.clean.marks import anti_copy, digits, lost_chars, sprinkle
from baogao.clean.page_mark import page_mark
from baogao.clean.scripts import pinyin, script
from baogao.settings import CleanSettings
from baogao.text import Edit, EditedText

Fixer = Callable[[str], list[Edit]]

FIXERS: tuple[tuple[str, Fixer], ...] = (
    ("byte_slip", byte_slip),
    ("pinyin", pinyin),
    ("script", script),
    ("byte_slip", byte_slip),  # again: a site may have converted a text whose bytes had slipped before
    ("anti_copy", anti_copy),
    ("sprinkle", sprinkle),
    ("digits", digits),
    ("page_mark", page_mark),
    ("line_break", line_break),
    ("lost_chars", lost_chars),
    ("repeated_title", repeated_title),
    ("joined", joined),
)
"""Setting and fixer, in the order in which they are applied."""


def repair(raw: str, settings: CleanSettings) -> EditedText:
    """The raw text with the edits of all fixers that the settings leave on, composed on the raw text."""
    text = EditedText(raw)
    seen: dict[str, str] = {}
    for name, fixer in FIXERS:
        if getattr(settings, name) and seen.get(name) != text.text:
            seen[name] = text.text
            text = text.edit(fixer(text.text))
    return text

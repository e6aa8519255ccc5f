"""A report as it stands on a page: losses and damage applied, and every place of it known through both."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from damage import DAMAGES, NOISE
from losses import LOSSES

from baogao.corpus import Report
from baogao.text import EditedText


@dataclass(frozen=True)
class Damaged:
    """`report` reads as it would after perfect repair; `lost` leads to its text from the original's, `damage` from there to the page's."""

    report: Report
    lost: EditedText
    damage: EditedText

    @property
    def text(self) -> str:
        """The text as it stands on the page."""
        return self.damage.text

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where characters [start, end) of the repaired text stand in the page's; what was put in behind the last stays outside."""
        a, b = self.damage.clean_span(start, end)
        behind = sum(len(edit.after) for edit in self.damage.edits if edit.start == edit.end == end)
        return a, max(a, b - behind)

    def noise(self) -> list[tuple[int, int, str]]:
        """Stretches of the page's text that are not the report's, with their roles."""
        edits = zip(self.damage.edits, _outputs(self.damage), strict=True)
        return [(*place, NOISE[kind]) for edit, place in edits for kind in edit.kind.split("+") if kind in NOISE]

    def truth(self) -> list[tuple[str, int, int, str, bool]]:
        """Every edit as kind, place in the page's text, what it should read, and whether a reader could undo it."""
        found = []
        for edit, (start, end) in zip(self.damage.edits, _outputs(self.damage), strict=True):
            found.append((edit.kind, start, end, self.report.text[edit.start : edit.end], True))
        for edit, place in zip(self.lost.edits, _outputs(self.lost), strict=True):
            found.append((edit.kind, *self.damage.clean_span(*place), self.lost.raw[edit.start : edit.end], False))
        return sorted(found, key=lambda item: (item[1], item[2], item[0]))


def _outputs(text: EditedText) -> list[tuple[int, int]]:
    """Where the output of each edit stands in the edited text."""
    places, growth = [], 0
    for edit in text.edits:
        start = edit.start + growth
        places.append((start, start + len(edit.after)))
        growth += len(edit.after) - (edit.end - edit.start)
    return places


def damaged(report: Report, losses: Sequence[str], damage: Sequence[str], words: Sequence[str], seed: str) -> Damaged:
    """The report with losses (`kind` or `kind style`) and damage of the named kinds, the same for the same seed."""
    lost = EditedText(report.text)
    result = report
    for item in losses:
        kind, _, style = item.partition(" ")
        result, edits = LOSSES[kind](result, random.Random(f"{seed} {kind}"), style)
        lost = lost.edit(edits)
    text = EditedText(result.text)
    for kind, function in DAMAGES.items():
        if kind in damage:
            text = text.edit(function(text.text, random.Random(f"{seed} {kind}"), words))
    if lost.text != result.text:
        raise ValueError(f"{report.id}: the losses do not compose")
    return Damaged(result, lost, text)

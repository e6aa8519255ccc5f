"""Sites made up for training pages: how often a line of each role stands on other pages of its site, and between which lines.

The corpus' sites have few pages each, real ones hundreds; what site statistics are worth has to be learned from made ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from baogao.clean.block_cuts import CutLine
from baogao.clean.block_form import SITE, Floats, PageContext, site_row
from baogao.clean.statistics import MIN_PAGES

_CARRIED = {
    "navigation": 0.8, "boilerplate": 0.7, "advert": 0.6, "page_mark": 0.5, "editor_note": 0.35, "related": 0.3, "meta": 0.2,
    "comment": 0.15, "title": 0.06, "body": 0.02,
}  # fmt: skip
"""Share of the lines of a role that other pages of the site carry, too."""
_HEADING, _HEADING_CARRIED = 16, 0.12
"""Lines of a report up to this length may be common headings (一、指导思想); the share of those that other reports have."""
_UNKNOWN = 0.4
"""Share of the pages whose site is not known, or has no other page."""
_COPIED = 0.1
"""Share of the reports of which the site has a copy."""
_TOGETHER = 0.5
"""How often a line that stands behind another carried line of its role always does."""
_PAGES = (2, 4, 6, 10, 30)


@dataclass(frozen=True, slots=True)
class MadeSite(PageContext):
    """A page whose site statistics are made up: `rows` are those of its lines."""

    rows: Floats

    def on_site(self, lines: Sequence[CutLine]) -> Floats:
        """The rows."""
        return self.rows


def on_made_site(raw: str, roles: Sequence[str], lines: Sequence[CutLine], random: Random) -> MadeSite:
    """A context for a page without a title whose lines stand on other pages as their roles make likely."""
    rows = np.zeros((len(lines), len(SITE)), np.float32)
    if random.random() >= _UNKNOWN:
        pages, copied, times, before = random.choice(_PAGES), False, 0, ""
        for i, (role, line) in enumerate(zip(roles, lines, strict=True)):
            own = role in ("body", "title")
            if own and (i == 0 or roles[i - 1] not in ("body", "title")):
                copied, times = random.random() < _COPIED, random.randrange(1, pages) + 1
            if own and copied:  # with its neighbours: the copy's lines are the same
                rows[i] = site_row(times / pages if times >= MIN_PAGES else 0.0, wanders=False, moves=False)
                continue
            share = _HEADING_CARRIED if role == "body" and len(line.text) <= _HEADING else _CARRIED[role]
            carried = random.random() < share
            if carried:
                rows[i] = _carried(pages, together=before == role and random.random() < _TOGETHER, random=random)
            before = role if carried else ""
    return MadeSite(None, None, raw, rows)


def _carried(pages: int, *, together: bool, random: Random) -> tuple[float, ...]:
    """Features of a line on several of a site's pages, on enough of them to tell; `together`: always behind the line before it."""
    count = min(pages, max(MIN_PAGES, random.randrange(pages + 1)))
    return site_row(count / pages, wanders=not together, moves=True) if count >= MIN_PAGES else site_row(0.0, wanders=False, moves=False)

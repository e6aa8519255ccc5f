"""What repeats across the pages of a site: lines that many of its pages carry are the site's, not a report's."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

MIN_PAGES = 4
"""A line must stand on this many pages of a site before repetition says anything."""
MIN_SHARE = 0.5
_MASKED = re.compile(r"[\d\s]+")


def line_key(text: str) -> str:
    """A short digest of a line without its digits and white space, which vary from page to page."""
    return hashlib.blake2b(_MASKED.sub("", text).encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class SiteStatistics:
    """Number of pages of a site and on how many of them each line stands (lines on one page only are left out)."""

    pages: int
    lines: dict[str, int]

    def repeats(self, text: str) -> bool:
        """Whether a line stands on at least half of the site's pages, and on enough of them to tell."""
        count = self.lines.get(line_key(text), 0)
        return count >= MIN_PAGES and count >= MIN_SHARE * self.pages


def collect(pages: Iterable[Iterable[str]], *, least: int = 2) -> SiteStatistics:
    """Statistics of one site from the lines of each of its pages; lines on fewer than `least` pages are left out."""
    counts: Counter[str] = Counter()
    n = 0
    for lines in pages:
        n += 1
        counts.update({line_key(line) for line in lines})
    return SiteStatistics(n, {key: count for key, count in sorted(counts.items()) if count >= least})

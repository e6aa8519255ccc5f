"""What repeats across the pages of a site: lines that many of its pages carry are the site's, not a report's.

Lines count as the same when they differ only in what sites fill in from page to page: digits, white space, the page's own title,
a title in quotation marks. Neighbouring lines are counted as pairs, too: a line that returns between other lines each time is the
site's, one that returns with its neighbours may be part of a report that was copied.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from baogao.read.page import SourcePage

MIN_PAGES = 4
"""A line must stand on this many pages of a site before repetition says anything."""
MIN_SHARE = 0.5
STEPS = 16
"""Shares are rounded down to a multiple of one part in so many."""
_LONGEST = 300
"""Longer lines are not counted, in characters: what sites repeat is short, and paragraphs would fill the table."""
_EDGE = 40
"""Characters of a line that stand for it in a pair."""
BRACKETED = re.compile(r"[(（【\[〔][^()（）【】\[\]〔〕\n]{4,40}[)）】\]〕]")
"""A bracket in a line, as watermarks are."""
_SHORTEST_TITLE = 4
_MASKED = re.compile(r"《[^《》]{1,80}》|“[^“”]{1,80}”|[\d\s]+")


def site_line(line: str, title: str | None) -> str:
    """A line as site statistics count it: without digits, white space, quoted titles and the page's own title.

    >>> site_line("您正在浏览：2013年禁毒总结（第 3 页）", "2013年禁毒总结")
    '您正在浏览：（第页）'
    """
    if title and len(title) >= _SHORTEST_TITLE:
        line = line.replace(title, "")
    return _MASKED.sub("", line)


def line_key(line: str) -> str:
    """A short digest of a line as `site_line` gives it."""
    return hashlib.blake2b(line.encode("utf-8", "replace"), digest_size=8).hexdigest()


def statistics_lines(page: SourcePage) -> list[str]:
    """What site statistics count of a page, as it stands in the raw text, masked: its lines and the brackets in them."""
    raw, title = page.text.raw, page.text.title
    lines = [raw[block.start : block.end] for block in page.text.blocks]
    brackets = [match.group() for line in lines for match in BRACKETED.finditer(line)]
    short = [masked for line in lines if len(line) <= _LONGEST and (masked := site_line(line, title))]
    masked_brackets = [masked for bracket in brackets if (masked := site_line(bracket, title))]
    return [*short, *masked_brackets, *(_pair(a, b, title) for a, b in pairwise(lines))]


def _pair(line: str, following: str, title: str | None) -> str:
    """Two neighbouring lines as site statistics count them: the end of the one and the beginning of the other."""
    return f"{site_line(line[-_EDGE:], title)}\n{site_line(following[:_EDGE], title)}"


@dataclass(frozen=True, slots=True)
class SiteStatistics:
    """Share of a site's pages that carry each line, by the line's key, in steps of 1/16; lines that tell nothing are left out.

    The steps keep a page that is added to an archive from changing what is made of the site's other pages.
    """

    shares: dict[str, float]

    def share(self, line: str, title: str | None) -> float:
        """Share of the site's pages that carry a line; 0 where too few carry it to tell."""
        return self.shares.get(line_key(site_line(line, title)), 0.0) if len(line) <= _LONGEST else 0.0

    def wanders(self, lines: Sequence[str], title: str | None) -> list[tuple[bool, bool]]:
        """For each of a page's lines whether it stands on other pages of the site between other lines, and with another line on
        one side at least."""
        pairs = [self.shares.get(line_key(_pair(a, b, title)), 0.0) for a, b in pairwise(lines)]
        shares = [self.share(line, title) for line in lines]
        around = zip(shares, [0.0, *pairs], [*pairs, 0.0], strict=True)
        return [(share > max(before, behind), share > min(before, behind)) for share, before, behind in around]

    def repeats(self, line: str, title: str | None) -> bool:
        """Whether a line stands on at least half of the site's pages, and on enough of them to tell."""
        return self.share(line, title) >= MIN_SHARE


def count_lines(pages: Iterable[Iterable[str]]) -> tuple[int, dict[str, int]]:
    """Number of a site's pages, and on how many of them each line stands, by its key, in the order of the keys."""
    counts: Counter[str] = Counter()
    n = 0
    for lines in pages:
        n += 1
        counts.update({line_key(line) for line in lines})
    return n, dict(sorted(counts.items()))


def collect(pages: Iterable[Iterable[str]]) -> SiteStatistics:
    """Statistics of one site from the lines of each of its pages."""
    n, counts = count_lines(pages)
    shares = {key: STEPS * count // n / STEPS for key, count in counts.items() if count >= MIN_PAGES}
    return SiteStatistics({key: share for key, share in shares.items() if share})

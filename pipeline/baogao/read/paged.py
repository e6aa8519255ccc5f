"""Articles that a site cut into several pages: which pages are parts of one, and the one page that is made of them.

Parts are known by their addresses, or by their names in a folder or archive: a.html, a_2.html, a_3.html; a.php?id=7, a.php?id=7&page=2. The
first must be there, the numbers must follow each other, and what the pages call themselves must be the same but for the number; pages
that only count (index_2.html, list.php?page=2) are lists.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from baogao.read.page import RawText, SourcePage
from baogao.read.reader import id_of_page

NUMBERED = r"[_-]\d{1,2}\.(?:s?html?|php|aspx?|jsp|txt)$|[?&](?:page|pageno|pn|p)=\d{1,2}(?:&|$)"
"""Addresses and names that may be those of a further part, as a regular expression that DuckDB knows, too."""
PARTS = "parts"
"""Key of a joined page's metadata: where in its raw text each part begins, and its source: 0 a.html | 5312 a_2.html."""
_BETWEEN = " | "
_IN_NAME = re.compile(r"(?P<stem>[^/?]*[^/?_-])[_-](?P<n>\d{1,2})(?P<end>\.(?:s?html?|php|aspx?|jsp|txt))$", re.IGNORECASE)
_IN_QUERY = re.compile(r"(?P<mark>[?&])(?:page|pageno|pn|p)=(?P<n>\d{1,2})(?P<more>&|$)", re.IGNORECASE)
_LISTS = re.compile(r"(?:^|/)(?:index|list|default|search|tags?|categor(?:y|ies)|col|channel|forum)[^/]*$", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"[\s_—–-]*[(（\[【]?\s*(?:第\s*\d{1,2}\s*页|page\s*\d{1,2}|(?<=[(（_-])\d{1,2})\s*[)）\]】]?", re.IGNORECASE)
_MOST = 50
"""An article has no more parts."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page was found: its source, its address if it has one, what it calls itself."""

    page_id: str
    source: str
    url: str | None
    title: str | None

    @property
    def name(self) -> str:
        """The address, without scheme and place in the page, or the source's name."""
        return re.sub(r"^https?://|#.*$", "", self.url) if self.url else self.source


def part_of(name: str) -> tuple[str, int] | None:
    """The name of the first part and the number of this one, for a name that may be that of a further part.

    >>> part_of("www.a.example/zj/882_3.html"), part_of("a/zj.php?id=7&page=2"), part_of("a/index_2.html"), part_of("a/882.html")
    (('www.a.example/zj/882.html', 3), ('a/zj.php?id=7', 2), None, None)
    """
    if _LISTS.search(name):
        return None
    match = _IN_QUERY.search(name)
    if match:
        first = name[: match.start()] + (match["mark"] if match["more"] else "") + name[match.end() :]
    else:
        match = _IN_NAME.search(name)
        if not match:
            return None
        first = name[: match.start()] + match["stem"] + match["end"]
    return (first, int(match["n"])) if int(match["n"]) > 1 else None


def series(places: Iterable[Place]) -> list[tuple[Place, ...]]:
    """The parts of each article in order, among `places`; of a part found twice the first by source counts."""
    by_name: dict[str, Place] = {}
    for place in sorted(places, key=lambda place: place.source):
        by_name.setdefault(place.name, place)
    further: dict[str, dict[int, Place]] = defaultdict(dict)
    for name, place in by_name.items():
        part = part_of(name)
        if part and part[0] in by_name:
            further[part[0]].setdefault(part[1], place)
    return [parts for first, rest in sorted(further.items()) if len(parts := _in_order(by_name[first], rest)) > 1]


def _in_order(first: Place, rest: Mapping[int, Place]) -> tuple[Place, ...]:
    """The first part and those that follow without a gap and call themselves the same; no page twice."""
    parts = [first]
    while len(parts) < _MOST and (following := rest.get(len(parts) + 1)):
        if not same_title(first.title, following.title) or following.page_id in {part.page_id for part in parts}:
            break
        parts.append(following)
    return tuple(parts)


def same_title(a: str | None, b: str | None) -> bool:
    """Whether two titles are the same but for a page number.

    >>> same_title("社区总结", "社区总结(2)"), same_title("社区总结_第2页-某某网", "社区总结-某某网"), same_title("总结1", "总结2")
    (True, True, False)
    """
    return _PAGE_NUMBER.sub("", a or "") == _PAGE_NUMBER.sub("", b or "")


def join_parts(pages: Sequence[SourcePage]) -> SourcePage:
    """One page whose raw text is that of the parts in order, each beginning a line; known by a digest of the parts' digests.

    Its sources are those of all parts; metadata `parts` tells where each begins.
    """
    raw, blocks, starts = "", [], []
    for page in pages:
        raw += "\n" if raw and not raw.endswith("\n") else ""
        starts.append(len(raw))
        blocks += [replace(block, start=block.start + len(raw), end=block.end + len(raw)) for block in page.text.blocks]
        raw += page.text.raw
    first = pages[0].text
    told = _BETWEEN.join(f"{start} {page.sources[0].source}" for start, page in zip(starts, pages, strict=True))
    text = RawText(raw, tuple(blocks), first.title, first.url, first.published, {**first.metadata, PARTS: told})
    sha256 = hashlib.sha256("".join(page.sha256 for page in pages).encode("ascii")).hexdigest()
    replaced, sources = sum(page.replaced_chars for page in pages), tuple(source for page in pages for source in page.sources)
    return replace(pages[0], page_id=id_of_page(sha256), sha256=sha256, text=text, replaced_chars=replaced, sources=sources)


def starts_of_parts(metadata: Mapping[str, str]) -> list[int]:
    """Where the parts of a joined page begin in its raw text; none for any other page."""
    return [int(part.split(" ")[0]) for part in metadata[PARTS].split(_BETWEEN)] if PARTS in metadata else []


def same_opening(pages: Sequence[SourcePage]) -> bool:
    """Whether pages without a title begin with the same line but for a page number, as saved texts do."""
    if any(page.text.title for page in pages):
        return True
    openings = [page.text.raw[page.text.blocks[0].start : page.text.blocks[0].end] for page in pages]
    return all(same_title(openings[0], opening) for opening in openings)

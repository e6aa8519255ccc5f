"""Pages split into reports.

A compendium's pieces open with headings of one family: numbered (篇一, 【篇1】, 第3篇, 总结1) or bare titles. Numbered headings are
found by their form and must have text behind them, which tells them from a list of contents; bare titles, and texts that follow
each other without any title, are found by what speaks for a beginning (split_evidence). A page without either is one report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from baogao.clean.block_wording import has_sign
from baogao.clean.blocks import LabelledBlock
from baogao.clean.split_evidence import THRESHOLD, THRESHOLD_INSIDE, THRESHOLDS_CLAIMED, Evidence, closes
from baogao.clean.split_markers import Marker, markers
from baogao.clean.titles import alike, claimed_count, clean_title, is_collection, is_title, may_be_title, stem

TEXT_ROLES = ("body", "title")
_MIN_PIECE = 60
"""Characters of text that must follow a heading before it counts as the opening of a report."""
_MIN_UNNUMBERED = 100
"""The same for headings without a number, and for the text before them."""
_MIN_CONTINUED = 120
"""Characters of text before the first heading that make the end of a piece begun on an earlier page."""
_LONGEST_INTRODUCTION = 300
"""Characters of text between a page's title and the title of its first report at most."""
_LONGEST_HEADING = 100
_LONGEST_LABEL = 30
"""A line of text with fewer characters may be a label or remnant; one with more is a report's."""
_ABOVE, _MAY_BE_OWN = 8, 0.25
"""Within how many lines above the text, and from which probability on, a line that the model takes for the site's may be the title."""
_RISING = 0.6
"""Share of neighbouring piece numbers that must not fall: sites miscount, but not most of the time."""
_LONGEST_TAIL = 150
"""Characters of short lines behind a report's date that count as the site's."""
_APPENDIX = re.compile(r"^\s*[(（]?附")
_AFTER_DATE = re.compile(r"^\s*[(（]?(?:附|联系|电话|抄|报送|主题词|印发|此件|共印|[\u4e00-\u9fff]{2,4}人\s*[:：])")
_ENDS_REPORT = ("related", "comment", "navigation")


@dataclass(frozen=True, slots=True)
class Piece:
    """Blocks [first, last) of a page that make one report; `heading` says whether the first is its title line."""

    first: int
    last: int
    title: str | None
    heading: bool


@dataclass(frozen=True, slots=True)
class Split:
    """The reports of a page in order, and the number of them that the page's title claims."""

    pieces: tuple[Piece, ...]
    claimed: int | None


@dataclass(frozen=True, slots=True)
class _Opening:
    block: int
    title: str | None
    heading: bool
    number: int = 0


def split_page(blocks: Sequence[LabelledBlock], page_title: str | None, raw: str, parts: frozenset[int] = frozenset()) -> Split:
    """Reports of a page with the raw text `raw`; blocks before the first, between them and behind the last belong to none.

    With the blocks `parts` a further part of an article begins, in which a report may go on.
    """
    text = [i for i, block in enumerate(blocks) if block.role in TEXT_ROLES]
    named = _counting_title(blocks, page_title)
    claimed = claimed_count(named) if named else None
    evidence = Evidence(blocks, text, stem(named or page_title or ""), raw)
    openings = _numbered(evidence, claimed)
    if openings:
        openings = _continued(evidence, openings) + openings
        openings = [part for opening, last in _spans(openings, len(blocks)) for part in _inside(evidence, opening, last)]
    else:
        openings = _unnumbered(evidence, claimed or 0)
    found = _spans(openings, len(blocks)) or _single(evidence)
    pieces = [_piece(blocks, opening, last, parts) for opening, last in found]
    return Split(tuple(piece for piece in pieces if _length(blocks, piece.first + piece.heading, piece.last)), claimed)


def _counting_title(blocks: Sequence[LabelledBlock], page_title: str | None) -> str | None:
    """The title that claims a number of pieces: the page's own, or a line above the first line of text."""
    body = next((i for i, block in enumerate(blocks) if block.role == "body" and len(block.text) > _LONGEST_LABEL), len(blocks))
    above = [block.text for block in blocks[:body] if block.reason == "model" and block.role not in ("related", "comment")]
    above = [text for text in above if len(text) <= _LONGEST_HEADING]
    return next((title for title in (page_title, *above) if title and claimed_count(title)), None)


def _spans(openings: Sequence[_Opening], end: int) -> list[tuple[_Opening, int]]:
    bounds = [*(opening.block for opening in openings[1:]), end]
    return list(zip(openings, bounds, strict=False))


def _length(blocks: Sequence[LabelledBlock], first: int, last: int) -> int:
    return sum(len(block.text) for block in blocks[first:last] if block.role in TEXT_ROLES)


# ---- numbered headings ----


def _numbered(evidence: Evidence, claimed: int | None) -> list[_Opening]:
    """Openings of the family of numbered headings that opens most pieces; the families with a word for piece go first."""
    found: dict[str, list[tuple[int, Marker]]] = {}
    for i, block in enumerate(evidence.blocks):
        if len(block.text) <= _LONGEST_HEADING and (block.role in TEXT_ROLES or block.reason == "model"):
            for marker in markers(block.text):
                found.setdefault("piece" if not marker.family.startswith("digit") else marker.family, []).append((i, marker))
    named = _with_text(evidence, found.get("piece", []))
    if len(named) >= 2 or (named and (claimed or alike(stem(named[0][1].title or ""), evidence.page_title) > 0.5)):
        return _as_openings(evidence, named)
    by_title = _with_text(evidence, _same_title(found.get("digit_last", []), evidence.page_title))
    by_digit = _with_text(evidence, found.get("digit_first", []))
    best = max(by_title, by_digit if _counts_pieces(evidence, by_digit) else [], key=len)
    return _as_openings(evidence, best) if len(best) >= 2 else []


def _with_text(evidence: Evidence, found: Sequence[tuple[int, Marker]]) -> list[tuple[int, Marker]]:
    """The headings that have text behind them, if their numbers rise; a run of them that mostly has none is a list of contents."""
    bounds = [*(i for i, _ in found[1:]), len(evidence.blocks)]
    filled = [_length(evidence.blocks, i + 1, last) >= _MIN_PIECE for (i, _), last in zip(found, bounds, strict=False)]
    starts = [0, *(k for k in range(1, len(found)) if found[k][1].number <= found[k - 1][1].number), len(found)]
    kept: list[tuple[int, Marker]] = []
    for first, last in pairwise(starts):
        if 2 * sum(filled[first:last]) > last - first:
            kept += [found[k] for k in range(first, last) if filled[k]]
    steps = [b.number - a.number for (_, a), (_, b) in pairwise(kept)]
    return kept if sum(step >= 0 for step in steps) >= _RISING * len(steps) else []


def _same_title(found: Sequence[tuple[int, Marker]], page_title: str) -> list[tuple[int, Marker]]:
    """Headings that end in a bare number: only those whose title stands on the page again or is the page's own."""
    counts = Counter(marker.title for _, marker in found)
    return [item for item in found if counts[item[1].title] > 1 or alike(stem(item[1].title or ""), page_title) > 0.7]


def _counts_pieces(evidence: Evidence, found: Sequence[tuple[int, Marker]]) -> bool:
    """Whether headings that begin with a digit are a compendium's: they count from 1, and no report has begun before them."""
    if len(found) < 2 or [marker.number for _, marker in found] != list(range(1, len(found) + 1)):
        return False
    return not any(
        len(block.text) >= _LONGEST_LABEL and (block.role == "body" or has_sign("report_formula", block.text))
        for block in evidence.blocks[: found[0][0]]
    )


def _as_openings(evidence: Evidence, found: Sequence[tuple[int, Marker]]) -> list[_Opening]:
    return [_Opening(i, marker.title or _title_behind(evidence, i), True, marker.number) for i, marker in found]


def _title_behind(evidence: Evidence, i: int) -> str | None:
    """The title in the line behind a heading that is a number alone."""
    following = next((evidence.blocks[j] for j in evidence.text if j > i), None)
    return following.text if following and is_title(following.text) else None


def _continued(evidence: Evidence, openings: Sequence[_Opening]) -> list[_Opening]:
    """The text before the first heading, where that is not the first piece: what an earlier page began."""
    first = openings[0]
    before = [i for i in evidence.text if i < first.block]
    start = next((k for k, i in enumerate(before) if len(evidence.blocks[i].text) > 45), None)
    if first.number < 2 or start is None or _length(evidence.blocks, before[start], first.block) < _MIN_CONTINUED:
        return []
    return [_Opening(before[start], None, False)]


def _inside(evidence: Evidence, opening: _Opening, last: int) -> list[_Opening]:
    """The opening of a numbered piece, and of those texts that run on inside it."""
    inner = [i for i in evidence.text if opening.block < i < last]
    return [opening, *_choose(evidence, [i for i in inner if evidence.score_inside(i) >= THRESHOLD_INSIDE], opening.block, last)]


# ---- headings without numbers ----


def _unnumbered(evidence: Evidence, claimed: int) -> list[_Opening]:
    """Openings of a page without numbered headings, if there are at least two reports.

    Where the page's title claims more than are found, weaker signs are enough if they give just that number; most claims are
    false, so that this is no chance.
    """
    openings = _above(evidence, THRESHOLD, evidence.score)
    if openings and len(openings) < claimed:
        found = (_above(evidence, threshold, evidence.score_as_headline) for threshold in THRESHOLDS_CLAIMED)
        openings = next((more for more in found if len(more) == claimed), openings)
    if openings and _length(evidence.blocks, evidence.text[0], openings[0].block) >= _MIN_UNNUMBERED:
        first = _single_start(evidence, openings[0].block, among=True)
        openings = [first, *openings] if first else openings
    return openings if len(openings) >= 2 else []


def _above(evidence: Evidence, threshold: float, score: Callable[[int], float]) -> list[_Opening]:
    """Openings whose signs reach the threshold, the page's own title left out."""
    chosen = [i for i in evidence.text if score(i) >= threshold]
    found = _spans(_choose(evidence, chosen, None, len(evidence.blocks)), len(evidence.blocks))
    openings = [_below_page_title(evidence, opening, following) for opening, following in found]
    return [opening for opening in openings if opening]


def _below_page_title(evidence: Evidence, opening: _Opening, last: int) -> _Opening | None:
    """The opening; where it is the title of a collection, the first title behind it with nothing but an introduction between,
    or nothing where the introduction runs up to the next opening."""
    if not opening.heading or not is_collection(evidence.blocks[opening.block].text):
        return opening
    between = 0
    for i in (i for i in evidence.text if opening.block < i < last):
        text = evidence.blocks[i].text
        if is_title(text) and not is_collection(text):
            return _opening(evidence, i)
        between += len(text)
        if between > _LONGEST_INTRODUCTION:
            return opening
    return None if last < len(evidence.blocks) else opening


def _choose(evidence: Evidence, chosen: Sequence[int], start: int | None, last: int) -> list[_Opening]:
    """Those of the chosen blocks that have enough text before (from `start` on) and behind them."""
    openings: list[_Opening] = []
    run: list[int] = []
    for i, following in zip(chosen, [*chosen[1:], last], strict=False):
        run.append(i)
        if _length(evidence.blocks, i + 1, following) >= _MIN_UNNUMBERED:
            openings.append(_opening(evidence, _own_title(evidence, run, at_top=not openings and start is None)))
            run = []
    while start is not None and openings and _length(evidence.blocks, start + 1, openings[0].block) < _MIN_UNNUMBERED:
        openings.pop(0)
    return openings


def _opening(evidence: Evidence, i: int) -> _Opening:
    heading = may_be_title(evidence.blocks[i].text)
    return _Opening(i, clean_title(evidence.blocks[i].text) if heading else None, heading)


def _own_title(evidence: Evidence, run: Sequence[int], *, at_top: bool) -> int:
    """Of headings with next to no text between them the first; at the top of the page the first that is not the page's."""
    if not at_top or len(run) < 2:
        return run[0]
    own = (i for i, following in zip(run, [*run[1:], run[-1]], strict=True) if not _is_page_title(evidence, i, following))
    return next(own, run[-1])


def _is_page_title(evidence: Evidence, i: int, following: int) -> bool:
    """Whether a heading is the page's: a collection's, like the page's title or part of it, or with lines of the site behind it."""
    text = evidence.blocks[i].text
    title = evidence.page_title
    return is_collection(text) or stem(text) == title or text in title or any(k not in evidence.text for k in range(i, following))


# ---- one report ----


def _single(evidence: Evidence) -> list[tuple[_Opening, int]]:
    opening = _single_start(evidence, len(evidence.blocks))
    return [(opening, len(evidence.blocks))] if opening else []


def _single_start(evidence: Evidence, end: int, *, among: bool = False) -> _Opening | None:
    """Where the one report before block `end` begins: its title line, else its first line of text.

    A title may have two lines, unless the report is `among` others: then the upper one is the page's.
    """
    blocks = evidence.blocks
    text = [i for i in evidence.text if i < end]
    if not text:
        return None
    long = next((k for k, i in enumerate(text) if len(blocks[i].text) >= 40), 0)
    titles = [k for k in range(long + 1) if _reads_as_title(blocks[text[k]])]
    if not titles and (title := _doubtful_title(blocks, text[0])) is not None:
        return _Opening(title, clean_title(blocks[title].text), True)
    if not titles:
        while long and text[long - 1] == text[long] - 1 and len(blocks[text[long - 1]].text) >= 4:
            long -= 1
        return _Opening(text[long], None, False)
    k = titles[-1]
    while (
        not among
        and k - 1 in titles
        and alike(blocks[text[k]].text, blocks[text[k - 1]].text) < 0.5
        and _only_meta(blocks, text[k - 1], text[k])
    ):
        k -= 1
    return _Opening(text[k], clean_title(blocks[text[k]].text), True)


def _doubtful_title(blocks: Sequence[LabelledBlock], first: int) -> int | None:
    """The last line above the first text that reads like a title and may be one: among menus and facts the model is not sure of it."""
    near = range(first - 1, max(-1, first - 1 - _ABOVE), -1)
    return next((i for i in near if blocks[i].own >= _MAY_BE_OWN and is_title(blocks[i].text)), None)


def _reads_as_title(block: LabelledBlock) -> bool:
    return is_title(block.text) or (block.role == "title" and may_be_title(block.text) and not closes(block.text))


def _only_meta(blocks: Sequence[LabelledBlock], first: int, last: int) -> bool:
    return all(block.role == "meta" for block in blocks[first + 1 : last])


# ---- ends ----


def _piece(blocks: Sequence[LabelledBlock], opening: _Opening, last: int, parts: frozenset[int]) -> Piece:
    """The piece without what follows its last line of text; a list of related pages or comments ends it, or its part."""
    first = opening.block
    goes_on = max((part for part in parts if first < part < last), default=first)
    start = next((i for i in range(goes_on, last) if blocks[i].role in TEXT_ROLES), first)
    for i in range(start + 1, last):
        if blocks[i].role in _ENDS_REPORT and _length(blocks, first + 1, i) >= _MIN_PIECE and not _resumes(blocks, i, last):
            last = i
            break
    last = min(last, _behind_date(blocks, first, last))
    while last > first + 1 and (blocks[last - 1].role not in TEXT_ROLES or _is_remnant(blocks, first, last - 1)):
        last -= 1
    return Piece(first, last, opening.title, opening.heading)


def _behind_date(blocks: Sequence[LabelledBlock], first: int, last: int) -> int:
    """The end of a piece that its date closes: behind the date and what may follow one (an appendix, a unit, a contact).

    A few short lines behind it are the site's; more text than that is not judged.
    """
    text = [i for i in range(first + 1, last) if blocks[i].role in TEXT_ROLES]
    dates = [k for k, i in enumerate(text) if has_sign("date_line", blocks[i].text) and _length(blocks, first + 1, i) >= _MIN_PIECE]
    if not dates:
        return last
    behind = text[dates[-1] + 1 :]
    while behind and (_AFTER_DATE.match(blocks[behind[0]].text) or has_sign("unit_line", blocks[behind[0]].text)):
        if _APPENDIX.match(blocks[behind[0]].text):
            return last
        behind = behind[1:]
    return behind[0] if behind and sum(len(blocks[i].text) for i in behind) <= _LONGEST_TAIL else last


def _resumes(blocks: Sequence[LabelledBlock], i: int, last: int) -> bool:
    """Whether more of the text stands behind block i than before it: then i is an insertion, not the end."""
    return _length(blocks, i, last) > max(200, _length(blocks, 0, i))


_SENTENCE_END = re.compile(r"[。；！!”）)]$|\d{1,2}\s*[月日]")


def _is_remnant(blocks: Sequence[LabelledBlock], first: int, i: int) -> bool:
    """Whether a short line at a piece's end is none of its text: behind noise, or behind the date that closes the report."""
    if len(blocks[i].text) >= 30 or _SENTENCE_END.search(blocks[i].text) or closes(blocks[i].text) or i <= first + 1:
        return False
    return blocks[i - 1].role not in TEXT_ROLES

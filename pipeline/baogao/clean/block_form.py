"""What a line shows by itself of its role: its form, its wording, its markup, where else it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from baogao.clean.block_cuts import CutLine
from baogao.clean.block_wording import MOST, count_signs, sign_names
from baogao.clean.split_markers import markers
from baogao.clean.statistics import MIN_SHARE, SiteStatistics
from baogao.clean.titles import alike, is_title, may_be_title, stem
from baogao.records import BLOCK_ROLES

Floats = NDArray[np.float32]

_EDGE_HEAD, _EDGE_TAIL = 80, 40
"""Characters of a long line's beginning and end in which signs are looked for."""
LONG = 45
"""Lines with more characters are paragraphs, in which a sign says less; it is counted apart for them."""
_OPENING = 20
"""Lines that begin with the same characters, so many, are a text and its teaser."""
_HAN, _DIGIT, _LATIN, _SPACE = range(1, 5)
_PATH_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("path_navigation", r"nav|menu|crumb|position|location|header|/header|top|channel|place"),
        ("path_foot", r"foot|copy|bottom|link|friend|beian"),
        ("path_comment", r"comment|reply|feedback|message|post_?reply|ping"),
        ("path_related", r"relat|recommend|hot|list|rank|more|sidebar|aside|right|left|tag|guess|like|tuijian|xiangguan"),
        ("path_content", r"content|article|/article|detail|body(?=[._])|text|main|news|zoom|post|entry|/main"),
        ("path_title", r"title|/h[1-4]|head(?!er)|headline|subject"),
        ("path_meta", r"info|meta|date|time|author|source|byline|from|sub"),
        ("path_advert", r"\bad|ads|advert|vip|pay|buy|down|tip|promo|banner|notice|warn|login|app|qr"),
        ("path_tools", r"tool|share|print|font|page|pager|pagination|turn|next|prev|btn|button|op"),
        ("path_item", r"/li(?:\.[^/]*)?$|/d[dt](?:\.[^/]*)?$"),
        ("path_cell", r"/t[dh](?:\.[^/]*)?$"),
        ("path_paragraph", r"/p(?:\.[^/]*)?$"),
        ("path_heading", r"/h[1-4](?:\.[^/]*)?$"),
    )
)
_LONGEST_HEADING = 100
_COUNTED = re.compile(r"[\d\s]+")
_RUNNING = 3
"""A line that stands on a page so often, page numbers aside, is a running head or a prompt."""
_SIZES = (5, 10, 20, 40, 80, 150, 300, 600)
_CUT_ROLES = ("advert", "boilerplate", "editor_note")
_FORM = (
    "length", *(f"longer_than_{size}" for size in _SIZES), "ends_sentence", "commas", "stops", "digits", "latin", "spaces", "han", "links",
)  # fmt: skip
SITE = ("site_share", "site_repeats", "site_wanders", "site_moves")
"""Features by site statistics: in how many places of the site a line stands."""
_STANDING = (
    "title", "short_line", "marker", "repeated_line", "running_line", "teaser", "like_page_title", "equals_page_title",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageContext:
    """What is known of a page as a whole when its lines are judged."""

    title: str | None
    statistics: SiteStatistics | None
    raw: str

    def on_site(self, lines: Sequence[CutLine]) -> Floats:
        """What site statistics say of each line, columns as in SITE."""
        found = np.zeros((len(lines), len(SITE)), np.float32)
        if self.statistics is None:
            return found
        blocks = list({(line.block.start, line.block.end): None for line in lines})
        texts = [self.raw[start:end] for start, end in blocks]
        moved = dict(zip(blocks, self.statistics.wanders(texts, self.title), strict=True))
        shares = {block: self.statistics.share(text, self.title) for block, text in zip(blocks, texts, strict=True)}
        for i, line in enumerate(lines):
            block = (line.block.start, line.block.end)
            found[i] = site_row(shares[block], *moved[block])
        return found


def site_row(share: float, wanders: bool, moves: bool) -> tuple[float, ...]:
    """The features by site statistics of a line that this share of the site's pages carry, between other lines, with another line
    on one side."""
    return share, float(share >= MIN_SHARE), float(wanders), float(moves)


def own_names() -> tuple[str, ...]:
    """Names of the features that `own_features` gives, in order."""
    rules = (*(f"rule_{role}" for role in BLOCK_ROLES), *(f"cut_{role}" for role in _CUT_ROLES))
    return (
        *_FORM,
        *_STANDING,
        *SITE,
        *rules,
        *(f"sign_{name}" for name in sign_names()),
        *(f"long_{name}" for name in sign_names()),
        *(name for name, _ in _PATH_WORDS),
    )


def own_features(lines: Sequence[CutLine], context: PageContext) -> Floats:
    """Features of each line by itself, (n, len(own_names()))."""
    paths = {line.block.path for line in lines}
    by_path = {path: [bool(path) and pattern.search(path[-120:]) is not None for _, pattern in _PATH_WORDS] for path in paths}
    signs = count_signs([_edges(line.text) for line in lines]).astype(np.float32) / MOST
    long = np.array([[len(line.text) > LONG] for line in lines])
    markup = np.array([by_path[line.block.path] for line in lines], np.float32)
    return np.hstack((_form(lines), _standing(lines, context), context.on_site(lines), _by_rule(lines), signs, signs * long, markup))


def _edges(text: str) -> str:
    return text if len(text) <= _EDGE_HEAD + _EDGE_TAIL else text[:_EDGE_HEAD] + text[-_EDGE_TAIL:]


def _form(lines: Sequence[CutLine]) -> Floats:
    """Lengths and shares of kinds of characters, counted for the whole page at once."""
    lengths = np.array([len(line.text) for line in lines])
    owner = np.repeat(np.arange(len(lines)), lengths)
    codes = np.frombuffer("".join(line.text for line in lines).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kinds()[np.minimum(codes, 0xFFFF)]
    shares = [np.bincount(owner, kinds == kind, minlength=len(lines)) / lengths for kind in (_DIGIT, _LATIN, _SPACE, _HAN)]
    commas, stops = (np.array([sum(map(line.text.count, chars)) for line in lines]) for chars in ("，,、", "。；;！!？?"))
    ends = [line.text[-1] in "。！？；：!?;:…”" for line in lines]
    links = [line.block.link_share for line in lines]
    columns = [np.log1p(lengths) / 6, *(lengths > size for size in _SIZES), ends, np.minimum(1, 10 * commas / lengths)]
    return np.column_stack([*columns, np.minimum(4, stops) / 4, *shares, links]).astype(np.float32)


@cache
def _kinds() -> NDArray[np.uint8]:
    """The kind of every character of the basic plane."""
    kinds = np.zeros(0x10000, np.uint8)
    kinds[0x4E00:0xA000] = _HAN
    for code in range(0x10000):
        char = chr(code)
        if char.isdigit():
            kinds[code] = _DIGIT
        elif char.isspace():
            kinds[code] = _SPACE
        elif char.isascii() and char.isalpha():
            kinds[code] = _LATIN
    return kinds


def _standing(lines: Sequence[CutLine], context: PageContext) -> Floats:
    """Whether lines read as headings, stand elsewhere on the page, and how much they are like the page's title."""
    page_stem = stem(context.title or "")
    counts = Counter(line.text for line in lines)
    running = Counter(_running(line.text) for line in lines)
    last = {line.text[:_OPENING]: i for i, line in enumerate(lines) if len(line.text) > _OPENING}
    rows = []
    for i, line in enumerate(lines):
        short = may_be_title(line.text)
        shown = (
            short and is_title(line.text),
            short,
            len(line.text) <= _LONGEST_HEADING and bool(markers(line.text)),
            counts[line.text] > 1,
            len(line.text) <= _LONGEST_HEADING and running[_running(line.text)] >= _RUNNING,
            last.get(line.text[:_OPENING], i) != i and len(line.text) > _OPENING,
            alike(stem(line.text), page_stem) if page_stem and short else 0.0,
            line.text == context.title,
        )
        rows.append(shown)
    return np.array(rows, np.float32)


def _running(line: str) -> str:
    """A line without what counts in it, as running heads and page numbers are the same on every page."""
    return _COUNTED.sub("", line)


def _by_rule(lines: Sequence[CutLine]) -> Floats:
    """Roles by rules of wording: of the line, and of what was cut out of it."""
    found = np.zeros((len(lines), len(BLOCK_ROLES) + len(_CUT_ROLES)), np.float32)
    for i, line in enumerate(lines):
        if line.rule:
            found[i, BLOCK_ROLES.index(line.rule.role)] = 1
        for cut in line.cuts:
            if cut.rule and cut.rule.role in _CUT_ROLES:
                found[i, len(BLOCK_ROLES) + _CUT_ROLES.index(cut.rule.role)] = 1
    return found

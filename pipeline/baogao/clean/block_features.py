"""What a line shows of its role, as numbers: its form, wording, place, markup, repetition, and the same of its neighbours.

Two kinds of features a line: a dense row (named, `feature_names`) and hashed character n-grams of its text.
Pages without markup leave the markup's features at zero; the model learns from copies of its pages without markup, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from baogao.clean.block_cuts import CutLine
from baogao.clean.block_form import LONG, PageContext, own_features, own_names
from baogao.clean.ngrams import CharBigrams
from baogao.clean.titles import chinese_number

HASHED = 1 << 15
"""Number of values of the hash of an n-gram."""
BUCKETS = 2 * HASHED
"""Number of buckets: n-grams of paragraphs are kept apart from those of short lines, where the same words say something else."""
_HEAD, _TAIL = 40, 20
"""Characters of a long line's beginning and end whose n-grams are taken: a paragraph's role shows at its edges."""
_WINDOW = 4
_SECTION = re.compile(r"^(?P<open>[(（]?)(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})(?P<close>[)）、.．])")
_FOLDED = re.compile(r"\d")
_COST_SIZES = (8, 15, 30, 60, 10_000)
_USUAL_COST = 4.8
"""Cost of unseen report prose, in nats a character, from which the features count."""
_PLACE = (
    "position", "first_lines", "last_lines", "text_before", "text_behind", "list_begun", "container_share", "container_links",
    "marked_up", "path_depth", "path_as_before", "path_as_behind", "first_piece_behind",
    "prose_before", "prose_behind", "rules_before", "rules_behind",
    "number_goes_on", "closed_before", "heading_behind", "between_reports", "words_shared", "loose",
    *(f"cost_up_to_{size}" for size in _COST_SIZES), "path_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a page's n lines: `dense` (n, len(feature_names())), n-gram buckets and the line each belongs to."""

    dense: NDArray[np.float32]
    buckets: NDArray[np.int32]
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]


def feature_names() -> tuple[str, ...]:
    """Names of the dense features: the line's own, its place's, then the own ones of the line before and of the line behind."""
    own = own_names()
    return (*own, *_PLACE, *(f"before_{name}" for name in own), *(f"behind_{name}" for name in own))


def prose_costs(lines: Sequence[CutLine], ngrams: CharBigrams) -> NDArray[np.float32]:
    """What each line costs a character, in nats, under a model of report prose: the site's own wording costs more."""
    costs = ngrams.costs("\n".join(line.text for line in lines))
    owner = np.repeat(np.arange(len(lines)), [len(line.text) + 1 for line in lines])
    return (np.bincount(owner, costs) / np.bincount(owner)).astype(np.float32)


def page_features(lines: Sequence[CutLine], context: PageContext, costs: NDArray[np.float32]) -> Features:
    """Features of all lines of a page; `costs` are those of `prose_costs`."""
    own = own_features(lines, context)
    buckets, rows, weights = _ngrams(lines)
    shared = _shared(buckets, rows, len(lines))
    long = np.array([len(line.text) > LONG for line in lines])
    buckets += HASHED * long[rows]
    place = np.hstack((_place_features(lines, own), _context_features(own, shared), _cost_features(lines, costs)))
    none = np.zeros((1, own.shape[1]), np.float32)
    before, behind = np.vstack((none, own[:-1])), np.vstack((own[1:], none))
    return Features(np.hstack((own, place, before, behind)), buckets, rows, weights)


def _place_features(lines: Sequence[CutLine], own: NDArray[np.float32]) -> NDArray[np.float32]:
    n = len(lines)
    text = np.array([len(line.text) if _is_prose(line) else 0 for line in lines], float)
    total = max(1.0, float(text.sum()))
    before = (np.cumsum(text) - text) / total
    behind = 1 - before - text / total
    index = np.arange(n)
    begun = np.maximum.accumulate([float(_begins_list(line)) for line in lines])
    share, links = _containers(lines)
    paths = [line.block.path for line in lines]
    as_before = [0.0, *(float(a == b) for a, b in pairwise(paths))]
    marker = own[:, own_names().index("marker")]
    prose = (text > 0).astype(float)
    ruled = np.array([float(line.rule is not None) for line in lines])
    ahead = (np.cumsum(marker[::-1])[::-1] - marker > 0).astype(float)
    columns = (
        index / max(1, n - 1), index < 6, index >= n - 6, before, behind, begun, share, links, [float(bool(path)) for path in paths],
        [path.count("/") / 20 for path in paths], as_before, [*as_before[1:], 0.0], ahead * (np.cumsum(marker) == 0),
        _window(prose), _window(prose[::-1])[::-1], _window(ruled), _window(ruled[::-1])[::-1], _numbers_go_on(lines),
    )  # fmt: skip
    return np.column_stack(columns).astype(np.float32)


def _context_features(own: NDArray[np.float32], shared: NDArray[np.float64]) -> NDArray[np.float32]:
    """Signs of a line between two reports or between paragraphs: what closes before it, what opens behind it, how loose it is."""
    names = own_names()
    closing, date, marker, title, ends = (
        own[:, names.index(name)] > 0 for name in ("sign_closing", "sign_date_line", "marker", "title", "ends_sentence")
    )
    short = own[:, names.index("longer_than_40")] == 0
    closed = _reaches(closing | date, ends & ~short)
    opening = _reaches((marker | title)[::-1], (ends & ~short)[::-1])[::-1]
    loose = short & ~ends & ~marker & ~title & (own[:, names.index("sign_heading_number")] == 0)
    return np.column_stack((closed, opening, closed & opening, shared, loose)).astype(np.float32)


def _cost_features(lines: Sequence[CutLine], costs: NDArray[np.float32]) -> NDArray[np.float32]:
    """The costs, a column for each range of lengths (short lines vary more); the share of the page's text with the same path."""
    lengths = np.array([len(line.text) for line in lines])
    size = np.searchsorted(_COST_SIZES, lengths)
    columns = np.zeros((len(lines), len(_COST_SIZES) + 1), np.float32)
    columns[np.arange(len(lines)), size] = np.clip(costs - _USUAL_COST, -2, 2)
    amount = Counter[str]()
    for line in lines:
        amount[line.block.path] += round(len(line.text) * (1 - line.block.link_share))
    columns[:, -1] = [amount[line.block.path] / max(1, amount.total()) if line.block.path else 0.0 for line in lines]
    return columns


def _reaches(flags: NDArray[np.bool_], stops: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a flagged line stands before each line, within the window and with no stopping line between."""
    index = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, index, -_WINDOW - 1))
    stop = np.maximum.accumulate(np.where(stops & ~flags, index, -1))
    last, stop = np.concatenate(([-_WINDOW - 1], last[:-1])), np.concatenate(([-1], stop[:-1]))
    return (index - last <= _WINDOW) & (stop < last)


def _shared(buckets: NDArray[np.int32], rows: NDArray[np.int32], n: int) -> NDArray[np.float64]:
    """Share of each line's n-grams that other lines of the page hold too: a report's lines speak of the same things."""
    pairs = np.sort(rows.astype(np.int64) * HASHED + buckets)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # unlike np.unique without a table of hashes
    lines, found = pairs // HASHED, pairs % HASHED
    elsewhere = np.bincount(found, minlength=HASHED)[found] > 1
    return np.bincount(lines, elsewhere, minlength=n) / np.maximum(1, np.bincount(lines, minlength=n))


def _window(flags: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the flagged among the lines before each line, as far as the window reaches."""
    sums = np.concatenate(([0.0], np.cumsum(flags)))
    index = np.arange(len(flags))
    return (sums[index] - sums[np.maximum(0, index - _WINDOW)]) / _WINDOW


def _numbers_go_on(lines: Sequence[CutLine]) -> list[float]:
    """Whether each line's section number follows that of the numbered line before it."""
    last: dict[str, int] = {}
    found = []
    for line in lines:
        match = _SECTION.match(line.text)
        if match:
            style, number = f"{match['open']}{match['close']}{match['n'].isdigit()}", chinese_number(match["n"])
            found.append(float(last.get(style) == number - 1))
            last[style] = number
        else:
            found.append(0.0)
    return found


def _begins_list(line: CutLine) -> bool:
    return line.rule is not None and line.rule.role in ("related", "comment") and len(line.text) < 25


def _is_prose(line: CutLine) -> bool:
    return line.rule is None and len(line.text) >= 30 and line.block.link_share < 0.3 and line.text[-1] in "。；：！？;:!?”）)"


def _containers(lines: Sequence[CutLine]) -> tuple[list[float], list[float]]:
    """For each line the share of the page's unlinked text under the element that holds it, and the share of links there."""
    holders = [line.block.path.rpartition("/")[0] for line in lines]
    plain: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for line, holder in zip(lines, holders, strict=True):
        plain[holder] += round(len(line.text) * (1 - line.block.link_share))
        whole[holder] += len(line.text)
    total = max(1, plain.total())
    share = [plain[holder] / total if holder else 0.0 for holder in holders]
    return share, [1 - plain[holder] / max(1, whole[holder]) if holder else 0.0 for holder in holders]


def _ngrams(lines: Sequence[CutLine]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Buckets of the character pairs and triples of each line, the line each belongs to, and weights that even out long lines.

    A multiplicative hash of the code points, computed for the whole page at once; lines are kept apart by their edges ^ and $.
    """
    texts = ["^" + _FOLDED.sub("0", _edges(line.text)) + "$\x00\x00" for line in lines]
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    found, rows = [], []
    for order, factor in ((2, 0x9E3779B97F4A7C15), (3, 0xC2B2AE3D27D4EB4F)):
        size = len(codes) - order + 1
        mixed = np.zeros(size, np.uint64)
        inside = np.ones(size, bool)
        for k in range(order):
            mixed = (mixed + codes[k : k + size] + np.uint64(k + 1)) * np.uint64(factor)
            inside &= codes[k : k + size] != 0
        mixed ^= mixed >> np.uint64(29)
        found.append((mixed % np.uint64(HASHED))[inside])
        rows.append(owner[:size][inside])
    buckets, row = np.concatenate(found).astype(np.int32), np.concatenate(rows).astype(np.int32)
    lengths = np.bincount(row, minlength=len(texts))
    return buckets, row, (1 / np.sqrt(np.maximum(1, lengths)))[row].astype(np.float32)


def _edges(text: str) -> str:
    return text if len(text) <= _HEAD + _TAIL else text[:_HEAD] + text[-_TAIL:]

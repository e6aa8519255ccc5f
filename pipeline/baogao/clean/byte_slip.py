"""GBK text whose bytes slipped by one: 。ㄒ唬┏闪⒘ for 　（一）成立了, ?，F for 。現.

Some program dropped one of two equal neighbouring bytes of a GBK text. From there on every character is decoded from the second
byte of one and the first byte of the next, until the text falls back into step: at a character whose second byte is ASCII (區 is
85 5E, read as ^), or because a second byte is lost that fits no pair, or was dropped like the first. Other programs write a ?
for the first byte of a punctuation mark, and one for the byte at which the text falls back into step: 。可是 is A1A3 BFC9 CAC7,
A3BF C9CA with a ? on either side is ??墒?. The repair puts the byte back and decodes again. It is made where the new reading
gains more under the character-bigram model than such an accident is unlikely; no character is damage by itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from baogao.clean.ngrams import CharBigrams, load_ngrams
from baogao.clean.scripts import ANNOTATION, sounding_like
from baogao.text import Edit

_PRIOR = 10.0
"""What a reading must gain, in nats, for how rare such an accident is: chosen so that the public government reports, two million
characters without damage, give no edit."""
_PRIOR_AGAIN = 8.0
"""The same on a page that has had one."""
_WINDOW, _ODD = 3, 11.0
"""A run is looked for where three characters in a row cost so much more than a run must gain; ordinary prose costs five each."""
_LAST = 4.0
"""What the last character of a run and the one behind it cost together at least."""
_GLANCE = 12
"""Characters of a run that are looked at first."""
_NEAR, _NEARLY = 12, 8.0
"""Of the places that lie so close together, in characters, those are looked at that gain nearly as much as the best, in nats."""
_MOST = 50_000
"""Odd places that are looked at on a page; one with more is no text."""
_MOST_STARTS = 1_000
"""Places at which a run is read character by character on a page; one with more is all damage or none."""
_LONGEST = 40
"""Nearly all runs end sooner: one second byte in seven makes no pair with what follows it."""
_ENDS = 5
"""Places where a run gains most, from which its end is chosen."""
_SURE = 0.5
"""A character whose second byte is lost is put in if it has at least this probability among those that fit, else left out."""

_LOST = "?？\ufffd"
"""Marks that programs write for a byte that they cannot read."""
_LEADS = (0xA1, 0xA3)
"""First bytes of punctuation marks: 。、“”《》…, and ，；：（）！？."""
_LEAD = re.compile(rf"(?<=\w)[{_LOST}](?=[^\s\x00-\x7f]|[?,.:;!])")
_MOST_MARKS = 2_000
"""Such marks that are looked at on a page."""

_PAIRS = {"（": "）", "“": "”", "《": "》"}
_CLOSES = 4.0
"""How much likelier, in nats, the closing mark is where its partner stands open; pairs of characters do not tell."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """text[start:end] read as `after`, for a gain in nats."""

    start: int
    end: int
    after: str
    gain: float


@dataclass(frozen=True, slots=True)
class _Last:
    """The last character of a reading ("" where it cannot be told), and what it and the character behind it cost in nats."""

    char: str
    cost: float


def byte_slip(text: str) -> list[Edit]:
    """Runs of slipped bytes, one edit a character.

    >>> [(edit.start, edit.end, edit.after) for edit in byte_slip("覆盖全区；鶎涌破战M織已建成")]
    [(5, 6, '基'), (6, 7, '層'), (7, 8, '科'), (8, 9, '普'), (9, 10, '組')]
    """
    found = _repaired(text, _PRIOR)
    if found:
        found = _repaired(text, _PRIOR_AGAIN)
    return [edit for reading in found for edit in _edits(text, reading)]


def _repaired(text: str, prior: float) -> list[_Reading]:
    """The readings that gain more than `prior`, in order; of several that overlap the one that gains most."""
    model = load_ngrams()
    readings = [reading for start in _suspects(text, model, prior) for reading in _readings(text, start, model, prior)]
    readings += [reading for place in _lost_leads(text) for reading in _readings(text, place + 1, model, prior, _LEADS)]
    found: list[_Reading] = []
    for reading in sorted(readings, key=lambda reading: (-reading.gain, reading.start)):
        if reading.gain <= prior:
            break
        place = bisect_left(found, reading.start, key=lambda other: other.end - 1)
        if place == len(found) or found[place].start >= reading.end:
            found.insert(place, reading)
    return found


def _suspects(text: str, model: CharBigrams, prior: float) -> list[int]:
    """Places where a run may start: the text is odd, and its bytes, taken one off, are likelier.

    Words in brackets are left out: a page with pinyin would be odd all over, and a bracket ends a run.
    """
    kept = np.ones(len(text), dtype=bool)
    for match in ANNOTATION.finditer(text):
        kept[slice(*match.span())] = False
    where = np.flatnonzero(kept)
    if len(where) < _WINDOW:
        return []
    points = np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)[where], 0xFFFF)
    costs = model.costs_of(model.symbols[points])
    window = np.convolve(costs, np.ones(_WINDOW, np.float32), "valid")[: len(points)]
    odd = np.flatnonzero(window > prior + _ODD)[:_MOST]
    places = np.unique(odd[:, None] + np.arange(_WINDOW))
    places = places[places < len(points)]
    places = places[_gains(places, _GLANCE, points, costs, model) > prior + _LAST]
    gains = _gains(places, _LONGEST, points, costs, model)
    best = np.zeros(len(points) + 2 * _NEAR, dtype=np.float32)
    best[places + _NEAR] = gains
    nearby = np.lib.stride_tricks.sliding_window_view(best, 2 * _NEAR + 1)[places].max(axis=1)
    return [int(place) for place in where[places[gains > nearby - _NEARLY]][:_MOST_STARTS]]


def _gains(
    places: NDArray[np.intp], length: int, points: NDArray[np.uint32], costs: NDArray[np.float32], model: CharBigrams
) -> NDArray[np.float32]:
    """What the best stretch of up to `length` characters from each place gains with its bytes taken one off, but for its last."""
    ahead = np.minimum(places[:, None] + np.arange(length), len(points) - 1)
    codes = _codes()[points[ahead]]
    damaged = np.cumsum(costs[ahead], axis=1) + costs[ahead + 1]
    before = points[np.maximum(places, 1) - 1]
    gains = [
        damaged - np.cumsum(_shifted_costs(codes, first, model.symbols[before], model), axis=1)
        for first in (_codes()[before] & 0xFF, codes[:, 0] >> 8)
    ]
    return np.maximum(*gains).max(axis=1) if len(places) else np.zeros(0, dtype=np.float32)


def _shifted_costs(
    codes: NDArray[np.uint16], first: NDArray[np.uint16], before: NDArray[np.uint16], model: CharBigrams
) -> NDArray[np.float32]:
    """Costs of rows of characters whose bytes are taken one off: `first` is the byte put before a row, `before` the symbol there."""
    second_bytes = np.column_stack([first, codes[:, :-1] & 0xFF])
    symbols = _pair_symbols(model)[second_bytes << 8 | codes >> 8]
    return model.pair_costs(np.column_stack([before, symbols[:, :-1]]), symbols)


def _edits(text: str, reading: _Reading) -> Iterator[Edit]:
    """Character for character; where a byte was lost at the end, the reading has one more than the text, put in at the start.

    White space that opens a line is no part of the text: an indent of two ideographic spaces that lost a byte reads 　。.
    """
    start, after = reading.start, reading.after
    if after[0].isspace() and not text[max(0, start - _LONGEST) : start].rpartition("\n")[2].strip():
        after = after[1:]
    more = len(after) - (reading.end - start)
    if more > 0:
        yield Edit("byte_slip", start, start, after[:more])
    elif more < 0:
        yield Edit("byte_slip", start, start - more, "")
    for place, char in zip(range(start + max(0, -more), reading.end), after[max(0, more) :], strict=True):
        if text[place] != char:
            yield Edit("byte_slip", place, place + 1, char)


def _readings(text: str, start: int, model: CharBigrams, prior: float, leads: Sequence[int] = ()) -> Iterator[_Reading]:
    """What text[start:] reads with a byte put back before it: one equal to the byte before, or to its own first one.

    With `leads` it is one of these that stands in place of the mark before the stretch.
    """
    first = start - bool(leads)
    before, stretch = text[first - 1 : first] or "\n", text[start : start + _LONGEST]
    line = text[max(0, first - _LONGEST) : first].rpartition("\n")[2] or before
    own, neighbour = _pair(stretch[:1]), _pair(before)
    damaged = np.cumsum(model.costs(before + text[first:start] + stretch)[1:])[start - first :]  # of the stretch up to each character
    for byte in leads or dict.fromkeys((*neighbour[1:], *own[:1])):
        after, pending = _shifted(stretch, byte)
        repaired = np.cumsum(model.costs(before + after)[:-1]) - model.cost(before)
        gains = damaged[: len(repaired)] - repaired
        for length in np.argsort(-gains, kind="stable")[: int((gains > prior + _LAST).sum())][:_ENDS].tolist():
            for end, last in _endings(stretch, length, line + after[:length], pending[length], model):
                gain = float(damaged[end] - repaired[length]) - last.cost
                yield _Reading(first, start + end, after[:length] + last.char, gain)


def _lost_leads(text: str) -> list[int]:
    """Marks that may stand for the first byte of a punctuation mark: behind a character, before something that is no space."""
    marks = (match.start() for match in _LEAD.finditer(text))
    return list(islice(marks, _MOST_MARKS))


def _shifted(stretch: str, byte: int) -> tuple[str, list[int]]:
    """The stretch read with `byte` before it, as far as its bytes make pairs; and the first byte that waits before each place."""
    after, pending = "", [byte]
    for char in stretch:
        code = _pair(char)
        read = _char(pending[-1], code[0]) if code else ""
        if not read:
            break
        after += read
        pending.append(code[1])
    return after, pending


def _endings(stretch: str, length: int, read: str, pending: int, model: CharBigrams) -> Iterator[tuple[int, _Last]]:
    """How the text can fall back into step behind `length` characters: with one whose second byte is ASCII, or was lost.

    `read` is what stands before the stretch on its line and what has been read of the stretch.
    """
    here, behind = stretch[length : length + 1] or "\n", stretch[length + 1 : length + 2] or "\n"
    absorbed = _char(pending, ord(here)) if here.isascii() else ""
    if absorbed:
        yield length + 1, _last(absorbed, read, behind, model)
    chars = _fitting(pending, _bytes(here)[:1])
    if length and chars:
        last = _last(chars, read, here, model)
        annotation = ANNOTATION.match(stretch, length)
        if annotation:  # its pinyin tells which character it was
            last = _Last(_last(sounding_like(chars, annotation[1]), read, here, model).char, last.cost)
        yield length, last
    if length and here in _LOST and (lost := _fitting(pending, b"")):
        yield length + 1, _last(lost, read, behind, model)


@cache
def _fitting(pending: int, following: bytes) -> str:
    """Characters whose second byte can have been lost: it makes no pair with what follows, or is equal to one of its neighbours.

    Of the full-width forms of ASCII only the punctuation of sentences: which digit or letter it was, no context tells.
    """
    chars = ""
    for second in range(0x80, 0xFF):
        char = _char(pending, second)
        dropped = second == pending or following == bytes([second]) or not (following and _char(second, following[0]))
        if dropped and (char in "！（），：；？" or not "！" <= char <= "～"):
            chars += char
    return chars


def _last(chars: str, read: str, following: str, model: CharBigrams) -> _Last:
    """The likeliest of the characters between its neighbours; its cost is that of all together, for any may have stood there.

    One mark of punctuation passes for another, but a bracket or quotation that stands open is closed.
    """
    symbols = model.encode(chars)
    left, right = model.encode(read[-1] + following)
    costs = model.pair_costs(np.full_like(symbols, left), symbols) + model.pair_costs(symbols, np.full_like(symbols, right))
    opened = max(_PAIRS, key=read.rfind)
    if read.rfind(opened) > read.rfind(_PAIRS[opened]) and _PAIRS[opened] in chars:
        costs[chars.index(_PAIRS[opened])] -= _CLOSES
    best = int(costs.argmin())
    likely = np.exp(costs[best] - costs)
    marks = np.array([not char.isalpha() for char in chars])
    share = (likely[marks].sum() if marks[best] else 1.0) / likely.sum()
    return _Last(chars[best] if share >= _SURE else "", float(costs[best] - np.log(likely.sum())))


@cache
def _table() -> tuple[str, ...]:
    """The character of each pair of bytes in GBK, "" where there is none; indexed by the two bytes as a number."""
    return tuple(_decoded(bytes(divmod(pair, 256))) if pair >= 0x8140 else "" for pair in range(0x10000))


def _decoded(pair: bytes) -> str:
    try:
        return pair.decode("gbk")
    except UnicodeDecodeError:
        return ""


@cache
def _codes() -> NDArray[np.uint16]:
    """The two bytes of each character of the first plane as a number, of its full-width form for ASCII; 0 where it has none."""
    codes = np.zeros(0x10000, dtype=np.uint16)
    for pair, char in enumerate(_table()):
        if char:
            codes[ord(char)] = pair
    codes[ord("!") : ord("~") + 1] = np.arange(0xA3A1, 0xA3FF)
    return codes


@cache
def _pair_symbols(model: CharBigrams) -> NDArray[np.uint16]:
    """The model's symbol for each pair of bytes."""
    return model.encode("".join(char or "\uffff" for char in _table()))


def _char(first: int, second: int) -> str:
    return _table()[first << 8 | second]


def _bytes(char: str) -> bytes:
    """One or two bytes, or none for a character that GBK does not have."""
    try:
        code = char.encode("gb18030")
    except UnicodeEncodeError:
        return b""
    return code if len(code) <= 2 else b""


def _pair(char: str) -> bytes:
    """The two bytes of a character, of its full-width form for an ASCII one (a program may have narrowed it later), or none."""
    code = _bytes(char)
    return code if len(code) == 2 else bytes((0xA3, ord(char) + 0x80)) if "!" <= char <= "~" else b""

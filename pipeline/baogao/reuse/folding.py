"""What is compared: letters, digits and Han of a text, Traditional folded to Simplified, and hashes of their runs.

Hashes are the same in every process and on every machine: sums of products with fixed odd numbers, mixed by the finaliser of
SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC

Codes = NDArray[np.unsignedinteger[Any]]
Hashes = NDArray[np.uint64]
GRAM = 5
"""Characters of a gram, the unit of similarity."""
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""Step of SplitMix64: numbers a multiple of it apart are mixed to numbers without a pattern."""


_LETTERS = 0x40000
"""All letters and digits have a lower code point; what lies above is for private use or not assigned."""


@cache
def _folded_codes() -> NDArray[np.uint32]:
    """For every code point the one it is compared as, 0 for what is left out."""
    kept = [char for char in map(chr, range(_LETTERS)) if char.isalnum()]
    folded = OpenCC("t2s").convert("\n".join(kept)).split("\n")
    table = np.zeros(sys.maxunicode + 1, np.uint32)
    table[[ord(char) for char in kept]] = [ord(char) for char in folded]
    table.setflags(write=False)
    return table


MASKS = "×＊*＿_○□◇＃#●"
"""Characters by which sites make names and figures unreadable; letters do so too, but only doubled: XX."""
_MARKS = {
    "，": "，,",
    "、": "、",
    "；": "；;",
    "：": "：:",
    "。": "。",
    ".": ".．",
    "！": "！!",
    "？": "？?",
    " ": " \t\u3000",
    "\n": "\n",
    "×": MASKS,
}


@cache
def _readable_codes() -> NDArray[np.uint32]:
    """The same, with spaces and punctuation that separate (full-width or not) and masks kept."""
    table = _folded_codes().copy()
    for mark, forms in _MARKS.items():
        table[[ord(form) for form in forms]] = ord(mark)
    table.setflags(write=False)
    return table


def codes_of(text: str) -> Codes:
    """Code points of a text, as 2-byte numbers where all fit."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return codes.astype(np.uint16) if not len(codes) or codes.max() < 0x10000 else codes


def text_of(codes: Codes) -> str:
    """Text of code points."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def fold(codes: Codes) -> tuple[Codes, NDArray[np.int64]]:
    """Folded code points of the characters that count, and the place of each in the text.

    >>> folded, places = fold(codes_of("（一）區委，x年"))
    >>> text_of(folded), places.tolist()
    ('一区委x年', [1, 3, 4, 6, 7])
    """
    return _kept(_folded_codes()[codes])


def fold_readable(codes: Codes) -> tuple[Codes, NDArray[np.int64]]:
    """The same with separating punctuation, in one form, and with masks (×), by which texts are aligned for templates.

    >>> text_of(fold_readable(codes_of("在**街道, “三好”"))[0])
    '在××街道， 三好'
    """
    return _kept(_readable_codes()[codes])


def _kept(folded: Codes) -> tuple[Codes, NDArray[np.int64]]:
    places = np.flatnonzero(folded)
    folded = folded[places]
    return (folded.astype(np.uint16) if not len(folded) or folded.max() < 0x10000 else folded), places


def mix(numbers: Hashes) -> Hashes:
    """64-bit numbers mixed so that every bit of each depends on all bits of it."""
    mixed = numbers ^ (numbers >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _factors(size: int) -> Hashes:
    """Odd numbers without a pattern, one a place of a gram."""
    return mix(np.arange(1, size + 1, dtype=np.uint64) * GOLDEN) | np.uint64(1)


def gram_hashes(folded: Codes, size: int = GRAM) -> Hashes:
    """Hash of each run of `size` code points, by its first place; none where the text is shorter."""
    count = len(folded) - size + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    sums = np.zeros(count, np.uint64)
    for i, factor in enumerate(_factors(size)):
        sums += folded[i : i + count] * factor
    return mix(sums)


def whole_grams(codes: Codes, ends: NDArray[np.int64], size: int) -> tuple[Hashes, NDArray[np.bool_]]:
    """Gram hashes of texts that stand one after the other, and which of them do not run into the next text."""
    hashes = gram_hashes(codes, size)
    owners = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    return hashes, owners[: len(hashes)] == owners[size - 1 :][: len(hashes)]


def gram_set(folded: Codes) -> Hashes:
    """The distinct gram hashes of a text, ascending.

    Two different grams share a hash once in 2**64, so that a similarity counted on hashes is exact for all practical purposes.
    """
    return np.unique(gram_hashes(folded))

"""A made archive with planted copies, to measure how much of the copying the reuse stage finds and how fast.

Most reports are unique: sentences of words drawn from a skewed vocabulary, with some stock phrases in each, as in the genre.
The others are families: an original and copies of it at a known rate of edits (characters exchanged at random, or whole words
exchanged, paragraphs moved, sentences left out). Nothing of a real report is in them. The same seed gives the same archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa

HAN = np.array([bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)])
"""The common simplified characters: those of GB 2312, level 1."""
MARKS = np.array([""] * 7 + ["，", "，", "。", "。\n"])
EDIT_RATES = (0.0, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1)
"""Share of characters exchanged in a copy; a 5-gram survives with probability (1 - rate) ** 5."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A made report and the family it belongs to; -1 if it is unique."""

    report_id: str
    text: str
    family: int


class Writer:
    """Writes made prose from one random generator."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        lengths = self.random.choice([1, 2, 2, 2, 3, 4], 20_000)
        self.words = np.array(["".join(self.random.choice(HAN, n)) for n in lengths])
        self.ranks = np.cumsum(1 / np.arange(10, 10 + len(self.words)))
        self.phrases = np.array(["".join(self.random.choice(self.words, 6)) for _ in range(300)])

    def report(self, chars: int) -> str:
        """About `chars` characters in paragraphs of some sentences."""
        count = chars // 2 + 1
        draws = np.searchsorted(self.ranks, self.random.random(count) * self.ranks[-1])
        words = self.words[draws].astype("U24")
        stock = self.random.random(count) < 0.01
        words[stock] = self.random.choice(self.phrases, int(stock.sum()))
        return "".join(np.char.add(words, self.random.choice(MARKS, count)))[:chars]

    def copy(self, text: str, rate: float) -> str:
        """The text with this share of its characters exchanged, and its paragraphs moved around once in four."""
        chars = np.array(list(text))
        hit = self.random.random(len(chars)) < rate
        chars[hit] = self.random.choice(HAN, int(hit.sum()))
        copied = "".join(chars)
        if self.random.random() < 0.25:
            paragraphs = copied.split("\n")
            copied = "\n".join(paragraphs[i] for i in self.random.permutation(len(paragraphs)))
        return copied


def planted(count: int, *, chars: int = 875, in_families: float = 0.2, seed: int = 1) -> Iterator[Planted]:
    """Yield `count` reports, this share of them in families of two to eight, members of a family one after the other."""
    writer = Writer(seed)
    made = family = 0
    while made < count:
        text = writer.report(int(writer.random.integers(chars // 2, chars * 3 // 2)))
        members, number = 1, -1
        if writer.random.random() < in_families / 4.2:
            members, number = int(writer.random.integers(2, 9)), family
            family += 1
        for member in range(min(members, count - made)):
            copied = writer.copy(text, float(writer.random.choice(EDIT_RATES))) if member else text
            yield Planted(f"r{made:09d}", copied, number)
            made += 1


def identical(count: int, *, chars: int = 875) -> Iterator[Planted]:
    """Yield one report `count` times, under an identifier each: the largest family that there can be."""
    text = Writer(1).report(chars)
    return (Planted(f"r{made:09d}", text, 0) for made in range(count))


def batches(reports: Iterable[Planted]) -> Iterator[pa.RecordBatch]:
    """Planted reports as the reuse stage reads them, a page each; held a thousand at a time."""
    left = iter(reports)
    while chunk := list(islice(left, 1000)):
        yield pa.RecordBatch.from_pydict(
            {
                "report_id": [report.report_id for report in chunk],
                "page_id": [f"p{report.report_id}" for report in chunk],
                "text": [report.text for report in chunk],
            }
        )

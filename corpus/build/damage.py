"""Damage that a careful reader can undo: each kind is a function from a text to edits of it, so that the truth is exact.

The kinds bear the names of the repairs that undo them, where there is one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import opencc
from families import load_yaml

from baogao.text import Edit

_HAN = "[\u4e00-\u9fff]"
_BETWEEN = re.compile(rf"(?<={_HAN})(?={_HAN})")
_LONGEST_SLIP = 30
"""Longest run of characters that one lost byte may spoil; longer ones cannot be read any more."""


def byte_slip(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """One of two equal neighbouring bytes of the GBK text dropped, so that the run up to the next ASCII character reads wrong."""
    edits: list[Edit] = []
    for match in re.finditer(r"[^\x00-\x7f]{3,}", text):
        run = match.group()
        for i in range(len(run) - 1):
            start = match.start() + i
            if not 2 <= len(run) - i <= _LONGEST_SLIP or (edits and start < edits[-1].end + 60):
                continue
            slipped = _slip(run[i:])
            if slipped is not None and rng.random() < 0.7:
                edits.append(Edit("byte_slip", start, match.end(), slipped))
                break
    return edits


def _slip(run: str) -> str | None:
    """The run without the second of two equal bytes that meet between its first two characters, as GBK; None if there are none."""
    try:
        data = run.encode("gbk")
        if len(data) != 2 * len(run) or data[1] != data[2]:
            return None
        return (data[:1] + data[2:-1]).decode("gbk")
    except UnicodeError:
        return None


@cache
def _converter(variant: str) -> opencc.OpenCC:
    return opencc.OpenCC(variant)


def script(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """Traditional characters in place of Simplified ones."""
    converted = "".join(_same_length(line) for line in text.splitlines(keepends=True))
    return [Edit("script", i, i + 1, new) for i, (old, new) in enumerate(zip(text, converted, strict=True)) if old != new]


def _same_length(line: str) -> str:
    whole: str = _converter("s2t").convert(line)
    return whole if len(whole) == len(line) else "".join(_converter("s2t").convert(char)[:1] for char in line)


@cache
def _pinyin() -> dict[str, str]:
    table: dict[str, str] = load_yaml(Path(__file__).parent / "pinyin.yaml")
    return table


def pinyin(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """Traditional characters, with the pinyin in brackets behind many of them; a character always has it or never."""
    table = _pinyin()
    edits = []
    for edit in script(text, rng, words):
        old = text[edit.start]
        caret = "^" if rng.random() < 0.01 else ""
        after = f"{edit.after}{caret}({table[old]})" if old in table and ord(old) % 5 < 3 else edit.after
        edits.append(Edit("pinyin" if after != edit.after else "script", edit.start, edit.end, after))
    return edits


def lost_chars(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """Indents and opening quotes lost to ? or U+FFFD."""
    mark = rng.choice(("?", "\ufffd"))
    edits = []
    for match in re.finditer(r"\n|“", text):
        if match.group() == "\n" and rng.random() < 0.5:
            edits.append(Edit("lost_chars", *match.span(), rng.choice((f" {mark * 3} ", mark * 4, f"\n{mark * 2}"))))
        elif match.group() == "“" and rng.random() < 0.12:
            edits.append(Edit("lost_chars", *match.span(), mark * 2))
    return edits


def anti_copy(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """A back-quote or a lone quote behind 的."""
    mark = rng.choice(("`", "`", "'"))
    places = [match.end() for match in re.finditer(rf"的(?={_HAN})", text)]
    return [Edit("anti_copy", place, place, mark) for place in places if rng.random() < 0.4]


def digits(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """Zeros and ones of numbers as letters: 2O1O年, 二oo九年, IO个."""
    edits = []
    for match in re.finditer(r"(?:19|20)\d\d(?=年)|[一二][〇○零0九][〇○零0一二]\S(?=年)|(?<![\d.])10(?=[个名人次户份场期月日])", text):
        han = not match.group().isdigit()
        for i, char in enumerate(match.group()):
            new = {"0": "O", "1": "I" if match.group() == "10" else "1", "〇": "o", "○": "o", "零": "o"}.get(char, char)
            if new != char and rng.random() < 0.9:
                place = match.start() + i
                edits.append(Edit("digits", place, place + 1, "o" if han else new))
    return edits


def sprinkle(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """Spaces and stray letters between characters."""
    edits = []
    for match in _BETWEEN.finditer(text):
        chance = rng.random()
        if chance < 0.03:
            edits.append(Edit("sprinkle", match.start(), match.start(), " " if chance < 0.024 else rng.choice("abehnstz")))
    return edits


def page_mark(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """Page numbers of the original in mid-word, about every 400 characters."""
    edits: list[Edit] = []
    last, style = 0, rng.choice(("\n第 {} 页\n", "\n- {} -\n", "\n{}\n", " PAGE ", "\n{}、\n", " 第 {} 页 共 9 页 "))
    for match in _BETWEEN.finditer(text):
        if match.start() - last >= 400 and rng.random() < 0.1:
            edits.append(Edit("page_mark", match.start(), match.start(), style.format(len(edits) + 1)))
            last = match.start()
    return edits


def line_break(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """Line breaks, some with a blank line, in mid-sentence."""
    places = [match.start() for match in re.finditer(rf"(?<={_HAN})(?={_HAN})|(?<=[，、])(?={_HAN})", text)]
    return [Edit("line_break", place, place, rng.choice(("\n", "\n", "\n\n"))) for place in places if rng.random() < 0.006]


def wrapped(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """Every paragraph cut into lines of one width, as mail and old editors do."""
    edits: list[Edit] = []
    width, start = rng.randint(34, 44), 0
    for line in text.split("\n"):
        edits += [Edit("line_break", start + at, start + at, "\n") for at in range(width, len(line), width)]
        start += len(line) + 1
    return edits


def joined(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """The whole text without line breaks."""
    by = rng.choice(("", " ", "\u3000\u3000"))
    return [Edit("joined", match.start(), match.end(), by) for match in re.finditer(r"\n", text)]


def watermark(text: str, rng: random.Random, words: Sequence[str]) -> list[Edit]:
    """Advertising sentences of the site inside sentences."""
    places = [match.start() for match in re.finditer(rf"(?<=[{_HAN[1:-1]}。，])(?={_HAN})", text)]
    chosen = sorted(rng.sample(places, min(len(places), 1 + len(text) // 900))) if places else []
    return [Edit("watermark", place, place, rng.choice(words)) for place in chosen]


DAMAGES: dict[str, Callable[[str, random.Random, Sequence[str]], list[Edit]]] = {
    "byte_slip": byte_slip, "pinyin": pinyin, "script": script, "digits": digits, "lost_chars": lost_chars, "anti_copy": anti_copy,
    "sprinkle": sprinkle, "watermark": watermark, "page_mark": page_mark, "line_break": line_break, "wrapped": wrapped, "joined": joined,
}  # fmt: skip
"""Name of a kind -> function of a text, a generator and the site's watermarks to edits; applied in this order, as real pages came
by it: bytes were lost before script was converted, and the site's own insertions came last."""
NOISE = {"watermark": "advert", "page_mark": "page_mark"}
"""Kinds that put in what is not the report's own text, and the role of what they put in."""

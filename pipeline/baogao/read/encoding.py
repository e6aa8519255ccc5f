"""One ladder from bytes to text, the same on every machine.

Byte-order mark, UTF-16 without one, strict UTF-8, the HTTP header, the meta tags, strict GB 18030, strict Big5, then a detector
over the whole content. A declaration of gb2312 or gbk means GB 18030, its superset, as in every browser. Nearly every Big5 text
is valid GB 18030 too, and declarations are often wrong: a rung holds only if what it decodes is made of ordinary characters.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from resiliparse.parse.encoding import detect_encoding

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_HEAD = 8192
"""Meta tags and NUL bytes are looked for in so many bytes at the start."""
_UTF8_LEAD = re.compile(rb"[\xc2-\xf4]")
_CHANCE = 8
"""Characters beyond ASCII that valid UTF-8 must have to count as UTF-8 whatever they are: two bytes of another encoding look like
one of its characters in one case of ten."""
_SAMPLE = 20_000
_PLAUSIBLE = 0.75
"""Least share of ordinary characters; Big5 read as GB 18030 has about 0.35, real Chinese text of either script above 0.95."""
_CODECS = {
    "utf-8": "utf-8", "ascii": "utf-8", "utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "hz": "hz", "big5": "big5hkscs", "big5hkscs": "big5hkscs",
    "cp950": "big5hkscs", "iso8859-1": "cp1252", "cp1252": "cp1252", "shift_jis": "cp932", "cp932": "cp932", "euc_jp": "euc_jp",
    "euc_kr": "cp949", "cp949": "cp949", "cp1251": "cp1251", "koi8-r": "koi8-r",
}  # fmt: skip
"""The codecs that a declaration may ask for -> the one used. Python knows others (hex, zip, utf-7) that a page must not choose."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the record of how it was decoded; `replaced` counts U+FFFD put in for bytes that fit no character."""

    text: str
    declared: str | None
    used: str
    basis: str
    replaced: int


def declared_in_markup(data: bytes) -> str | None:
    """The encoding that a meta tag or XML declaration in the first 8 KB names."""
    match = _META.search(data[:_HEAD])
    return match.group(1).decode("ascii").lower() if match else None


def _canonical(name: str | None) -> str | None:
    """The codec for a declared name, with gb2312 and gbk widened; None for a name that is not known."""
    if not name:
        return None
    try:
        codec = codecs.lookup(name.strip().lower()).name
    except LookupError:
        return None
    return _CODECS.get(codec)


@cache
def _ordinary() -> NDArray[np.bool_]:
    """Which code points are frequent: level 1 of GB 2312 (rows 16-55) and of Big5 (A440-C67E), and the punctuation of GB 2312."""
    rows = [(high, low) for high in (*range(0xA1, 0xAA), *range(0xB0, 0xD8)) for low in range(0xA1, 0xFF)]
    gb = (bytes(pair).decode("gb2312", "ignore") for pair in rows)
    lows = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    big5 = (bytes((high, low)).decode("big5", "ignore") for high in range(0xA4, 0xC7) for low in lows)
    ordinary = np.zeros(0x10000, dtype=np.bool_)
    ordinary[[ord(char) for char in (*gb, *big5, *"\u2014\u2015\u2022\u00b7") if char]] = True
    return ordinary


def plausibility(text: str) -> float:
    """Share of the non-ASCII characters of `text` that are ordinary in Chinese; 1.0 where there are none."""
    sample = text if len(text) <= _SAMPLE else text[: _SAMPLE // 2] + text[-_SAMPLE // 2 :]
    points = np.frombuffer(sample.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    points = np.minimum(points[(points > 0x7F) & (points != 0xA0) & (points != 0x3000)], 0xFFFF)
    return float(_ordinary()[points].mean()) if len(points) else 1.0


def decode(data: bytes, *, header: str | None = None, markup: bool = False) -> Decoded:
    """Decode `data`; `header` is the charset of the HTTP header, `markup` tells whether to look for meta tags.

    Where no rung of the ladder holds, the decoding with the most ordinary and the fewest lost characters is used, with U+FFFD
    for what it cannot decode.
    """
    in_markup = declared_in_markup(data) if markup else None
    declared = header or in_markup
    for bom, codec in _BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(codec, "replace")
            return Decoded(text, declared, codec, "bom", text.count("\ufffd"))
    rungs = [
        *((("utf-16-le", "detected"), ("utf-16-be", "detected")) if 0 in data[:_HEAD] else ()),
        ("utf-8", "utf-8"), (_canonical(header), "header"), (_canonical(in_markup), "meta"),
        ("gb18030", "gb18030"), ("big5hkscs", "detected"),
    ]  # fmt: skip
    for name, basis in rungs:
        strict = _strict(data, name) if name else None
        if name and strict is not None and (plausibility(strict) >= _PLAUSIBLE or (name == "utf-8" and _surely_utf8(data))):
            return Decoded(strict, declared, name, basis, 0)
    rungs.append((_canonical(detect_encoding(data, max_len=len(data), from_html_meta=False)), "detected"))
    trials = [Decoded(data.decode(name, "replace"), declared, name, basis, 0) for name, basis in rungs if name]
    best = max(trials, key=lambda trial: plausibility(trial.text) - trial.text.count("\ufffd") / (len(trial.text) + 1))
    return Decoded(best.text, declared, best.used, best.basis, best.text.count("\ufffd"))


def _surely_utf8(data: bytes) -> bool:
    """Whether valid UTF-8 has so many characters beyond ASCII that it cannot be another encoding by chance."""
    return sum(1 for _ in zip(_UTF8_LEAD.finditer(data), range(_CHANCE), strict=False)) == _CHANCE


def _strict(data: bytes, name: str) -> str | None:
    """The text, if `data` is valid in the encoding; a text cut off inside its last character counts as valid."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        return decoder.decode(data, final=False)
    except (UnicodeDecodeError, ValueError):
        return None

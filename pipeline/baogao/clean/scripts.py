"""Pinyin written behind characters, and Traditional characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
import opencc

from baogao.text import Edit

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
ANNOTATION = re.compile(r"[(（]([^\W\d_][\w\u0300-\u036f]{0,12})[)）]")
"""A word in brackets."""
_SECOND_BYTES = "^_`@~|{}[]\\"
"""ASCII that is no letter and can be the second byte of a character: 會 of 會(huì) may have become ^."""
_SYLLABLE = re.compile(
    r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|ia|ie|iu|ua|ue|ve|ui|uo|an|en|in|un|vn|er|[aoeiuv])"
)
_TONES = "\u0304\u0301\u030c\u0306\u0300"
"""Combining macron, acute, caron, breve (often written for a caron) and grave."""
_SAME_LETTER = str.maketrans({"ɡ": "g", "ɑ": "a", "ü": "v", "ê": "e"})
_MANY = 5
"""Annotations with a tone on a page, or characters annotated without one, from which syllables without a tone count as well."""
_MIXED = 0.02
"""A text with a smaller share of characters that GB 2312 lacks and Simplified has another form for is Simplified: there,
characters that GB 2312 has are left alone, for they may be meant (拚 is not 拼)."""


def pinyin(text: str) -> list[Edit]:
    """Pinyin in brackets behind a character; a syllable without a tone only on a page where pinyin is common.

    >>> pinyin("區(qū)委領(lǐng)導，工會(ILO)")
    [Edit(kind='pinyin', start=1, end=5, after=''), Edit(kind='pinyin', start=7, end=13, after='')]
    """
    found = [(match, *_read(match.group(1))) for match in ANNOTATION.finditer(text) if text[match.start() - 1 : match.start()].strip()]
    syllables = [(match, toned) for match, is_syllable, toned in found if is_syllable]
    toned_ones = sum(toned for _, toned in syllables)
    plain = {text[match.start() - 1] + match.group(1) for match, toned in syllables if not toned}
    common = toned_ones >= _MANY or (len(plain) >= _MANY and len(syllables) * 10 >= len(found) * 9)
    return [Edit("pinyin", _start(text, match.start()), match.end(), "") for match, toned in syllables if toned or common]


def _start(text: str, place: int) -> int:
    """Where an annotation starts, with a second byte before it that has lost its character."""
    return place - 1 if text[place - 1] in _SECOND_BYTES and re.match(f"[{HAN}]", text[place - 2 : place - 1]) else place


def _read(word: str) -> tuple[bool, bool]:
    """Whether a word is a pinyin syllable, and whether it bears a tone mark or number."""
    if word.isascii() and not word.islower() and not word[:-1].islower():
        return False, False
    plain, toned = _without_tone(word)
    return bool(_SYLLABLE.fullmatch(plain)), toned


def _without_tone(word: str) -> tuple[str, bool]:
    """A syllable without its tone mark or number, and whether it had one."""
    parts = unicodedata.normalize("NFD", word.replace("ü", "v")).replace("u\u0308", "v")
    plain = "".join(char for char in parts if char not in _TONES).translate(_SAME_LETTER)
    return plain.rstrip("12345"), len(plain) < len(parts) or plain[-1:].isdigit()


def sounding_like(chars: str, word: str) -> str:
    """Those of the characters that can be read as the pinyin `word` says, tones aside; all of them if none can.

    >>> sounding_like("创动加", "chuàng")
    '创'
    """
    from pypinyin import Style, pinyin  # takes long to import, and few pages need it

    wanted = _without_tone(word)[0]
    readings = pinyin(list(chars), style=Style.NORMAL, heteronym=True, v_to_u=False)
    return "".join(char for char, sounds in zip(chars, readings, strict=True) if wanted in sounds) or chars


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def script(text: str) -> list[Edit]:
    """Traditional characters to Simplified ones, character by character, so that no offset moves.

    >>> script("社區科普")
    [Edit(kind='script', start=1, end=2, after='区')]
    """
    converted = _converter().convert(text)
    if converted == text:
        return []
    if len(converted) != len(text):  # a phrase rule changed the length: convert each line, then each character, on its own
        converted = "".join(_same_length(line) for line in text.splitlines(keepends=True))
    points, new_points = (np.frombuffer(line.encode("utf-32-le", "surrogatepass"), np.uint32) for line in (text, converted))
    changed = [(i, text[i], converted[i]) for i in np.flatnonzero(points != new_points).tolist()]
    surely = [change for change in changed if not _in_gb2312(change[1])]
    if len(surely) < _MIXED * sum("\u3400" <= char <= "\u9fff" for char in text):
        changed = surely
    return [Edit("script", i, i + 1, new) for i, _, new in changed]


def _same_length(line: str) -> str:
    whole = _converter().convert(line)
    return whole if len(whole) == len(line) else "".join(_converter().convert(char)[:1] for char in line)


def _in_gb2312(char: str) -> bool:
    try:
        return len(char.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False

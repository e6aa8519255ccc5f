"""Repair of damaged text: named fixers in a fixed order, each from a text to edits, each switched by the setting of its name.

A fixer sees the output of those before it. The order matters: slipped bytes are mended before anything is removed or converted,
because their repair needs the bytes; pinyin goes before script conversion, which would otherwise convert inside brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import opencc

from baogao.clean.byte_slip import byte_slip
from baogao.clean.line_break import line_break
from baogao.settings import CleanSettings
from baogao.text import Edit, EditedText

Fixer = Callable[[str], list[Edit]]

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿế"
_PINYIN = re.compile(rf"(?<=[{_HAN}])\^?[(（]([a-zɡü{_TONED}]{{1,7}})[)）]")
_SYLLABLE = re.compile(r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:[aeiou]|ue|ui|uo|ai|ei|ao|ou|ia|ie|ua|an|en|in|un|ang|eng|ing|ong|iao|ian|iang|iong|iu|uai|uan|uang|er)")
_PLAIN = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿếɡ", "aaaaeeeeiiiioooouuuuuuuuunnnmeg")
_LOST = re.compile(r"[ \t]*(?:\?{2,}|\ufffd+)(?:[ \t]*(?:\?+|\ufffd+))*[ \t]*")
_BACK_QUOTE = re.compile(r"[`´]")
_LONE_QUOTE = re.compile(rf"(?<=的)['’](?=[{_HAN}])")
_DIGITS = "0-9０-９〇○零一二三四五六七八九"
_LETTER_DIGITS = re.compile(rf"(?<=[{_DIGITS}])[OoIlＯ]+(?=[{_DIGITS}OoIl]|\s?[年月日号%])|(?<![A-Za-z])[Il][OoＯ](?=[个名人次户份家月日])|(?<=[{_DIGITS}])[OoＯ](?=[{_DIGITS}年月日])")
_PAGE_MARK = re.compile(
    rf"(?<=[\s{_HAN}，。,])\s?PAGE(?:\s*\\\*\s*MERGEFORMAT)?(?:\s*\d+)?\s?(?=[\s{_HAN}]|$)|第\s*\d+\s*页\s*[,，/]?\s*共\s*\d+\s*页|\u000c"
)


def pinyin(text: str) -> list[Edit]:
    """Pinyin in brackets behind a Han character; a syllable without tone mark only on a page that has many with one.

    >>> pinyin("區(qū)委領(lǐng)導，工會(ILO)")
    [Edit(kind='pinyin', start=1, end=5, after=''), Edit(kind='pinyin', start=7, end=13, after='')]
    """
    found = [(match, any(char in _TONED for char in match.group(1))) for match in _PINYIN.finditer(text)]
    many = sum(toned for _, toned in found) >= 5
    return [
        Edit("pinyin", *match.span(), "")
        for match, toned in found
        if (toned or many) and _SYLLABLE.fullmatch(match.group(1).translate(_PLAIN))
    ]


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
    return [Edit("script", i, i + 1, new) for i, (old, new) in enumerate(zip(text, converted, strict=True)) if old != new]


def _same_length(line: str) -> str:
    whole = _converter().convert(line)
    return whole if len(whole) == len(line) else "".join(_converter().convert(char)[:1] for char in line)


def lost_chars(text: str) -> list[Edit]:
    """Runs of ? and U+FFFD that stand for lost characters: an indent where a sentence ended before, else nothing.

    >>> lost_chars("总结如下： ??? 一、加强领导")
    [Edit(kind='lost_chars', start=5, end=10, after='\\n')]
    """
    edits = []
    for match in _LOST.finditer(text):
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        if before and before not in "\n" and after and after not in "\n":
            edits.append(Edit("lost_chars", *match.span(), "\n" if before in "。：:；;！!？?” 》)）" or match.group()[0] == " " else ""))
        else:
            edits.append(Edit("lost_chars", *match.span(), ""))
    return edits


def anti_copy(text: str) -> list[Edit]:
    """Marks put into sentences against copying: back-quotes anywhere, a lone closing quote behind 的.

    >>> anti_copy("很大的`推动作用")
    [Edit(kind='anti_copy', start=3, end=4, after='')]
    """
    places = [match.span() for match in _BACK_QUOTE.finditer(text)] + [match.span() for match in _LONE_QUOTE.finditer(text)]
    return [Edit("anti_copy", *span, "") for span in sorted(places)]


def digits(text: str) -> list[Edit]:
    """Letters inside numbers that stand for digits.

    >>> [(edit.start, edit.after) for edit in digits("2O1O年，二oo九年")]
    [(1, '0'), (3, '0'), (7, '〇〇')]
    """
    edits = []
    for match in _LETTER_DIGITS.finditer(text):
        han = text[max(0, match.start() - 1)] in "〇零一二三四五六七八九"
        zero, one = ("〇", "一") if han else ("0", "1")
        after = "".join(one if char in "Il" else zero for char in match.group())
        edits.append(Edit("digits", *match.span(), after))
    return edits


def page_mark(text: str) -> list[Edit]:
    """Page marks of word processors and converters inside the text."""
    return [Edit("page_mark", *match.span(), " " if match.group() != "\f" else "\n") for match in _PAGE_MARK.finditer(text)]


FIXERS: tuple[tuple[str, Fixer], ...] = (
    ("byte_slip", byte_slip),
    ("pinyin", pinyin),
    ("script", script),
    ("lost_chars", lost_chars),
    ("anti_copy", anti_copy),
    ("digits", digits),
    ("page_mark", page_mark),
    ("line_break", line_break),
)
"""Setting and fixer, in the order in which they are applied."""


def repair(raw: str, settings: CleanSettings) -> EditedText:
    """The raw text with the edits of all fixers that the settings leave on, composed on the raw text."""
    text = EditedText(raw)
    for name, fixer in FIXERS:
        if getattr(settings, name):
            text = text.edit(fixer(text.text))
    return text

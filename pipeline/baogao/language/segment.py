"""Words: jieba's dictionary and algorithm, run by its compiled port.

rjieba is some twenty times as fast as jieba 0.42.1 and gives the same tokens but for two things, which are mended here: it keeps
`3-5` or `a.b` as one token where jieba's regular expression for unknown strings cuts them, and it takes Han characters outside
U+4E00-9FD5 into words, where jieba leaves each one alone. tests/test_segment.py holds both against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import rjieba

_UNKNOWN = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")  # jieba.finalseg.re_skip
_LATE_HAN = re.compile("([\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")


class Segmenter:
    """A jieba segmentation with its own dictionary, one a process.

    >>> Segmenter().cut("3-5月开展科普讲座")
    ['3', '-', '5', '月', '开展', '科普', '讲座']
    """

    def __init__(self, user_words: Iterable[tuple[str, int | None]] = ()) -> None:
        self._jieba = rjieba.Jieba()
        for word, frequency in user_words:
            self._jieba.add_word(word, frequency if frequency is not None else self._jieba.suggest_freq(word), "")

    def cut(self, text: str) -> list[str]:
        """Tokens of `text`, in order; joined they give `text` again."""
        tokens: list[str] = []
        for i, piece in enumerate(_LATE_HAN.split(text)):
            if i % 2:
                tokens.append(piece)
            elif piece:
                for token in self._jieba.cut(piece):
                    if token.isascii() and len(token) > 1 and not token.isalnum() and not self._jieba.has_word(token):
                        tokens += filter(None, _UNKNOWN.split(token))
                    else:
                        tokens.append(token)
        return tokens


def read_user_words(path: Path) -> list[tuple[str, int | None]]:
    """User dictionary in jieba's format: a line a word, then optionally its frequency and a tag, separated by spaces.

    Raises ValueError naming the line that is not of this form.
    """
    words = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        parts = line.split()
        if not parts:
            continue
        frequency = parts[1] if len(parts) > 1 and parts[1].isdigit() else None
        if len(parts) > 3 or (len(parts) == 3 and frequency is None):
            raise ValueError(f"{path}, line {number}: expected WORD [FREQUENCY] [TAG], found {line!r}")
        words.append((parts[0], int(frequency) if frequency else None))
    return words


@cache
def segmenter(dictionaries: tuple[str, ...] = ()) -> Segmenter:
    """The process's segmenter for the given user dictionary files."""
    return Segmenter(word for path in dictionaries for word in read_user_words(Path(path)))

"""The types of activities and the words of configs/taxonomy.yaml that point to them."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from baogao.classify.features import Ints
from baogao.resources import load_yaml


@cache
def _type_of() -> dict[str, int]:
    """Number of the type that each word points to."""
    types: dict[str, int] = {}
    for number, entry in enumerate(load_yaml("configs", "taxonomy.yaml").values()):
        for word in entry["words"]:
            if word in types:
                raise ValueError(f"configs/taxonomy.yaml: {word} stands twice")
            types[word] = number
    return types


@cache
def _pattern() -> re.Pattern[str]:
    """The words, the longest first; sorted under their first characters, and these into groups, so that few are tried at a place."""
    words: dict[str, list[str]] = {}
    for word in sorted(_type_of(), key=lambda word: (-len(word), word)):
        words.setdefault(word[0], []).append(re.escape(word[1:]))
    firsts = sorted(words)
    groups = [firsts[i : i + GROUP] for i in range(0, len(firsts), GROUP)]
    endings = {first: f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in words.items()}
    branches = [f"(?=[{_joined(group)}])(?:{'|'.join(endings[first] for first in group)})" for group in groups]
    return re.compile(f"(?=[{_joined(firsts)}])(?:{'|'.join(branches)})")


def _joined(characters: list[str]) -> str:
    return "".join(map(re.escape, characters))


GROUP = 20
"""First characters in a group of the pattern: about the root of their number."""


def types_named(text: str, start: int, end: int) -> list[int]:
    """Numbers (by their order in configs/taxonomy.yaml) of the types that the words of text[start:end] point to, in their order.

    >>> types_named("举办知识讲座，发放宣传册", 0, 12)
    [0, 14, 14]
    """
    types = _type_of()
    return [types[word] for word in _pattern().findall(text, start, end)]


def named_places(text: str) -> tuple[Ints, Ints]:
    """Places and numbers of the types of all words of a text that point to a type, in order."""
    types = _type_of()
    found = [edge for match in _pattern().finditer(text) for edge in (match.start(), types[match.group()])]
    places = np.array(found, np.int64).reshape(-1, 2)
    return places[:, 0], places[:, 1]

"""Noun phrases of a clause: what the rules for places and people share.

A phrase is read word by word from the preposition, verb or clause opening that stands before it, by the parts of speech that
jieba's dictionary gives its words, up to the first word that no noun phrase of this style holds.
"""

from __future__ import annotations

import re
from functools import cache

import rjieba

from baogao.resources import load_yaml

GAP = "[^，,。；;：:！？!?\\n]"
"""A character inside a clause."""
NUMERAL = "[0-9０-９零一二两三四五六七八九十百千万几余多近xX×*＊_]"
LONGEST = 30
"""Characters that a phrase may have."""
_CLAUSE = re.compile("[，,。；;：:！？!?\\n（(）)\0]")
_NOMINAL = ("n", "vn", "an", "s", "f", "i", "j", "l", "b", "a", "r", "m", "q", "x", "z", "eng", "ng", "k", "g", "t")
_LINKS = frozenset(("、", "和", "与", "及", "以及", "或"))
_HEADS = ("n", "s", "j", "i", "l", "x", "vn", "f", "k", "ng", "eng")


def words(group: str) -> tuple[str, ...]:
    """One list of configs/words/arguments.yaml."""
    return tuple(load_yaml("configs", "words", "arguments.yaml")[group])


@cache
def alternatives(*groups: str) -> str:
    """The words of some lists as a pattern, longest first."""
    return joined({word for group in groups for word in words(group)})


def joined(listed: set[str]) -> str:
    """Words as a pattern, longest first."""
    return "|".join(sorted(map(re.escape, listed), key=lambda word: (-len(word), word)))


def ends_in(text: str, *groups: str) -> bool:
    """Whether a phrase ends in a word of these lists; a single character of them needs one more in front of it."""
    long, short = _tails(groups)
    return text.endswith(long) or (len(text) > 1 and text.endswith(short))


@cache
def _tails(groups: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Head nouns of these lists that can stand alone, and those that cannot."""
    listed = sorted({word for group in groups for word in words(group)})
    long = tuple(word for word in listed if len(word) > 1 or word in "村镇乡校")
    return long, tuple(word for word in listed if word not in long)


@cache
def tagger() -> rjieba.Jieba:
    """The tagger of this process."""
    return rjieba.Jieba()


@cache
def _stops() -> frozenset[str]:
    acts = load_yaml("configs", "words", "acts.yaml")
    listed = {*acts["event_verbs"], *acts["act_verbs"], *acts["intention"], *acts["frame"], *words("more_verbs")}
    return frozenset(listed - set(words("nouns")) - _LINKS)


def clause_at(text: str, start: int) -> str:
    """The rest of the clause from a place on, LONGEST characters at most."""
    end = _CLAUSE.search(text, start, start + LONGEST)
    return text[start : end.start() if end else start + LONGEST]


def phrase_at(text: str, start: int, *groups: str, strict: bool = True) -> str:
    """The noun phrase that begins at text[start], up to its last word that ends in a head noun of these lists of arguments.yaml.

    Without such a word it is empty, or whole if not `strict`.

    >>> phrase_at("在文化广场举办义诊", 1, "places"), phrase_at("为留岗过年的外地务工人员准备年夜饭", 1, "people")
    ('文化广场', '留岗过年的外地务工人员')
    >>> phrase_at("慰问困难职工27户", 2, "people"), phrase_at("社区出资购置", 0, "units")
    ('困难职工', '社区')
    """
    tokens = [(word, tag) for word, tag in tagger().tag(clause_at(text, start))]
    last = _behind_phrase(tokens)
    for end in range(last, 0, -1):
        if end == len(tokens) or tokens[end][0] != "的" or end == last:
            phrase = "".join(word for word, _ in tokens[:end])
            if ends_in(phrase, *groups):
                return phrase
    return "" if strict else "".join(word for word, _ in tokens[:last])


def _behind_phrase(tokens: list[tuple[str, str]]) -> int:
    """The number of the first token behind the phrase that opens a clause."""
    i, end = _behind_relative(tokens), 0
    counted, so_far = i, "".join(word for word, _ in tokens[:i])
    while i < len(tokens):
        word, tag = tokens[i]
        follows = tokens[i + 1] if i + 1 < len(tokens) else ("", "")
        if word in _LINKS or tag == "uj":
            if not end or not _opens(follows):
                break
            counted = i + 1
        elif end > counted and (tag == "r" or (tag.startswith("m") and not follows[1].startswith(("n", "uj")))):
            break  # a number behind its noun: 困难职工27户
        elif _is_stop(word, tag, follows, first=i == counted):
            break
        elif tag in ("m", "q") and end <= counted:
            counted = i + 1
        so_far += word
        if word not in _LINKS and tag != "uj" and (tag.startswith(_HEADS) or _is_noun(so_far)):
            end = i + 1
        i += 1
    return end


def _is_noun(word: str) -> bool:
    """Whether a word ends in a head noun, whatever the dictionary calls it."""
    return len(word) > 1 and (ends_in(word, "people", "units", "places") or (word[-1] in "上里中" and ends_in(word[:-1], "places")))


def _opens(token: tuple[str, str]) -> bool:
    word, tag = token
    return bool(word) and tag.startswith(_NOMINAL) and word not in _stops()


def _is_stop(word: str, tag: str, follows: tuple[str, str], *, first: bool) -> bool:
    if word in _stops():
        return True
    if _is_noun(word):
        return False
    if tag.startswith("v") and not tag.startswith("vn"):
        return not (first and follows[1].startswith(("n", "v")) and follows[0] not in _stops())
    return not tag.startswith(_NOMINAL)


def _behind_relative(tokens: list[tuple[str, str]]) -> int:
    """Where the noun behind a relative clause begins (听课的 | 残疾人); 0 if the clause does not open with one."""
    for i, (word, tag) in enumerate(tokens[:9]):
        if tag == "uj":
            return i + 1 if i and i + 1 < len(tokens) and any(tag.startswith("v") for _, tag in tokens[:i]) and _opens(tokens[i + 1]) else 0
        if (tag.startswith(("u", "c", "y")) and word not in _LINKS) or word in (
            "为",
            "给",
            "向",
            "把",
            "将",
            "进行",
            "开展",
            "召开",
            "举办",
        ):
            return 0
    return 0

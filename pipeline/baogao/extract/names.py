"""Names of units in running text: a qualifier and one or more head nouns (柳荫社区, 青石镇中心小学, __街道妇联).

A name is looked for in runs of words without stop words, punctuation and numbers; the words are those of
configs/words/issuers.yaml. Masked qualifiers (xx社区, **镇) count as names, generic ones (我社区, 中心小学) do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import rjieba

from baogao.language.document import Document
from baogao.resources import load_yaml

MASK = "xX×*_＊○〇Ｘ＿某#＃"
"""Characters that stand for a name that a site hides."""

_RUN_CHAR = re.compile(rf"[\u4e00-\u9fff\u3400-\u4dbfA-Za-z{MASK}]+")
_NO_GAP = re.compile("[的在由是于进对向和与及为将把被从以至到给跟了我每该]|有(?!限)|[两几多数一二三四五六七八九十][个名位家支条]")
_MAX_GAP = 6
_MAX_QUALIFIER = 10
_NO_NAME = frozenset(("v", "vd", "vi", "d", "p", "c", "r", "q", "a", "ad", "u", "ud", "ug", "uj", "ul", "uv", "uz", "y", "e", "o", "t", "mq"))


@dataclass(frozen=True, slots=True)
class Name:
    """A unit named in text[start:end]; `head` is the kind of its last head noun, `place` the smallest place in it, `base` the name
    without that last head noun."""

    start: int
    end: int
    text: str
    head: str
    place: str | None
    base: str


@cache
def words(kind: str) -> frozenset[str]:
    """The words of one kind of configs/words/issuers.yaml."""
    return frozenset(load_yaml("configs", "words", "issuers.yaml")[kind])


@cache
def _heads() -> tuple[re.Pattern[str], dict[str, str]]:
    """Pattern for head nouns, longest first, and the kind of each."""
    table = load_yaml("configs", "words", "issuers.yaml")
    kinds = {word: kind for kind in ("institutions", "offices", "organs", "authorities", "places") for word in table[kind]}
    ordered = sorted(kinds, key=lambda word: (-len(word), word))
    return re.compile("|".join(_guarded(word, table) for word in ordered)), kinds


def _guarded(word: str, table: Mapping[str, Mapping[str, str]]) -> str:
    """Pattern for a head noun where it is no part of another word."""
    after, before = table["not_after"].get(word, ""), table["not_before"].get(word[-1], "") if len(word) < 4 else ""
    return (f"(?<![{after}])" if after else "") + re.escape(word) + (f"(?![{before}])" if before else "")


@cache
def _generic() -> re.Pattern[str]:
    _, kinds = _heads()
    ordered = sorted(words("generic") | kinds.keys(), key=lambda word: (-len(word), word))
    return re.compile(f"(?:{'|'.join(ordered)})*")


def names_in_document(document: Document) -> Iterator[Name]:
    """Names in a document's text, in order; each begins where a run of words does."""
    for start, run in _runs(document):
        if _heads()[0].search(run):
            for offset, part in _split_at_verbs(run):
                yield from (name for name in names_in_run(part, start + offset) if name.start == start + offset)


def _runs(document: Document) -> Iterator[tuple[int, str]]:
    """Stretches of words without stop words, punctuation and digits, with their places."""
    run: list[str] = []
    start = 0
    for token, place in zip((*document.tokens, "。"), (*document.token_starts, len(document.text)), strict=True):
        if _RUN_CHAR.fullmatch(token) and token not in words("stops") and token[-2:] not in words("stops"):
            start = start if run else place
            run.append(token)
        elif run:
            yield start, "".join(run)
            run = []


def _split_at_verbs(run: str) -> Iterator[tuple[int, str]]:
    """Parts of a run between words that jieba tags as verb, adverb, adjective or function word, with their places in it."""
    start = end = 0
    for token, tag in _tagger().tag(run):
        if tag in _NO_NAME and token[0] not in MASK:
            if end > start:
                yield start, run[start:end]
            start = end + len(token)
        end += len(token)
    if end > start:
        yield start, run[start:end]


@cache
def _tagger() -> rjieba.Jieba:
    return rjieba.Jieba()


def names_in_run(run: str, start: int = 0, *, max_gap: int = _MAX_GAP) -> Iterator[Name]:
    """Names in a run of words without stop words; offsets count from `start`, `max_gap` is in characters between two head nouns."""
    pattern, kinds = _heads()
    heads = list(pattern.finditer(run))
    i = first = 0
    while i < len(heads):
        last = i
        while last + 1 < len(heads) and _is_gap(run[heads[last].end() : heads[last + 1].start()], max_gap):
            last += 1
        name = _name(run, first, heads[i : last + 1], kinds, start)
        if name:
            yield name
        first = heads[last].end()
        i = last + 1


def _is_gap(between: str, most: int) -> bool:
    """Whether what stands between two head nouns can be part of one name."""
    return len(between) <= most and not _NO_GAP.search(between)


def _name(run: str, first: int, heads: list[re.Match[str]], kinds: dict[str, str], start: int) -> Name | None:
    """The name that ends with the last of some head nouns, if anything in it is proper."""
    text = run[first : heads[-1].end()]
    if _generic().fullmatch(text) or heads[0].start() - first > _MAX_QUALIFIER or _NO_GAP.search(run, first, heads[0].start()):
        return None
    place, piece = None, first
    for head in heads:
        if kinds[head.group()] == "places":
            if head.start() > piece or place is None:
                place = ""
            place += run[piece : head.end()]
            piece = head.end()
    base = run[first : heads[-1].start()]
    return Name(start + first, start + heads[-1].end(), text, kinds[heads[-1].group()], place, base)

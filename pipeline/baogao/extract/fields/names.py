"""Names of units in running text: a qualifier and one or more head nouns (柳荫社区, 青石镇中心小学, __街道妇联).

A name begins a run of words without stop words, verbs, punctuation and numbers and ends with a head noun; the words are those of
configs/words/issuers.yaml, the verbs those that jieba tags so. A masked qualifier makes a name (xx社区, **镇), a generic one does
not (我社区, 中心小学).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import rjieba

from baogao.language.document import Document
from baogao.resources import load_yaml

MASK = "xX×*_＊○〇Ｘ＿某#＃"
"""Characters that stand for a name that a site hides."""

_KINDS = ("institutions", "offices", "organs", "authorities", "places")
_NOT_IN_NAMES = re.compile("[的在由是于进对向和与及为将把被从以至到给跟了我每该]|有(?!限)|[两几多数一二三四五六七八九十][个名位家支条月]")
_VERBAL_TAGS = frozenset("v vd vi d p c r q a ad u ud ug uj ul uv uz y e o t mq".split())
_LAST_OF_NAMES = ("里", "上", "下", "中", "前", "后", "内", "外")
_PLACES_OF_NAMES = ("社区", "村", "街道", "镇", "乡")
_MAX_GAP = 6
_MAX_QUALIFIER = 10
_MAX_NAME = 50


@dataclass(frozen=True, slots=True)
class Name:
    """A unit named in text[start:end].

    `head` is the kind of its last head noun, `place` the smallest place in it, `base` the name without that head noun.
    """

    start: int
    end: int
    text: str
    head: str
    place: str | None
    base: str


@cache
def _tagger() -> rjieba.Jieba:
    """The tagger of this process."""
    return rjieba.Jieba()


@cache
def words(kind: str) -> frozenset[str]:
    """The words of one kind of configs/words/issuers.yaml."""
    return frozenset(load_yaml("configs", "words", "issuers.yaml")[kind])


def without_heads(text: str) -> str:
    """A text without the head nouns in it."""
    return _heads()[0].sub("", text)


def names_in_document(document: Document) -> Iterator[Name]:
    """Names in a document's text, in order; each begins where a run of words does."""
    done = 0
    for head in _heads()[0].finditer(document.text):
        if head.start() < done:
            continue
        start, done = _run_around(document, head.start())
        if start < head.start():
            for offset, part in _split_at_verbs(document.text[start:done]):
                yield from (name for name in names_in_run(part, start + offset) if name.start == start + offset)


def names_in_run(run: str, start: int = 0, *, max_gap: int = _MAX_GAP) -> Iterator[Name]:
    """Names in a run of words without stop words; offsets count from `start`, `max_gap` is in characters between two head nouns."""
    pattern, kinds = _heads()
    heads = list(pattern.finditer(run))
    i = first = 0
    while i < len(heads):
        last = i
        while last + 1 < len(heads) and _is_gap(run[heads[last].end() : heads[last + 1].start()], max_gap):
            last += 1
        name = _name(run, first, [(head.start(), head.end(), kinds[head.group()]) for head in heads[i : last + 1]])
        if name:
            yield Name(start + first, start + heads[last].end(), *name)
        first = heads[last].end()
        i = last + 1


def _is_gap(between: str, most: int) -> bool:
    """Whether what stands between two head nouns can be part of one name."""
    return len(between) <= most and not _NOT_IN_NAMES.search(between)


def _name(run: str, first: int, heads: Sequence[tuple[int, int, str]]) -> tuple[str, str, str | None, str] | None:
    """Text, head, place and base of the name run[first:] that some head nouns make, if anything in it is proper."""
    (head_start, _, _), (last_start, end, kind) = heads[0], heads[-1]
    text, base = run[first:end], run[first:last_start]
    if len(text) > _MAX_NAME or head_start - first > _MAX_QUALIFIER or _NOT_IN_NAMES.search(run, first, head_start):
        return None
    if _generic().fullmatch(text):
        return None
    place, piece = "", first
    for start, stop, head_kind in heads:
        if head_kind == "places":
            place = run[piece:stop] if start > piece else place + run[piece:stop]
            piece = stop
    if not place and run[last_start:end].startswith("村"):  # 柳荫村委会 is that of 柳荫村
        place = f"{base}村"
    return text, kind, place or None, base


def _run_around(document: Document, place: int) -> tuple[int, int]:
    """Span of the words around a place, up to a stop word, punctuation or a digit on either side."""
    first = last = bisect_right(document.token_starts, place) - 1
    while first and place - document.token_starts[first] < _MAX_QUALIFIER:
        if not _is_name_word(document.tokens[first - 1]) and not _ends_place_name(document, first - 1):
            break
        first -= 1
    while last + 1 < len(document.tokens) and _is_name_word(document.tokens[last + 1]):
        last += 1
    return document.token_starts[first], document.token_starts[last] + len(document.tokens[last])


def _ends_place_name(document: Document, i: int) -> bool:
    """Whether a word of place is the last character of a name that opens its clause: 春晖里社区, 坝上村."""
    tokens = document.tokens
    named = tokens[i] in _LAST_OF_NAMES and i + 1 < len(tokens) and tokens[i + 1].startswith(_PLACES_OF_NAMES)
    return named and i > 0 and tokens[i - 1].isalpha() and (i == 1 or not tokens[i - 2][-1].isalnum())


def _is_name_word(token: str) -> bool:
    """Whether a word can be part of a name."""
    stops = words("stops")
    return (token.isalpha() or not token.strip(MASK)) and token not in stops and token[-2:] not in stops


def _split_at_verbs(run: str) -> Iterator[tuple[int, str]]:
    """Parts of a run between words that jieba tags as verb, adverb, adjective or function word, with their places in it."""
    start = end = 0
    for token, tag in _tagger().tag(run):
        if tag in _VERBAL_TAGS and token[0] not in MASK:
            if end > start:
                yield start, run[start:end]
            start = end + len(token)
        end += len(token)
    if end > start:
        yield start, run[start:end]


@cache
def _heads() -> tuple[re.Pattern[str], dict[str, str]]:
    """Pattern for head nouns, longest first, and the kind of each."""
    table = load_yaml("configs", "words", "issuers.yaml")
    kinds = {word: kind for kind in _KINDS for word in table[kind]}
    ordered = sorted(kinds, key=lambda word: (-len(word), word))
    first = "".join(sorted({word[0] for word in ordered}))  # one set of characters in front makes the search six times as fast
    return re.compile(f"(?=[{first}])(?:{'|'.join(_guarded(word, table) for word in ordered)})"), kinds


def _guarded(word: str, table: Mapping[str, Mapping[str, str]]) -> str:
    """Pattern for a head noun where it is no part of another word."""
    after, before = table["not_after"].get(word, ""), table["not_before"].get(word[-1], "") if len(word) < 4 else ""
    if word in table["institutions"]:
        before += "长"  # 矿长, 局长
    return (f"(?<![{after}])" if after else "") + re.escape(word) + (f"(?![{before}])" if before else "")


@cache
def _generic() -> re.Pattern[str]:
    """Pattern for what is made of generic words and head nouns; possessive, so that 社区 is not tried as one word and as two."""
    ordered = sorted(words("generic") | _heads()[1].keys(), key=lambda word: (-len(word), word))
    return re.compile(f"(?:{'|'.join(ordered)})*+")

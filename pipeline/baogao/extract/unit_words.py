"""The words by which organizational structures are found: configs/words/units.yaml and roles.yaml as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from baogao.resources import load_yaml

CLAUSE_END = "，,。；;：:！？!?\n"
"""Punctuation that ends a clause."""


def either(words: Iterable[str]) -> str:
    """Pattern of any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word))) + ")"


@dataclass(frozen=True, slots=True)
class UnitWords:
    """Words of unit names: `head` matches a head noun that ends a name, `kinds` tells the kind of unit by its head."""

    kinds: dict[str, str]
    head: re.Pattern[str]
    bare: frozenset[str]
    stops: frozenset[str]
    soft: frozenset[str]
    measures: frozenset[str]
    verbs: dict[str, str]


@cache
def unit_words() -> UnitWords:
    """Words of units.yaml."""
    config = load_yaml("configs", "words", "units.yaml")
    kinds = {head: kind for kind, heads in config["heads"].items() for head in heads}
    other = dict.fromkeys(config["not_units"], "")
    own = {head: f"{re.escape(head)}(?!{either(words)})" for head, words in config["not_before_head"].items()}
    heads = sorted([*kinds, *other], key=lambda head: (-len(head), head))
    head = re.compile(f"(?:{'|'.join(own.get(head, re.escape(head)) for head in heads)})(?!{either(config['not_before'])})")
    verbs = {use: either(words) for use, words in config["verbs"].items()}
    soft = frozenset(config["soft"])
    stops = frozenset(config["stops"]).union(*config["verbs"].values()) - soft
    return UnitWords(kinds | other, head, frozenset(config["bare"]), stops, soft, frozenset(config["measures"]), verbs)


@dataclass(frozen=True, slots=True)
class RoleWords:
    """Words of roles and holders: roles by title and by predicate, and the patterns that frames are made of."""

    titles: dict[str, str]
    predicates: dict[str, str]
    strong: frozenset[str]
    title: str
    predicate: str
    bearing: str
    choosing: str
    shared: str
    labels: tuple[str, ...]
    posts: tuple[str, ...]
    people: tuple[str, ...]
    kinds: dict[str, frozenset[str]]
    person: re.Pattern[str]


@cache
def role_words() -> RoleWords:
    """Words of roles.yaml."""
    config = load_yaml("configs", "words", "roles.yaml")
    titles = {title: role for role, words in config["titles"].items() for title in words}
    predicates = {word: role for role, words in config["predicates"].items() for word in words}
    rows = config["surnames"].split()
    surname = "(?:" + "|".join(row for row in rows if len(row) == 2) + "|[" + "".join(row for row in rows if len(row) > 2) + "])"
    mask = "[xX×*＊_某○]+"
    person = re.compile(f"(?:{surname}[\u4e00-\u9fff·]{{1,2}}|{surname}?{mask}|{surname}[ \u3000]+[\u4e00-\u9fff]|[老小][\u4e00-\u9fff])")
    return RoleWords(
        titles,
        predicates,
        frozenset(config["strong_predicates"]),
        f"{either(config['title_prefixes'])}{{0,2}}副?{either(titles)}",
        either(predicates),
        either(config["bearing"]),
        either(config["choosing"]),
        either(config["shared"]),
        tuple(config["labels"]),
        tuple(config["posts"]),
        tuple(config["posts"] + config["people"]),
        {role: frozenset(kinds) for role, kinds in config["kinds"].items()},
        person,
    )


def role_of(title: str) -> str:
    """Role that a title stands for: 常务副组长 is 副组长, 秘书长 is 其他."""
    titles = role_words().titles
    plain = re.sub(r"\s", "", title)
    while plain not in titles and len(plain) > 2 and plain[0] != "副":
        plain = plain[1:]
    return titles.get(plain, "其他")

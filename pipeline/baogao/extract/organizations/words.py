"""The words by which organizational structures are found: configs/words/units.yaml and roles.yaml as compiled patterns."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from baogao.extract.organizations.counts import NUMBER
from baogao.resources import load_yaml

CLAUSE_END = "，,。；;：:！？!?\n"
"""Punctuation that ends a clause."""

_UNIT_FOLLOWS = rf"(?=[，,。；;、（(：:\n”由]|$|{NUMBER}[个所处支]|(?:现有|设有?)|主任|长[由为是])"
"""What stands behind a phrase that may be a unit's name by its last character."""

_MASK = "[xX×*＊_某○]+"
_HAN = "[\u4e00-\u9fff]"


def either(words: Iterable[str]) -> str:
    """Pattern of any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word))) + ")"


def at(*words: Iterable[str]) -> str:
    """Lookahead for the first character of any of the words: it lets a search pass over other characters fast."""
    return "(?=[" + "".join(sorted({re.escape(word[0]) for group in words for word in group})) + "])"


def last_match(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """The last match of a pattern in text[start:end], of those that do not overlap."""
    found = deque(pattern.finditer(text, start, end), maxlen=1)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class UnitWords:
    """Words of unit names.

    `kinds` tells the kind of unit by its head noun, `head` matches a head noun that ends a name, `weak` the last character of a
    phrase that may be a name where the sentence makes it one; `bare` are heads that name nothing by themselves. `stops` are tokens
    that no name holds, `soft` verbs that a name may hold but not begin a clause with, `measures` measure words, `other` tokens
    that only end like a head. `verbs` are patterns by use, `forming` finds a verb with which somebody makes up a unit.
    """

    kinds: dict[str, str]
    head: re.Pattern[str]
    weak: re.Pattern[str]
    bare: frozenset[str]
    stops: frozenset[str]
    soft: frozenset[str]
    measures: frozenset[str]
    other: frozenset[str]
    verbs: dict[str, str]
    forming: re.Pattern[str]
    scores: dict[str, float]


@cache
def unit_words() -> UnitWords:
    """Words of units.yaml."""
    config = load_yaml("configs", "words", "units.yaml")
    kinds = {head: kind for kind, heads in config["heads"].items() for head in heads}
    weak = {head: kind for kind, heads in config["weak"].items() for head in heads}
    makers = [word for use in ("found", "enter", "join") for word in config["verbs"][use]]
    soft = frozenset(config["soft"])
    return UnitWords(
        kinds=kinds | weak,
        head=_head_pattern(kinds, config["not_before"], config["not_before_head"]),
        weak=re.compile(either(weak) + _UNIT_FOLLOWS),
        bare=frozenset(config["bare"]),
        stops=frozenset(config["stops"]).union(*config["verbs"].values()) - soft,
        soft=soft,
        measures=frozenset(config["measures"]),
        other=frozenset(config["not_units"]),
        verbs={use: either(words) for use, words in config["verbs"].items()},
        forming=re.compile(at(makers, "组编") + either([*makers, "组成", "编成"])),
        scores=config["scores"],
    )


def _head_pattern(heads: Iterable[str], not_before: list[str], not_before_head: dict[str, list[str]]) -> re.Pattern[str]:
    """Pattern of a head noun that is not the beginning of another word, as 组 is in 组织."""
    longest_first = sorted(heads, key=lambda head: (-len(head), head))
    guarded = [re.escape(head) + (f"(?!{either(not_before_head[head])})" if head in not_before_head else "") for head in longest_first]
    return re.compile(f"{at(longest_first)}(?:{'|'.join(guarded)})(?!{either(not_before)})")


_UNIT_ENDS = ("”", "社区", "村", "总", *"会组队站所室委办")


def names_unit(words: str) -> bool:
    """Whether words in front of a title name its unit: 办公室 of 办公室主任, 爱心驿站 of 爱心驿站的站长."""
    plain = words.removesuffix("的")
    return plain.endswith(_UNIT_ENDS) or any(match.end() == len(plain) for match in unit_words().head.finditer(plain))


@dataclass(frozen=True, slots=True)
class RoleWords:
    """Words of roles and of those who hold them.

    `titles` and `predicates` give the role; `strong` predicates tell a role also alone. `title`, `predicate`, `by` (verbs that need
    由 before the holder), `bearing`, `choosing` and `shared` are patterns, `title_at` and `verb_at` lookaheads for their first
    characters. `posts` end an office, `people` (posts included) people, `bodies` bodies; `person` matches a personal name or mask,
    `spaced_person` is the pattern of a name with a space inside.
    `kinds` are the kinds of unit that a role stands in.
    """

    titles: dict[str, str]
    predicates: dict[str, str]
    strong: frozenset[str]
    title: str
    title_at: str
    verb_at: str
    predicate: str
    by: str
    bearing: str
    choosing: str
    shared: str
    labels: tuple[str, ...]
    posts: tuple[str, ...]
    people: tuple[str, ...]
    bodies: tuple[str, ...]
    kinds: dict[str, frozenset[str]]
    person: re.Pattern[str]
    spaced_person: str


@cache
def role_words() -> RoleWords:
    """Words of roles.yaml."""
    config = load_yaml("configs", "words", "roles.yaml")
    titles = {title: role for role, words in config["titles"].items() for title in words}
    predicates = {word: role for role, words in config["predicates"].items() for word in words}
    surname = _surname_pattern(config["surnames"].split())
    return RoleWords(
        titles=titles,
        predicates=predicates,
        strong=frozenset(config["strong_predicates"]),
        title=f"{either(config['title_prefixes'])}{{0,2}}副?{either(titles)}",
        title_at=at(config["title_prefixes"], titles, config["labels"], "副"),
        verb_at=at(config["bearing"], predicates, config["by_predicates"], "组构参共联自为"),
        predicate=either(predicates),
        by=either(config["by_predicates"]),
        bearing=either(config["bearing"]),
        choosing=either(config["choosing"]),
        shared=either(config["shared"]),
        labels=tuple(config["labels"]),
        posts=tuple(config["posts"]),
        people=tuple(config["posts"] + config["people"]),
        bodies=tuple(config["bodies"]),
        kinds={role: frozenset(kinds) for role, kinds in config["kinds"].items()},
        person=re.compile(rf"(?:{surname}(?:{_HAN}|·){{1,2}}|{surname}?{_MASK}|{surname}[ \u3000]+{_HAN}|[老小]{_HAN})"),
        spaced_person=rf"{surname}[ \u3000]+{_HAN}",
    )


def _surname_pattern(surnames: list[str]) -> str:
    """Pattern of a family name; the configuration has rows of single characters and names of two."""
    single = "".join(row for row in surnames if len(row) > 2)
    return f"(?:{'|'.join(name for name in surnames if len(name) == 2)}|[{single}])"


def role_of(title: str) -> str:
    """Role that a title stands for; blanks inside it do not count.

    >>> [role_of(title) for title in ("组　长", "常务副组长", "副会长", "总队长")]
    ['组长', '副组长', '其他', '队长']
    """
    titles = role_words().titles
    plain = re.sub(r"\s", "", title)
    while plain not in titles and len(plain) > 2 and plain[0] != "副":
        plain = plain[1:]
    return titles.get(plain, "其他")

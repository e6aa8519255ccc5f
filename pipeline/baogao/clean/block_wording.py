"""What the wording of a line says of its role: rules that decide alone, sentences to cut out, signs that the model weighs.

The patterns are data (configs/words/blocks.yaml); here they are compiled and asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from baogao.resources import load_yaml

_DEFAULT_LONGEST = 60
_LONGEST_SENTENCE = 200
"""A longer sentence is never cut out whole, in characters: site notes are short, and a lost full stop makes sentences long."""
MOST = 3
"""A sign counts at most this often in one line."""


@dataclass(frozen=True, slots=True)
class WordingRule:
    """A line of at most `longest` characters in which `pattern` is found has the role, or, if that is blurred, one close to it."""

    name: str
    role: str
    pattern: re.Pattern[str]
    longest: int
    blurred: bool
    anchored: bool = False

    def fits(self, text: str) -> bool:
        """Whether the rule fits a line or sentence."""
        if len(text) > self.longest:
            return False
        return (self.pattern.match(text) if self.anchored else self.pattern.search(text)) is not None


@cache
def _rules(kind: str, longest: int) -> tuple[WordingRule, ...]:
    return tuple(_rule(row, longest) for row in load_yaml("configs", "words", "blocks.yaml")[kind])


def _rule(row: dict[str, Any], longest: int) -> WordingRule:
    pattern = row["pattern"]
    blurred = row.get("blurred", False)
    return WordingRule(row["name"], row["role"], re.compile(pattern), row.get("longest", longest), blurred, _is_anchored(pattern))


def _is_anchored(pattern: str) -> bool:
    """Whether every alternative of a pattern begins with ^, so that it need not be searched for (the re module does not see it)."""
    depth = 0
    starts = [0]
    for place, char in enumerate(re.sub(r"\\.|\[[^\]]*\]", lambda match: "x" * len(match.group()), pattern)):
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            starts.append(place + 1)
    return all(pattern[start : start + 1] == "^" for start in starts)


@cache
def _signs() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in load_yaml("configs", "words", "blocks.yaml")["signs"].values())


@cache
def sign_names() -> tuple[str, ...]:
    """Names of the signs, in the order of `count_signs`."""
    return tuple(load_yaml("configs", "words", "blocks.yaml")["signs"])


def sure_rule(line: str) -> WordingRule | None:
    """The first rule that alone decides what a line is.

    >>> rule = sure_rule("发布时间：2013-12-20 08:30 作者：佚名")
    >>> rule and (rule.role, rule.name)
    ('meta', 'dateline')
    >>> sure_rule("一、加强领导，健全组织")
    """
    return _first(_rules("sure", _DEFAULT_LONGEST), line)


def inline_rule(sentence: str) -> WordingRule | None:
    """The first rule by which a sentence or bracket inside a paragraph is not part of the text around it."""
    return _first(_rules("inline", _LONGEST_SENTENCE), sentence)


def may_hold_noise(line: str) -> bool:
    """Whether a line holds any word without which no rule for sentences fits: a quick look that spares most paragraphs."""
    return _triggers().search(line) is not None


@cache
def _triggers() -> re.Pattern[str]:
    return re.compile(load_yaml("configs", "words", "blocks.yaml")["triggers"])


def _first(rules: Iterable[WordingRule], text: str) -> WordingRule | None:
    return next((rule for rule in rules if rule.fits(text)), None)


def count_signs(line: str) -> list[int]:
    """How often each sign stands in a line, 0 to MOST, in the order of `sign_names`."""
    return [sum(1 for _ in islice(pattern.finditer(line), MOST)) for pattern in _signs()]


def has_sign(name: str, line: str) -> bool:
    """Whether a line shows the sign of that name."""
    return _signs()[sign_names().index(name)].search(line) is not None

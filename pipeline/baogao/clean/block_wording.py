"""What the wording of a line says of its role: rules that decide alone, sentences to cut out, signs that the model weighs.

The patterns are data (configs/words/blocks.yaml); here they are compiled and asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baogao.resources import load_yaml

_DEFAULT_LONGEST = 60
_LONGEST_SENTENCE = 200
"""A longer sentence is never cut out whole, in characters: site notes are short, and a lost full stop makes sentences long."""
_TOKEN = re.compile(r"\\.|\[\^|.", re.DOTALL)
"""What a regular expression is made of, as far as classes are concerned."""
_BLANK = r" \t\r\f\v\u3000\xa0"
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


@lru_cache(maxsize=20_000)  # a site's menus and notes return on every page
def sure_rule(line: str) -> WordingRule | None:
    """The first rule that alone decides what a line is.

    >>> rule = sure_rule("发布时间：2013-12-20 08:30 作者：佚名")
    >>> rule and (rule.role, rule.name)
    ('meta', 'dateline')
    >>> sure_rule("一、加强领导，健全组织")
    """
    return _first("sure", _DEFAULT_LONGEST, line)


def inline_rule(sentence: str) -> WordingRule | None:
    """The first rule by which a sentence or bracket inside a paragraph is not part of the text around it."""
    return _first("inline", _LONGEST_SENTENCE, sentence)


def may_hold_noise(line: str) -> bool:
    """Whether a line holds any word without which no rule for sentences fits: a quick look that spares most paragraphs."""
    return _triggers().search(line) is not None


@cache
def _triggers() -> re.Pattern[str]:
    return re.compile(load_yaml("configs", "words", "blocks.yaml")["triggers"])


def _first(kind: str, longest: int, text: str) -> WordingRule | None:
    length = len(text)
    for limit, fits, rule in _table(kind, longest):
        if length <= limit and fits(text):
            return rule
    return None


@cache
def _table(kind: str, longest: int) -> tuple[tuple[int, Callable[[str], object], WordingRule], ...]:
    """The rules with what is asked of them, laid out flat: they are asked of every line."""
    rules = _rules(kind, longest)
    return tuple((rule.longest, rule.pattern.match if rule.anchored else rule.pattern.search, rule) for rule in rules)


@cache
def _signs_within_lines() -> tuple[re.Pattern[str] | None, ...]:
    """The signs for a text of several lines: nothing in them matches a line break, and their edges are those of lines.

    None for one that stands at a line's beginning alone, which is asked of each line faster.
    """
    patterns = [pattern.pattern for pattern in _signs()]
    return tuple(None if _is_anchored(pattern) else re.compile(_within_lines(pattern), re.MULTILINE) for pattern in patterns)


@cache
def _begun() -> re.Pattern[str]:
    """Any of the signs that stand at a line's beginning alone: most lines show none of them."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in _signs() if _is_anchored(pattern.pattern)))


def _within_lines(pattern: str) -> str:
    r"""The pattern with white space and negated classes that leave the line break out.

    >>> _within_lines(r"^[^，]+\W.$")
    '^[^\\n，]+[^\\w\\n].$'
    """
    pieces, inside = [], False
    for token in _TOKEN.findall(pattern):
        if token == r"\s":
            pieces.append(_BLANK if inside else f"[{_BLANK}]")
        elif token in (r"\W", r"\D"):
            pieces.append(f"[^{token.lower()}\\n]")
        else:
            pieces.append(token + "\\n" if token == "[^" and not inside else token)
            inside = token != "]" if inside else token in ("[", "[^")
    return "".join(pieces)


def count_signs(lines: Sequence[str]) -> NDArray[np.int64]:
    """How often each sign stands in each line, 0 to MOST: (n, number of signs), in the order of `sign_names`."""
    text = "\n".join(line.replace("\n", " ") for line in lines)
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])[:-1]
    counts = np.zeros((len(lines), len(sign_names())), np.int64)
    begun = [(row, line) for row, line in enumerate(lines) if _begun().match(line)]
    for column, (pattern, in_line) in enumerate(zip(_signs_within_lines(), _signs(), strict=True)):
        if pattern is None:
            counts[[row for row, line in begun if in_line.match(line)], column] = 1
            continue
        found = [match.start() for match in pattern.finditer(text)]
        if found:
            counts[:, column] = np.bincount(np.searchsorted(starts, found, "right") - 1, minlength=len(lines))
    return np.minimum(counts, MOST)


def has_sign(name: str, line: str) -> bool:
    """Whether a line shows the sign of that name."""
    return _signs()[sign_names().index(name)].search(line) is not None

"""Role labels in front of names: 组长：, 副 组 长 ：, or the title alone in its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from baogao.extract.organizations.words import either, role_of, role_words

_VALUE_END = re.compile("[。；;\n]")
_CLOSING = re.compile("[）)]")
_NO_CONTINUATION = re.compile(r"[。：:！？!?；;]|^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.．、])")
_LONGEST_CONTINUATION = 80
_LONGEST_NAME = 4
_MAKE_UP = ("组长", "组员", "队长", "队员")
"""Titles that a masked name may follow without a mark."""


@dataclass(frozen=True, slots=True)
class Label:
    """A role label text[start:end], the words before its title text[start:front] and its value text[end:stop]."""

    role: str
    start: int
    front: int
    end: int
    stop: int


@cache
def block_trigger() -> re.Pattern[str]:
    """Last character of a title with what may make a label of it."""
    last = "".join(sorted({title[-1] for title in role_words().titles}))
    behind = r"[ \u3000]*[：:|】]|[ \u3000]{2}[^\s]|[ \u3000\t]*[—–-]|[ \t][^\s]|[ \u3000]*$"
    return re.compile(rf"[{last}](?:{behind})", re.MULTILINE)


@cache
def _label() -> re.Pattern[str]:
    """A title with a colon or two spaces behind it; at a line's start also one alone, or with a dash or space and a name."""
    words = role_words()
    titles = "|".join(_spaced(title) for title in sorted(words.titles, key=lambda title: (-len(title), title)))
    title = rf"(?P<title>(?:副[ \u3000]*)?(?:{titles}))"
    front = r"(?:(?:(?<=[\s，,。；;、（(【：:])|^)(?P<front>(?:(?!副)[\u4e00-\u9fff]){1,4}?))?"
    named = rf"(?:[ \u3000\t]*[—–-]+[ \u3000]*|[ \t])(?={words.person.pattern}(?:[\s，,、；;（(]|$))"
    loose = rf"(?P<loose>{named}|(?P<alone>[ \u3000]*$))"
    masked = rf"(?<={either(_MAKE_UP)})[ \u3000]*(?=[*＊×]{{2}})"
    return re.compile(rf"{front}{title}(?:[ \u3000]*[：:|】]+|[ \u3000]{{2,}}(?=[^\s])|{masked}|{loose})", re.MULTILINE)


def _spaced(word: str) -> str:
    return r"[ \u3000]*".join(map(re.escape, word))


@cache
def _more() -> re.Pattern[str]:
    """A further role told in a value: 组长：会展中心副总经理，成员由…组成."""
    return re.compile(rf"[，,；;]\s*{role_words().title}(?:由|为|是|有|[ \u3000])")


def find_labels(text: str, start: int, end: int) -> list[Label]:
    """The role labels of the line text[start:end] with the ends of their values."""
    matches = [match for match in _label().finditer(text, start, end) if match["loose"] is None or _opens_line(text, start, match)]
    labels = []
    for i, match in enumerate(matches):
        stop = _start(matches[i + 1]) if i + 1 < len(matches) else end
        patterns = [_more(), _VALUE_END]
        first = _start(match)
        if first > start and text[first - 1] in "（(":
            patterns.append(_CLOSING)
        for pattern in patterns:
            if closing := pattern.search(text, match.end(), stop):
                stop = closing.start()
        labels.append(Label(role_of(match["title"]), first, match.start("title"), match.end(), stop))
    return labels


def _start(match: re.Match[str]) -> int:
    """Where a label begins: behind a name that is run together with it (总指挥：王芳副总指挥：…)."""
    front = match["front"]
    return match.start("title") if front and role_words().person.fullmatch(front) else match.start()


def _opens_line(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a title without a colon opens its line and, alone in it, has a name in the next."""
    if text[start : match.start()].strip("【 \u3000\t"):
        return False
    following = match.end() + 1
    return match["alone"] is None or (following < len(text) and goes_on(text, following, line_end_of(text, following)))


def goes_on(text: str, start: int, end: int) -> bool:
    """Whether a line holds further names for the label before it: indented or opening with a person's name, and no sentence."""
    if end - start > _LONGEST_CONTINUATION or not text[start:end].strip():
        return False
    line = text[start:end]
    if _NO_CONTINUATION.search(line):
        return False
    words = line.split()
    named = bool(role_words().person.match(words[0])) and (len(words) > 1 or len(words[0]) <= _LONGEST_NAME or "（" in line)
    return named or line[:2].isspace() or bool(_spaced_name().match(line))


@cache
def _spaced_name() -> re.Pattern[str]:
    """A line's first words if they are a personal name with a space inside and what is told of it."""
    return re.compile(rf"{role_words().spaced_person}(?:[ \u3000（(]|$)")


def line_end_of(text: str, place: int) -> int:
    """Where the line ends that holds text[place]."""
    end = text.find("\n", place)
    return len(text) if end < 0 else end

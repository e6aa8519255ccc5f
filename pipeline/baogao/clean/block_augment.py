"""Training pages put together anew: the order of roles of a real page, filled with other reports, headings and lines.

A page's wording and its layout are independent of each other far more than the few pages of a corpus show; copies in which both
are exchanged keep the model from learning that this line stands on that site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from baogao.clean.block_cuts import Cut, CutLine
from baogao.clean.block_wording import sure_rule

_EXCHANGED = 0.6
"""Share of the lines beside the reports that are exchanged for others of their role."""
_LEFT_OUT = 0.2
"""Share of the lines beside the reports that are left out."""
_CUT, _JOINED, _AROUND = 0.2, 0.15, 0.25
"""Shares of the reports of which only the end is taken, whose lines are run together, that are given a salutation, a closing."""
_HEADLINE = 0.3
"""Share of the other titles that are headlines as papers have them, without a word for a genre."""
_INSIDE, _BEHIND_TITLE, _AT_END = 0.02, 0.12, 0.15
"""How often a line of the site is put behind a paragraph inside a report, behind a title, behind the end of a report."""
_SUBTITLE, _HEADED = 0.03, 0.05
"""Shares of the reports with a headline below their title, as couplets are, and with headlines for section headings."""
_STREWN = ("editor_note", "editor_note", "boilerplate", "boilerplate", "advert", "page_mark")
_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
_HEADINGS = (
    "{t}篇{c}", "{t} 篇{i}", "{t}【篇{i}】", "{t}（篇{c}）", "第{i}篇 {t}", "第{c}篇：{t}", "篇{c}：{t}", "篇{c}", "【篇{c}】{t}",
    "{t}{i}", "{t}{c}", "{t}（{i}）", "{i}、{t}", "范文{c}", "{t}范文{c}", "{t}", "{t}", "{t}【第{c}篇】",
)  # fmt: skip


_PAGE_TITLES = (
    "{t}", "{t}", "{t}", "{t}", "{t}(精选{n}篇)", "{t}范文(通用{n}篇)", "2019年{t}（优质{n}篇）", "{t}大全{n}篇", "最新{t}【{n}篇】",
    "{t}汇编", "{t}范文", "{t}({n}篇)", "{t}精选十篇", "关于{t}范文汇总{n}篇",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Material:
    """What pages are filled with: reports as (title, lines), lines by role (and by salutation, closing and headline, which are
    a report's own); {t}, {n} and {d} in them stand for what varies."""

    reports: Sequence[tuple[str, Sequence[str]]]
    lines: Mapping[str, Sequence[str]]


def recombine(page: Sequence[tuple[CutLine, str]], material: Material, random: Random) -> list[tuple[CutLine, str]]:
    """A page's lines and roles with other reports in it, and other lines of the same roles beside them."""
    heading = random.choice(_HEADINGS)
    common = random.choice(material.reports)[0]
    made: list[tuple[CutLine, str]] = []
    number = 0
    for first, last, role in _runs(page):
        run = page[first:last]
        if role == "body":
            made += _report(run, material, random)
        elif role == "title":
            number += 1
            title = common if random.random() < 0.6 else _other_title(material, random)
            shape = heading if number > 1 else random.choice(_PAGE_TITLES)
            filled = shape.format(t=title or "工作总结", i=number - 1, c=_NUMERALS[(number - 2) % 10], n=random.randrange(3, 30))
            made.append((_with_text(run[-1][0], filled), role))
        else:
            made += _beside(run, role, material, random)
    return list(_strewn(made, material, random))


def _other_title(material: Material, random: Random) -> str:
    return random.choice(material.lines["headline"]) if random.random() < _HEADLINE else random.choice(material.reports)[0]


def _strewn(page: Sequence[tuple[CutLine, str]], material: Material, random: Random) -> Iterator[tuple[CutLine, str]]:
    """The page with lines of the site put between the paragraphs of reports, behind their titles and behind their ends."""
    for i, (line, role) in enumerate(page):
        yield line, role
        following = page[i + 1][1] if i + 1 < len(page) else ""
        share = _INSIDE if role == following == "body" else {"title": _BEHIND_TITLE, "body": _AT_END}.get(role, 0.0)
        while random.random() < share:
            strewn = random.choice(_STREWN)
            yield _with_text(line, _filled(strewn, material, random)), strewn
            share = _AT_END


def _runs(page: Sequence[tuple[CutLine, str]]) -> Iterable[tuple[int, int, str]]:
    """Stretches of lines with one role: (first, behind the last, role)."""
    first = 0
    for i in range(1, len(page) + 1):
        if i == len(page) or page[i][1] != page[first][1]:
            yield first, i, page[first][1]
            first = i


def _report(run: Sequence[tuple[CutLine, str]], material: Material, random: Random) -> list[tuple[CutLine, str]]:
    """A report in place of a run of body lines: mostly all of it, at times its end, its lines in one, other lines around it."""
    lines = list(random.choice(material.reports)[1])
    if random.random() < _CUT:
        lines = lines[random.randrange(len(lines)) :]
    elif random.random() < _AROUND:
        lines.insert(0, random.choice(material.lines["salutation"]))
    if random.random() < _SUBTITLE:
        lines.insert(0, random.choice(material.lines["headline"]))
    if random.random() < _HEADED:
        for _ in range(random.randrange(2, 6)):
            heading = random.choice(material.lines["headline"]) + random.choice(("", "", "。", "："))
            lines.insert(random.randrange(1, len(lines) + 1), heading)
    lines += random.sample(material.lines["closing"], random.randrange(4)) if random.random() < _AROUND else []
    pattern = run[len(run) // 2][0]
    return [(_with_text(pattern, line), "body") for line in (["".join(lines)] if random.random() < _JOINED else lines)]


def _beside(run: Sequence[tuple[CutLine, str]], role: str, material: Material, random: Random) -> list[tuple[CutLine, str]]:
    made = []
    for line, _ in run:
        if random.random() < _LEFT_OUT:
            continue
        if random.random() < _EXCHANGED:
            line = _with_text(line, _filled(role, material, random))
        made.append((line, role))
    return made


def _filled(role: str, material: Material, random: Random) -> str:
    """A line of the role with what varies filled in."""
    line = random.choice(material.lines[role]).replace("{t}", random.choice(material.reports)[0] or "工作总结")
    date = f"20{random.randrange(10, 24)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
    return line.replace("{d}", date).replace("{n}", str(random.randrange(1, 400)))


def _with_text(line: CutLine, text: str) -> CutLine:
    """The line with other text; its place on the page stays."""
    return replace(line, text=text, rule=sure_rule(text), cuts=(Cut(line.start, line.end, text, None),))

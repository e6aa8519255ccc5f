"""Training pages put together anew: the order of roles of a real page, filled with other reports, headings and lines.

A page's wording and its layout are independent of each other far more than the few pages of a corpus show; copies in which both
are exchanged keep the model from learning that this line stands on that site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from baogao.clean.block_cuts import Cut, CutLine
from baogao.clean.block_grammar import Grammar, derive
from baogao.clean.block_wording import sure_rule

_EXCHANGED = 0.6
"""Share of the lines beside the reports that are exchanged for others of their role."""
_LEFT_OUT = 0.2
"""Share of the lines beside the reports that are left out."""
_DERIVED = 0.5
"""Share of the lines taken from outside that the grammar makes; the others are those of the list."""
_CUT, _BRIEF, _JOINED, _AROUND = 0.15, 0.2, 0.15, 0.25
"""Shares of the reports of which only the end or a few lines are taken, whose lines are run together, that are given a salutation, a
closing."""
_HEADLINE, _HEADLINES = 0.3, 0.15
"""Share of the other titles that are headlines as papers have them, without a word for a genre; of the pages with no other titles."""
_RUNNING_HEADS = 0.08
"""Share of the pages on which the title returns between paragraphs, as on printed pages."""
_INSIDE, _BEHIND_TITLE, _AT_END = 0.02, 0.12, 0.15
"""How often a line of the site is put behind a paragraph inside a report, behind a title, behind the end of a report."""
_SUBTITLE, _HEADED, _FIELDS, _LED = 0.05, 0.05, 0.15, 0.06
"""Shares of the reports with a headline below their title, as couplets are, with headlines for section headings, with lines of short
fields, with the opening of a newspaper's report."""
_FORUM = 0.06
"""Share of the pages on which people talk before and behind each report."""
_STREWN = ("editor_note", "editor_note", "boilerplate", "boilerplate", "advert", "page_mark", "related", "comment")
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
    a report's own), and a grammar that makes more of them; {t}, {n} and {d} in them stand for what varies."""

    reports: Sequence[tuple[str, Sequence[str]]]
    lines: Mapping[str, Sequence[str]]
    grammar: Grammar

    def line(self, kind: str, random: Random) -> str:
        """A line of a role, or of another kind."""
        if kind in self.grammar and (kind not in self.lines or random.random() < _DERIVED):
            return derive(self.grammar, kind, random)
        return random.choice(self.lines[kind])


def recombine(page: Sequence[tuple[CutLine, str]], material: Material, random: Random) -> list[tuple[CutLine, str]]:
    """A page's lines and roles with other reports in it, and other lines of the same roles beside them."""
    headlines = random.random() < _HEADLINES
    heading = "{t}" if headlines else random.choice(_HEADINGS)
    common = "" if headlines else random.choice(material.reports)[0]
    made: list[tuple[CutLine, str]] = []
    number = 0
    for first, last, role in _runs(page):
        run = page[first:last]
        if role == "body":
            made += _report(run, material, random)
        elif role == "title":
            number += 1
            title = material.line("headline", random) if headlines else _title(common, material, random)
            shape = heading if number > 1 else random.choice(_PAGE_TITLES)
            filled = shape.format(t=title or "工作总结", i=number - 1, c=_NUMERALS[(number - 2) % 10], n=random.randrange(3, 30))
            made.append((_with_text(run[-1][0], filled), role))
        else:
            made += _beside(run, role, material, random)
    if random.random() < _FORUM:
        made = list(_with_talk(made, material, random))
    if random.random() < _RUNNING_HEADS:
        made = list(_with_running_heads(made, random))
    return list(_strewn(made, material, random))


def _title(common: str, material: Material, random: Random) -> str:
    """A piece's title: mostly the one that the page repeats."""
    if random.random() < 0.6:
        return common
    return material.line("headline", random) if random.random() < _HEADLINE else random.choice(material.reports)[0]


def _with_talk(page: Sequence[tuple[CutLine, str]], material: Material, random: Random) -> Iterator[tuple[CutLine, str]]:
    """The page with comments before each title and at the end, as in a forum."""
    for line, role in (*page, (page[-1][0], "")):
        if role in ("title", ""):
            talk = [_filled("comment", material, random) for _ in range(random.randrange(1, 5))]
            yield from ((_with_text(line, text), "comment") for text in talk)
        if role:
            yield line, role


def _with_running_heads(page: Sequence[tuple[CutLine, str]], random: Random) -> Iterator[tuple[CutLine, str]]:
    """The page with the last title and a page number between its paragraphs, every few lines."""
    title, number, every = "", 0, random.randrange(2, 8)
    shapes = random.choice((("{t}",), ("{t}", "{i}"), ("{t} 第{i}页",), ("{t}－{i}－",), ("第{i}页 {t}",), ("{t}--第{i}页",)))
    for i, (line, role) in enumerate(page):
        yield line, role
        title = line.text if role == "title" else title
        if title and role == "body" and i % every == 0:
            number += 1
            yield from ((_with_text(line, shape.format(t=title, i=number)), "page_mark") for shape in shapes)


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
    elif random.random() < _BRIEF:
        lines = lines[: random.randrange(2, 6)]
    elif random.random() < _AROUND:
        lines.insert(0, random.choice(material.lines["salutation"]))
    if random.random() < _SUBTITLE:
        lines.insert(0, material.line("headline", random))
    if random.random() < _HEADED:
        for _ in range(random.randrange(2, 6)):
            heading = material.line("headline", random) + random.choice(("", "", "。", "："))
            lines.insert(random.randrange(1, len(lines) + 1), heading)
    if random.random() < _FIELDS:
        place = random.randrange(1, len(lines) + 1)
        lines[place:place] = [_varied(material.line("own_line", random), random) for _ in range(random.randrange(1, 6))]
    if random.random() < _LED:
        lines.insert(0, material.line("lead", random))
    if random.random() < _AROUND:
        lines += [_varied(material.line("closing", random), random) for _ in range(random.randrange(4))]
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
    line = material.line(role, random).replace("{t}", random.choice(material.reports)[0] or "工作总结")
    return _varied(line, random)


def _varied(line: str, random: Random) -> str:
    """A line with a date and numbers for what stands for them."""
    date = f"20{random.randrange(10, 24)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
    while "{n}" in line:
        line = line.replace("{n}", str(random.randrange(1, random.choice((4, 20, 400, 9000)))), 1)
    return line.replace("{d}", date)


def _with_text(line: CutLine, text: str) -> CutLine:
    """The line with other text; its place on the page stays."""
    return replace(line, text=text, rule=sure_rule(text), cuts=(Cut(line.start, line.end, text, None),))

"""Pages in the making: the plan's pages rendered through their sites' templates, with marks around every stretch of text."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from damaged import Damaged, damaged
from families import load_yaml
from markup import closing, in_body, in_role, opening, unmarked
from markupsafe import Markup, escape

from baogao.corpus import Report
from baogao.read.html import read_html

SITES = Path(__file__).parent / "sites"
_NUMERALS = "一二三四五六七八九十"
HEADINGS: dict[str, tuple[str, str | None]] = {
    "pian": ("{topic}篇{han}", "{topic}"), "pian_digit": ("{topic} 篇{n}", "{topic}"), "bracket": ("【篇{n}】{topic}", "{topic}"),
    "bracket_only": ("【第{han}篇】", None), "di": ("第{n}篇: {own}", "{own}"), "di_han": ("第{han}篇：{topic}", "{topic}"),
    "digit": ("{topic}{n}", "{topic}"), "own": ("{own}", "{own}"), "model": ("{topic}范文（{han}）", "{topic}范文"),
    "only": ("篇{han}：", None), "pian_own": ("篇{n}：{own}", "{own}"), "numbered": ("{n}、{own}", "{own}"),
    "topic": ("{topic}", "{topic}"),
}  # fmt: skip
"""How a page heads its reports -> (the heading, the title without the piece's number)."""


@dataclass(frozen=True)
class Piece:
    """A report on a page: its heading there, None where the page gives it none, and the title by the annotation guide."""

    index: int
    report: Damaged
    heading: str | None
    title: str | None
    notes: tuple[str, ...]

    @property
    def paragraphs(self) -> list[str]:
        """The lines of the damaged text, marked and escaped."""
        return [Markup(in_body(self.index, escape(line))) for line in self.report.text.split("\n")]


@dataclass(frozen=True)
class Page:
    """A page of the plan, rendered. `marked` is its HTML, or plain text, with marks."""

    id: str
    plan: Mapping[str, Any]
    split: str
    site: Mapping[str, Any]
    title: str
    date: str
    pieces: tuple[Piece, ...]
    marked: str = field(default="", repr=False)

    @property
    def bare(self) -> bool:
        """Whether the file holds the reports alone, without a site's page around them."""
        return self.plan["format"] in ("pasted", "docx")

    @property
    def declared(self) -> str | None:
        """The encoding that the page's markup declares, rightly or not; None where nothing does."""
        return self.plan.get("declared", self.plan["encoding"]) or None if self.plan["format"] in ("html", "mht") else None

    def lines(self) -> list[str]:
        """The marked text in lines, as a browser's or an editor's plain text has them."""
        raw = self.marked if self.bare else read_html(self.marked).raw
        kept: list[str] = []
        pending = ""
        for line in raw.split("\n"):
            if unmarked(line).strip() or self.plan["format"] == "pasted":
                kept.append(pending + line)
                pending = ""
            else:
                pending += line
        return [*kept[:-1], kept[-1] + pending]


class _Wording:
    """A page's share of its split's wordings: `fixed` gives a site the same line on every page, the rest changes from page to page."""

    def __init__(self, split: str, site: str, page: str, fields: Mapping[str, object]) -> None:
        self.table: dict[str, list[str]] = load_yaml(SITES / "wordings" / f"{split}.yaml")
        self.fields = dict(fields)
        self.rng = random.Random(f"wording {page}")
        self.start = random.Random(f"site {site}").randrange(1000)
        self.bags: dict[str, list[str]] = {}

    def pick(self, kind: str) -> str:
        bag = self.bags.setdefault(kind, [])
        if not bag:
            bag += self.rng.sample(self.table[kind], len(self.table[kind]))
        return self.fill(bag.pop())

    def several(self, kind: str, n: int) -> list[str]:
        return [self.pick(kind) for _ in range(n)]

    def fixed(self, kind: str, number: int) -> str:
        return self.fill(self.table[kind][number % len(self.table[kind])])

    def fill(self, line: str) -> str:
        """The line with its fields filled in, author and counts anew each time."""
        rng = self.rng
        here = {"author": rng.choice(self.table["author"]), "category": rng.choice(self.table["category"]), "count": rng.randint(12, 4999)}
        here |= {"share": rng.randint(5, 90)}
        return line.format(**self.fields, **here, time=f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}")


def load_plan() -> dict[str, dict[str, Any]]:
    """The pages of plan.yaml by identifier."""
    plan: dict[str, dict[str, Any]] = load_yaml(Path(__file__).parent / "plan.yaml")
    return plan


def own_title(report: Report) -> tuple[str | None, bool]:
    """The report's own title, and whether it is the first line of the text."""
    first = report.text.split("\n", 1)[0].strip()
    if report.header["title"]:
        return str(report.header["title"]), False
    return (first, True) if len(first) <= 40 and not first.endswith(("：", ":", "。", "，", "；", "！")) else (None, False)


def make_page(page_id: str, plan: Mapping[str, Any], reports: Mapping[str, Report]) -> Page:
    """Damage the page's reports and render it."""
    site = load_yaml(SITES / "sites.yaml")[plan["site"]] | {"id": plan["site"]}
    rng = random.Random(f"page {page_id}")
    n = plan.get("claims", len(plan["pieces"]))
    date = f"{rng.randint(2006, 2024)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    words = _Wording(site["split"], site["id"], page_id, {"topic": plan["topic"], "n": n, "site": site["name"], "date": date})
    pieces = tuple(_piece(i, item, page_id, plan, reports, words) for i, item in enumerate(plan["pieces"]))
    single = len(pieces) == 1 and plan["heading"] == "own"
    title = pieces[0].heading or plan["topic"] if single else words.pick("page_title")
    page = Page(page_id, plan, site["split"], site, title, date, pieces)
    marked = _pasted(page) if page.bare else _rendered(page, words)
    return Page(page_id, plan, site["split"], site, title, date, pieces, marked)


def _piece(i: int, item: Mapping[str, Any], page_id: str, plan: Mapping[str, Any], reports: Mapping[str, Report], words: _Wording) -> Piece:
    report = reports[item["report"]]
    marks = [words.fill(line) for line in words.table["watermark"]]
    done = damaged(report, item.get("losses", ()), item.get("damage", ()), marks, f"{page_id} {report.id}")
    own, inside = own_title(done.report)
    number = i + plan.get("first", 1)
    pattern, title = HEADINGS[plan["heading"]]
    fields = {"topic": plan["topic"], "n": number, "han": _han(number), "own": own or plan["topic"]}
    heading = pattern.format(**fields) if not item.get("bare") else None
    if plan["heading"] == "own" and inside:
        heading = None
    notes = (words.pick("piece_note"),) if item.get("note") else ()
    shown = title.format(**fields) if title and heading else own if inside and not heading else None
    return Piece(i, done, heading, shown, notes)


def _han(number: int) -> str:
    return _NUMERALS[number - 1] if number <= 10 else "十" + _NUMERALS[number - 11]


def _pasted(page: Page) -> str:
    """The reports alone, as a person pastes them into an editor."""
    lines = []
    for piece in page.pieces:
        heading = [in_role("title", piece.heading)] if piece.heading else []
        body = [in_body(piece.index, line) for line in piece.report.text.split("\n")]
        lines.append(opening(piece.index) + "\n".join([*heading, *body]) + closing())
    return "\n\n".join(lines)


def _rendered(page: Page, words: _Wording) -> str:
    loader = jinja2.FileSystemLoader(SITES)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    names = {"mark": "page_mark", "note": "editor_note", "boiler": "boilerplate", "nav": "navigation"}
    roles = {name: _role(names.get(name, name)) for name in ("title", "meta", "related", "comment", "advert", *names)}
    number = random.Random(f"number {page.id}").randint(1000, 99999)
    dates = [f"{month:02}-{7 + 3 * month % 20:02}" for month in range(1, 13)]
    return environment.get_template(f"{page.site['id']}.html").render(
        **roles, w=words.pick, ws=words.several, fixed=words.fixed, open=lambda piece: Markup(opening(piece.index)),
        close=lambda: Markup(closing()), site=page.site, menu=words.table["nav"][page.site["menu"]], page_title=page.title,
        topic=page.plan["topic"], pieces=page.pieces, number=number, path=f"a/{number}.html", iso=page.date, dates=dates,
        charset=page.plan.get("declared", page.plan["encoding"]),
    )  # fmt: skip


def _role(role: str) -> Any:
    return lambda text: Markup(in_role(role, escape(text)))


def check_plan(plan: Mapping[str, Mapping[str, Any]], reports: Mapping[str, Report]) -> list[str]:
    """What does not hold in the plan: a report placed never or twice, or in another split than its own."""
    sites = load_yaml(SITES / "sites.yaml")
    placed: dict[str, str] = {}
    errors = []
    for page_id, page in plan.items():
        for item in page["pieces"]:
            report = reports.get(item["report"])
            if report is None or report.split != sites[page["site"]]["split"]:
                errors.append(f"{page_id}: {item['report']} is no report of this split")
            if placed.setdefault(item["report"], page_id) != page_id:
                errors.append(f"{page_id}: {item['report']} stands on {placed[item['report']]} too")
    return errors + [f"{key} stands on no page" for key in _missing(reports, placed)]


def _missing(reports: Mapping[str, Report], placed: Mapping[str, str]) -> Sequence[str]:
    return [key for key in reports if key not in placed]

"""Reads the made-up pages of tests/cases/split (its README says how they are written)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from baogao.read.page import RawBlock, RawText, Source, SourcePage
from helpers import ROOT

CASES = Path(__file__).parent / "cases" / "split"
_BODY = re.compile(r"@(?P<id>[a-z]{2}-\d+)(?::(?P<first>\d+)(?P<open>-)?)?(?P<joined>~)?$")
_LINE = re.compile(r"^(?P<on>&\s*)?(?P<opens>\+)?(?P<role>\w+)\|\s*(?P<text>.*)$")
_INSIDE = re.compile(r"\{(\w+):([^{}]*)\}")


@dataclass
class MadePage:
    """A page as a case describes it: its text, the role of every character, the ranges of its reports."""

    label: str
    page_title: str | None
    titles: list[str | None]
    claimed: int | None
    known_failure: bool
    raw: str = ""
    roles: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)

    def source(self) -> SourcePage:
        """The page as the reader would leave it."""
        blocks, place = [], 0
        for line in self.raw.split("\n"):
            if line.strip():
                path = self.paths.get(self.roles[place], "")
                blocks.append(RawBlock(place, place + len(line), path, float(path.endswith("/a"))))
            place += len(line) + 1
        text = RawText(self.raw, tuple(blocks), self.page_title)
        return SourcePage("p", "", text, None, "utf-8", "utf-8", 0, (Source("page.txt", b""),))

    def ranges(self) -> list[tuple[int, int]]:
        """First and behind-last character of each report's own text."""
        ranges = []
        for start, stop in zip(self.starts, [*self.starts[1:], len(self.raw)], strict=True):
            own = [i for i in range(start, stop) if self.roles[i] in ("title", "body") and not self.raw[i].isspace()]
            ranges.append((own[0], own[-1] + 1))
        return ranges

    def kept(self) -> set[int]:
        """The characters of the reports' own text, without white space."""
        return {i for a, b in self.ranges() for i in range(a, b) if self.roles[i] in ("title", "body") and not self.raw[i].isspace()}

    def add(self, text: str, role: str) -> None:
        """Append text that plays one role."""
        self.raw += text
        self.roles += [role] * len(text)


@cache
def _report(identifier: str) -> tuple[str, ...]:
    path = next((ROOT / "corpus" / "reports").glob(f"*/{identifier}.txt"))
    return tuple(line for line in path.read_text(encoding="utf-8").split("\n----\n")[1].split("\n") if line.strip())


def _lines(text: str) -> list[str]:
    match = _BODY.fullmatch(text)
    if not match:
        return [text]
    lines = _report(match["id"])
    first = int(match["first"] or 0)
    lines = lines[first - 1 :] if match["open"] else lines[: first or None]
    return ["".join(lines)] if match["joined"] else list(lines)


def make_page(row: dict[str, Any]) -> MadePage:
    """The page that a case describes."""
    page = MadePage(
        row["label"], row["page_title"], row["titles"], row["claimed"], row.get("known_failure", False), paths=row.get("paths", {})
    )
    for written in row["page"].splitlines():
        match = _LINE.match(written)
        assert match, written
        for number, text in enumerate(_lines(match["text"])):
            if page.raw and not match["on"]:
                page.add("\n", "")
            if match["opens"] and number == 0:
                page.starts.append(len(page.raw))
            place = 0
            for inner in _INSIDE.finditer(text):
                page.add(text[place : inner.start()], match["role"])
                page.add(inner[2], inner[1])
                place = inner.end()
            page.add(text[place:], match["role"])
    return page


def made_pages() -> list[MadePage]:
    """All pages of tests/cases/split."""
    return [make_page(row) for path in sorted(CASES.glob("*.yaml")) for row in yaml.safe_load(path.read_text(encoding="utf-8"))]

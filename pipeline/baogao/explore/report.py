"""report.html: one file, without network, that shows what a run found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from baogao import __version__
from baogao.explore.database import open_views
from baogao.explore.figures import TABLES, Template, read_figures
from baogao.explore.labels import label

if TYPE_CHECKING:
    from baogao.evaluation.scores import Figure

SKELETON_CHARS = 220
"""A template's text is cut behind this many characters."""
_SLOT = re.compile(r"\{([a-z]+[0-9]+)\}")


def write_report(dataset: Path, path: Path, scores: Sequence[Figure] | None = None) -> None:
    """Write the report of the dataset in the folder `dataset` to the file `path`; `scores` are those against gold, if there are any."""
    with open_views(dataset, TABLES) as connection:
        figures = read_figures(connection)
    page = _environment().get_template("report.html").render(version=__version__, scores=scores, **figures)
    path.write_text(page, encoding="utf-8")


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("baogao.explore"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        n=lambda n: f"{n:,.0f}",
        zh=lambda value, group: label(group, value),
        words=lambda value: value.replace("_", " "),
        share=percent,
        weight=lambda weight: f"{weight:,.0f}" if weight >= 9.95 else f"{weight:.1f}".removesuffix(".0"),
        clip=clip,
        kinds=lambda kinds: "、".join(label("edit", kind) for kind in kinds.split("+")),
        pieces=pieces,
    )
    return environment


def percent(part: float, whole: float) -> str:
    """A share for reading: never 0 % for something, never 100 % for less than all.

    >>> percent(1, 4), percent(1, 1000), percent(999, 1000), percent(0, 0)
    ('25 %', '<1 %', '>99 %', '–')
    """
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 1:
        return "<1 %"
    return ">99 %" if 99 < share < 100 else f"{share:.0f} %"


def clip(text: str, length: int) -> str:
    """The first `length` characters on one line, with an ellipsis where something is cut.

    >>> clip("社区工作总结", 4)
    '社区工作…'
    """
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length] + "…"


def pieces(template: Template) -> list[tuple[str, str | None, str]]:
    """A skeleton as (text, None, "") and (slot's name for reading, slot's type, slot's name), cut to SKELETON_CHARS.

    >>> pieces(Template("sentence", "在{place1}党工委领导下", {"place1": "place"}, 2, 2, 2, 1, ()))
    [('在', None, ''), ('地点1', 'place', 'place1'), ('党工委领导下', None, '')]
    """
    found: list[tuple[str, str | None, str]] = []
    left = SKELETON_CHARS
    for i, part in enumerate(_SLOT.split(template.skeleton)):
        if i % 2 and part in template.types:
            kind = template.types[part]
            found.append((label("slot", kind) + part.removeprefix(kind), kind, part))
            left -= 4
        elif part:
            found.append((part if len(part) <= left else part[:left] + "…", None, ""))
            left -= len(part)
        if left <= 0:
            break
    return found

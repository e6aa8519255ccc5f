"""The documentation: its links lead somewhere, and its commands are ones that the program takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from baogao.cli import app
from baogao.settings import Settings
from helpers import ROOT

PAGES = (*sorted((ROOT / "docs").glob("*.md")), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "corpus/README.md")))
COMMANDS: Any = typer.main.get_command(app)
_FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_PLACEHOLDER = re.compile(r"[A-Z]{2,}(?:\.\.\.)?$|\.\.\.$")


def command_lines(page: Path) -> Iterator[list[str]]:
    """The words of every line in a fenced block of a page that calls baogao, what it prints left out."""
    for block in _FENCE.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            words = line.removeprefix("$ ").removeprefix(".venv/bin/")
            if words.startswith("baogao ") and not words.startswith("baogao: "):
                yield shlex.split(words, comments=True)[1:]


LINES = [(page, words) for page in PAGES for words in command_lines(page)]


@pytest.mark.parametrize(("page", "words"), [pytest.param(page, words, id=f"{page.name}: {' '.join(words)}") for page, words in LINES])
def test_the_program_takes_the_command(page: Path, words: list[str]) -> None:
    if words[0].startswith("--"):
        assert words[0] in ("--help", "--version")
        return
    command = COMMANDS.commands[words[0]]
    arguments = words[1 : next((i for i, word in enumerate(words) if word in ("|", ">", "&&", "&", ";")), len(words))]
    options = {name: param for param in command.params for name in (*param.opts, *param.secondary_opts) if name.startswith("-")}
    options["--help"] = None
    for word in arguments:
        if word.startswith("-") and not _PLACEHOLDER.match(word):
            assert word.split("=")[0] in options, f"{page.name}: {words[0]} has no option {word}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_page_is_in_the_navigation() -> None:
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    listed = [page for entry in nav for page in ([entry] if isinstance(entry, str) else next(iter(entry.values())))]
    assert sorted(listed) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


def test_every_command_has_a_line_in_the_docs() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in COMMANDS.commands if f"baogao {name}" not in text] == []


def test_every_setting_has_a_line_in_the_docs() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    settings = [f"{stage}.{name}" for stage, model in Settings.model_fields.items() for name in model.annotation.model_fields]  # type: ignore[union-attr]
    assert [name for name in settings if f"`{name}" not in page] == []

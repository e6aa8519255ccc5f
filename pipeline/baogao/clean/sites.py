"""Rules that researchers write for one site: NAME.yaml in a folder of their own (setting clean.sites) or in configs/sites.

A rule gives a role to the blocks that a CSS-like selector, a text pattern or both fit; the first rule that fits decides, before
wording and model. Selectors know tags, one class or identifier a step, and the combinators ` ` and `>`: `div.tips p`,
`#main > h1`. They are matched against the path of block elements that the reader keeps, in which digits are left out of names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from baogao.errors import BaogaoError
from baogao.records import BLOCK_ROLES
from baogao.resources import resource

_STEP = re.compile(r"(?P<tag>[A-Za-z][A-Za-z0-9]*|\*)?(?:[.#](?P<name>[\w-]+))?$")
_ANYTHING = "(?:/[^/]*)*"
_KEYS = {"site", "rules", "cases", "scrape"}
_RULE_KEYS = {"name", "role", "selector", "text"}
_CASE_KEYS = {"text", "path", "role"}


@dataclass(frozen=True, slots=True)
class SiteRule:
    """Blocks that `path` and `text` fit, where given, have the role."""

    name: str
    role: str
    path: re.Pattern[str] | None
    text: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class SiteCase:
    """A block and the role that the rules must give it; None for a block that no rule may touch."""

    text: str
    path: str
    role: str | None


@dataclass(frozen=True, slots=True)
class SiteRules:
    """The rules of one site, with cases that test them; `sites` are host names, which stand for their subdomains too."""

    source: str
    sites: tuple[str, ...]
    rules: tuple[SiteRule, ...]
    cases: tuple[SiteCase, ...]

    def find(self, text: str, path: str) -> tuple[str, str] | None:
        """Role and name of the first rule that fits a block."""
        for rule in self.rules:
            if (rule.path is None or rule.path.search(path)) and (rule.text is None or rule.text.search(text)):
                return rule.role, rule.name
        return None

    def failed_cases(self) -> list[tuple[SiteCase, str | None]]:
        """Cases that the rules get wrong, with the role that they give."""
        found = [(case, self.find(case.text, case.path)) for case in self.cases]
        return [(case, role and role[0]) for case, role in found if (role[0] if role else None) != case.role]


def compile_selector(selector: str) -> re.Pattern[str]:
    """A pattern for block paths (/html/body/div.main/p); it fits where the selector's last step is the block's own element.

    >>> bool(compile_selector("div.tips p").search("/html/body/div.tips/div/p"))
    True
    >>> bool(compile_selector(".tips > p").search("/html/body/div.tips/div/p"))
    False

    Raises ValueError for a selector with anything but tags, one class or identifier a step, spaces and `>`.
    """
    pattern = ""
    for token in selector.replace(">", " > ").split():
        if token == ">":
            pattern = pattern.removesuffix(_ANYTHING)
            continue
        match = _STEP.match(token)
        if not match:
            raise ValueError(f"{token!r} is not a tag, .class, #id or tag.class")
        tag = match["tag"] if match["tag"] and match["tag"] != "*" else r"[^/.]+"
        name = rf"\.{re.escape(re.sub(r'[0-9]+', '', match['name']))}" if match["name"] else r"(?:\.[^/]*)?"
        pattern += f"/{tag}{name}(?=/|$)" + _ANYTHING
    if not pattern:
        raise ValueError("the selector is empty")
    return re.compile(pattern.removesuffix(_ANYTHING) + "$", re.IGNORECASE)


def read_site_rules(path: Path) -> SiteRules:
    """The rules of a file. Raises BaogaoError, in one sentence, for a file that is not valid."""
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        _check_keys(content, _KEYS)
        sites = [content["site"]] if isinstance(content["site"], str) else content["site"]
        rules = tuple(_rule(row, f"{path.stem}:{number}") for number, row in enumerate(content.get("rules") or [], 1))
        cases = tuple(_case(row) for row in content.get("cases") or [])
        return SiteRules(path.name, tuple(map(str, sites)), rules, cases)
    except (OSError, UnicodeError, yaml.YAMLError, ValueError, KeyError, TypeError, re.error) as error:
        raise BaogaoError(f"The site rules in {path} are not valid ({' '.join(str(error).split())[:150]}).") from error


def _check_keys(row: Any, known: set[str]) -> None:
    unknown = sorted(set(row) - known)
    if unknown:
        raise ValueError(f"unknown key {unknown[0]}; known are {', '.join(sorted(known))}")


def _rule(row: dict[str, str], number: str) -> SiteRule:
    _check_keys(row, _RULE_KEYS)
    if row["role"] not in BLOCK_ROLES:
        raise ValueError(f"unknown role {row['role']}; known are {', '.join(BLOCK_ROLES)}")
    if "selector" not in row and "text" not in row:
        raise ValueError(f"rule {number} has neither selector nor text")
    selector = compile_selector(row["selector"]) if "selector" in row else None
    return SiteRule(f"site {row.get('name', number)}", row["role"], selector, re.compile(row["text"]) if "text" in row else None)


def _case(row: dict[str, Any]) -> SiteCase:
    _check_keys(row, _CASE_KEYS)
    return SiteCase(str(row["text"]), str(row.get("path", "")), row["role"])


def site_files(folders: Sequence[str]) -> list[Path]:
    """The files of site rules in folders, in the order of the folders and of their names.

    Raises BaogaoError for a folder that is not there or holds no such file.
    """
    found = []
    for folder in folders:
        files = sorted(Path(folder).glob("*.yaml"))
        if not files:
            raise BaogaoError(f"There are no site rules (NAME.yaml) in {folder}; check the setting clean.sites.")
        found += files
    return found


@cache
def _rules_in(path: Path, changed: int) -> SiteRules:
    """The rules of a file as it was at the time `changed`: processes that live on must not use those of an earlier run."""
    return read_site_rules(path)


@cache
def _shipped_rules() -> tuple[SiteRules, ...]:
    folder = resource("configs", "sites")
    return tuple(read_site_rules(path) for path in sorted(folder.glob("*.yaml"))) if folder.is_dir() else ()


def rules_for(site: str | None, folders: tuple[str, ...] = ()) -> SiteRules | None:
    """The rules of a site (a host name) or of a domain above it: the first file that names it, those in `folders` before configs/sites."""
    if site is None:
        return None
    own = [_rules_in(path, path.stat().st_mtime_ns) for path in site_files(folders)]
    return _first_for(site, (*own, *_shipped_rules()))


def _first_for(site: str, known: Iterable[SiteRules]) -> SiteRules | None:
    return next((rules for rules in known if any(site == name or site.endswith("." + name) for name in rules.sites)), None)

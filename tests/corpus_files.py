"""The corpus as the tests see it: its build modules, its gold files, and the raw texts of its pages."""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import Any

from helpers import ROOT

CORPUS = ROOT / "corpus"
SPLITS = ("train", "dev", "test")
sys.path.insert(0, str(CORPUS / "build"))


@cache
def gold(name: str) -> list[dict[str, Any]]:
    """A gold file by its name without suffix."""
    rows: list[dict[str, Any]] = json.loads((CORPUS / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def all_gold(prefix: str = "") -> list[dict[str, Any]]:
    """The rows of the gold files of all splits: of reports, or with prefix `pages_` of pages."""
    return [row for split in SPLITS for row in gold(f"{prefix}{split}")]


@cache
def raw_texts() -> dict[str, Any]:
    """Page as the gold names it -> what the reader makes of it; pages that it does not read are left out."""
    from baogao.errors import ReadError
    from baogao.read.reader import read_source
    from baogao.read.sources import open_file
    from baogao.records import Failure
    from baogao.settings import ReadSettings

    found = {}
    for split in SPLITS:
        for path in sorted((CORPUS / "pages" / split).rglob("*")):
            if path.is_file():
                for item in open_file(path, path.relative_to(CORPUS / "pages" / split).as_posix(), ReadSettings()):
                    try:
                        if not isinstance(item, Failure):
                            found[item.source] = read_source(item).text
                    except ReadError:
                        continue
    return found

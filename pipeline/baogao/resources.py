"""Where configs/, models/ and the demo corpus are: inside the installed package, or beside it in a source tree."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "_data"
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent.parent
"""Folder that holds configs/, models/ and corpus/."""


def resource(*parts: str) -> Path:
    """Path of a file that ships with baogao: resource("configs", "calendar.yaml")."""
    return ROOT.joinpath(*parts)


@cache
def load_yaml(*parts: str) -> Any:
    """Content of a YAML file that ships with baogao; read once per process, not to be changed by the caller."""
    return yaml.load(resource(*parts).read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

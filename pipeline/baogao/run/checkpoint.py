"""Files named by the digest of what they were made from: a finished task is one whose file is there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import baogao
from baogao.resources import ROOT


def digest(*parts: object) -> str:
    """A short digest of JSON-like values, the same in every process."""
    content = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def file_digest(path: Path) -> str:
    """Digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=12)).hexdigest()


def code_digest() -> str:
    """Digest of the package's version and of the configs and models that it reads: part of every key."""
    shipped = [path for folder in ("configs", "models") for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    code = sorted(Path(baogao.__file__).parent.rglob("*.py"))
    return digest([(path.name, file_digest(path)) for path in (*code, *shipped)])

"""Identifiers are derived from what they name, never counted or drawn, so that every run gives the same ones."""

from __future__ import annotations

import hashlib


def derive_id(prefix: str, *parts: object) -> str:
    """A prefix and 15 hexadecimal digits of a digest of the parts.

    >>> derive_id("r", "p3f0c", 176)
    'r759b443f1b28693'
    """
    content = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return prefix + hashlib.blake2b(content, digest_size=8).hexdigest()[:15]

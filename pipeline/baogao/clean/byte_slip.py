"""GBK text whose bytes slipped by one."""

from __future__ import annotations

from baogao.text import Edit


def byte_slip(text: str) -> list[Edit]:
    """To come."""
    return []

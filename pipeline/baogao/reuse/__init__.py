"""Reuse: near-duplicate reports, reused passages, templates with slots, findings, and the copied share of every report."""

from baogao.reuse.stage import ReuseResult, find_reuse

__all__ = ["ReuseResult", "find_reuse"]

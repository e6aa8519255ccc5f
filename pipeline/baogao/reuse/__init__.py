"""Reuse: near-duplicate reports, reused passages, templates with slots, findings, and the copied share of every report."""

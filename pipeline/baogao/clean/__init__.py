"""Cleaning: repair, block labels, splitting into reports."""

"""Headings and sections of a report's clean text."""

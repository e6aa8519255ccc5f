"""Extraction: sections, times, organizations, activities and report fields."""

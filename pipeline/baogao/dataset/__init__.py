"""The dataset: tables, data package, reference pages."""

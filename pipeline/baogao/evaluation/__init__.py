"""Scores of a dataset against gold annotations."""

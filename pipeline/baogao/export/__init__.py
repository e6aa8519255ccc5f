"""Exports: the dataset in the formats of other programs."""

from baogao.export.formats import FORMATS, export

__all__ = ["FORMATS", "export"]

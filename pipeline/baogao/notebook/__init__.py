"""Datasets and texts in a notebook: `baogao.open` and `baogao.load`."""

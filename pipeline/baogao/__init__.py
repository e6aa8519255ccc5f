"""baogao: mine archives of Chinese work reports."""

__version__ = "0.1.0"

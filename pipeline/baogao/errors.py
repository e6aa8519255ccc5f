"""Errors that a user can do something about: each says what is wrong and what to do."""

from __future__ import annotations


class BaogaoError(Exception):
    """Something that stops a command; the message is one plain sentence with its remedy."""


class ReadError(Exception):
    """A source that cannot be read; `remedy` says what to do. It becomes a row in `failures`."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy

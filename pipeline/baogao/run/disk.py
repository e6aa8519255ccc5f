"""A full disk is an error that the user can mend, and nothing that was finished is lost by it."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from baogao.errors import BaogaoError
from baogao.run.output import Output

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


@contextmanager
def plain_about_disk(output: Output) -> Iterator[None]:
    """Raise BaogaoError, in one sentence, where the block fails because the disk is full."""
    keep_quiet_about_disk()
    try:
        yield
    except Exception as error:
        if not _is_full(error):
            raise
        raise BaogaoError(
            f"The disk with {output.root} is full. Nothing that was finished is lost: make room, and run the same command to go on."
        ) from error


def keep_quiet_about_disk() -> None:
    """No traceback from file objects that fail once more to write what they hold when they are thrown away."""

    def hook(unraisable: UnraisableHookArgs) -> None:
        if not _is_full(unraisable.exc_value):
            sys.__unraisablehook__(unraisable)

    sys.unraisablehook = hook


def _is_full(error: BaseException | None) -> bool:
    """Whether the operating system said so, to Python, Arrow or DuckDB, here or in a worker."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if "No space left on device" in str(error) or "Disk quota exceeded" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False

"""Files and folders that are whole or not there."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A temporary name that becomes `path` when the block ends well, so that no reader sees half a file or folder.

    The name is one of its kind: two workers that do the same task do not get in each other's way, the first one counts.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield temporary
        _rename(temporary, path)
    finally:
        if temporary.is_dir():
            shutil.rmtree(temporary, ignore_errors=True)
        else:
            temporary.unlink(missing_ok=True)


def _rename(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except OSError:  # a folder cannot take the place of one that is not empty
        if not (temporary.is_dir() and path.is_dir()):
            raise

"""Where the tests find the data that is shared with other projects."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("BAOGAO_SHARED", ROOT.parent / "shared"))


def shared_path(*parts: str) -> Path:
    """A file or folder of the shared data; skips the calling test with a message when it is missing."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared data is missing: {path} (set BAOGAO_SHARED to its folder)")
    return path

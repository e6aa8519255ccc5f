"""run.json: what a run was given, with what it worked and what it found. Clocks and machines appear here alone."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pyarrow.parquet as pq

from baogao import __version__
from baogao.clean.sites import site_files
from baogao.files import written
from baogao.records import TABLES
from baogao.resources import resource
from baogao.run.checkpoint import file_digest
from baogao.run.output import Output
from baogao.settings import Settings

_LIBRARIES = ("duckdb", "fastwarc", "numpy", "opencc", "pyarrow", "resiliparse", "rjieba", "scikit-learn", "scipy", "selectolax", "skops")


def write_manifest(
    output: Output, inputs: Sequence[Path], settings: Settings, *, started: datetime, workers: int, corrections: Path | None = None
) -> None:
    """Write run.json; row counts of all tables stand in it under their names."""
    rows = {table: sum(pq.read_metadata(path).num_rows for path in (output.dataset / table).glob("part-*.parquet")) for table in TABLES}
    content: Mapping[str, object] = {
        "baogao": __version__,
        "inputs": [str(path) for path in inputs],
        "settings": settings.model_dump(mode="json"),
        "models": {path.name: file_digest(path) for path in sorted(resource("models").glob("*")) if path.suffix != ".md"},
        "dictionaries": {path: file_digest(Path(path)) for path in settings.language.dictionaries},
        "sites": {str(path): file_digest(path) for path in site_files(settings.clean.sites)},
        "corrections": file_digest(corrections) if corrections and corrections.exists() else None,
        "libraries": {name: metadata.version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
        "machine": platform.platform(),
        "workers": workers,
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        **rows,
    }
    with written(output.manifest) as temporary:
        temporary.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

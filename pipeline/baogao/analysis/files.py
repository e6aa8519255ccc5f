"""A folder of CSV files that appears when it is complete."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from baogao.errors import BaogaoError

MEMORY = "1GB"
"""What DuckDB may hold while it groups and joins, before it spills to disk."""


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to write into, which becomes `target` at the end.

    Raises BaogaoError if the target is there already, so that nothing is overwritten.
    """
    if target.exists():
        raise BaogaoError(f"{target} is there already and nothing was written; give a new folder with -o.")
    building = target.with_name(f".{target.name}.tmp")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        yield building
        building.replace(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def write_csv(path: Path, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    """Rows as UTF-8 with line feeds; null is an empty cell, true and false in lower case. Gives the number of rows."""
    n = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow([_cell(row[name]) for name in names])
            n += 1
    return n


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return round(value, 9) if isinstance(value, float) else value

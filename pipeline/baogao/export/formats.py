"""The export formats by name, and the one way into them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

from baogao.dataset.query import find_table, open_source
from baogao.errors import BaogaoError
from baogao.records import TABLES

Shape = Literal["table", "tables", "folder", "reports"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `table` writes a file a table, `tables` one file, `folder` one folder, `reports` one file of reports' spans."""

    shape: Shape
    suffix: str
    writer: str
    """module:function in baogao.export; imported when it is used, for some need a large library."""

    def load(self) -> Callable[..., list[str]]:
        """The function that writes the format."""
        module, function = self.writer.split(":")
        found: Callable[..., list[str]] = getattr(import_module(f"baogao.export.{module}"), function)
        return found


FORMATS: dict[str, Format] = {
    "csv": Format("table", ".csv", "delimited:write_for_excel"),
    "csv-plain": Format("table", ".csv", "delimited:write_plain"),
    "xlsx": Format("tables", ".xlsx", "excel:write_xlsx"),
    "stata": Format("table", ".dta", "stata:write_stata"),
    "sqlite": Format("tables", ".db", "sqlite:write_sqlite"),
    "duckdb": Format("tables", ".duckdb", "duck:write_duckdb"),
    "jsonl": Format("table", ".jsonl", "jsonl:write_jsonl"),
    "datapackage": Format("folder", "", "package:write_datapackage"),
    "graphml": Format("reports", ".graphml", "graph:write_graphml"),
    "docbin": Format("reports", ".spacy", "docbin:write_docbin"),
    "label-studio": Format("reports", ".json", "annotators:write_label_studio"),
    "doccano": Format("reports", ".jsonl", "annotators:write_doccano"),
}


def export(out: Path, to: str, target: Path, *, tables: Sequence[str] = (), where: str | None = None, force: bool = False) -> list[str]:
    """Write the dataset of a run, or some tables of it (all if none is named), to a file or folder.

    The target appears when it is complete. Returns notes for the user. Raises BaogaoError for an unknown format or table, a
    condition that does not fit, or a target that is there already (unless `force`).
    """
    if to not in FORMATS:
        raise BaogaoError(f"There is no format {to}; the formats are {', '.join(FORMATS)}.")
    form = FORMATS[to]
    chosen = [find_table(name) for name in tables] or list(TABLES)
    if form.shape == "reports":
        if tables and chosen != ["reports"]:
            raise BaogaoError(f"{to} shows reports with all their records; leave out --table, and choose reports with --where.")
        chosen = ["reports"]
    if target.exists() and not force:
        raise BaogaoError(f"{target} is there already and nothing was written; give another name with -o, or --force to replace it.")
    building = target.with_name(f".{target.name}.tmp")
    _remove(building)
    try:
        with open_source(out, where) as source:
            for table in chosen:
                source.condition(table)
            notes = _write(form, source, chosen, target, building)
    except BaseException:
        _remove(building)
        raise
    return notes


def _write(form: Format, source: object, tables: Sequence[str], target: Path, building: Path) -> list[str]:
    """Build in a folder beside the target, then move: a table may go on in further files beside the first."""
    target.parent.mkdir(parents=True, exist_ok=True)
    building.mkdir()
    writer = form.load()
    single = form.shape != "folder" and (form.shape != "table" or len(tables) == 1)
    if form.shape == "folder":
        notes = writer(source, tables, building)
    elif form.shape == "tables":
        notes = writer(source, tables, building / target.name)
    elif form.shape == "reports":
        notes = writer(source, building / target.name)
    elif single:
        notes = writer(source, tables[0], building / target.name)
    else:
        notes = [note for table in tables for note in writer(source, table, building / f"{table}{form.suffix}")]
    if single:
        for path in sorted(building.iterdir()):
            _replace(path, target.with_name(path.name))
        building.rmdir()
    else:
        _replace(building, target)
    return notes


def _replace(path: Path, target: Path) -> None:
    if path.is_dir() or target.is_dir():
        _remove(target)
    path.replace(target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

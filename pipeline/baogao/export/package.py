"""A Frictionless data package: plain CSV files with a schema."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from baogao.dataset.package import dataset_version, table_schema, write_descriptor
from baogao.dataset.query import Source
from baogao.export.delimited import write_plain
from baogao.records import SCHEMAS, TABLES


def write_datapackage(source: Source, tables: Sequence[str], folder: Path) -> list[str]:
    """Tables as TABLE.csv and datapackage.json in the folder; `frictionless validate datapackage.json` accepts it.

    Keys into other tables are left out where a condition leaves out rows. An empty cell is null, or an empty text in a column
    that cannot be null.
    """
    resources = []
    for table in tables:
        path = folder / f"{table}.csv"
        write_plain(source, table, path)
        resources.append(_resource(table, path, tables if source.where is None else ()))
    write_descriptor(folder, resources, dataset_version(source.dataset))
    return []


def _resource(table: str, path: Path, tables: Sequence[str]) -> dict[str, Any]:
    schema = table_schema(table, tables)
    for field in schema["fields"]:
        if field["type"] == "string" and not SCHEMAS[table].field(field["name"]).nullable:
            field.get("constraints", {}).pop("required", None)  # an empty text is an empty cell too
            if not field.get("constraints"):
                field.pop("constraints", None)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": table.replace("_", "-"), "title": table, "path": path.name, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "bytes": path.stat().st_size, "hash": f"sha256:{digest}", "description": (TABLES[table].__doc__ or "").strip(),
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {**schema, "missingValues": [""]},
    }  # fmt: skip

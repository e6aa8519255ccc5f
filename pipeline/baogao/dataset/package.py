"""datapackage.json: the dataset as a Frictionless data package, with a description for every column."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from baogao import __version__
from baogao.records import SCHEMAS, TABLES

_KEYS = {
    "pages": "page_id", "texts": "page_id", "reports": "report_id", "sections": "section_id", "sentences": "sentence_id",
    "times": "time_id", "organizations": "organization_id", "activities": "activity_id", "candidates": "candidate_id",
    "passages": "passage_id", "findings": "finding_id",
}  # fmt: skip
_HOME = {key: table for table, key in _KEYS.items() if table != "texts"}


def write_package(dataset: Path) -> None:
    """Describe the tables that lie in the folder `dataset`."""
    package = {
        "profile": "data-package",
        "name": "baogao-dataset",
        "title": "Work reports, structured",
        "baogao_version": __version__,
        "resources": [_resource(dataset, name) for name in TABLES],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    (dataset / "datapackage.json").write_text(text, encoding="utf-8")


def _resource(dataset: Path, name: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(name, field) for field in SCHEMAS[name]]}
    if name in _KEYS:
        schema["primaryKey"] = _KEYS[name]
    foreign = [
        {"fields": f.name, "reference": {"resource": _HOME[f.name], "fields": f.name}}
        for f in SCHEMAS[name]
        if f.name in _HOME and _HOME[f.name] != name
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    paths = [path.relative_to(dataset).as_posix() for path in sorted((dataset / name).glob("part-*.parquet"))]
    description = (TABLES[name].__doc__ or "").strip()
    return {
        "name": name.replace("_", "-"), "title": name, "path": paths, "format": "parquet", "mediatype": "application/vnd.apache.parquet",
        "description": description, "schema": schema,
    }  # fmt: skip


def _field(table: str, field: pa.Field) -> dict[str, Any]:
    metadata = next(f.metadata for f in dataclasses.fields(TABLES[table]) if f.name == field.name)
    result = {"name": field.name, "type": _type(field.type), "description": metadata["description"]}
    constraints: dict[str, Any] = {} if field.nullable else {"required": True}
    if metadata["values"]:
        constraints["enum"] = list(metadata["values"])
    if constraints:
        result["constraints"] = constraints
    if metadata["example"] is not None:
        result["example"] = metadata["example"]
    return result


def _type(type_: pa.DataType) -> str:
    if pa.types.is_list(type_):
        return "array"
    if pa.types.is_map(type_):
        return "object"
    names = {pa.string(): "string", pa.int64(): "integer", pa.float64(): "number", pa.bool_(): "boolean"}
    return names[type_]

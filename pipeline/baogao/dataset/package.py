"""datapackage.json: the dataset as a Frictionless data package, with a description for every column."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from baogao import __version__
from baogao.dataset.keys import PRIMARY, foreign_keys
from baogao.records import SCHEMAS, TABLES


def write_package(dataset: Path) -> None:
    """Describe the tables that lie in the folder `dataset`, with a digest of every file and a version that follows from them."""
    resources = [_resource(dataset, name) for name in TABLES]
    write_descriptor(dataset, resources, _version(resources))


def write_descriptor(folder: Path, resources: Sequence[Mapping[str, Any]], version: str) -> None:
    """Write datapackage.json for resources that lie in the folder."""
    package = {
        "profile": "data-package",
        "name": "baogao-dataset",
        "title": "Work reports, structured",
        "version": version,
        "baogao_version": __version__,
        "resources": list(resources),
    }
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


def dataset_version(dataset: Path) -> str:
    """The dataset's version: 16 hexadecimal digits that follow from the bytes of its tables."""
    return str(json.loads((dataset / "datapackage.json").read_text(encoding="utf-8")).get("version", "unknown"))


def _version(resources: Iterable[Mapping[str, Any]]) -> str:
    parts = "\n".join(f"{part['sha256']} {part['path']}" for resource in resources for part in resource["parts"])
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def _resource(dataset: Path, name: str) -> dict[str, Any]:
    paths = sorted((dataset / name).glob("part-*.parquet"))
    return {
        "name": name.replace("_", "-"), "title": name, "path": [path.relative_to(dataset).as_posix() for path in paths],
        "format": "parquet", "mediatype": "application/vnd.apache.parquet", "description": (TABLES[name].__doc__ or "").strip(),
        "parts": [_part(dataset, path) for path in paths], "schema": table_schema(name),
    }  # fmt: skip


def _part(dataset: Path, path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"path": path.relative_to(dataset).as_posix(), "bytes": path.stat().st_size, "sha256": digest}


def table_schema(name: str, tables: Sequence[str] = tuple(TABLES)) -> dict[str, Any]:
    """Table Schema of a table in a package of `tables`: its fields, its key, and its keys into those tables."""
    schema: dict[str, Any] = {"fields": [_field(name, field) for field in SCHEMAS[name]]}
    if name in PRIMARY:
        schema["primaryKey"] = PRIMARY[name]
    foreign = [
        {"fields": column, "reference": {"resource": "" if home == name else home.replace("_", "-"), "fields": key}}
        for column, home, key in foreign_keys(name)
        if home in tables
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return schema


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

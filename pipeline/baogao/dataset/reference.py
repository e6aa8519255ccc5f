"""The reference pages of the docs that follow from the code: tables and settings, in Markdown."""

from __future__ import annotations

import dataclasses
import inspect
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import BaseModel

from baogao.dataset.keys import PRIMARY, foreign_keys
from baogao.records import SCHEMAS, TABLES
from baogao.settings import Settings


def codebook_page() -> str:
    """docs/codebook.md: every table with its key and every column with its type, meaning, values and an example."""
    lines = [
        "# Codebook", "",
        "Generated from `pipeline/baogao/records.py`: every table and column of the dataset. [annotation.md](annotation.md) says what",
        "counts as an activity, an organization, a heading. Offsets count code points, end exclusive: `start` and `end` in the report's",
        "clean text (`reports.text`), `raw_start` and `raw_end` in the page's raw text (`texts.raw`). Values of fields are Simplified",
        "Chinese, repaired. A masked year is `XXXX` or `20XX` and stays masked. The same rows are the sheet `codebook` of an xlsx export",
        "and the table `codebook` of a SQLite export.", "",
    ]  # fmt: skip
    for name, record in TABLES.items():
        lines += [f"## {name}", "", inspect.getdoc(record) or "", ""]
        if keys := _keys(name):
            lines += [keys, ""]
        lines += ["| column | type | meaning | values | example |", "| --- | --- | --- | --- | --- |"]
        for _, column, type_, null, meaning, values, example in codebook_rows(name):
            marked = ", ".join(f"`{value}`" for value in values.split(", ") if value)
            shown = f"`{example}`" if example else ""
            lines.append(f"| `{column}` | {type_}{', may be null' if null == 'yes' else ''} | {meaning} | {marked} | {shown} |")
        lines.append("")
    return "\n".join(lines)


def _keys(table: str) -> str:
    own = f"Key: `{PRIMARY[table]}`. " if table in PRIMARY else ""
    foreign = ", ".join(f"`{column}` ([{home}](#{home}))" for column, home, _ in foreign_keys(table))
    return (own + (f"Points to: {foreign}." if foreign else "")).strip()


def codebook_rows(*tables: str) -> list[tuple[str, str, str, str, str, str, str]]:
    """The data dictionary: table, column, type, may be null (yes or empty), meaning, values, example."""
    rows = []
    for name in tables or TABLES:
        for f in dataclasses.fields(TABLES[name]):
            arrow = SCHEMAS[name].field(f.name)
            values = ", ".join(f.metadata["values"])
            null = "yes" if arrow.nullable else ""
            rows.append((name, f.name, _type(arrow.type), null, f.metadata["description"], values, column_example(name, f)))
    return rows


def column_note(f: dataclasses.Field[Any]) -> str:
    """What to say beside a column's name: its meaning, its values."""
    values = ", ".join(f.metadata["values"])
    return str(f.metadata["description"]) + (f": {values}" if values else "")


def column_example(table: str, f: dataclasses.Field[Any]) -> str:
    """The column's example; else its first value, or the example of the column that it points to."""
    if f.metadata["example"] is not None:
        return str(f.metadata["example"])
    if f.metadata["values"]:
        return str(f.metadata["values"][0])
    for column, home, key in foreign_keys(table):
        if column == f.name:
            target = next(other for other in dataclasses.fields(TABLES[home]) if other.name == key)
            return str(target.metadata["example"] or "")
    return ""


def _type(type_: pa.DataType) -> str:
    if "struct" in str(type_):
        return "list of structs: " + ", ".join(f.name for f in type_.value_type)
    name: str = (
        str(type_).replace("string", "text").replace("int64", "integer").replace("double", "number").replace("bool", "true or false")
    )
    return name.replace("list<item: ", "list of ").replace("map<text, text>", "map").rstrip(">")


def settings_page() -> str:
    """docs/settings.md: every setting with its default."""
    lines = [
        "# Settings", "",
        "Generated from `pipeline/baogao/settings.py`. All settings have defaults; a YAML file given with `--settings` changes some:",
        "", "```yaml", "clean:", "  line_break: false", "extract:", "  focus: precision", "```", "",
        "A key that does not exist is an error that names the nearest one.", "",
    ]  # fmt: skip
    for stage, model in Settings.model_fields.items():
        lines += [f"## {stage}", "", "| setting | default | meaning |", "| --- | --- | --- |"]
        lines += _rows(model.annotation, f"{stage}.")
        lines.append("")
    return "\n".join(lines)


def _rows(model: object, prefix: str) -> list[str]:
    rows: list[str] = []
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, f in model.model_fields.items():
            if isinstance(f.annotation, type) and issubclass(f.annotation, BaseModel):
                rows += _rows(f.annotation, f"{prefix}{name}.")
            else:
                rows.append(f"| `{prefix}{name}` | `{f.default!r}` | {f.description or ''} |")
    return rows


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, page in (("codebook.md", codebook_page()), ("settings.md", settings_page())):
        (folder / name).write_text(page, encoding="utf-8")

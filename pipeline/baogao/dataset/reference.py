"""The reference pages of the docs that follow from the code: tables and settings, in Markdown."""

from __future__ import annotations

import dataclasses
import inspect
import sys
from pathlib import Path

from pydantic import BaseModel

from baogao.records import SCHEMAS, TABLES
from baogao.settings import Settings


def tables_page() -> str:
    """docs/tables.md: every table with its columns, their values and examples."""
    lines = [
        "# Tables", "",
        "Generated from `pipeline/baogao/records.py`. Offsets count code points, end exclusive: `start` and `end` in the report's clean",
        "text (`reports.text`), `raw_start` and `raw_end` in the page's raw text (`texts.raw`). Values of fields are Simplified Chinese,",
        "repaired. A masked year is `XXXX` or `20XX` and stays masked.", "",
    ]  # fmt: skip
    for name, record in TABLES.items():
        lines += [f"## {name}", "", inspect.getdoc(record) or "", "", "| column | type | meaning |", "| --- | --- | --- |"]
        for f in dataclasses.fields(record):
            arrow = SCHEMAS[name].field(f.name)
            note = f.metadata["description"]
            if f.metadata["values"]:
                note += ": " + ", ".join(f"`{value}`" for value in f.metadata["values"])
            if f.metadata["example"] is not None:
                note += f" (example: `{f.metadata['example']}`)"
            type_ = str(arrow.type).replace("string", "text").replace("int64", "integer").replace("double", "number")
            type_ = (
                "list of spans or structs"
                if "struct" in type_
                else type_.replace("list<item: ", "list of ").replace("map<text, text>", "map").rstrip(">")
            )
            lines.append(f"| `{f.name}` | {type_}{', may be null' if arrow.nullable else ''} | {note} |")
        lines.append("")
    return "\n".join(lines)


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
    for name, page in (("tables.md", tables_page()), ("settings.md", settings_page())):
        (folder / name).write_text(page, encoding="utf-8")

"""Small datasets made record by record, for tests of what reads a dataset."""

from __future__ import annotations

import dataclasses
import typing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from baogao.dataset.package import write_package
from baogao.records import TABLES, to_arrow


def made(table: str, **values: Any) -> Any:
    """A record with the given values; the others are null, empty, zero, or the first of the column's values."""
    record = TABLES[table]
    hints = typing.get_type_hints(record)
    for f in dataclasses.fields(record):
        values.setdefault(f.name, _default(hints[f.name], f.metadata["values"]))
    return record(**values)


def _default(hint: Any, allowed: tuple[str, ...]) -> Any:
    if type(None) in typing.get_args(hint):
        return None
    if typing.get_origin(hint) is tuple:
        return ()
    if typing.get_origin(hint) is dict:
        return {}
    return allowed[0] if allowed else hint()


def write_made(out: Path, rows: list[Any]) -> Path:
    """The output folder of a run that found these records; gives it back."""
    dataset = out / "dataset"
    for table, record in TABLES.items():
        (dataset / table).mkdir(parents=True)
        pq.write_table(to_arrow(table, [row for row in rows if type(row) is record]), dataset / table / "part-00000.parquet")
    write_package(dataset)
    return out


TEXT = "𠀀社区工作总结\n5月份，举办科普讲座3次，由社区党委书记王芳任组长。"


def small() -> list[Any]:
    """Two pages with a report each; the first has a character beyond the BMP, a heading, a time, a unit and an act."""
    return [
        made("pages", page_id="p1", sha256="ab" * 32, title="=1+1", n_reports=1, raw_chars=len(TEXT), metadata={"author": "admin"}),
        made("pages", page_id="p2", sha256="cd" * 32, title="总结", n_reports=1, raw_chars=4),
        made("page_sources", page_id="p1", source="a.html", site="www.a.example", url="http://www.a.example/1", captured="2021-06"),
        made("page_sources", page_id="p2", source="b.txt", site="b"),
        made("texts", page_id="p1", raw=TEXT),
        made("texts", page_id="p2", raw="工作总结"),
        made(
            "reports", report_id="r1", page_id="p1", ordinal=1, title="𠀀社区工作总结", place="柳荫社区", adcode="030406", genre="summary",
            period="2013", signed="2013-12", year_min=2013, year_max=2013, text=TEXT, n_chars=len(TEXT), is_representative=True,
            raw_end=len(TEXT), raw_spans=(), novel_share=1.0, copied_from_sample_share=0.0,
        ),
        made("reports", report_id="r2", page_id="p2", ordinal=1, genre="plan", text="工作总结", n_chars=4, is_representative=True),
        made("sections", section_id="s1", report_id="r1", level=1, heading="𠀀社区工作总结", kind="other", start=0, end=7),
        made("times", time_id="t1", report_id="r1", text="5月份", kind="month", edtf="2013-05", months=(5,), start=8, end=11),
        made("organizations", organization_id="o1", report_id="r1", unit="领导小组", kind="leading_group", parent="社区", start=21, end=34),
        made("roles", organization_id="o1", report_id="r1", role="组长", holder="社区党委书记王芳", start=22, end=30),
        made(
            "activities", activity_id="a1", report_id="r1", section_id="s1", name="科普讲座", type="lecture", status="done", time_id="t1",
            time="5月份", edtf="2013-05", months=(5,), count=3, unit="次", text=TEXT[8:20], start=8, end=20, score=0.9,
        ),
    ]  # fmt: skip

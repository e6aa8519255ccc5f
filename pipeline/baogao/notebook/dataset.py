"""A dataset in a notebook: tables as Arrow, pandas, Polars or DuckDB relations, reports with their records marked."""

from __future__ import annotations

from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pads

from baogao.dataset.restore import restore_text
from baogao.errors import BaogaoError
from baogao.explore.database import open_views
from baogao.explore.render import Span, segments
from baogao.records import SCHEMAS, TABLES

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from spacy.language import Language
    from spacy.tokens import Doc

Row = dict[str, Any]
RECORDS = ("sections", "sentences", "times", "organizations", "roles", "sizes", "activities", "candidates", "exposure", "findings")
"""Tables whose rows belong to one report."""
_STYLE = (
    ".baogao{white-space:pre-wrap;line-height:1.9;max-width:50em}.baogao .activity{background:rgba(179,63,43,.17)}"
    ".baogao .organization{background:rgba(56,97,140,.2)}.baogao .time{border-bottom:2px solid #c58b2a}.baogao .section{font-weight:700}"
)


class Table:
    """One table of a dataset; `repr` tells its columns."""

    def __init__(self, dataset: Dataset, name: str) -> None:
        self.name, self._dataset = name, dataset

    def arrow(self, columns: list[str] | None = None) -> pa.Table:
        """The table, or some of its columns, as an Arrow table."""
        return self._files().to_table(columns=columns)

    def pandas(self, columns: list[str] | None = None) -> pd.DataFrame:
        """The table, or some of its columns, as a pandas data frame; whole numbers that may be missing stay whole (Int64)."""
        import pandas as pd

        return self.arrow(columns).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)

    def polars(self, columns: list[str] | None = None) -> pl.DataFrame:
        """The table, or some of its columns, as a Polars data frame."""
        import polars as pl

        return pl.DataFrame(pl.from_arrow(self.arrow(columns)))

    def relation(self) -> duckdb.DuckDBPyRelation:
        """The table as a DuckDB relation, which reads the files only when asked and may be larger than memory."""
        return self._dataset.connection.table(self.name)

    def _files(self) -> Any:
        return pads.dataset(self._dataset.path / self.name, schema=SCHEMAS[self.name], format="parquet")

    def __len__(self) -> int:
        return int(self._files().count_rows())

    def __repr__(self) -> str:
        return f"<table {self.name}: {len(self):,} rows of {', '.join(SCHEMAS[self.name].names)}>"


class Dataset:
    """A dataset that `baogao run` wrote. `ds.activities` and `ds["activities"]` are its tables, `ds.sql` queries them.

    Raises BaogaoError where the folder holds no finished dataset.
    """

    def __init__(self, path: str | Path) -> None:
        folder = Path(path)
        self.path = folder / "dataset" if (folder / "dataset").is_dir() else folder
        if not (self.path / "datapackage.json").exists():
            raise BaogaoError(f"There is no finished dataset in {folder}; give the output folder of baogao run.")

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection in which every table is a view."""
        return open_views(self.path)

    def sql(self, query: str) -> duckdb.DuckDBPyRelation:
        """The result of an SQL query over the tables; `.df()`, `.pl()` and `.to_arrow_table()` turn it into a frame."""
        return self.connection.sql(query)

    def __getitem__(self, name: str) -> Table:
        if name not in TABLES:
            raise KeyError(f"there is no table {name}; the tables are {', '.join(TABLES)}")
        return Table(self, name)

    def __getattr__(self, name: str) -> Table:
        if name not in TABLES:
            raise AttributeError(f"there is no table {name}; the tables are {', '.join(TABLES)}")
        return Table(self, name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *TABLES]

    def report(self, report_id: str) -> Report:
        """One report with its records. Raises KeyError where there is none of this name."""
        found = self._rows("reports", "report_id", report_id)
        if not found:
            raise KeyError(f"there is no report {report_id}; table reports lists their identifiers")
        return Report(self, found[0])

    def _rows(self, table: str, column: str, value: str) -> list[Row]:
        rows: list[Row] = self[table]._files().to_table(filter=pc.field(column) == value).to_pylist()
        return rows

    def __repr__(self) -> str:
        return f"<dataset {self.path}: {len(self.pages):,} pages, {len(self.reports):,} reports, {len(self.activities):,} activities>"

    def _repr_html_(self) -> str:
        lines = "".join(
            f"<tr><td style='text-align:left'>{name}</td><td>{len(self[name]):,}</td>"
            f"<td style='text-align:left'>{escape((record.__doc__ or '').splitlines()[0])}</td></tr>"
            for name, record in TABLES.items()
        )
        return f"<table><tr><th>table</th><th>rows</th><th>a row is</th></tr>{lines}</table>"


class Report:
    """One report: `text`, `raw`, `fields` (its row of table reports), and its records as lists of dicts (`activities`, `times` ...)."""

    def __init__(self, dataset: Dataset, fields: Row) -> None:
        self._dataset, self.fields = dataset, fields
        self.id, self.text, self.title = str(fields["report_id"]), str(fields["text"]), fields["title"]

    def __getattr__(self, name: str) -> list[Row]:
        if name not in RECORDS:
            raise AttributeError(f"a report has no {name}; it has text, raw, fields, {', '.join(RECORDS)}")
        rows = sorted(self._dataset._rows(name, "report_id", self.id), key=lambda row: row.get("start") or 0)
        if name == "organizations":
            for row in rows:
                row["roles"] = [role for role in self.roles if role["organization_id"] == row["organization_id"]]
        self.__dict__[name] = rows
        return rows

    @cached_property
    def page(self) -> Row:
        """The row of the page that the report stands on."""
        return self._dataset._rows("pages", "page_id", self.fields["page_id"])[0]

    @cached_property
    def raw(self) -> str:
        """The raw text of the page, in which raw_start and raw_end count."""
        return str(self._dataset._rows("texts", "page_id", self.fields["page_id"])[0]["raw"])

    @cached_property
    def body_start(self) -> int:
        """Where the text behind the page's own heading for the report begins, in the clean text."""
        blocks = self._dataset._rows("blocks", "page_id", self.fields["page_id"])
        own = [b for b in blocks if b["role"] in ("title", "body") and self.fields["raw_start"] < b["raw_end"] <= self.fields["raw_end"]]
        if len(own) < 2 or own[0]["role"] != "title":
            return 0
        edits = sorted(self._dataset._rows("edits", "page_id", self.fields["page_id"]), key=lambda edit: edit["raw_start"])
        return restore_text(self.raw, edits, self.fields["raw_spans"]).clean_span(own[1]["raw_start"], own[1]["raw_end"])[0]

    def doc(self, nlp: Language) -> Doc:
        """The report through a pipeline of `baogao.load`, told what the run knew of it: gives the same records as the dataset."""
        doc = nlp.make_doc(self.text)
        doc._.title, doc._.genre, doc._.body_start = self.title, self.fields["genre"], self.body_start
        return nlp(doc)

    def __repr__(self) -> str:
        return f"<report {self.id}: {self.title or self.text[:20]!r}, {self.fields['genre']}, {len(self.activities)} activities>"

    def _repr_html_(self) -> str:
        spans = [
            Span(row["start"], row["end"], kind, row[key], note)
            for table, kind, key in (("sections", "section", "section_id"), ("organizations", "organization", "organization_id"),
                                     ("activities", "activity", "activity_id"), ("times", "time", "time_id"))
            for row in getattr(self, table)
            for note in [_note(kind, row)]
        ]  # fmt: skip
        marked = "".join(
            f'<span class="{escape(part.classes)}" title="{escape(part.note)}">{escape(part.text)}</span>'
            if part.spans
            else escape(part.text)
            for part in segments(self.text, spans)
        )
        facts = " · ".join(escape(str(self.fields[key])) for key in ("issuer", "place", "period", "signed") if self.fields[key])
        return f"<style>{_STYLE}</style><b>{escape(self.title or '')}</b> {self.fields['genre']} {facts}<div class='baogao'>{marked}</div>"


def _note(kind: str, row: Row) -> str:
    if kind == "activity":
        return f"{row['type']}, {row['status']}, {row['edtf'] or 'undated'}"
    if kind == "organization":
        return f"{row['unit']}, {row['kind']}: " + "、".join(f"{role['role']} {role['holder'] or ''}" for role in row["roles"])
    return str(row["edtf"] or row["kind"]) if kind == "time" else str(row["kind"])

"""A dataset's tables through DuckDB: streamed, filtered, with nothing else of the machine within a condition's reach."""

from __future__ import annotations

import difflib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from baogao.errors import BaogaoError
from baogao.records import SCHEMAS, TABLES

BATCH_ROWS = 2_048
"""Rows read at a time: DuckDB's own vector size, so that a batch costs no copy."""
MEMORY = "256MB"
"""What DuckDB may hold before it spills to disk."""


def find_dataset(path: Path) -> Path:
    """The folder with the tables: `path` itself, or `path/dataset` if `path` is a run's output.

    Raises BaogaoError if neither holds a dataset.
    """
    for folder in (path / "dataset", path):
        if (folder / "datapackage.json").is_file():
            return folder
    raise BaogaoError(f"{path} holds no dataset; give the folder that was given to baogao run with -o.")


def find_table(name: str) -> str:
    """The name, if there is such a table. Raises BaogaoError naming the nearest one."""
    if name in TABLES:
        return name
    near = difflib.get_close_matches(name, TABLES, 1)
    hint = f"did you mean {near[0]}?" if near else f"the tables are {', '.join(TABLES)}."
    raise BaogaoError(f"There is no table {name}; {hint}")


@dataclass(frozen=True)
class Source:
    """Tables to be read, with the condition that their rows must meet (None: all rows)."""

    dataset: Path
    connection: duckdb.DuckDBPyConnection
    where: str | None = None

    def count(self, table: str) -> int:
        """Number of rows of a table that meet the condition."""
        return int(self.rows(f"SELECT count(*) FROM {table}{self.condition(table)}")[0][0])

    def batches(self, table: str, columns: Sequence[str] = (), size: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """Rows of a table that meet the condition, in the table's order and schema."""
        schema = SCHEMAS[table]
        names = list(columns) or schema.names
        chosen = ", ".join(f'"{name}"' for name in names)
        yield from self.stream(
            f"SELECT {chosen} FROM {table}{self.condition(table)}", size=size, schema=pa.schema([schema.field(name) for name in names])
        )

    def stream(
        self, query: str, values: Sequence[Any] = (), *, size: int = BATCH_ROWS, schema: pa.Schema | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Result of a query a batch at a time; the condition is not applied."""
        found = self.connection.cursor().sql(query, params=list(values) or None)
        for batch in found.to_arrow_reader(size):
            yield (
                pa.RecordBatch.from_arrays([c.cast(f.type) for c, f in zip(batch.columns, schema, strict=True)], schema=schema)
                if (schema is not None)
                else batch
            )

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a small query's result; the condition is not applied."""
        return self.connection.cursor().execute(query, list(values)).fetchall()

    def records(self, query: str, values: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        """A query's result row by row."""
        for batch in self.stream(query, values):
            yield from batch.to_pylist()

    def condition(self, table: str) -> str:
        """The condition with WHERE before it, if there is one and it fits the table; BaogaoError if it does not fit."""
        return f" WHERE {self.where}" if self.where and check_condition(self.connection, table, self.where) else ""


@contextmanager
def open_source(path: Path, where: str | None = None, memory: str = MEMORY) -> Iterator[Source]:
    """The tables of a run's output as views of a DuckDB that can read them and nothing else.

    No file outside the dataset can be read, and the settings are locked. Raises BaogaoError if there is no dataset.
    """
    dataset = find_dataset(path)
    with _sealed({"main": dataset}, memory) as connection:
        yield Source(dataset, connection, where)


@contextmanager
def open_two(old: Path, new: Path, memory: str = MEMORY) -> Iterator[Source]:
    """The tables of two runs' outputs, as `old.TABLE` and `new.TABLE`; the source's dataset is the new one."""
    datasets = {"old": find_dataset(old), "new": find_dataset(new)}
    with _sealed(datasets, memory) as connection:
        yield Source(datasets["new"], connection)


@contextmanager
def _sealed(datasets: Mapping[str, Path], memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that reads the datasets and nothing else, each with its views in a schema."""
    with tempfile.TemporaryDirectory(prefix="baogao-") as spill:
        config: dict[str, Any] = {"memory_limit": memory, "temp_directory": spill, "threads": 2}
        with duckdb.connect(config=config) as connection:
            connection.execute(f"SET allowed_directories = [{', '.join(_quoted(path.resolve()) for path in datasets.values())}]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            for schema, dataset in datasets.items():
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
                _make_views(connection, schema, dataset)
            yield connection


def _make_views(connection: duckdb.DuckDBPyConnection, schema: str, dataset: Path) -> None:
    for table in TABLES:
        files = sorted((dataset.resolve() / table).glob("part-*.parquet"))
        if not files:
            raise BaogaoError(f"Table {table} is missing in {dataset}; run baogao run again to make it.")
        connection.execute(f"CREATE VIEW {schema}.{table} AS SELECT * FROM read_parquet([{', '.join(map(_quoted, files))}])")
        found = {row[0] for row in connection.execute(f"DESCRIBE {schema}.{table}").fetchall()}
        if absent := [name for name in SCHEMAS[table].names if name not in found]:
            raise BaogaoError(
                f"{dataset} was made by another version (table {table} lacks {absent[0]}); run baogao run again to make it anew."
            )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


_PARTS = ("group_expressions", "group_sets", "having", "qualify", "sample")


def check_condition(connection: duckdb.DuckDBPyConnection, table: str, where: str) -> bool:
    """True for a condition on a table's columns, as behind WHERE in SQL.

    Raises BaogaoError, naming the columns, for one that DuckDB cannot read or that is more than a condition: it is parsed
    alone and may not bring along another statement, a set operation, an order or a limit.
    """
    query = f"SELECT * FROM {table} WHERE {where}"
    parsed = json.loads(connection.execute("SELECT json_serialize_sql(?)", [query]).fetchall()[0][0])
    statements = parsed.get("statements", [])
    node = statements[0]["node"] if len(statements) == 1 else {}
    plain = node.get("type") == "SELECT_NODE" and not node["modifiers"] and not any(node.get(part) for part in _PARTS)
    if parsed["error"] or not plain:
        raise BaogaoError(f"--where {where!r} is no condition; write it as in --where \"genre = 'summary' and year_min >= 2010\".")
    try:
        connection.execute(f"EXPLAIN {query}")
    except duckdb.Error as error:
        message = str(error).splitlines()[0].split(": ", 1)[-1]
        columns = ", ".join(SCHEMAS[table].names)
        raise BaogaoError(f"--where does not fit table {table} ({message.rstrip('.!')}); its columns are {columns}.") from error
    return True

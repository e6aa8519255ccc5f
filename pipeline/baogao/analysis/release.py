"""A copy of a dataset that can be shared: without text, names pseudonymised, to be joined again with one's own archive."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baogao import __version__
from baogao.analysis.files import new_folder
from baogao.dataset.package import dataset_version, write_package
from baogao.dataset.query import find_dataset
from baogao.errors import BaogaoError
from baogao.records import SCHEMAS, TABLES

SLICED = {
    "texts": "raw", "reports": "text", "sections": "heading", "sentences": "text", "times": "text", "organizations": "text",
    "activities": "text", "candidates": "text", "findings": "text", "edits": "before",
}  # fmt: skip
"""Text that the record's own offsets give back."""
PHRASES = {
    "pages": ("title",), "reports": ("title",), "activities": ("name", "time", "audience"), "sizes": ("what",),
}  # fmt: skip
"""Text that is left out, and given back by a pointer into the text where it stands there."""
NAMES = {
    "reports": ("issuer", "place"), "months": ("place",), "organizations": ("unit", "parent"), "roles": ("holder",),
    "activities": ("place", "organizer", "partners"),
}  # fmt: skip
"""Names of persons, units and places: pseudonymised, and given back in the same way."""
HIDDEN = {"page_sources": ("source", "url"), "failures": ("source",)}
"""Addresses and paths: pseudonymised for good."""
LEFT_OUT = {
    "pages": ("metadata",), "passages": ("skeleton",), "passage_uses": ("slot_values",), "findings": ("evidence",),
    "failures": ("error",), "pairs": (), "page_sources": ("warc_record_id",),
}  # fmt: skip
"""What may quote the text and is not given back."""
POINTERS = pa.schema([("table", pa.string()), ("row", pa.int64()), ("column", pa.string()), ("item", pa.int64()), ("home", pa.string()),
                      ("start", pa.int64()), ("end", pa.int64())])  # fmt: skip
"""Where a phrase stands: row of the table's part, item of a list, report (clean text) or page (raw text), [start, end) there."""
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Released:
    """What became of the phrases and names: how many can be joined again, how many stand nowhere as they are written."""

    pointed: int
    lost: int


def read_key(path: Path) -> bytes:
    """The secret in a file; a new one is made if the file is not there. Raises BaogaoError for one that is too short."""
    if not path.exists():
        path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
        path.chmod(0o600)
    key = path.read_bytes().strip()
    if len(key) < 16:
        raise BaogaoError(f"The key in {path} is shorter than 16 characters; give a file with a longer one, or none to have one made.")
    return key


def pseudonym(key: bytes, name: str) -> str:
    """HMAC-SHA256 of a name, 16 hexadecimal digits: the same name is the same pseudonym everywhere, under one key.

    >>> pseudonym(b"0123456789abcdef", "柳荫社区") == pseudonym(b"0123456789abcdef", "柳荫社区")
    True
    """
    return "n" + hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def release(out: Path, target: Path, key: bytes) -> Released:
    """Write the folder `target`: dataset/ with the tables in their own schema, pointers/, join.py and README.md."""
    dataset = find_dataset(out)
    pointed = lost = 0
    with new_folder(target) as folder:
        (folder / "pointers").mkdir()
        for part in sorted(path.name for path in (dataset / "reports").glob("part-*.parquet")):
            homes = _homes(dataset, part)
            pointers: list[dict[str, Any]] = []
            for table in TABLES:
                if (dataset / table / part).exists():
                    lost += _release_part(dataset / table / part, folder / "dataset" / table / part, table, homes, key, pointers)
            pq.write_table(pa.Table.from_pylist(pointers, POINTERS), folder / "pointers" / part, compression="zstd")
            pointed += len(pointers)
        write_package(folder / "dataset")
        (folder / "join.py").write_text(_JOIN, encoding="utf-8")
        (folder / "README.md").write_text(_README.format(version=dataset_version(dataset), baogao=__version__), encoding="utf-8")
    return Released(pointed, lost)


def _homes(dataset: Path, part: str) -> dict[str, str]:
    """Text by identifier: clean text of the part's reports, raw text of its pages."""
    reports = pq.read_table(dataset / "reports" / part, columns=["report_id", "text"])
    texts = pq.read_table(dataset / "texts" / part)
    return dict(
        zip(
            reports["report_id"].to_pylist() + texts["page_id"].to_pylist(),
            reports["text"].to_pylist() + texts["raw"].to_pylist(),
            strict=True,
        )
    )


def _release_part(path: Path, target: Path, table: str, homes: Mapping[str, str], key: bytes, pointers: list[dict[str, Any]]) -> int:
    """Write one part without text; adds to `pointers`, gives the number of phrases that stand nowhere."""
    rows = pq.read_table(path).to_pylist()
    lost = 0
    for number, row in enumerate(rows):
        for column in (*PHRASES.get(table, ()), *NAMES.get(table, ())):
            for item, phrase in _phrases(row[column]):
                place = _place(row, phrase, homes)
                if place:
                    pointers.append({"table": table, "row": number, "column": column, "item": item, **place})
                lost += place is None
        for column in (*NAMES.get(table, ()), *HIDDEN.get(table, ())):
            value = row[column]
            row[column] = [pseudonym(key, name) for name in value] if isinstance(value, list) else value and pseudonym(key, value)
        for left_out in (SLICED.get(table), *PHRASES.get(table, ()), *LEFT_OUT.get(table, ())):
            if left_out:
                row[left_out] = _empty(SCHEMAS[table].field(left_out))
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, SCHEMAS[table]), target, compression="zstd")
    return lost


def _phrases(value: str | list[str] | None) -> Iterator[tuple[int | None, str]]:
    if isinstance(value, list):
        yield from enumerate(value)
    elif value:
        yield None, value


def _place(row: Mapping[str, Any], phrase: str, homes: Mapping[str, str]) -> dict[str, Any] | None:
    """Where a phrase stands: inside the record's span, else first in its report, else first in its page."""
    text = homes.get(row.get("report_id") or "", "")
    for home, where, bounds in (
        (row.get("report_id"), text, (row.get("start", 0) or 0, row.get("end", len(text)))), (row.get("report_id"), text, (0, len(text))),
        (row.get("page_id"), homes.get(row.get("page_id") or "", ""), (0, None)),
    ):  # fmt: skip
        at = where.find(phrase, *bounds) if home else -1
        if at >= 0:
            return {"home": home, "start": at, "end": at + len(phrase)}
    return None


def _empty(field: pa.Field) -> Any:
    if field.nullable:
        return None
    return "" if pa.types.is_string(field.type) else []


def part_rows(folder: Path, table: str, part: str) -> list[dict[str, Any]]:
    """Rows of one part of a table; none if the table has no such part."""
    path = folder / table / part
    return pq.read_table(path).to_pylist() if path.exists() else []


def columns_given_back() -> Iterable[tuple[str, str]]:
    """Tables and columns that joining fills."""
    yield from SLICED.items()
    for source in (PHRASES, NAMES):
        yield from ((table, column) for table, columns in source.items() for column in columns)


_JOIN = '''"""Join the text again from your own archive: python join.py ARCHIVE... -o OUT (needs baogao)."""

import argparse
from pathlib import Path

from baogao.analysis.join import join

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("archive", nargs="+", type=Path, help="files and folders that hold the pages, as for baogao run")
parser.add_argument("-o", "--out", required=True, type=Path, help="new folder for the dataset with its text")
given = parser.parse_args()
for line in join(Path(__file__).parent, given.archive, given.out):
    print(line)
'''
_README = """# A dataset of work reports, without their text

Made from dataset {version} by baogao {baogao}. `dataset/` has the tables of the original (datapackage.json describes them) with text
left out: headings, sentences, clauses and phrases are empty, names of persons, units and places are pseudonyms (the same name
is the same pseudonym), addresses and paths too. Characters that repairs put in (`edits.after`), sites, dates and division codes are kept.

Pages are named by the SHA-256 of their bytes. Who has the same pages can join text and names again, with the same version of baogao:

    python join.py MY-PAGES/ -o joined
"""

"""From the identifiers of one run to those of a later one: by the page's bytes and the place in its raw text."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baogao.analysis.files import MEMORY, new_folder, write_csv
from baogao.dataset.keys import PRIMARY
from baogao.dataset.query import Source, open_two
from baogao.errors import BaogaoError
from baogao.extract.corrections import SAME, parse_correction
from baogao.records import SCHEMAS

ALIKE = {"organizations": "unit", "times": "kind", "activities": "type", "sections": "heading", "candidates": "label", "findings": "kind"}
"""Column that decides between records that share a span: several units may stand in one clause."""
_TABLES = [table for table in PRIMARY if "raw_start" in SCHEMAS[table].names and table != "blocks"]
COLUMNS = ("table", "old_id", "new_id", "match", "overlap", "page_id", "raw_start", "raw_end")


@dataclass(frozen=True, slots=True)
class Crossed:
    """Records by table and match, and what became of each file that was carried over: rows kept, rows lost."""

    records: dict[str, Counter[str]]
    files: dict[str, tuple[int, int]]


def crosswalk(old: Path, new: Path, target: Path, *, codes: Sequence[Path] = (), corrections: Path | None = None) -> Crossed:
    """Write crosswalk.csv, and each file of codes with the identifiers of the new run.

    `match` is `same` (same identifier), `exact` (same place), `overlap` (best overlap, at least half of the union), `merged` (overlap
    with a record that another one goes to as well) or `lost`. Rows of codes whose record is lost go to `lost-FILE`; of corrections,
    which are anchored on sha256 and raw span themselves, those that speak of no record any more.
    """
    counts: dict[str, Counter[str]] = {table: Counter() for table in _TABLES}
    ids: dict[str, str | None] = {}
    files: dict[str, tuple[int, int]] = {}
    with open_two(old, new, MEMORY) as source, new_folder(target) as folder:
        _shift(source)
        write_csv(folder / "crosswalk.csv", COLUMNS, _noted(_matches(source), counts, ids, keep=bool(codes)))
        for path in codes:
            files[path.name] = _told(path.name, folder, _carry_codes(path, folder, ids))
        if corrections:
            files[corrections.name] = _told(corrections.name, folder, _carry_corrections(corrections, folder, source))
    return Crossed(counts, files)


def _told(name: str, folder: Path, counts: tuple[int, int]) -> tuple[int, int]:
    """The counts; the file of what is lost goes if nothing is."""
    if not counts[1]:
        (folder / f"lost-{name}").unlink()
    return counts


def _spans(side: str, table: str) -> str:
    """Records of a side with page, identifier, label and raw span; old spans as they lie in the new raw text."""
    in_page = "page_id" in SCHEMAS[table].names
    page, reports = ("t.page_id", "") if in_page else ("r.page_id", f"JOIN {side}.reports r USING (report_id)")
    label = f"t.{ALIKE[table]}" if table in ALIKE else "''"
    chosen = f"{page} AS page_id, t.{PRIMARY[table]} AS id, {label} AS label, t.raw_start, t.raw_end"
    return f"SELECT {chosen} FROM {side}.{table} t {reports}"


def _shift(source: Source) -> None:
    """New places of old spans on pages whose raw text the reader now reads otherwise: where the span's text stands, if once."""
    source.connection.execute("CREATE TEMP TABLE shifted (tab TEXT, id TEXT, first BIGINT, last BIGINT)")
    changed = """
        SELECT o.page_id, o.raw, n.raw AS new_raw
        FROM old.texts o JOIN new.texts n USING (page_id) WHERE o.raw <> n.raw ORDER BY o.page_id"""
    for page in source.records(changed):
        for table in _TABLES:
            moved = []
            for record in source.records(f"SELECT * FROM ({_spans('old', table)}) WHERE page_id = ?", (page["page_id"],)):
                quote = page["raw"][record["raw_start"] : record["raw_end"]]
                at = page["new_raw"].find(quote)
                if at < 0 or page["new_raw"].find(quote, at + 1) >= 0:
                    at = -1
                moved.append((table, record["id"], at, at + len(quote) if at >= 0 else -1))
            if moved:
                source.connection.executemany("INSERT INTO shifted VALUES (?, ?, ?, ?)", moved)


_BEST = """
    WITH o AS (
        SELECT x.*, coalesce(s.first, x.raw_start) AS first, coalesce(s.last, x.raw_end) AS last
        FROM ({old}) x LEFT JOIN (SELECT * EXCLUDE tab FROM shifted WHERE tab = '{table}') s USING (id)
    ), n AS ({new}), pairs AS (
        SELECT o.id, n.id AS new_id, o.id = n.id AS same, o.label = n.label AS alike,
            (least(o.last, n.raw_end) - greatest(o.first, n.raw_start))
            / (greatest(o.last, n.raw_end) - least(o.first, n.raw_start)) AS overlap
        FROM o JOIN n ON o.page_id = n.page_id AND n.raw_start < o.last AND n.raw_end > o.first
    ), best AS (
        SELECT id, arg_max(new_id, (overlap, same, alike, new_id)) AS new_id, max(overlap) AS overlap
        FROM pairs WHERE overlap >= {same} GROUP BY id
    ), used AS (SELECT new_id, count(*) AS uses FROM best GROUP BY new_id)
    SELECT '{table}' AS "table", o.id AS old_id, b.new_id,
        CASE WHEN b.new_id IS NULL THEN 'lost' WHEN b.new_id = o.id THEN 'same' WHEN u.uses > 1 THEN 'merged'
            WHEN b.overlap = 1 THEN 'exact' ELSE 'overlap' END AS match,
        b.overlap, o.page_id, o.raw_start, o.raw_end
    FROM o LEFT JOIN best b USING (id) LEFT JOIN used u ON u.new_id = b.new_id
    ORDER BY o.page_id, o.raw_start, o.raw_end, o.id
"""


def _matches(source: Source) -> Iterator[dict[str, Any]]:
    for table in _TABLES:
        query = _BEST.format(old=_spans("old", table), new=_spans("new", table), table=table, same=SAME)
        for batch in source.connection.sql(query).to_arrow_reader(10_000):
            yield from batch.to_pylist()


def _noted(
    rows: Iterator[dict[str, Any]], counts: dict[str, Counter[str]], ids: dict[str, str | None], *, keep: bool
) -> Iterator[dict[str, Any]]:
    for row in rows:
        counts[row["table"]][row["match"]] += 1
        if keep:
            ids[row["old_id"]] = row["new_id"]
        yield row


def _carry_codes(path: Path, folder: Path, ids: dict[str, str | None]) -> tuple[int, int]:
    """A CSV file with identifiers in columns named like those of the tables; every one in a row must have a new one."""
    kept = lost = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = list(reader.fieldnames or ())
            columns = [name for name in names if name in PRIMARY.values() and name != "page_id"]
            if not columns:
                raise BaogaoError(f"{path} has no column with identifiers, as report_id, activity_id or candidate_id; name it so.")
            with (
                (folder / path.name).open("w", encoding="utf-8", newline="") as good,
                (folder / f"lost-{path.name}").open("w", encoding="utf-8", newline="") as bad,
            ):
                carried, left = (csv.DictWriter(part, names, lineterminator="\n") for part in (good, bad))
                carried.writeheader()
                left.writeheader()
                for row in reader:
                    moved = {name: ids.get(row[name]) for name in columns if row[name]}
                    if all(moved.values()):
                        carried.writerow(row | {name: value or "" for name, value in moved.items()})
                        kept += 1
                    else:
                        left.writerow(row)
                        lost += 1
    except (OSError, UnicodeError) as error:
        raise BaogaoError(f"The codes {path} cannot be read ({error}); give a CSV file in UTF-8.") from error
    return kept, lost


def _carry_corrections(path: Path, folder: Path, source: Source) -> tuple[int, int]:
    """Corrections that the new run can apply stay as they are; one added or of a page or place that is gone is lost."""
    kept = lost = 0
    with (
        (folder / path.name).open("w", encoding="utf-8", newline="\n") as good,
        (folder / f"lost-{path.name}").open("w", encoding="utf-8", newline="\n") as bad,
    ):
        for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
                holds = _holds(item, source)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BaogaoError(f"{path}, line {number}: no correction ({error}); docs/explore.md describes them.") from error
            (good if holds else bad).write(line + "\n")
            kept, lost = kept + holds, lost + (not holds)
    return kept, lost


def _holds(item: dict[str, Any], source: Source) -> bool:
    """Whether there is a report around the correction's span, as baogao run asks; a genre is one of the whole report."""
    correction = parse_correction(item)
    found = source.rows(
        "SELECT count(*) FROM new.reports r JOIN new.pages p USING (page_id) WHERE p.sha256 = ? AND r.raw_start <= ? AND r.raw_end >= ?",
        (item["sha256"], *correction.span),
    )
    return bool(found[0][0])

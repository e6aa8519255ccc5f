"""A stratified random sample of clauses for coding by hand, accepted and rejected ones, with the predictions kept apart."""

from __future__ import annotations

import csv
import random
from bisect import bisect_right
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from baogao.analysis.files import new_folder, write_csv
from baogao.dataset.query import Source, open_source
from baogao.errors import BaogaoError
from baogao.records import ACTIVITY_STATUS, ACTIVITY_TYPES

BANDS = (0.05, 0.2, 0.5, 0.8)
"""Bounds of the bands of probability that, with acceptance, make the strata."""
CONTEXT = 80
"""Characters shown on either side of a clause."""
KEY, SHEETS, FOUND = "key.csv", "coding.xlsx", "found.csv"


@dataclass(frozen=True, slots=True)
class Item:
    """A clause of the sample: what the design and the program know of it. Coders must not see this."""

    item: int
    candidate_id: str
    report_id: str
    sha256: str
    raw_start: int
    raw_end: int
    stratum: str
    stratum_size: int
    stratum_drawn: int
    inclusion_probability: float
    accepted: bool
    probability: float
    site: str
    family: str
    genre: str
    type: str | None
    status: str | None
    months: str | None


ITEM_COLUMNS = tuple(f.name for f in fields(Item))
_FOUND = """
    SELECT 'all' AS of, count(*) AS found FROM activities
    UNION ALL SELECT 'genre ' || r.genre, count(*) FROM activities JOIN reports r USING (report_id) GROUP BY r.genre
    UNION ALL SELECT 'type ' || type, count(*) FROM activities GROUP BY type ORDER BY of
"""
"""What the program counts, to stand beside what the sample estimates."""
_CANDIDATES = "SELECT candidate_id, accepted, probability FROM candidates WHERE label = 'activity'"
_ABOUT = """
    WITH drawn AS (SELECT c.* FROM candidates c WHERE c.candidate_id IN (SELECT unnest($ids))),
    act AS (
        SELECT d.candidate_id, arg_max({type: a.type, status: a.status, months: a.months},
            (least(a."end", d."end") - greatest(a.start, d.start), a.activity_id)) AS told
        FROM drawn d JOIN activities a ON a.report_id = d.report_id AND a.start < d."end" AND a."end" > d.start
        WHERE d.accepted GROUP BY d.candidate_id)
    SELECT c.*, r.title, r.genre, p.sha256, substr(r.text, 1 + greatest(c.start - {context}, 0), least(c.start, {context})) AS front,
        substr(r.text, 1 + c."end", {context}) AS back, act.told.type AS type, act.told.status AS status, act.told.months AS months,
        coalesce(r.cluster_id, r.report_id) AS family,
        coalesce((SELECT min(s.site) FROM page_sources s WHERE s.page_id = r.page_id), '') AS site
    FROM drawn c JOIN reports r USING (report_id) JOIN pages p ON p.page_id = r.page_id LEFT JOIN act USING (candidate_id)
    ORDER BY c.candidate_id
"""


def draw_sample(out: Path, target: Path, *, size: int, seed: int) -> list[Item]:
    """Write coding.xlsx for two coders, key.csv and found.csv; gives the items.

    Strata are acceptance by the program and bands of its probability; each gets the same number of clauses, drawn without replacement, as
    far as it has so many. Items stand in random order, so that their place says nothing. Raises BaogaoError if nothing was judged.
    """
    with open_source(out) as source:
        drawn = _draw(source, size, seed)
        if not drawn:
            raise BaogaoError(f"{out} has no clauses to draw from; table candidates is empty.")
        found = list(source.records(_FOUND))
        about = list(source.records(_ABOUT.replace("{context}", str(CONTEXT)).replace("$ids", "?"), (list(drawn),)))
    random.Random(f"{seed} order").shuffle(about)
    items = [_item(number, row, *drawn[row["candidate_id"]]) for number, row in enumerate(about, 1)]
    with new_folder(target) as folder:
        write_csv(folder / KEY, ITEM_COLUMNS, [{name: getattr(item, name) for name in ITEM_COLUMNS} for item in items])
        write_csv(folder / FOUND, ("of", "found"), found)
        _write_sheets(folder / SHEETS, about)
    return items


def _draw(source: Source, size: int, seed: int) -> dict[str, tuple[str, int, int]]:
    """Candidate -> its stratum, the stratum's size and number drawn. One pass, with a reservoir a stratum (Vitter 1985, algorithm R)."""
    reservoirs: dict[str, list[str]] = {}
    sizes: dict[str, int] = {}
    lottery = random.Random(seed)
    for row in source.records(_CANDIDATES):
        band = bisect_right(BANDS, row["probability"])
        stratum = f"{'accepted' if row['accepted'] else 'rejected'} {(0, *BANDS)[band]}-{(*BANDS, 1)[band]}"
        sizes[stratum] = n = sizes.get(stratum, 0) + 1
        reservoir = reservoirs.setdefault(stratum, [])
        if n <= size:
            reservoir.append(row["candidate_id"])
        elif (place := lottery.randrange(n)) < size:
            reservoir[place] = row["candidate_id"]
    drawn: dict[str, tuple[str, int, int]] = {}
    for stratum, number in allocate(sizes, size).items():
        for candidate in lottery.sample(reservoirs[stratum], number):
            drawn[candidate] = (stratum, sizes[stratum], number)
    return drawn


def allocate(sizes: dict[str, int], total: int) -> dict[str, int]:
    """Equal shares of `total` for the strata, none more than it has; what a small one leaves goes to the others.

    >>> allocate({"a": 2, "b": 100, "c": 50}, 30)
    {'a': 2, 'b': 14, 'c': 14}
    """
    shares = dict.fromkeys(sorted(sizes), 0)
    left = min(total, sum(sizes.values()))
    while left:
        open_ones = [name for name in shares if shares[name] < sizes[name]]
        each = max(1, left // len(open_ones))
        for name in open_ones[:left]:
            more = min(each, sizes[name] - shares[name])
            shares[name] += more
            left -= more
    return shares


def _item(number: int, row: dict[str, Any], stratum: str, size: int, drawn: int) -> Item:
    months = " ".join(map(str, row["months"])) if row["months"] is not None else None
    return Item(
        number, row["candidate_id"], row["report_id"], row["sha256"], row["raw_start"], row["raw_end"], stratum, size, drawn, drawn / size,
        row["accepted"], row["probability"], row["site"], row["family"], row["genre"], row["type"], row["status"], months,
    )  # fmt: skip


CODES = (("is_activity", ("yes", "no")), ("type", ACTIVITY_TYPES), ("status", ACTIVITY_STATUS), ("months", ()))
"""What coders fill in, and the values that each may take."""
_GUIDE = (
    "Decide for each item whether the clause in 【 】 tells an activity, by docs/annotation.md, section 5.",
    "is_activity: yes or no. If yes, fill in type, status and months (1 to 12, with spaces between; empty if undated).",
    "Work alone, in the sheet of your number; discuss afterwards, and put what you agree on into the sheet `agreed`.",
)


def _write_sheets(path: Path, about: list[dict[str, Any]]) -> None:
    import datetime

    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": "baogao sample", "created": datetime.datetime(2000, 1, 1)})  # a fixed date: the same bytes
        guide = book.add_worksheet("guide")
        for i, line in enumerate(_GUIDE):
            guide.write_string(i, 0, line)
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for name in ("coder 1", "coder 2", "agreed"):
            _write_sheet(book.add_worksheet(name), about, wrap)


def _write_sheet(sheet: Any, about: list[dict[str, Any]], wrap: Any) -> None:
    for i, name in enumerate(("item", "report", "clause", *(name for name, _ in CODES), "note")):
        sheet.write_string(0, i, name)
    sheet.freeze_panes(1, 1)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 2, 80)
    for number, row in enumerate(about, 1):
        sheet.write_number(number, 0, number)
        sheet.write_string(number, 1, row["title"] or "", wrap)
        sheet.write_string(number, 2, f"…{row['front']}【{row['text']}】{row['back']}…", wrap)
    for i, (_, values) in enumerate(CODES, 3):
        if values:
            sheet.data_validation(1, i, max(1, len(about)), i, {"validate": "list", "source": list(values)})


def read_key(folder: Path) -> list[Item]:
    """Items of a sample. Raises BaogaoError if the folder holds none."""
    try:
        with (folder / KEY).open(encoding="utf-8", newline="") as file:
            return [_read_item(row) for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError) as error:
        raise BaogaoError(f"{folder} holds no sample ({error}); give the folder that baogao sample wrote.") from error


def read_found(folder: Path) -> dict[str, int]:
    """What the program counts: all, by genre and by type."""
    with (folder / FOUND).open(encoding="utf-8", newline="") as file:
        return {row["of"]: int(row["found"]) for row in csv.DictReader(file)}


def _read_item(row: dict[str, str]) -> Item:
    size, drawn = int(row["stratum_size"]), int(row["stratum_drawn"])
    return Item(
        int(row["item"]), row["candidate_id"], row["report_id"], row["sha256"], int(row["raw_start"]), int(row["raw_end"]), row["stratum"],
        size, drawn, drawn / size, row["accepted"] == "true", float(row["probability"]), row["site"], row["family"], row["genre"],
        row["type"] or None, row["status"] or None, row["months"] or None,
    )  # fmt: skip

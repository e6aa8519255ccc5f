"""Reports rewritten together with their annotations: words exchanged, years moved, paragraphs taken from several reports.

What is rewritten here cannot be told from the text afterwards (a changed name, a masked year, a spun word), so the
annotations' values change with it. Damage that a reader can undo is made by damage.py and leaves the values alone.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from lunar_python import Lunar

from baogao.corpus import Annotation, Report
from baogao.text import Edit, EditedText

LAYERS = ("headings", "times", "organizations", "activities", "findings")
MOVING = {"春节": (1, 1, [1, 2]), "元宵": (1, 15, [2, 3]), "端午": (5, 5, [5, 6]), "七夕": (7, 7, [7, 8]),
          "中秋": (8, 15, [9, 10]), "重阳": (9, 9, [10, 11])}  # fmt: skip
"""Festivals of the lunar calendar: month and day there, and the months that they can fall in."""

_NUMBER = re.compile(r"\d+")


def copied(report: Report, **changes: Any) -> Report:
    """A report of its own that shares no annotation with the one it was made from."""
    return replace(copy.deepcopy(report), **changes)


class Values(Protocol):
    """What becomes of an annotation's text, given the annotation's place in the report's text as it was."""

    def __call__(self, value: str, place: tuple[int, int]) -> str: ...


def rewrite(report: Report, edits: Sequence[Edit], values: Values) -> Report:
    """The report with edits made on its text (sorted, not overlapping) and `values` applied to the annotations' texts.

    What an edit of kind `number` exchanges inside an annotation's clause is exchanged in its counts too. Raises ValueError for an
    edit that crosses an annotation's edge.
    """
    text = EditedText(report.text, tuple(edits))
    result = copied(report, text=text.text)
    for layer in LAYERS:
        for item in getattr(result, layer):
            inside = [edit for edit in edits if item["start"] <= edit.start and edit.end <= item["end"]]
            if any(edit.start < item["end"] and item["start"] < edit.end and edit not in inside for edit in edits):
                raise ValueError(f"{report.id}: an edit crosses the edge of {item['quote']!r}")
            numbers = _numbers(report.text, [edit for edit in inside if edit.kind == "number"])
            place = item["start"], item["end"]
            item["start"], item["end"] = text.clean_span(*place)
            item["quote"] = result.text[item["start"] : item["end"]]
            _change_values(item, partial(values, place=place), numbers)
    for field in ("title", "issuer"):
        if result.header[field]:
            result.header[field] = values(str(result.header[field]), (0, 0))
    return result


def _numbers(text: str, edits: Sequence[Edit]) -> dict[int, int]:
    """Old number -> new one, from the edits that exchange as many numbers as they found."""
    pairs: dict[int, int] = {}
    for edit in edits:
        old, new = _NUMBER.findall(text[edit.start : edit.end]), _NUMBER.findall(edit.after)
        if len(old) == len(new):
            pairs.update(zip(map(int, old), map(int, new), strict=True))
    return pairs


def _change_values(item: Annotation, values: Callable[[str], str], numbers: dict[int, int]) -> None:
    for field in ("name", "time", "place", "organizer", "audience", "unit", "parent"):
        if item.get(field):
            item[field] = values(item[field])
    if "partners" in item:
        item["partners"] = [values(partner) for partner in item["partners"]]
    for role in item.get("roles", ()):
        role["holder"] = values(role["holder"]) if role["holder"] else None
    for field in ("participants", "count"):
        if item.get(field) in numbers:
            item[field] = numbers[item[field]]
    for size in item.get("sizes", ()):
        size["what"], size["count"] = values(size["what"]), numbers.get(size["count"], size["count"])


def compose(parts: Sequence[tuple[Report, int, int]], like: Report) -> tuple[Report, list[tuple[Report, int]]]:
    """A report made of paragraphs [first, last], counted from 1, of other reports, with the header of `like`.

    Also, for each of its paragraphs, the report and the paragraph that it was taken from. An annotation comes along if one
    part holds it whole.
    """
    lines: list[str] = []
    origins: list[tuple[Report, int]] = []
    result = copied(like, **{layer: [] for layer in LAYERS})
    for source, first, last in parts:
        paragraphs = source.text.split("\n")
        if not 1 <= first <= last <= len(paragraphs):
            raise ValueError(f"{source.id} has paragraphs 1 to {len(paragraphs)}, not {first} to {last}")
        start = sum(len(line) + 1 for line in paragraphs[: first - 1])
        end = start + len("\n".join(paragraphs[first - 1 : last]))
        shift = sum(len(line) + 1 for line in lines) - start
        for layer in LAYERS:
            for item in getattr(source, layer):
                if start <= item["start"] and item["end"] <= end:
                    moved = copy.deepcopy(item)
                    moved["start"], moved["end"] = item["start"] + shift, item["end"] + shift
                    getattr(result, layer).append(moved)
        lines += paragraphs[first - 1 : last]
        origins += [(source, number) for number in range(first, last + 1)]
    return replace(result, text="\n".join(lines)), origins


def change_dates(report: Report, change: Callable[[Annotation], tuple[str | None, list[int]]], edtf: Callable[[str], str]) -> Report:
    """The report with every time expression's value and months as `change` gives them, and `edtf` applied to other dates.

    An activity that took its date from a time expression takes that expression's new date.
    """
    result = copied(report)
    links = [_time_of(act, result.times) for act in result.activities]
    for time in result.times:
        time["value"], time["months"] = change(time)
    for act, link in zip(result.activities, links, strict=True):
        if link is not None:
            act["value"], act["months"] = link["value"], list(link["months"])
        elif act["value"]:
            act["value"] = edtf(act["value"])
    for unit in result.organizations:
        unit["founded"] = edtf(unit["founded"]) if unit["founded"] else None
    for field in ("period", "signed"):
        if result.header[field]:
            result.header[field] = edtf(str(result.header[field]))
    return result


def _time_of(act: Annotation, times: Sequence[Annotation]) -> Annotation | None:
    """The time expression that an activity's date was taken from; None where it has none or a date of its own."""
    same = [time for time in times if time["quote"] == act["time"]]
    nearest = min(same, key=lambda time: (abs(time["start"] - act["start"]), time["start"]), default=None)
    return nearest if nearest and (nearest["value"], nearest["months"]) == (act["value"], act["months"]) else None


def moving_festival(quote: str, year: int | None) -> tuple[str | None, list[int]] | None:
    """Value and months of a festival of the lunar calendar in a year, or without one; None if the quote names no such festival."""
    for name, (month, day, months) in MOVING.items():
        if name in quote:
            if year is None:
                return None, list(months)
            solar = Lunar.fromYmd(year, month, day).getSolar()
            return f"{year}-{solar.getMonth():02}", [solar.getMonth()]
    return None

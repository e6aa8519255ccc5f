"""From a coded sample to precision, recall and corrected counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from baogao.analysis.coding import Codes, read_codes
from baogao.analysis.sample import Item, read_found, read_key
from baogao.analysis.survey import Array, Design, Estimate, labels, share
from baogao.errors import BaogaoError


@dataclass(frozen=True, slots=True)
class Line:
    """A measure of all activities or of a genre or type; `found` is what the program counts, for counts only."""

    measure: str
    of: str
    found: int | None
    estimate: Estimate


def estimates(folder: Path, sheet: str) -> list[Line]:
    """Precision, recall, accuracy of type and status, and corrected counts, from the codes of one sheet.

    Raises BaogaoError if an item is not coded: the others would not be a random sample any more.
    """
    items, codes = read_key(folder), read_codes(folder, sheet)
    missing = [item.item for item in items if "is_activity" not in codes.get(item.item, {})]
    if missing:
        raise BaogaoError(
            f"Sheet {sheet} lacks is_activity for {len(missing)} of {len(items)} items (the first is {missing[0]}); code them all first."
        )
    return list(_lines(items, codes, read_found(folder)))


def _lines(items: list[Item], codes: Codes, counts: Mapping[str, int]) -> Iterator[Line]:
    design = _design(items)
    accepted = _flags([item.accepted for item in items])
    true = _flags([codes[item.item]["is_activity"] == "yes" for item in items])
    yield Line("precision", "all", None, share(design, accepted * true, accepted))
    yield Line("recall", "all", None, share(design, accepted * true, true))
    for field in ("type", "status"):
        coded = [codes[item.item].get(field) for item in items]
        right = _flags([getattr(item, field) == code for item, code in zip(items, coded, strict=True)])
        known = _flags([code is not None for code in coded])
        yield Line(f"{field} right", "all", None, share(design, accepted * true * known * right, accepted * true * known))
    yield _count("all", counts, design, true)
    for genre in sorted({item.genre for item in items}):
        own = _flags([item.genre == genre for item in items])
        yield Line("precision", f"genre {genre}", None, share(design, accepted * true * own, accepted * own))
        yield Line("recall", f"genre {genre}", None, share(design, accepted * true * own, true * own))
        yield _count(f"genre {genre}", counts, design, true * own)
    for type_ in sorted({code["type"] for code in codes.values() if "type" in code} | {item.type for item in items if item.type}):
        told = _flags([codes[item.item].get("type") == type_ for item in items])
        yield _count(f"type {type_}", counts, design, told * true)


def _count(of: str, counts: Mapping[str, int], design: Design, true: Array) -> Line:
    """A corrected count: the share of all judged clauses that tell such an activity, times their number."""
    part, total = share(design, true, np.ones(len(true))), float(np.sum(design.sizes))
    scaled = Estimate(int(true.sum()), *(total * x for x in (part.value, part.low, part.high, part.archive_low, part.archive_high)))
    return Line("count", of, counts.get(of, 0), scaled)


def _flags(values: list[bool]) -> Array:
    return np.array(values, dtype=float)


def _design(items: list[Item]) -> Design:
    strata = labels([item.stratum for item in items])
    sizes, drawn = np.zeros(strata.max() + 1), np.zeros(strata.max() + 1)
    for number, item in zip(strata, items, strict=True):
        sizes[number], drawn[number] = item.stratum_size, item.stratum_drawn
    return Design(strata, sizes, drawn, labels([item.site for item in items]), labels([item.family for item in items]))

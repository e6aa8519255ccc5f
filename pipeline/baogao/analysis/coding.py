"""What coders wrote into the sheets of a sample, and how far they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from baogao.analysis.sample import CODES, SHEETS
from baogao.errors import BaogaoError

Codes = dict[int, dict[str, str]]
"""Item -> field -> value; a field that was left empty is missing."""


def read_codes(folder: Path, sheet: str) -> Codes:
    """Codes of one sheet of coding.xlsx.

    Raises BaogaoError if there is no such sheet, or for a value that a field cannot take, naming its cell.
    """
    import openpyxl

    path = folder / SHEETS if folder.is_dir() else folder
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise BaogaoError(
            f"{path} cannot be read ({error}); give the folder that baogao sample wrote, with coding.xlsx filled in."
        ) from error
    if sheet not in book.sheetnames:
        raise BaogaoError(f"{path} has no sheet {sheet}; its sheets are {', '.join(book.sheetnames)}.")
    rows = book[sheet].iter_rows(values_only=True)
    names = [str(name) for name in next(rows)]
    codes: Codes = {}
    for number, row in enumerate(rows, 2):
        found = dict(zip(names, row, strict=False))
        if found.get("item") is not None:
            values = {field: _value(found.get(field), field, allowed, number) for field, allowed in CODES}
            codes[int(str(found["item"]))] = {field: value for field, value in values.items() if value}
    book.close()
    return codes


def _value(value: object, field: str, allowed: tuple[str, ...], row: int) -> str:
    text = str(value).strip() if value is not None else ""
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    if field == "months":
        parts = text.replace(",", " ").replace("，", " ").replace("、", " ").split()
        if not all(part.isdigit() and 1 <= int(part) <= 12 for part in parts):
            raise BaogaoError(f"Row {row}, column months: {text!r} is no list of months; write them as 5 6.")
        return " ".join(str(int(part)) for part in parts)
    if text and text not in allowed:
        raise BaogaoError(f"Row {row}, column {field}: {text!r} is none of {', '.join(allowed)}.")
    return text


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two coders agree on a field; None where it cannot be said (one value only)."""

    field: str
    items: int
    agreed: float
    kappa: float | None
    alpha: float | None


def agreement(one: Codes, two: Codes) -> list[Agreement]:
    """Share of equal values, Cohen's kappa and Krippendorff's alpha (nominal) by field, over the items that both coded.

    Type, status and months are compared where both say that the clause is an activity; no months are a value of their own.
    """
    shared = sorted(one.keys() & two.keys())
    both = [item for item in shared if one[item].get("is_activity") == two[item].get("is_activity") == "yes"]
    found = []
    for field, _ in CODES:
        items = shared if field == "is_activity" else both
        pairs = [(one[item].get(field), two[item].get(field)) for item in items]
        if field == "months":
            pairs = [(a or "none", b or "none") for a, b in pairs]
        found.append(_measure(field, [(a, b) for a, b in pairs if a and b]))
    return found


def _measure(field: str, pairs: Sequence[tuple[str | None, str | None]]) -> Agreement:
    import krippendorff
    from sklearn.metrics import cohen_kappa_score

    if not pairs:
        return Agreement(field, 0, float("nan"), None, None)
    values = sorted({str(value) for pair in pairs for value in pair})
    a, b = (np.array([values.index(str(pair[i])) for pair in pairs]) for i in (0, 1))
    agreed = float(np.mean(a == b))
    if len(values) < 2:
        return Agreement(field, len(pairs), agreed, None, None)
    kappa = float(cohen_kappa_score(a, b))
    alpha = float(krippendorff.alpha(reliability_data=np.array([a, b]), level_of_measurement="nominal"))
    return Agreement(field, len(pairs), agreed, kappa, alpha)

"""How two reports relate: page, site, issuer, place, and which was copied from which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from baogao.reuse.dates import Written, gap, written, year_of
from baogao.reuse.folding import codes_of, fold, text_of

Direction = Literal["a_to_b", "b_to_a", "undetermined"]
PlaceRelation = Literal["same", "different", "unknown"]

_UNNAMED = re.compile(r"[我本该贵各某×*_＿#＃○□]|[xXｘＸ]{2}|(?:[xXｘＸ]+(?:省|市|县|区|镇|乡|街|村|社))")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a report besides its text."""

    report_id: str
    page_id: str
    site: str | None
    issuer: str | None
    place: str | None
    title: str | None
    written: Written
    year: int | None
    """The one year that the report is about or was signed in."""

    def names(self, name: str) -> bool:
        """Whether the report's issuer, place or title has a name."""
        folded = text_of(fold(codes_of(name))[0])
        return any(own is not None and folded in text_of(fold(codes_of(own))[0]) for own in (self.issuer, self.place, self.title))


def facts_of(row: Mapping[str, Any]) -> Facts:
    """Facts from a row of the reports' columns."""
    body = f"{row['year_min']}/{row['year_max']}" if row["year_basis"] == "body" else None
    return Facts(
        row["report_id"],
        row["page_id"],
        row["site"],
        row["issuer"],
        row["place"],
        row["title"],
        written({"signed": row["signed"], "period": row["period"], "body": body}, row["published"]),
        year_of(row["period"]) or year_of(row["signed"]),
    )


_OWN_PLACE = re.compile(r"(?:中共|共青团)?([\u4e00-\u9fff]{2,8}?)(社区|街道|小区|镇|乡|村|县|区|市)(?![场政区])")


def own_place(facts: Facts) -> tuple[str, str] | None:
    """Name and kind of the place whose report it is, from issuer or place: the last one named (青石桥街道柳荫社区).

    >>> from baogao.reuse.dates import Written
    >>> own_place(Facts("r", "p", None, "中共青石桥街道柳荫社区总支部", None, None, Written(None, None), None))
    ('柳荫', '社区')
    >>> own_place(Facts("r", "p", None, "宏昌批发市场", None, None, Written(None, None), None)) is None
    True
    """
    for name in (facts.issuer, facts.place):
        found = _OWN_PLACE.findall(proper_name(name) or "")
        if found:
            return str(found[-1][0]), str(found[-1][1])
    return None


def proper_name(name: str | None) -> str | None:
    """The name in letters, digits and Han; None if it is masked or no name of its own (我社区, 某街道, 社区).

    >>> proper_name("（柳荫）社区"), proper_name("本社区"), proper_name("××街道"), proper_name("社区")
    ('柳荫社区', None, None, None)
    """
    if not name or _UNNAMED.search(name):
        return None
    folded = text_of(fold(codes_of(name))[0])
    return folded if len(folded) > 2 else None


def same_issuer(a: Facts, b: Facts) -> bool:
    """Whether both have an issuer with a name of its own, and the same."""
    name = proper_name(a.issuer)
    return name is not None and name == proper_name(b.issuer)


def place_relation(a: Facts, b: Facts) -> PlaceRelation:
    """Whether the places are the same; a place with and without the units above it (青石桥街道柳荫社区, 柳荫社区) is one."""
    one, other = proper_name(a.place), proper_name(b.place)
    if one is None or other is None:
        return "unknown"
    return "same" if one.endswith(other) or other.endswith(one) else "different"


def direction(a: Facts, b: Facts) -> tuple[Direction, str | None]:
    """Which is the older, and the dates that it was judged by; undetermined unless the months in which each was written lie apart."""
    one, other = a.written.months, b.written.months
    basis = f"a: {a.written.basis or 'no date'}; b: {b.written.basis or 'no date'}"
    if one is None or other is None:
        return "undetermined", basis if one or other else None
    if one.is_before(other):
        return "a_to_b", basis
    return ("b_to_a" if other.is_before(one) else "undetermined"), basis


def months_between(a: Facts, b: Facts) -> tuple[int | None, int | None]:
    """Least and largest number of months between the two reports."""
    return gap(a.written.months, b.written.months)

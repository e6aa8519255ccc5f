"""What the extractors find in a report, with offsets in its clean text; rows.py makes table records of it."""

from __future__ import annotations

from dataclasses import dataclass

from baogao.extract.times import TimeExpression


@dataclass(frozen=True, slots=True)
class UnitRole:
    """A role in a unit and who holds it (None in an empty form); the span is that of the holder, or of the empty role word."""

    role: str
    holder: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class UnitSize:
    """A number of members or parts: 18家成员单位 is (成员单位, 18)."""

    what: str
    count: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unit:
    """An organizational structure that text[start:end] states."""

    start: int
    end: int
    unit: str
    kind: str
    status: str
    founded: str | None
    parent: str | None
    roles: tuple[UnitRole, ...]
    sizes: tuple[UnitSize, ...]
    rule: str
    score: float
    checked: str | None = None


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a clause says of its act besides type, status and time."""

    name: str
    place: str | None
    organizer: str | None
    partners: tuple[str, ...]
    audience: str | None
    participants: int | None
    count: int | None
    unit: str | None
    measure: str


@dataclass(frozen=True, slots=True)
class Act:
    """An activity that text[start:end] tells.

    `time` is the expression that dates it; `time_text`, `edtf` and `months` are what is recorded, which differ from that
    expression's own where several dates govern one act.
    """

    start: int
    end: int
    type: str
    status: str
    time: TimeExpression | None
    time_text: str | None
    edtf: str | None
    months: tuple[int, ...]
    arguments: Arguments
    score: float
    checked: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A clause that a model judged: text[start:end], for which label, with what probability."""

    label: str
    start: int
    end: int
    probability: float
    accepted: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The place that a report is about; values as in table `reports`."""

    text: str | None
    status: str
    basis: str | None
    adcode: str | None
    level: str | None
    candidates: tuple[str, ...]

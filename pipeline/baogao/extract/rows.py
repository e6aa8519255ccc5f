"""Table records of one report: identifiers, raw spans, sections and months derived from what was found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baogao import records
from baogao.clean.clean import CleanReport
from baogao.extract.context import Context
from baogao.extract.results import Act, Judged, Place, Unit
from baogao.extract.times.periods import covered_months, years_of
from baogao.identifiers import derive_id

Rows = dict[str, list[object]]


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found in one report."""

    context: Context
    genre_score: float
    period_basis: str | None
    place: Place
    units: tuple[Unit, ...]
    acts: tuple[Act, ...]
    judged: tuple[Judged, ...]
    model: str


def make_rows(report: CleanReport, page_id: str, found: Found) -> Rows:
    """The report's records by table; fields of the reuse stage are left at their neutral values."""
    report_id = derive_id("r", page_id, report.raw_start)
    maker = _Maker(report, report_id, found)
    rows: Rows = {
        "reports": [maker.report(page_id)],
        "sections": list(maker.sections),
        "sentences": list(maker.sentences()),
        "times": list(maker.times()),
        "candidates": list(maker.candidates()),
        "exposure": list(maker.exposure()),
        "organizations": [],
        "roles": [],
        "sizes": [],
        "activities": [],
        "months": [],
    }
    for unit in found.units:
        maker.organization(unit, rows)
    for act in found.acts:
        maker.activity(act, rows)
    return rows


class _Maker:
    """Makes the records of one report; holds what they share."""

    def __init__(self, report: CleanReport, report_id: str, found: Found) -> None:
        self.source, self.report_id, self.found, self.text = report, report_id, found, report.text.text
        self.sections = self._sections()
        self._starts = [section.start for section in self.sections]
        self._time_ids = {time: derive_id("t", report_id, time.start) for time in found.context.times}

    def _span(self, start: int, end: int) -> dict[str, int]:
        raw_start, raw_end = self.source.text.raw_span(start, end)
        return {"start": start, "end": end, "raw_start": raw_start, "raw_end": raw_end}

    def _section_id(self, place: int) -> str | None:
        i = bisect_right(self._starts, place) - 1
        return self.sections[i].section_id if i >= 0 else None

    def report(self, page_id: str) -> records.Report:
        context, place = self.found.context, self.found.place
        years, basis = self._years()
        return records.Report(
            report_id=self.report_id,
            page_id=page_id,
            ordinal=self.source.ordinal,
            title=self.source.title,
            genre=context.genre,
            genre_score=round(self.found.genre_score, 4),
            issuer=context.issuer,
            place=place.text,
            place_status=place.status,
            place_basis=place.basis,
            adcode=place.adcode,
            adcode_level=place.level,
            adcode_candidates=place.candidates,
            period=context.period,
            signed=context.signed,
            year_min=min(years, default=None),
            year_max=max(years, default=None),
            year_basis=basis,
            raw_start=self.source.raw_start,
            raw_end=self.source.raw_end,
            raw_spans=tuple(records.Interval(start, end) for start, end in self.source.spans),
            text=self.text,
            n_chars=len(self.text),
            cluster_id=None,
            is_representative=True,
            copied_share=0.0,
            formula_share=0.0,
            quoted_share=0.0,
            in_page_share=0.0,
            novel_share=1.0,
            copied_from_sample_share=0.0,
        )

    def _years(self) -> tuple[list[int], str | None]:
        """Years that the report can be about: of its period, else of its signature, else of the dates in its body."""
        context = self.found.context
        for value, basis in ((context.period, "period"), (context.signed, "signed")):
            if value and (years := years_of(value)):
                return list(years), basis
        body = [year for time in context.times if time.edtf for year in years_of(time.edtf)]
        return body, "body" if body else None

    def _sections(self) -> tuple[records.Section, ...]:
        sections: list[records.Section] = []
        open_sections: list[records.Section] = []
        for heading in self.found.context.headings:
            while open_sections and open_sections[-1].level >= heading.level:
                open_sections.pop()
            section = records.Section(
                derive_id("s", self.report_id, heading.start),
                self.report_id,
                open_sections[-1].section_id if open_sections else None,
                heading.level,
                heading.number,
                self.text[heading.start : heading.end],
                heading.kind,
                round(heading.score, 4),
                **self._span(heading.start, heading.end),
            )
            sections.append(section)
            open_sections.append(section)
        return tuple(sections)

    def sentences(self) -> Iterator[records.Sentence]:
        for start, end in self.found.context.document.sentences:
            yield records.Sentence(
                derive_id("n", self.report_id, start),
                self.report_id,
                self._section_id(start),
                self.text[start:end],
                **self._span(start, end),
            )

    def times(self) -> Iterator[records.Time]:
        for time in self.found.context.times:
            yield records.Time(
                self._time_ids[time],
                self.report_id,
                self._section_id(time.start),
                time.text,
                time.kind,
                time.edtf,
                time.months,
                time.certainty,
                time.rule,
                **self._span(time.start, time.end),
            )

    def candidates(self) -> Iterator[records.Candidate]:
        for judged in self.found.judged:
            yield records.Candidate(
                derive_id("c", self.report_id, judged.label, judged.start, judged.end),
                self.report_id,
                judged.label,
                round(judged.probability, 4),
                judged.accepted,
                self.found.model,
                self.text[judged.start : judged.end],
                **self._span(judged.start, judged.end),
            )

    def exposure(self) -> Iterator[records.Exposure]:
        period = self.found.context.period
        for year, month in covered_months(period) if period else ():
            yield records.Exposure(self.report_id, year, month, self.found.period_basis or "period")

    def organization(self, unit: Unit, rows: Rows) -> None:
        identifier = derive_id("o", self.report_id, unit.start, unit.unit)
        rows["organizations"].append(
            records.Organization(
                identifier,
                self.report_id,
                self._section_id(unit.start),
                unit.unit,
                unit.kind,
                unit.status,
                unit.founded,
                unit.parent,
                None,
                self.text[unit.start : unit.end],
                unit.rule,
                round(unit.score, 4),
                unit.checked,
                **self._span(unit.start, unit.end),
            )
        )
        rows["roles"] += [
            records.Role(identifier, self.report_id, role.role, role.holder, **self._span(role.start, role.end)) for role in unit.roles
        ]
        rows["sizes"] += [
            records.Size(identifier, self.report_id, size.what, size.count, **self._span(size.start, size.end)) for size in unit.sizes
        ]

    def activity(self, act: Act, rows: Rows) -> None:
        said = act.arguments
        identifier = derive_id("a", self.report_id, act.start, act.end)
        rows["activities"].append(
            records.Activity(
                identifier,
                self.report_id,
                self._section_id(act.start),
                said.name,
                act.type,
                act.status,
                self._time_ids[act.time] if act.time else None,
                act.time_text,
                act.edtf,
                act.months,
                said.place,
                said.organizer,
                said.partners,
                said.audience,
                said.participants,
                said.count,
                said.unit,
                said.measure,
                None,
                0.0,
                self.text[act.start : act.end],
                round(act.score, 4),
                act.checked,
                **self._span(act.start, act.end),
            )
        )
        rows["months"] += self._months(act, identifier)

    def _months(self, act: Act, identifier: str) -> Sequence[records.Month]:
        place, context = self.found.place, self.found.context
        months: Sequence[int | None] = act.months or (None,)
        years = {month: year for year, month in covered_months(act.edtf)} if act.edtf and act.months else {}
        only = years_of(act.edtf) if act.edtf else ()
        return [
            records.Month(
                self.report_id,
                identifier,
                years.get(month, only[0] if len(only) == 1 else None) if month else None,
                month,
                1 / len(months),
                act.time.certainty if act.time else None,
                act.time.kind if act.time else None,
                place.text,
                place.adcode,
                context.genre,
                act.type,
                act.status,
                0.0,
            )
            for month in months
        ]

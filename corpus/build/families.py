"""Reuse families: reports made from other reports as families.yaml says, with the truth about what was reused.

`python corpus/build/families.py ID...` prints such reports with their annotations.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rewriting import change_dates, compose, copied, moving_festival, rewrite

from baogao.corpus import Annotation, Report, read_report
from baogao.text import Edit, EditedText

CORPUS = Path(__file__).parent.parent
_LEAKS = {"place": "foreign_place", "unit": "foreign_place", "date": "stale_year", "person": "contradiction"}
"""What an old value of a slot's type is called where it was left in by oversight."""


@dataclass(frozen=True)
class Use:
    """A value of a slot in a report: text[start:end]; `leak` marks one that should have been exchanged."""

    slot: str
    value: str
    start: int
    end: int
    leak: bool = False


@dataclass(frozen=True)
class Member:
    """A report of a family, where each of its paragraphs was taken from (report and paragraph, from 1), and its slot values."""

    report: Report
    origins: tuple[tuple[str, int], ...]
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Family:
    """A family: kind of reuse, slots with their types, sentences that are quoted, not copied, and members, the base first."""

    id: str
    kind: str
    slots: Mapping[str, str]
    quoted: tuple[str, ...]
    members: tuple[Member, ...]


def read_reports() -> dict[str, Report]:
    """The reports as they were written, by identifier."""
    paths = sorted((CORPUS / "reports").glob("*/*.txt"))
    return {path.stem: read_report(path) for path in paths}


class _Loader(yaml.SafeLoader):
    """YAML whose dates stay texts, as EDTF values are."""


_Loader.yaml_implicit_resolvers = {
    char: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for char, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_yaml(path: Path) -> Any:
    """A YAML file with dates as texts."""
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)


def load_families(written: Mapping[str, Report]) -> list[Family]:
    """The families of families.yaml; raises ValueError for a slot or leak that the base does not have."""
    specs = load_yaml(CORPUS / "families.yaml")
    return [_family(spec, written) for spec in specs]


def all_reports(written: Mapping[str, Report], families: list[Family]) -> dict[str, Report]:
    """Written and derived reports by identifier, each with its family in the header; a derived one replaces its host."""
    reports = {key: copied(report) for key, report in written.items()}
    for family in families:
        for member in family.members:
            reports[member.report.id] = copied(member.report)
            reports[member.report.id].header["family"] = family.id
    return dict(sorted(reports.items()))


def _family(spec: dict[str, Any], written: Mapping[str, Report]) -> Family:
    slots = {name: slot["text"] for name, slot in spec.get("slots", {}).items()}
    base = written[spec["base"]]
    whole = tuple((base.id, number) for number in range(1, base.text.count("\n") + 2))
    members = [Member(base, whole, tuple(_occurrences(base.text, slots)))]
    members += [_member(given, spec, base, written) for given in spec["members"]]
    types = {name: slot["type"] for name, slot in spec.get("slots", {}).items()}
    return Family(spec["id"], spec["kind"], types, tuple(spec.get("quoted", ())), tuple(members))


def _member(given: dict[str, Any], spec: dict[str, Any], base: Report, written: Mapping[str, Report]) -> Member:
    host = written.get(given["id"])
    like = copied(host or base, id=given["id"], split=base.split)
    parts = [(written[source], first, last) for source, first, last in given.get("parts", ())]
    if not parts:
        kept = given.get("order") or range(1, (host or base).text.count("\n") + 2)
        parts = [(host or base, number, number) for number in kept] if "order" in given else [(host or base, kept[0], kept[-1])]
    report, origins = compose(parts, like)
    slots = {name: spec["slots"][name]["text"] for name in given.get("values", {})}
    report, uses = _fill(report, slots, given, {name: spec["slots"][name]["type"] for name in slots})
    if "years" in given:
        report = _move_years(report, given["years"])
    dates = given.get("dates", {})
    report = change_dates(report, lambda time: dates.get(time["quote"]) or (time["value"], time["months"]), str)
    for act in report.activities:
        act.update(given.get("acts", {}).get(act["name"], {}))
    report.header.update(given.get("header", {}))
    return Member(report, tuple((source.id, number) for source, number in origins), tuple(uses))


def _pattern(slots: Mapping[str, str]) -> re.Pattern[str]:
    literals = sorted(slots.values(), key=lambda text: (-len(text), text))
    return re.compile("|".join(map(re.escape, literals)) or r"(?!)")


def _occurrences(text: str, slots: Mapping[str, str]) -> list[Use]:
    names = {literal: name for name, literal in slots.items()}
    return [Use(names[m.group()], m.group(), *m.span()) for m in _pattern(slots).finditer(text)]


def _fill(report: Report, slots: Mapping[str, str], given: dict[str, Any], types: Mapping[str, str]) -> tuple[Report, list[Use]]:
    """The report with new values in its slots, but for the leaks: the occurrences (from 1) that keep the old one."""
    values, leaks = given.get("values", {}), given.get("leaks", {})
    edits, marks, seen = [], [], dict.fromkeys(slots, 0)
    for use in _occurrences(report.text, slots):
        seen[use.slot] += 1
        leak = seen[use.slot] in leaks.get(use.slot, ())
        marks.append((use, leak))
        if not leak:
            edits.append(Edit(types[use.slot], use.start, use.end, str(values[use.slot])))
    missing = [name for name in slots if not seen[name] and slots[name] not in (report.header["title"] or "")]
    missing += [f"{name} {n}" for name, numbers in leaks.items() for n in numbers if n > seen[name]]
    if missing:
        raise ValueError(f"{given['id']}: the text does not have {', '.join(missing)}")
    places = [(use.start, use.end) for use, leak in marks if leak]
    pattern, names = _pattern(slots), {literal: name for name, literal in slots.items()}

    def exchange(value: str, place: tuple[int, int]) -> str:
        if any(place[0] <= a and b <= place[1] for a, b in places):
            return value
        return pattern.sub(lambda m: str(values[names[m.group()]]), value)

    result = rewrite(report, edits, exchange)
    text = EditedText(report.text, tuple(edits))
    uses = []
    for use, leak in marks:
        start, end = text.clean_span(use.start, use.end)
        uses.append(Use(use.slot, result.text[start:end], start, end, leak))
        if leak:
            note = f"left from the text that this one was made from; it should read {values[use.slot]}"
            finding = {"start": start, "end": end, "quote": result.text[start:end], "kind": _LEAKS[types[use.slot]], "note": note}
            result.findings.append(finding)
    result.findings.sort(key=lambda item: (item["start"], item["end"]))
    return result, uses


def _move_years(report: Report, years: Mapping[int, int]) -> Report:
    """Dates moved from year to year; an expression that still names an old year keeps its value."""
    old = re.compile("|".join(rf"(?<!\d){year}(?!\d)" for year in years))

    def edtf(value: str) -> str:
        return old.sub(lambda m: str(years[int(m.group())]), value)

    def change(time: Annotation) -> tuple[str | None, list[int]]:
        value = time["value"]
        if not value or old.search(time["quote"]) or edtf(value) == value:
            return value, time["months"]
        festival = moving_festival(time["quote"], int(edtf(value)[:4])) if time["kind"] == "festival" else None
        return festival or (edtf(value), time["months"])

    return change_dates(report, change, edtf)


def main(names: list[str]) -> None:
    """Print the named reports and what was found of their slots."""
    for family in load_families(read_reports()):
        for member in family.members:
            if member.report.id in names:
                print(member.report.header, member.report.text, *member.uses, sep="\n")
                for layer in ("headings", "times", "organizations", "activities", "findings"):
                    print(*getattr(member.report, layer), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])

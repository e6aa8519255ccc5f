"""A researcher's own words, counted by report and by place and year, with the sentences they stand in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import ahocorasick
import opencc

from baogao.analysis.files import MEMORY, new_folder, write_csv
from baogao.dataset.query import Source, open_source
from baogao.errors import BaogaoError

_SEPARATOR = re.compile(r"[\s,，、;；|]+")
PER = 10_000
"""Characters that a rate is given for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A term of a group at [start, end) of a sentence, in code points."""

    group: str
    term: str
    start: int
    end: int


@cache
def _simplified() -> Any:
    return opencc.OpenCC("t2s")


def read_words(path: Path) -> dict[str, tuple[str, ...]]:
    """Groups of terms from a file: a line is a term, or `group: term term ...`; # begins a comment.

    Terms are folded to Simplified, as the reports' text is. Raises BaogaoError naming a line that holds no term, or a term that
    stands in two groups.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise BaogaoError(f"The words {path} cannot be read ({error}); save them as UTF-8 text, a term a line.") from error
    groups: dict[str, tuple[str, ...]] = {}
    home: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        content = line.split("#", 1)[0].strip()
        if not content:
            continue
        name, colon, rest = content.replace("：", ":").partition(":")
        terms = [_simplified().convert(term) for term in _SEPARATOR.split(rest if colon else name) if term]
        group = name.strip() if colon else terms[0] if len(terms) == 1 else content
        if not terms:
            raise BaogaoError(f"{path}, line {number}: group {group} has no terms; write them behind the colon.")
        for term in terms:
            if home.setdefault(term, group) != group:
                raise BaogaoError(f"{path}, line {number}: {term} stands in group {home[term]} too; leave it in one of them.")
        groups[group] = tuple(dict.fromkeys((*groups.get(group, ()), *terms)))
    if not groups:
        raise BaogaoError(f"{path} holds no terms; write one a line.")
    return groups


class WordFinder:
    """Finds the terms of all groups in one pass over a text (Aho and Corasick 1975)."""

    def __init__(self, groups: dict[str, tuple[str, ...]]) -> None:
        self._automaton = ahocorasick.Automaton()
        for group, terms in groups.items():
            for term in terms:
                self._automaton.add_word(term, (group, term))
        self._automaton.make_automaton()

    def find(self, text: str) -> list[Hit]:
        """Terms in a text, the longest first where those of one group overlap: 科普讲座 is not a 讲座 besides.

        >>> [hit.term for hit in WordFinder({"讲座": ("讲座", "科普讲座"), "科普": ("科普",)}).find("办科普讲座和讲座")]
        ['科普讲座', '科普', '讲座']
        """
        hits = [Hit(group, term, end + 1 - len(term), end + 1) for end, (group, term) in self._automaton.iter(text)]
        hits.sort(key=lambda hit: (hit.start, -hit.end, hit.group))
        behind: dict[str, int] = {}
        kept = []
        for hit in hits:
            if hit.start >= behind.get(hit.group, 0):
                kept.append(hit)
                behind[hit.group] = hit.end
        return kept


_SENTENCES = """
    SELECT s.report_id, s.sentence_id, s.text, s.start, s."end", s.raw_start, s.raw_end FROM sentences s
"""
_REPORTS = """
    SELECT report_id, page_id, title, genre, CASE WHEN place_status = 'named' THEN place END AS place, adcode, year_min, year_max,
        n_chars, is_representative FROM reports
"""
_BY_REPORT = ("report_id", "page_id", "title", "genre", "place", "adcode", "year_min", "year_max", "n_chars", "is_representative")
_BY_PLACE = ("place", "adcode", "year", "group", "n", "n_once", "reports_with", "reports", "chars", "per_10000")
_EVIDENCE = ("group", "term", "report_id", "sentence_id", "text", "start", "end", "raw_start", "raw_end")


def count_words(words: Path, out: Path, target: Path) -> dict[str, int]:
    """Write by_report.csv, by_place_year.csv and evidence.csv; gives their numbers of rows.

    Terms are looked for in sentences; headings are sentences too. Overlapping hits of one group count once, of two groups in each.
    """
    groups = read_words(words)
    finder = WordFinder(groups)
    counts: dict[str, Counter[str]] = {}
    with open_source(out, memory=MEMORY) as source, new_folder(target) as folder:
        evidence = write_csv(folder / "evidence.csv", _EVIDENCE, _evidence(source, finder, counts))
        by_report = write_csv(
            folder / "by_report.csv", (*_BY_REPORT, *(f"n_{group}" for group in groups)), _reports(source, list(groups), counts)
        )
        by_place = write_csv(folder / "by_place_year.csv", _BY_PLACE, _places(source, list(groups), counts))
    return {"by_report.csv": by_report, "by_place_year.csv": by_place, "evidence.csv": evidence}


def _evidence(source: Source, finder: WordFinder, counts: dict[str, Counter[str]]) -> Iterator[dict[str, Any]]:
    """A row a sentence and term in it; fills `counts` (report -> group -> n) on the way."""
    for sentence in source.records(_SENTENCES):
        hits = finder.find(sentence["text"])
        if hits:
            counts.setdefault(sentence["report_id"], Counter()).update(hit.group for hit in hits)
        for group, term in dict.fromkeys((hit.group, hit.term) for hit in hits):
            yield sentence | {"group": group, "term": term}


def _reports(source: Source, groups: list[str], counts: dict[str, Counter[str]]) -> Iterator[dict[str, Any]]:
    for report in source.records(_REPORTS):
        found = counts.get(report["report_id"], Counter())
        yield report | {f"n_{group}": found[group] for group in groups}


@dataclass(slots=True)
class _Cell:
    """What adds up over the reports of a place and year; counters by group."""

    reports: int = 0
    chars: int = 0
    n: Counter[str] = field(default_factory=Counter)
    once: Counter[str] = field(default_factory=Counter)
    reports_with: Counter[str] = field(default_factory=Counter)

    def add(self, report: dict[str, Any], found: Counter[str]) -> None:
        self.reports += 1
        self.chars += report["n_chars"]
        self.n.update(found)
        self.reports_with.update(found.keys())
        if report["is_representative"]:
            self.once.update(found)


def _places(source: Source, groups: list[str], counts: dict[str, Counter[str]]) -> Iterator[dict[str, Any]]:
    """A row a place, year and group, zeros included; `year` is null where a report may belong to more than one."""
    cells: dict[tuple[str | None, str | None, int | None], _Cell] = {}
    for report in source.records(_REPORTS):
        year = report["year_min"] if report["year_min"] == report["year_max"] else None
        cells.setdefault((report["place"], report["adcode"], year), _Cell()).add(report, counts.get(report["report_id"], Counter()))
    for key in sorted(cells, key=lambda key: tuple((part is None, part if part is not None else 0) for part in key)):
        cell = cells[key]
        for group in groups:
            n = cell.n[group]
            yield dict(zip(("place", "adcode", "year"), key, strict=True)) | {
                "group": group, "n": n, "n_once": cell.once[group], "reports_with": cell.reports_with[group], "reports": cell.reports,
                "chars": cell.chars, "per_10000": PER * n / cell.chars if cell.chars else None,
            }  # fmt: skip

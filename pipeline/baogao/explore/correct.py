"""The file of a researcher's corrections: written by `baogao explore`, applied by `baogao run`, learned from by `baogao train --add`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from baogao.errors import BaogaoError
from baogao.extract.corrections import parse_correction
from baogao.extract.organizations.words import unit_words
from baogao.extract.times import find_times
from baogao.files import written
from baogao.text import EditedText

Line = dict[str, Any]
FOLLOWED_BY = 200
"""Characters behind a heading that go into the file with it: the section model reads them."""


def make_line(report: Mapping[str, Any], sha256: str, text: EditedText, said: Mapping[str, Any]) -> Line:
    """A line of the file from what was said in the browser; offsets there are clean, `was` is the raw span of the record as found.

    Raises ValueError or KeyError for what is no correction.
    """
    label, action = str(said["label"]), str(said["action"])
    start, end = int(said["start"]), int(said["end"])
    if not 0 <= start < end <= len(text.text):
        raise ValueError("start and end do not lie in the report")
    raw_start, raw_end = text.raw_span(start, end)
    line: Line = {"label": label, "action": action, "accepted": action != "reject", "sha256": sha256}
    line |= {"raw_start": raw_start, "raw_end": raw_end, "was": _span(said.get("was"))}
    line |= {"quote": text.raw[raw_start:raw_end], "report_id": report["report_id"]}
    line |= {key: str(said[key]) for key in ("type", "status", "kind", "value", "unit") if said.get(key)}
    if action == "add" and "kind" not in said:
        line |= _reading(label, text.text[start:end])
    line |= _example(label, report, text.text, start, end)
    parse_correction(line)
    return line


def _reading(label: str, words: str) -> Line:
    """What the rules read in words that they did not take for a record where these stand: kind and value of a time, kind of a unit."""
    if label == "time":
        return next(({"kind": time.kind, "value": time.edtf or ""} for time in find_times(words)), {"kind": "date"})
    if label == "organization":
        kinds = unit_words().kinds
        return {"kind": next((kinds[words[i:]] for i in range(len(words)) if words[i:] in kinds), "other")}
    return {}


def _span(was: Any) -> list[int] | None:
    return [int(was[0]), int(was[1])] if was else None


def _example(label: str, report: Mapping[str, Any], text: str, start: int, end: int) -> Line:
    """What a model learns from: as docs/models.md asks for it."""
    if label == "activity":
        return {"title": report["title"], "genre": report["genre"], "text": text, "start": start, "end": end}
    if label == "genre":
        return {"title": report["title"], "text": text}
    if label == "section":
        return {"heading": text[start:end], "followed_by": text[end : end + FOLLOWED_BY]}
    return {}


def anchor(line: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a line speaks of: label, page, raw span of the record as it was found, and a unit's name."""
    return line["label"], line["sha256"], *(line.get("was") or (line["raw_start"], line["raw_end"])), line.get("unit", "")


class CorrectionFile:
    """corrections.jsonl beside the dataset; every change is written at once, and another window's are seen."""

    def __init__(self, path: Path, lock: Path) -> None:
        self.path = path
        self._lock = FileLock(lock)
        self._seen: tuple[int, int] = (0, 0)
        self._lines: list[Line] = []

    def lines(self) -> list[Line]:
        """All lines, read again if the file has changed. Raises BaogaoError where it is not one of corrections."""
        if not self.path.exists():
            return []
        stat = self.path.stat()
        if (stat.st_mtime_ns, stat.st_size) != self._seen:
            try:
                self._lines = [json.loads(line) for line in self.path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
                for line in self._lines:
                    anchor(line)
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise BaogaoError(f"{self.path} holds something that is no correction ({error}); mend it or move it away.") from error
            self._seen = stat.st_mtime_ns, stat.st_size
        return self._lines

    def of_page(self, sha256: str) -> list[Line]:
        """The lines about one page."""
        return [line for line in self.lines() if line["sha256"] == sha256]

    def put(self, line: Line) -> None:
        """Write a line in place of what was said before of the same record; one whose span had been moved keeps its first place."""
        with self._lock:
            kept = []
            for other in self.lines():
                if _same(other, line):
                    line = {**line, "was": other.get("was") or ([other["raw_start"], other["raw_end"]] if line["was"] else None)}
                else:
                    kept.append(other)
            self._write([*kept, line])

    def take_back(self, key: tuple[Any, ...]) -> bool:
        """Remove what was said of a record; whether there was anything."""
        with self._lock:
            kept = [line for line in self.lines() if anchor(line) != key and _place(line) != key]
            changed = len(kept) < len(self.lines())
            if changed:
                self._write(kept)
            return changed

    def _write(self, lines: Iterable[Line]) -> None:
        with written(self.path) as temporary:
            temporary.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def _place(line: Mapping[str, Any]) -> tuple[Any, ...]:
    """As anchor, but where the record should stand."""
    return line["label"], line["sha256"], line["raw_start"], line["raw_end"], line.get("unit", "")


def _same(other: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
    return anchor(line) in (anchor(other), _place(other))

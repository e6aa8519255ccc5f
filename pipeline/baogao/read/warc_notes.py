"""What stands beside the pages of a WARC file: metadata on a page, and revisits, which repeat a page without its bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from fastwarc.warc import WarcRecord, WarcRecordType

from baogao.read.page import Source

SIDE_TYPES = WarcRecordType.metadata | WarcRecordType.revisit
_MOST_NOTES = 65_536
"""Bytes of a metadata record that are read."""

Notes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Revisit:
    """A page that was found again: its new address, and the place in the file of the record that holds its bytes."""

    url: str
    captured: str | None
    record_id: str | None
    offset: int
    notes: Notes


@dataclass(slots=True)
class Places:
    """Where the payloads of a file lie, and what repeats them. In memory: a digest and a number a page."""

    _offsets: dict[str, int] = field(default_factory=dict)
    _revisits: list[tuple[str, Revisit]] = field(default_factory=list)
    _about: str | None = None
    _notes: Notes = field(default_factory=dict)

    def note(self, record: WarcRecord) -> None:
        """Take down a metadata record, or a revisit of a page under another address."""
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        if record.record_type == WarcRecordType.metadata:
            self._about = record.headers.get("WARC-Concurrent-To")
            self._notes = _fields(record.reader.read(_MOST_NOTES))
        elif (record.headers.get("WARC-Refers-To-Target-URI") or url).strip("<>") != url and record.headers.get(
            "Baogao-Kind", "report"
        ) == "report":
            digest = record.headers.get("WARC-Payload-Digest") or ""
            captured = (record.headers.get("WARC-Date") or "")[:10] or None
            self._revisits.append((digest, Revisit(url, captured, record.record_id, -1, self.notes_on(record))))

    def note_page(self, record: WarcRecord) -> None:
        """Take down where a page lies."""
        digest = record.headers.get("WARC-Payload-Digest")
        if digest:
            self._offsets.setdefault(digest, record.stream_pos)

    def notes_on(self, record: WarcRecord) -> Notes:
        """The metadata record right before a record, if it is about that one."""
        return self._notes if self._about and self._about == record.headers.get("WARC-Record-ID") else {}

    def repeated(self) -> Iterator[Revisit]:
        """Revisits whose page lies in the same file; what another file holds is a page of that file."""
        for digest, revisit in self._revisits:
            if digest in self._offsets:
                yield replace(revisit, offset=self._offsets[digest])


def with_notes(source: Source, notes: Notes) -> Source:
    """A source with the values that a site profile took down, each under the name `profile.NAME`, in its encoding."""
    values = {f"profile.{name}": value for name, value in notes.items() if name != "encoding"}
    return replace(source, charset=notes.get("encoding", source.charset), metadata={**source.metadata, **values})


def _fields(data: bytes) -> Notes:
    """The fields of application/warc-fields; a line without a colon is left out."""
    lines = (line.partition(":") for line in data.decode("utf-8", "replace").splitlines())
    return {name.strip(): value.strip() for name, colon, value in lines if colon}

"""A page as the reader leaves it: raw text, its lines or block elements, and where it was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a member of an archive, as bytes, with what is known of it.

    `charset` is that of an HTTP header; `site` is None where nothing tells the site.
    """

    source: str
    data: bytes
    site: str | None = None
    url: str | None = None
    captured: str | None = None
    warc_record_id: str | None = None
    charset: str | None = None
    content_type: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A line or block element: raw[start:end], with the path of its tags (empty for plain text) and the share of its
    characters inside links."""

    start: int
    end: int
    path: str = ""
    link_share: float = 0.0


@dataclass(frozen=True, slots=True)
class RawText:
    """What a format's reader makes of a source: the text of the document in order and its blocks.

    Blocks are sorted, do not overlap and hold no line break; every character outside them is white space.
    """

    raw: str
    blocks: tuple[RawBlock, ...]
    title: str | None = None
    url: str | None = None
    published: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page of the archive: identified by its bytes, decoded, in blocks, with every place where the bytes were found."""

    page_id: str
    sha256: str
    text: RawText
    encoding_declared: str | None
    encoding_used: str | None
    encoding_basis: str | None
    replaced_chars: int
    sources: tuple[Source, ...]

    @property
    def site(self) -> str | None:
        """The site of the first source that names one."""
        return next((source.site for source in self.sources if source.site), None)


def raw_text(lines: Iterable[tuple[str, str]], *, title: str | None, metadata: Mapping[str, str]) -> RawText:
    """Raw text of a document that comes as (path, line) pairs: a line for each that holds more than white space."""
    pieces, blocks, length = [], [], 0
    for path, line in lines:
        text = line.strip()
        if text:
            pieces.append(text + "\n")
            blocks.append(RawBlock(length, length + len(text), path))
            length += len(text) + 1
    return RawText("".join(pieces), tuple(blocks), title, metadata=metadata)


def lines_as_blocks(raw: str) -> tuple[RawBlock, ...]:
    """A block for each line of plain text that holds more than white space, without the white space around it."""
    blocks = []
    start = 0
    for line in raw.splitlines(keepends=True):
        body = line.strip()
        if body:
            first = start + line.index(body[0])
            blocks.append(RawBlock(first, first + len(body)))
        start += len(line)
    return tuple(blocks)

"""Every page of an archive as bytes: folders recursively, archives, WARC files and tables opened, also inside each other.

Archives are read as streams: no more of one is in memory than the member that is being read. What they unpack to is bounded
member by member, in depth, and in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from baogao.errors import ReadError
from baogao.read.archives import Context, Member, kind_of, members_of
from baogao.read.page import Source
from baogao.read.tables import DELIMITERS, JSON_LINES, rows_of_table
from baogao.read.warc import records_of_warc
from baogao.records import Failure
from baogao.settings import ReadSettings

_SIDE_FILES = frozenset(".css .js .mjs .map .woff .woff2 .ttf .eot .otf .ico .cur .svg .gif .swf .lnk .ini .db .ds_store .parquet".split())
"""Endings of files that only serve a page."""
_SIDE_NAMES = frozenset({"scrape.json"})
"""What `baogao scrape` writes beside its WARC files; its index is left out as .parquet."""
_IMAGES = frozenset(".jpg .jpeg .png .webp .bmp .avif".split())
_SIDE_FOLDERS = ("_files", ".files", "_file")
"""Endings of the folders in which browsers put what belongs to a saved page."""


def list_files(inputs: Iterable[Path]) -> list[tuple[Path, str]]:
    """Files of the inputs with their source names, in the order of those names.

    A folder's files are named from the folder's own name on, so that the names do not depend on where the archive lies.
    Hidden files, symbolic links that lead out of the folder and what only serves a page (scripts, fonts) are left out.
    """
    found: dict[str, Path] = {}
    for given in inputs:
        if given.is_dir():
            root = given.resolve()
            for path in sorted(root.rglob("*")):
                inside = path.relative_to(root)
                if not _is_side_file(inside.as_posix()) and path.is_file() and path.resolve().is_relative_to(root):
                    found[f"{root.name}/{inside.as_posix()}"] = path
        else:
            found[given.name] = given.resolve()
    return sorted(((path, name) for name, path in found.items()), key=lambda item: item[1])


def _is_side_file(name: str) -> bool:
    """Whether a file is hidden or only serves a page: a script, a font, an image in a saved page's folder."""
    *folders, last = name.split("/")
    if any((part.startswith(".") and part.strip(".")) or part == "__MACOSX" for part in (*folders, last)):
        return True
    if last in _SIDE_NAMES:
        return True
    suffix = Path(last).suffix.lower()
    return suffix in _SIDE_FILES or (suffix in _IMAGES and any(folder.endswith(_SIDE_FOLDERS) for folder in folders))


def open_file(path: Path, name: str, settings: ReadSettings) -> Iterator[Source | Failure]:
    """The sources in one file: the file itself, or the members of an archive; what cannot be read comes as a Failure."""
    empty = True
    try:
        with path.open("rb") as stream:
            context = Context(settings, left=max(settings.max_bytes, settings.max_expansion * path.stat().st_size))
            for item in _open(Member(name, stream, path.stat().st_size, _site_of_path(name)), context, depth=0):
                empty = False
                yield item
        if empty:
            yield Failure(name, None, "read", "the archive or table holds no page", "leave it out, or look into what it should hold")
    except OSError as error:
        yield _failure(name, error)


def _site_of_path(name: str) -> str | None:
    """The folder that a file stands in stands for its site: archive/www.example.cn/a.html."""
    parts = name.split("/")
    return parts[1] if len(parts) > 2 else None


def _failure(name: str, error: Exception) -> Failure:
    remedy = error.remedy if isinstance(error, ReadError) else "check that the file can be opened, then run the command again"
    return Failure(name, None, "read", str(error) or type(error).__name__, remedy)


def _open(member: Member, context: Context, *, depth: int) -> Iterator[Source | Failure]:
    """What a file or member holds. An archive that breaks off gives a Failure behind what could be read."""
    try:
        if depth > context.settings.max_archive_depth:
            raise ReadError("archives are nested too deeply", "raise read.max_archive_depth in a settings file")
        yield from _contents(member, context, depth)
    except ReadError as error:
        yield _failure(member.name, error)


def _contents(member: Member, context: Context, depth: int) -> Iterator[Source | Failure]:
    kind = kind_of(member)
    if kind == "warc":
        yield from records_of_warc(member.name, member.stream, context)
    elif kind:
        for inner in members_of(kind, member, context):
            if isinstance(inner, Failure):
                yield inner
            elif not _is_side_file(inner.name.rpartition("!/")[2]):
                yield from _open(inner, context, depth=depth + 1)
    elif member.name.lower().endswith((*DELIMITERS, *JSON_LINES)):
        yield from rows_of_table(member.name, member.stream, member.site, context.settings)
    else:
        yield Source(member.name, _page_bytes(member, context.settings), member.site)


def _page_bytes(member: Member, settings: ReadSettings) -> bytes:
    limit = settings.max_page_bytes
    data = member.stream.read(limit + 1) if member.size <= limit else b""
    if member.size > limit or len(data) > limit:
        raise ReadError(
            f"the page is larger than the limit of {limit:,} bytes", "raise read.max_page_bytes in a settings file, or leave it out"
        )
    return data

"""Every file of an archive as bytes: folders recursively, zip and tar archives and WARC files opened, also inside each other."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from baogao.errors import ReadError
from baogao.read.page import Source
from baogao.records import Failure
from baogao.settings import ReadSettings

TOO_LARGE = "is larger than the limit of {limit:,} bytes"
RAISE_LIMIT = "raise read.max_bytes in a settings file if you trust the file, or leave it out"


def list_files(inputs: Iterable[Path]) -> list[tuple[Path, str]]:
    """Files of the inputs with their source names, in the order of those names.

    A folder's files are named from the folder's own name on, so that the names do not depend on where the archive lies.
    Hidden files and symbolic links that lead out of the folder are left out.
    """
    found: dict[str, Path] = {}
    for given in inputs:
        if given.is_dir():
            root = given.resolve()
            for path in sorted(root.rglob("*")):
                inside = path.relative_to(root)
                hidden = any(part.startswith(".") or part == "__MACOSX" for part in inside.parts)
                if not hidden and path.is_file() and path.resolve().is_relative_to(root):
                    found[f"{root.name}/{inside.as_posix()}"] = path
        else:
            found[given.name] = given.resolve()
    return sorted(((path, name) for name, path in found.items()), key=lambda item: item[1])


def open_file(path: Path, name: str, settings: ReadSettings) -> Iterator[Source | Failure]:
    """The sources in one file: the file itself, or the members of an archive; what cannot be read comes as a Failure."""
    try:
        if path.stat().st_size > settings.max_bytes and not name.lower().endswith((".zip", ".tar", ".tgz", ".tar.gz", ".warc", ".warc.gz")):
            raise ReadError(f"the file {TOO_LARGE.format(limit=settings.max_bytes)}", RAISE_LIMIT)
        yield from _open(name, path.read_bytes(), _site_of_path(name), settings, depth=0)
    except (OSError, ReadError) as error:
        yield _failure(name, error)


def _site_of_path(name: str) -> str | None:
    """The folder that a file stands in stands for its site: archive/www.example.cn/a.html."""
    parts = name.split("/")
    return parts[1] if len(parts) > 2 else None


def _failure(name: str, error: Exception) -> Failure:
    remedy = error.remedy if isinstance(error, ReadError) else "check that the file can be opened, then run the command again"
    return Failure(name, None, "read", str(error) or type(error).__name__, remedy)


def _open(name: str, data: bytes, site: str | None, settings: ReadSettings, *, depth: int) -> Iterator[Source | Failure]:
    if depth > settings.max_archive_depth:
        yield _failure(name, ReadError("archives are nested too deeply", "raise read.max_archive_depth in a settings file"))
        return
    lower = name.lower()
    if data[:4] == b"PK\x03\x04" and not lower.endswith((".docx", ".xlsx", ".pptx", ".wps", ".odt", ".epub")):
        yield from _guard(name, _members_of_zip(name, data, site, settings, depth))
    elif lower.endswith((".warc", ".warc.gz")) or data[:5] == b"WARC/":
        yield from _guard(name, _records_of_warc(name, data, settings))
    elif lower.endswith((".tar", ".tgz", ".tar.gz")):
        yield from _guard(name, _members_of_tar(name, data, site, settings, depth))
    elif lower.endswith(".gz") and data[:2] == b"\x1f\x8b":
        yield from _guard(name, _open(f"{name}!/{Path(lower).stem}", _gunzip(data, settings), site, settings, depth=depth + 1))
    else:
        yield Source(name, data, site)


def _guard(name: str, items: Iterator[Source | Failure]) -> Iterator[Source | Failure]:
    """The items of an archive; where it breaks off, a Failure follows what could be read."""
    try:
        yield from items
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, ValueError, NotImplementedError) as error:
        remedy = "what came before the damage was read; copy or download the file again if the rest matters"
        yield Failure(name, None, "read", f"the archive is damaged: {error}", remedy)
    except ReadError as error:
        yield _failure(name, error)


def _gunzip(data: bytes, settings: ReadSettings) -> bytes:
    with gzip.open(io.BytesIO(data)) as stream:
        content = stream.read(settings.max_bytes + 1)
    if len(content) > settings.max_bytes:
        raise ReadError(f"the decompressed file {TOO_LARGE.format(limit=settings.max_bytes)}", RAISE_LIMIT)
    return content


def _members_of_zip(name: str, data: bytes, site: str | None, settings: ReadSettings, depth: int) -> Iterator[Source | Failure]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            member = _zip_name(info)
            if info.is_dir() or member.startswith("__MACOSX/") or Path(member).name.startswith("."):
                continue
            inner = f"{name}!/{member}"
            if info.flag_bits & 1:
                yield _failure(inner, ReadError("the zip member is encrypted", "unpack it with its password and give the folder"))
            elif info.file_size > settings.max_bytes:
                yield _failure(inner, ReadError(f"the member {TOO_LARGE.format(limit=settings.max_bytes)}", RAISE_LIMIT))
            else:
                with archive.open(info) as stream:
                    content = stream.read(settings.max_bytes + 1)
                if len(content) > settings.max_bytes:
                    yield _failure(inner, ReadError(f"the member {TOO_LARGE.format(limit=settings.max_bytes)}", RAISE_LIMIT))
                    continue
                folder = member.split("/")[0] if "/" in member else None
                yield from _open(inner, content, folder or site, settings, depth=depth + 1)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag Chinese programs write GBK, which zipfile reads as cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _members_of_tar(name: str, data: bytes, site: str | None, settings: ReadSettings, depth: int) -> Iterator[Source | Failure]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if not member.isfile():
                continue
            inner = f"{name}!/{member.name}"
            if member.size > settings.max_bytes:
                yield _failure(inner, ReadError(f"the member {TOO_LARGE.format(limit=settings.max_bytes)}", RAISE_LIMIT))
                continue
            stream = archive.extractfile(member)
            folder = member.name.split("/")[0] if "/" in member.name else None
            yield from _open(inner, stream.read() if stream else b"", folder or site, settings, depth=depth + 1)


def _records_of_warc(name: str, data: bytes, settings: ReadSettings) -> Iterator[Source | Failure]:
    records = ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response | WarcRecordType.resource, parse_http=True)
    for number, record in enumerate(records, 1):
        yield _source_of_record(f"{name}!/{number}", record, settings)


def _source_of_record(name: str, record: WarcRecord, settings: ReadSettings) -> Source | Failure:
    url = record.headers.get("WARC-Target-URI", "").strip("<>") or None
    http = record.http_headers
    if http is not None and http.status_code is not None and http.status_code != 200:
        return _failure(name, ReadError(f"the server answered {http.status_code} for {url}", "capture the page again if it matters"))
    body = record.reader.read(settings.max_bytes + 1)
    if len(body) > settings.max_bytes:
        return _failure(name, ReadError(f"the record {TOO_LARGE.format(limit=settings.max_bytes)}", RAISE_LIMIT))
    host = urlsplit(url).hostname if url else None
    captured = record.headers.get("WARC-Date", "")[:10] or None
    return Source(
        name, body, host, url, captured, record.record_id, record.http_charset, record.http_content_type or record.headers.get("Content-Type")
    )

"""Members of zip, tar, gzip and 7z archives, with bounds on what they unpack to."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from baogao.errors import ReadError
from baogao.read.seven_zip import TooMuchError, unpack
from baogao.records import Failure
from baogao.settings import ReadSettings

_ZIP_DOCUMENTS = (".docx", ".xlsx", ".pptx", ".wps", ".odt", ".epub", ".docm", ".dotx")
"""Formats that are zip files and yet one document."""
_WARC_NAMES = (".warc", ".warc.gz", ".arc.gz")
_TAR_NAMES = (".tar", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz")
_DAMAGE = (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, zlib.error, ValueError, NotImplementedError, RuntimeError)
_SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
_DAMAGE_REMEDY = "what came before the damage was read; copy or download the file again if the rest matters"
_BOMB_REMEDY = "it looks like a zip bomb; unpack it by hand if you trust it, or raise read.max_expansion"


@dataclass(slots=True)
class Context:
    """The settings, and how many bytes the input file may still unpack to."""

    settings: ReadSettings
    left: int


@dataclass(frozen=True, slots=True)
class Member:
    """A file or a member of an archive: a stream that can seek, and its size in bytes."""

    name: str
    stream: BinaryIO
    size: int
    site: str | None


def kind_of(member: Member) -> str | None:
    """zip, tar, gzip, 7z or warc, by the first bytes and the name; None for what is no archive."""
    head = member.stream.read(8)
    member.stream.seek(0)
    name = member.name.lower()
    if head[:5] == b"WARC/" or (head and name.endswith(_WARC_NAMES)):
        return "warc"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06") and not name.endswith(_ZIP_DOCUMENTS):
        return "zip"
    if head and name.endswith(_TAR_NAMES):
        return "tar"
    if head.startswith(_SEVEN_ZIP):
        return "7z"
    return "gzip" if head[:2] == b"\x1f\x8b" else None


def members_of(kind: str, archive: Member, context: Context) -> Iterator[Member | Failure]:
    """The members of an archive; a Failure for each that cannot be had, and one behind the last where the archive breaks off.

    It breaks off where it is damaged, or when the input file has unpacked to all that it may.
    """
    opener = {"zip": _zip, "tar": _tar, "gzip": _gzip, "7z": _seven_zip}[kind]
    remedy = "copy or download the file again"
    try:
        for member in opener(archive, context):
            yield member
            remedy = _DAMAGE_REMEDY
            if context.left < 0:
                yield Failure(archive.name, None, "read", "the archive unpacks to too much; the rest of it was not read", _BOMB_REMEDY)
                return
    except _DAMAGE as error:
        yield Failure(archive.name, None, "read", f"the archive is damaged: {error}", remedy)


def _zip(archive: Member, context: Context) -> Iterator[Member | Failure]:
    with zipfile.ZipFile(archive.stream) as opened:
        for info in sorted(opened.infolist(), key=lambda info: info.filename):
            if info.is_dir():
                continue
            path = _zip_name(info)
            name = f"{archive.name}!/{path}"
            if info.flag_bits & 1:
                yield Failure(name, None, "read", "the zip member is encrypted", "unpack it with its password and give the folder")
                continue
            try:
                with opened.open(info) as stream:
                    data = _read(stream, info.file_size, info.compress_size, context)
            except ReadError as error:
                yield Failure(name, None, "read", str(error), error.remedy)
                continue
            except _DAMAGE as error:
                yield Failure(name, None, "read", f"the zip member is damaged: {error}", _DAMAGE_REMEDY)
                continue
            yield _member(name, path, data, archive.site)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag Chinese programs write GBK, which zipfile reads as cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _tar(archive: Member, context: Context) -> Iterator[Member | Failure]:
    with tarfile.open(fileobj=archive.stream, encoding="utf-8", errors="surrogateescape") as opened:
        for info in opened:
            stream = opened.extractfile(info) if info.isfile() else None
            if stream is None:
                continue
            path = _tar_name(info.name)
            name = f"{archive.name}!/{path}"
            try:
                data = _read(stream, info.size, None, context)
            except ReadError as error:
                yield Failure(name, None, "read", str(error), error.remedy)
                continue
            yield _member(name, path, data, archive.site)


def _tar_name(name: str) -> str:
    """A name that is not UTF-8 is GBK."""
    return name.encode("utf-8", "surrogateescape").decode("gb18030", "replace") if not name.isprintable() else name


def _gzip(archive: Member, context: Context) -> Iterator[Member | Failure]:
    path = PurePosixPath(archive.name).name
    inner = path[:-3] if path.lower().endswith(".gz") else path
    with gzip.open(archive.stream) as stream:
        data = _read(stream, 0, archive.size, context)
    yield _member(f"{archive.name}!/{inner}", inner, data, archive.site)


def _seven_zip(archive: Member, context: Context) -> Iterator[Member | Failure]:
    allowed = max(context.settings.max_page_bytes, min(context.left, context.settings.max_expansion * archive.size))
    try:
        for path, stream, size in unpack(archive.stream, allowed):
            name = f"{archive.name}!/{path}"
            try:
                data = _read(stream, size, None, context)
            except ReadError as error:
                yield Failure(name, None, "read", str(error), error.remedy)
                continue
            yield _member(name, path, data, archive.site)
    except TooMuchError:
        yield Failure(archive.name, None, "read", "the 7z archive unpacks to too much; it was not read", _BOMB_REMEDY)


def _member(name: str, path: str, data: bytes, site: str | None) -> Member:
    """A member with its data; the first folder of its path stands for its site."""
    folder = path.split("/")[0] if "/" in path else None
    return Member(name, io.BytesIO(data), len(data), folder or site)


def _read(stream: IO[bytes] | gzip.GzipFile, size: int, compressed: int | None, context: Context) -> bytes:
    """The member's bytes, within the limits; `size` is what the archive says of it, and not believed.

    Raises ReadError for a member that is too large, or that unpacks to too many times its compressed size.
    """
    limit = context.settings.max_bytes
    allowed = limit
    if compressed is not None:
        allowed = min(limit, max(1_000_000, context.settings.max_expansion * compressed))
    data = stream.read(allowed + 1) if size <= limit else b""
    context.left -= max(len(data), size)
    if size > limit or len(data) > limit:
        raise ReadError(
            f"the member is larger than the limit of {limit:,} bytes", "raise read.max_bytes in a settings file, or leave it out"
        )
    if len(data) > allowed:
        raise ReadError(f"the member unpacks to more than {context.settings.max_expansion} times its size", _BOMB_REMEDY)
    return data

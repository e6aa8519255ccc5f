"""Members of 7z archives, by py7zr (extra `7z`), with the bounds of the other archives.

A 7z archive is mostly one compressed stream, so its members are unpacked in one go: to temporary files, which keep memory small, and
no further than the input file may unpack to. Members' names are never used as paths.
"""

from __future__ import annotations

import lzma
import struct
import tempfile
import zlib
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from baogao.errors import ReadError

if TYPE_CHECKING:
    from py7zr.io import Py7zIO

IN_MEMORY = 1_000_000
"""Bytes of a member that are held in memory before it goes to a temporary file."""


_AS_ITS_PARSER_FAILS = (
    OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, MemoryError, RuntimeError,
    struct.error, lzma.LZMAError, zlib.error,
)  # fmt: skip


class TooMuchError(Exception):
    """The archive unpacks to more than it may."""


def unpack(stream: BinaryIO, allowed: int) -> Iterator[tuple[str, IO[bytes], int]]:
    """Name, content and size in bytes of every file in the archive, in the order of the names.

    Raises ReadError where py7zr is missing, the archive is encrypted or damaged, and TooMuchError where it unpacks to more than `allowed`
    bytes, by what it says of itself or in truth.
    """
    try:
        import py7zr
        from py7zr.exceptions import ArchiveError, PasswordRequired
    except ImportError as error:
        raise ReadError("7z archives are read with py7zr, which is not installed", "pip install 'baogao[7z]', or unpack it") from error
    unpacked = _Unpacked(allowed)
    try:
        with py7zr.SevenZipFile(stream, "r") as archive:
            if archive.needs_password():
                raise PasswordRequired([], "encrypted")
            if sum(member.uncompressed or 0 for member in archive.list()) > allowed:
                raise TooMuchError
            archive.extractall(factory=unpacked)
        for name, member in sorted(unpacked.members.items()):
            member.file.seek(0)
            yield name, member.file, member.written
    except PasswordRequired as error:
        raise ReadError("the 7z archive is encrypted", "unpack it with its password and give the folder") from error
    except (ArchiveError, *_AS_ITS_PARSER_FAILS) as error:
        raise ReadError(f"the 7z archive is damaged: {error}", "copy or download the file again") from error
    finally:
        for member in unpacked.members.values():
            member.file.close()


class _Unpacked:
    """What py7zr writes the members to: temporary files that share one allowance of bytes."""

    def __init__(self, allowed: int) -> None:
        self.left = allowed
        self.members: dict[str, _Member] = {}

    def create(self, filename: str) -> Py7zIO:
        """A file for a member, as py7zr asks for it."""
        self.members[filename] = _Member(self)
        return cast("Py7zIO", self.members[filename])


class _Member:
    """A member while it is being unpacked."""

    def __init__(self, unpacked: _Unpacked) -> None:
        self.unpacked = unpacked
        self.file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by unpack
        self.written = 0

    def write(self, data: bytes | bytearray) -> int:
        """Take the next bytes. Raises TooMuchError beyond the allowance."""
        self.unpacked.left -= len(data)
        self.written += len(data)
        if self.unpacked.left < 0:
            raise TooMuchError
        return self.file.write(data)

    def read(self, size: int | None = None) -> bytes:
        """Bytes from the present place."""
        return self.file.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        return self.file.seek(offset, whence)

    def flush(self) -> None:
        """Nothing to do: the file is read by this process alone."""

    def size(self) -> int:
        """Bytes so far."""
        return self.written

    def close(self) -> None:
        """The member is complete; its file stays open for reading."""

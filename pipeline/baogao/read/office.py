"""Old Office documents (.doc, .wps, .rtf), converted by LibreOffice where it is on the machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from baogao.errors import ReadError

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 120
"""A conversion that takes longer is stopped."""


def to_docx(data: bytes, suffix: str) -> bytes:
    """The document as docx, by a LibreOffice with a profile of its own.

    Raises ReadError if LibreOffice is not there, takes too long or cannot read the file.
    """
    program = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        raise ReadError(
            "the file is an old Office document and LibreOffice is not on this machine", "install LibreOffice, or save the file as docx"
        )
    with tempfile.TemporaryDirectory(prefix="baogao-") as folder:
        source = Path(folder, f"document{suffix}")
        source.write_bytes(data)
        profile = Path(folder, "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "docx", "--outdir", folder, str(source)]
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
            return Path(folder, "document.docx").read_bytes()
        except subprocess.TimeoutExpired as error:
            raise ReadError(f"LibreOffice did not convert the file in {_SECONDS} seconds", "convert the file to docx by hand") from error
        except (subprocess.CalledProcessError, OSError) as error:
            raise ReadError("LibreOffice cannot convert the file", "open it in Word or WPS and save it as docx") from error

"""MHTML (.mht, .mhtml): a page saved with its parts as one mail message. Its root HTML part is the page."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.message import Message

from baogao.errors import ReadError


@dataclass(frozen=True, slots=True)
class RootPart:
    """The HTML part of a saved page as bytes, with what the message says of it."""

    data: bytes
    charset: str | None
    url: str | None


def root_part(data: bytes) -> RootPart:
    """The part that the message is about: the first HTML part, else the first text part.

    Raises ReadError for a message without either.
    """
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    for wanted in ("text/html", "application/xhtml+xml", "text/plain"):
        for part in parts:
            if part.get_content_type() == wanted:
                content = part.get_payload(decode=True)
                if isinstance(content, bytes) and content.strip():
                    return RootPart(content, part.get_content_charset(), _address(message, part))
    raise ReadError("the MHTML file has no HTML part", "save the page again, as HTML or MHTML")


def _address(message: Message, part: Message) -> str | None:
    """The page's address: Snapshot-Content-Location of the message, or Content-Location of the part or message."""
    found = (message["Snapshot-Content-Location"], part["Content-Location"], message["Content-Location"])
    return next((str(url).strip() for url in found if url), None)

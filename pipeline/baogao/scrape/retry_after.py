"""How long to wait before asking again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Status codes of trouble that may pass."""


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, given as a number or a date; None where it asks for nothing readable.

    >>> retry_after("120")
    120.0
    >>> retry_after("Wed, 21 Oct 2015 07:28:00 GMT", datetime(2015, 10, 21, 7, 27, tzinfo=UTC))
    60.0
    """
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value.strip()[:9])
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    left: float = ((when if when.tzinfo else when.replace(tzinfo=UTC)) - (now or datetime.now(UTC))).total_seconds()
    return max(0.0, left)


def waiting_time(value: str | None, attempts: int, backoff: float) -> float:
    """Seconds to wait behind the attempt with that number, from 0: what the server asks for, but no less than the back-off."""
    return max(retry_after(value) or 0.0, backoff * float(2**attempts))

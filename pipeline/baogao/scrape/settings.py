"""Settings of the scrape stage."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ScrapeSettings(BaseModel):
    """How sites are asked, and how the answers are stored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contact: str = Field(
        "", description="E-mail address or web page by which a site's owner can reach you; sent with every request, must be filled in."
    )
    delay: float = Field(
        3.0, ge=0, description="Least seconds from an answer to the next request to its host; a slow host is asked less often."
    )
    max_delay: float = Field(60.0, ge=0, description="Most seconds that slow answers stretch that delay to.")
    timeout: float = Field(60.0, gt=0, description="Seconds after which an answer that is not complete is given up.")
    retries: int = Field(3, ge=0, description="How often a page is asked again after 429, 5xx, a time-out or a broken connection.")
    backoff: float = Field(
        10.0,
        ge=0,
        description="Seconds before the first retry, doubled for each further one, where the server names no time (Retry-After).",
    )
    max_retry_after: float = Field(
        3600.0, ge=0, description="Longest time in seconds that is waited for a host; one that asks for more is left for a later run."
    )
    max_body_bytes: int = Field(20_000_000, ge=1, description="Largest answer, as sent; a larger one is cut off and not kept.")
    max_unpacked_bytes: int = Field(20_000_000, ge=1, description="Largest answer, unpacked.")
    warc_bytes: int = Field(1_000_000_000, ge=1, description="Size from which on a new WARC file is begun.")
    hosts: int = Field(16, ge=1, description="How many hosts are asked at the same time, each for one page.")

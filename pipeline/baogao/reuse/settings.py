"""Settings of the reuse stage."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class NearDuplicateSettings(BaseModel):
    """How near-duplicate reports are found."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    near_duplicate: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Jaccard similarity of character 5-grams from which two reports are near-duplicates.",
    )
    lowest_similarity: float = Field(
        default=0.4,
        gt=0,
        le=1,
        description="Jaccard similarity from which a pair is kept, so that results at other thresholds can be compared; "
        "below 0.4 the sketches miss pairs, and pairs are then found by their shared passages alone.",
    )
    sketch_size: int = Field(
        default=128,
        ge=16,
        le=1024,
        description="Minima of a sketch. More find more of the pairs near the threshold, at 4 bytes a report each.",
    )
    band_minima: int = Field(
        default=3,
        ge=1,
        le=8,
        description="Minima that two sketches must share in one band to be compared. More compare fewer pairs and miss more.",
    )
    bucket_reports: int = Field(
        default=64,
        ge=2,
        description="Reports that share a band and are still all compared with each other. In a larger group each is compared "
        "with the first and the one before it, so that a million alike reports stay linear; such groups are reported.",
    )


class ReuseSettings(BaseModel):
    """Settings of the reuse stage; every length is in letters, digits and Han unless another unit is named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alike: NearDuplicateSettings = NearDuplicateSettings()
    part_reports: int = Field(default=4096, ge=1, description="Reports that one task holds at a time.")
    part_chars: int = Field(
        default=8_000_000, ge=1, description="Characters that one task holds at a time; a longer report is a task of its own."
    )
    task_rows: int = Field(
        default=4_000_000, ge=1000, description="Fingerprints that one task sorts at a time, at some 50 bytes each."
    )

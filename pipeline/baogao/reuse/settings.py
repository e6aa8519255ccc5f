"""Settings of the reuse stage."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


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

    @model_validator(mode="after")
    def _keep_near_duplicates(self) -> Self:
        if self.lowest_similarity > self.near_duplicate:
            raise ValueError("lowest_similarity is above near_duplicate: near-duplicates would be left out")
        return self


class FormulaSettings(BaseModel):
    """What counts as a stock phrase: text that stands in very many reports which are otherwise different."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clusters: int = Field(
        default=20,
        ge=2,
        description="Clusters of near-duplicates in which a phrase must stand. Fewer call more of the copied text a formula.",
    )
    share: float = Field(
        default=0.002, ge=0, le=1, description="Share of the clusters in which it must stand as well; decides in large archives."
    )
    longest: int = Field(default=60, ge=8, description="Longest formula; a longer stretch is copied text, however often it is used.")
    sample_chars: int = Field(
        default=8_000_000,
        ge=1000,
        description="Characters of the reports, drawn by a hash of their identifiers, in which phrases are counted. "
        "Bounds the work in large archives; the counts of a smaller archive are complete.",
    )


class PassageSettings(BaseModel):
    """How reused passages are found and aligned."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shortest: int = Field(
        default=20, ge=9, description="Shortest passage. Shorter ones would be chance: two reports share many runs of ten."
    )
    seed: int = Field(
        default=8,
        ge=4,
        description="Length of the fingerprints by which passages are found, at most `shortest`. Shorter ones find passages that "
        "were changed more, and cost more time.",
    )
    same: float = Field(
        default=0.8, gt=0.5, le=1, description="Share of its characters that a sentence by itself must have in common with another."
    )
    same_aligned: float = Field(
        default=0.7,
        gt=0.5,
        le=1,
        description="The same within a longer passage, and for paragraphs, sections and reports.",
    )
    slot: int = Field(default=24, ge=1, description="Longest text that may fill a slot, or be left out, without ending a passage.")
    gap: int = Field(
        default=200, ge=1, description="Longest changed stretch inside a passage, if half of it or more is the same after all."
    )
    repeats: int = Field(
        default=50, ge=1, description="Times that a fingerprint is followed within one report; what repeats more is cut off there."
    )
    pair_reports: int = Field(
        default=50,
        ge=2,
        description="Reports of a passage that are still all paired with each other. In a larger group each is paired with the "
        "first and the one before it; such passages are reported.",
    )

    @model_validator(mode="after")
    def _fit_seed_in_passage(self) -> Self:
        if self.seed > self.shortest:
            raise ValueError("seed is longer than shortest: passages would be missed")
        return self


class ReuseSettings(BaseModel):
    """Settings of the reuse stage; every length is in letters, digits and Han unless another unit is named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alike: NearDuplicateSettings = NearDuplicateSettings()
    formula: FormulaSettings = FormulaSettings()
    passages: PassageSettings = PassageSettings()
    part_reports: int = Field(default=4096, ge=1, description="Reports that one task holds at a time.")
    part_chars: int = Field(
        default=8_000_000, ge=1, description="Characters that one task holds at a time; a longer report is a task of its own."
    )
    sample_reports: int = Field(
        default=1000,
        ge=1,
        description="Reports of the reference sample, drawn by a hash of their identifiers: copied shares against it can be compared "
        "between archives of different size.",
    )
    task_rows: int = Field(default=4_000_000, ge=1000, description="Fingerprints that one task sorts at a time, at some 50 bytes each.")

"""Settings: one typed model a stage, read from YAML; an unknown key is an error that names the nearest known one."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from baogao.errors import BaogaoError
from baogao.reuse.settings import ReuseSettings
from baogao.scrape.settings import ScrapeSettings

Focus = Literal["precision", "balanced", "recall"]


class StageSettings(BaseModel):
    """Frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReadSettings(StageSettings):
    """How archives are opened and their pages read."""

    max_page_bytes: int = Field(20_000_000, description="Largest page, unpacked, in bytes; a larger one becomes a failure.")
    max_bytes: int = Field(100_000_000, description="Largest member of an archive that is itself an archive, unpacked, in bytes.")
    max_expansion: int = Field(200, description="How many times its own size an archive may hold; a larger one is a bomb.")
    max_archive_depth: int = Field(5, description="How many archives may stand inside each other.")
    join_parts: bool = Field(True, description="Join an article's parts (a.html, a_2.html; a.php?id=7&page=2) to one page.")
    text_column: str = Field("text", description="Column of CSV, TSV and JSON Lines files that holds a page's text.")
    url_column: str = Field("url", description="Column that holds its address, if there is one.")


class CleanSettings(StageSettings):
    """Which repairs are made and how strictly blocks are kept."""

    focus: Focus = Field(
        "balanced", description="precision keeps only lines that surely belong to a report, recall drops only sure rubbish."
    )
    sites: tuple[str, ...] = Field(
        (), description="Folders with your own site rules, a file NAME.yaml a site; they go before those that ship (howto-sites.md)."
    )
    byte_slip: bool = Field(True, description="Repair GBK text whose bytes slipped by one: ；鶎涌破战M織 for ；基層科普組織.")
    pinyin: bool = Field(True, description="Remove pinyin in brackets behind a character: 區(qū)委.")
    script: bool = Field(True, description="Fold Traditional characters to Simplified ones.")
    anti_copy: bool = Field(True, description="Remove marks against copying: a back-quote in a sentence, a lone quote or dot behind 的.")
    sprinkle: bool = Field(True, description="Remove single spaces and letters sprinkled into words: 社区积极开 展, 组s织.")
    digits: bool = Field(True, description="Read letters inside numbers as digits: 2O1O年, 二oo九年.")
    page_mark: bool = Field(True, description="Remove page marks, and page numbers inside sentences and words.")
    line_break: bool = Field(True, description="Join lines that were broken in mid-sentence.")
    lost_chars: bool = Field(True, description="Replace runs of ? and U+FFFD by the indent or quote that was lost, else remove them.")
    repeated_title: bool = Field(True, description="Keep one of the same titles that stand in a row on one line.")
    joined: bool = Field(True, description="Put lost line breaks back into long lines: at indents, before headings numbered in sequence.")


class LanguageSettings(StageSettings):
    """Segmentation."""

    dictionaries: tuple[str, ...] = Field((), description="User dictionary files in jieba's format: WORD [FREQUENCY] [TAG] a line.")


class ExtractSettings(StageSettings):
    """What is taken out of a report."""

    focus: Focus = Field("balanced", description="precision raises, recall lowers the probability that an activity needs.")


class RunSettings(StageSettings):
    """How the work is cut."""

    shards: int = Field(
        64, ge=1, description="Number of parts that the pages are divided into, by a hash of page_id; one for 3,000 pages is enough."
    )
    page_seconds: int = Field(
        120, ge=1, description="Seconds of processor time that one page may take before it is interrupted and becomes a failure."
    )


class Settings(StageSettings):
    """All settings of a run."""

    scrape: ScrapeSettings = ScrapeSettings()
    read: ReadSettings = ReadSettings()
    clean: CleanSettings = CleanSettings()
    language: LanguageSettings = LanguageSettings()
    extract: ExtractSettings = ExtractSettings()
    reuse: ReuseSettings = ReuseSettings()
    run: RunSettings = RunSettings()


def read_settings(path: Path | None) -> Settings:
    """Settings from a YAML file, the defaults where it is silent.

    Raises BaogaoError, in one sentence, for a file that cannot be read, an unknown key or a value of the wrong kind.
    """
    if path is None:
        return Settings()
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise BaogaoError(f"The settings file {path} cannot be read ({_first_line(error)}); check that it is a YAML file.") from error
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        raise BaogaoError(f"{path}: {_explain(error)}") from error


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    if first["type"] != "extra_forbidden":
        return f"{place} is not valid: {first['msg']}."
    known: dict[str, Any] = Settings.model_fields
    for key in first["loc"][:-1]:
        known = known[str(key)].annotation.model_fields
    nearest = difflib.get_close_matches(str(first["loc"][-1]), known, n=1, cutoff=0)
    return f"there is no setting {place}; did you mean {'.'.join([*map(str, first['loc'][:-1]), nearest[0]])}?"


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]

"""Damage that cannot be undone from the text: masks, spun words, lost digits, narrowed punctuation.

Annotations follow the text: a masked year is masked in their values too. What stood there before is kept as the truth.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from families import load_yaml
from rewriting import LAYERS, change_dates, moving_festival, rewrite

from baogao.corpus import Annotation, Report
from baogao.text import Edit

_NARROW = str.maketrans("，：；？！（）", ",:;?!()")
_YEAR = re.compile(
    r"(?<![\d.])(?:19|20)\d\d(?=年|〕|[.\-/]\d{1,2}[.\-/日]|[—－~至-]{1,2}(?:19|20)\d\d年)"
    r"|[一二][九〇○零0][〇○零一二三四五六七八九0]{2}(?=年)"
)
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d")
_STEM = re.compile(
    r"^(?:[\u4e00-\u9fff]{1,3}[省市县区])?([\u4e00-\u9fff]{2,4}?)"
    r"(?=社区|街道|居委会|镇|乡|村|县|区|市|中学|小学|学校|中心|卫生|派出所|农场|厂|公司|图书馆)"
)
"""The name of its own at the head of a unit's name."""
_COUNTED = re.compile(r"\d+(?:\.\d+)?(?=[\u4e00-\u9fff%])")


def masked(report: Report, rng: random.Random, style: str) -> tuple[Report, list[Edit]]:
    """Years and the name of the place masked; `style` is the mark for both, as in `xx`, `**` or `××`.

    A style with a digit in front keeps the decade, as in `1*` (201*年).
    """
    mark = style[-1]
    decade = style[0].isdigit()
    stem = _STEM.match(str(report.header["issuer"] or ""))
    name = stem.group(1) if stem else None
    pattern = re.compile(f"{_YEAR.pattern}|{re.escape(name)}" if name else _YEAR.pattern)

    def mask(match: re.Match[str]) -> str:
        text = match.group()
        if text == name:
            return mark * 2
        century = "19" if text.startswith(("19", "一")) else "20"
        return f"{text[:3]}{mark}" if decade and text.isdigit() else century + mark * 2

    edits = [Edit("masked", *match.span(), mask(match)) for match in pattern.finditer(report.text)]
    result = rewrite(report, edits, lambda value, place: pattern.sub(mask, value))

    def edtf(value: str) -> str:
        return _DATED.sub(lambda m: m.group()[:3] + "X" if decade else m.group()[:2] + "XX", value)

    def change(time: Annotation) -> tuple[str | None, list[int]]:
        if not time["value"] or not _DATED.search(time["value"]):
            return time["value"], time["months"]
        festival = moving_festival(time["quote"], None) if time["kind"] == "festival" else None
        return festival or (edtf(time["value"]), time["months"])

    return change_dates(result, change, edtf), edits


def spun(report: Report, rng: random.Random, style: str) -> tuple[Report, list[Edit]]:
    """Words exchanged for others of like meaning, as sites do to pass a copy for new; time expressions stay."""
    table: Mapping[str, str] = load_yaml(Path(__file__).parent / "spin.yaml")
    chosen = {old: new for old, new in table.items() if rng.random() < 0.8}
    pattern = re.compile("|".join(sorted(map(re.escape, chosen), key=lambda word: (-len(word), word))))
    kept = [(time["start"], time["end"]) for time in report.times]
    found = [m for m in pattern.finditer(report.text) if not any(m.start() < end and start < m.end() for start, end in kept)]
    edits = [Edit("spun", *match.span(), chosen[match.group()]) for match in found]
    return rewrite(report, edits, lambda value, place: pattern.sub(lambda m: chosen[m.group()], value)), edits


def lost_digits(report: Report, rng: random.Random, style: str) -> tuple[Report, list[Edit]]:
    """Numbers that a site's filter deleted, their units left standing; outside annotated clauses, whose counts they would take."""
    kept = [(item["start"], item["end"]) for layer in LAYERS for item in getattr(report, layer)]
    found = [m for m in _COUNTED.finditer(report.text) if not any(m.start() < end and start < m.end() for start, end in kept)]
    edits = []
    for match in found:
        if rng.random() < 0.75:
            whole, point, _ = match.group().partition(".")
            edits.append(Edit("lost_digits", match.start(), match.end(), point if point and len(whole) < 3 else ""))
    return rewrite(report, edits, lambda value, place: value), edits


def narrowed(report: Report, rng: random.Random, style: str) -> tuple[Report, list[Edit]]:
    """Full-width commas, colons, semicolons, brackets, ? and ! made ASCII ones."""
    text = report.text.translate(_NARROW)
    edits = [Edit("narrowed", i, i + 1, new) for i, (old, new) in enumerate(zip(report.text, text, strict=True)) if old != new]
    return rewrite(report, edits, lambda value, place: value.translate(_NARROW)), edits


LOSSES: dict[str, Callable[[Report, random.Random, str], tuple[Report, list[Edit]]]] = {
    "masked": masked, "spun": spun, "lost_digits": lost_digits, "narrowed": narrowed,
}  # fmt: skip
"""Name of a loss -> function of a report, a generator and a style to the report as it reads then and the edits made."""

"""Where an act takes place: phrases behind prepositions and verbs of going, objects of inspections, places that open a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from baogao.extract.activities.frames import GAP, NUMERAL, alternatives, ends_in, phrase_at

_GOING_SINGLE = (
    "(?<![达得受做找收直等提看听感想遇接办见回用落不涉学报周从推进走送搬请])到|(?<![引推改促先跟跑走])进(?!一步|行|展|度|而|修|场|入角|出)"
)


def find_place(clause: str) -> str | None:
    """Place of an act, said in its clause (time expressions taken out)."""
    return next(_said(clause), None)


def _said(clause: str) -> Iterator[str]:
    for pattern, strict in _triggers():
        for match in pattern.finditer(clause):
            if _in_quotes(clause, match.start()):
                continue
            if not strict and _abstract().search(phrase_at(clause, match.end(), strict=False)):
                continue
            place = _trimmed(phrase_at(clause, match.end(), "places", "localizers", strict=strict))
            if is_place(place, strict=strict):
                yield place
    for match in _siting().finditer(clause):
        if is_place(match["place"], strict=True) and not ends_in(match["place"], "units"):
            yield _trimmed(match["place"])
    yield from (match["place"] for match in _alone().finditer(clause))


@cache
def _alone() -> re.Pattern[str]:
    """A place between two marks: 老城小学外，新建了等候亭; 观星（社区楼顶，遇雨顺延）."""
    noun = f"(?P<place>[^，,。；;：:！？!?（()）\\n]{{1,14}}(?:{alternatives('standing_places')}))"
    return re.compile(f"(?:^|(?<=[，,。；;（(])){noun}(?=[，,）)])")


def _in_quotes(clause: str, place: int) -> bool:
    return clause.count("“", 0, place) > clause.count("”", 0, place)


@cache
def _triggers() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """What stands before a place, the most reliable first, and whether the place must end in a word that names places."""
    return (
        (re.compile(f"(?<![现存自内旨好正贵实潜])(?:在|位于)(?!{alternatives('not_places')})|(?:设|建|安|贴|放|挂)(?:在|于|到)"), False),
        (re.compile(f"{_GOING_SINGLE}|(?:{alternatives('going_verbs')})(?:了)?"), True),
        (re.compile(f"(?:{alternatives('using_verbs')})"), True),
        (re.compile(f"对(?={GAP}{{2,20}}?(?:{alternatives('inspect_verbs')}))"), True),
    )


@cache
def _siting() -> re.Pattern[str]:
    return re.compile(
        f"(?:^|(?<=[，,。；;、]))(?P<place>{GAP}{{0,14}}?(?:{alternatives('places')})(?:[里上内前旁外]|门口)?)"
        f"(?:都|均|也|全部|普遍|各)?(?={alternatives('siting_verbs')})"
    )


def _trimmed(place: str) -> str:
    """A place without 里, 上 or 中 behind it, where enough is left."""
    place = place.strip("“”\"'‘’、 　的")
    short = _LOCALIZER.sub("", place)
    return place if len(short) < 2 or short.endswith("家") or (len(short) == 2 and short[-1] in "乡镇院馆村") else short


_LOCALIZER = re.compile("(?<!网)(?:里面|里|上|中)$")


def is_place(place: str, *, strict: bool) -> bool:
    """Whether a phrase can name a place; `strict`: it ends in a word that does."""
    if len(place) < 2 or _abstract().search(place):
        return False
    return ends_in(_LOCALIZER.sub("", place), "places", "localizers") or (not strict and not ends_in(place, "people"))


@cache
def _abstract() -> re.Pattern[str]:
    return re.compile(f"(?:{alternatives('abstract')})(?:[中上下里内间时前后]|之[中下间前后])?$|^{NUMERAL}+[个次名]?$")

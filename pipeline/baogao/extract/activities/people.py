"""Who does an act, with whom and for whom: subjects, phrases behind coverbs and verbs, nouns in the names of events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from baogao.extract.activities.frames import GAP, NUMERAL, alternatives, clause_at, ends_in, phrase_at, tagger

_COUNT = f"(?:约|近|共|各|另|全部|其中)?{NUMERAL}+(?:余|多|来)?(?:名|位|个|家|户|支|所|人次)"
_LEADING_COUNT = re.compile(f"^(?:{_COUNT})的?(?=[^，]{{2}})")
_AND = re.compile("、|以及|(?<!温)和|(?<!普)及(?!时)|与")


def find_organizer(clause: str) -> str | None:
    """The unit or person that does the act: the agent behind 由, the subject of one of its clauses."""
    for pattern in _agents():
        for match in pattern.finditer(clause):
            who = phrase_at(clause, match.end(), "units", "actors")
            rest = clause_at(clause, match.end() + len(who))
            if who and not _opens_with_verb(who) and not _no_subject().search(who) and _predicate().match(rest):
                return _head_unit(who.strip('“”"、 　'))
    return None


def _opens_with_verb(who: str) -> bool:
    return who[0] in "“《" or tagger().tag(who)[0][1].startswith("v")


def _head_unit(who: str) -> str:
    """The unit of 社区的法律援助工作站 is the whole, that of 各村居民三百人 the people without their number."""
    return re.sub(f"{NUMERAL}+[人名位]?$", "", who) or who


@cache
def _agents() -> tuple[re.Pattern[str], ...]:
    return (
        re.compile("(?<![自经理缘])由(?!于|此)"),
        re.compile(f"(?:^|(?<=[，,。；;：:\\n]))(?:{alternatives('openings')})*"),
        re.compile("(?:参加|获)了?(?=.{2,12}(?:组织|举办|召开|举行|开展|下发)的)"),
    )


@cache
def _predicate() -> re.Pattern[str]:
    """What follows a subject: anything but a number, a noun that goes on, or the end of the text."""
    return re.compile(f"们?(?!{NUMERAL}+[次场个期件起份]|的|$|、)")


@cache
def _no_subject() -> re.Pattern[str]:
    first = f"^(?:{alternatives('no_subject')})|^我们?$|^全[区县市镇乡村]$|^{NUMERAL}+[名位个人]"
    return re.compile(f"{first}|(?:{alternatives('not_in_subject')})")


def find_partners(clause: str) -> tuple[str, ...]:
    """Those who take part in doing it: invited, joined with, or led out to act."""
    for pattern in _partner_triggers():
        for match in pattern.finditer(clause):
            who = phrase_at(clause, match.end(), "units", "people", "actors")
            rest = clause_at(clause, match.end() + len(who))
            if not who:
                continue
            if match.group()[0] in "与和同跟" and not _jointly().match(rest):
                continue
            if match.group()[0] in "组发动带号" and not (_doing().search(rest) and ends_in(who, "doers")):
                continue
            parts = tuple(part for part in _split(who) if part)
            if parts:
                return parts
    return ()


@cache
def _partner_triggers() -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(f"(?:{alternatives('joining_verbs')})了?"),
        re.compile("(?<![参给赋相不])(?:与|和|同|跟)(?!时|步|比|志)"),
        re.compile("(?:组织|发动|动员|带领|号召|召集|抽调|选派)了?"),
    )


@cache
def _jointly() -> re.Pattern[str]:
    return re.compile(f"{GAP}{{0,2}}?(?:{alternatives('jointly')})")


@cache
def _doing() -> re.Pattern[str]:
    return re.compile(alternatives("doing_verbs"))


def _split(who: str) -> list[str]:
    """Co-ordinated people one by one, without their number."""
    return [_LEADING_COUNT.sub("", part).strip('“”"、 　的') for part in _AND.split(who.removesuffix("等"))]


def find_audience(clause: str, partners: tuple[str, ...]) -> str | None:
    """Those for whom it is done: behind coverbs, objects of visits and help, those who came, those whom the event is named for."""
    for who in _audiences(clause):
        plain = _LEADING_COUNT.sub("", who).strip("“”\"'、 　的")
        if len(plain) > 1 and plain not in partners and not _no_audience().search(plain):
            return plain
    return None


def _audiences(clause: str) -> Iterator[str]:
    for pattern in _audience_triggers():
        for match in pattern.finditer(clause):
            if who := phrase_at(clause, match.end(), "people"):
                yield who
    for pattern in _audience_patterns():
        yield from (match["who"] for match in pattern.finditer(clause))


@cache
def _audience_triggers() -> tuple[re.Pattern[str], ...]:
    return (
        re.compile("面向|针对|为(?!了|主|期|载|依)|给|(?<![一方志走趋倾])向|对(?!于|口|接)|供|替|帮助?(?!教|困)"),
        re.compile(f"(?:{alternatives('serving_verbs')})+了?"),
        re.compile("(?:组织|发动|动员|安排|召集)了?"),
    )


@cache
def _audience_patterns() -> tuple[re.Pattern[str], ...]:
    people = alternatives("people")
    who = f"(?P<who>{GAP}{{0,12}}?(?:{people})们?)"
    named = f"(?P<who>(?:{alternatives('modifiers')})?(?:{people})+)"
    return (
        re.compile(f"{_COUNT}{who}(?=们?(?:{alternatives('attending_verbs')}))"),
        re.compile(f"(?:参加|参与|参训|听课|受教育|观看|受益|惠及|吸引|看戏)的?了?{who}(?=[，,。]|{NUMERAL}|有|达|共|超|近|$|参|前后)"),
        re.compile(
            f"(?:召开|举办|举行|开展|开设|^|[，,])了?(?:{NUMERAL}+[次期场届个])?{named}(?={GAP}{{0,12}}?(?:{alternatives('events')})(?:{NUMERAL}|[，,。；、]|$))"
        ),
    )


@cache
def _no_audience() -> re.Pattern[str]:
    return re.compile(f"^(?:{alternatives('no_audience')})")

"""The dates of a report as a whole: when it was signed, and which period it reports on or plans for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from baogao.extract.times.edtf_values import months_of, with_year
from baogao.extract.times.find import find_times
from baogao.extract.times.grammar import UNKNOWN_YEAR, TimeExpression

_OPENING = 450
"""Characters at a report's start that announce what it is about, counted on corpus/train: the longest announcement ends at 420."""
_FIRST_SENTENCES = 150
"""The same for genres that tell their history there (briefing, application)."""
_SIGNED_PART = 0.5
"""Share of a text behind which a date with a line to itself is a signature."""
_SIGNER_LINE = 45
"""Characters of the longest line that holds a signer and a date."""
_TITLE_LINE = 40
"""Characters of the longest line at a text's start that is a title."""

_EDGE = " \u3000\t。．.，,；;：:（()）【】[]—-"
_SIGNATURE_LABEL = re.compile("(?:(?:填报|填表|报告|上报|汇报|签署|撰写|成文|起草)?(?:日期|时间))?")
_SIGNER = re.compile('[\u4e00-\u9fffxXｘＸ×*＊_）)”"〇○]{2,}$')
_NO_SIGNER = re.compile("[，,。；;：:、]|[于在至到]$")
_ATTACHED = re.compile("\\s*附")

# A year that dates a unit's or a person's past, not the report: 成立于2003年, 2001年交付使用, 与2004年相比.
_PAST_BEFORE = re.compile("(?:建于|成立于|创办于|组建于|自|从|由|比|较|与|同|截至|截止|是|于|至|到|获得?|《[^》]{0,12})[ \u3000]?$")
_PAST_BEHIND = re.compile(
    "[\u4e00-\u9fff、]{0,12}?(?:成立|建成|组建|创建|创办|建立|始建|交付|动工|建设|合并|改制|启用|被评|被授|荣获|获得?|评为|通过了"
    "|换届|参加工作|毕业|入党|调入|退休)|相比|[上下]?同期"
)
_OPENS_SENTENCE = re.compile(
    "(?:^|[。！？!?\n])[ \u3000]*(?:今年|在|到|[\u4e00-\u9fff，,]{0,6}(?:转眼|翻过|过去|之间))?[ \u3000]*$|(?:转眼[间之]?|光阴荏苒，)$"
)
_HOLDS_ON = re.compile("[，,、]|是|度?以来|(?:即将|就要|已经|转眼|将要|马上|很快)|[\u4e00-\u9fffxX×*＊_]{2,}")
_SAYS_NOW = re.compile("现[将就把]|[制拟]定[^，,；;]*$")
_ANNOUNCES = re.compile("现[将就把]|[制拟]定|制订|特作|小结|总结|述职|汇报|报告如下|如下|安排|打算|计划|要点|方案|做法|回顾|情况")
_ITS_WORK = re.compile("[度的]?[\u4e00-\u9fff、“”]{0,14}(?:工作|活动|情况)")
_SENTENCE = re.compile("[。！？\n]")
_CLAUSE = re.compile("[，,；;]")
_TIME_LABEL = re.compile("(?:时间|日期)(?:安排|段)?[、\u4e00-\u9fff]{0,4}[】\\]]?[ \u3000]*(?:[:：为是\n]|(?<=[】\\]]))[ \u3000]*$")
_THIS_YEAR = re.compile("今年(?:以来)?(?![\u4e00-\u9fff]{0,2}[\\d一二三四五六七八九十]{1,3}月|[春夏秋冬])|本年度?")
_HALF_YEAR = re.compile("(?P<half>[上下]半年)|半年")
_PERIOD_KINDS = ("year", "half", "quarter", "span", "month")


def find_signed(text: str, times: Sequence[TimeExpression]) -> tuple[str | None, tuple[int, int] | None]:
    """Date of the signature at a report's end (EDTF) with its span; (None, None) if there is none.

    It is the last date that has a line to itself, follows its signer on a short line, or closes the text in brackets.
    """
    for time in reversed(times):
        dated = time.kind == "date" or (time.kind == "month" and _states_year(time))
        if dated and time.edtf and _is_signature(text, time):
            return time.edtf, (time.start, time.end)
    return None, None


def _states_year(time: TimeExpression) -> bool:
    return time.edtf is not None and not time.edtf.startswith((UNKNOWN_YEAR, "R/")) and time.rule != "five_year_plan"


def _is_signature(text: str, time: TimeExpression) -> bool:
    start = text.rfind("\n", 0, time.start) + 1
    end = text.find("\n", time.end)
    end = end if end >= 0 else len(text)
    before, after, behind = text[start : time.start], text[time.end : end].strip(_EDGE), text[end:]
    last = not behind.strip()
    if not last and time.start < _SIGNED_PART * len(text) and not _ATTACHED.match(behind):
        return False
    signer = end - start <= _SIGNER_LINE and _is_signer(before)
    if _SIGNATURE_LABEL.fullmatch(before.strip(_EDGE)) and not after:
        return last or "年" in time.text or len(time.edtf or "") == 10
    if not last:
        return signer and not after and "年" in time.text
    line = text[start:end].strip()
    if line[0] in "（(" and line[-1] in "）)":
        return _states_year(time)
    return not after and not before.rstrip().endswith(("，", ",")) and (before[-1:].isspace() or signer)


def _is_signer(before: str) -> bool:
    """Whether what stands before a date on its line can be a name: no sentence sign, no word that leads to a date."""
    name = before.rstrip(" \u3000")
    return _SIGNER.search(name) is not None and _NO_SIGNER.search(name) is None


@dataclass(frozen=True, slots=True)
class _Source:
    """What a period can be read from; `head` is the title with the title lines of the text."""

    text: str
    times: Sequence[TimeExpression]
    head: str
    head_times: Sequence[TimeExpression]
    genre: str
    signed: str | None


def find_period(
    title: str | None, text: str, times: Sequence[TimeExpression], *, genre: str, signed: str | None
) -> tuple[str | None, str | None]:
    """Period that a report reports on or plans for (EDTF), and what it was read from; (None, None) if the text does not say.

    The places are tried in this order: for a scheme the line that states its time; then title, announcement (现将2012年工作总结如下),
    opening; the only year of the text, if it is masked or the report is a plan; the year of signature where the announcement says this
    year; the span in the first sentence of a summary. `genre` is one of records.GENRES.
    """
    head = "\n".join((title or "", *_title_lines(text)))
    source = _Source(text, times, head, find_times(head), genre, signed)
    places: list[tuple[str, Callable[[_Source], str | None]]] = [
        ("title", _of_title), ("announcement", _announced), ("opening", _of_opening), ("body", _only_year),
        ("announcement", _this_year), ("opening", _of_first_sentence),
    ]  # fmt: skip
    if genre in ("scheme", "other"):
        places.insert(0, ("time_label", _labelled))
    for basis, find in places:
        period = find(source)
        if period:
            return period, basis
    return None, None


def _title_lines(text: str) -> list[str]:
    """The lines at a text's start that are titles: short, without a sentence sign."""
    lines = []
    for line in text.lstrip().split("\n", 5)[:4]:
        if len(line) > _TITLE_LINE or re.search("[。；;：:，,！!]|^[一1][、.]", line):
            break
        lines.append(line)
    return lines


def _of_title(source: _Source) -> str | None:
    """2012年上半年工作总结, 2012-2013学年第一学期工作计划; a half without a year takes that of the signature or the text."""
    stated = [time for time in source.head_times if time.kind in _PERIOD_KINDS and _states_year(time)]
    finer = [time for time in stated if time.kind != "year"]
    if stated:
        return (finer or stated)[0].edtf
    half = _HALF_YEAR.search(source.head)
    if not half:
        return None
    told = next((t.edtf for t in source.times if t.kind == "half" and t.start < _OPENING and t.edtf), None)
    if told:
        return with_year(told, _year_about(source))
    month = months_of(source.signed)
    second = half["half"] == "下半年" or (not half["half"] and month and (month[0] > 9 or month[0] < 3))
    return f"{_year_about(source)}-{41 if second else 40}"


def _year_about(source: _Source) -> str:
    """The year of the signature, else the first that the opening states, else the only one of the text, else XXXX."""
    if source.signed and not source.signed.startswith(UNKNOWN_YEAR):
        return source.signed[:4]
    stated = ((t.edtf or "")[:4] for t in source.times if _states_year(t) and t.start < _OPENING)
    return next(stated, None) or _only_year(source) or UNKNOWN_YEAR


def _announced(source: _Source) -> str | None:
    """The period in the sentence that says what the report is: 现将上半年工作总结如下, 特制定20xx年工作计划."""
    for time in source.times:
        if time.start > _OPENING:
            return None
        if time.kind in _PERIOD_KINDS and time.edtf and _is_announced(source.text, time):
            if _states_year(time):
                return time.edtf
            if time.kind == "half":
                return with_year(time.edtf, _year_about(source))
    return None


def _is_announced(text: str, time: TimeExpression) -> bool:
    before = _CLAUSE.split(_SENTENCE.split(text[max(0, time.start - _OPENING) : time.start])[-1])[-1]
    behind = _SENTENCE.split(text[time.end : time.end + _OPENING])[0]
    clause = _CLAUSE.split(behind)[0]
    announces = _ANNOUNCES.search(before) or _ANNOUNCES.search(clause)
    of_its_work = _ITS_WORK.match(clause) and _ANNOUNCES.search(behind)
    return bool((announces or of_its_work) and (_SAYS_NOW.search(before) or not _is_past(text, time)))


def _is_past(text: str, time: TimeExpression) -> bool:
    """Whether an expression dates the past of a unit or a person (成立于2003年), or bounds or compares."""
    return bool(_PAST_BEFORE.search(text, max(0, time.start - 14), time.start) or _PAST_BEHIND.match(text, time.end))


def _of_opening(source: _Source) -> str | None:
    """The year that opens a sentence of the first paragraphs: 2012年，我社区…; 2012年是…; 一转眼2012年就要过去了."""
    reach = _OPENING if source.genre in ("summary", "plan", "review") else _FIRST_SENTENCES
    for time in source.times:
        if time.start > reach:
            return None
        if not _OPENS_SENTENCE.search(source.text, max(0, time.start - 12), time.start) or _is_past(source.text, time):
            continue
        if time.kind == "half" and time.edtf:
            return with_year(time.edtf, _year_about(source))
        if not time.edtf or not _states_year(time) or time.kind not in ("year", "span", "season", "month"):
            continue
        if source.text.startswith("以来", time.end):
            return _until_signed(time.edtf, source.signed)
        if time.kind != "month" and _HOLDS_ON.match(source.text, time.end):
            return time.edtf[:4] if time.kind == "season" else time.edtf
    return None


def _until_signed(start: str, signed: str | None) -> str:
    """What began at `start` (2008年9月以来) ends with the signature, in the same precision."""
    end = (signed or "")[: len(start)]
    if len(end) == len(start) and start.replace("-", "").isdigit() and start < end:
        return f"{start}/{end}"
    return start[:4]


def _only_year(source: _Source) -> str | None:
    """The only year of the text, if it is masked: a site masks the year that the report is about. In a plan also one in figures."""
    told = [time for time in source.times if _states_year(time) and time.edtf != source.signed]
    years = {(time.edtf or "")[:4] for time in told if not _is_past(source.text, time)}
    if len(years) != 1:
        return None
    year = years.pop()
    return year if not year.isdigit() or source.genre in ("plan", "scheme") else None


def _this_year(source: _Source) -> str | None:
    """The year of signature where the sentence that says what the report is calls it this year (就今年以来的工作汇报如下)."""
    year = (source.signed or UNKNOWN_YEAR)[:4]
    if year == UNKNOWN_YEAR:
        return None
    for sentence in _SENTENCE.split(source.text[:_OPENING]):
        this_year = _THIS_YEAR.search(sentence)
        if this_year and _ITS_WORK.match(sentence, this_year.end()) and _ANNOUNCES.search(sentence, this_year.end()):
            return year
    return None


def _of_first_sentence(source: _Source) -> str | None:
    """The span that the first sentence of a summary tells of: 从3月中旬到6月下旬，街道开展了整治."""
    first = _SENTENCE.search(source.text)
    end = min(first.start() if first else len(source.text), _FIRST_SENTENCES)
    span = next((time for time in source.times if time.kind == "span" and time.end <= end), None)
    if source.genre != "summary" or span is None or not span.edtf or _PAST_BEHIND.match(source.text, span.end):
        return None
    return with_year(span.edtf, _year_about(source))


def _labelled(source: _Source) -> str | None:
    """The time that a scheme states for its event: 活动时间：5月23日—29日; 决定从20xx年9月起至12月底…; 20xx年科技活动周."""
    for time in source.times:
        label = _TIME_LABEL.search(source.text, max(0, time.start - 16), time.start)
        if label and time.kind in ("date", "span", "month") and time.edtf:
            years = [t.edtf[:4] for t in source.head_times if t.edtf and _states_year(t)]
            return with_year(time.edtf, years[0] if years else (source.signed or UNKNOWN_YEAR)[:4])
    for time in source.times:
        if time.start > _OPENING and len(source.text) > 2 * _OPENING:
            return None
        if time.kind in ("span", "named_day") and _states_year(time):
            return time.edtf
    return None

"""The period that a report reports on or plans for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from baogao.extract.times.edtf_values import months_of, with_year
from baogao.extract.times.find import find_times
from baogao.extract.times.grammar import UNKNOWN_YEAR, TimeExpression
from baogao.extract.times.signature import states_year

_OPENING = 450
"""Characters at a report's start that announce what it is about, counted on corpus/train: the longest announcement ends at 420."""

_FIRST_SENTENCES = 150
"""The same for genres that tell their history there (briefing, application), and for the event that a summary is about."""

_TITLE_LINE = 40
"""Characters of the longest line at a text's start that is a title."""

_LEAST_STAGES = 2

# A year that dates a unit's or a person's past, not the report: 成立于2003年, 2001年交付使用, 与2004年相比.
_PAST_BEFORE = re.compile("(?:建于|成立于|创办于|组建于|自|从|由|比|较|与|同|截至|截止|是|于|至|到|获得?|《[^》]{0,12})[ \u3000]?$")
_PAST_BEHIND = re.compile(
    "[\u4e00-\u9fff、]{0,12}?(?:成立(?![\\d一二三四五六七八九十百]{1,4}周年)|建成|组建|创建|创办|建立|始建|交付|动工|建设|合并|改制|启用|被评|被授|荣获|获得?|评为|通过了"
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
_MORE_MONTHS = re.compile("[、，和及与]")
_ANY_YEAR = re.compile("以来|每")
_STAGE = re.compile("阶段[^\\n。；;（(：:]{0,10}[（(：:][ \\u3000]*$")
_HELD_BEFORE = re.compile("(?:定于|拟于|将于|于|决定(?:从|于|在)?|计划(?:从|于|在))$")
_HELD_BEHIND = re.compile("(?!起)[^。；;\\n]{0,30}?(?:举[办行]|开展|进行|组织)")
_EVENT_TITLE = re.compile("活动|整治|行动|专项|[竞比]赛|演练|抗击|防[治控]")
_OF_A_YEAR = re.compile("年度?|学期|季度|月份")
_HALF_YEAR = re.compile("(?P<half>[上下]半年)|半年")
_PERIOD_KINDS = ("year", "half", "quarter", "span", "month")


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
        ("title", _of_title), ("announcement", _announced), ("opening", _of_event), ("opening", _of_opening), ("body", _of_masked_text),
    ]  # fmt: skip
    if genre in ("scheme", "other"):
        places[:0] = [("time_label", _labelled), ("time_label", _of_named_week), ("time_label", _of_stages)]
    places.append(("title", _of_masked_year))
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
    stated = [time for time in source.head_times if time.kind in _PERIOD_KINDS and states_year(time)]
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
    stated = ((t.edtf or "")[:4] for t in source.times if states_year(t) and t.start < _OPENING)
    return next(stated, None) or _only_year(source) or UNKNOWN_YEAR


def _announced(source: _Source) -> str | None:
    """The period in the sentence that says what the report is: 现将上半年工作总结如下, 特制定20xx年工作计划."""
    for time in source.times:
        if time.start > _OPENING:
            return None
        if time.kind in _PERIOD_KINDS and time.edtf and _is_announced(source.text, time):
            if states_year(time):
                return _with_next_month(source, time)
            if time.kind == "half":
                return with_year(time.edtf, _year_about(source))
    return None


def _with_next_month(source: _Source, time: TimeExpression) -> str | None:
    """The value of an expression, up to the month that is listed right behind it (2005年11月、12月两个月)."""
    following = next((other for other in source.times if other.start >= time.end), None)
    if time.kind != "month" or following is None or following.kind != "month" or states_year(following) or not following.edtf:
        return time.edtf
    listed = _MORE_MONTHS.fullmatch(source.text, time.end, following.start)
    return f"{time.edtf}/{with_year(following.edtf, (time.edtf or UNKNOWN_YEAR)[:4])}" if listed else time.edtf


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
        if not _opens_sentence(source.text, time) or _is_past(source.text, time):
            continue
        if time.kind == "half" and time.edtf:
            return with_year(time.edtf, _year_about(source))
        if not time.edtf or not states_year(time) or time.kind not in ("year", "span", "season", "month"):
            continue
        if source.text.startswith("以来", time.end) and reach == _OPENING:
            return _until_signed(time.edtf, source.signed)
        if time.kind != "month" and _HOLDS_ON.match(source.text, time.end) and not _ANY_YEAR.match(source.text, time.end):
            return time.edtf
    return None


def _until_signed(start: str, signed: str | None) -> str:
    """What began at `start` (2008年9月以来) ends with the signature, in the same precision."""
    end = (signed or "")[: len(start)]
    if len(end) == len(start) and start.replace("-", "").isdigit() and start < end:
        return f"{start}/{end}"
    return start[:4]


def _only_year(source: _Source) -> str | None:
    """The only year of the text, if it is masked; in a plan or scheme also one in figures."""
    told = [time for time in source.times if states_year(time) and time.edtf != source.signed]
    years = {(time.edtf or "")[:4] for time in told if not _is_past(source.text, time)}
    if len(years) != 1:
        return None
    year = years.pop()
    return year if not year.isdigit() or source.genre in ("plan", "scheme") else None


def _of_masked_text(source: _Source) -> str | None:
    """The only year that a plan or a personal report states, if it is masked: a site masks the year that the report is about."""
    year = _only_year(source) if source.genre in ("plan", "review") else None
    return year if year and not year.isdigit() else None


def _of_masked_year(source: _Source) -> str | None:
    """A year that is masked altogether (**年安全工作计划), where nothing else says more."""
    masked = any(time.rule == "year_masked" for time in source.head_times)
    return UNKNOWN_YEAR if masked else None


def _of_event(source: _Source) -> str | None:
    """The time of the one event that a summary is about, from its first sentences: 从3月到6月，街道开展了整治; 四月份，学校…."""
    titled = source.head.strip()
    if source.genre != "summary" or _OF_A_YEAR.search(titled):
        return None
    first = _SENTENCE.search(source.text)
    reach = _FIRST_SENTENCES if _EVENT_TITLE.search(titled) else min(first.start() if first else len(source.text), _FIRST_SENTENCES)
    told = [time for time in source.times if time.end <= reach and time.edtf and not _PAST_BEHIND.match(source.text, time.end)]
    spans = [time for time in told if time.kind == "span" and not source.text.startswith("以来", time.end)]
    if not spans and _EVENT_TITLE.search(titled):
        spans = [time for time in told if time.kind in ("month", "season") and _opens_sentence(source.text, time)]
    return with_year(spans[0].edtf or UNKNOWN_YEAR, _year_about(source)) if spans else None


def _opens_sentence(text: str, time: TimeExpression) -> bool:
    return _OPENS_SENTENCE.search(text, max(0, time.start - 12), time.start) is not None


def _labelled(source: _Source) -> str | None:
    """The time that a scheme states for its event: 活动时间：5月23日—29日; 定于12月21日至31日举办."""
    for tells in (_is_labelled, _is_held):
        for time in source.times:
            if time.kind in ("date", "span", "month") and time.edtf and tells(source.text, time):
                return with_year(time.edtf, _year_of_scheme(source))
    return None


def _of_stages(source: _Source) -> str | None:
    """From the start of a scheme's first stage to the end of its last: 准备阶段（6月1日—15日）… 总结阶段（12月）."""
    stages = [
        with_year(time.edtf, _year_of_scheme(source)) for time in source.times
        if time.edtf and time.kind in ("span", "month", "date") and _STAGE.search(source.text, max(0, time.start - 30), time.start)
    ]  # fmt: skip
    return f"{stages[0].split('/')[0]}/{stages[-1].split('/')[-1]}" if len(stages) >= _LEAST_STAGES else None


def _year_of_scheme(source: _Source) -> str:
    """The year that the title states, else that of the signature."""
    stated = (t.edtf[:4] for t in source.head_times if t.edtf and states_year(t))
    return next(stated, (source.signed or UNKNOWN_YEAR)[:4])


def _is_labelled(text: str, time: TimeExpression) -> bool:
    return _TIME_LABEL.search(text, max(0, time.start - 16), time.start) is not None


def _is_held(text: str, time: TimeExpression) -> bool:
    decided = time.start < _OPENING and _HELD_BEFORE.search(text, max(0, time.start - 6), time.start)
    return bool(decided and _HELD_BEHIND.match(text, time.end))


def _of_named_week(source: _Source) -> str | None:
    """The span or named week with its year that a scheme states first: 从20xx年9月起至12月底…; 20xx年科技活动周."""
    for time in source.times:
        if time.start > _OPENING and len(source.text) > 2 * _OPENING:
            return None
        if time.kind in ("span", "named_day") and states_year(time):
            return time.edtf
    return None

"""When a report was signed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from baogao.extract.times.grammar import UNKNOWN_YEAR, TimeExpression

_SIGNED_PART = 0.5
"""Share of a text behind which a date with a line to itself is a signature."""

_SIGNER_LINE = 45
"""Characters of the longest line that holds a signer and a date."""

_EDGE = " \u3000\t。．.，,；;：:（()）【】[]—-"
_SIGNATURE_LABEL = re.compile("(?:(?:填报|填表|报告|上报|汇报|签署|撰写|成文|起草)?(?:日期|时间))?")
_SIGNER = re.compile('[\u4e00-\u9fffxXｘＸ×*＊_）)”"〇○]{2,}$')
_NO_SIGNER = re.compile("[，,。；;：:、]|[于在至到]$")
_ATTACHED = re.compile("\\s*附")


def find_signed(text: str, times: Sequence[TimeExpression]) -> tuple[str | None, tuple[int, int] | None]:
    """Date of the signature at a report's end (EDTF) with its span; (None, None) if there is none.

    It is the last date that has a line to itself, follows its signer on a short line, or closes the text in brackets.
    """
    for time in reversed(times):
        dated = time.kind == "date" or (time.kind == "month" and states_year(time))
        if dated and time.edtf and _is_signature(text, time):
            return time.edtf, (time.start, time.end)
    return None, None


def states_year(time: TimeExpression) -> bool:
    """Whether an expression states its year, in figures or masked."""
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
        return states_year(time)
    return not after and not before.rstrip().endswith(("，", ",")) and (before[-1:].isspace() or signer)


def _is_signer(before: str) -> bool:
    """Whether what stands before a date on its line can be a name: no sentence sign, no word that leads to a date."""
    name = before.rstrip(" \u3000")
    return _SIGNER.search(name) is not None and _NO_SIGNER.search(name) is None

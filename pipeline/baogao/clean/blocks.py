"""Every block of a page labelled with what it is: rules of wording where they are sure, a sequence model for the rest."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from baogao.clean.block_cuts import CutLine, cut_lines
from baogao.clean.block_features import page_features, prose_costs
from baogao.clean.block_form import PageContext
from baogao.clean.block_model import BlockModel, decode
from baogao.clean.block_wording import has_sign
from baogao.clean.ngrams import load_ngrams
from baogao.clean.sites import SiteRules
from baogao.clean.statistics import SiteStatistics, statistics_lines
from baogao.read.page import RawText
from baogao.read.paged import starts_of_parts
from baogao.records import BLOCK_ROLES
from baogao.text import EditedText

__all__ = ["LabelledBlock", "Labeller", "label_blocks", "statistics_lines"]

_IS_OWN = np.array([role in ("body", "title") for role in BLOCK_ROLES])
_NEVER = -50.0
_FAVOUR, _FAVOUR_BLURRED = 6.0, 1.5
"""What a rule of wording adds to the log odds of its role, and where that is one of several."""
_OWN = 0.6
"""Least probability that a line is a report's own for it to count as such, whatever the likeliest sequence says."""
_OWN_SIGNS = ("report_formula", "self_reference")
"""Signs that together speak for a report: 现将我社区……总结如下."""
_SURE = 0.99
"""Score of a stretch that a rule cut out of a line."""


@dataclass(frozen=True, slots=True)
class LabelledBlock:
    """A block, or the part of one that plays another role, with its repaired text; `start` and `end` count in the raw text.

    `own` is the probability that it is a report's own text; `other` is the likeliest role that is not, for a block that turns out
    to stand outside every report.
    """

    start: int
    end: int
    text: str
    role: str
    reason: str
    score: float
    path: str = ""
    own: float = 1.0
    other: str = "boilerplate"


@dataclass(frozen=True, slots=True)
class Labeller:
    """What labelling needs besides the page: the model and the site's own rules."""

    model: BlockModel
    rules: SiteRules | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line is: its role, why, how surely; how likely a report's own text, and its likeliest role if it is none."""

    role: str
    reason: str
    score: float
    own: float
    other: str


def label_blocks(page: EditedText, text: RawText, statistics: SiteStatistics | None, labeller: Labeller) -> list[LabelledBlock]:
    """Roles of a page's blocks, cut where a part of one plays another role; `page` is the repaired `text`.

    The parts of a page that was joined from several are judged one by one, as the pages that they are.
    """
    lines = cut_lines(page, text.blocks, text.title, statistics)
    context = PageContext(text.title, statistics, page.raw)
    starts = starts_of_parts(text.metadata)
    parts = groupby(lines, key=lambda line: bisect_right(starts, line.start))
    verdicts = [verdict for _, part in parts for verdict in judge_lines(list(part), context, labeller)]
    return [part for line, verdict in zip(lines, verdicts, strict=True) for part in _parts(line, verdict)]


def judge_lines(lines: Sequence[CutLine], context: PageContext, labeller: Labeller) -> list[Verdict]:
    """What each line of a page is; for a line with stretches cut out of it, what the rest is."""
    if not lines:
        return []
    emissions = labeller.model.emissions(page_features(lines, context, prose_costs(lines, load_ngrams())))
    decided = [_decide(line, row, labeller.rules) for line, row in zip(lines, emissions, strict=True)]
    path, scores = decode(labeller.model, emissions)
    others = np.where(_IS_OWN, -1.0, scores).argmax(axis=1)
    own = scores[:, _IS_OWN].sum(axis=1) >= _OWN
    owns = np.where(_IS_OWN, scores, -1.0).argmax(axis=1)
    path = np.where(own == _IS_OWN[path], path, np.where(own, owns, others))  # whose text it is weighs more than the likeliest path
    return [
        Verdict(
            BLOCK_ROLES[role],
            rule[1] if rule and rule[0] == BLOCK_ROLES[role] else "model",
            round(float(row[role]), 4),
            float(row[_IS_OWN].sum()),
            BLOCK_ROLES[other],
        )
        for rule, role, row, other in zip(decided, path, scores, others, strict=True)
    ]


def _decide(line: CutLine, emissions: NDArray[np.float32], rules: SiteRules | None) -> tuple[str, str] | None:
    """Role and name of the rule that fits a line, put into its emissions.

    A site's rule decides; a rule of wording rules out a report's own text and favours its role among the others, whose borders
    are not sharp (a notice about payment in a disclaimer).
    """
    by_site = rules.find(line.text, line.block.path) if rules else None
    if by_site:
        emissions[np.arange(len(emissions)) != BLOCK_ROLES.index(by_site[0])] = _NEVER
        return by_site
    if line.rule is None:
        if all(has_sign(sign, line.text) for sign in _OWN_SIGNS):
            emissions[_IS_OWN] += _FAVOUR_BLURRED
        return None
    emissions[_IS_OWN] = _NEVER
    emissions[BLOCK_ROLES.index(line.rule.role)] += _FAVOUR_BLURRED if line.rule.blurred else _FAVOUR
    return line.rule.role, line.rule.name


def _parts(line: CutLine, verdict: Verdict) -> list[LabelledBlock]:
    """A judged line in its stretches: its own text has the line's role, what was cut out has its own."""
    parts = []
    for cut in line.cuts:
        if cut.rule:
            parts.append(LabelledBlock(cut.start, cut.end, cut.text, cut.rule.role, cut.rule.name, _SURE, line.block.path, 0.0))
            continue
        judged = (verdict.role, verdict.reason, verdict.score, line.block.path, verdict.own, verdict.other)
        parts.append(LabelledBlock(cut.start, cut.end, cut.text, *judged))
    return parts

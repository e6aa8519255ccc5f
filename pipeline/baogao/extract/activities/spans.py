"""From judged clauses to spans of acts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from baogao.classify.activity import CLAUSE_LABELS
from baogao.classify.clauses import Clause
from baogao.classify.linear import Floats
from baogao.language.sentences import Span

THRESHOLDS = {"precision": 0.75, "balanced": 0.5, "recall": 0.3}
"""Probability from which a clause is the head of an act, by the setting `focus`; balanced: best F1 on corpus/dev."""

HEAD, LEAD, NONE, TAIL = range(4)
assert CLAUSE_LABELS == ("head", "lead", "none", "tail")


@dataclass(frozen=True, slots=True)
class ActSpan:
    """An act's whole span, that of its head clause, and the probability of the head."""

    span: Span
    head: Span
    score: float


def find_spans(clauses: Sequence[Clause], probabilities: Floats, threshold: float) -> list[ActSpan]:
    """The acts among the clauses: each head with the leads before and the tails behind it in its sentence."""
    heads = (probabilities[:, HEAD] >= threshold).tolist()
    others = probabilities.copy()
    others[:, HEAD] = 0
    labels = others.argmax(1).tolist()
    acts = []
    for i, clause in enumerate(clauses):
        if not heads[i]:
            continue
        first, last = i, i
        while first and not heads[first - 1] and labels[first - 1] == LEAD and clauses[first - 1].sentence == clause.sentence:
            first -= 1
        while last + 1 < len(clauses) and not heads[last + 1] and labels[last + 1] == TAIL:
            if clauses[last + 1].sentence != clause.sentence:
                break
            last += 1
        acts.append(ActSpan((clauses[first].start, clauses[last].end), (clause.start, clause.end), float(probabilities[i, HEAD])))
    return acts


def without_repeats(acts: Sequence[ActSpan], text: str) -> list[ActSpan]:
    """Acts told in other words of a report stay; of acts told twice in the same words only the fuller clause does."""
    kept: dict[str, ActSpan] = {}
    for act in acts:
        key = _IGNORED.sub("", text[act.head[0] : act.head[1]])
        before = kept.get(key)
        if before is None or act.span[1] - act.span[0] > before.span[1] - before.span[0]:
            kept[key] = act
    return sorted(kept.values(), key=lambda act: act.span)


_IGNORED = re.compile(r"[\s，,、。；;：:“”\"'（）()的了]")

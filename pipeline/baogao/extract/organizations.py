"""Organizational structures of a report: what is set up, who leads it, who belongs to it."""

from __future__ import annotations

import re
from functools import cache

from baogao.extract.context import Context
from baogao.extract.results import Unit
from baogao.extract.unit_blocks import find_blocks
from baogao.extract.unit_merge import merge_statements
from baogao.extract.unit_phrases import find_phrases
from baogao.extract.unit_rules import statements_in
from baogao.extract.unit_sentences import Sentence, read_sentence
from baogao.extract.unit_series import find_series
from baogao.extract.unit_setting import founded_of, parent_of, status_of
from baogao.extract.unit_statements import Statement, make_statement
from baogao.extract.unit_words import either, role_words, unit_words

_CARRY = 60
"""Characters between a unit's statement and a role phrase in a later sentence that still speaks of it."""


@cache
def _trigger() -> re.Pattern[str]:
    heads = either(head for head, kind in unit_words().kinds.items() if kind)
    return re.compile(f"{heads}|{role_words().title}")


def find_organizations(context: Context) -> tuple[Unit, ...]:
    """Units whose make-up, leadership, founding or place in a hierarchy the report states, in order."""
    text = context.document.text
    statements, taken = find_blocks(context.document, context.body_start)
    statements += find_series(context.document, context.body_start)
    for start, end in context.document.sentences:
        if start < context.body_start or not _trigger().search(text, start, end) or any(a < end and start < b for a, b in taken):
            continue
        sentence = read_sentence(context.document, start, end)
        carried = _carried(sentence, statements)
        statements += statements_in(sentence)
        statements += carried
        statements += find_phrases(text, start, end)
    return tuple(_unit(context, statement) for statement in merge_statements(context.document, statements))


def _carried(sentence: Sentence, statements: list[Statement]) -> list[Statement]:
    """Role phrases that name no unit in their own sentence, given to the unit stated right before it."""
    text = sentence.document.text
    before = max((statement for statement in statements if statement.end <= sentence.start), key=lambda s: s.end, default=None)
    if before is None:
        return []
    frames = []
    end = before.end
    for frame, target in sentence.links:
        kinds = role_words().kinds.get(frame.role)
        if target is None and frame.strong and frame.form != "gathered" and frame.start - end <= _CARRY and (kinds is None or before.name.kind in kinds):
            frames.append(frame)
            end = frame.end
    return [make_statement(text, before.name, frames, "carried")] if frames else []


def _unit(context: Context, statement: Statement) -> Unit:
    text = context.document.text
    status = status_of(context, statement)
    return Unit(
        statement.start, statement.end, text[statement.name.start : statement.name.end], statement.name.kind, status,
        founded_of(context, statement), parent_of(text, statement), statement.roles, statement.sizes, statement.rule, 1.0,
    )  # fmt: skip

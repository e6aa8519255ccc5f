"""Organizational structures of a report: what is set up, who leads it, who belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from baogao.extract.context import Context
from baogao.extract.organizations.blocks import find_blocks
from baogao.extract.organizations.merge import merge_statements
from baogao.extract.organizations.names import find_names
from baogao.extract.organizations.parents import clause_start, parent_of
from baogao.extract.organizations.phrases import find_phrases
from baogao.extract.organizations.rules import statements_in
from baogao.extract.organizations.sentences import Sentence, read_sentence
from baogao.extract.organizations.series import find_series
from baogao.extract.organizations.setting import founded_of, status_of
from baogao.extract.organizations.statements import Statement, make_statement
from baogao.extract.organizations.tables import find_tables
from baogao.extract.organizations.words import CLAUSE_END, role_words, unit_words
from baogao.extract.results import Unit
from baogao.language.document import Document

_CARRY = 60
"""Characters between a unit's statement and a role phrase in a later sentence that still speaks of it."""

_SUBJECTLESS = re.compile(r"(?:其中|并且?|另外?|现|同时|还|统一|具体|日常|设|下|[\s“])*+")
"""What may stand in front of a role phrase in its clause if the phrase goes on with the unit before it."""

_LONGEST_TITLE = 24
_NUMBERED = re.compile(r"[ \u3000\t]*(?:[（(]?[0-9一二三四五六七八九十①-⑩]{0,3}[)）]?[、.．]?[ \u3000]*)")

_LONGEST_SENTENCE = 500
"""Characters of a sentence that are read at once; a longer one, which no person writes, is cut at a clause's end."""


def find_organizations(context: Context) -> tuple[Unit, ...]:
    """Units whose make-up, leadership, founding or place in a hierarchy the report states, in order.

    Offsets count in the document's text. Units in role blocks and lists of groups are read first, the sentences outside the blocks
    then; what is stated of one unit in several places is joined. `rule` names what found the first statement, `score` is the share
    of that rule's statements that are right in the corpus.
    """
    document = context.document
    tables, table_spans = find_tables(document, context.body_start)
    blocks, block_spans = find_blocks(document, context.body_start)
    taken = sorted([*table_spans, *block_spans])
    statements = [*tables, *(_founded(document, block) for block in blocks)]
    statements += find_series(document, context.body_start)
    statements += _read_sentences(context, list(_outside(context, taken)), statements)
    return tuple(_unit(context, statement) for statement in merge_statements(document, statements))


@cache
def _trigger() -> re.Pattern[str]:
    """What a sentence holds that states a unit: a head noun, a title, or the verb of who bears one."""
    return re.compile(f"{unit_words().head.pattern}|{role_words().title_at}{role_words().title}|担[任当]|聘|现有|在编")


def _founded(document: Document, block: Statement) -> Statement:
    """A block with the verb that founds its unit in the line that introduces it."""
    start = max(document.text.rfind("\n", 0, block.name.start) + 1, block.name.start - _LONGEST_SENTENCE)
    sentence = read_sentence(document, start, block.name.end)
    founding = next((verb for name, verb in zip(sentence.names, sentence.foundings, strict=True) if name == block.name), None)
    return replace(block, founding=founding, start=min(block.start, founding.start) if founding else block.start)


def _outside(context: Context, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What no block has taken of the sentences behind the report's own heading, long ones in pieces."""
    i = 0
    for start, end in context.document.sentences:
        if start < context.body_start:
            continue
        while i < len(taken) and taken[i][0] < end:
            yield from _pieces(context.document.text, start, min(taken[i][0], end))
            start = max(start, taken[i][1])
            if taken[i][1] > end:
                break
            i += 1
        yield from _pieces(context.document.text, start, end)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST_SENTENCE:
        stop = max(text.rfind(mark, start + 1, start + _LONGEST_SENTENCE) for mark in CLAUSE_END) + 1 or start + _LONGEST_SENTENCE
        yield start, stop
        start = stop
    if end > start:
        yield start, end


def _read_sentences(context: Context, spans: list[tuple[int, int]], told: list[Statement]) -> Iterator[Statement]:
    """Statements of the sentences; `told` are those already found, which a role phrase may go on with."""
    document = context.document
    ends = sorted(told, key=lambda statement: statement.end)
    last: Statement | None = None
    i = 0
    for start, end in spans:
        if not _trigger().search(document.text, start, end):
            continue
        while i < len(ends) and ends[i].end <= start:
            i += 1
        before = max((statement for statement in (last, ends[i - 1] if i else None) if statement), key=lambda s: s.end, default=None)
        sentence = read_sentence(document, start, end)
        found = [*_carried(sentence, before), *statements_in(sentence), *find_phrases(document.text, start, end)]
        yield from found
        last = max(found, key=lambda statement: statement.end, default=last)


def _carried(sentence: Sentence, before: Statement | None) -> Iterator[Statement]:
    """Role phrases that name no unit in their own sentence, given to the unit stated right before it or named above it."""
    above = None
    if before is None or sentence.start - before.end > 1:
        above = _named_above(sentence.document, sentence.start)
        before = above or before
    frames = []
    end = before.end if before else 0
    for frame, target in sentence.links:
        kinds = role_words().kinds.get(frame.role)
        fits = before is not None and (kinds is None or before.name.kind in kinds)
        free = (
            target is None
            and (frame.strong or above is not None)
            and frame.form != "gathered"
            and not any(name.end <= frame.start for name in sentence.names)
            and _SUBJECTLESS.fullmatch(sentence.document.text, clause_start(sentence.document.text, frame.start), frame.start)
        )
        if fits and free and frame.start - end <= _CARRY:
            frames.append(frame)
            end = frame.end
    if before and frames:
        yield make_statement(sentence.document.text, before.name, frames, "carried")


def _named_above(document: Document, start: int) -> Statement | None:
    """The unit whose name alone is the sentence before: 2．宣传组。由宣传科牵头."""
    text, end = document.text, start
    while end and (text[end - 1].isspace() or text[end - 1] in "。：:"):
        end -= 1
    line = max(text.rfind("\n", 0, end), text.rfind("。", 0, end)) + 1
    if not 0 < end - line <= _LONGEST_TITLE:
        return None
    names = find_names(document, line, end)
    alone = bool(names) and names[-1].end == end and _NUMBERED.fullmatch(text, line, names[-1].start)
    return make_statement(text, names[-1], (), "carried") if alone else None


def _unit(context: Context, statement: Statement) -> Unit:
    text = context.document.text
    return Unit(
        start=statement.start,
        end=statement.end,
        unit=text[statement.name.start : statement.name.end],
        kind=statement.name.kind,
        status=status_of(context, statement),
        founded=founded_of(context, statement),
        parent=parent_of(text, statement),
        roles=statement.roles,
        sizes=statement.sizes,
        rule=statement.rule,
        score=unit_words().scores[statement.rule],
    )

"""Which columns name a record, and which point to one of another table."""

from __future__ import annotations

from baogao.records import SCHEMAS

PRIMARY = {
    "pages": "page_id", "texts": "page_id", "reports": "report_id", "sections": "section_id", "sentences": "sentence_id",
    "times": "time_id", "organizations": "organization_id", "activities": "activity_id", "candidates": "candidate_id",
    "passages": "passage_id", "findings": "finding_id",
}  # fmt: skip
"""Table -> the column that names its rows."""

_HOME = {column: table for table, column in PRIMARY.items() if table != "texts"}
_ALIASES = {"report_a": "report_id", "report_b": "report_id", "other_report_id": "report_id", "parent_id": "section_id"}


def foreign_keys(table: str) -> list[tuple[str, str, str]]:
    """Columns of a table that point to another record: (column, table it points to, column there).

    >>> foreign_keys("exposure"), foreign_keys("sections")
    ([('report_id', 'reports', 'report_id')], [('report_id', 'reports', 'report_id'), ('parent_id', 'sections', 'section_id')])
    """
    found = []
    for name in SCHEMAS[table].names:
        target = _ALIASES.get(name, name)
        home = _HOME.get(target)
        if home and (home != table or name in _ALIASES):
            found.append((name, home, target))
    return found

"""Chinese text cut so that SQLite's full-text search finds its words."""

from __future__ import annotations

import re

LONGEST = 4
"""Characters of the longest word that is found as it is typed."""
_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+|[^\W\u3400-\u9fff\U00020000-\U000323af]+")


def search_terms(text: str) -> str:
    """Every one to four characters of Chinese that stand together, and other words whole, each once, with spaces between.

    SQLite takes a run of Chinese for one word, and its trigram index finds nothing shorter than three characters; the words
    of these reports mostly have two.

    >>> search_terms("科普讲座2次")
    '2 座 普 次 科 讲 普讲 科普 讲座 普讲座 科普讲 科普讲座'
    """
    found: set[str] = set()
    for run in _RUN.findall(text):
        if run[0] < "\u3400":
            found.add(run)
        else:
            found.update(run[i : i + n] for n in range(1, LONGEST + 1) for i in range(len(run) - n + 1))
    return " ".join(sorted(found, key=lambda term: (len(term), term)))

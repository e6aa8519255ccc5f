"""Scripts that researchers write today, to measure a run against: `python benchmarks/peers.py NAME FOLDER`.

posseg      BeautifulSoup with lxml, jieba.posseg, regular expressions for months and leading groups, CSV out
lcut        the same with jieba.lcut
jieba       jieba.lcut alone over the text
expert      selectolax, rjieba.tag and the same regular expressions
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

MONTH = re.compile(r"(?:(?:19|20)\d\d年)?\d{1,2}月(?:\d{1,2}日)?")
GROUP = re.compile(r"成立[^。]{0,40}领导小组|[^。，]{0,20}任组长")


def _rows(name: str, words: list[tuple[str, str]] | list[str], text: str) -> list[tuple[str, str, str]]:
    verbs = sum(1 for word in words if isinstance(word, tuple) and word[1].startswith("v"))
    return (
        [(name, "month", m) for m in MONTH.findall(text)]
        + [(name, "group", g) for g in GROUP.findall(text)]
        + [(name, "verbs", str(verbs))]
    )


def main(name: str, folder: Path) -> None:
    """Go through the folder's pages as the named script does."""
    writer = csv.writer(sys.stdout)
    for path in sorted(folder.rglob("*.html")):
        markup = path.read_text(encoding="utf-8")
        if name == "expert":
            import rjieba
            from selectolax.lexbor import LexborHTMLParser

            body = LexborHTMLParser(markup).body
            text = body.text(separator="\n") if body else ""
            writer.writerows(_rows(path.name, rjieba.tag(text), text))
            continue
        import jieba
        import jieba.posseg
        from bs4 import BeautifulSoup

        text = BeautifulSoup(markup, "lxml").get_text("\n") if name != "jieba" else re.sub(r"<script.*?</script>|<[^>]+>", "", markup)
        words = [(w.word, w.flag) for w in jieba.posseg.cut(text)] if name == "posseg" else jieba.lcut(text)
        if name != "jieba":
            writer.writerows(_rows(path.name, words, text))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

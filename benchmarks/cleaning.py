"""Reading and cleaning beside content extractors: `python benchmarks/cleaning.py [PAGES]`.

Two tables. Speed: megabytes of HTML a second on one core, by CPU time, over made pages of 50 KB with 15 KB of text (archive.py).
Main content: token F1 on the corpus' pages with one report, which are ordinary articles, against the report's own text.
The peers, trafilatura and readability-lxml, are left out where they are not installed.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from archive import ROOT, page, sentences

from baogao.clean.block_training import GoldPage, gold_pages, site_statistics
from baogao.clean.clean import clean_page
from baogao.clean.repair import repair
from baogao.clean.scripts import HAN
from baogao.read.page import Source
from baogao.read.reader import read_source
from baogao.settings import CleanSettings

_TOKEN = re.compile(rf"[{HAN}]|[A-Za-z0-9]+")
Extract = Callable[[str], str]


def by_baogao(markup: str) -> str:
    """The text of a page's reports."""
    cleaned = clean_page(read_source(Source("page.html", markup.encode())), None, CleanSettings())
    return "\n".join(report.text.text for report in cleaned.reports)


def by_trafilatura(markup: str) -> str:
    """The main content by trafilatura."""
    from trafilatura import extract

    return extract(markup, include_comments=False) or ""


def by_readability(markup: str) -> str:
    """The main content by readability-lxml: its title and its summary without tags."""
    from lxml.html import fromstring
    from readability import Document

    document = Document(markup)
    return f"{document.short_title()}\n{fromstring(document.summary()).text_content()}"


PEERS: dict[str, Extract] = {"baogao": by_baogao, "trafilatura": by_trafilatura, "readability-lxml": by_readability}


def installed() -> dict[str, Extract]:
    """The extractors that can be called here."""
    found = {}
    for name, extract in PEERS.items():
        try:
            extract("<html><body><p>社区开展了科普活动，居民踊跃参加。</p></body></html>")
        except ImportError:
            print(f"{name} is not installed and left out")
            continue
        found[name] = extract
    return found


def speed(extract: Extract, pages: Sequence[str]) -> float:
    """Megabytes a second of CPU time."""
    extract(pages[0])
    start = time.process_time()
    for markup in pages:
        extract(markup)
    return sum(len(markup.encode()) for markup in pages) / 1e6 / (time.process_time() - start)


def _tokens(text: str) -> list[str]:
    """Characters of Simplified Chinese, words of other letters, numbers."""
    return _TOKEN.findall(repair(text, CleanSettings()).text)


def grams(text: str, n: int) -> Counter[tuple[str, ...]]:
    """Token n-grams with their counts."""
    tokens = _tokens(text)
    return Counter(zip(*(tokens[i:] for i in range(n)), strict=False))


def f1(found: Counter[tuple[str, ...]], wanted: Counter[tuple[str, ...]]) -> float:
    """F1 of two multisets."""
    return 2 * sum((found & wanted).values()) / max(1, sum(found.values()) + sum(wanted.values()))


def own_text(item: GoldPage) -> str:
    """What the gold says is the report's own."""
    raw = item.page.text.raw
    return "\n".join(raw[b["start"] : b["end"]] for b in item.gold["blocks"] if b["role"] in ("title", "body"))


def articles(split: str) -> list[tuple[GoldPage, str, str]]:
    """The split's HTML pages with one report: the page, its markup, its text as it should be."""
    found = []
    for item in gold_pages(ROOT / "corpus", split):
        path = ROOT / "corpus" / "pages" / split / item.name
        if len(item.gold["reports"]) == 1 and item.gold["format"] == "html" and path.exists():
            codec = item.page.encoding_used or "utf-8"
            found.append((item, path.read_bytes().decode(codec, "replace"), own_text(item)))
    return found


def content_table(splits: Iterable[str], extractors: dict[str, Extract]) -> None:
    """Print mean F1 of tokens and of 4-grams a page; baogao without and with the statistics of the page's site."""
    for split in splits:
        pages = articles(split)
        known = site_statistics([item.page for item in gold_pages(ROOT / "corpus", split)])
        rows: dict[str, list[tuple[float, float]]] = {}
        for item, markup, wanted in pages:
            texts = {name: extract(markup) for name, extract in extractors.items()}
            cleaned = clean_page(item.page, known.get(item.page.site or ""), CleanSettings())
            texts["baogao, site known"] = "\n".join(report.text.text for report in cleaned.reports)
            for name, text in texts.items():
                rows.setdefault(name, []).append((f1(grams(text, 1), grams(wanted, 1)), f1(grams(text, 4), grams(wanted, 4))))
        for name, scores in sorted(rows.items()):
            ones, fours = (sum(column) / len(scores) for column in zip(*scores, strict=True))
            print(f"{split:5} ({len(pages)} pages) {name:20} token F1 {ones:.3f}  4-gram F1 {fours:.3f}")


def main(count: int) -> None:
    """Print both tables."""
    extractors = installed()
    pool = sentences()
    pages = [page(number, pool) for number in range(count)]
    print(f"{count} pages of {sum(len(markup.encode()) for markup in pages) / count / 1000:.0f} KB")
    for name, extract in extractors.items():
        print(f"{name:18} {speed(extract, pages):6.2f} MB/s")
    content_table(("train", "dev", "test"), extractors)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)

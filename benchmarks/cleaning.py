"""Reading and cleaning beside content extractors: `python benchmarks/cleaning.py [PAGES]`.

Speed: megabytes of HTML a second on one core, by CPU time, over made pages of 50 KB with 15 KB of text (archive.py). Main content:
token F1 on the corpus' pages with one report, which are ordinary articles, against the report's own text. Repair: F1 of the edits
and of the block roles against the corpus' gold, and edits made in text without damage. The peers, trafilatura and
readability-lxml, are left out where they are not installed.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from archive import ROOT, SHARED, clauses, page, sentences

from baogao.clean.block_training import GoldPage, gold_pages, site_statistics
from baogao.clean.clean import clean_page
from baogao.clean.repair import repair
from baogao.clean.scripts import HAN
from baogao.read.page import Source
from baogao.read.reader import read_source
from baogao.settings import CleanSettings
from baogao.text import EditedText

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


def edit_counts(item: GoldPage) -> Counter[str]:
    """Characters of the page's text whose repair was found, missed or invented: a character is repaired where an edit covers it or,
    for what was put in, ends at it, and reads what was meant.

    Kinds that nothing can undo, and watermarks, which blocks cut out, are not counted; nor are breaks, whose place has leeway.
    """
    wanted = {
        (edit["start"], edit["end"], edit["after"])
        for edit in item.gold["edits"]
        if edit["repairable"] and edit["kind"] not in ("watermark", "joined", "repeated_title", "narrowed")
    }
    text = repair(item.page.text.raw, CleanSettings())
    counts: Counter[str] = Counter()
    for start, end, after in wanted:
        counts["tp" if _reads(text, start, end, after) else "fn"] += 1
    places = sorted((start, end) for start, end, _ in wanted)
    for edit in text.edits:
        near = any(start - 2 <= edit.end and edit.start <= end + 2 for start, end in places)
        counts["fp"] += (
            not near
            and edit.kind not in ("joined", "repeated_title")
            and bool(edit.after.strip() or text.raw[edit.start : edit.end].strip())
        )
    return counts


def _reads(text: EditedText, start: int, end: int, after: str) -> bool:
    """Whether raw[start:end] of the text reads `after`, with what stands around it."""
    first, last = max(0, start - 1), min(len(text.raw), end + 1)
    clean_start, clean_end = text.clean_span(first, last)
    found = "".join(text.text[clean_start:clean_end].split())
    return "".join(after.split()) in found and (
        bool(after.strip()) or text.raw[start:end].strip() not in found or not text.raw[start:end].strip()
    )


def repair_table(splits: Iterable[str]) -> None:
    """Print F1 of the edits, and macro-F1 of the block roles as the run gives them."""
    for split in splits:
        pages = gold_pages(ROOT / "corpus", split)
        counts = sum((edit_counts(item) for item in pages), Counter[str]())
        f1_edits = 2 * counts["tp"] / (2 * counts["tp"] + counts["fn"] + counts["fp"])
        print(f"{split:5} edits F1 {f1_edits:.3f} (found {counts['tp']}, missed {counts['fn']}, false {counts['fp']})", end="")
        scores = role_scores(pages)
        print(
            f"; block roles macro-F1 {sum(scores.values()) / len(scores):.3f} ("
            + ", ".join(f"{k} {v:.2f}" for k, v in scores.items())
            + ")"
        )


def role_scores(pages: Sequence[GoldPage]) -> dict[str, float]:
    """F1 of each role over the gold's blocks: the role that most characters of a block were given."""
    known = site_statistics([item.page for item in pages])
    right, given, wanted = Counter[str](), Counter[str](), Counter[str]()
    for item in pages:
        cleaned = clean_page(item.page, known.get(item.page.site or ""), CleanSettings())
        roles = {i: block.role for block in cleaned.blocks for i in range(block.start, block.end)}
        for block in item.gold["blocks"]:
            found = Counter(roles[i] for i in range(block["start"], block["end"]) if i in roles)
            role = found.most_common(1)[0][0] if found else "none"
            given[role] += 1
            wanted[block["role"]] += 1
            right[role] += role == block["role"]
    return {role: 2 * right[role] / (given[role] + wanted[role]) for role in sorted(wanted)}


def false_edits() -> None:
    """Print the edits that the public government reports, which have no damage, are given."""
    folder = SHARED / "govreports" / "txt"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))] if folder.is_dir() else []
    if texts:
        edits = sum(len(repair(text, CleanSettings()).edits) for text in texts)
        print(f"false edits: {edits} in {sum(map(len, texts)):,} characters of public government reports")


def main(count: int) -> None:
    """Print all tables."""
    extractors = installed()
    pool = sentences()
    parts = clauses(pool)
    pages = [page(number, pool, parts) for number in range(count)]
    print(f"{count} pages of {sum(len(markup.encode()) for markup in pages) / count / 1000:.0f} KB")
    for name, extract in extractors.items():
        print(f"{name:18} {speed(extract, pages):6.2f} MB/s")
    content_table(("train", "dev", "test"), extractors)
    repair_table(("dev", "test"))
    false_edits()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)

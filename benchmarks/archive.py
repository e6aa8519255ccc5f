"""An archive to measure on: HTML pages of about 50 KB with 15 KB of report text, mostly unique.

Clauses are drawn from the corpus' training reports and, where they are there, from the shared government reports, and put together
to new sentences; one paragraph in ten is of whole sentences, which other pages have too. Each page holds four pieces under a site's
usual frame. The same number of pages always gives the same bytes.
"""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("BAOGAO_SHARED", ROOT.parent / "shared"))
PAGE_TEXT = 5_000
"""Characters of report text on a page: 15 KB of UTF-8."""
FRAME = 35_000
"""Bytes of markup around the text."""


def sentences() -> list[str]:
    """Sentences to make reports from."""
    texts = [path.read_text(encoding="utf-8").split("----\n")[1] for path in sorted((ROOT / "corpus/reports/train").glob("*.txt"))]
    public = SHARED / "govreports" / "wikisource.jsonl"
    if public.exists():
        texts += [json.loads(line)["content"] for line in public.read_text(encoding="utf-8").splitlines()]
    return [sentence for text in texts for sentence in re.findall(r"[^。！？\n]{8,120}[。！？]", text)]


LONGEST_CLAUSE = 19
"""Longer clauses would be reused passages by themselves."""
COPIED = 0.1


def clauses(pool: list[str]) -> list[str]:
    """Clauses to put new sentences together from."""
    return sorted({c for s in pool for c in re.split("[，；：、。！？]", s) if 4 <= len(c) <= LONGEST_CLAUSE})


def paragraph(generator: random.Random, pool: list[str], parts: list[str]) -> str:
    """Four sentences, whole ones once in ten times, else new ones."""
    if generator.random() < COPIED:
        return "".join(generator.choice(pool) for _ in range(4))
    return "".join("，".join(generator.choice(parts) for _ in range(generator.randrange(2, 6))) + "。" for _ in range(4))


def page(number: int, pool: list[str], parts: list[str]) -> str:
    """Page `number` of the archive."""
    generator = random.Random(number)
    pieces = []
    for piece in range(1, 5):
        lines = [f"<h2>{2000 + generator.randrange(25)}年社区工作总结篇{'一二三四'[piece - 1]}</h2>"]
        size = 0
        for heading in "一二三四五":
            lines.append(f"<p>{heading}、{generator.choice(pool)[:18].rstrip('，。、')}</p>")
            while size < PAGE_TEXT / 4 * ("一二三四五".index(heading) + 1) / 5:
                text = paragraph(generator, pool, parts)
                size += len(text)
                lines.append(f"<p>　　{text}</p>")
        pieces.append("\n".join(lines))
    links = "".join(
        f'<li><a href="/fanwen/{generator.randrange(10**8)}.html">相关范文{generator.randrange(10**6)}</a></li>' for _ in range(60)
    )
    script = "<script>var data=[" + ",".join(str(generator.randrange(10**9)) for _ in range((FRAME - 6_000) // 11)) + "]</script>"
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>社区工作总结(通用4篇) {number}</title>{script}</head><body>"
        f'<div class="nav"><a href="/">首页</a> &gt; <a href="/zj/">工作总结</a></div><h1>社区工作总结(通用4篇)</h1>'
        f'<p class="intro">下面是小编为大家整理的社区工作总结，供大家参考。</p><div class="article">{"".join(pieces)}</div>'
        f'<div class="related"><h3>相关文章</h3><ul>{links}</ul></div></body></html>'
    )


def write_archive(folder: Path, pages: int) -> int:
    """Write the archive, a folder for each of twenty sites; its size in bytes."""
    pool = sentences()
    parts = clauses(pool)
    total = 0
    for number in range(pages):
        path = folder / f"www.site{number % 20:02}.example" / f"{number:06}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        total += path.write_bytes(page(number, pool, parts).encode())
    return total

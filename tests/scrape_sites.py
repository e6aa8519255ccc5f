"""The sites that the tests of scraping crawl: pages of corpus/, behind lists, with everything that a crawler can meet.

Each site says what a crawl of it must keep; everything else that it serves must not be kept, or not even be asked.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from helpers import ROOT
from scrape_server import Asked, Page, Reply, Web, first_times, gigabyte, zipped

PAGES = ROOT / "corpus" / "pages" / "train"
GOV, OLD, FORUM = "www.jsjd.example", "www.moxiangck.example", "bbs.shequren.example"
HOSTS = (GOV, OLD, FORUM)
PROFILES = {"jsjd": GOV, "moxiangck": OLD, "shequren": FORUM}
DELAY = 0.05
CRAWL_DELAY = 0.2
SETTINGS = {
    "contact": "test@baogao.example", "delay": DELAY, "backoff": 0.1, "retries": 2, "timeout": 1.5, "max_body_bytes": 500_000,
    "max_unpacked_bytes": 1_000_000,
}  # fmt: skip


def saved(host: str, name: str) -> bytes:
    """A page of the corpus."""
    return (PAGES / host / name).read_bytes()


def list_page(links: Sequence[tuple[str, str]], following: str | None = None) -> bytes:
    """A list of links as all three designs hold it, in UTF-8; `following` is its next page."""
    rows = "".join(f'<tr><td><a href="{path}">{text}</a></td></tr>' for path, text in links)
    more = f'<div class="page"><a class="next" href="{following}">下一页</a></div>' if following else ""
    return f'<html><head><meta charset="utf-8"></head><body><table class="list">{rows}</table>{more}</body></html>'.encode()


def with_next(page: bytes, path: str) -> bytes:
    """An article's page with a link to its next page before the end of the body."""
    return page.replace(b"</body>", f'<div class="page"><a class="next" href="{path}">'.encode() + "下一页".encode() + b"</a></div></body>")


def reports() -> dict[tuple[str, str], bytes]:
    """The reports that a crawl must keep, by host and path, as the bytes of their files."""
    gov = {f"/col4/t_{n}.html": saved(GOV, f"gov-{n}.html") for n in (1, 3, 4, 6)}
    gov["/col4/t_5.html"] = with_next(saved(GOV, "gov-5.html"), "t_5_1.html")
    gov["/col4/t_5_1.html"] = saved(GOV, "gov-7.html")
    old = {f"/show.asp?id={n}": saved(OLD, f"moxiang-{n}.html") for n in (1, 2, 4, 5, 6)}
    forum = {f"/thread-{n}-1-1.html": saved(FORUM, f"forum-{n}.html") for n in (1, 2, 3)}
    forum["/thread-9-1-1.html"] = forum["/thread-1-1-1.html"]
    return {(host, path): page for host, pages in ((GOV, gov), (OLD, old), (FORUM, forum)) for path, page in pages.items()}


def sites() -> Web:
    """A fresh web."""
    kept = reports()
    pages: dict[tuple[str, str], Page] = {**kept, **_gov(kept), **_old(kept), **_forum()}
    return Web(pages)


def _gov(kept: dict[tuple[str, str], bytes]) -> dict[tuple[str, str], Page]:
    """robots.txt with a delay, gzip, redirects (within, off the site, to a private address, in a circle), a dead link."""
    first = [(f"t_{n}.html", "总结") for n in (1, 3, 5, 40)] + [("/private/t_9.html", "内部"), ("t_1.html?print=1", "打印")]
    second = [(f"t_{n}.html", "计划") for n in (6, 41, 42, 43, 404)] + [("http://www.elsewhere.example/t_1.html", "外部")]
    pages: dict[str, Page] = {
        "/robots.txt": Reply(
            f"User-agent: *\nDisallow: /private/\nCrawl-delay: {CRAWL_DELAY}\n".encode(), headers={"Content-Type": "text/plain"}
        ),
        "/col4/index.html": list_page(first, "index_1.html"),
        "/col4/index_1.html": list_page(second),
        "/private/t_9.html": b"<html><body>secret</body></html>",
        "/col4/t_40.html": Reply(b"", 301, {"Location": "/col4/t_4.html"}),
        "/col4/t_41.html": Reply(b"", 302, {"Location": "http://www.elsewhere.example/t_1.html"}),
        "/col4/t_42.html": Reply(b"", 302, {"Location": "file:///etc/passwd"}),
        "/col4/t_43.html": Reply(b"", 302, {"Location": "/col4/t_43.html"}),
        "/col4/t_3.html": zipped(kept[GOV, "/col4/t_3.html"]),
    }
    return {(GOV, path): page for path, page in pages.items()}


def _old(kept: dict[tuple[str, str], bytes]) -> dict[tuple[str, str], Page]:
    """No robots.txt; GBK without a charset, a 429, a slow page, a broken connection, a page of 1 GB, one that unpacks to too much."""

    def slow_once(asked: Asked, page: bytes = kept[OLD, "/show.asp?id=4"], times: list[int] = []) -> Reply:  # noqa: B006 - counts
        times.append(1)
        return Reply(page, wait=2.5 if len(times) == 1 else 0.0)

    broken = kept[OLD, "/show.asp?id=5"]
    pages: dict[str, Page] = {
        "/list.asp?id=2": list_page([(f"show.asp?id={n}", "总结") for n in (1, 2, 4)], "list.asp?id=2&page=2"),
        "/list.asp?id=2&page=2": list_page([(f"show.asp?id={n}", "总结") for n in (5, 6, 99, 98, 97)]),
        "/list.asp?id=3": list_page([]),
        "/list.asp?id=4": list_page([("show.asp?id=1", "方案")]),
        "/show.asp?id=2": first_times(1, Reply(b"slow down", 429, {"Retry-After": "1"}), kept[OLD, "/show.asp?id=2"]),
        "/show.asp?id=4": slow_once,
        "/show.asp?id=5": first_times(1, Reply(broken, cut=len(broken) // 2), broken),
        "/show.asp?id=97": zipped(b"<html>" + b"a" * 2_000_000),
        "/show.asp?id=98": lambda asked: Reply(gigabyte()),
        "/show.asp?id=99": lambda asked: Reply(gigabyte(), length=12 + 16_000 * 65_536),
    }
    return {(OLD, path): page for path, page in pages.items()}


def _forum() -> dict[tuple[str, str], Page]:
    """An endless calendar behind the board; the same page under two addresses; threads that are no reports."""
    titles = [(f"thread-{n}-1-1.html", "社区工作总结") for n in (1, 2, 9)] + [("thread-7-1-1.html", "今天吃什么")]
    pages: dict[str, Page] = {
        "/forum-2-1.html": list_page(titles, "forum-2-2.html"),
        "/forum-2-2.html": list_page([("thread-3-1-1.html", "活动方案")], "forum-2-3.html"),
        "/thread-7-1-1.html": b"<html><body>noodles</body></html>",
        **{f"/forum-2-{n}.html": list_page([("thread-1-1-1.html", "社区工作总结")], f"forum-2-{n + 1}.html") for n in range(3, 200)},
    }
    return {(FORUM, path): page for path, page in pages.items()}


def write_profiles(folder: Path) -> list[str]:
    """The shipped profiles, without the two seconds that one of them wants between requests."""
    paths = []
    for name in PROFILES:
        content = yaml.safe_load((ROOT / "configs" / "sites" / f"{name}.yaml").read_text(encoding="utf-8"))
        content["scrape"].pop("delay", None)
        path = folder / f"{name}.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        paths.append(str(path))
    return paths


def write_settings(folder: Path, **changed: object) -> Path:
    path = folder / "settings.yaml"
    path.write_text(yaml.safe_dump({"scrape": {**SETTINGS, **changed}}), encoding="utf-8")
    return path


def command(*options: str | Path) -> list[str]:
    return [sys.executable, "-m", "baogao", *map(str, options)]


def baogao(*options: str | Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a command, without any proxy of the environment coming into it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "pipeline")}
    return subprocess.run(command(*options), capture_output=True, text=True, timeout=timeout, env=environment)

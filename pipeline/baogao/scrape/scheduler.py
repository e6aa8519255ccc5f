"""The frontier as Scrapy's scheduler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler

from baogao.scrape.frontier import Target

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from baogao.scrape.spider import ReportSpider


class FrontierScheduler(BaseScheduler):
    """Hands out one request a host at a time; what pages lead to goes into the frontier, never through here."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        """How Scrapy makes one."""
        return cls(crawler)

    @property
    def _spider(self) -> ReportSpider:
        spider: ReportSpider = self._crawler.spider  # type: ignore[assignment]
        return spider

    def has_pending_requests(self) -> bool:
        """Whether an address is left to ask, also where its host is busy just now."""
        return self._spider.crawl.has_more()

    def enqueue_request(self, request: Request) -> bool:
        """Nothing comes this way."""
        return False

    def next_request(self) -> Request | None:
        """The next request, None while all hosts are busy."""
        crawl = self._spider.crawl
        target = crawl.next_target()
        if target is None:
            return None
        crawl.busy.add(target.host)
        return request_for(target, self._spider)


def request_for(target: Target, spider: ReportSpider) -> Request:
    """A request, conditional where an earlier answer named its version."""
    headers = {}
    if target.etag:
        headers["If-None-Match"] = target.etag
    if target.modified:
        headers["If-Modified-Since"] = target.modified
    return Request(
        target.url, callback=spider.on_answer, errback=spider.on_error, dont_filter=True, headers=headers,
        meta={"target": target, "handle_httpstatus_all": True, "download_slot": target.host},
    )  # fmt: skip

"""The Scrapy spider: hands answers and errors on to what deals with them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Spider
from scrapy.exceptions import CannotResolveHostError, CloseSpider, DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from baogao.scrape.answers import Answers
from baogao.scrape.crawl import Crawl
from baogao.scrape.frontier import Target
from baogao.scrape.middleware import DisallowedError, HostStoppedError


class ReportSpider(Spider):
    """Works through the frontier."""

    name = "baogao"

    def __init__(self, crawl: Crawl, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.crawl = crawl
        self._answers = Answers(crawl)

    async def start(self) -> AsyncIterator[Any]:
        """Nothing to begin with: the frontier has been filled."""
        nothing: tuple[Any, ...] = ()
        for request in nothing:
            yield request

    def on_answer(self, response: Response) -> None:
        """An answer has come."""
        if self.crawl.error is not None:
            return
        try:
            self._answers.received(response.meta["target"], response.meta["exchange"], response.body)
        except Exception as error:  # a full disk, say: stop at once, and say so at the end
            self.crawl.error = error
            raise CloseSpider("error") from error

    def on_error(self, failure: Failure) -> None:
        """None has come, or none that is kept."""
        target: Target = failure.request.meta["target"]  # type: ignore[attr-defined]
        try:
            self._sort_out(target, failure.value)
        except Exception as error:
            self.crawl.error = error
            raise CloseSpider("error") from error

    def _sort_out(self, target: Target, error: BaseException | None) -> None:
        settings = self.crawl.settings
        if isinstance(error, DisallowedError):
            self._answers.skipped(target, "robots.txt")
        elif isinstance(error, HostStoppedError):
            self._answers.postponed(target)
        elif isinstance(error, CannotResolveHostError) and target.host in self.crawl.guard.refused:
            self._answers.skipped(target, f"forbidden address: {self.crawl.guard.refused[target.host]}")
        elif isinstance(error, DownloadCancelledError):
            self._answers.skipped(target, f"larger than {settings.max_body_bytes:,} bytes (scrape.max_body_bytes)")
        elif isinstance(error, IgnoreRequest):
            self._answers.skipped(target, f"unpacks to more than {settings.max_unpacked_bytes:,} bytes (scrape.max_unpacked_bytes)")
        else:
            words = " ".join(str(error).split())[:120]
            self._answers.unanswered(target, f"{type(error).__name__}: {words}" if words else type(error).__name__)

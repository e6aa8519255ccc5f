"""What every request and answer passes on its way: robots.txt, the pace of its host, and the copy that is kept of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from baogao.scrape.retry_after import PASSING, waiting_time
from baogao.scrape.robots import Rules, no_rules, read_rules, robots_address
from baogao.scrape.warc_writer import Exchange, Headers

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from baogao.scrape.crawl import Crawl
    from baogao.scrape.frontier import Target
    from baogao.scrape.spider import ReportSpider

_NAP = 0.5
"""Seconds between two looks whether the crawl is being stopped."""
_MOST_REDIRECTS = 5
"""Redirects of a robots.txt that are followed, by RFC 9309."""


class DisallowedError(IgnoreRequest):
    """robots.txt forbids an address."""


class HostStoppedError(IgnoreRequest):
    """The host is not to be asked any more, or the crawl is being stopped."""


class _Middleware:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _Middleware:
        """How Scrapy makes one."""
        return cls(crawler)

    @property
    def crawl(self) -> Crawl:
        """The state of the run."""
        return cast("ReportSpider", self._crawler.spider).crawl


def host_of(request: Request) -> str:
    """The host that is asked, which is also Scrapy's slot."""
    return urlsplit(request.url).hostname or ""


class RobotsMiddleware(_Middleware):
    """Asks each host's robots.txt first, keeps to it, and takes its crawl-delay down.

    A host whose robots.txt cannot be had because of trouble on its side is not asked at all (RFC 9309, 2.3.1.4).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, Rules] = {}

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise DisallowedError or HostStoppedError."""
        if request.meta.get("robots"):
            return
        target: Target = request.meta["target"]
        address = robots_address(request.url)
        rules = self._rules.get(address)
        if rules is None or rules.outdated:
            rules = self._rules[address] = await self._fetch(address, target)
            wanted = (rules.delay, self.crawl.sites[target.site].profile.delay, self.crawl.settings.delay)
            self.crawl.pace.want_interval(target.host, max(wanted))
            self.crawl.pace.answered(target.host)
        if not rules.allow(request.url):
            raise DisallowedError("robots.txt")

    async def _fetch(self, address: str, target: Target) -> Rules:
        crawl, problem = self.crawl, ""
        for attempt in range(crawl.settings.retries + 1):
            try:
                answer = await self._follow(address, target)
            except HostStoppedError:
                raise
            except CannotResolveHostError as error:  # no such host, or one that is refused: asking again changes nothing
                problem = str(error)
                break
            except Exception as error:
                problem, pause = str(error) or type(error).__name__, waiting_time(None, attempt, crawl.settings.backoff)
            else:
                if 200 <= answer.status < 300:
                    return read_rules(answer.body)
                if answer.status not in PASSING and answer.status < 500:
                    return no_rules()
                header = (answer.headers.get("Retry-After") or b"").decode("latin-1")
                problem, pause = f"status {answer.status}", waiting_time(header, attempt, crawl.settings.backoff)
            if pause > crawl.settings.max_retry_after:
                break
            crawl.pace.pause(target.host, pause)
        reason = crawl.guard.refused.get(target.host)
        crawl.pace.stop(target.host, f"forbidden address: {reason}" if reason else f"its robots.txt cannot be had ({problem})")
        raise HostStoppedError(crawl.pace.stopped[target.host])

    async def _follow(self, address: str, target: Target) -> Response:
        """The answer for a robots.txt, redirects followed; too many count as none."""
        for _ in range(_MOST_REDIRECTS + 1):
            meta = {"robots": True, "handle_httpstatus_all": True, "download_slot": host_of(Request(address))}
            assert self._crawler.engine is not None
            answer = await self._crawler.engine.download_async(Request(address, callback=NO_CALLBACK, meta=meta))
            self._keep(answer, target)
            location = answer.headers.get("Location")
            if not (300 <= answer.status < 400 and location):
                break
            address = urljoin(address, location.decode("latin-1"))
            if urlsplit(address).scheme not in ("http", "https") or self.crawl.guard.objection(address):
                break
        return answer

    def _keep(self, answer: Response, target: Target) -> None:
        exchange: Exchange = answer.meta["exchange"]
        self.crawl.prepare()
        with self.crawl.frontier.step():
            self.crawl.keep(exchange, "robots", target.site)


class PaceMiddleware(_Middleware):
    """Holds a request back until its host may be asked."""

    async def process_request(self, request: Request) -> None:
        """Wait; raise HostStoppedError where the host is not to be asked any more."""
        host, pace = host_of(request), self.crawl.pace
        while (left := pace.left(host)) > 0 and host not in pace.stopped and self._crawler.crawling:
            await asyncio.sleep(min(left, _NAP))
        if host in pace.stopped or not self._crawler.crawling:
            raise HostStoppedError(pace.stopped.get(host, "the crawl is being stopped"))

    def process_response(self, request: Request, response: Response) -> Response:
        """The host has answered."""
        self.crawl.pace.answered(host_of(request))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """So it has, in a way, where the connection broke."""
        if not isinstance(exception, IgnoreRequest):
            self.crawl.pace.answered(host_of(request))


class CopyMiddleware(_Middleware):
    """Takes down each answer as it was sent, before it is unpacked, and sets the limit for unpacking it."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Leave the exchange in the request's `meta`."""
        request.meta["exchange"] = Exchange(
            request.url, (("Host", urlsplit(request.url).netloc), *_pairs(request.headers)), response.status, _pairs(response.headers),
            response.body, response.protocol or "HTTP/1.1", str(response.ip_address) if response.ip_address else None,
        )  # fmt: skip
        request.meta["download_maxsize"] = self.crawl.settings.max_unpacked_bytes
        return response


def _pairs(headers: object) -> Headers:
    values = cast("dict[bytes, list[bytes]]", headers)
    pairs = ((name, value) for name in values for value in headers.getlist(name))  # type: ignore[attr-defined]
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs)

"""What is done with each answer, and with requests that got none. Knows nothing of Scrapy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from baogao.scrape.crawl import Crawl
from baogao.scrape.frontier import Found, Target
from baogao.scrape.links import Link, links_of, off_site
from baogao.scrape.pages import FetchedPage, normal_url
from baogao.scrape.profile import Site
from baogao.scrape.refusal import refusal_by_redirect, refusal_of
from baogao.scrape.retry_after import PASSING, waiting_time
from baogao.scrape.warc_writer import Exchange

NO_ANSWER = "no answer: "
"""How reasons begin that may pass: a later run asks such pages again."""
_MOST_REDIRECTS = 10
_MOST_VAIN = 5
"""Pages in a row without an answer after which a host counts as out of reach."""
_THROTTLING = (429, 503)


@dataclass(frozen=True, slots=True)
class Answers:
    """Deals with answers: keeps them, puts down what they lead to, and decides whether their host is asked further."""

    crawl: Crawl

    def received(self, target: Target, exchange: Exchange, body: bytes) -> None:
        """Deal with an answer; `body` is unpacked."""
        self.crawl.prepare()
        self.crawl.vain_in_a_row[target.host] = 0
        status = exchange.status
        location = _header(exchange, "location")
        if status not in self._site(target).profile.refusal.status:
            self.crawl.refused_in_a_row[target.host] = 0
        with self.crawl.frontier.step():
            if status == 304:
                outcome = self._unchanged(target, exchange)
            elif 300 <= status < 400 and location:
                outcome = self._redirect(target, exchange, location)
            elif status in PASSING:
                outcome = self._busy(target, exchange)
            elif 200 <= status < 300:
                outcome = self._page(target, exchange, body)
            else:
                outcome = self._error(target, exchange)
        self.crawl.finished(target, outcome)

    def skipped(self, target: Target, reason: str) -> None:
        """The page is not to be had, by our own rules."""
        with self.crawl.frontier.step():
            self.crawl.frontier.finish(target, "skipped", reason)
        self.crawl.finished(target, "skipped")

    def postponed(self, target: Target) -> None:
        """The page was not asked after all; it stays to be asked."""
        self.crawl.finished(target, "postponed")

    def unanswered(self, target: Target, error: str) -> None:
        """No whole answer came: try again, or give up."""
        crawl = self.crawl
        crawl.vain_in_a_row[target.host] += 1
        with crawl.frontier.step():
            again = target.attempts < crawl.settings.retries
            if again:
                crawl.frontier.asked_in_vain(target)
                crawl.pace.pause(target.host, waiting_time(None, target.attempts, crawl.settings.backoff))
            else:
                crawl.frontier.finish(target, "failed", NO_ANSWER + error)
        if crawl.vain_in_a_row[target.host] > _MOST_VAIN + crawl.settings.retries:
            crawl.pace.stop(target.host, f"{crawl.vain_in_a_row[target.host]} requests in a row got no answer, the last: {error}")
        crawl.finished(target, "retried" if again else "failed")

    def _site(self, target: Target) -> Site:
        return self.crawl.sites[target.site]

    def _unchanged(self, target: Target, exchange: Exchange) -> str:
        self.crawl.keep(exchange, target.kind, target.site, target)
        self.crawl.frontier.finish(target, "done")
        return "unchanged"

    def _redirect(self, target: Target, exchange: Exchange, location: str) -> str:
        crawl, site = self.crawl, self._site(target)
        url = normal_url(urljoin(target.url, location))
        sign = refusal_by_redirect(url or location, site.profile.refusal)
        crawl.keep(exchange, "refusal" if sign else target.kind, target.site, target)
        if sign:
            crawl.pace.stop(target.host, sign)
            return "refused"
        problem = self._problem_with_redirect(url, target, site)
        if problem or url is None:
            crawl.frontier.finish(target, "skipped", problem)
            return "skipped"
        article = url if target.article == target.url else target.article
        found = Found(url, target.kind, target.depth, target.barren, target.part, article, target.redirects + 1, target.url)
        crawl.frontier.add(target.site, [found])
        crawl.frontier.finish(target, "redirected", url)
        return "redirected"

    def _problem_with_redirect(self, url: str | None, target: Target, site: Site) -> str | None:
        if url is None:
            return "redirects to no http address"
        if target.redirects >= _MOST_REDIRECTS:
            return "redirects too often"
        objection = self.crawl.guard.objection(url)
        if objection:
            return f"redirects to a forbidden address ({objection})"
        return "redirects off the site" if off_site(url, site) else None

    def _busy(self, target: Target, exchange: Exchange) -> str:
        """The server is in trouble, or has enough: wait as long as it says, ask again, and leave it alone if that does not help."""
        crawl = self.crawl
        again = target.attempts < crawl.settings.retries
        crawl.keep(exchange, "retried" if again or exchange.status not in _THROTTLING else "refusal", target.site, target)
        wait = waiting_time(_header(exchange, "retry-after"), target.attempts, crawl.settings.backoff)
        if again and wait > crawl.settings.max_retry_after:
            crawl.pace.stop(target.host, f"it asks to wait {wait:,.0f} seconds (status {exchange.status})")
            return "refused"
        if again:
            crawl.frontier.asked_in_vain(target)
            crawl.pace.pause(target.host, wait)
            return "retried"
        if exchange.status in _THROTTLING:
            crawl.pace.stop(target.host, f"still status {exchange.status} after {target.attempts + 1} requests")
            return "refused"
        crawl.frontier.finish(target, "failed", f"{NO_ANSWER}status {exchange.status}")
        return "failed"

    def _error(self, target: Target, exchange: Exchange) -> str:
        crawl, refusal = self.crawl, self._site(target).profile.refusal
        crawl.keep(exchange, target.kind, target.site, target)
        crawl.frontier.finish(target, "failed", f"status {exchange.status}")
        if exchange.status in refusal.status:
            crawl.refused_in_a_row[target.host] += 1
            if crawl.refused_in_a_row[target.host] >= refusal.in_a_row:
                crawl.pace.stop(target.host, f"{refusal.in_a_row} pages in a row were refused, the last with status {exchange.status}")
        return "failed"

    def _page(self, target: Target, exchange: Exchange, body: bytes) -> str:
        crawl, profile = self.crawl, self._site(target).profile
        page = FetchedPage(target.url, body, _header(exchange, "content-type") or "", profile.encoding)
        sign = refusal_of(page, profile.refusal)
        if sign:
            crawl.keep(exchange, "refusal", target.site, target)
            crawl.pace.stop(target.host, sign)
            return "refused"
        found = list(self._found(target, links_of(page, target.kind, profile)))
        crawl.keep(exchange, target.kind, target.site, target, self._metadata(target, page) if target.kind == "report" else {})
        crawl.frontier.add(target.site, found)
        crawl.frontier.validators(target, _header(exchange, "etag"), _header(exchange, "last-modified"))
        crawl.frontier.finish(target, "done")
        crawl.kept_page(target.site)
        return target.kind

    def _metadata(self, target: Target, page: FetchedPage) -> dict[str, str]:
        profile = self._site(target).profile
        values = {name: value for name, field in profile.metadata.items() if (value := page.value(field))}
        if target.part > 1:
            values |= {"article": target.article, "part": str(target.part)}
        return values | ({"encoding": profile.encoding} if profile.encoding else {})

    def _found(self, target: Target, links: list[Link]) -> Iterator[Found]:
        """What a page leads to, with a reason to skip where there is one."""
        new = any(link.kind == "report" and not link.paging and not self.crawl.frontier.knows(link.url) for link in links)
        for link in links:
            if link.kind == "report" and link.paging:
                found = Found(link.url, "report", target.depth, 0, target.part + 1, target.article, via=target.url)
            elif link.kind == "report":
                found = Found(link.url, "report", target.depth + 1, via=target.url)
            else:
                found = Found(link.url, "list", target.depth + 1, 0 if new else target.barren + 1, via=target.url)
            yield Found(
                found.url, found.kind, found.depth, found.barren, found.part, found.article, via=found.via,
                skip=self._reason_to_skip(found, self._site(target)),
            )  # fmt: skip

    def _reason_to_skip(self, found: Found, site: Site) -> str | None:
        limits = site.profile.limits
        if off_site(found.url, site):
            return "off the site"
        objection = self.crawl.guard.objection(found.url)
        if objection:
            return f"forbidden address: {objection}"
        if found.part > limits.parts:
            return f"the article has more than {limits.parts} pages (limits.parts)"
        if found.kind == "list" and found.depth > limits.depth:
            return f"more than {limits.depth} links from the start (limits.depth)"
        if found.kind == "list" and found.barren >= limits.barren:
            return f"behind {limits.barren} list pages without a new report (limits.barren)"
        return None


def _header(exchange: Exchange, name: str) -> str | None:
    return next((value for key, value in exchange.headers if key.lower() == name), None)

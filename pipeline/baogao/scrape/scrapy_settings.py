"""Scrapy's settings for a crawl."""

from __future__ import annotations

from typing import Any

from baogao.scrape.crawl import Crawl, user_agent
from baogao.scrape.middleware import CopyMiddleware, PaceMiddleware, RobotsMiddleware
from baogao.scrape.resolver import resolver_with
from baogao.scrape.scheduler import FrontierScheduler

_OURS: dict[Any, int | None] = {
    RobotsMiddleware: 100,
    PaceMiddleware: 200,
    CopyMiddleware: 595,  # between the network and HttpCompressionMiddleware (590)
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
}
"""Redirects and retries go through the frontier, so that they outlive a kill; logins, cookies and proxies are not wanted."""
_EXTENSIONS = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
_HEADERS = {"Accept": "text/html,application/xhtml+xml,text/plain,application/pdf,*/*;q=0.5", "Accept-Language": "zh-CN,zh;q=0.9"}


def scrapy_settings(crawl: Crawl) -> dict[str, Any]:
    """One request at a time a host, AutoThrottle above the least delay, no request but those of the frontier."""
    wanted = crawl.settings
    return {
        "USER_AGENT": user_agent(wanted.contact),
        "DEFAULT_REQUEST_HEADERS": _HEADERS,
        "SCHEDULER": FrontierScheduler,
        "DOWNLOADER_MIDDLEWARES": _OURS,
        "EXTENSIONS": _EXTENSIONS,
        "TWISTED_DNS_RESOLVER": resolver_with(crawl.guard),
        "DOWNLOAD_HANDLERS": {"file": None, "data": None, "ftp": None, "s3": None},
        "CONCURRENT_REQUESTS": wanted.hosts,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": wanted.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": wanted.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(wanted.max_delay, wanted.delay),
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
        "DOWNLOAD_TIMEOUT": wanted.timeout,
        "DOWNLOAD_MAXSIZE": wanted.max_body_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "ROBOTSTXT_OBEY": True,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "DEPTH_STATS_VERBOSE": False,
    }

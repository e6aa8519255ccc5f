"""A run of `baogao scrape`: opens the archive, lets Scrapy crawl, closes the archive and says what came of it."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from baogao.errors import BaogaoError
from baogao.scrape.answers import NO_ANSWER
from baogao.scrape.crawl import Crawl, Listener, user_agent
from baogao.scrape.frontier import Frontier
from baogao.scrape.guard import Guard
from baogao.scrape.index import write_index
from baogao.scrape.pace import Pace
from baogao.scrape.settings import ScrapeSettings
from baogao.scrape.summary import Summary, write_summary
from baogao.scrape.task import Task, check_task
from baogao.scrape.warc_writer import WarcWriter, cut_off_incomplete, warc_info

_WORK = ".baogao"


def scrape(task: Task, folder: Path, settings: ScrapeSettings, listener: Listener) -> Summary:
    """Collect into `folder`, going on where an earlier run stopped. Raises BaogaoError for what the user can mend."""
    check_task(task, settings)
    work = folder / _WORK
    work.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(work / "lock", timeout=0), closing(Frontier(work / "scrape.sqlite")) as frontier:
            cut_off_incomplete(folder, frontier)
            fill(frontier, task)
            guard = Guard(task.allow_private, task.elsewhere)
            agent = user_agent(settings.contact)
            writer = WarcWriter(folder, frontier, limit=settings.warc_bytes, info=warc_info(agent))
            crawl = Crawl(folder, {site.name: site for site in task.sites}, settings, frontier, writer, guard, Pace(), listener)
            write_summary(crawl)
            stopped = _run_scrapy(crawl) if crawl.has_more() else False
            write_index(folder, frontier)
            summary = write_summary(crawl, stopped=stopped)
    except Timeout as error:
        raise BaogaoError(f"Another run is collecting into {folder}; wait for it, or give another folder.") from error
    if crawl.error is not None:
        raise BaogaoError(f"The crawl had to stop: {crawl.error}. Run the same command again to go on.") from crawl.error
    return summary


def fill(frontier: Frontier, task: Task) -> None:
    """Put down where to begin, and what is to be asked again: what failed for a time, and with `update` everything, once a round."""
    frontier.retry_failed(NO_ANSWER)
    for site in task.sites:
        with frontier.step():
            frontier.add(site.name, task.beginnings(site))
    for site in task.sites:
        digest = site.digest()
        if task.update and not frontier.unfinished(site.name):
            if frontier.note(f"profile {site.name}", digest) != digest:
                frontier.forget_versions(site.name)
            frontier.ask_again([site.name])
        elif frontier.note(f"profile {site.name}") is None:
            frontier.note(f"profile {site.name}", digest)


def _run_scrapy(crawl: Crawl) -> bool:
    """Let Scrapy work through the frontier; returns whether it was stopped from the keyboard."""
    from scrapy.crawler import CrawlerProcess

    from baogao.scrape.scrapy_settings import scrapy_settings
    from baogao.scrape.spider import ReportSpider

    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
    logging.getLogger("twisted").setLevel(logging.CRITICAL)
    process = CrawlerProcess(scrapy_settings(crawl))
    crawler = process.create_crawler(ReportSpider)
    reasons: list[str] = []

    def note_reason(spider: Any, reason: str) -> None:
        reasons.append(reason)

    from scrapy import signals

    crawler.signals.connect(note_reason, signal=signals.spider_closed)
    process.crawl(crawler, crawl=crawl)
    process.start()
    return reasons == ["shutdown"]

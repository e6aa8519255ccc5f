"""What a run would do, told without asking anybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from baogao.scrape.crawl import user_agent
from baogao.scrape.profile import LinkRule, Site
from baogao.scrape.settings import ScrapeSettings
from baogao.scrape.task import Task

_SHOWN = 10


def describe(task: Task, folder: Path, settings: ScrapeSettings) -> Iterator[str]:
    """Lines on the task: whom it would ask, from where on, what it would follow, and within which limits."""
    yield f"As {user_agent(settings.contact)}, into {folder}" + (
        " (which holds a crawl already)" if (folder / "scrape.json").exists() else ""
    )
    for site in task.sites:
        yield from _site(task, site, settings)


def _site(task: Task, site: Site, settings: ScrapeSettings) -> Iterator[str]:
    profile, beginnings = site.profile, task.beginnings(site)
    limits = profile.limits
    yield f"{site.name}: " + ("any host" if site.anywhere else ", ".join(profile.domains))
    yield f"  first of all robots.txt of each host; then {len(beginnings)} pages to begin with:"
    yield from (f"    {found.kind} {found.url}" for found in beginnings[:_SHOWN])
    if len(beginnings) > _SHOWN:
        yield f"    and {len(beginnings) - _SHOWN} more"
    rules = {"lists": profile.lists, "next list page": profile.next_list, "reports": profile.reports, "next page": profile.next_page}
    yield from (f"  {name}: {_rule(rule)}" for name, rule in rules.items() if rule.given)
    most = f"at most {limits.pages:,} pages, {limits.bytes:,} bytes, {limits.seconds:,g} seconds"
    yield f"  {most}; one request every {max(settings.delay, profile.delay):g} seconds or less often"


def _rule(rule: LinkRule) -> str:
    parts = [*(f"in {selector}" for selector in rule.selectors), *(f"address {pattern}" for pattern in rule.patterns)]
    return "; ".join([*parts, *([f"text {rule.text}"] if rule.text else [])])

"""What a crawl would make of a page: as what it would take it, what it would keep of it and where it would go on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from baogao.scrape.links import Kind, links_of, off_site
from baogao.scrape.pages import FetchedPage, normal_url
from baogao.scrape.profile import Site
from baogao.scrape.refusal import refusal_of


def kind_of(page: FetchedPage, site: Site) -> Kind:
    """As what a crawl would ask for a page: by its address, else a report if it has a report's values, else a list if it names reports."""
    profile = site.profile
    if page.url in {normal_url(url) for url in site.start_urls()} or _matches(
        page.url, profile.lists.patterns + profile.next_list.patterns
    ):
        return "list"
    if _matches(page.url, profile.reports.patterns + profile.next_page.patterns):
        return "report"
    if any(page.value(field) for field in profile.metadata.values()):
        return "report"
    return "list" if page.links(profile.reports) else "report"


def _matches(url: str, patterns: tuple[str, ...]) -> bool:
    return any(re.search(pattern, url) for pattern in patterns)


def tell(page: FetchedPage, site: Site) -> Iterator[str]:
    """Lines on a page: its kind and address, the values taken from it, and each link that is followed or left, with the reason."""
    sign = refusal_of(page, site.profile.refusal)
    if sign:
        yield f"refusal {page.url}: {sign}"
        return
    kind = kind_of(page, site)
    yield f"{kind} {page.url}"
    if kind == "report":
        yield from (f"    {name}: {page.value(field) or '(not found)'}" for name, field in site.profile.metadata.items())
    for link in links_of(page, kind, site.profile):
        what = "next page" if link.paging else link.kind
        yield f"    {what} {link.url}" + (" (off the site, not asked)" if off_site(link.url, site) else "")

"""Which links of a page are followed, and as what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from baogao.scrape.pages import FetchedPage
from baogao.scrape.profile import Profile, Site

Kind = Literal["list", "report"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link that a rule of the profile fits. `paging` leads to the next page of the same list or article."""

    url: str
    kind: Kind
    paging: bool = False


def links_of(page: FetchedPage, kind: Kind, profile: Profile) -> list[Link]:
    """What a page of that kind leads to, each address once; a link to a report is never followed as one to a list.

    From a report page only the article's own next page is followed.
    """
    found: dict[str, Link] = {}
    for link in _candidates(page, kind, profile):
        if link.url != page.url and not any(re.search(pattern, link.url) for pattern in profile.exclude):
            found.setdefault(link.url, link)
    return list(found.values())


def _candidates(page: FetchedPage, kind: Kind, profile: Profile) -> Iterator[Link]:
    if kind == "report":
        yield from (Link(url, "report", paging=True) for url in page.links(profile.next_page))
        return
    yield from (Link(url, "report") for url in page.links(profile.reports))
    yield from (Link(url, "list", paging=True) for url in page.links(profile.next_list))
    yield from (Link(url, "list") for url in page.links(profile.lists))


def off_site(url: str, site: Site) -> bool:
    """Whether an address lies outside the domains of the profile."""
    return not site.allows(urlsplit(url).hostname or "")

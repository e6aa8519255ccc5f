"""What a run is asked to collect."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from baogao.errors import BaogaoError
from baogao.scrape.frontier import Found
from baogao.scrape.guard import Address
from baogao.scrape.links import off_site
from baogao.scrape.pages import normal_url
from baogao.scrape.profile import Site, plain_list, read_site
from baogao.scrape.settings import ScrapeSettings


@dataclass(frozen=True, slots=True)
class Task:
    """Sites, and for each the addresses of a list that are fetched as reports; `elsewhere` see guard.Guard."""

    sites: Sequence[Site]
    reports: dict[str, list[str]] = field(default_factory=dict)
    update: bool = False
    allow_private: bool = False
    elsewhere: dict[tuple[str, int], Address] = field(default_factory=dict)

    def beginnings(self, site: Site) -> list[Found]:
        """Where the crawl of a site begins. Raises BaogaoError for an address that cannot be asked."""
        lists = [Found(_normal(url), "list") for url in site.start_urls()]
        return [*lists, *(Found(_normal(url), "report") for url in self.reports.get(site.name, []))]


def _normal(url: str) -> str:
    normal = normal_url(url)
    if normal is None:
        raise BaogaoError(f"{url[:200]!r} is no http or https address that can be asked; correct it or leave it out.")
    return normal


def read_task(profiles: Sequence[str], urls: Path | None, *, update: bool, allow_private: bool, resolve: Iterable[str]) -> Task:
    """The task that the command line states. Raises BaogaoError, in one sentence, for what is wrong with it."""
    if not profiles and urls is None:
        raise BaogaoError("Name at least one site profile, or give a list of addresses with --urls.")
    sites = [read_site(name) for name in profiles]
    names = [site.name for site in sites]
    if len(set(names)) < len(names):
        raise BaogaoError("Two site profiles have the same name; name each file after its site.")
    listed: dict[str, list[str]] = {}
    if urls is not None:
        rest = plain_list()
        for url in _read_list(urls):
            site = next((site for site in sites if not off_site(url, site)), rest)
            listed.setdefault(site.name, []).append(url)
        sites += [rest] if rest.name in listed else []
    return Task(sites, listed, update, allow_private, dict(map(_elsewhere, resolve)))


def _read_list(path: Path) -> list[str]:
    """Addresses, one a line; empty lines and lines that begin with # are left out."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeError) as error:
        raise BaogaoError(f"The list {path} cannot be read ({error}); it must be a text file in UTF-8 with an address a line.") from error
    found = [_normal(line) for line in lines if line and not line.startswith("#")]
    if not found:
        raise BaogaoError(f"The list {path} holds no address.")
    return found


def _elsewhere(text: str) -> tuple[tuple[str, int], Address]:
    try:
        asked, _, given = text.partition("=")
        host, _, port = asked.rpartition(":")
        address, _, number = given.rpartition(":")
        return (host.lower(), int(port)), (str(ipaddress.ip_address(address.strip("[]"))), int(number))
    except ValueError as error:
        raise BaogaoError(f"--resolve {text} is not valid; write it as www.site.example:80=127.0.0.1:8080.") from error


def check_task(task: Task, settings: ScrapeSettings) -> None:
    """Raise BaogaoError, in one sentence, for what must be mended before anybody is asked."""
    if not any(sign in settings.contact for sign in ("@", "://")):
        raise BaogaoError(
            "Fill in scrape.contact in a settings file, or give --contact: an e-mail address or a web page by which the owner of a site "
            "can reach you."
        )
    if not (settings.contact.isprintable() and settings.contact.isascii()):
        raise BaogaoError("scrape.contact must be one line of ASCII, since it is sent with every request.")
    for site in task.sites:
        beginnings = task.beginnings(site)
        if not beginnings:
            raise BaogaoError(f"The profile {site.name} has no start addresses; give it some under scrape.start.")
        for found in beginnings:
            if off_site(found.url, site):
                raise BaogaoError(f"{found.url} lies outside the domains of the profile {site.name}: {', '.join(site.profile.domains)}.")

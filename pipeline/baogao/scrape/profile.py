"""Profiles: how a site's reports are found. A profile is the part `scrape` of a file in configs/sites/."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import yaml
from parsel import csstranslator
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from baogao.errors import BaogaoError
from baogao.resources import resource


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression ({error})") from error
    return text


def _selector(text: str) -> str:
    try:
        csstranslator.css2xpath(text)
    except Exception as error:  # cssselect's errors share no base with ValueError
        raise ValueError(f"{text!r} is no CSS selector ({error})") from error
    return text


def _web_address(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ValueError(f"{url!r} is no http or https address")
    return url


Pattern = Annotated[str, AfterValidator(_pattern)]
Selector = Annotated[str, AfterValidator(_selector)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LinkRule(_Part):
    """Which links of a page are meant: those that fit in every way that is given."""

    selectors: tuple[Selector, ...] = Field((), description="CSS selectors of links, or of elements that hold them.")
    patterns: tuple[Pattern, ...] = Field((), description="Regular expressions, searched in the address.")
    text: Pattern | None = Field(None, description="Regular expression, searched in the link's text: ^下一页$.")

    @property
    def given(self) -> bool:
        """Whether the rule can fit at all."""
        return bool(self.selectors or self.patterns or self.text)


class StartPages(_Part):
    """List pages that are numbered: `{page}` in the address stands for first to last."""

    url: WebAddress
    first: int = Field(1, ge=0)
    last: int = Field(1, ge=0)

    def urls(self) -> list[str]:
        """The addresses, in order."""
        return [self.url.replace("{page}", str(number)) for number in range(self.first, self.last + 1)]


class Limits(_Part):
    """Where a crawl of the site ends; a later run with a higher limit goes on from there."""

    pages: int = Field(10_000, ge=1, description="Most pages kept, lists included.")
    bytes: int = Field(10_000_000_000, ge=1, description="Most bytes received.")
    seconds: float = Field(86_400.0, gt=0, description="Longest time of one run.")
    depth: int = Field(50, ge=0, description="Most links from a start page to a list page, and from page to page of a list.")
    parts: int = Field(30, ge=1, description="Most pages of one article.")
    barren: int = Field(5, ge=1, description="List pages in a row that name no new report, after which that way is left (calendar traps).")


class FieldSelector(_Part):
    """Where a page names a value: the first element with such text; of it, what the pattern's first group or the pattern fits."""

    selector: Selector
    pattern: Pattern | None = None


class Refusal(_Part):
    """Signs that the site says no: the host is left alone at once."""

    status: tuple[int, ...] = Field((403, 407, 451), description="Status codes that are one, after `in_a_row` of them.")
    in_a_row: int = Field(3, ge=1, description="How many pages in a row have to be refused by status.")
    texts: tuple[str, ...] = Field((), description="Words of the page that are one wherever they stand: 请输入验证码.")
    selectors: tuple[Selector, ...] = Field((), description="Elements that are one: form#captcha.")
    urls: tuple[Pattern, ...] = Field(
        (r"/(login|signin|captcha|verify)\b",), description="Addresses that are one when the site redirects to them."
    )


class Profile(_Part):
    """How to collect the reports of one site."""

    start: tuple[WebAddress | StartPages, ...] = Field((), description="Addresses of list or search pages to begin with.")
    domains: tuple[str, ...] = Field((), description="Hosts that may be asked, with their subdomains; by default those of `site`.")
    lists: LinkRule = Field(LinkRule(), description="Links to list pages.")
    reports: LinkRule = Field(LinkRule(), description="Links to report pages.")
    next_list: LinkRule = Field(LinkRule(), description="On a list page, the link to the list's next page.")
    next_page: LinkRule = Field(LinkRule(), description="On a report page, the link to the article's next page.")
    exclude: tuple[Pattern, ...] = Field((), description="Addresses that are never asked.")
    limits: Limits = Limits()
    delay: float = Field(0.0, ge=0, description="Least seconds between two requests, where it is more than the setting scrape.delay.")
    encoding: str | None = Field(None, description="Encoding of the pages, where what they declare is wrong: gb18030.")
    metadata: dict[str, FieldSelector] = Field({}, description="Values to take down with a report: title, date, category …")
    refusal: Refusal = Refusal()

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, content: Any) -> Any:
        """A field of `metadata` may be a selector alone."""
        if isinstance(content, dict) and isinstance(content.get("metadata"), dict):
            fields = {key: {"selector": value} if isinstance(value, str) else value for key, value in content["metadata"].items()}
            return {**content, "metadata": fields}
        return content

    @model_validator(mode="after")
    def _known_encoding(self) -> Profile:
        if self.encoding is not None:
            try:
                "".encode(self.encoding)
            except LookupError as error:
                raise ValueError(f"there is no encoding {self.encoding}") from error
        return self


@dataclass(frozen=True, slots=True)
class Site:
    """A profile with its name; `anywhere` where no domain is given, as for a plain list of addresses."""

    name: str
    profile: Profile
    anywhere: bool = False

    def start_urls(self) -> list[str]:
        """The addresses to begin with, each once, in the order of the profile."""
        urls = (page.urls() if isinstance(page, StartPages) else [page] for page in self.profile.start)
        return list(dict.fromkeys(url for several in urls for url in several))

    def allows(self, host: str) -> bool:
        """Whether a host may be asked."""
        return self.anywhere or any(host == name or host.endswith("." + name) for name in self.profile.domains)

    def digest(self) -> str:
        """Changes whenever the profile does."""
        return hashlib.sha256(self.profile.model_dump_json().encode()).hexdigest()[:16]


def find_profile(name: str) -> Path:
    """The file of a profile: a path, or the name of one in configs/sites/. Raises BaogaoError for one that is not there."""
    known = resource("configs", "sites")
    for path in (Path(name), known / f"{name}.yaml"):
        if path.is_file():
            return path
    names = ", ".join(sorted(path.stem for path in known.glob("*.yaml")))
    raise BaogaoError(f"There is no site profile {name}; give a file, or one of {names}.")


def _content(path: Path) -> Any:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return {**content, "site": [content["site"]] if isinstance(content["site"], str) else list(content["site"])}
    except (OSError, UnicodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise BaogaoError(f"The site profile {path} is not valid ({' '.join(str(error).split())[:150]}).") from error


def has_profile(path: Path) -> bool:
    """Whether a file says how to collect its site. Raises BaogaoError for a file that is not valid."""
    return _content(path).get("scrape") is not None


def read_site(name: str) -> Site:
    """The site that a profile file describes. Raises BaogaoError, in one sentence, for a file that is not valid or has no profile."""
    path = find_profile(name)
    content = _content(path)
    described = content.get("scrape")
    if described is None:
        raise BaogaoError(f"{path} has no part `scrape`, so baogao does not know what to collect; docs/scraping.md shows one.")
    try:
        profile = Profile.model_validate(described)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, ("scrape", *first["loc"])))
        raise BaogaoError(f"{path}: {place} is not valid: {first['msg']}.") from error
    return Site(path.stem, profile if profile.domains else profile.model_copy(update={"domains": tuple(map(str, content["site"]))}))


def plain_list() -> Site:
    """The site that stands for a plain list of addresses: any host, no links followed."""
    return Site("urls", Profile(), anywhere=True)

"""A fetched page, decoded and parsed: links, text and values are taken from it by selectors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin, urlsplit, urlunsplit

from parsel import Selector
from resiliparse.parse.encoding import detect_encoding
from w3lib.encoding import html_to_unicode
from w3lib.html import get_base_url
from w3lib.url import safe_url_string

from baogao.scrape.profile import FieldSelector, LinkRule

_MARKUP = ("html", "xml", "text/plain")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_URL = 2000
_MOST_ELEMENTS = 50
"""Elements that are looked at for a value."""


@dataclass(frozen=True)
class FetchedPage:
    """A page's address, its body unpacked, its Content-Type, and the encoding that a profile sets."""

    url: str
    body: bytes
    content_type: str = ""
    encoding: str | None = None

    @property
    def host(self) -> str:
        """The host of its address."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""

    @property
    def is_markup(self) -> bool:
        """Whether links and values can be looked for."""
        return not self.content_type or any(kind in self.content_type.lower() for kind in _MARKUP)

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        """Encoding and text.

        What is valid UTF-8 is that, whatever it declares, as pages that were converted and kept their old declaration; a page that
        declares nothing is decoded as what its bytes look like (GBK without a charset).
        """
        if self.encoding:
            return self.encoding, self.body.decode(self.encoding, "replace")
        try:
            return "utf-8", self.body.decode("utf-8")
        except UnicodeDecodeError:
            return html_to_unicode(self.content_type or None, self.body, auto_detect_fun=lambda data: detect_encoding(data) or "gb18030")

    @cached_property
    def tree(self) -> Selector:
        """The parsed page."""
        return Selector(text=self._decoded[1] or " ", type="html")

    @cached_property
    def text(self) -> str:
        """What a reader sees, white space folded."""
        pieces = self.tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]").getall()
        return " ".join("".join(pieces).split())

    def links(self, rule: LinkRule) -> list[str]:
        """Addresses that a rule fits, each once, in the order of the page."""
        if not rule.given or not self.is_markup:
            return []
        within = [element for selector in rule.selectors for element in self.tree.css(selector)] if rule.selectors else [self.tree]
        found: dict[str, None] = {}
        for element in within:
            for anchor in element.xpath("descendant-or-self::*[(self::a or self::area) and @href]"):
                url = self._address(anchor.attrib["href"])
                if url and _fits(rule, url, "".join(anchor.xpath(".//text()").getall())):
                    found[url] = None
        return list(found)

    @cached_property
    def _base(self) -> str:
        return get_base_url(self._decoded[1], self.url)

    def _address(self, href: str) -> str | None:
        try:
            return normal_url(urljoin(self._base, href.strip()), self._decoded[0])
        except ValueError:
            return None

    def value(self, field: FieldSelector) -> str | None:
        """The value of a field, white space folded; None where the page does not name it."""
        for element in self.tree.css(field.selector)[:_MOST_ELEMENTS] if self.is_markup else []:
            text = element.get() if "::" in field.selector else "".join(element.xpath(".//text()").getall())
            value = " ".join((text or "").split())
            if field.pattern:
                match = re.search(field.pattern, value)
                value = (match[match.re.groups and 1] or "") if match else ""
            if value:
                return value
        return None

    def has(self, selector: str) -> bool:
        """Whether an element is there."""
        return self.is_markup and bool(self.tree.css(selector))


def _fits(rule: LinkRule, url: str, text: str) -> bool:
    if rule.patterns and not any(re.search(pattern, url) for pattern in rule.patterns):
        return False
    return rule.text is None or re.search(rule.text, " ".join(text.split())) is not None


def normal_url(url: str, encoding: str = "utf-8") -> str | None:
    """An address in the one form that it is compared and asked in, None for one that is not http(s) or cannot be asked.

    Scheme and host in small letters, no default port, no user, no fragment, what is not ASCII escaped (a query in the encoding of
    the page that names it, as browsers do).

    >>> normal_url("HTTP://Www.Fanwen.example:80/a b?c=总结#top")
    'http://www.fanwen.example/a%20b?c=%E6%80%BB%E7%BB%93'
    """
    if len(url) > _LONGEST_URL or not url.lower().startswith(("http://", "https://")):
        return None
    try:
        parts = urlsplit(safe_url_string(url, encoding))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except (ValueError, LookupError, UnicodeError):
        return None
    if not host:
        return None
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[parts.scheme.lower()]:
        place += f":{port}"
    return urlunsplit((parts.scheme.lower(), place, parts.path or "/", parts.query, ""))

"""HTML to raw text: the text of the document in order, a line for each block element.

lexbor parses the page by the HTML standard and writes the tree out again as balanced markup; one regular expression then runs over
that. Visiting the nodes one by one from Python gives the same and takes several times as long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from baogao.read.page import RawBlock, RawText


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


BLOCK_TAGS = _tags(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr legend li main menu nav ol option p pre section select summary table tbody tfoot thead tr ul"
)
SKIPPED_TAGS = _tags(
    "script style noscript template head iframe object svg canvas audio video textarea noembed noframes xmp plaintext math"
)
_VOID_TAGS = _tags("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")
_CELLS = _tags("td th")
_BREAKS = BLOCK_TAGS | {"br"}
_CHANGES = BLOCK_TAGS | {"a"}
_TOKEN = re.compile(r'<(/?)([a-zA-Z][^\s/>]*)([^>"]*(?:"[^"]*"[^>"]*)*)>|<!--.*?-->|<[!?][^>]*>', re.DOTALL)
_NAME = re.compile(r'\s(?:class|id)="([^" ]+)')
_HIDDEN = re.compile(r'\sstyle="[^"]*?(?:display:\s*none|font-size:\s*0(?:px|pt|em)?\s*[;"])', re.IGNORECASE)
_KEEPS_LINES = re.compile(r'\sstyle="[^"]*?white-space:\s*pre', re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\v\u200b\ufeff]{2,}|[\t\r\n\f\v\u200b\ufeff]")
"""White space that is not a single space already."""
_DIGITS = re.compile(r"\d+")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_PUBLISHED = re.compile(r"(?:pub(?:lish)?_?date|published_time|publishdate|dc\.date)", re.IGNORECASE)
_DATE = re.compile(r"((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
MAX_DEPTH = 100
"""Block elements nested deeper than this are read as if they stood at this depth."""
MAX_ATTRIBUTES = 1000
"""An element with so many attributes is read without them: the parser compares each with every other."""
_QUOTED = """"[^"]*+"|'[^']*+'"""
_CROWDED = re.compile(rf"""(<[a-zA-Z][^\s<>/]*+)(?:[\s/]++(?:[^\s<>"'/]++|{_QUOTED})++){{{MAX_ATTRIBUTES}}}(?:[^<>"']++|{_QUOTED})*+>?""")


@dataclass(slots=True)
class _Lines:
    """Collects text run by run and closes a block wherever a block element begins or ends."""

    pieces: list[str] = field(default_factory=list)
    blocks: list[RawBlock] = field(default_factory=list)
    length: int = 0
    line: list[str] = field(default_factory=list)
    linked: int = 0
    path: str = ""

    def write(self, text: str, path: str, linked: bool) -> None:
        """Add a run of text; white space collapses as in a browser."""
        text = _SPACE.sub(" ", text)
        if not self.line:
            text = text.lstrip(" ")
            self.path = path
        elif self.line[-1].endswith((" ", "\t")):
            text = text.lstrip(" ")
        if text:
            self.line.append(text)
            self.linked += len(text) if linked else 0

    def write_lines(self, text: str, path: str, linked: bool) -> None:
        """Add text whose line breaks count."""
        first, *others = text.split("\n")
        self.write(first, path, linked)
        for line in others:
            self.close()
            self.write(line, path, linked)

    def separate(self) -> None:
        """A cell of a table begins."""
        if self.line:
            self.line.append("\t")

    def close(self) -> None:
        """End the line, if there is one."""
        if not self.line:
            return
        text = "".join(self.line).strip()
        if text:
            self.pieces.append(text + "\n")
            end = self.length + len(text)
            self.blocks.append(RawBlock(self.length, end, self.path, min(1.0, self.linked / len(text))))
            self.length = end + 1
        self.line, self.linked = [], 0


class _State(NamedTuple):
    """What holds for text inside the elements that are open."""

    path: str = ""
    depth: int = 0
    linked: bool = False
    hidden: bool = False
    keeps_lines: bool = False


def read_html(markup: str) -> RawText:
    """Raw text and blocks of an HTML document, with its title, address and date of publication where the markup states them."""
    tree = LexborHTMLParser(_CROWDED.sub(r"\1>", markup))
    title = tree.css_first("title")
    metas = {name: content for name, content in map(_meta, tree.css("meta")) if name and content}
    dates = (_DATE.search(content) for name, content in metas.items() if _PUBLISHED.search(name))
    published = next((f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}" for m in dates if m), None)
    name = _SPACE.sub(" ", title.text()).strip() if title is not None else ""
    address = _address(markup, tree, metas)
    tree.strip_tags(sorted(SKIPPED_TAGS), recursive=True)
    lines = _scan(tree.html or "")
    return RawText("".join(lines.pieces), tuple(lines.blocks), name or None, address, published)


def _meta(node: LexborNode) -> tuple[str, str]:
    attributes = node.attributes
    return attributes.get("name") or attributes.get("property") or "", attributes.get("content") or ""


def _address(markup: str, tree: LexborHTMLParser, metas: dict[str, str]) -> str | None:
    saved = _SAVED_FROM.search(markup[:2000])
    canonical = tree.css_first("link[rel=canonical]")
    candidates = (saved.group(1) if saved else None, canonical.attributes.get("href") if canonical else None, metas.get("og:url"))
    return next((url for url in candidates if url and is_web_address(url)), None)


def is_web_address(url: str) -> bool:
    """Whether a string is an http or https URL with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _scan(markup: str) -> _Lines:
    """The lines of balanced markup."""
    lines = _Lines()
    state = _State()
    outer: list[tuple[str, _State]] = []
    tokens = iter((*_TOKEN.split(markup), None, None, None))
    for text, closing, tag, attributes in zip(tokens, tokens, tokens, tokens, strict=True):
        if text and not state.hidden:
            if "&" in text:
                text = unescape(text)
            if state.keeps_lines:
                lines.write_lines(text, state.path, state.linked)
            else:
                lines.write(text, state.path, state.linked)
        if not tag:
            continue
        if tag in _BREAKS:
            lines.close()
        if closing:
            if outer and outer[-1][0] == tag:
                state = outer.pop()[1]
        elif tag not in _VOID_TAGS:
            outer.append((tag, state))
            if attributes or tag in _CHANGES:
                state = _inside(tag, attributes or "", state)
            if tag in _CELLS:
                lines.separate()
    lines.close()
    return lines


def _inside(tag: str, attributes: str, around: _State) -> _State:
    """What holds inside an element. Inline elements that a style hides hold what was put in against copying."""
    path, depth, linked, hidden, keeps_lines = around
    block = tag in BLOCK_TAGS
    if block and depth < MAX_DEPTH:
        name = _NAME.search(attributes) if attributes else None
        path = f"{path}/{tag}.{_DIGITS.sub('', name[1])[:40]}" if name else f"{path}/{tag}"
        depth += 1
    if " style=" in attributes:
        hidden = hidden or (not block and bool(_HIDDEN.search(attributes)))
        keeps_lines = keeps_lines or bool(_KEEPS_LINES.search(attributes))
    return _State(path, depth, linked or tag == "a", hidden, keeps_lines or tag == "pre")

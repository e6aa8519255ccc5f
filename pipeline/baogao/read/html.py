"""HTML to raw text: the text of the document in order, a line for each block element."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from baogao.read.page import RawBlock, RawText

BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hr legend li main menu nav ol option p pre section select summary table tbody tfoot thead tr ul".split()
)
SKIPPED_TAGS = frozenset("script style noscript template head iframe object svg canvas audio video textarea".split())
_SPACE = re.compile(r"[ \t\r\n\f\v\u200b\ufeff]+")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_PUBLISHED = re.compile(r"(?:pub(?:lish)?_?date|published_time|publishdate|dc\.date)", re.IGNORECASE)
_DATE = re.compile(r"((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
MAX_DEPTH = 400
"""Elements nested deeper than this are read as if they stood at this depth."""


@dataclass
class _Writer:
    """Collects text run by run and closes a block wherever a block element begins or ends."""

    pieces: list[str] = field(default_factory=list)
    blocks: list[RawBlock] = field(default_factory=list)
    length: int = 0
    line: list[str] = field(default_factory=list)
    linked: int = 0
    line_path: str = ""

    def write(self, text: str, path: str, linked: bool) -> None:
        text = _SPACE.sub(" ", text)
        if not self.line:
            text = text.lstrip(" ")
            self.line_path = path
        elif self.line[-1].endswith((" ", "\t")):
            text = text.lstrip(" ")
        if text:
            self.line.append(text)
            self.linked += len(text) if linked else 0

    def close(self) -> None:
        text = "".join(self.line).strip()
        if text:
            start = self.length
            self.pieces.append(text + "\n")
            self.length += len(text) + 1
            self.blocks.append(RawBlock(start, start + len(text), self.line_path, min(1.0, self.linked / len(text))))
        self.line, self.linked = [], 0


def read_html(markup: str) -> RawText:
    """Raw text and blocks of an HTML document, with its title, address and date of publication where the markup states them."""
    tree = LexborHTMLParser(markup)
    writer = _Writer()
    if tree.root is not None:
        _walk(tree.root, writer)
    writer.close()
    metas = {name: content for name, content in map(_meta, tree.css("meta")) if name and content}
    dates = (_DATE.search(content) for name, content in metas.items() if _PUBLISHED.search(name))
    published = next((f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}" for m in dates if m), None)
    title = tree.css_first("title")
    return RawText(
        "".join(writer.pieces),
        tuple(writer.blocks),
        _SPACE.sub(" ", title.text()).strip() or None if title is not None else None,
        _address(markup, tree, metas),
        published,
    )


def _meta(node: LexborNode) -> tuple[str, str]:
    attributes = node.attributes
    return attributes.get("name") or attributes.get("property") or "", attributes.get("content") or ""


def _address(markup: str, tree: LexborHTMLParser, metas: dict[str, str]) -> str | None:
    saved = _SAVED_FROM.search(markup[:2000])
    canonical = tree.css_first("link[rel=canonical]")
    candidates = (saved.group(1) if saved else None, canonical.attributes.get("href") if canonical else None, metas.get("og:url"))
    return next((url for url in candidates if url and urlsplit(url).scheme in ("http", "https")), None)


def _walk(root: LexborNode, writer: _Writer) -> None:
    """Visit the tree in document order; an explicit stack, because saved pages nest without end."""
    stack: list[tuple[LexborNode | None, str, bool]] = [(root, "", False)]
    while stack:
        node, path, linked = stack.pop()
        if node is None:
            writer.close()
            continue
        tag = node.tag
        if tag == "-text":
            writer.write(node.text(deep=False) or "", path, linked)
        elif tag == "br":
            writer.close()
        elif tag is not None and not tag.startswith(("-", "_", "!")) and tag not in SKIPPED_TAGS:
            block = tag in BLOCK_TAGS
            if block:
                writer.close()
                stack.append((None, "", False))
            elif tag in ("td", "th") and writer.line:
                writer.line.append("\t")
            if block and path.count("/") < MAX_DEPTH:
                path = _path(path, node, tag)
            inner = linked or tag == "a"
            children = []
            child = node.child
            while child is not None:
                children.append((child, path, inner))
                child = child.next
            stack += reversed(children)


def _path(path: str, node: LexborNode, tag: str) -> str:
    """The path with this element added: its tag, and its class or id, without digits (they number siblings)."""
    attributes = node.attributes
    name = (attributes.get("class") or attributes.get("id") or "").split(" ")[0]
    name = re.sub(r"\d+", "", name)[:40]
    return f"{path}/{tag}.{name}" if name else f"{path}/{tag}"

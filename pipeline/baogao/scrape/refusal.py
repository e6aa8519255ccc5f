"""Signs by which a site says that it does not want to be asked further."""

from __future__ import annotations

import re

from baogao.scrape.pages import FetchedPage
from baogao.scrape.profile import Refusal

USUAL_TEXTS = ("访问频繁", "访问过于频繁", "操作过于频繁", "请求过于频繁", "请完成安全验证", "人机验证", "请输入验证码", "您的访问被拒绝")
"""Words that refuse where they are most of what a page says; in a long page they may stand in a comment form or a report."""
SHORT_PAGE = 400
"""Characters of a page that says little else; by judgement, an interstitial holds a sentence or two and a form."""


def refusal_of(page: FetchedPage, refusal: Refusal) -> str | None:
    """The sign that a page gives, in words; None for a page that gives none."""
    if not page.is_markup:
        return None
    for text in refusal.texts:
        if text in page.text:
            return f"the page says {text}"
    for selector in refusal.selectors:
        if page.has(selector):
            return f"the page holds {selector}"
    if len(page.text) <= SHORT_PAGE:
        for text in USUAL_TEXTS:
            if text in page.text:
                return f"the page says {text}"
    return None


def refusal_by_redirect(url: str, refusal: Refusal) -> str | None:
    """The sign that a redirect gives by where it leads."""
    return f"it redirects to {url}" if any(re.search(pattern, url) for pattern in refusal.urls) else None
